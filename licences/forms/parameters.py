"""How a person enters each value that the rules read: what it is called, an example, and what fits.

licences/obligation_kinds.py has the values; every one of them has its field here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


class NumberOfUsers(forms.IntegerField):
    """A whole number; blanks and commas between its digits are left out."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        """The number as it was meant."""
        return super().to_python(re.sub(r"[\s,]", "", value) if isinstance(value, str) else value)


def field_of(kind: str, name: str) -> forms.Field:
    """A new field for this parameter of this kind of duty."""
    return _FIELDS[kind, name]()


def _words(label: Words, help_text: Words, *, required: bool = True) -> Callable[[], forms.Field]:
    return lambda: forms.CharField(label=label, help_text=help_text, max_length=300, required=required)


def _choice(label: Words, choices: Mapping[str, Words], help_text: Words = "") -> Callable[[], forms.Field]:
    """One of a few. Nothing is chosen beforehand: what stood first would be taken for the text's own."""
    return lambda: forms.ChoiceField(label=label, help_text=help_text, choices=[("", _("Choose")), *choices.items()])


def _number() -> forms.Field:
    return NumberOfUsers(
        label=_("Number of users"),
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Who has more has no rights until Meta grants them. In digits, such as 700,000,000."),
        error_messages={"invalid": _("Write the number of users in digits, such as 700,000,000.")},
    )


def _month() -> forms.Field:
    return forms.RegexField(
        label=_("Month that is tested"),
        regex=r"^\d{4}-(0[1-9]|1[0-2])$",
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "YYYY-MM"}),
        help_text=_("The month before the release, as year and month, such as 2026-10."),
        error_messages={"invalid": _("Write the month as year and month, such as 2026-10.")},
    )


_PRINTED = _("Exactly as the clause prints it, without the quotation marks.")

_FIELDS: dict[tuple[str, str], Callable[[], forms.Field]] = {
    ("reporting", "report_issues"): _words(
        _("Where issues with the model go"), _("An address, as the policy gives it.")
    ),
    ("reporting", "report_content"): _words(_("Where risky content goes"), _("An address, as the policy gives it.")),
    ("reporting", "report_security"): _words(_("Where bugs and security go"), _("An address, as the policy gives it.")),
    ("reporting", "report_misuse"): _words(
        _("Where violations and unlicensed uses go"), _("An address, as the policy gives it.")
    ),
    ("counterparty", "inside"): _words(
        _("Meta company inside the EEA and Switzerland"),
        _("As the clause names it, such as Meta Platforms Ireland Limited."),
    ),
    ("counterparty", "outside"): _words(
        _("Meta company elsewhere"), _("As the clause names it, such as Meta Platforms, Inc.")
    ),
    ("mau", "threshold"): _number,
    ("mau", "month"): _month,
    ("mau", "month_is_reading"): _choice(
        _("Is that month a reading?"),
        {"no": _("No: the text says when it was released"), "yes": _("Yes: the text defines no release date")},
        _("The text tests the month before the release. Where it names no such day, the month is our reading."),
    ),
    ("copy", "form"): _choice(
        _("Who gets the copy"),
        {
            "third-party": _("The third party that gets the materials"),
            "with-materials": _("Whoever gets the materials; the words name no kind of recipient"),
        },
    ),
    ("notice", "text"): _words(_("Line in the Notice file"), _PRINTED),
    ("display", "text"): _words(_("Words to display"), _PRINTED),
    ("display", "trigger"): _choice(
        _("Which products display them"),
        {"uses": _("Those that use the materials"), "contains": _("Those that contain the materials")},
        _("After the verb of the clause: a product can use a model without containing it."),
    ),
    ("name-prefix", "prefix"): _words(_("How the name of a model begins"), _PRINTED),
    ("name-prefix", "outputs"): _choice(
        _("Are models meant that are made with outputs?"),
        {"yes": _("Yes: the clause speaks of outputs or results"), "no": _("No: only those made with the materials")},
    ),
    ("improvement-ban", "excluded"): _words(
        _("Models that may be improved"), _("What the clause excludes from the ban, such as Llama 2.")
    ),
    ("marks", "mark"): _words(
        _("Mark that is licensed"),
        _("As the clause prints it, without the quotation marks. Leave it empty where none is licensed."),
        required=False,
    ),
    ("marks", "guidelines"): lambda: forms.URLField(
        label=_("Address of the brand guidelines"),
        help_text=_("As the clause gives it. Leave it empty where it gives none."),
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Write the whole address, such as https://about.meta.com/brand/.")},
    ),
    ("governing-law", "law"): _words(_("Whose law applies"), _("As the clause names the place, such as California.")),
    ("governing-law", "courts"): _words(
        _("Whose courts decide"), _("As the clause names the place, such as California.")
    ),
}
