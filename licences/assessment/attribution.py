"""Check 3: the display (LICENSE 1.b.i), the Notice file (LICENSE 1.b.iii) and the mark (LICENSE 5.a)."""

from __future__ import annotations

import re

from licences.assessment.finding import ATTRIBUTION_CHECK, Finding, Status, fact_missing
from licences.assessment.situation import Situation
from licences.facts_fields import Sheet
from licences.facts_model import DISPLAY_PLACE_KEYS, OTHER_MARK_KEYS
from licences.terms import Display, Obligation

QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’", "'"))


def assess_attribution(situation: Situation) -> list[Finding]:
    """Display, Notice and marks."""
    return [_display(situation), _notice(situation), _marks(situation)]


def same_words(shown: str, required: str) -> str:
    """yes, around (the words stand among others) or no. Quotation marks and spacing do not count; letters do."""
    required = _plain(required)
    lines = [_plain(line) for line in re.split(r"[\n;|]", shown)]
    if required in lines:
        return "yes"
    return "around" if any(required in line for line in lines) else "no"


def _plain(text: str) -> str:
    return " ".join(text.translate(QUOTES).split()).strip("\"' .")


# --- display --------------------------------------------------------------------------------------------------


def _display(situation: Situation) -> Finding:
    display = situation.terms.display
    if display is None:
        return _no_display(situation)
    shown_status, shown_explanation, shown_action = _shown(situation, display)
    due, due_explanation, reading = _due(situation, display)
    if due == "unknown" and shown_status != "satisfied":
        sheet, field = _open_question(situation)
        status: Status = "unknown"
        explanation, action = due_explanation, fact_missing(situation.question(sheet, field))
    elif due == "judge" and shown_status != "satisfied":
        status = "legal_judgement"
        explanation = due_explanation
        action = f"Decide, or display “{display.text}”: displaying it costs little and settles the question."
    else:
        status, explanation, action = shown_status, f"{due_explanation} {shown_explanation}", shown_action
    return Finding(
        key="display",
        check=ATTRIBUTION_CHECK,
        status=status,
        title=f"“{display.text}” is prominently displayed",
        explanation=f"{explanation} Any one of five places is enough: website, user interface, blog post, about page "
        f"or product documentation ({display.clauses[0]}).",
        clauses=display.clauses,
        reading=reading,
        popular_claim="Often said: products must show “Built with Meta Llama”. Llama 2 to 4 have no such text: Llama "
        "2 asks for no display, Llama 3 for “Built with Meta Llama 3”, 3.1 to 4 for “Built with Llama”, and not "
        f"necessarily inside the product ({display.clauses[0]}).",
        action=action,
        parameters={
            "text": display.text,
            "trigger": display.trigger,
            "shown": situation.model_text("attribution_text"),
        },
    )


def _no_display(situation: Situation) -> Finding:
    copy = situation.terms.required("copy")
    return Finding(
        key="display",
        check=ATTRIBUTION_CHECK,
        status="not_applicable",
        title="No display is asked for",
        explanation=f"{situation.terms.name} has no display duty ({copy.clauses[0]}).",
        clauses=copy.clauses,
        popular_claim="Often said: every product must show “Built with Meta Llama”. This version asks for no "
        f"display, and Llama 2 to 4 have no such text ({copy.clauses[0]}).",
        parameters={"text": "", "trigger": ""},
    )


def _due(situation: Situation, display: Display) -> tuple[str, str, bool]:
    """due, judge or unknown; why; and whether that is a reading."""
    available = situation.made_available
    where = display.clauses[0]
    if available == "unknown":
        return "unknown", "Who receives the product is not known.", False
    if available == "employees":
        return (
            "judge",
            "Only employees use it. The duty begins when something is distributed or made available, which is not "
            f"defined; that employees alone do not count is a reading ({where}).",
            True,
        )
    own_service = "service" in situation.model("derived_available")
    if own_service and "changed" in situation.model("model_uses") and situation.weights_leave != "yes":
        return "due", f"A model made from the materials is made available to others ({where}).", False
    if situation.route in {"provider-api", "unknown"} and situation.weights_leave != "yes":
        if display.trigger == "uses":
            return (
                "due",
                f"A product that calls a hosted Llama plainly uses it, as one that runs it does, and “uses” is this "
                f"version's word ({where}).",
                True,
            )
        if situation.route == "unknown":
            return "unknown", "Where the model comes from is not known.", False
        return (
            "judge",
            "The product calls a hosted Llama. Whether it then “contains” the materials, this version's word, is "
            f"arguable; the cautious reading is to display ({where}).",
            True,
        )
    inner = situation.product("audience") <= {"employees", "contractors", "affiliates"}
    if inner and situation.weights_leave != "yes" and not own_service:
        return (
            "due",
            "It reaches contractors or other companies of the group. That this is making available is the cautious "
            f"reading ({where}).",
            True,
        )
    verb = "uses" if display.trigger == "uses" else "contains"
    return "due", f"A product that {verb} the materials is made available to others ({where}).", False


def _shown(situation: Situation, display: Display) -> tuple[Status, str, str]:
    """Whether the right words are in one of the places, whatever is due."""
    if not situation.knows("model", "attribution_places"):
        question = situation.question("model", "attribution_places")
        return "unknown", "Whether it is displayed anywhere is not known.", fact_missing(question)
    if not situation.model("attribution_places") & DISPLAY_PLACE_KEYS:
        return "action_needed", "It is not displayed yet.", f"Display “{display.text}” in one of the five places."
    shown = situation.model_text("attribution_text")
    if not shown:
        return (
            "unknown",
            "Which words are displayed is not known.",
            fact_missing(situation.question("model", "attribution_text")),
        )
    match same_words(shown, display.text):
        case "yes":
            return "satisfied", "The words are declared, and so is the place.", ""
        case "around":
            return (
                "legal_judgement",
                f"The words stand among others: “{shown}”.",
                f"Judge whether that still displays “{display.text}”, or let it stand alone.",
            )
        case _:
            return (
                "action_needed",
                f"Other words are displayed: “{shown}”.",
                f"Display “{display.text}”, letter for letter.",
            )


