"""Forms of what is recorded once and never edited: rollouts, sightings, what a stop duty asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.forms.days import DayInput, InstantInput
from deployments.models import Component, Deployment, Product
from licences.models import LlamaVersion

FIRST_YEAR = 2023  # of the first Llama models
INSTANT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


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
    effective_at = forms.DateTimeField(
        label=_("Since when"),
        widget=InstantInput(),
        input_formats=INSTANT_FORMATS,
        help_text=_("When it took effect, in your time zone. When it was recorded is noted by itself."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, component: Component, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["deployment"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Deployment.objects.filter(product_id=component.product_id).order_by("pk")

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
