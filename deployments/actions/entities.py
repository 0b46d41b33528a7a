"""Legal entities and what legal records of them. Every new fact is a row; none is edited, the newest counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deployments.coverable import EXCEPTED, is_coverable
from deployments.errors import DeploymentError
from deployments.logged import logged
from deployments.models import (
    Acceptance,
    AcceptanceState,
    Affiliation,
    EntityKind,
    LegalEntity,
    LitigationStatement,
    MauFigure,
    Permission,
    PrincipalPlace,
)
from deployments.policies import may_keep_entities
from foundation.accounts.actors import actor_for
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.files.models import Blob
from licences.facts_places import COUNTRIES
from licences.models import LicenceText, LlamaVersion, TextKind

_MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")
PERMISSION_KINDS = frozenset({"meta_grant", "text_exception"})


def create_entity(
    *, name: str, country: str, by: User, kind: str = EntityKind.COMPANY, registration_number: str = ""
) -> LegalEntity:
    """Add a company of the group. Its facts are recorded afterwards, each with its own day and basis."""
    require(may_keep_entities(by))
    name = _required(name, _("Write the name of the company as its register has it."))
    _check_country(country)
    _check_kind(kind)
    with transaction.atomic():
        if LegalEntity.objects.filter(name=name).exists():
            raise DeploymentError(_("A legal entity with this name is already here. Open it in the list."))
        entity = LegalEntity.objects.create(
            name=name,
            kind=kind,
            country=country,
            registration_number=registration_number.strip(),
            created_at=timezone.now(),
        )
        record(
            Kind.ENTITY_CREATED,
            actor=actor_for(by),
            subject=entity.reference,
            facts={
                "name": logged(name),
                "kind": entity.kind,
                "country": country,
                "registration_number": logged(entity.registration_number),
            },
        )
    return entity


def correct_kind(*, entity: LegalEntity, kind: str, basis: str, by: User) -> LegalEntity:
    """Say what kind of entity it is where that stood wrong. Approvals that rest on the other kind go stale."""
    require(may_keep_entities(by))
    _check_kind(kind)
    basis = _required(basis, _("Say how legal came to this: the register, the statutes."))
    with transaction.atomic():
        before = LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk).kind
        if before == kind:
            raise DeploymentError(_("It is already recorded as that. Choose another kind."))
        locked = _touch(entity)
        locked.kind = kind
        locked.save(update_fields=["kind"])
        record(
            Kind.ENTITY_CHANGED,
            actor=actor_for(by),
            subject=locked.reference,
            facts={"changed": "kind", "before": before, "after": kind, "revision": locked.facts_revision},
            personal={"basis": basis},  # free words may name people
        )
    return locked


def record_principal_place(
    *, entity: LegalEntity, country: str, basis: str, effective_on: date, by: User
) -> PrincipalPlace:
    """Record the principal place of business, from a day on (AUP, EU paragraph; LICENSE preamble)."""
    require(may_keep_entities(by))
    _check_country(country)
    basis = _required(basis, _("Say how legal came to this: head office, board minutes, register."))
    with transaction.atomic():
        locked = _touch(entity)
        place = PrincipalPlace.objects.create(
            entity=locked, country=country, basis=basis, effective_on=effective_on, **_recorded(by)
        )
        record(
            Kind.ENTITY_PLACE_RECORDED,
            actor=actor_for(by),
            subject=locked.reference,
            facts={"country": country, "effective_on": effective_on.isoformat(), "revision": locked.facts_revision},
        )
    return place


def record_affiliation(
    *,
    entity: LegalEntity,
    affiliate: LegalEntity,
    starts_on: date,
    by: User,
    ends_on: date | None = None,
    basis: str = "",
) -> Affiliation:
    """Record that two entities are affiliates; section 2 counts affiliates' products. Both entities' facts change."""
    require(may_keep_entities(by))
    if entity.pk == affiliate.pk:
        raise DeploymentError(_("An entity is no affiliate of itself. Choose another one."))
    if ends_on is not None and ends_on < starts_on:
        raise DeploymentError(_("The affiliation cannot end before it starts."))
    with transaction.atomic():
        first, second = _touch_both(entity, affiliate)
        affiliation = Affiliation.objects.create(
            entity=first,
            affiliate=second,
            starts_on=starts_on,
            ends_on=ends_on,
            basis=basis.strip(),
            **_recorded(by),
        )
        _record_affiliation_event(by, affiliation, first, second)
    return affiliation


def end_affiliation(*, affiliation: Affiliation, ends_on: date, by: User) -> Affiliation:
    """Record from which day on two entities are no longer affiliates."""
    require(may_keep_entities(by))
    with transaction.atomic():
        first, second = _touch_both(affiliation.entity, affiliation.affiliate)
        locked = Affiliation.objects.select_for_update(no_key=True).get(pk=affiliation.pk)
        if locked.ends_on is not None:
            raise DeploymentError(_("The end of this affiliation is already recorded."))
        if ends_on < locked.starts_on:
            raise DeploymentError(_("The affiliation cannot end before it starts."))
        locked.ends_on = ends_on
        locked.save(update_fields=["ends_on"])
        _record_affiliation_event(by, locked, first, second)
    return locked


def record_mau(*, entity: LegalEntity, month: str, figure: int, counted_how: str, source: str, by: User) -> MauFigure:
    """Record the monthly active users of all products and services made available by or for the entity or its
    affiliates in one month (LICENSE 2). The figure of one product is not what is tested.
    """
    require(may_keep_entities(by))
    if not _MONTH.match(month):
        raise DeploymentError(_("Write the month as year and month, like 2024-06."))
    if not 0 <= figure < 10**15:
        raise DeploymentError(_("Write the number of monthly active users as a whole number, like 120000."))
    counted_how = _required(counted_how, _("Say how the users were counted: which products, which definition."))
    source = _required(source, _("Name the source of the figure: a report, a dashboard, a person."))
    with transaction.atomic():
        locked = _touch(entity)
        row = MauFigure.objects.create(
            entity=locked, month=month, figure=figure, counted_how=counted_how, source=source, **_recorded(by)
        )
        record(
            Kind.ENTITY_MAU_RECORDED,
            actor=actor_for(by),
            subject=locked.reference,
            facts={"month": month, "figure": figure, "revision": locked.facts_revision},
        )
    return row


def record_acceptance(
    *,
    entity: LegalEntity,
    version: LlamaVersion,
    state: str,
    by: User,
    accepted_on: date | None = None,
    accepted_by: str = "",
    authority: str = "",
    platform: str = "",
    how: str = "",
    agreement: LicenceText | None = None,
    aup: LicenceText | None = None,
    document: Blob | None = None,
) -> Acceptance:
    """Record who accepted one version's agreement for the entity, or that nobody can evidence it (LICENSE preamble).

    `aup` is the policy as it stood then, where that is evidenced: the agreement takes it in (1.b.iv).
    """
    require(may_keep_entities(by))
    if state not in AcceptanceState.values:
        raise DeploymentError(_("Say whether the acceptance is evidenced or not."))
    if state == AcceptanceState.ACCEPTED:
        if accepted_on is None or not accepted_by.strip():
            raise DeploymentError(
                _("Say who accepted it and on which day. If nobody can tell, record it as not evidenced.")
            )
        if accepted_on > company_day(timezone.now()):
            raise DeploymentError(_("An acceptance cannot lie in the future: record it on the day it happens."))
    for text, text_kind in ((agreement, TextKind.AGREEMENT), (aup, TextKind.AUP)):
        if text is not None and (text.version_id != version.pk or text.kind != text_kind):
            raise DeploymentError(_("The accepted text belongs to another Llama version. Choose one of this version."))
    with transaction.atomic():
        locked = _touch(entity)
        row = Acceptance.objects.create(
            entity=locked,
            version=version,
            state=state,
            accepted_on=accepted_on,
            accepted_by=accepted_by.strip(),
            authority=authority.strip(),
            platform=platform.strip(),
            how=how.strip(),
            agreement=agreement,
            aup=aup,
            document=document,
            **_recorded(by),
        )
        record(
            Kind.ENTITY_ACCEPTANCE_RECORDED,
            actor=actor_for(by),
            subject=locked.reference,
            facts={
                "version": version.slug,
                "state": state,
                "accepted_on": accepted_on.isoformat() if accepted_on else None,
                "agreement": agreement.sha256 if agreement else None,
                "aup": aup.sha256 if aup else None,
                "document": str(document.pk) if document else None,
                "revision": locked.facts_revision,
            },
            personal={"accepted_by": row.accepted_by},
        )
    return row


def record_litigation(
    *,
    entity: LegalEntity,
    answer: str,
    as_of: date,
    by: User,
    details: str = "",
    corrects: LitigationStatement | None = None,
) -> LitigationStatement:
    """Record whether the entity ever instituted proceedings of the kind in LICENSE 5.c, counterclaims included.

    A "yes" stays, because such proceedings end the licences for good; `corrects` names one that was a mistake.
    """
    require(may_keep_entities(by))
    if answer not in {"yes", "no", "unknown"}:
        raise DeploymentError(_("Answer yes, no or not known."))
    if answer == "yes" and not details.strip():
        raise DeploymentError(_("Name the proceedings: parties, court, day of filing."))
    if corrects is not None and not details.strip():
        raise DeploymentError(_("Say why the earlier entry was wrong, and how that was found."))
    with transaction.atomic():
        locked = _touch(entity)
        _check_statement(locked, answer, as_of, corrects)
        row = LitigationStatement.objects.create(
            entity=locked, answer=answer, details=details.strip(), as_of=as_of, corrects=corrects, **_recorded(by)
        )
        record(
            Kind.ENTITY_LITIGATION_RECORDED,
            actor=actor_for(by),
            subject=locked.reference,
            facts={
                "answer": answer,
                "as_of": as_of.isoformat(),
                **({"corrects_as_of": corrects.as_of.isoformat()} if corrects is not None else {}),
                "revision": locked.facts_revision,
            },
        )
    return row


def _check_statement(entity: LegalEntity, answer: str, as_of: date, corrects: LitigationStatement | None) -> None:
    """Refuse a correction of what is no entry to correct, and a statement that a "yes" of before contradicts."""
    said = entity.litigation_statements.filter(answer="yes", corrections=None)
    if corrects is not None:
        if answer == "yes":
            raise DeploymentError(_("A correction says that it was not so: answer no or not known."))
        if not said.filter(pk=corrects.pk).exists():
            raise DeploymentError(_("There is no such entry to correct. Choose one from the list."))
    elif answer != "yes" and (before := said.filter(as_of__lte=as_of).order_by("as_of", "pk").first()):
        raise DeploymentError(
            _(
                "As of %(day)s it is recorded that such proceedings were instituted, and they end the licences for "
                "good (LICENSE 5.c). If that entry was a mistake, choose it as the one that this corrects."
            )
            % {"day": date_format(before.as_of, "j F Y")}
        )


def record_permission(
    *,
    entity: LegalEntity,
    kind: str,
    covers: Sequence[str],
    name: str,
    scope: str,
    granted_on: date,
    by: User,
    version: LlamaVersion | None = None,
    expires_on: date | None = None,
    document: Blob | None = None,
    renews: Permission | None = None,
) -> Permission:
    """Record a written grant from Meta, or that an exception of the text itself applies, with what it covers.

    `renews` names an earlier one whose place it takes from its first day on.
    """
    require(may_keep_entities(by))
    if kind not in PERMISSION_KINDS:
        raise DeploymentError(_("Say whether it is a written grant from Meta or an exception in the text."))
    keys = sorted(set(covers))
    if not keys or not all(map(is_coverable, keys)):
        raise DeploymentError(_("Choose from the list what the permission covers."))
    if kind == "text_exception" and not set(keys) <= EXCEPTED:
        raise DeploymentError(
            _(
                "Two of the text's own exceptions can be recorded here: from the users test (LICENSE 1.b.ii), and for "
                "end users of products with multimodal models (AUP eu-multimodal). Choose one of these, or record a "
                "written grant."
            )
        )
    name = _required(name, _("Name the document, so that others can find it."))
    scope = _required(scope, _("Say in a sentence what is permitted, for what and for whom."))
    if kind == "meta_grant" and document is None:
        raise DeploymentError(_("Upload the grant: a permission from Meta counts only with its document."))
    if expires_on is not None and expires_on <= granted_on:
        raise DeploymentError(_("The permission must end after it was granted."))
    if renews is not None and (renews.entity_id, renews.kind, renews.version_id, sorted(renews.covers)) != (
        entity.pk,
        kind,
        version.pk if version else None,
        keys,
    ):
        raise DeploymentError(
            _(
                "A renewal is of the same kind, covers the same and is for the same Llama version as %(reference)s. "
                "Correct that, or record a permission of its own."
            )
            % {"reference": renews.reference}
        )
    with transaction.atomic():
        locked = _touch(entity)
        permission = Permission.objects.create(
            entity=locked,
            version=version,
            kind=kind,
            covers=keys,
            name=name,
            scope=scope,
            granted_on=granted_on,
            expires_on=expires_on,
            renews=renews,
            document=document,
            **_recorded(by),
        )
        record(
            Kind.ENTITY_PERMISSION_RECORDED,
            actor=actor_for(by),
            subject=permission.reference,
            related=[locked.reference],
            facts={
                "kind": kind,
                "covers": keys,
                "version": version.slug if version else None,
                "granted_on": granted_on.isoformat(),
                "expires_on": expires_on.isoformat() if expires_on else None,
                **({"renews": renews.reference} if renews is not None else {}),
                "document": str(document.pk) if document else None,
                "revision": locked.facts_revision,
            },
        )
    return permission


def _touch(entity: LegalEntity) -> LegalEntity:
    """Lock the entity and raise its revision, so that the gate sees at a glance that something changed."""
    locked = LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    LegalEntity.objects.filter(pk=entity.pk).update(facts_revision=F("facts_revision") + 1)
    locked.facts_revision += 1
    entity.facts_revision = locked.facts_revision
    return locked


def _touch_both(entity: LegalEntity, affiliate: LegalEntity) -> tuple[LegalEntity, LegalEntity]:
    """Lock two entities in the order of their keys, so that two such changes never wait for each other."""
    locked = {one.pk: _touch(one) for one in sorted((entity, affiliate), key=lambda one: one.pk)}
    return locked[entity.pk], locked[affiliate.pk]


def _record_affiliation_event(by: User, affiliation: Affiliation, entity: LegalEntity, affiliate: LegalEntity) -> None:
    record(
        Kind.ENTITY_AFFILIATION_CHANGED,
        actor=actor_for(by),
        subject=entity.reference,
        related=[affiliate.reference],
        facts={
            "affiliate": affiliate.reference,
            "starts_on": affiliation.starts_on.isoformat(),
            "ends_on": affiliation.ends_on.isoformat() if affiliation.ends_on else None,
            "revision": entity.facts_revision,
        },
    )


def _recorded(by: User) -> dict[str, object]:
    return {"recorded_at": timezone.now(), "recorded_by": by}


def _required(text: str, sentence: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise DeploymentError(sentence)
    return stripped


def _check_kind(kind: str) -> None:
    if kind not in EntityKind.values:
        raise DeploymentError(_("Say what kind of entity it is: choose from the list."))


def _check_country(country: str) -> None:
    if country not in COUNTRIES:
        raise DeploymentError(_("Choose a country from the list."))
