"""Check 4: changing, naming, learning from outputs, and passing on (LICENSE 1.a, 1.b.i, 1.b.v, 5.b)."""

from __future__ import annotations

from licences.assessment.attribution import weights_question, while_route_is_open
from licences.assessment.claims import no_share_alike
from licences.assessment.finding import DERIVATIVES_CHECK, Finding, Status, cite, fact_missing
from licences.assessment.named_models import name_against
from licences.assessment.situation import OUTSIDERS, Situation
from licences.disputed import version_names
from licences.facts_model import MADE_AVAILABLE
from licences.terms import NamePrefix, Obligation


def assess_derivatives(situation: Situation) -> list[Finding]:
    """Making, ancestors, copy, names, outputs."""
    return [
        _making(situation),
        _ancestors(situation),
        _copy(situation),
        _derived_name(situation),
        _output_name(situation),
        _improvement(situation),
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
        check=DERIVATIVES_CHECK,
        status=status,
        title=title,
        explanation=explanation,
        clauses=clauses,
        reading=reading,
        popular_claim=popular_claim,
        action=action,
        parameters=parameters or {},
    )


def _uses_unknown(situation: Situation) -> bool:
    return not situation.knows("model", "model_uses")


def _ask_uses(situation: Situation) -> str:
    return fact_missing(situation.question("model", "model_uses"))


# --- making and ancestors -------------------------------------------------------------------------------------


def _making(situation: Situation) -> Finding:
    terms = situation.terms
    clauses = terms.required("grant").clauses + terms.required("ownership").clauses
    cited = ", ".join(clauses)
    status: Status
    action = ""
    if _uses_unknown(situation):
        status, explanation = "unknown", f"Whether the model is changed is not known ({cited})."
        action = _ask_uses(situation)
    elif "changed" in situation.model("model_uses"):
        status = "satisfied"
        explanation = (
            "Changing the materials is among the granted rights, and the changes that you make are yours, subject to "
            f"what Meta owns. Sublicensing is not mentioned; whoever uses the materials is bound directly ({cited})."
        )
    else:
        status, explanation = "not_applicable", f"The model runs as it is; nothing is made from its weights ({cited})."
    return _finding(
        "making",
        status,
        "The model may be changed",
        explanation,
        clauses,
        popular_claim=no_share_alike(terms),
        action=action,
    )


def _ancestors(situation: Situation) -> Finding:
    clauses = situation.terms.required("copy").clauses + situation.terms.required("notice").clauses
    title = "Other Llama versions behind the model"
    has_base = "changed" in situation.model("model_uses") or situation.route == "redistributor"
    if not has_base:
        if _uses_unknown(situation) or situation.route == "unknown":
            question = weights_question(situation)
            return _finding(
                "ancestors", "unknown", title, _inherited("Not known.", clauses), clauses, action=fact_missing(question)
            )
        return _finding(
            "ancestors", "not_applicable", title, _inherited("None: the model comes as Meta made it.", clauses), clauses
        )
    for key in ("base_model", "ancestors"):
        if not situation.knows("model", key):
            explanation = _inherited("What it was made from is not known.", clauses)
            action = fact_missing(situation.question("model", key))
            return _finding("ancestors", "unknown", title, explanation, clauses, action=action)
    others = situation.other_ancestors
    if against := name_against(situation, "base_model"):
        return _finding(
            "ancestors",
            "legal_judgement",
            title,
            _inherited(f"The base model does not fit what is declared. {against}", clauses),
            clauses,
            action="Enter the version of the base model among those behind it, or correct the base model.",
            parameters={"ancestors": ", ".join(others)},
        )
    if not others:
        return _finding("ancestors", "satisfied", title, _inherited("None is declared.", clauses), clauses)
    return _finding(
        "ancestors",
        "legal_judgement",
        title,
        _inherited(f"Declared: {version_names(others)}.", clauses),
        clauses,
        action="Keep the duties of each of these versions too; the findings over all of them say which.",
        parameters={"ancestors": ", ".join(others)},
    )


def _inherited(what: str, clauses: tuple[str, ...]) -> str:
    return f"{what} Each ancestor's version brings its own display, name, Notice and policy {cite(clauses)}."


# --- copy of the agreement ------------------------------------------------------------------------------------


def _copy(situation: Situation) -> Finding:
    duty = situation.terms.required("copy")
    status, explanation, action, reading = _copy_state(situation, duty)
    return _finding(
        "copy",
        status,
        "Recipients get a copy of the agreement",
        f"{explanation} {cite(duty.clauses)}.",
        duty.clauses,
        reading=reading,
        popular_claim=no_share_alike(situation.terms),
        action=action,
        parameters={"form": duty.parameters["form"]},
    )


