"""The verbs of evidence: ask for a pack, build it, note who took it away."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.errors import EvidenceError, NotDecided
from evidence.history import STANDING, decision_of
from evidence.models import EvidencePack
from evidence.policies import may_request_pack
from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.actors import Actor
from foundation.audit.kinds import Kind
from foundation.audit.queries import events_for
from foundation.audit.recorder import record
from foundation.files import store
from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from reviews.models import Review

BUILD = "evidence.build_pack"
# What may have changed in a pack since its last edition: the standing of the approval, and conditions met.
TELLING = (*STANDING, Kind.CONDITION_MET.value, Kind.CONDITION_WAIVED.value, Kind.CONDITION_REOPENED.value)
MEDIA_TYPES = {"json": "application/json", "pdf": "application/pdf", "zip": "application/zip"}


def pack_key(reference: str, edition: int) -> str:
    """What makes the work of one edition unique, whoever asks for it; reviews/ enqueues the first with this key."""
    return f"evidence:{reference}:{edition}"


def request_pack(*, review: Review, by: User | Actor) -> Job:
    """Ask for the first edition, or for the next when something to tell has happened since the last."""
    if isinstance(by, User):
        require(may_request_pack(by, review))
    with transaction.atomic():
        locked = Review.objects.select_for_update(of=("self",), no_key=True).get(pk=review.pk)
        if decision_of(locked) is None:
            raise NotDecided(locked.reference)
        last = EvidencePack.objects.filter(review=locked).order_by("-edition").first()
        edition, payload = 1, {"review": locked.pk, "edition": 1}
        if last is not None:
            edition = last.edition + 1
            payload = {"review": locked.pk, "edition": edition, "through": _news_since(last, locked)}
        key = pack_key(locked.reference, edition)
        asked_before = Job.objects.filter(dedupe=key).exists()
        job = enqueue(kind=BUILD, dedupe=key, ref=locked.reference, payload=payload)
        if not asked_before:
            record(
                Kind.EVIDENCE_REQUESTED,
                actor=actor_for(by) if isinstance(by, User) else by,
                subject=locked.reference,
                related=[locked.component.product.reference],
                facts={"edition": edition},
            )
    return job


def build_pack(*, review_id: int, edition: int, through: int | None = None) -> Callable[[], None] | None:
    """Make the files, then return what makes the row. A second run finds the pack and does nothing.

    Files come first and rows last: whoever sees the row finds the files, and a run that dies in between leaves only
    files that nobody refers to. The row is made in the transaction that completes the job, so a worker that was taken
    for dead cannot add a second.
    """
    # Only here: a web process never draws or seals, and what that takes is a quarter of a worker's memory.
    from evidence.pack import make_pack

    if EvidencePack.objects.filter(review=review_id, edition=edition).exists():
        return None
    review = Review.objects.select_related("component__product", "version", "agreement", "aup").get(pk=review_id)
    pack = make_pack(review, edition=edition, through=through)
    record_blob = store.put(pack.record_json, MEDIA_TYPES["json"])
    pdf_blob = store.put(pack.pdf, MEDIA_TYPES["pdf"])
    archive_blob = store.put(pack.archive, MEDIA_TYPES["zip"])

    def finish() -> None:
        built = EvidencePack.objects.create(
            review=review,
            edition=edition,
            record=record_blob,
            pdf=pdf_blob,
            archive=archive_blob,
            root_fingerprint=pack.record["seal"]["root_sha256"],
            built_at=timezone.now(),
        )
        record(
            Kind.EVIDENCE_BUILT,
            actor=Actor.system("evidence"),
            subject=review.reference,
            related=[built.reference, review.component.product.reference],
            facts={
                "edition": edition,
                "record_sha256": record_blob.sha256,
                "pdf_sha256": pdf_blob.sha256,
                "archive_sha256": archive_blob.sha256,
                "root_sha256": built.root_fingerprint,
            },
        )

    return finish


def record_download(*, packs: Sequence[EvidencePack], by: User, form: str) -> None:
    """Note who took which record away, before the first byte leaves."""
    if not packs:
        raise EvidenceError(_("Choose at least one record."))
    with transaction.atomic():
        references = [pack.review.reference for pack in packs]
        record(
            Kind.EVIDENCE_DOWNLOADED,
            actor=actor_for(by),
            subject=references[0],
            related=[*references[1:], *(pack.reference for pack in packs)],
            facts={"form": form, "records": [f"{pack.review.reference}/{pack.edition}" for pack in packs]},
        )


def _news_since(last: EvidencePack, review: Review) -> int:
    """The latest event worth a new edition; refuses when nothing has happened since the last one."""
    document = json.loads(store.read(last.record_id))
    told = document["history"][-1]["seq"]
    news = events_for(review.reference).filter(seq__gt=told, kind__in=TELLING).last()
    if news is None:
        raise EvidenceError(
            _("Edition %(edition)s of %(review)s tells all there is; nothing has happened since. Download that one.")
            % {"edition": last.edition, "review": review.reference}
        )
    return news.seq
