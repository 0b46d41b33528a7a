"""Forms of products: the start of a registration, the model, environments and what else the product's page offers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments.models import EntityRole, LegalEntity, Product
from foundation.accounts.models import Team, User
from foundation.accounts.queries import people_with_access, people_with_role
from foundation.accounts.roles import Role

GATE_MODES = [("enforce", _("Enforce")), ("observe", _("Observe: say what enforce would say"))]


class StartForm(forms.Form):
    """The first page of a registration: as little as possible."""

    name = forms.CharField(label=_("Name of the product"), max_length=200)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=None)
    licensee = forms.ModelChoiceField(
        label=_("Which company uses the model?"),
        queryset=LegalEntity.objects.order_by("name"),
        required=False,
        empty_label=_("Not known yet"),
        help_text=_("The licensee: its place of business, users and acceptance count (LICENSE, preamble and 2)."),
    )

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Team.objects.filter(pk__in=[team.pk for team in teams]).order_by("name")
        if len(teams) == 1:
            field.initial = teams[0].pk


class CopyForm(StartForm):
    """A registration that begins with another product's answers."""


class ModelIdForm(forms.Form):
    """Which model runs, and where. The version is proposed on the next page, and confirmed there."""

    model_id = forms.CharField(
        label=_("Which model runs?"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("Paste the id as your code or your provider writes it, like meta-llama/Llama-3.1-8B-Instruct."),
    )
    model_unknown = forms.BooleanField(
        label=_("Not known yet"),
        required=False,
        help_text=_("Saved and shown as open. It blocks approval, nothing else."),
    )
    environment = forms.CharField(
        label=_("Where does it run, or shall it run?"),
        max_length=120,
        required=False,
        help_text=_("A name like Production EU."),
    )
    is_production = forms.BooleanField(label=_("This is a production environment"), required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two answers about the model is needed; the blank ends of a pasted id are not."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["model_id"] = str(cleaned.get("model_id") or "").strip()
        if cleaned["model_id"] and cleaned.get("model_unknown"):
            self.add_error("model_unknown", _("Write the model id or tick “not known yet”, not both."))
        if not cleaned["model_id"] and not cleaned.get("model_unknown"):
            self.add_error("model_id", _("Paste the model id, or tick “not known yet”."))
        return cleaned


class ComponentForm(forms.Form):
    """A further place for a model."""

    name = forms.CharField(
        label=_("Name of the component"),
        max_length=120,
        help_text=_("What the model does there: chat model, safeguard, canary."),
    )


class EnvironmentForm(forms.Form):
    """A further environment."""

    name = forms.CharField(label=_("Name of the environment"), max_length=120, help_text=_("Like Production EU."))
    is_production = forms.BooleanField(label=_("This is a production environment"), required=False)
    gate_mode = forms.ChoiceField(
        label=_("The gate"),
        choices=GATE_MODES,
        initial="enforce",
        help_text=_("In production only an administrator can let the gate merely observe."),
    )


class GateModeForm(forms.Form):
    """How strictly the gate treats an environment."""

    gate_mode = forms.ChoiceField(label=_("The gate"), choices=GATE_MODES, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class EntityRoleForm(forms.Form):
    """An entity's role in the product."""

    entity = forms.ModelChoiceField(
        label=_("Legal entity"), queryset=LegalEntity.objects.order_by("name"), empty_label=_("Choose")
    )
    role = forms.ChoiceField(label=_("Role"), choices=EntityRole.choices)


class RenameForm(forms.Form):
    """Another name for the product."""

    name = forms.CharField(label=_("Name of the product"), max_length=200)


class OwnerForm(forms.Form):
    """Another owner for the product."""

    owner = forms.ModelChoiceField(label=_("New owner"), queryset=User.objects.none(), empty_label=_("Choose"))

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people_with_role(Role.PRODUCT_OWNER, team=product.team_id).order_by("name", "pk")


class RetireForm(forms.Form):
    """Retire a product: a step that is not undone."""

    reason = forms.CharField(label=_("Why is it retired?"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    confirm = forms.BooleanField(
        label=_("I know that nothing of it may run from now on, and that its facts can no longer be changed"),
        error_messages={"required": _("Tick the box to retire the product.")},
    )


class AskForm(forms.Form):
    """Ask a colleague for one answer."""

    asked_of = forms.ModelChoiceField(
        label=_("Whom do you ask?"), queryset=User.objects.none(), empty_label=_("Choose")
    )
    note = forms.CharField(
        label=_("What would you like to know?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They see the product and may answer this question, and nothing else."),
    )

    def __init__(self, *args: Any, asker: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["asked_of"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people_with_access().exclude(pk=asker.pk).order_by("name", "pk")
