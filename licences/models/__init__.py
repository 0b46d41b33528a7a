"""Tables of the licence base."""

from licences.models.aliases import ModelAlias
from licences.models.texts import Clause, LicenceText, TextKind, TextMatch, TextStanding
from licences.models.versions import AupItemRow, LlamaVersion, ObligationRow

__all__ = [
    "AupItemRow",
    "Clause",
    "LicenceText",
    "LlamaVersion",
    "ModelAlias",
    "ObligationRow",
    "TextKind",
    "TextMatch",
    "TextStanding",
]
