"""Check 5: who is licensed, what withholds or ends the rights, and the remaining terms."""

from __future__ import annotations

from licences.assessment.finding import LICENSEE_CHECK, Finding, Status, cite, fact_missing
from licences.assessment.mau import assess_mau, day_name
from licences.assessment.model_terms import assess_model_terms
from licences.assessment.situation import Situation
from licences.facts import EntityFacts
from licences.facts_places import country_name
from licences.terms import KnownText, Obligation


def assess_licensee(situation: Situation) -> list[Finding]:
    """Version, terms of others, acceptance, counterparty, EU paragraph, proceedings, end, and the remaining terms."""
    return [
        *assess_model_terms(situation),
        _acceptance(situation),
        _counterparty(situation),
        _eu_multimodal(situation),
        _litigation(situation),
        _termination(situation),
        _risk_terms(situation),
        _governing_law(situation),
        *(_own_term(term) for term in situation.terms.others),
    ]


def _finding(
    key: str,
    status: Status,
    title: str,
    explanation: str,
    clauses: tuple[str, ...],
    *,
    reading: bool = False,
    popular_claim: str = "",
    action: str = "",
    parameters: dict[str, str] | None = None,
) -> Finding:
    return Finding(
        key=key,
        check=LICENSEE_CHECK,
        status=status,
        title=title,
        explanation=f"{explanation} {cite(clauses)}.",
        clauses=clauses,
        reading=reading,
        popular_claim=popular_claim,
        action=action,
        parameters=parameters or {},
    )


# --- acceptance -------------------------------------------------------------------------------------------------------


def _acceptance(situation: Situation) -> Finding:
    duty = situation.terms.required("acceptance")
    status, explanation, action = _acceptance_state(situation)
    if withheld := ", ".join(_withheld_under(situation)):
        # To accept is the thing to do only where it gives rights; nothing else about the acceptance changes.
        explanation += f". Accepting does not give the rights that are withheld under {withheld}"
        if status == "action_needed":
            status = "legal_judgement"
            action = (
                "Settle first what withholds the rights. Whether to accept meanwhile is for counsel: it binds, and "
                "gives none of them."
            )
    return _finding(
        "acceptance",
        status,
        f"{situation.terms.name}'s agreement was accepted with authority",
        explanation,
        duty.clauses,
        popular_claim="Often assumed: having access to the weights shows that this version was accepted. Some hubs "
        f"open older versions together with a newer one; look for the acceptance of this one {cite(duty.clauses)}.",
        action=action,
        parameters={"state": situation.facts.entity.acceptance},
    )


def _withheld_under(situation: Situation) -> tuple[str, ...]:
    """The clauses under which the entity gets no rights, whatever it accepts: section 2, the EU paragraph."""
    clauses: tuple[str, ...] = ()
    if any(finding.status == "prohibited" for finding in assess_mau(situation)):
        clauses += situation.terms.required("mau").clauses
    paragraph = situation.terms.eu_multimodal
    if paragraph is not None and _eu_state(situation)[0] == "prohibited":
        clauses += paragraph.clauses
    return clauses


def _acceptance_state(situation: Situation) -> tuple[Status, str, str]:
    entity = situation.facts.entity
    hosted = situation.route in {"provider-api", "embedded"}
    if entity.acceptance == "accepted":
        return _accepted_texts(situation)
    if entity.acceptance != "not-evidenced":
        return (
            "unknown",
            "Whether the entity accepted this version is not known",
            "Ask legal who accepted it, when, on which platform and with what authority.",
        )
    if hosted:
        return (
            "legal_judgement",
            "No acceptance is evidenced. A supplier runs the model; whether the entity itself is a licensee is for "
            "counsel",
            "Decide who the licensee is, and keep the supplier's terms.",
        )
    return (
        "action_needed",
        "No acceptance is evidenced. Using or distributing the materials binds as well, but evidence of authority is "
        "missing",
        "Accept this version with authority, and record who, when and which text.",
    )


