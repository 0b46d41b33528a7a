"""Fetch the licence texts from the addresses that the catalogue names."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from foundation.audit.actors import Actor
from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from licences.actions.ask_address import Asker, Get, NoAnswer, get
from licences.actions.import_text import import_text
from licences.errors import LicenceError
from licences.models import LicenceText, LlamaVersion, TextKind
from licences.queries import current_texts, terms_for

FETCH_JOB = "licences.fetch_texts"


@dataclass(frozen=True)
class FetchedText:
    """One address: the text that it gave, or the sentence that says why it gave none."""

    version: LlamaVersion
    kind: TextKind
    address: str
    text: LicenceText | None
    problem: str = ""
    unreachable: bool = False  # nothing answered, so trying again later may help


def fetch_texts(*, by: Actor, get: Get = get) -> list[FetchedText]:
    """Ask for every text of every version, and import what comes. A host that does not answer is asked once.

    Where no text is current yet, the copy whose digest the catalogue knows is asked for too: the file at the branch's
    head may have changed since.
    """
    fetched: list[FetchedText] = []
    asker = Asker(get)
    current = current_texts()
    for version in LlamaVersion.objects.all():
        terms = terms_for(version)
        for kind, addresses in ((TextKind.AGREEMENT, terms.agreement), (TextKind.AUP, terms.aup)):
            known = [] if (version.pk, kind.value) in current else [terms.text(kind.value).source]
            fetched += [
                _fetch_one(version, kind, address, by, asker) for address in dict.fromkeys([*known, addresses.raw])
            ]
    return fetched


@transaction.atomic
def fetch_texts_later() -> Job:
    """Leave the fetching to a worker; asked again within the minute, it is the same job."""
    return enqueue(kind=FETCH_JOB, dedupe=f"{FETCH_JOB}:{timezone.now():%Y-%m-%dT%H:%M}")


def _fetch_one(version: LlamaVersion, kind: TextKind, address: str, by: Actor, asker: Asker) -> FetchedText:
    try:
        data = asker.ask_for_file(address)
        text = import_text(version=version, kind=kind, data=data, source=address, imported_by=by)
    except NoAnswer as silence:
        return FetchedText(version, kind, address, None, str(silence), unreachable=silence.unreachable)
    except LicenceError as error:
        return FetchedText(version, kind, address, None, str(error))
    return FetchedText(version, kind, address, text)
