"""Check 5, its first part: which version's terms the model is under, and whose other terms come with it."""

from __future__ import annotations

from licences.assessment.finding import LICENSEE_CHECK, Finding, Status, cite, fact_missing
from licences.assessment.named_models import name_against
from licences.assessment.situation import Situation
from licences.disputed import disputed_sources, may_move, version_name, version_names
from licences.governing_terms import governing_terms_of

_RUN_BY_OTHERS = frozenset({"provider-api", "embedded"})  # who only sends requests sees no digest
_FROM_OTHERS = frozenset({"redistributor", "provider-api", "embedded"})


def assess_model_terms(situation: Situation) -> list[Finding]:
    """The version, and the terms of others."""
    return [_version(situation), _governing_terms(situation)]


def _version(situation: Situation) -> Finding:
    terms = situation.terms
    clauses = terms.required("materials").clauses
    status, explanation, action, reading = _version_state(situation)
    return Finding(
        key="version",
        check=LICENSEE_CHECK,
        status=status,
        title=f"The model is {terms.name}",
        explanation=f"{explanation} {cite(clauses)}.",
        clauses=clauses,
        reading=reading,
        action=action,
        parameters={
            "model_id": situation.model_text("model_id"),
            "declared": situation.model_text("version"),
            "candidates": ", ".join(dict.fromkeys(_candidates(situation))),
        },
    )


def _candidates(situation: Situation) -> list[str]:
    return [slug for one in disputed_sources(situation.facts.model) for slug in one.versions]


def _version_state(situation: Situation) -> tuple[Status, str, str, bool]:
    model_id, declared = situation.model_text("model_id"), situation.model_text("version")
    for key, known in (("model_id", model_id), ("version", declared)):
        if not known:
            explanation = "Which model runs, and under which version, is not settled; the terms follow the version"
            return "unknown", explanation, fact_missing(situation.question("model", key)), False
    if declared != situation.terms.slug:
        return (
            "legal_judgement",
            f"The sheet names another version, {version_name(declared)}; these findings are those of "
            f"{situation.terms.name}",
            "Confirm the version on the model sheet, or assess the other version.",
            False,
        )
    if disputed := disputed_sources(situation.facts.model):
        named = version_names(tuple(dict.fromkeys(slug for one in disputed for slug in one.versions)))
        said = " ".join(one.why for one in disputed)
        return (
            "legal_judgement",
            f"Confirmed for “{model_id}”, but the sources of this model disagree. {said} Until that is settled, to "
            f"keep the duties of all of them is the cautious reading: {named}",
            f"Keep the duties of {named} together, or record which of them governs and why.",
            True,
        )
    if against := name_against(situation, "model_id"):
        return (
            "legal_judgement",
            f"Confirmed for “{model_id}”, but the name speaks against it. {against.rstrip('.')}",
            "Find out what the model is made from. Correct the sheet, or record what shows that it is right.",
            False,
        )
    if may_move(model_id) and situation.route not in _RUN_BY_OTHERS:
        return (
            "action_needed",
            f"Confirmed for “{model_id}”, which can come to mean another model and so other terms",
            "Note the digest or revision that runs: write it after the id, like name@sha256:….",
            False,
        )
    return "satisfied", f"Confirmed for “{model_id}”. Every version has an agreement of its own", "", False


def _governing_terms(situation: Situation) -> Finding:
    """Terms of a redistributor, a provider or a vendor: on top of Meta's agreement, never instead of it."""
    clauses = situation.terms.required("acceptance").clauses
    status, explanation, action = _governing_state(situation)
    known = governing_terms_of(situation.model_text("model_id"))
    beside = known is not None and known.beside_llama
    if known is not None and beside:
        unread = " This was not read in a source: check it." if known.evidence == "recalled" else ""
        explanation = f"{explanation}. {known.why}{unread} {known.binds_as_well}"
    return Finding(
        key="governing-terms",
        check=LICENSEE_CHECK,
        status=status,
        title="Terms of others that come with the model",
        explanation=f"{explanation} {cite(clauses)}.",
        clauses=clauses,
        reading=beside,
        popular_claim="Often assumed: a tag such as MIT or Apache 2.0 on a copy replaces Meta's agreement. The text "
        f"binds whoever uses or distributes any part of the materials, whatever a copy is tagged {cite(clauses)}.",
        action=action,
        parameters={"terms": situation.model_text("governing_terms"), "address": known.address if known else ""},
    )


def _governing_state(situation: Situation) -> tuple[Status, str, str]:
    if situation.route == "unknown":
        return (
            "unknown",
            "Where the model comes from is not known, so neither is whose terms come with it",
            fact_missing(situation.question("model", "route")),
        )
    known = governing_terms_of(situation.model_text("model_id"))
    said = situation.model_text("governing_terms")
    if situation.route not in _FROM_OTHERS and (known is None or not known.beside_llama):
        return "not_applicable", "The model comes from Meta, and no terms of others are known for it", ""
    if said:
        return (
            "legal_judgement",
            f"Declared: “{said.rstrip('.')}”. They come on top of the agreement and do not replace it",
            "Read these terms as well; the stricter of two rules is the one to keep.",
        )
    if situation.route in _FROM_OTHERS:
        return (
            "unknown",
            "The model comes from somebody else, and under which terms is not known",
            fact_missing(situation.question("model", "governing_terms")),
        )
    return (
        "legal_judgement",
        "Others publish this model, and their terms come on top of the agreement",
        "Read these terms as well; the stricter of two rules is the one to keep.",
    )
