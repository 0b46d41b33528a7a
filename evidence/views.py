"""Pages of records: find them, read how to verify them, take them away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from evidence.access import get_pack, get_recorded_review
from evidence.actions import MEDIA_TYPES, record_download, request_pack
from evidence.bundle import zip_of_zips
from evidence.errors import EvidenceError
from evidence.findings import findings_in
from evidence.listing import csv_lines
from evidence.models import EvidencePack
from evidence.policies import may_request_pack
from evidence.queries import (
    MOST_TOGETHER,
    PAGE_SIZE,
    RECORDED_STATES,
    RecordFilters,
    administrators,
    entity_choices,
    latest_job,
    packs_for,
    record_list,
    unbuilt_reviews,
)
from foundation.accounts.access import person_of
from foundation.files import store
from foundation.files.errors import FileError
from foundation.files.models import Blob
from foundation.jobs.models import Job
from foundation.keys import authority
from licences.models import LlamaVersion
from reviews.queries import standings_of_reviews
from reviews.standing import ApprovalStanding, Standing

UNBUILT_SHOWN = 5
_SAID_BY_THE_DECISION = (Standing.SUSPENDED, Standing.REVOKED, Standing.TERMINATED)
Response = TypeVar("Response", bound=HttpResponseBase)


@login_required
@require_GET
def record_list_page(request: HttpRequest) -> HttpResponse:
    """Find records by product, entity, version, dates, person and state."""
    person = person_of(request)
    filters = RecordFilters.from_query(request.GET)
    page = Paginator(record_list(person, filters), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    standings = standings_of_reviews({pack.review.reference for pack in shown}, timezone.now())
    context = {
        "filters": filters,
        "page": page,
        "rows": [(pack, _standing_word(standings.get(pack.review.reference))) for pack in shown],
        "query": urlencode({key: value for key, value in request.GET.items() if key != "page" and value}),
        "states": [(state.value, state.label) for state in RECORDED_STATES],
        "versions": LlamaVersion.objects.all(),
        "entities": entity_choices(person),
        "unbuilt": unbuilt_reviews(person)[:UNBUILT_SHOWN],
        "most_together": MOST_TOGETHER,
    }
    return render(request, "evidence/list.html", context)


@login_required
@require_GET
def record_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered list as CSV."""
    found = record_list(person_of(request), RecordFilters.from_query(request.GET))
    response = StreamingHttpResponse(csv_lines(found.iterator(chunk_size=500)), content_type="text/csv; charset=utf-8")
    return _as_attachment(response, "records.csv")


@login_required
@require_GET
def record_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One record: what it proves, its digests, and how to verify it; or how far its making is."""
    person = person_of(request)
    review = get_recorded_review(person, reference)
    packs = list(EvidencePack.objects.filter(review=review).select_related("record", "pdf", "archive"))
    job = latest_job(review)
    standing = standings_of_reviews([review.reference], timezone.now()).get(review.reference)
    context: dict[str, Any] = {
        "review": review,
        "standing_word": _standing_word(standing),
        "standing_reasons": standing.reasons if standing is not None else [],
        "product": review.component.product,
        "packs": packs,
        "may_request": may_request_pack(person, review),
        "making": job if job is not None and job.state in {Job.State.QUEUED, Job.State.RUNNING} else None,
        "given_up": job if job is not None and job.state == Job.State.DEAD else None,
    }
    if context["given_up"]:
        context["administrators"] = administrators()
    if packs:
        context |= _of_record(packs[0])
    return render(request, "evidence/record_page.html", context)


@login_required
@require_POST
def build(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the record, or for the next edition of it."""
    person = person_of(request)
    review = get_recorded_review(person, reference)
    try:
        request_pack(review=review, by=person)
    except EvidenceError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The record is being made. Reload this page in a moment."))
    return redirect("evidence:record", reference=review.reference)


@login_required
@require_GET
def download(request: HttpRequest, reference: str, edition: int, form: str) -> HttpResponseBase:
    """Take one record away, as a pack, a PDF or JSON."""
    person = person_of(request)
    if form not in MEDIA_TYPES:
        raise Http404("A record is there as zip, pdf or json.")
    pack = get_pack(person, reference, edition)
    blob: Blob = {"zip": pack.archive, "pdf": pack.pdf, "json": pack.record}[form]
    try:
        data = store.read(blob.sha256)  # a file that was changed on the disk is never handed out as evidence
    except FileError as error:
        messages.error(request, str(error))
        return redirect("evidence:record", reference=reference)
    record_download(packs=[pack], by=person, form=form)
    name = f"{pack.review.reference}.{form}" if edition == 1 else f"{pack.review.reference}-edition-{edition}.{form}"
    return _as_attachment(HttpResponse(data, content_type=MEDIA_TYPES[form]), name)


@login_required
@require_POST
def download_many(request: HttpRequest) -> HttpResponseBase:
    """Take the ticked records away together."""
    person = person_of(request)
    keys = {int(key) for key in request.POST.getlist("pack") if key.isascii() and key.isdigit() and len(key) < 19}
    packs = list(packs_for(person).filter(pk__in=keys).select_related("review", "archive").order_by("pk"))
    problem = ""
    missing = [pack.review.reference for pack in packs if not store.path_of(pack.archive_id).is_file()]
    if not packs:
        problem = _("Tick the records that you want to download together.")
    elif len(packs) > MOST_TOGETHER:
        problem = _("Tick at most %(number)s records at a time.") % {"number": MOST_TOGETHER}
    elif missing:
        problem = _(
            "The file of %(records)s is missing: ask whoever runs the portal to restore it from the backup."
        ) % {"records": ", ".join(missing)}
    if problem:
        messages.error(request, problem)
        return redirect("evidence:records")
    record_download(packs=packs, by=person, form="zip of zips")
    members = [
        (f"{pack.review.reference}-edition-{pack.edition}.zip", store.path_of(pack.archive_id), pack.built_at)
        for pack in packs
    ]
    pieces: Iterator[bytes] = zip_of_zips(members)
    return _as_attachment(StreamingHttpResponse(pieces, content_type="application/zip"), "records.zip")


@login_required
@require_GET
def root_certificate(request: HttpRequest) -> HttpResponse:
    """The root certificate, to import after comparing its fingerprint."""
    response = HttpResponse(authority.root_certificate_pem(), content_type="application/x-pem-file")
    return _as_attachment(response, "root.pem")


def _standing_word(standing: ApprovalStanding | None) -> str:
    """What to show beside the decision: nothing while the approval is in force, or where the decision says it all."""
    if standing is None or standing.standing in {Standing.IN_FORCE, *_SAID_BY_THE_DECISION}:
        return ""
    return standing.standing


def _of_record(pack: EvidencePack) -> dict[str, Any]:
    """What the page shows of the newest record, read from the record itself."""
    document = json.loads(store.read(pack.record_id))
    return {
        "pack": pack,
        "record": document,
        "decision": document["decision"],
        "signatures": [one for one in document["signatures"] if one["of_last_round"]],
        "findings_number": len(findings_in((document["findings"] or {}).get("document"))),
        "pdf_file": f"review-{document['review']}.pdf",
        "fingerprint": bytes.fromhex(pack.root_fingerprint).hex(":").upper(),
        "root_is_current": pack.root_fingerprint.upper() == authority.root_fingerprint().replace(":", ""),
    }


def _as_attachment(response: Response, name: str) -> Response:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
