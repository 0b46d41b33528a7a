"""Ask what a model id is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licences import side_by_side
from licences.forms.asking import ModelNameForm
from licences.governing_terms import governing_terms_of
from licences.model_names import Proposal, Status
from licences.queries import proposal_for
from licences.rule_words import rule_in_words
from licences.terms_now import versions_now

VERDICTS = {
    Status.RESOLVED: ("info", "circle-question-mark"),
    Status.CONFLICT: ("warn", "triangle-alert"),
    Status.ASK: ("warn", "circle-question-mark"),
    Status.NOT_LLAMA: ("mute", "circle-slash"),
}


@require_safe
@login_required
def model_name(request: HttpRequest) -> HttpResponse:
    """What a model id points to, by which rule and how surely. Nothing is stored."""
    form = ModelNameForm(request.GET if "id" in request.GET else None)
    answer = _answer(proposal_for(form.cleaned_data["id"])) if form.is_bound and form.is_valid() else None
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "licences/model_name.html", {"form": form, "answer": answer}, status=status)


def _answer(proposal: Proposal) -> dict[str, Any]:
    by_slug = {version.slug: (version, terms) for version, terms in versions_now()}
    found = [by_slug[slug] for slug in proposal.versions if slug in by_slug]
    tone, icon = VERDICTS[proposal.status]
    return {
        "proposal": proposal,
        "rule": rule_in_words(proposal.rule),
        "governing": governing_terms_of(proposal.raw),
        "governing_versions": [(one.slug, one.name) for one, _terms in found if proposal.names_versions],
        "title": _title(proposal, [version.name for version, _terms in found]),
        "tone": tone,
        "icon": icon,
        "versions": [{"version": one, "facts": _facts(terms)} for one, terms in found],
        "confidence": {"high": _("High"), "medium": _("Medium"), "low": _("Low")}[proposal.confidence],
        "multimodal": {True: _("Yes"), False: _("No"), None: _("The name does not say")}[proposal.multimodal],
    }


def _title(proposal: Proposal, names: list[str]) -> str:
    if proposal.status == Status.RESOLVED:
        return _("Probably %(version)s") % {
            "version": names[0] if names else _("the first LLaMA, which has no Community Licence")
        }
    if proposal.status == Status.CONFLICT:
        return _("The sources disagree: %(versions)s") % {"versions": _(" or ").join(names)}
    if proposal.status == Status.NOT_LLAMA:
        return _("Not Llama, by its name")
    return _("The name does not tell")


def _facts(terms: Any) -> list[tuple[str, side_by_side.Fact]]:
    return [
        (_("Display"), side_by_side.display(terms)),
        (_("Name of derived models"), side_by_side.name_prefix(terms)),
        (_("EU paragraph"), side_by_side.eu_paragraph(terms)),
    ]