def _open_question(situation: Situation) -> tuple[Sheet, str]:
    """Which answer would decide whether the display is due."""
    if not situation.knows("product", "audience"):
        return "product", "audience"
    return "model", "route"


# --- Notice file ----------------------------------------------------------------------------------------------


def _notice(situation: Situation) -> Finding:
    duty = situation.terms.required("notice")
    line, where = situation.terms.notice, duty.clauses[0]
    status, explanation, action = _notice_state(situation, line)
    return Finding(
        key="notice",
        check=ATTRIBUTION_CHECK,
        status=status,
        title="The Notice file goes with every copy",
        explanation=f"{explanation} Only copies of the materials that you distribute need it, hosting does not "
        f"({where}).",
        clauses=duty.clauses,
        popular_claim="Often said: changed files must be marked as changed. No Llama version from 2 to 4 says so; the "
        f"Notice line is what copies carry ({where}).",
        action=action,
        parameters={"text": line},
    )


def _notice_state(situation: Situation, line: str) -> tuple[Status, str, str]:
    leaves = situation.weights_leave
    if leaves == "no":
        return "not_applicable", "No copy of the materials goes to others.", ""
    if leaves == "unknown":
        explanation = f"Whether copies go to others is not known{while_route_is_open(situation)}."
        return "unknown", explanation, fact_missing(weights_question(situation))
    files = situation.model("distribution_files")
    if not files:
        question = situation.question("model", "distribution_files")
        return "unknown", "Which files go with the weights is not known.", fact_missing(question)
    if "notice" not in files:
        explanation = "Copies go to others, and no Notice file is declared to go with them yet."
        return "action_needed", explanation, f"Add a text file named Notice with: {line}"
    said = situation.model_text("notice_text")
    if not said:
        return "unknown", "What it says is not known.", fact_missing(situation.question("model", "notice_text"))
    if same_words(said, line) == "no":
        return "action_needed", "Its line differs from the one that this version gives.", f"Write: {line}"
    return "satisfied", "The line is declared as this version gives it.", ""


def while_route_is_open(situation: Situation) -> str:
    """Why somebody who passes nothing on is asked all the same: what stands at a customer's has left."""
    said = situation.knows("model", "model_uses") and situation.route == "unknown"
    return ", for where it runs is open" if said else ""


def weights_question(situation: Situation) -> str:
    """The question whose answer says whether weights go to others."""
    for key in ("route", "model_uses"):
        if not situation.knows("model", key):
            return situation.question("model", key)
    return situation.question("model", "derived_available")


# --- marks ----------------------------------------------------------------------------------------------------


def _marks(situation: Situation) -> Finding:
    duty, mark = situation.terms.required("marks"), situation.terms.mark
    where = duty.clauses[0]
    elsewhere = situation.model("attribution_places") & OTHER_MARK_KEYS
    named = _names_with_marks(situation, mark)
    grant = situation.permission("marks")
    licence = (
        f"The mark “{mark}” is licensed only as far as the last sentence of 1.b.i demands, which is the one on model "
        "names; that the display is meant too, and logos and product names are not, is a reading"
        if mark
        else "This version grants no trademark licence"
    )
    status: Status
    action = ""
    if not situation.knows("model", "attribution_places"):
        status, explanation = "unknown", "Where the name appears is not known."
        action = fact_missing(situation.question("model", "attribution_places"))
    elif not elsewhere and not named:
        status, explanation = "satisfied", "No use in a product name, logo or marketing beyond the display is declared."
    elif grant:
        status, explanation = "satisfied", f"Used beyond the display, with a permission on file: {grant.reference}."
        action = "Check that the permission covers this use."
    else:
        status = "legal_judgement"
        labels = [situation.question_label("model", "attribution_places", one) for one in sorted(elsewhere)]
        places = " and ".join([*labels, *(f"the model name “{name}”" for name in named)])
        explanation = f"Used beyond the display: {places}."
        action = "Judge whether it only describes the materials, or take the mark out of the name, logo or marketing."
    return Finding(
        key="marks",
        check=ATTRIBUTION_CHECK,
        status=status,
        title="Meta's names and marks",
        explanation=f"{explanation} {licence}.{_brand(duty)} Describing the materials in a reasonable and customary "
        f"way is allowed ({where}).",
        clauses=duty.clauses,
        reading=bool(mark),
        action=action,
        parameters={"mark": mark, "guidelines": duty.parameters["guidelines"]},
    )


def _names_with_marks(situation: Situation, mark: str) -> list[str]:
    """The names of models made with the materials that have a mark of Meta in them which this version does not license.

    "Meta" is licensed by none; "Llama" only where the clause on model names asks for it.
    """
    marks = re.compile(r"(?<![a-z])meta(?![a-z])" if mark else r"(?<![a-z])(?:meta(?![a-z])|llama)", re.IGNORECASE)
    names = [situation.model_text(key) for key in ("derived_name", "output_model_name")]
    return [name for name in dict.fromkeys(names) if marks.search(name.rsplit("/", 1)[-1])]


def _brand(duty: Obligation) -> str:
    """What comes with the licence of a mark; nothing where none is licensed."""
    guidelines = duty.parameters["guidelines"]
    if not guidelines:
        return ""
    return f" Its use keeps to Meta's brand guidelines, {guidelines}, and the goodwill of it goes to Meta."
