"""The list of products, its CSV, and the small forms of the product's page."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deployments import access, policies
from deployments.actions.components import add_component
from deployments.actions.environments import add_deployment, set_gate_mode
from deployments.actions.observations import record_attribution_sighting, record_current_mau
from deployments.actions.products import (
    change_owner,
    remove_entity_role,
    rename_product,
    set_entity_role,
)
from deployments.addresses import model_url, product_url, registration_url
from deployments.forms.products import (
    ComponentForm,
    EntityRoleForm,
    EnvironmentForm,
    GateModeForm,
    OwnerForm,
    RenameForm,
)
from deployments.forms.records import CurrentUsersForm, SightingForm
from deployments.models import EntityRole, LegalEntity, Product, ProductEntity, ProductState
from deployments.queries import ProductFilters, product_list, product_rows, versions_of
from deployments.views.form_page import form_page, posted, uploaded
from deployments.views.say_recorded import say_recorded
from deployments.views.uploads import keep
from foundation.accounts.access import person_of
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.accounts.queries import memberships_of, sees_whole_company, team_choices
from foundation.audit.references import parse_reference
from foundation.files.spreadsheet import plain_cell
from licences.queries import version_choices

PAGE_SIZE = 25


@require_safe
@login_required
def product_list_page(request: HttpRequest) -> HttpResponse:
    """Products with their filters, 25 to a page."""
    person = person_of(request)
    filters = ProductFilters.from_query(request.GET)
    page = Paginator(product_list(person, filters), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "rows": product_rows(cast("QuerySet[Product]", page.object_list)),
        "filters": filters,
        "filtered": filters != ProductFilters(),
        "states": (("", _("All")), *ProductState.choices),
        "versions": version_choices()[::-1],
        "teams": _teams_of(person),
        "may_register": policies.may_register(person),
        "csv_url": f"{reverse('deployments:product-csv')}?{query.urlencode()}",
    }
    return render(request, "deployments/product_list.html", context)


def _teams_of(person: User) -> tuple[tuple[str, str], ...]:
    """Code and name of every team whose products the person may see, by name."""
    if sees_whole_company(person):
        return team_choices()
    mine = {(held.team.code, held.team.name) for held in memberships_of(person) if held.team}
    return tuple(sorted(mine, key=lambda team: team[1]))


@require_safe
@login_required
def product_csv(request: HttpRequest) -> HttpResponse:
    """Exactly the rows that the filters leave, on all pages."""
    rows = product_rows(product_list(person_of(request), ProductFilters.from_query(request.GET)))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="products.csv"'
    writer = csv.writer(response)
    writer.writerow(["reference", "name", "state", "team", "owner", "licensee", "versions", "models", "unresolved"])
    for row in rows:
        writer.writerow(
            [
                row.reference,
                plain_cell(row.name),
                row.state,
                plain_cell(row.team),
                plain_cell(row.owner),
                plain_cell(row.licensee),
                plain_cell("; ".join(row.versions)),
                plain_cell("; ".join(row.models)),
                "yes" if row.unresolved else "no",
            ]
        )
    return response


def _on_product(
    request: HttpRequest,
    product: Product,
    *,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    title: str,
    submit: str,
    intro: str = "",
    done: str = "",
    danger: bool = False,
    back_to: str = "",
    links: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """A form that belongs to a product and leads back to its page."""
    address = back_to or product_url(product)

    def go(entered: dict[str, Any]) -> str:
        act(entered)
        return address

    return form_page(
        request,
        form=form,
        act=go,
        title=title,
        intro=intro,
        submit=submit,
        done=done,
        danger=danger,
        links=links,
        back_url=address,
        back_label=product.name,
    )


@require_http_methods(["GET", "POST"])
@login_required
def rename(request: HttpRequest, reference: str) -> HttpResponse:
    """Another name; it makes no approval stale."""
    person, product = _editable(request, reference)
    return _on_product(
        request,
        product,
        form=RenameForm(posted(request), initial={"name": product.name}),
        act=lambda entered: rename_product(product=product, name=entered["name"], by=person),
        title=_("Rename the product"),
        intro=_("A name is no material fact: approvals stay as they are."),
        submit=_("Rename"),
        done=_("The product has its new name."),
    )


@require_http_methods(["GET", "POST"])
@login_required
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Another owner."""
    person = person_of(request)
    product = access.get_product_for(person, reference)
    require(policies.may_change_owner(person, product))
    return _on_product(
        request,
        product,
        form=OwnerForm(posted(request), product=product, initial={"owner": product.owner_id}),
        act=lambda entered: change_owner(product=product, owner=entered["owner"], by=person),
        title=_("Hand the product over"),
        submit=_("Hand over"),
        done=_("The product has its new owner."),
    )


