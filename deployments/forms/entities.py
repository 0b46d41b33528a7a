"""Forms of legal entities: one for each kind of dated fact."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from deployments.coverable import COVERABLE, ITEM, use_of
from deployments.forms.days import DayInput
from deployments.models import AcceptanceState, EntityKind, LegalEntity, LitigationStatement, Permission
from licences.facts_places import COUNTRIES
from licences.models import LicenceText, LlamaVersion

COUNTRY_CHOICES = [("", _("Choose")), *COUNTRIES.items()]


class _Longer(forms.Textarea):
    def __init__(self) -> None:
        super().__init__(attrs={"rows": 3})


def _kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose")), *EntityKind.choices],
        help_text=_(
            "The AUP’s EU paragraph names individuals and companies; whether it reaches others, counsel judges."
        ),
    )


class EntityForm(forms.Form):
    """A company of the group."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As the register has it, with its legal form."))
    kind = _kind_field()
    country = forms.ChoiceField(label=_("Country of registration"), choices=COUNTRY_CHOICES)
    registration_number = forms.CharField(label=_("Registration number"), max_length=80, required=False)


class KindForm(forms.Form):
    """What kind of entity it is, where that stood wrong."""

    kind = _kind_field()
    basis = forms.CharField(label=_("Basis"), widget=_Longer(), help_text=_("The register, the statutes."))


class PlaceForm(forms.Form):
    """Principal place of business, or an individual's domicile, from a day on."""

    country = forms.ChoiceField(
        label=_("Principal place of business, or domicile of an individual"),
        choices=COUNTRY_CHOICES,
        help_text=_(
            "The AUP’s EU paragraph and the preamble’s counterparty turn on it, not on the place of registration."
        ),
    )
    effective_on = forms.DateField(label=_("From"), widget=DayInput())
    basis = forms.CharField(label=_("Basis"), widget=_Longer(), help_text=_("Head office, board minutes, register."))


