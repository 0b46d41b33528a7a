"""What people ask of the licence base; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licences.assessment.situation import OUTSIDERS
from licences.facts import EntityFacts, Facts, field_named
from licences.facts_fields import UNKNOWN, Field, Sheet, values_of
from licences.facts_places import COUNTRIES
from licences.models import LlamaVersion, TextKind
from licences.reading import VersionHere


class PairForm(forms.Form):
    """Two versions to compare. One version twice leads on to its texts."""

    old = forms.ChoiceField(label=gettext_lazy("From"))
    new = forms.ChoiceField(label=gettext_lazy("To"))
    doc = forms.ChoiceField(label=gettext_lazy("Document"), choices=TextKind.choices, required=False)

    def __init__(self, *args: Any, versions: Sequence[LlamaVersion | VersionHere], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("old", "new"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(version.slug, version.name) for version in versions]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


class ModelNameForm(forms.Form):
    """A raw model id, as a provider or a repository writes it."""

    id = forms.CharField(
        label=gettext_lazy("Model id"),
        max_length=300,
        help_text=gettext_lazy(
            "As your code, your provider or the model's page writes it, such as meta-llama/Llama-3.1-8B."
        ),
    )


class SixFactsForm(forms.Form):
    """Six facts, none of them kept: what would apply? What is left out is not known."""

    version = forms.ChoiceField(label=gettext_lazy("Llama version"))
    audience = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    route = forms.ChoiceField(required=False)
    model_uses = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    place = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Where is the company based?"),
        help_text=gettext_lazy("Its principal place of business: the licensee counts, not where the product is used."),
    )
    aup_screening = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    _FACTS: tuple[tuple[Sheet, str], ...] = (
        ("product", "audience"),
        ("model", "route"),
        ("model", "model_uses"),
        ("product", "aup_screening"),
    )

    def __init__(self, *args: Any, versions: Sequence[VersionHere], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        not_known = ("", _("Not known yet"))
        self._choose("version", [(version.slug, version.name) for version in reversed(versions)])
        self._choose("place", [not_known, *sorted(COUNTRIES.items(), key=lambda one: one[1])])
        for sheet, key in self._FACTS:
            fact = field_named(sheet, key)
            self.fields[key].label = _(fact.question)
            self._choose(key, _offered(fact) if fact.is_list else [not_known, *_offered(fact)])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """An answer that stands alone, such as "none of these", goes with no other."""
        entered: dict[str, Any] = super().clean() or {}
        for sheet, key in self._FACTS:
            fact = field_named(sheet, key)
            alone = [one for one in fact.options if one.alone and one.value in entered.get(key, ())]
            if fact.is_list and alone and len(entered[key]) > 1:
                self.add_error(
                    key,
                    _("“%(answer)s” goes with no other answer. Take one of them away.") % {"answer": _(alone[0].label)},
                )
        return entered

    def said(self) -> list[tuple[str, str]]:
        """Each question with the answer in words: what a printed sheet rests on."""
        rows = []
        for name, field in self.fields.items():
            assert isinstance(field, forms.ChoiceField)
            entered = self.cleaned_data[name]
            chosen = set(entered) if isinstance(entered, list) else {entered}
            words = [str(label) for value, label in _flat(field.choices) if value in chosen]
            rows.append((str(field.label), ", ".join(words) or _("Not known yet")))
        return rows

    def facts(self) -> Facts:
        """The facts as the rules read them."""
        entered = self.cleaned_data
        sheets: dict[Sheet, dict[str, Any]] = {"product": {}, "model": {"version": entered["version"]}}
        for sheet, key in self._FACTS:
            if entered[key]:
                sheets[sheet][key] = entered[key]
        sheets["model"] |= _of_the_changed_model(sheets["model"], sheets["product"])
        entity = EntityFacts(reference="", principal_place=entered["place"] or UNKNOWN)
        return Facts(entity, sheets["product"], sheets["model"])


def _of_the_changed_model(model: dict[str, Any], product: dict[str, Any]) -> dict[str, Any]:
    """Who gets the changed model, which the six facts say already: whoever gets its weights, or the product."""
    uses, audience = values_of(model, "model_uses"), values_of(product, "audience")
    if "changed" not in uses or not (audience or "passed-on" in uses):
        return {}
    if "passed-on" in uses:
        return {"derived_available": ["weights"]}
    return {"derived_available": ["service" if audience & OUTSIDERS else "no"]}


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Choices without their headings."""
    flat: list[tuple[Any, Any]] = []
    for value, label in choices:
        flat += _flat(label) if isinstance(label, list | tuple) else [(value, label)]
    return flat


def _offered(fact: Field) -> list[Any]:
    """The choices of a question, under their headings; "not known yet" is to leave it out."""
    offered: dict[str, list[tuple[str, str]]] = {}
    for choice in fact.options:
        if choice.value != UNKNOWN:
            offered.setdefault(choice.heading, []).append((choice.value, _(choice.label)))
    plain = offered.pop("", [])
    return [*((_(heading), choices) for heading, choices in offered.items()), *plain]