def _copy_state(situation: Situation, duty: Obligation) -> tuple[Status, str, str, bool]:
    leaves = situation.weights_leave
    third_party = duty.parameters["form"] == "third-party"
    if leaves == "unknown":
        explanation = f"Whether weights go to others is not known{while_route_is_open(situation)}"
        return "unknown", explanation, fact_missing(weights_question(situation)), False
    if leaves == "no":
        if situation.made_available == "yes" and third_party and situation.route != "provider-api":
            return (
                "legal_judgement",
                "The product is offered to others and no weights go out. This version also speaks of making the "
                "materials, or what derives from them, available; that hosting is not that is a reading",
                "Decide, or offer a copy of the agreement beside the product.",
                True,
            )
        if situation.made_available == "yes":
            return (
                "not_applicable",
                "The product is offered, but no materials go out; that the copy follows materials only is a reading",
                "",
                True,
            )
        return "not_applicable", "No materials go to others", "", False
    recipients = situation.model("recipients")
    files = situation.model("distribution_files")
    if "agreement" in files:
        return "satisfied", "A copy goes with the weights", "", False
    if third_party and not recipients:
        return "unknown", "Who gets the weights is not known", _ask(situation, "recipients"), False
    if not files:
        return "unknown", "Which files go with the weights is not known", _ask(situation, "distribution_files"), False
    if third_party and recipients <= {"affiliates", "contractors"}:
        return (
            "legal_judgement",
            "This version speaks of a third party; whether affiliates or contractors are one is a reading",
            "Decide, or add a copy of the agreement.",
            True,
        )
    whom = "This version names no kind of recipient" if not third_party else "A third party gets them"
    explanation = f"The weights go to others, and no copy is declared to go with them yet. {whom}"
    return "action_needed", explanation, "Add a copy of the agreement.", False


def _ask(situation: Situation, key: str) -> str:
    return fact_missing(situation.question("model", key))


# --- names ----------------------------------------------------------------------------------------------------


def _derived_name(situation: Situation) -> Finding:
    prefix = situation.terms.name_prefix
    if prefix is None:
        return _no_prefix(situation, "name")
    title = f"The changed model's name begins with “{prefix.prefix}”"
    if _uses_unknown(situation):
        return _name_finding(
            "name", "unknown", title, "Whether the model is changed is not known", prefix, _ask_uses(situation)
        )
    if "changed" not in situation.model("model_uses"):
        return _name_finding("name", "not_applicable", title, "No model is made from it", prefix)
    available = situation.model("derived_available")
    if not available:
        action = _ask(situation, "derived_available")
        return _name_finding(
            "name", "unknown", title, "Whether the changed model is made available is not known", prefix, action
        )
    name = situation.model_text("derived_name")
    if not available & MADE_AVAILABLE:
        if situation.product("audience") & OUTSIDERS and prefix.begins(name) != "yes":
            explanation = (
                "The model is declared as kept inside, while the product that runs it is offered to others; that a "
                "model behind a product is not made available is a reading"
            )
            action = "Decide, or rename the model."
            return _name_finding("name", "legal_judgement", title, explanation, prefix, action, name, reading=True)
        return _name_finding(
            "name", "not_applicable", title, "The changed model is not made available", prefix, "", name
        )
    if situation.model("change_kinds") == {"quantised"} and name and prefix.begins(name) == "no":
        explanation = (
            f"“{name}” does not begin so. The model was only quantised or converted; that this is no creating or "
            "improving of a model is a reading"
        )
        action = "Decide, or rename the model."
        return _name_finding("name", "legal_judgement", title, explanation, prefix, action, name, reading=True)
    return _judged_name("name", title, prefix, name, _ask(situation, "derived_name"))


def _output_name(situation: Situation) -> Finding:
    prefix = situation.terms.name_prefix
    key = "output-name"
    if prefix is None:
        return _no_prefix(situation, key)
    title = f"The name of a model made with outputs begins with “{prefix.prefix}”"
    if not prefix.outputs:
        explanation = "This version's name duty speaks of using the materials, not their outputs"
        return _name_finding(key, "not_applicable", title, explanation, prefix)
    if _uses_unknown(situation):
        return _name_finding(
            key, "unknown", title, "Whether outputs are used is not known", prefix, _ask_uses(situation)
        )
    if "outputs" not in situation.model("model_uses"):
        return _name_finding(key, "not_applicable", title, "No model is made or improved with outputs", prefix)
    if not situation.knows("model", "output_uses"):
        action = _ask(situation, "output_uses")
        return _name_finding(key, "unknown", title, "What the outputs are used for is not known", prefix, action)
    if situation.model("output_uses") == {"no-model"}:
        return _name_finding(key, "not_applicable", title, "Outputs make or improve no model", prefix)
    available = situation.model("output_model_available")
    if not available:
        action = _ask(situation, "output_model_available")
        return _name_finding(key, "unknown", title, "Whether that model is made available is not known", prefix, action)
    name = situation.model_text("output_model_name")
    if not available & MADE_AVAILABLE:
        return _name_finding(key, "not_applicable", title, "That model is not made available", prefix, "", name)
    return _judged_name(key, title, prefix, name, _ask(situation, "output_model_name"))


