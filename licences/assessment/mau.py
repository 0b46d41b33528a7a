"""Check 1: the monthly active users test (section 2) and its exception (1.b.ii)."""

from __future__ import annotations

import calendar

from licences.assessment.finding import MAU_CHECK, Finding, Status, cite, fact_missing
from licences.assessment.situation import Situation
from licences.facts import Facts
from licences.terms import Terms


def month_name(month: str) -> str:
    """ "June 2024" for "2024-06"."""
    year, number = month.split("-")
    return f"{calendar.month_name[int(number)]} {year}"


def day_name(day: str) -> str:
    """ "15 July 2025" for "2025-07-15"."""
    month, _dash, number = day.rpartition("-")
    return f"{int(number)} {month_name(month)}"


def assess_mau(situation: Situation) -> list[Finding]:
    """One finding: is the entity above the line, or excepted, or granted?"""
    facts, terms = situation.facts, situation.terms
    status, explanation, action = _judge(situation)
    tested = cite(terms.required("mau").clauses)
    month = month_name(terms.mau_month)
    caution = (
        f" {terms.name} defines no release date, so {month} is a reading of its {terms.date_kind} date."
        if terms.mau_month_is_reading
        else ""
    )
    exempted = status == "not_applicable"
    return [
        Finding(
            key="mau",
            check=MAU_CHECK,
            status=status,
            title=f"Monthly active users in {month}",
            explanation=explanation + ("" if exempted else caution),
            clauses=_clauses(terms, exempted),
            reading=terms.mau_month_is_reading and not exempted,
            popular_claim=(
                f"Often said: a licence is needed once a product reaches {terms.mau_threshold:,} users. The text "
                f"tests once, in {month}, counts all products of the group, and asks for more than that number "
                f"{tested}. Later growth is not mentioned; a later version brings a new test."
            ),
            action=action,
            parameters=_parameters(facts, terms),
        )
    ]


def _judge(situation: Situation) -> tuple[Status, str, str]:
    entity, terms = situation.facts.entity, situation.terms
    tested, excepted = cite(terms.required("mau").clauses), cite(terms.required("mau-exception").clauses)
    noted = entity.received_in_end_user_product == "yes"
    if noted and situation.route == "embedded":
        return (
            "not_applicable",
            f"The materials came from a licensee inside an integrated end user product, so the test {tested} "
            f"does not apply {excepted}. Everything else in the agreement does.",
            "Check that the product bought is the one that legal noted the exception for.",
        )
    status, explanation, action = _tested(situation)
    if not noted:
        return status, explanation, action
    if situation.route == "unknown" and status == "prohibited":
        return (
            "unknown",
            f"{explanation} Legal noted the exception for integrated end user products {excepted}; whether this model "
            "came in one is not known.",
            fact_missing(situation.question("model", "route")),
        )
    return (
        status,
        f"{explanation} Legal noted the exception for integrated end user products {excepted}; it reaches materials "
        "that came in one, and the model sheet names another route.",
        action,
    )


def _tested(situation: Situation) -> tuple[Status, str, str]:
    """The test itself, as if there were no exception."""
    entity, terms = situation.facts.entity, situation.terms
    threshold, month = f"{terms.mau_threshold:,}", month_name(terms.mau_month)
    tested, excepted = cite(terms.required("mau").clauses), cite(terms.required("mau-exception").clauses)
    if entity.mau is None:
        hint = (
            f" If the model came inside an integrated end user product, say so: the test would not apply {excepted}."
            if situation.route == "embedded"
            else ""
        )
        return (
            "unknown",
            f"The group's figure for {month} is not known, so whether all rights are withheld is open {tested}.{hint}",
            f"Ask legal for the users of all products of the entity and its affiliates in {month}, with the source.",
        )
    if entity.mau_month != terms.mau_month:
        return (
            "unknown",
            f"The figure given is for {entity.mau_month or 'no stated month'}; this version tests {month} {tested}.",
            f"Ask legal for the figure of {month}, with the source.",
        )
    if entity.mau <= terms.mau_threshold:
        return (
            "satisfied",
            f"{entity.mau:,} is not more than {threshold}, counted over all products and services made available by "
            "or for the entity or its affiliates. The text sets no later test; what acquisitions and new affiliates "
            f"mean is for counsel {tested}.",
            "",
        )
    grant = situation.permission("mau")
    if grant:
        return (
            "satisfied",
            f"{entity.mau:,} is more than {threshold}, and a grant is on file: {grant.reference} {tested}. It reaches "
            "as far as its own words.",
            "Check that the grant covers this entity, this version and this use.",
        )
    return (
        "prohibited",
        f"{entity.mau:,} is more than {threshold}. No right under the agreement may be used, not even in a small "
        f"internal pilot, unless Meta expressly grants it; Meta may refuse {tested}.",
        "Stop use, and request a licence from Meta before anything else.",
    )


def _clauses(terms: Terms, with_exception: bool) -> tuple[str, ...]:
    clauses = terms.required("mau").clauses
    return clauses + terms.required("mau-exception").clauses if with_exception else clauses


def _parameters(facts: Facts, terms: Terms) -> dict[str, str]:
    figure = facts.entity.mau
    return {
        "threshold": str(terms.mau_threshold),
        "month": terms.mau_month,
        "figure": "unknown" if figure is None else str(figure),
        "source": facts.entity.mau_source,
    }
