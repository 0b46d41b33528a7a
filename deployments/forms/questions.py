"""One question of a fact sheet as a form. Every question can be answered "not known yet"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licences.facts_fields import LIST_KINDS, UNKNOWN, UNKNOWN_CHOICE, Choice, Field
from licences.facts_places import COUNTRIES, EU, WORLDWIDE

OptionGroups = list[tuple[str, list[tuple[str, str]]] | tuple[str, str]]
ALL_OF_EU = "EU"
TYPED_KINDS = frozenset({"text", "number", "date", "model_id"})  # answered in a box, with "not known yet" beside it


class QuestionForm(forms.Form):
    """The question of one field, ready for a page of its own."""

    def __init__(
        self,
        data: Any = None,
        *,
        field: Field,
        answer: Any = None,
        options: Sequence[Choice] = (),
        home_countries: Iterable[str] = (),
    ) -> None:
        super().__init__(data)
        self.field = field
        if field.kind == "countries":
            self._add_countries(answer, home_countries)
        elif field.kind in TYPED_KINDS:
            self._add_typed(answer)
        else:
            self._add_choices(answer, options or field.options)

    def _add_choices(self, answer: Any, options: Sequence[Choice]) -> None:
        many = self.field.kind in LIST_KINDS
        if not any(one.value == UNKNOWN for one in options):
            options = (*options, UNKNOWN_CHOICE)
        kind: type[forms.ChoiceField] = forms.MultipleChoiceField if many else forms.ChoiceField
        self.fields["answer"] = kind(
            label=gettext(self.field.question),
            choices=grouped(options),
            widget=forms.CheckboxSelectMultiple if many else forms.RadioSelect,
            required=self.field.required,
            initial=answer,
            help_text=_("Choose all that fit.") if many else "",
            error_messages={"required": _("Choose an answer. “Not known yet” is one.")},
        )

    def _add_typed(self, answer: Any) -> None:
        known = None if answer in (None, UNKNOWN) else answer
        widget: forms.Widget = forms.TextInput(attrs={"spellcheck": "false"})
        if self.field.kind == "text":
            short = self.field.key.endswith(("_name", "_address", "_owner"))
            widget = forms.TextInput() if short else forms.Textarea(attrs={"rows": 4})
        elif self.field.kind == "date":
            widget = forms.TextInput(attrs={"type": "date"})
        elif self.field.kind == "number":
            widget = forms.TextInput(attrs={"inputmode": "numeric"})
        self.fields["answer"] = forms.CharField(
            label=gettext(self.field.question), required=False, initial=known, widget=widget, max_length=4000
        )
        self.fields["unknown"] = forms.BooleanField(
            label=_("Not known yet"), required=False, initial=answer == UNKNOWN, help_text=_(UNKNOWN_CHOICE.help)
        )

    def _add_countries(self, answer: Any, home_countries: Iterable[str]) -> None:
        given = list(answer or [])
        often = [
            WORLDWIDE,
            ALL_OF_EU,
            *sorted(set(home_countries), key=lambda code: COUNTRIES.get(code, code)),
            UNKNOWN,
        ]
        labels = {
            WORLDWIDE: gettext("Worldwide"),
            ALL_OF_EU: gettext("Every country of the European Union"),
            **COUNTRIES,
        }
        labels[UNKNOWN] = gettext(UNKNOWN_CHOICE.label)
        ticked = [code for code in given if code in often]
        if set(given) >= EU:
            ticked.append(ALL_OF_EU)
            given = [code for code in given if code not in EU]
        typed = [COUNTRIES[code] for code in given if code in COUNTRIES and code not in often]
        self.fields["answer"] = forms.MultipleChoiceField(
            label=gettext(self.field.question),
            choices=[(code, labels[code]) for code in often],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=ticked,
        )
        self.fields["others"] = forms.CharField(
            label=_("Other countries"),
            required=False,
            initial=", ".join(typed),
            widget=forms.TextInput(),
            help_text=_("Names or two-letter codes, with commas between them: Norway, SE, Denmark."),
        )

    def clean(self) -> dict[str, Any]:
        """Bring what was entered into the form in which sheets keep answers; it stands under `value`."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        if self.field.kind == "countries":
            cleaned["value"] = self._countries(cleaned)
        elif self.field.kind in TYPED_KINDS:
            cleaned["value"] = self._typed(cleaned)
        else:
            cleaned["value"] = cleaned.get("answer") or ([] if self.field.is_list else "")
        return cleaned

    def _typed(self, cleaned: dict[str, Any]) -> str:
        text = str(cleaned.get("answer") or "").strip()
        if cleaned.get("unknown") and text:
            self.add_error("unknown", _("Write an answer or tick “not known yet”, not both."))
        elif not cleaned.get("unknown") and not text and self.field.required:
            self.add_error("answer", _("Write an answer, or tick “not known yet”."))
        return UNKNOWN if cleaned.get("unknown") else text

    def _countries(self, cleaned: dict[str, Any]) -> list[str]:
        codes = {code for code in cleaned.get("answer") or [] if code != ALL_OF_EU}
        if ALL_OF_EU in (cleaned.get("answer") or []):
            codes |= EU
        for name in filter(None, (part.strip() for part in str(cleaned.get("others") or "").split(","))):
            code = code_of(name)
            if code is None:
                self.add_error(
                    "others",
                    _("“%(name)s” is no country that we know. Write its English name or its code.")
                    % {"name": name[:60]},
                )
            else:
                codes.add(code)
        if not codes and not self.errors and self.field.required:
            self.add_error("answer", _("Choose or write at least one country. “Not known yet” is an answer too."))
        return sorted(codes)


_BY_NAME = {re.sub(r"\W+", "", name.casefold()): code for code, name in COUNTRIES.items()} | {
    "uk": "GB",
    "usa": "US",
    "unitedstatesofamerica": "US",
    "holland": "NL",
}


def code_of(name: str) -> str | None:
    """The ISO 3166 code of a country that somebody wrote by name or code."""
    if name.upper() in COUNTRIES:
        return name.upper()
    return _BY_NAME.get(re.sub(r"\W+", "", name.casefold()))


def grouped(options: Sequence[Choice]) -> OptionGroups:
    """Choices under their headings; those without one stand by themselves, where they are."""
    groups: OptionGroups = []
    for one in options:
        label = gettext(one.label)
        if one.help:
            label = f"{label}. {gettext(one.help)}"
        entry = (one.value, label)
        heading = gettext(one.heading) if one.heading else ""
        if not heading:
            groups.append(entry)
        elif groups and groups[-1][0] == heading and isinstance(groups[-1][1], list):
            groups[-1][1].append(entry)
        else:
            groups.append((heading, [entry]))
    return groups