def _accepted_texts(situation: Situation) -> tuple[Status, str, str]:
    entity = situation.facts.entity
    seen: list[str] = []
    for kind, sha256 in (("agreement", entity.accepted_agreement_sha256), ("aup", entity.accepted_aup_sha256)):
        if kind == "aup" and not sha256:
            continue  # accepting the agreement accepts the policy, which it incorporates; no separate copy is needed
        known = next((text for text in situation.terms.texts if text.kind == kind and text.sha256 == sha256), None)
        if not sha256 or known is None:
            what = "agreement" if kind == "agreement" else "acceptable use policy"
            why = "is not recorded" if not sha256 else "is none of the copies of this version that the catalogue knows"
            return (
                "legal_judgement",
                f"Accepted, but the text of the {what} that was accepted {why}",
                "Record the accepted text, or judge whether it is the same.",
            )
        if not _same_words(situation, known):
            return (
                "legal_judgement",
                f"Accepted in an earlier wording: {known.label}",
                "Read the redline against the current copy, and decide which wording governs.",
            )
        seen.append(known.label)
    return "satisfied", f"Accepted; the texts are known ({'; '.join(dict.fromkeys(seen))})", ""


def _same_words(situation: Situation, known: KnownText) -> bool:
    return known.words == situation.terms.text(known.kind).words


# --- counterparty and the EU ----------------------------------------------------------------------------------


def _counterparty(situation: Situation) -> Finding:
    entity = situation.facts.entity
    duty = situation.terms.required("counterparty")
    inside = entity.in_eea_or_switzerland
    place = country_name(entity.principal_place)
    title = "Which Meta company is the other side"
    if inside == "unknown":
        action = f"Ask legal for {_whose_place(entity)}, with its basis."
        explanation = f"{_capital(_whose_place(entity))} is not known"
        return _finding("counterparty", "unknown", title, explanation, duty.clauses, action=action)
    if inside == "unclear":
        explanation = f"Whether {place} counts as in the EEA or Switzerland is for counsel"
        return _finding("counterparty", "legal_judgement", title, explanation, duty.clauses, reading=True)
    company = duty.parameters["inside" if inside == "yes" else "outside"]
    side = "in the EEA or Switzerland" if inside == "yes" else "outside the EEA and Switzerland"
    explanation = f"{place} is {side}, so the other side is {company}"
    return _finding("counterparty", "satisfied", title, explanation, duty.clauses, parameters={"company": company})


def _eu_multimodal(situation: Situation) -> Finding:
    terms = situation.terms
    duty = terms.eu_multimodal
    if duty is None:
        explanation = f"The policy of {terms.name} has no paragraph on multimodal models"
        clauses = tuple(one for one in terms.required("acceptable-use").clauses if one.startswith("AUP"))
        return _finding("eu-multimodal", "not_applicable", "The EU paragraph", explanation, clauses)
    status, explanation, action, reading = _eu_state(situation)
    note = f" {terms.eu_note}" if terms.eu_note else ""
    return _finding(
        "eu-multimodal",
        status,
        "Multimodal models and the European Union",
        f"{explanation}. The test is where the licensee is based, not where the product is offered; end users of a "
        f"product that contains such models are excepted.{note} As of {day_name(terms.multimodal_as_of)}, the "
        f"multimodal models are: {', '.join(terms.multimodal_models) or 'none'}",
        duty.clauses,
        reading=reading,
        popular_claim="Often said: Llama 3.2 and later cannot be used in the EU. The paragraph is in the policy, "
        "reaches multimodal models only, and licensees based in the EU only; Norway, Iceland, Liechtenstein, "
        f"Switzerland and the United Kingdom are not in it {cite(duty.clauses)}.",
        action=action,
        parameters={
            "multimodal": situation.multimodal,
            "in_eu": situation.facts.entity.in_eu,
            "as_of": terms.multimodal_as_of,
        },
    )


def _eu_state(situation: Situation) -> tuple[Status, str, str, bool]:
    entity = situation.facts.entity
    multimodal, in_eu = situation.multimodal, entity.in_eu
    place = country_name(entity.principal_place)
    if multimodal == "no":
        return "not_applicable", "The model is not multimodal, so the paragraph does not reach it", "", False
    if in_eu == "no":
        return (
            "satisfied",
            f"{place} is not in the European Union, so the paragraph does not reach the entity",
            "",
            False,
        )
    if in_eu == "unknown":
        what = "The model is multimodal" if multimodal == "yes" else "The model may be multimodal"
        action = f"Ask legal for {_whose_place(entity)}, with its basis."
        return "unknown", f"{what}, and {_whose_place(entity)} is not known", action, False
    if multimodal == "unknown":
        action = fact_missing(situation.question("model", "multimodal"))
        return "unknown", "Whether the model is multimodal is not known", action, False
    return _caught(situation, place)