class AffiliationForm(forms.Form):
    """Two entities are affiliates."""

    affiliate = forms.ModelChoiceField(
        label=_("Affiliate"), queryset=LegalEntity.objects.none(), empty_label=_("Choose")
    )
    starts_on = forms.DateField(label=_("From"), widget=DayInput())
    ends_on = forms.DateField(label=_("Until"), widget=DayInput(), required=False)
    basis = forms.CharField(label=_("Basis"), widget=_Longer(), required=False)

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["affiliate"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = LegalEntity.objects.exclude(pk=entity.pk).order_by("name")


class EndAffiliationForm(forms.Form):
    """The day on which an affiliation ended."""

    ends_on = forms.DateField(label=_("Ended on"), widget=DayInput())


class MauForm(forms.Form):
    """Monthly active users in a tested month."""

    month = forms.CharField(
        label=_("Month"), max_length=7, help_text=_("Year and month, like 2024-06: the month that a version tests.")
    )
    figure = forms.IntegerField(
        label=_("Monthly active users"),
        min_value=0,
        help_text=_("Of all products and services made available by or for the entity or its affiliates (LICENSE 2)."),
    )
    counted_how = forms.CharField(label=_("How counted"), widget=_Longer())
    source = forms.CharField(label=_("Source"), max_length=300)


class _AcceptedText(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic when it runs
    """A known text, named so that a lawyer can tell two revisions apart."""

    def label_from_instance(self, text: LicenceText) -> str:
        return f"{text.version.name}: {text.label} ({text.sha256[:8]}…)"


class AcceptanceForm(forms.Form):
    """Who accepted which version for the entity."""

    version = forms.ModelChoiceField(
        label=_("Llama version"),
        queryset=LlamaVersion.objects.order_by("-position"),
        to_field_name="slug",
        empty_label=_("Choose"),
    )
    state = forms.ChoiceField(label=_("Acceptance"), choices=AcceptanceState.choices, widget=forms.RadioSelect)
    accepted_on = forms.DateField(label=_("Accepted on"), widget=DayInput(), required=False)
    accepted_by = forms.CharField(label=_("Accepted by"), max_length=200, required=False)
    authority = forms.CharField(label=_("With what authority"), widget=_Longer(), required=False)
    platform = forms.CharField(label=_("On which platform"), max_length=200, required=False)
    how = forms.CharField(
        label=_("How"),
        widget=_Longer(),
        required=False,
        help_text=_("A click, a signature, a download under the account of whom."),
    )
    agreement = _AcceptedText(
        label=_("Which agreement"),
        queryset=LicenceText.objects.filter(kind="agreement", standing="accepted").select_related("version"),
        required=False,
        empty_label=_("Not evidenced"),
    )
    aup = _AcceptedText(
        label=_("Which acceptable use policy"),
        queryset=LicenceText.objects.filter(kind="aup", standing="accepted").select_related("version"),
        required=False,
        empty_label=_("Not evidenced"),
        help_text=_("As it stood on that day: the agreement takes it in by reference (LICENSE 1.b.iv)."),
    )
    document = forms.FileField(label=_("Evidence"), required=False)


class _SaidBefore(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic when it runs
    """An earlier statement, by its day and what it named."""

    def label_from_instance(self, statement: LitigationStatement) -> str:
        named = Truncator(statement.details).chars(80)
        return f"{statement.get_answer_display()}, {date_format(statement.as_of, 'j F Y')}: {named}"


class LitigationForm(forms.Form):
    """Proceedings of the kind in 5.c."""

    answer = forms.ChoiceField(
        label=_("Has it ever instituted such proceedings, counterclaims included?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known"))],
        widget=forms.RadioSelect,
        help_text=_(
            "Against anyone, alleging that the Llama materials or their outputs infringe its rights (LICENSE 5.c)."
        ),
    )
    details = forms.CharField(label=_("Details"), widget=_Longer(), required=False)
    as_of = forms.DateField(label=_("As of"), widget=DayInput())
    corrects = _SaidBefore(
        label=_("Which entry this corrects"),
        queryset=LitigationStatement.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("Only where it was recorded by mistake. The details say why; the entry stays in the history."),
    )

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["corrects"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = entity.litigation_statements.filter(answer="yes", corrections=None)
        if not field.queryset.exists():
            del self.fields["corrects"]


class _EarlierPermission(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic when it runs
    """An earlier permission, by its reference and name."""

    def label_from_instance(self, permission: Permission) -> str:
        return f"{permission.reference}: {permission.name}"


class PermissionForm(forms.Form):
    """A written grant, or the text's own exception."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            ("meta_grant", _("Written grant from Meta")),
            ("text_exception", _("Exception in the text (LICENSE 1.b.ii, AUP eu-multimodal)")),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Name of the document"), max_length=200)
    covers = forms.MultipleChoiceField(
        label=_("What it covers"),
        choices=list(COVERABLE.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    items = forms.CharField(
        label=_("Which items of the acceptable use policy"),
        required=False,
        max_length=200,
        help_text=_(
            "Where it permits a use: the items that it names, like 2.a. Left empty, a lawyer judges it for each use."
        ),
    )
    scope = forms.CharField(label=_("What is permitted, for what and for whom"), widget=_Longer())
    version = forms.ModelChoiceField(
        label=_("Llama version"),
        queryset=LlamaVersion.objects.order_by("-position"),
        to_field_name="slug",
        required=False,
        empty_label=_("Every version"),
    )
    granted_on = forms.DateField(label=_("Granted on"), widget=DayInput())
    expires_on = forms.DateField(label=_("Last day"), widget=DayInput(), required=False)
    renews = _EarlierPermission(
        label=_("Which permission this renews"),
        queryset=Permission.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("It takes the place of that one from its first day on. Reviews that rest on that one start anew."),
    )
    document = forms.FileField(label=_("Document"), required=False)

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["renews"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = entity.permissions.order_by("-granted_on", "-pk")
        if not field.queryset.exists():
            del self.fields["renews"]

    def clean(self) -> dict[str, Any]:
        """The items that a permitted use names become part of what it covers."""
        cleaned = super().clean() or {}
        named = [one.removeprefix("AUP").strip() for one in re.split(r"[,;]", cleaned.pop("items", ""))]
        items = [one for one in named if one]
        covers = list(cleaned.get("covers", []))
        if items and "use" not in covers:
            self.add_error("items", _("Tick the forbidden use as well, or leave the items out."))
        for item in items:
            if not ITEM.match(item):
                self.add_error("items", _("“%(item)s” is no item of the policy. Write it like 2.a.") % {"item": item})
        if items:
            cleaned["covers"] = [key for key in covers if key != "use"] + [use_of(item) for item in items]
        return cleaned


IN_A_ROW = {"class": "form-control"}  # what crispy gives to fields that it lays out below each other


class KnownAtForm(forms.Form):
    """The day that an entity's page is about, and by what was recorded when."""

    on = forms.DateField(label=_("On"), required=False, widget=DayInput(IN_A_ROW))
    known_on = forms.DateField(label=_("By what was recorded until"), required=False, widget=DayInput(IN_A_ROW))
