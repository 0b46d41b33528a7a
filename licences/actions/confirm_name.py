"""Remember which version a person confirmed for a model id that the rules could not place."""

from __future__ import annotations

from django.utils import timezone

from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from licences.model_names import Status
from licences.models import LlamaVersion, ModelAlias
from licences.queries import named_by_rules


def confirm_name(*, raw_id: str, version: LlamaVersion, by: User) -> ModelAlias | None:
    """The alias for the whole company; None where a rule says the same already. Must be in a transaction.

    It is a proposal for the next product, never a decision: whoever registers that confirms again. A later
    confirmation of another version takes its place, and the log keeps both.
    """
    said = named_by_rules(raw_id)
    if said.status == Status.RESOLVED and said.versions == (version.slug,):
        return None
    key = ModelAlias.key_of(raw_id)
    before = ModelAlias.objects.select_related("version").filter(raw_id=key).first()
    if before is not None and before.version_id == version.pk:
        return before
    alias, _made = ModelAlias.objects.update_or_create(
        raw_id=key, defaults={"version": version, "confirmed_by": by, "confirmed_at": timezone.now()}
    )
    record(
        Kind.LICENCE_VERSION_CONFIRMED,
        actor=actor_for(by),
        subject=version.slug,
        # The id itself stays in the row: people write addresses and names into ids, and the log keeps none.
        facts={"alias": alias.pk, "before": before.version.slug if before else None},
    )
    return alias
