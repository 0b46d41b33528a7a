"""What was signed, beside what holds now: the newest declarations, legal's facts of the entity, the current texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils import timezone

from deployments.models import Approval, Declaration
from deployments.queries.facts import Known, NewestDeclarations, declared_facts
from foundation.accounts.company_day import company_day
from foundation.reads import Given, Read
from licences.facts import MODEL_FIELDS, changed_words_behind, material
from licences.facts_fields import NO_VERSIONS
from licences.models import LicenceText, TextKind
from licences.queries import version_names
from reviews.models import Review
from reviews.staleness import SignedFor, facts_moved, reasons

# In the canonical facts exactly where versions stand behind the model; within an answer its quotes are escaped.
NAMES_BEHIND = '"behind":'
_WORDS = ("version", "kind", "words_digest")
_NEWEST: Read[tuple[int, int]] = Read(
    lambda *cells: cells,
    lambda: (
        Declaration.objects.filter(sheet__component__product=Given("product"))
        .order_by()
        .values_list("sheet")
        .annotate(newest=Max("pk"))
    ),
)


def signed_by_review(review: Review) -> SignedFor:
    """What the review's copies say."""
    return SignedFor(
        json.loads(review.facts) if review.facts else {},
        review.agreement.words_digest if review.agreement else "",
        review.aup.words_digest if review.aup else "",
        _other_entities(review.declaration) if review.declaration else (),
    )


def signed_by_approval(approval: Approval) -> SignedFor:
    """What the approval's copies say."""
    return SignedFor(
        json.loads(approval.facts),
        approval.agreement.words_digest,
        approval.aup.words_digest,
        _other_entities(approval.declaration),
    )


def hold_now(newest: Mapping[int, NewestDeclarations], today: date) -> dict[int, SignedFor]:
    """The facts as declared last, the product's own from whichever component they were declared for, and the texts.

    What legal knows of the entities is read as of `today`.

    By whatever key the declarations come with. The number of queries grows with the entities and versions that they
    are about, those behind their models included, and not with the declarations.
    """
    wanted = {key for one in newest.values() for key in (one.own, one.of_product)}
    rows = Declaration.objects.select_related("sheet__version").defer("sheet__version__catalogue").in_bulk(wanted)
    texts = LicenceText.objects.filter(version__in={row.sheet.version_id for row in rows.values()}, is_current=True)
    words = {(version, kind): digest for version, kind, digest in texts.order_by().values_list(*_WORDS)}
    known = Known(today)
    found = {}
    for key, one in newest.items():
        own, of_product = rows[one.own], rows[one.of_product]
        found[key] = SignedFor(
            material(declared_facts(own, product_from=of_product, known=known)),
            words.get((own.sheet.version_id, TextKind.AGREEMENT), ""),
            words.get((own.sheet.version_id, TextKind.AUP), ""),
            _other_entities(of_product),
        )
    return found


@dataclass(frozen=True)
class Moved:
    """Why something is stale, and whether facts are among the reasons or texts alone."""

    reasons: list[str]
    facts_moved: bool


def moved_since_approval(newest: Mapping[int, NewestDeclarations], today: date) -> dict[int, Moved]:
    """What changed since each of these approvals, by key; those that still rest on what holds now are missing."""
    if not newest:
        return {}
    approvals = Approval.objects.filter(pk__in=newest).select_related("agreement", "aup", "declaration")
    holds = hold_now(newest, today)
    found = {}
    for approval in approvals:
        signed = signed_by_approval(approval)
        if why := _why(signed, holds[approval.pk]):
            found[approval.pk] = Moved(why, facts_moved(signed, holds[approval.pk]))
    return found


def words_behind_moved(documents: Mapping[int, str]) -> set[int]:
    """The keys of those facts that hold other words of a text behind the model than are current.

    One query, and none where no version stands behind a model.
    """
    signed = {key: json.loads(text) for key, text in documents.items() if NAMES_BEHIND in text}
    words = Known().words({slug for one in signed.values() for slug in one["behind"]})
    return {key for key, one in signed.items() if changed_words_behind(one, {"behind": words})}


def moved_on(review: Review) -> list[str]:
    """What changed since an open review took its facts, a sentence each; empty before facts are declared."""
    if review.declaration is None or not review.is_open:
        return []
    by_sheet = dict(_NEWEST(product=review.product.pk))
    if review.sheet_id not in by_sheet:
        return []
    newest = NewestDeclarations(by_sheet[review.sheet_id], max(by_sheet.values()))
    today = company_day(timezone.now())
    if _rests_on(review, newest, today):
        return []
    return _why(signed_by_review(review), hold_now({0: newest}, today)[0])


def has_come(change_on: date | None, today: date) -> bool:
    """Whether the day has come on which a dated fact of the licensee begins or ends to hold without a write."""
    return change_on is not None and change_on <= today


def _why(signed: SignedFor, now: SignedFor) -> list[str]:
    """The reasons, with the names of versions where a fact that names some is among them."""
    before, after = signed.facts.get("model", {}), now.facts.get("model", {})
    named = any(one.names_versions and before.get(one.key) != after.get(one.key) for one in MODEL_FIELDS)
    return reasons(signed, now, version_names() if named else NO_VERSIONS)


def _rests_on(review: Review, newest: NewestDeclarations, today: date) -> bool:
    """Whether nothing at all was written since, no declaration, no fact of the licensee, no other text, and no day of
    such a fact has come."""
    return (
        {newest.own, newest.of_product} == {review.declaration_id}
        and review.licensee is not None
        and review.licensee.facts_revision == review.licensee_facts_revision
        and not has_come(review.licensee_facts_change_on, today)
        and _has_the_current_texts(review)
        and not words_behind_moved({review.pk: review.facts})
    )


def _has_the_current_texts(review: Review) -> bool:
    """Whether no other text became current; of each kind one is current at most."""
    if review.agreement is None or review.aup is None:
        current = LicenceText.objects.filter(version=review.version_id, is_current=True).order_by()
        return set(current.values_list("pk", flat=True)) == {review.agreement_id, review.aup_id} - {None}
    return review.agreement.is_current and review.aup.is_current


def _other_entities(declaration: Declaration) -> tuple[tuple[str, str], ...]:
    return tuple((one["role"], one["entity"]) for one in json.loads(declaration.document)["entities"])
