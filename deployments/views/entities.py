"""Legal entities: the list, one entity as known on a day, and a page per kind of fact to record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from deployments import access, policies
from deployments.actions import entities as actions
from deployments.forms import entities as entity_forms
from deployments.models import Affiliation, EntityKind, LegalEntity
from deployments.queries import entity_list, entity_page, entity_versions
from deployments.views.form_page import form_page, posted, uploaded
from deployments.views.uploads import keep
from foundation.accounts.access import person_of
from foundation.accounts.company_day import company_day, end_of_day
from foundation.accounts.policy import require
from licences.facts_places import country_name


@require_safe
@login_required
def entity_list_page(request: HttpRequest) -> HttpResponse:
    """The companies of the group."""
    person = person_of(request)
    require(policies.may_see_entities(person))
    rows = [
        (one, country_name(one.entity.country), country_name(one.place) if one.place else "") for one in entity_list()
    ]
    return render(
        request, "deployments/entity_list.html", {"rows": rows, "may_keep": policies.may_keep_entities(person)}
    )


@require_http_methods(["GET", "POST"])
@login_required
def entity_add(request: HttpRequest) -> HttpResponse:
    """A further company."""
    person = person_of(request)
    require(policies.may_keep_entities(person))

    def add(entered: dict[str, Any]) -> str:
        return _entity_url(actions.create_entity(by=person, **entered))

    return form_page(
        request,
        form=entity_forms.EntityForm(posted(request)),
        act=add,
        title=_("Add a legal entity"),
        submit=_("Add"),
        done=_("The entity is added. Record its facts next."),
        back_url=reverse("deployments:entity-list"),
        back_label=_("Legal entities"),
    )


@require_safe
@login_required
def entity(request: HttpRequest, reference: str) -> HttpResponse:
    """What was recorded of an entity, as it stood on a day and as it was known until another."""
    person = person_of(request)
    row = access.get_entity_for(person, reference)
    form = entity_forms.KnownAtForm(request.GET or None)
    entered = form.cleaned_data if form.is_valid() else {}
    today = company_day(timezone.now())
    known_on = entered.get("known_on")
    known_at = end_of_day(known_on) if known_on and known_on < today else timezone.now()
    page = entity_page(row, on=entered.get("on") or today, known_at=known_at)
    context = {
        "entity": row,
        "page": page,
        "registered_in": country_name(row.country),
        "place": country_name(page.place.country) if page.place else "",
        "place_title": _("Domicile") if row.kind == EntityKind.INDIVIDUAL else _("Principal place of business"),
        "places": [(one, country_name(one.country)) for one in page.places],
        "versions": entity_versions(page),
        "as_of_form": form if form.is_bound else entity_forms.KnownAtForm(),
        "looks_back": bool(entered.get("on") or entered.get("known_on")),
        "on": entered.get("on") or today,
        "may_keep": policies.may_keep_entities(person),
    }
    return render(request, "deployments/entity.html", context)


@dataclass(frozen=True)
class Recording:
    """A kind of fact that legal records: its form, its action and its words."""

    form: Callable[..., forms.Form]
    act: Callable[..., object]
    title: str | Promise
    intro: str | Promise = ""


RECORDINGS = {
    "kind": Recording(
        entity_forms.KindForm,
        actions.correct_kind,
        gettext_lazy("Correct the kind of entity"),
        gettext_lazy("Findings follow the kind: approvals that rest on the other one go stale."),
    ),
    "place": Recording(
        entity_forms.PlaceForm,
        actions.record_principal_place,
        gettext_lazy("Record the principal place of business"),
        gettext_lazy("The earlier one stays in the history, with its days."),
    ),
    "affiliation": Recording(
        entity_forms.AffiliationForm, actions.record_affiliation, gettext_lazy("Record an affiliation")
    ),
    "mau": Recording(
        entity_forms.MauForm,
        actions.record_mau,
        gettext_lazy("Record monthly active users"),
        gettext_lazy("Each version tests the month before its release. For each month the newest figure counts."),
    ),
    "acceptance": Recording(
        entity_forms.AcceptanceForm,
        actions.record_acceptance,
        gettext_lazy("Record an acceptance"),
        gettext_lazy("“Not evidenced” is an honest answer: it is shown, and counsel judges it (LICENSE, preamble)."),
    ),
    "litigation": Recording(
        entity_forms.LitigationForm, actions.record_litigation, gettext_lazy("Record the statement on proceedings")
    ),
    "permission": Recording(
        entity_forms.PermissionForm, actions.record_permission, gettext_lazy("Record a permission")
    ),
}


@require_http_methods(["GET", "POST"])
@login_required
def entity_record(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """Record one dated fact; it becomes a row of its own and replaces nothing."""
    person = person_of(request)
    row = access.get_entity_for(person, reference)
    require(policies.may_keep_entities(person))
    recording = RECORDINGS.get(kind)
    if recording is None:
        raise Http404(_("There is no such fact to record."))
    about = {"entity": row} if kind in {"affiliation", "litigation", "permission"} else {}
    form = recording.form(posted(request), uploaded(request), initial=_initial(request), **about)

    def save(entered: dict[str, Any]) -> str:
        if "document" in entered:
            entered = {**entered, "document": keep(entered["document"])}
        recording.act(entity=row, by=person, **entered)
        return _entity_url(row)

    return form_page(
        request,
        form=form,
        act=save,
        title=str(recording.title),
        intro=str(recording.intro),
        submit=_("Record"),
        done=_("It is recorded."),
        back_url=_entity_url(row),
        back_label=row.name,
    )


@require_http_methods(["GET", "POST"])
@login_required
def affiliation_end(request: HttpRequest, reference: str, key: int) -> HttpResponse:
    """Record the end of an affiliation."""
    person = person_of(request)
    row = access.get_entity_for(person, reference)
    require(policies.may_keep_entities(person))
    affiliation = Affiliation.objects.select_related("entity", "affiliate").filter(pk=key).first()
    if affiliation is None or row.pk not in {affiliation.entity_id, affiliation.affiliate_id}:
        raise Http404(_("There is no such affiliation."))

    def end(entered: dict[str, Any]) -> str:
        actions.end_affiliation(affiliation=affiliation, by=person, **entered)
        return _entity_url(row)

    return form_page(
        request,
        form=entity_forms.EndAffiliationForm(posted(request)),
        act=end,
        title=_("End the affiliation of %(one)s and %(other)s")
        % {"one": affiliation.entity.name, "other": affiliation.affiliate.name},
        submit=_("Record the end"),
        done=_("The end is recorded."),
        back_url=_entity_url(row),
        back_label=row.name,
    )


def _initial(request: HttpRequest) -> dict[str, str]:
    """What the entity's page hands over, so that a lawyer need not type the month or the version again."""
    return {key: request.GET[key] for key in ("month", "version") if key in request.GET}


def _entity_url(entity: LegalEntity) -> str:
    return reverse("deployments:entity", args=[entity.reference])
