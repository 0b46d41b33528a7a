"""What happens at the door goes into the log: sign-ins, failures, passwords, second factors.

These listen to django-allauth's signals, because the library does the work; names and addresses are personal values.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from django.contrib.auth.signals import user_logged_out
from django.db import transaction

from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.audit.actors import Actor
from foundation.audit.canonical import JSON
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record

DOOR = "sign-in"


def record_failed(*, reason: str, user: User | None = None, email: str = "") -> None:
    """A refused sign-in. An address that nobody has is a personal value: people mistype passwords into that field."""
    person = user or User.objects.filter(email=email.strip().lower()).first()
    with transaction.atomic():
        record(
            Kind.PERSON_SIGN_IN_FAILED,
            actor=Actor.system(DOOR),
            subject=person.reference if person else DOOR,
            facts={"reason": reason},
            personal={} if person else {"email": email[:254]},
        )


def connect() -> None:
    """Start listening; called once when the app is ready."""
    listeners = (
        (account_signals.user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (account_signals.password_set, _password_changed),
        (account_signals.password_changed, _password_changed),
        (account_signals.password_reset, _password_changed),
        (factor_signals.authenticator_added, _factor_added),
        (factor_signals.authenticator_reset, _factor_added),
        (factor_signals.authenticator_removed, _factor_removed),
        (factor_signals.authentication_failed, _factor_refused),
    )
    for signal, listener in listeners:
        signal.connect(listener, dispatch_uid=f"accounts-{listener.__name__}")


def _record(kind: Kind, user: Any, facts: dict[str, JSON] | None = None) -> None:
    if isinstance(user, User):  # signing out without having been signed in has nobody to name
        with transaction.atomic():
            record(kind, actor=actor_for(user), subject=user.reference, facts=facts)


def _signed_in(request: Any, user: User, **kwargs: Any) -> None:
    records = request.session.get("account_authentication_methods", [])
    methods: list[JSON] = [str(entry.get("type", entry["method"])) for entry in records]
    _record(Kind.PERSON_SIGNED_IN, user, {"methods": methods})


def _signed_out(user: User | None, **kwargs: Any) -> None:
    _record(Kind.PERSON_SIGNED_OUT, user)


def _password_changed(user: User, **kwargs: Any) -> None:
    _record(Kind.PERSON_PASSWORD_CHANGED, user)


def _factor_added(user: User, authenticator: Any, **kwargs: Any) -> None:
    _record(Kind.PERSON_FACTOR_ADDED, user, {"factor": str(authenticator.type)})


def _factor_removed(user: User, authenticator: Any, **kwargs: Any) -> None:
    _record(Kind.PERSON_FACTOR_REMOVED, user, {"factor": str(authenticator.type)})


def _factor_refused(user: User, authenticator: Any, **kwargs: Any) -> None:
    record_failed(user=user, reason=f"wrong_{authenticator.type}")