@require_http_methods(["GET", "POST"])
@login_required
def entity_role(request: HttpRequest, reference: str) -> HttpResponse:
    """Which entities stand behind the product, and in which role. Only their names are shown here."""
    person, product = _editable(request, reference)
    rows = list(ProductEntity.objects.filter(product=product).select_related("entity").order_by("pk"))
    licensee = next((row.entity_id for row in rows if row.role == EntityRole.LICENSEE), None)
    return _on_product(
        request,
        product,
        form=EntityRoleForm(posted(request), initial={"entity": licensee, "role": EntityRole.LICENSEE}),
        act=lambda entered: set_entity_role(product=product, entity=entered["entity"], role=entered["role"], by=person),
        title=_("Companies behind the product"),
        intro="; ".join(f"{row.entity.name}: {row.get_role_display()}" for row in rows)
        or _("The licensee is the company whose rights are examined (LICENSE, preamble)."),
        submit=_("Save"),
        done=_("The company’s role is saved."),
        back_to=registration_url(product) if product.state == "draft" else "",
        links=[
            (
                _("Remove %(name)s as %(role)s") % {"name": row.entity.name, "role": row.get_role_display()},
                reverse("deployments:entity-role-remove", args=[product.reference, row.entity.reference, row.role]),
            )
            for row in rows
            if row.role != EntityRole.LICENSEE
        ],
    )


@require_http_methods(["GET", "POST"])
@login_required
def entity_role_remove(request: HttpRequest, reference: str, entity: str, role: str) -> HttpResponse:
    """Take a role from a company, after asking once more."""
    person, product = _editable(request, reference)
    row = (
        ProductEntity.objects.filter(product=product, role=role, entity_id=_entity_key(entity))
        .select_related("entity")
        .first()
    )
    if row is None:
        raise Http404(_("This company does not have this role."))
    return _on_product(
        request,
        product,
        form=forms.Form(posted(request)),
        act=lambda entered: remove_entity_role(product=product, entity=row.entity, role=role, by=person),
        title=_("Remove %(name)s as %(role)s") % {"name": row.entity.name, "role": row.get_role_display()},
        submit=_("Remove"),
        done=_("The company no longer has this role."),
    )


def _entity_key(reference: str) -> int | None:
    return parse_reference(reference, LegalEntity.prefix)


@require_http_methods(["GET", "POST"])
@login_required
def component_add(request: HttpRequest, reference: str) -> HttpResponse:
    """A further place for a model; its model is asked next."""
    person, product = _editable(request, reference)

    def add(entered: dict[str, Any]) -> str:
        component = add_component(product=product, name=entered["name"], by=person)
        return model_url(component)

    return form_page(
        request,
        form=ComponentForm(posted(request)),
        act=add,
        title=_("Add a component"),
        submit=_("Save and continue"),
        back_url=product_url(product),
        back_label=product.name,
    )


@require_http_methods(["GET", "POST"])
@login_required
def environment_add(request: HttpRequest, reference: str) -> HttpResponse:
    """A further environment. It lies in no earlier approval's scope, so the gate denies it until one covers it."""
    person, product = _editable(request, reference)
    return _on_product(
        request,
        product,
        form=EnvironmentForm(posted(request)),
        act=lambda entered: add_deployment(product=product, by=person, **entered),
        title=_("Add an environment"),
        intro=_("No earlier approval covers a new environment: the gate denies it until one does."),
        submit=_("Add"),
        done=_("The environment is added."),
    )


@require_http_methods(["GET", "POST"])
@login_required
def gate_mode(request: HttpRequest, reference: str) -> HttpResponse:
    """Whether the gate enforces in an environment or only observes."""
    person = person_of(request)
    deployment = access.get_deployment_for(person, reference)
    product = deployment.product
    require(policies.may_set_gate_mode(person, product, is_production=deployment.is_production, gate_mode="enforce"))
    return _on_product(
        request,
        product,
        form=GateModeForm(posted(request), initial={"gate_mode": deployment.gate_mode}),
        act=lambda entered: set_gate_mode(deployment=deployment, by=person, **entered),
        title=_("The gate in %(name)s") % {"name": deployment.name},
        submit=_("Save"),
        done=_("The gate’s mode is saved."),
    )


@require_http_methods(["GET", "POST"])
@login_required
def sighting(request: HttpRequest, reference: str) -> HttpResponse:
    """Say whether the attribution was there on a day."""
    person = person_of(request)
    component = access.get_component_for(person, reference)
    product = component.product
    require(policies.may_record_observation(person, product))

    def save(entered: dict[str, Any]) -> None:
        seen = record_attribution_sighting(
            component=component, by=person, **{**entered, "document": keep(entered["document"])}
        )
        say_recorded(request, seen, versions_of(component))

    return _on_product(
        request,
        product,
        form=SightingForm(posted(request), uploaded(request), product=product),
        act=save,
        title=_("Record a sighting of the attribution"),
        intro=_("What was seen on a day. It changes no declared fact and makes no approval stale."),
        submit=_("Record"),
    )


@require_http_methods(["GET", "POST"])
@login_required
def current_users(request: HttpRequest, reference: str) -> HttpResponse:
    """Record today's monthly active users beside the facts."""
    person = person_of(request)
    component = access.get_component_for(person, reference)
    require(policies.may_record_observation(person, component.product))
    return _on_product(
        request,
        component.product,
        form=CurrentUsersForm(posted(request)),
        act=lambda entered: record_current_mau(component=component, by=person, **entered),
        title=_("Record monthly active users"),
        intro=_(
            "LICENSE 2 tests one month per version, over the whole group. This figure is kept beside it, for counsel."
        ),
        submit=_("Record"),
        done=_("The figure is recorded."),
    )


def _editable(request: HttpRequest, reference: str) -> tuple[User, Product]:
    person = person_of(request)
    product = access.get_product_for(person, reference)
    require(policies.may_edit_product(person, product))
    return person, product
