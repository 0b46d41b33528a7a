"""Machine tokens: issue, check, revoke. The clear token exists once, in the answer to the person who asked for it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.actors import actor_for
from foundation.accounts.errors import AccountError, TokenShownAlready
from foundation.accounts.models import MachineToken, Team, User
from foundation.accounts.policies import may_administer
from foundation.accounts.policy import require
from foundation.accounts.scopes import Scope
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record

MARK = "ldt"  # so that a scanner for leaked secrets can know one of ours: ldt_<prefix>_<secret>
LONGEST_LIFE = timedelta(days=366)
USE_NOTED_EVERY = timedelta(minutes=1)
_NO_DIGEST = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class IssuedToken:
    """A new token with its clear text, which is shown once and kept nowhere."""

    token: MachineToken
    clear: str


def digest_of(clear: str) -> str:
    """What is stored of a token: SHA-256 of the whole clear text."""
    return hashlib.sha256(clear.encode()).hexdigest()


def issue_token(
    *,
    by: User,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime,
    team: Team | None = None,
    code: UUID | None = None,
) -> IssuedToken:
    """Make a token for a machine. It must expire, within about a year, so that a forgotten one dies by itself.

    The code comes with the form: each makes one token, however often it is sent.
    """
    require(may_administer(by))
    now = timezone.now()
    wanted = sorted(set(scopes))
    if not name.strip():
        raise AccountError(_("Say which machine will use the token."))
    if not wanted or not set(wanted) <= set(Scope.values):
        raise AccountError(_("Choose at least one scope from the list."))
    if not now < expires_at <= now + LONGEST_LIFE:
        raise AccountError(_("A token must expire in the future, at most 366 days from now."))
    prefix = secrets.token_hex(5)
    clear = f"{MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    code = code or uuid4()
    with transaction.atomic():
        if MachineToken.objects.filter(code=code).exists():
            raise TokenShownAlready
        token = _create(
            code=code,
            name=name.strip(),
            prefix=prefix,
            digest=digest_of(clear),
            scopes=wanted,
            team=team,
            created_by=by,
            created_at=now,
            expires_at=expires_at,
        )
        record(
            Kind.TOKEN_CREATED,
            actor=actor_for(by),
            subject=token.reference,
            related=[f"team:{team.code}"] if team else [],
            facts={
                "name": token.name,
                "token_prefix": prefix,
                "token_scopes": wanted,
                "token_expires_at": expires_at.isoformat(),
                "team": team.code if team else None,
            },
        )
    return IssuedToken(token, clear)


def _create(**values: Any) -> MachineToken:
    try:
        with transaction.atomic():
            return MachineToken.objects.create(**values)
    except IntegrityError as error:  # the same form, twice at the same moment
        raise TokenShownAlready from error


def revoke_token(*, by: User, token: MachineToken) -> MachineToken:
    """End a token at once. The row stays: records name it."""
    require(may_administer(by))
    with transaction.atomic():
        locked = MachineToken.objects.select_for_update(no_key=True).get(pk=token.pk)
        if locked.revoked_at is not None:
            raise AccountError(_("This token is already revoked."))
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at"])
        record(Kind.TOKEN_REVOKED, actor=actor_for(by), subject=locked.reference, facts={"token_prefix": locked.prefix})
    return locked


def authenticate_token(header_value: str | None, scope: str) -> MachineToken | None:
    """The token in an Authorization header (RFC 6750), if it is ours, alive, and allows this scope; else None.

    One indexed query. The digests are compared in constant time, and also when nothing was found. Use is noted at most
    once a minute, so that a busy pipeline does not write at every question.
    """
    method, _space, clear = (header_value or "").strip().partition(" ")
    parts = clear.strip().split("_", 2)
    if (
        method.lower() != "bearer"
        or len(parts) != 3
        or parts[0] != MARK
        or not (clear.isascii() and parts[1].isalnum())
    ):
        return None
    token = MachineToken.objects.filter(prefix=parts[1][:16]).first()
    known = hmac.compare_digest(token.digest if token else _NO_DIGEST, digest_of(clear.strip()))
    now = timezone.now()
    if token is None or not known or not token.is_usable(now) or scope not in token.scopes:
        return None
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        not_noted = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
        MachineToken.objects.filter(not_noted, pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
    return token
