"""Texts of our own under every version: imported by the real action, and accepted by a lawyer where they differ."""

from __future__ import annotations

from foundation.accounts.models import User
from foundation.audit.actors import Actor
from licences.actions import accept_text, import_text
from licences.models import LlamaVersion, TextKind
from licences.queries import current_text
from tests.licences.texts import AGREEMENT, AUP


def accept_invented_texts(by: User) -> None:
    """Put a current agreement and AUP under every version that has none."""
    for version in LlamaVersion.objects.all():
        for kind, words in ((TextKind.AGREEMENT, AGREEMENT), (TextKind.AUP, AUP)):
            if current_text(version, kind) is None:
                data = words.replace("Otter 2", version.name).encode()
                text = import_text(
                    version=version, kind=kind, data=data, source="invented", imported_by=Actor.system("tests")
                )
                if not text.is_current:
                    accept_text(text=text, by=by, note="Invented for tests")
