"""The owner's statement, and the documents that it covers: canonical JSON with schema and version inside.

Pure but for gettext: what is signed is shown and stored in the language in which it was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.audit.canonical import canonical, digest

DOCUMENT_SCHEMA = "licence-desk/declaration"
STATEMENT_SCHEMA = "licence-desk/declaration-statement"
SCHEMA_VERSION = 1


def owner_statement() -> str:
    """What an owner says when declaring, word for word."""
    return _(
        "I declare that these facts are complete and correct to the best of my knowledge after reasonable enquiry, "
        "and I will report changes. I give no legal opinion."
    )


@dataclass(frozen=True)
class DeclarationDocument:
    """Both sheets as they stand, and whom they are about."""

    product: str
    component: str
    sheet: str
    licensee: str | None
    other_entities: Sequence[tuple[str, str]]  # role and reference
    product_answers: Mapping[str, Any]
    model_answers: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The document as it is made canonical and digested."""
        return {
            "schema": DOCUMENT_SCHEMA,
            "version": SCHEMA_VERSION,
            "product": self.product,
            "component": self.component,
            "sheet": self.sheet,
            "licensee": self.licensee,
            "entities": [{"role": role, "entity": entity} for role, entity in sorted(self.other_entities)],
            "product_answers": dict(self.product_answers),
            "model_answers": dict(self.model_answers),
        }

    @property
    def text(self) -> str:
        """Canonical JSON (RFC 8785)."""
        return canonical(self.as_json())

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON."""
        return digest(self.as_json())


@dataclass(frozen=True)
class DeclarationStatement:
    """What the owner signs: the words, their language, and the digest of the facts that they cover."""

    text: str
    language: str
    facts_digest: str
    product: str
    sheet: str

    @property
    def digest(self) -> str:
        """The statement digest that a proof is bound to (rule 14)."""
        return digest(
            {
                "schema": STATEMENT_SCHEMA,
                "version": SCHEMA_VERSION,
                "statement": self.text,
                "language": self.language,
                "facts_digest": self.facts_digest,
                "product": self.product,
                "sheet": self.sheet,
            }
        )
