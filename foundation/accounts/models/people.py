"""People: they sign in with an e-mail address, and are never deleted, because signatures name them."""

from __future__ import annotations

import uuid
import zoneinfo
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.audit.references import Referenced


class Kind(models.TextChoices):
    """Where a person stands: in the company, or invited into it for a while."""

    EMPLOYEE = "employee", _("Employee")
    EXTERNAL_COUNSEL = "external_counsel", _("External counsel")
    EXTERNAL_AUDITOR = "external_auditor", _("External auditor")


def company_time_zone() -> str:
    """The time zone a new person starts with."""
    return str(settings.COMPANY_TIME_ZONE)


def check_time_zone(name: str) -> None:
    """Accept only names of the IANA time zone database."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValidationError(_("Choose a time zone by its IANA name, like Europe/Amsterdam.")) from error


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail addresses are kept in lower case, so that one address is one person."""

    def create_user(self, email: str, password: str | None = None, *, name: str = "", **others: Any) -> User:
        """Make a person; without a password they can sign in only once they have set one, or by another method."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email.strip().lower(), name=name, **others)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by e-mail address, whatever its letter case."""
        return self.get(email=(username or "").strip().lower())


class User(Referenced, AbstractBaseUser):
    """A person. Rights come from memberships alone: there is no superuser and no permission table."""

    prefix: ClassVar[str] = "USR"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.EMPLOYEE)
    time_zone = models.CharField(_("time zone"), max_length=64, default=company_time_zone, validators=[check_time_zone])
    language = models.CharField(_("language"), max_length=16, default="en-gb")
    is_active = models.BooleanField(_("may sign in"), default=True)
    expires_at = models.DateTimeField(_("access ends"), null=True, blank=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="accounts_email_is_lower_case",
                violation_error_message=_("Write the e-mail address in lower case."),
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="accounts_kind_is_known"),
            # External people come for one matter and leave: their access must say when it ends.
            models.CheckConstraint(
                condition=models.Q(kind=Kind.EMPLOYEE) | models.Q(expires_at__isnull=False),
                name="accounts_external_access_ends",
                violation_error_message=_("Say when the access of an external person ends."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name, for libraries that ask."""
        return self.name

    def get_short_name(self) -> str:
        """The name, for libraries that ask."""
        return self.name

    def may_sign_in(self, now: datetime) -> bool:
        """Whether access has neither been ended nor run out."""
        return self.is_active and (self.expires_at is None or now < self.expires_at)
