"""Forms of what is recorded once and never edited: rollouts, sightings, what a stop duty asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.forms.days import DayInput, InstantField
from deployments.models import Component, Deployment, Product
from licences.models import LlamaVersion

FIRST_YEAR = 2023  # of the first Llama models


class RolloutForm(forms.Form):
    """What runs where since when. The page that takes it also looks up the approval, and tells people."""

    deployment = forms.ModelChoiceField(
        label=_("Environment"), queryset=Deployment.objects.none(), empty_label=_("Choose")
    )
    running = forms.TypedChoiceField(
        label=_("What happened?"),
        choices=[("yes", _("This model runs there from then on")), ("no", _("The component stopped there"))],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
    )
    raw_model_id = forms.CharField(label=_("Model id"), max_length=300, required=False)
    version = forms.ModelChoiceField(
        label=_("Llama version"),
        queryset=LlamaVersion.objects.order_by("-position"),
        to_field_name="slug",
        required=False,
        empty_label=_("Not known"),
    )
    effective_at = InstantField(
        label=_("Since when"),
        help_text=_("When it took effect. When it was recorded is noted by itself."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, component: Component, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["deployment"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Deployment.objects.filter(product_id=component.product_id).order_by("pk")

    @staticmethod
    def start(component: Component, environment: str, now: datetime) -> dict[str, Any]:
        """What the form begins with: the environment from which a person came, or the only one; the model that was
        chosen last; now."""
        places = list(component.product.deployments.order_by("pk"))
        here = next((one for one in places if one.reference == environment), places[0] if len(places) == 1 else None)
        chosen = component.model_sheets.select_related("version").filter(version__isnull=False)
        sheet = chosen.order_by("-version_confirmed_at", "-pk").first() or component.model_sheets.last()
        return {
            "deployment": here,
            "raw_model_id": sheet.raw_model_id if sheet else "",
            "version": sheet.version.slug if sheet and sheet.version else None,
            "effective_at": now,
        }

    def clean_effective_at(self) -> datetime:
        entered: datetime = self.cleaned_data["effective_at"]
        if entered.year < FIRST_YEAR:
            raise forms.ValidationError(_("No Llama model existed then. Check the year."))
        return entered

    def rollout(self) -> dict[str, Any]:
        """What was entered, as record_rollout() takes it."""
        names = ("deployment", "version", "raw_model_id", "effective_at", "running", "note")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class CorrectionForm(RolloutForm):
    """A later entry in the place of a wrong one."""

    note = forms.CharField(
        label=_("What was wrong?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The earlier entry stays, with your reason beside it."),
    )

    def __init__(self, *args: Any, component: Component, **kwargs: Any) -> None:
        super().__init__(*args, component=component, **kwargs)
        del self.fields["deployment"]


class SightingForm(forms.Form):
    """What somebody saw of the attribution on a day."""

    observed_on = forms.DateField(label=_("Seen on"), widget=DayInput())
    deployment = forms.ModelChoiceField(
        label=_("Environment"), queryset=Deployment.objects.none(), required=False, empty_label=_("Somewhere else")
    )
    seen = forms.TypedChoiceField(
        label=_("Was it there?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("The words, as you saw them"), required=False, max_length=500)
    address = forms.CharField(label=_("Where"), required=False, max_length=500)
    document = forms.FileField(label=_("Picture or copy"), required=False)

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["deployment"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Deployment.objects.filter(product=product).order_by("pk")


class CurrentUsersForm(forms.Form):
    """Monthly active users of now, kept beside the facts."""

    observed_on = forms.DateField(label=_("Counted on"), widget=DayInput())
    figure = forms.IntegerField(label=_("Monthly active users"), min_value=0)
    text = forms.CharField(label=_("How counted"), required=False, max_length=500)


class StopItemForm(forms.Form):
    """One thing of a stop duty is done."""

    note = forms.CharField(
        label=_("What was done, where, by whom"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    document = forms.FileField(label=_("Proof"), required=False)