def _judged_name(key: str, title: str, prefix: NamePrefix, name: str, ask: str) -> Finding:
    if not name:
        return _name_finding(key, "unknown", title, "The name is not known", prefix, ask)
    match prefix.begins(name):
        case "yes":
            return _name_finding(key, "satisfied", title, f"“{name}” begins so", prefix, "", name)
        case "arguable":
            explanation = f"“{name}” begins with these letters and goes on as another word or number"
            action = "Decide, or rename the model."
            return _name_finding(key, "legal_judgement", title, explanation, prefix, action, name, reading=True)
        case _:
            contains = prefix.prefix.split()[0].lower() in name.lower()
            explanation = f"“{name}” {'contains the word but does not begin so' if contains else 'does not begin so'}"
            action = f"Rename the model so that its name begins with “{prefix.prefix}”."
            return _name_finding(key, "action_needed", title, explanation, prefix, action, name)


def _name_finding(
    key: str,
    status: Status,
    title: str,
    explanation: str,
    prefix: NamePrefix,
    action: str = "",
    name: str = "",
    *,
    reading: bool = False,
) -> Finding:
    return _finding(
        key,
        status,
        title,
        f"{explanation} {cite(prefix.clauses)}.",
        prefix.clauses,
        reading=reading,
        popular_claim="Often done: the word stands somewhere in the name. The text wants it at the beginning "
        f"{cite(prefix.clauses)}.",
        action=action,
        parameters={"prefix": prefix.prefix, "name": name},
    )


def _no_prefix(situation: Situation, key: str) -> Finding:
    clauses = situation.terms.required("copy").clauses
    explanation = f"{situation.terms.name} has no rule on model names {cite(clauses)}."
    return _finding(key, "not_applicable", "No name is asked for", explanation, clauses)


# --- improving other models -----------------------------------------------------------------------------------


def _improvement(situation: Situation) -> Finding:
    ban = situation.terms.improvement_ban
    if ban is None:
        return _no_ban(situation)
    excluded, cited = ban.parameters["excluded"], ", ".join(ban.clauses)
    status, explanation, action, reading = _improvement_state(situation, excluded)
    return _finding(
        "improvement",
        status,
        "No other large language model is improved",
        f"{explanation} The ban covers the materials and their outputs, and excludes only {excluded} and its "
        f"derivatives ({cited}). That a data set made from outputs stays under it is a reading.",
        ban.clauses,
        reading=reading,
        popular_claim="Often said: Llama outputs may not train any AI model. The agreement's words are “large "
        f"language model”, and the ban is in Llama 2 and 3 only ({cited}).",
        action=action,
        parameters={"excluded": excluded},
    )


def _improvement_state(situation: Situation, excluded: str) -> tuple[Status, str, str, bool]:
    if _uses_unknown(situation):
        return "unknown", "Whether other models learn from it is not known.", _ask_uses(situation), False
    uses = situation.model("model_uses")
    purposes = situation.model("output_uses")
    if "outputs" in uses and not purposes:
        return "unknown", "What the outputs are used for is not known.", _ask(situation, "output_uses"), False
    grant = situation.permission("improvement")
    if "outputs" in uses and "other-llm" in purposes:
        if grant:
            return (
                "satisfied",
                f"Outputs improve another model, with a permission on file: {grant.reference}.",
                "Check that the permission covers this model.",
                False,
            )
        return (
            "prohibited",
            f"Outputs improve a large language model that is neither {excluded} nor made from it.",
            "Stop, set the data aside, and use a later version's outputs or get Meta's permission.",
            False,
        )
    if "outputs" in uses and "other-ai" in purposes:
        return (
            "legal_judgement",
            "Outputs improve an AI model that is declared to be no large language model; where that line runs is not "
            "defined.",
            "Judge whether the improved model is a large language model.",
            True,
        )
    if "merged" in situation.model("change_kinds"):
        return (
            "legal_judgement",
            "The weights are merged with other models, which may be improving one of those.",
            f"Judge whether a model other than {excluded} is improved.",
            True,
        )
    if "outputs" in uses and "same-version" in purposes:
        return "satisfied", f"Outputs improve only {excluded} or models made from it, as declared.", "", False
    return "satisfied", "Declared: no other model is made or improved with it.", "", False


def _no_ban(situation: Situation) -> Finding:
    prefix = situation.terms.name_prefix
    clauses = prefix.clauses if prefix else situation.terms.required("grant").clauses
    others = situation.other_ancestors
    caution = f" An ancestor may still bring one: {version_names(others)}." if others else ""
    instead = "; learning from outputs brings the name duty instead" if prefix and prefix.outputs else ""
    return _finding(
        "improvement",
        "not_applicable",
        "No ban on improving other models",
        f"{situation.terms.name} has no such ban{instead} {cite(clauses)}. That outputs of Llama 2 or 3 stay under "
        f"theirs, whichever other large language model learns from them, is a reading.{caution}",
        clauses,
        popular_claim="Often said: Llama outputs may not be used to train other models. True for large language "
        f"models under Llama 2 and 3 (there LICENSE 1.b.v); not from 3.1 on {cite(clauses)}.",
    )
