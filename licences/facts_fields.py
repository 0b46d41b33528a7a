"""What a question is: the parts from which the fact sheets and their forms are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from django.utils.translation import gettext_noop as _

from licences.terms import Terms

Sheet = Literal["product", "model", "entity"]
Kind = Literal[
    "choice",  # one value of `choices`
    "choices",  # a list of values of `choices`
    "yes_no",
    "text",
    "number",
    "date",
    "model_id",
    "countries",  # a list of ISO 3166 codes, or "worldwide"
    "version",  # one slug of the catalogue
    "versions",  # a list of slugs, or "none"
    "aup_items",  # a list of item ids, or "none"; the page offers facts.aup_item_choices()
    "record",  # kept beside the answers, never asked
]
Answers = Mapping[str, Any]

UNKNOWN = "unknown"
NONE = "none"
YES = "yes"
NO = "no"
LIST_KINDS = frozenset({"choices", "countries", "versions", "aup_items"})


@dataclass(frozen=True)
class Choice:
    """One possible answer. `alone` means that it goes with no other answer."""

    value: str
    label: str
    help: str = ""
    heading: str = ""
    alone: bool = False


UNKNOWN_CHOICE = Choice(UNKNOWN, _("Not known yet"), _("Saved and shown as open. It blocks approval only."), alone=True)

NO_OTHER_VERSION = Choice(NONE, _("No other Llama version"), alone=True)
NO_VERSIONS: Mapping[str, str] = MappingProxyType({})


def always(answers: Answers) -> bool:
    """The question is asked of everyone."""
    return True


def under_any_terms(terms: Terms) -> bool:
    """The question matters under every Llama version."""
    return True


@dataclass(frozen=True)
class Field:
    """One question of a sheet. Every field can also be answered with "unknown".

    `material`: a change makes approvals stale. `required`: approval waits for it.
    `prefilled`: where the page gets a proposed answer from, so that nobody has to type it.
    """

    key: str
    sheet: Sheet
    question: str
    why: str
    kind: Kind
    choices: tuple[Choice, ...] = ()
    material: bool = True
    required: bool = True
    prefilled: str = ""
    asked_when: Callable[[Answers], bool] = always
    asked_under: Callable[[Terms], bool] = under_any_terms

    @property
    def is_list(self) -> bool:
        """Whether the answer is a list of values."""
        return self.kind in LIST_KINDS

    @property
    def options(self) -> tuple[Choice, ...]:
        """The choices with "unknown" at the end, for fields that offer choices."""
        if self.kind == "yes_no":
            return (Choice(YES, _("Yes")), Choice(NO, _("No")), UNKNOWN_CHOICE)
        return (*self.choices, UNKNOWN_CHOICE) if self.choices else ()

    @property
    def names_versions(self) -> bool:
        """Whether its answers are slugs of the catalogue, for which people read names."""
        return self.kind in {"version", "versions"}

    def label_of(self, value: Any, versions: Mapping[str, str] = NO_VERSIONS) -> str:
        """The answer as a person reads it. `versions` are the names of the catalogue's versions by slug."""
        if value in (None, "", [], ()):
            return "not answered"
        labels = {choice.value: choice.label for choice in self.options} | {UNKNOWN: UNKNOWN_CHOICE.label}
        if self.names_versions:
            labels |= {NO_OTHER_VERSION.value: NO_OTHER_VERSION.label, **versions}
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(labels.get(str(one), str(one)) for one in values)


def values_of(answers: Answers, key: str) -> frozenset[str]:
    """The known values chosen for a field, as a set; empty where unanswered or unknown."""
    value = answers.get(key)
    values = value if isinstance(value, list | tuple | set | frozenset) else [value]
    return frozenset(str(one) for one in values if one not in (None, "", UNKNOWN))


def is_known(answers: Answers, key: str) -> bool:
    """Whether the field has an answer other than "unknown"."""
    return bool(values_of(answers, key))


def any_of(answers: Answers, key: str, *values: str) -> bool:
    """Whether one of these values was chosen."""
    return bool(values_of(answers, key) & set(values))


def text_of(answers: Answers, key: str) -> str:
    """A text answer, empty where unanswered or unknown."""
    value = answers.get(key)
    return "" if value in (None, UNKNOWN) else str(value).strip()