def _caught(situation: Situation, place: str) -> tuple[Status, str, str, bool]:
    """The model is, or may be, multimodal and the entity is, or may be, in the EU."""
    entity = situation.facts.entity
    grant = situation.permission("eu-multimodal")
    if grant:
        action = "Check that the permission covers this entity and this model."
        return (
            "satisfied",
            f"The paragraph withholds the rights of 1.a; a grant is on file: {grant.reference}",
            action,
            False,
        )
    if situation.multimodal == "disputed":
        action = "Settle what the model is; the model counts, not what is sent to it."
        return "legal_judgement", "The sheet and the catalogue differ on whether the model is multimodal", action, False
    if entity.in_eu == "unclear":
        explanation = f"Whether {place} is in the European Union for this paragraph is for counsel"
        return "legal_judgement", explanation, "Decide, and record the basis.", True
    if entity.kind not in {"company", "individual"}:
        explanation = f"The paragraph speaks of individuals and companies; the entity in {place} is declared as neither"
        return "legal_judgement", explanation, "Judge whether the paragraph reaches it.", True
    if situation.route == "embedded" and (exercised := _more_than_an_end_user_does(situation)):
        return (
            "prohibited",
            f"{_based_in_the_union(entity, place)}, and {exercised}: to change or distribute the materials takes the "
            "rights of 1.a, which an end user of a product with a multimodal model does not need and does not have",
            "Leave the model as it came, or let a licensee outside the European Union do that.",
            False,
        )
    if entity.end_user_of_multimodal == "yes" and situation.route == "embedded":
        if not situation.knows("product", "audience"):
            action = fact_missing(situation.question("product", "audience"))
            return (
                "unknown",
                "Legal noted an end user, whom the paragraph excepts; who uses it is not known",
                action,
                False,
            )
        if situation.product("audience") & {"customers", "public"}:
            explanation = (
                f"{_based_in_the_union(entity, place)}, and legal noted that it is an end user, whom the paragraph "
                "excepts; that it still is one where customers or the public use what it offers with the model is a "
                "reading"
            )
            action = "Judge whether the entity is an end user, or offers a product of its own."
            return "legal_judgement", explanation, action, True
        explanation = (
            f"{_based_in_the_union(entity, place)}, and legal noted that it is an end user of a product that contains "
            "the model: the paragraph excepts end users"
        )
        return (
            "satisfied",
            explanation,
            "Check that nothing of the materials themselves is in the entity's hands.",
            False,
        )
    if entity.end_user_of_multimodal == "yes" and situation.route == "provider-api":
        explanation = (
            f"{_based_in_the_union(entity, place)}, and legal noted that it is an end user, whom the paragraph "
            "excepts; that a company which sends requests for a product of its own is an end user of the provider's "
            "is a reading"
        )
        action = "Judge whether the entity is an end user, or offers a product of its own."
        return "legal_judgement", explanation, action, True
    if situation.route in {"provider-api", "embedded"}:
        explanation = (
            f"{_based_in_the_union(entity, place)}, and somebody else runs or supplies the multimodal "
            "model; whether the entity is an end user, who is excepted, is a reading"
        )
        return "legal_judgement", explanation, "Judge whether the entity is an end user or a licensee.", True
    return (
        "prohibited",
        f"{_based_in_the_union(entity, place)} and the model is multimodal: the rights of 1.a are not "
        "granted to it, to use, change or distribute, also for text only, and no attribution cures that",
        "Use a model that is not multimodal. Or an entity outside the European Union is the licensee and offers the "
        "product; this one may then only be its end user, for the rights of 1.a cannot be handed on.",
        False,
    )


def _more_than_an_end_user_does(situation: Situation) -> str:
    """What the entity does with a model that came inside a product; empty while it only uses that product."""
    if situation.weights_leave == "yes":
        return "copies of the model go to others"
    return "the model is changed" if "changed" in situation.model("model_uses") else ""


