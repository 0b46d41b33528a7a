"""Whether the words that somebody saw are those that a Llama version demands (LICENSE 1.b.i). Pure but for gettext."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from licences.assessment.attribution import same_words
from licences.assessment.finding import Status
from licences.terms import Terms


@dataclass(frozen=True)
class SightedWords:
    """What the words that were seen are worth under one clause: `status` is that of a finding."""

    status: Status
    sentence: str
    action: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether there is nothing to do about them."""
        return self.status in {"satisfied", "not_applicable"}

    @property
    def in_full(self) -> str:
        """The sentence, and what to do."""
        return f"{self.sentence} {self.action}".strip()


def judge_words(seen: str, versions: Iterable[Terms]) -> tuple[SightedWords, ...]:
    """One verdict for each wording that these versions demand, in their order."""
    groups: dict[tuple[str, str], list[str]] = {}
    for terms in versions:
        display = terms.display
        clauses = display.clauses if display else terms.required("copy").clauses
        groups.setdefault((display.text if display else "", ", ".join(clauses)), []).append(terms.name)
    if not groups:
        return (
            SightedWords(
                "unknown",
                _("Which words are demanded is not known: no Llama version is chosen."),
                _("Choose the model of this component."),
            ),
        )
    return tuple(_judged(seen, text, clause, ", ".join(names)) for (text, clause), names in groups.items())


def _judged(seen: str, text: str, clause: str, versions: str) -> SightedWords:
    named = {"clause": clause, "versions": versions, "text": text}
    if not text:
        return SightedWords("not_applicable", _("%(clause)s of %(versions)s demands no display.") % named)
    match same_words(seen, text):
        case "yes":
            return SightedWords("satisfied", _("These are the words that %(clause)s of %(versions)s demands.") % named)
        case "around":
            return SightedWords(
                "legal_judgement",
                _("The words that %(clause)s of %(versions)s demands, “%(text)s”, stand among others here.") % named,
                _("Let them stand alone, or let legal judge whether they are still displayed."),
            )
        case _:
            return SightedWords(
                "action_needed",
                _("These are not the words that %(clause)s of %(versions)s demands: “%(text)s”.") % named,
                _("Have those words displayed, letter for letter, then record a new sighting."),
            )
