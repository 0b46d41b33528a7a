"""The verbs of accounts, one file per subject."""

from foundation.accounts.actions.memberships import create_team, end_role, grant_role
from foundation.accounts.actions.people import (
    change_own_details,
    deactivate_person,
    invite_person,
    reactivate_person,
    send_invitation_again,
)
from foundation.accounts.actions.proofs import consume_proof, make_proof, sign_with_password
from foundation.accounts.actions.tokens import IssuedToken, authenticate_token, issue_token, revoke_token

__all__ = [
    "IssuedToken",
    "authenticate_token",
    "change_own_details",
    "consume_proof",
    "create_team",
    "deactivate_person",
    "end_role",
    "grant_role",
    "invite_person",
    "issue_token",
    "make_proof",
    "reactivate_person",
    "revoke_token",
    "send_invitation_again",
    "sign_with_password",
]