def _whose_place(entity: EntityFacts) -> str:
    """What the paragraph and the preamble ask about: of an individual another thing than of a company."""
    return "the individual's domicile" if entity.kind == "individual" else "the entity's principal place of business"


def _based_in_the_union(entity: EntityFacts, place: str) -> str:
    if entity.kind == "individual":
        return f"The individual is domiciled in the European Union ({place})"
    return f"The entity is based in the European Union ({place})"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


# --- proceedings, end, remaining terms ------------------------------------------------------------------------


def _litigation(situation: Situation) -> Finding:
    duty = situation.terms.required("litigation")
    title = "No proceedings that end the licences"
    match situation.facts.entity.litigation:
        case "no":
            explanation = "Declared: none was ever instituted, counterclaims included"
            return _finding("litigation", "satisfied", title, explanation, duty.clauses)
        case "yes":
            explanation = (
                "Declared: proceedings of this kind were instituted. All licences ended on that day, by themselves"
            )
            action = "Stop use and ask counsel: the end is automatic, and also follows from a counterclaim."
            return _finding("litigation", "prohibited", title, explanation, duty.clauses, action=action)
        case _:
            explanation = (
                "Whether the entity ever claimed, against anybody, that the materials, their outputs or results "
                "infringe its rights is not known"
            )
            action = "Ask legal for proceedings and counterclaims of this kind."
            return _finding("litigation", "unknown", title, explanation, duty.clauses, action=action)


def _termination(situation: Situation) -> Finding:
    duty = situation.terms.required("termination")
    litigation = situation.terms.required("litigation")
    cited = ", ".join(duty.clauses + litigation.clauses)
    ended = situation.facts.entity.litigation == "yes"
    explanation = (
        "The licences ended. Section 6 asks to stop and to delete when the agreement ends; that the end of the "
        "licences asks for the same is the cautious reading"
        if ended
        else "Nothing declared ends the agreement now. Meta may end it on a breach of any term, and the text names no "
        "notice and no time to cure. When it ends, use stops, the materials are deleted, and sections 3, 4 and 7 go on"
    )
    return _finding(
        "termination",
        "action_needed" if ended else "not_applicable",
        "What the end of the agreement demands",
        explanation,
        tuple(dict.fromkeys((*duty.clauses, *litigation.clauses))) if ended else duty.clauses,
        reading=ended,
        popular_claim="Often said: a breach ends the agreement by itself. Meta may end it on a breach; only certain "
        f"proceedings end the licences by themselves ({cited}).",
        action="Open the stop duty: cease, delete, backups, derivatives, certificate." if ended else "",
    )


def _risk_terms(situation: Situation) -> Finding:
    terms = situation.terms
    clauses = tuple(
        dict.fromkeys(
            clause for kind in ("warranty", "liability", "indemnity") for clause in terms.required(kind).clauses
        )
    )
    return _finding(
        "risk-terms",
        "legal_judgement",
        "No warranty, limited liability, indemnity",
        "The materials come as they are, Meta is not liable for lost profits or indirect damages, and the licensee "
        "holds Meta harmless from third parties' claims about its use or distribution",
        clauses,
        popular_claim="Often said: Llama is open source, or Meta may use your feedback freely. The agreement calls "
        "the model proprietary, and has no words on feedback "
        f"{cite(terms.required('materials').clauses)}.",
        action="Decide whether these terms are acceptable for this use.",
    )


def _own_term(term: Obligation) -> Finding:
    """A term that only some version has and no rule knows: never silent, always a lawyer's."""
    return _finding(
        f"other:{term.key}",
        "legal_judgement",
        "A term of its own",
        term.summary.rstrip("."),
        term.clauses,
        action="Read the clause, and judge what it asks of this product.",
    )


def _governing_law(situation: Situation) -> Finding:
    duty = situation.terms.required("governing-law")
    return _finding(
        "governing-law",
        "legal_judgement",
        "Governing law and courts",
        f"The law of {duty.parameters['law']} governs and the courts of {duty.parameters['courts']} alone decide, "
        "also where the other side is an Irish company; the UN sales convention does not apply",
        duty.clauses,
        action="Decide whether this is acceptable for the entity.",
        parameters=dict(duty.parameters),
    )
