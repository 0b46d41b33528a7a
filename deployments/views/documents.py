"""The documents behind entities, sightings and stop duties. Who may see the object may have what was uploaded to it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from deployments import access
from deployments.addresses import product_url
from deployments.models import Acceptance, Observation, Permission
from foundation.accounts.access import person_of
from foundation.accounts.actors import actor_for
from foundation.audit.references import parse_reference
from foundation.files.errors import FileError
from foundation.files.models import Blob
from foundation.files.serving import hand_out


@login_required
@require_GET
def acceptance_document(request: HttpRequest, reference: str, key: int) -> HttpResponse:
    """What shows that an agreement was accepted."""
    entity = access.get_entity_for(person_of(request), reference)
    row = Acceptance.objects.filter(entity=entity, pk=key).select_related("document").first()
    back = reverse("deployments:entity", args=[entity.reference])
    return _document(request, row, f"{entity.reference}-acceptance-{key}", entity.reference, back=back)


@login_required
@require_GET
def permission_document(request: HttpRequest, reference: str, permission: str) -> HttpResponse:
    """A grant, or what shows that the text's exception applies."""
    entity = access.get_entity_for(person_of(request), reference)
    key = parse_reference(permission, Permission.prefix) or 0  # no row has this key
    row = Permission.objects.filter(entity=entity, pk=key).select_related("document").first()
    subject = row.reference if row else ""
    back = reverse("deployments:entity", args=[entity.reference])
    return _document(request, row, subject, subject, entity.reference, back=back)


@login_required
@require_GET
def sighting_document(request: HttpRequest, reference: str, key: int) -> HttpResponse:
    """The picture or copy that came with a sighting."""
    product = access.get_product_for(person_of(request), reference)
    row = Observation.objects.filter(component__product=product, pk=key).select_related("component", "document").first()
    component = row.component.reference if row else ""
    name = f"{component}-sighting-{key}"
    return _document(request, row, name, component, product.reference, back=product_url(product))


@login_required
@require_GET
def stop_item_document(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """The proof of one thing that a stop duty lists, its certificate above all."""
    duty = access.get_stop_duty_for(person_of(request), reference)
    row = duty.items.filter(kind=kind).select_related("document").first()
    back = reverse("deployments:stop-duty", args=[duty.reference])
    product = duty.component.product.reference
    return _document(request, row, f"{duty.reference}-{kind}", duty.reference, product, back=back)


def _document(request: HttpRequest, row: object, name: str, subject: str, *related: str, back: str) -> HttpResponse:
    """The document of a row, as a download and a line in the log; a damaged file is a sentence on the page before."""
    blob: Blob | None = getattr(row, "document", None)
    if blob is None:
        raise Http404(_("There is no such document."))
    try:
        return hand_out(blob, name=name, actor=actor_for(person_of(request)), subject=subject, related=related)
    except FileError as error:
        messages.error(request, str(error))
        return redirect(back)
