"""Fetch the licence texts from the addresses that the catalogue names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.audit.actors import Actor
from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from foundation.outbound import client
from foundation.outbound.errors import OutboundError, OutboundFailed
from licences.actions.import_text import LARGEST_TEXT, import_text
from licences.errors import LicenceError
from licences.models import LicenceText, LlamaVersion, TextKind
from licences.queries import current_texts, terms_for

FETCH_JOB = "licences.fetch_texts"
SECONDS = 20.0

Get = Callable[[str], client.Response]


@dataclass(frozen=True)
class FetchedText:
    """One address: the text that it gave, or the sentence that says why it gave none."""

    version: LlamaVersion
    kind: TextKind
    address: str
    text: LicenceText | None
    problem: str = ""
    unreachable: bool = False  # nothing answered, so trying again later may help


def get(address: str) -> client.Response:
    """GET one address, through the client that reaches public machines only."""
    return client.fetch(address, max_bytes=LARGEST_TEXT, timeout=SECONDS)


def fetch_texts(*, by: Actor, get: Get = get) -> list[FetchedText]:
    """Ask for every text of every version, and import what comes. A host that does not answer is asked once.

    Where no text is current yet, the copy whose digest the catalogue knows is asked for too: the file at the branch's
    head may have changed since.
    """
    fetched: list[FetchedText] = []
    silent: set[str] = set()
    current = current_texts()
    for version in LlamaVersion.objects.all():
        terms = terms_for(version)
        for kind, addresses in ((TextKind.AGREEMENT, terms.agreement), (TextKind.AUP, terms.aup)):
            known = [] if (version.pk, kind.value) in current else [terms.text(kind.value).source]
            for address in dict.fromkeys([*known, addresses.raw]):
                one = _fetch_one(version, kind, address, by, get, silent)
                fetched.append(one)
                if one.unreachable:
                    silent.add(urlsplit(address).netloc)
    return fetched


@transaction.atomic
def fetch_texts_later() -> Job:
    """Leave the fetching to a worker; asked again within the minute, it is the same job."""
    return enqueue(kind=FETCH_JOB, dedupe=f"{FETCH_JOB}:{timezone.now():%Y-%m-%dT%H:%M}")


def _fetch_one(
    version: LlamaVersion, kind: TextKind, address: str, by: Actor, get: Get, silent: set[str]
) -> FetchedText:
    host = urlsplit(address).netloc
    if host in silent:
        problem = _("not asked again: %(host)s did not answer before.") % {"host": host}
        return FetchedText(version, kind, address, None, problem, unreachable=True)
    try:
        answer = get(address)
    except OutboundError as error:
        return FetchedText(version, kind, address, None, str(error), unreachable=isinstance(error, OutboundFailed))
    if answer.status != 200:
        problem = _("%(host)s answered with status %(status)s. Check the address in the catalogue.") % {
            "host": host,
            "status": answer.status,
        }
        return FetchedText(version, kind, address, None, problem)
    try:
        text = import_text(version=version, kind=kind, data=answer.body, source=address, imported_by=by)
    except LicenceError as error:
        return FetchedText(version, kind, address, None, str(error))
    return FetchedText(version, kind, address, text)
