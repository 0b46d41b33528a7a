"""What was signed, beside what holds now: the newest declarations, legal's facts of the entity, the current texts."""

from __future__ import annotations

import json

from deployments.models import Approval, Declaration
from deployments.queries import newest_declarations_of
from deployments.queries.facts import NewestDeclarations, declared_facts
from foundation.reads import Given, Read
from licences.facts import material
from licences.models import LicenceText, LlamaVersion, TextKind
from reviews.models import Review
from reviews.staleness import SignedFor, reasons

_CURRENT_TEXTS: Read[int] = Read(
    lambda key: key,
    # The default order would join the version.
    lambda: LicenceText.objects.filter(version=Given("version"), is_current=True).order_by().values_list("pk"),
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


def holds_now(newest: NewestDeclarations, version: LlamaVersion) -> SignedFor:
    """The facts as declared last, the product's own from whichever component they were declared for, and the texts."""
    rows = Declaration.objects.select_related("sheet__component__product", "sheet__version").in_bulk(
        [newest.own, newest.of_product]
    )
    own, of_product = rows[newest.own], rows[newest.of_product]
    words: dict[str, str] = dict(
        LicenceText.objects.filter(version=version, is_current=True).order_by().values_list("kind", "words_digest")
    )
    return SignedFor(
        material(declared_facts(own, product_from=of_product)),
        words.get(TextKind.AGREEMENT, ""),
        words.get(TextKind.AUP, ""),
        _other_entities(of_product),
    )


def moved_on(review: Review) -> list[str]:
    """What changed since an open review took its facts, a sentence each; empty before facts are declared."""
    if review.declaration is None or not review.is_open:
        return []
    newest = newest_declarations_of([review.product.pk]).get(review.sheet_id)
    if newest is None or _rests_on(review, newest):
        return []
    return reasons(signed_by_review(review), holds_now(newest, review.version))


def _rests_on(review: Review, newest: NewestDeclarations) -> bool:
    """Whether nothing at all was written since: no declaration, no fact of the licensee, no other text."""
    return (
        {newest.own, newest.of_product} == {review.declaration_id}
        and review.licensee is not None
        and review.licensee.facts_revision == review.licensee_facts_revision
        and set(_CURRENT_TEXTS(version=review.version_id)) == {review.agreement_id, review.aup_id} - {None}
    )


def _other_entities(declaration: Declaration) -> tuple[tuple[str, str], ...]:
    return tuple((one["role"], one["entity"]) for one in json.loads(declaration.document)["entities"])
