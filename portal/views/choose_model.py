"""Choose the model of a component. The name proposes a version with its rule; a person confirms; a review opens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from deployments.access import get_component_for
from deployments.errors import DeploymentError
from deployments.policies import may_edit_product
from foundation.accounts.access import person_of
from foundation.accounts.policy import require
from licences.governing_terms import governing_terms_of
from licences.model_names import Proposal
from licences.models import LlamaVersion
from licences.queries import proposal_for
from licences.rule_words import rule_in_words
from reviews.actions.choose_version import choose_version
from reviews.errors import ReviewError

NOT_KNOWN = "unknown"


class ModelForm(forms.Form):
    """The model id, and after it the version that the person confirms."""

    model_id = forms.CharField(
        label=gettext_lazy("Which model runs?"),
        max_length=300,
        help_text=gettext_lazy("Paste the id as your code or your provider writes it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Paste the model’s id, as your code or your provider writes it.")},
    )
    version = forms.ChoiceField(
        label=gettext_lazy("Which Llama version is that?"),
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the versions offered.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((version.slug, version.name) for version in LlamaVersion.objects.all()),
            (NOT_KNOWN, _("Not known yet: keep the name, ask about it later")),
        ]


def _confirmation(model_id: str, proposal: Proposal) -> ModelForm:
    """The form with the proposed version ticked, where the name says which it is."""
    proposed = proposal.versions[0] if proposal.status == "resolved" and proposal.versions else ""
    return ModelForm(initial={"model_id": model_id, "version": proposed})


@login_required
@require_http_methods(["GET", "POST"])
def choose_model(request: HttpRequest, reference: str) -> HttpResponse:
    """One page in two looks: the id is looked up first, then the proposal is confirmed. Both are plain forms."""
    person = person_of(request)
    component = get_component_for(person, reference)
    require(may_edit_product(person, component.product))
    current = component.model_sheets.select_related("version").order_by("-chosen_at").first()
    known = request.GET.get("model", "").strip()[:300]
    form = ModelForm(request.POST or None, initial={"model_id": known or (current.raw_model_id if current else "")})
    proposal = None
    status = 200
    if request.method == "GET" and known:  # the registration asked for the id on the page before
        proposal = proposal_for(known)
        form = _confirmation(known, proposal)
    if request.method == "POST" and form.is_valid():
        raw = form.cleaned_data["model_id"].strip()
        proposal = proposal_for(raw)
        chosen = form.cleaned_data["version"]
        if chosen and request.POST.get("action") == "confirm":
            version = LlamaVersion.objects.filter(slug=chosen).first()
            try:
                sheet, review = choose_version(component=component, raw_model_id=raw, version=version, by=person)
            except (ReviewError, DeploymentError) as error:
                form.add_error(None, str(error))
                status = 422
            else:
                if review is not None:
                    messages.success(
                        request, _("%(review)s is open: it was opened by this choice.") % {"review": review.reference}
                    )
                return redirect("deployments:register-model", sheet.reference)
        elif request.POST.get("action") == "confirm":
            form.add_error("version", _("Choose the version, or “not known yet”."))
            status = 422
        else:
            form = _confirmation(raw, proposal)
    elif request.method == "POST":
        status = 422
    names = dict(LlamaVersion.objects.values_list("slug", "name"))
    context = {
        "component": component,
        "product": component.product,
        "form": form,
        "proposal": proposal,
        "proposed_names": [names.get(slug, slug) for slug in proposal.versions] if proposal else [],
        "current": current,
        "rule": rule_in_words(proposal.rule) if proposal else "",
        "governing": governing_terms_of(proposal.raw) if proposal else None,
        "governing_versions": [(slug, names[slug]) for slug in proposal.versions if slug in names]
        if proposal and proposal.names_versions
        else [],
    }
    return render(request, "portal/choose_model.html", context, status=status)
