"""Set what is approved: environments, use, countries, dates."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deployments.models import Deployment
from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.canonical import digest
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from reviews.actions.locking import lock_review, related_to, touch
from reviews.errors import ReviewError
from reviews.examined import findings_of, scope_document
from reviews.models import Review
from reviews.policies import may_set_scope
from reviews.relied_on import first_to_end

LONGEST_APPROVAL = timedelta(days=3 * 366)


def set_scope(
    *,
    review: Review,
    deployments: Collection[Deployment],
    use: str,
    countries: list[str],
    valid_from: date,
    valid_until: date,
    by: User,
) -> Review:
    """Set the scope. Entities follow the product's roles; environments must be the product's own."""
    with transaction.atomic():
        locked = lock_review(review)
        require(may_set_scope(by, locked))
        if not deployments:
            raise ReviewError(_("Choose at least one environment that the approval is for."))
        if any(deployment.product_id != locked.component.product_id for deployment in deployments):
            raise ReviewError(_("An environment of another product cannot be in this scope."))
        if valid_until <= valid_from:
            raise ReviewError(_("The approval must end after it begins."))
        if valid_until - valid_from > LONGEST_APPROVAL:
            raise ReviewError(_("An approval lasts three years at most: choose an earlier end."))
        _refuse_longer_than_permitted(locked, valid_until)
        before = digest(scope_document(locked))
        locked.scope_deployments.set(deployments)
        locked.scope_use, locked.scope_countries = use.strip(), sorted(set(countries))
        locked.valid_from, locked.valid_until = valid_from, valid_until
        if digest(scope_document(locked)) == before:
            return locked
        touch(locked, "scope_use", "scope_countries", "valid_from", "valid_until")
        record(
            Kind.REVIEW_SCOPE_SET,
            actor=actor_for(by),
            subject=locked.reference,
            related=related_to(locked),
            facts={"scope_digest": digest(scope_document(locked)), "valid_until": valid_until.isoformat()},
        )
    return locked


def _refuse_longer_than_permitted(review: Review, valid_until: date) -> None:
    """An approval that outlasts a permission which its findings rest on would promise days on which it cannot hold."""
    first = first_to_end(findings_of(review), review.licensee) if review.licensee else None
    if first is None or first.expires_on is None or valid_until <= first.expires_on:
        return
    raise ReviewError(
        _(
            "%(reference)s “%(name)s” ends on %(day)s. End the approval on that day or before, or record its renewal "
            "and take the facts again first."
        )
        % {"reference": first.reference, "name": first.name, "day": date_format(first.expires_on, "j F Y")}
    )
