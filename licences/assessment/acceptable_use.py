"""Check 2: the acceptable use policy, known dangers, and applicable law (LICENSE 1.b.iv)."""

from __future__ import annotations

from licences.assessment.finding import USE_CHECK, Finding, Status, cite, fact_missing
from licences.assessment.situation import OUTSIDERS, Situation
from licences.aup_subjects import GROUPS, SECTORS
from licences.facts_fields import NONE
from licences.facts_places import country_name
from licences.facts_product import DANGERS_DISCLOSED
from licences.terms import AupItem, Terms
from licences.words import parameter_in_words


def assess_acceptable_use(situation: Situation) -> list[Finding]:
    """Screening, each item that it opened, keeping others from such use, dangers, and the law."""
    return [
        _screening(situation),
        *_items(situation),
        _others(situation),
        _dangers(situation),
        *_reporting(situation),
        _law(situation),
    ]


def _clauses(terms: Terms) -> tuple[str, ...]:
    return terms.required("acceptable-use").clauses


def _competitive_intelligence(terms: Terms) -> str:
    nearest = [item for item in (terms.item("2.a"), terms.item("1.e"), terms.item("1.f")) if item]
    others = [item.clause for item in nearest] + list(terms.improvement_ban.clauses if terms.improvement_ban else ())
    return (
        "Often said: the policy forbids competitive intelligence. No item says so. The nearest provisions are "
        f"{', '.join(others)} (espionage, personal data, rights of "
        f"others{', improving other models' if terms.improvement_ban else ''})."
    )


def _screening(situation: Situation) -> Finding:
    terms = situation.terms
    touched = situation.product("aup_screening")
    named = situation.product("aup_items")
    status: Status
    action = ""
    if not touched:
        status = "unknown"
        explanation = "The product was not held against the acceptable use policy yet."
        action = fact_missing(situation.question("product", "aup_screening"))
    elif touched == {NONE}:
        status = "satisfied"
        explanation = "Declared: the product touches no field of work and no subject that the policy names."
    elif not named or not situation.knows("product", "aup_position"):
        status = "unknown"
        explanation = f"{_opened(terms, touched)} How the product stands to them is open."
        open_key = "aup_position" if named else "aup_items"
        action = fact_missing(situation.question("product", open_key))
    elif not situation.knows("product", "aup_safeguards"):
        status = "unknown"
        explanation = f"{_opened(terms, touched)} What keeps the product outside them is not said in words yet."
        action = fact_missing(situation.question("product", "aup_safeguards"))
    elif named == {NONE} and "within" in situation.product("aup_position"):
        status = "unknown"
        explanation = "The answers contradict each other: it does what an item lists, and comes near none."
        action = fact_missing(situation.question("product", "aup_items"))
    else:
        status = "legal_judgement"
        explanation = _opened(terms, touched)
        action = "Read the opened items beside the description of the product, also those that nobody named."
    return Finding(
        key="aup-screening",
        check=USE_CHECK,
        status=status,
        title="Use outside every prohibited category",
        explanation=f"{explanation} The policy is part of the agreement, and calls its web page the most recent copy: "
        f"{terms.aup.web} {cite(_clauses(terms))}.",
        clauses=_clauses(terms) + tuple(item.clause for item in terms.items_touched_by(touched)),
        popular_claim=_competitive_intelligence(terms),
        action=action,
        parameters={
            "policy": terms.aup.web,
            "touched": ", ".join(sorted(touched)),
            "opened": _opened(terms, touched) if touched - {NONE} else "",
        },
    )


def _opened(terms: Terms, touched: frozenset[str]) -> str:
    """Which items each touched field of work and subject opens: they are answered in words."""
    lines = []
    for key, label in {**SECTORS, **GROUPS}.items():
        if key in touched:
            items = [item.clause for item in terms.items_touched_by(frozenset({key}))]
            lines.append(f"{label}: {', '.join(items) or 'no item of this version'}.")
    return f"These items must be answered in words, and a lawyer reads them. {' '.join(lines)}"


def _items(situation: Situation) -> list[Finding]:
    named = situation.product("aup_items") - {NONE}
    known = {item.id: item for item in situation.terms.aup_items}
    findings = [_item(situation, item) for item in situation.terms.aup_items if item.id in named]
    for item_id in sorted(named - set(known)):
        findings.append(
            Finding(
                key=f"aup-item:{item_id}",
                check=USE_CHECK,
                status="not_applicable",
                title=f"Acceptable use, item {item_id}",
                explanation=f"The policy of {situation.terms.name} has no item {item_id}; other versions do "
                f"{cite(_clauses(situation.terms))}.",
                clauses=_clauses(situation.terms),
            )
        )
    return findings


