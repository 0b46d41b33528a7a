"""The kinds of obligation that the rules know, with the parameters that a catalogue file gives for each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ObligationKind:
    """What a kind of obligation needs: its parameters, and whether a version must have it."""

    parameters: tuple[str, ...]
    required: bool
    means: str


OTHER = "other"  # the one kind that a version may have several times, each with a key of its own

# Every kind that assess() knows. A kind with `required` is in every version so far; leaving it out is a mistake.
OBLIGATION_KINDS: dict[str, ObligationKind] = {
    "grant": ObligationKind((), True, "the rights that are granted"),
    "acceptance": ObligationKind((), True, "how the agreement comes about"),
    "materials": ObligationKind((), True, "what the agreement covers: the models of this version"),
    "counterparty": ObligationKind(
        ("inside", "outside"), True, "which Meta company contracts inside, and outside, the EEA and Switzerland"
    ),
    "mau": ObligationKind(("threshold", "month", "month_is_reading"), True, "the monthly active users test"),
    "mau-exception": ObligationKind((), True, "the exception for integrated end user products"),
    "copy": ObligationKind(("form",), True, 'a copy of the agreement; form "third-party" or "with-materials"'),
    "notice": ObligationKind(("text",), True, "the line in the Notice file"),
    "display": ObligationKind(("text", "trigger"), False, 'the display; trigger "uses" or "contains"'),
    "name-prefix": ObligationKind(("prefix", "outputs"), False, "how a model's name begins; outputs yes or no"),
    "improvement-ban": ObligationKind(("excluded",), False, "the ban on improving other large language models"),
    "law": ObligationKind((), True, "applicable law and trade compliance"),
    "acceptable-use": ObligationKind((), True, "the acceptable use policy as part of the agreement"),
    "dangers": ObligationKind((), True, "disclosure of known dangers"),
    "reporting": ObligationKind(
        ("report_issues", "report_content", "report_security", "report_misuse"), False, "where the policy wants reports"
    ),
    "eu-multimodal": ObligationKind((), False, "no grant for multimodal models to licensees in the EU"),
    "marks": ObligationKind(("mark", "guidelines"), True, "trademarks; an empty mark means that none is licensed"),
    "ownership": ObligationKind((), True, "who owns derivatives"),
    "warranty": ObligationKind((), True, "the disclaimer of warranty"),
    "liability": ObligationKind((), True, "the limitation of liability"),
    "litigation": ObligationKind((), True, "the end of all licences on certain proceedings"),
    "indemnity": ObligationKind((), True, "the indemnity to Meta"),
    "termination": ObligationKind((), True, "breach, end, deletion and what survives"),
    "governing-law": ObligationKind(("law", "courts"), True, "governing law and courts"),
    OTHER: ObligationKind((), False, "a term that no rule knows; a lawyer judges it for every product"),
}
TRIGGERS = frozenset(
    {
        "acceptance",
        "use",
        "making-available",
        "distribution",
        "changing",
        "improving-models",
        "proceedings",
        "termination",
    }
)
