"""Tables of the licence base."""

from licences.models.aliases import ModelAlias
from licences.models.checks import AddressCheck, CheckOutcome
from licences.models.drafts import DraftState, VersionDraft
from licences.models.texts import Clause, LicenceText, TextKind, TextMatch, TextStanding
from licences.models.versions import AupItemRow, LlamaVersion, ObligationRow

__all__ = [
    "AddressCheck",
    "AupItemRow",
    "CheckOutcome",
    "Clause",
    "DraftState",
    "LicenceText",
    "LlamaVersion",
    "ModelAlias",
    "ObligationRow",
    "TextKind",
    "TextMatch",
    "TextStanding",
    "VersionDraft",
]
