"""What a person can put right themselves."""

from __future__ import annotations

from django.utils.translation import gettext as _


class AccountError(Exception):
    """Something about people, roles, tokens or proofs that the person can fix; the message says how."""


class TokenShownAlready(AccountError):  # noqa: N818 - reads as the sentence that it carries
    """The form that asks for a token was sent before: the token that it made was shown then."""

    def __init__(self) -> None:
        super().__init__(_("This token was shown once already. If it is lost, revoke it and issue another."))


class ProofRefused(AccountError):  # noqa: N818 - a refusal, said as the policies say it
    """No proof that this person, in this visit, has just shown who they are for this statement."""


class TooManyAttempts(ProofRefused):
    """Signing is paused for this person after several wrong passwords."""

    def __init__(self) -> None:
        super().__init__(_("Too many wrong passwords. Wait five minutes, then sign again."))