def _item(situation: Situation, item: AupItem) -> Finding:
    grant = situation.permission_for_item(item.id)
    unnamed = situation.permission("use")
    position = situation.product("aup_position")
    status: Status = "unknown"
    explanation = "The product comes near this item; whether it does what the item lists is not known."
    action = fact_missing(situation.question("product", "aup_position"))
    if "within" in position and grant:
        status = "satisfied"
        explanation = (
            f"Declared to do what an item lists; a permission that names this one is on file: {grant.reference}."
        )
        action = "Check that the permission covers this entity, this version and this use."
    elif "within" in position and unnamed:
        status = "legal_judgement"
        explanation = (
            f"Declared to be within the policy's list, with a permission on file that names no item: "
            f"{unnamed.reference}."
        )
        action = "Check that the permission covers this entity, this version and this use."
    elif "within" in position and item.prohibited:
        status = "prohibited"
        explanation = "Declared to do, or help with, what an item that it names lists."
        action = "Change the use so that it stays outside, or get a written permission from Meta."
    elif position:
        status = "legal_judgement"
        explanation = (
            "Declared to do what this item speaks of."
            if "within" in position
            else "Declared to come near this item and to stay outside it."
        )
        action = "Judge the safeguards that the owner describes."
        if not situation.knows("product", "aup_safeguards"):
            status = "unknown"
            explanation += " What keeps it outside is not described."
            action = fact_missing(situation.question("product", "aup_safeguards"))
    return Finding(
        key=f"aup-item:{item.id}",
        check=USE_CHECK,
        status=status,
        title=f"Acceptable use: {item.subject}",
        explanation=f"{explanation} The policy binds your own use and forbids letting others make it ({item.clause}).",
        clauses=(item.clause,),
        action=action,
        parameters={"printed": item.printed_label, "group": item.group},
    )


def _others(situation: Situation) -> Finding:
    told = situation.product("user_information")
    clauses = tuple(clause for clause in _clauses(situation.terms) if clause.startswith("AUP"))
    internal = bool(situation.product("audience")) and not situation.product("audience") & OUTSIDERS
    action = ""
    status: Status
    if "aup-in-terms" in told:
        status, explanation = "satisfied", "Terms of use pass the policy on to the people who use the product."
    elif not told or not situation.knows("product", "audience"):
        status, explanation = "unknown", "What users are told, or who they are, is not known."
        action = fact_missing(
            situation.question("product", "audience" if told else "user_information"),
        )
    elif internal:
        status = "legal_judgement"
        explanation = "Only employees use it; whether house rules are enough to keep the policy is for counsel."
        action = "Name the rule that binds employees to the policy."
    else:
        status = "action_needed"
        explanation = "Nothing passes the policy on to the people who use the product."
        action = "Put the policy, or rules at least as strict, into the terms of use."
    return Finding(
        key="aup-others",
        check=USE_CHECK,
        status=status,
        title="Others are kept from prohibited use",
        explanation=f"{explanation} The policy forbids letting others make a prohibited use; that terms of use are "
        f"the means is a reading, the text prescribes none {cite(clauses)}.",
        clauses=clauses,
        reading=True,
        action=action,
    )


def _dangers(situation: Situation) -> Finding:
    told = situation.product("user_information")
    duty = situation.terms.required("dangers")
    where = ", ".join(duty.clauses)
    action = ""
    status: Status
    if not told:
        status, explanation = "unknown", "How known dangers are disclosed is not known."
        action = fact_missing(situation.question("product", "user_information"))
    elif told & DANGERS_DISCLOSED:
        status, explanation = "satisfied", "Known dangers are disclosed to the people who use the product."
    elif "no-known-dangers" in told:
        status = "legal_judgement"
        explanation = "Declared: no danger is known. The duty reaches known dangers only."
        action = "Judge whether that can be right for a system of this kind."
    else:
        status, explanation = "action_needed", "Known dangers are not disclosed to end users yet."
        action = "State known dangers in the product, its documentation or its terms."
    return Finding(
        key="dangers",
        check=USE_CHECK,
        status=status,
        title="Known dangers are disclosed to end users",
        explanation=f"{explanation} The text does not say who an end user is ({where}).",
        clauses=duty.clauses,
        action=action,
    )


def _reporting(situation: Situation) -> list[Finding]:
    """Where reports go, for whoever runs the product later; nothing that go-live depends on."""
    duty = situation.terms.obligation("reporting")
    if duty is None:
        return []
    channels = "; ".join(said for name, value in duty.parameters.items() if (said := parameter_in_words(name, value)))
    return [
        Finding(
            key="reporting",
            check=USE_CHECK,
            status="not_applicable",
            title="Reports to Meta",
            explanation="Nothing waits for this before go-live. The policy asks to report violations, bugs and other "
            f"problems that could lead to a violation: {channels} ({', '.join(duty.clauses)}).",
            clauses=duty.clauses,
            parameters=dict(duty.parameters),
        )
    ]


def _law(situation: Situation) -> Finding:
    duty = situation.terms.required("law")
    countries = sorted(situation.product("countries"))
    known = bool(countries)
    names = ", ".join(country_name(code) for code in countries)
    where = ", ".join(duty.clauses)
    return Finding(
        key="law",
        check=USE_CHECK,
        status="legal_judgement" if known else "unknown",
        title="Applicable law and trade compliance",
        explanation=(
            f"Use must keep to the law and to trade rules where it takes place: {names} ({where})."
            if known
            else f"Use must keep to the law and to trade rules, and the countries are not known ({where})."
        ),
        clauses=duty.clauses,
        action="Check export control and sanctions for these countries."
        if known
        else fact_missing(situation.question("product", "countries")),
        parameters={"countries": ", ".join(countries)},
    )
