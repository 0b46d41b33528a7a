"""Tables of people, teams, roles, machine tokens and signing proofs. No workflow lives here."""

from foundation.accounts.models.memberships import Membership, Team
from foundation.accounts.models.people import Kind, User, UserManager
from foundation.accounts.models.proofs import Method, SigningProof
from foundation.accounts.models.tokens import MachineToken

__all__ = ["Kind", "MachineToken", "Membership", "Method", "SigningProof", "Team", "User", "UserManager"]
