"""Invite people, change who they are, end and restore their access. Nobody is ever deleted."""

from __future__ import annotations

import uuid
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.actions.administrators import require_another_administrator
from foundation.accounts.actors import By, actor_for, actor_of
from foundation.accounts.errors import AccountError
from foundation.accounts.models import Kind, User
from foundation.accounts.models.people import check_time_zone, company_time_zone
from foundation.accounts.policies import may_change_accounts
from foundation.accounts.policy import require
from foundation.audit.kinds import Kind as EventKind
from foundation.audit.recorder import record
from foundation.jobs.actions import enqueue

INVITATION = "accounts.send_invitation"


def invite_person(
    *,
    by: By,
    email: str,
    name: str,
    kind: str = Kind.EMPLOYEE,
    organisation: str = "",
    job_title: str = "",
    time_zone: str = "",
    language: str = "en-gb",
    expires_at: datetime | None = None,
    password: str | None = None,
    send_mail: bool = True,
) -> User:
    """Make a person who may sign in, and send a link to choose a password. Afterwards they hold no role yet.

    The address counts as verified, because an administrator vouches for it; without that nobody could enrol a second
    factor. `password` and `send_mail=False` are for people made by a command, such as the demo's.
    """
    require(may_change_accounts(by))
    address = _clean_address(email)
    if not name.strip():
        raise AccountError(_("Write the person's name: it stands under their signatures."))
    if kind not in Kind.values:
        raise AccountError(_("Choose whether this is an employee, external counsel or an external auditor."))
    _check_end_of_access(kind, expires_at)
    zone = time_zone or company_time_zone()
    _check_zone(zone)
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            raise AccountError(_("Someone with this e-mail address is already here. Look for them in the list."))
        person = User.objects.create_user(
            address,
            password,
            name=name.strip(),
            kind=kind,
            organisation=organisation.strip(),
            job_title=job_title.strip(),
            time_zone=zone,
            language=language,
            expires_at=expires_at,
        )
        EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
        if send_mail:
            _enqueue_invitation(person)
        record(
            EventKind.PERSON_INVITED,
            actor=actor_of(by),
            subject=person.reference,
            facts={
                "person_kind": kind,
                "organisation": person.organisation,
                "access_ends": expires_at.isoformat() if expires_at else None,
            },
            personal={"person_name": person.name, "email": address, "job_title": person.job_title},
        )
    return person


def send_invitation_again(*, by: By, person: User) -> None:
    """Send a fresh link to someone who has access; the link in the earlier mail ends when a password is chosen."""
    require(may_change_accounts(by))
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if not locked.may_sign_in(timezone.now()):
            raise AccountError(_("This person's access has ended. Restore it before you send a link."))
        _enqueue_invitation(locked)
        record(EventKind.PERSON_CHANGED, actor=actor_of(by), subject=locked.reference, facts={"invited_again": True})


def change_own_details(*, person: User, name: str, job_title: str, time_zone: str) -> User:
    """Change how a person is shown and in which time zone they see times. Earlier signatures keep the earlier name."""
    if not name.strip():
        raise AccountError(_("Write your name: it stands under your signatures."))
    _check_zone(time_zone)
    wanted = {"name": name.strip(), "job_title": job_title.strip(), "time_zone": time_zone}
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        changed = sorted(field for field, value in wanted.items() if getattr(locked, field) != value)
        if not changed:
            return locked
        for field in changed:
            setattr(locked, field, wanted[field])
        locked.save(update_fields=changed)
        record(
            EventKind.PERSON_CHANGED,
            actor=actor_for(locked),
            subject=locked.reference,
            facts={"changed": changed},
            personal={f"new_{field}": wanted[field] for field in changed},
        )
    return locked


def deactivate_person(*, by: By, person: User) -> User:
    """End a person's access at once, open visits included. Their signatures and memberships stay on record."""
    require(may_change_accounts(by))
    if isinstance(by, User) and by.pk == person.pk:
        raise AccountError(_("You cannot end your own access. Ask another administrator."))
    with transaction.atomic():
        require_another_administrator(without=person)
        locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if not locked.is_active:
            raise AccountError(_("This person's access has already ended."))
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        record(EventKind.PERSON_DEACTIVATED, actor=actor_of(by), subject=locked.reference)
    return locked


def reactivate_person(*, by: By, person: User, expires_at: datetime | None = None) -> User:
    """Give a person access again; an external person needs a new end."""
    require(may_change_accounts(by))
    _check_end_of_access(person.kind, expires_at)
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if locked.may_sign_in(timezone.now()):
            raise AccountError(_("This person already has access."))
        locked.is_active, locked.expires_at = True, expires_at
        locked.save(update_fields=["is_active", "expires_at"])
        record(
            EventKind.PERSON_REACTIVATED,
            actor=actor_of(by),
            subject=locked.reference,
            facts={"access_ends": expires_at.isoformat() if expires_at else None},
        )
    return locked


def _clean_address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise AccountError(_("Write a full e-mail address, like rita@example.com.")) from error
    return address


def _check_end_of_access(kind: str, expires_at: datetime | None) -> None:
    if kind != Kind.EMPLOYEE and expires_at is None:
        raise AccountError(_("Say when the access of an external person ends."))
    if expires_at is not None and expires_at <= timezone.now():
        raise AccountError(_("Access must end in the future: choose a later day."))


def _check_zone(name: str) -> None:
    try:
        check_time_zone(name)
    except ValidationError as error:
        raise AccountError(error.messages[0]) from error


def _enqueue_invitation(person: User) -> None:
    enqueue(kind=INVITATION, dedupe=f"{INVITATION}:{person.reference}:{uuid.uuid4()}", ref=person.reference)
