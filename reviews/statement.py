"""What a signature says and covers: the document that is shown, digested and sealed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SCHEMA = "licence-desk/sign-off"
SCHEMA_VERSION = 1

# DESIGN section 2, "Statements of meaning". A change of words here is a new statement; signed ones keep theirs.
STATEMENTS: dict[str, str] = {
    "reviewer": gettext_noop(
        "I examined the declared facts and the listed texts. These answers are mine. "
        "I did not verify facts except where stated."
    ),
    "approver": gettext_noop(
        "On these facts and texts, I approve use within the stated scope, dates and conditions for %(entity)s. "
        "This is an internal decision, not a warranty or permission from Meta."
    ),
    "attribution_owner": gettext_noop(
        "I accept responsibility for the listed attribution duties. I have seen those marked “seen” on the date shown; "
        "the others are due before go-live."
    ),
    "risk_owner": gettext_noop("I understand the stated positions and accept their residual risk for %(entity)s."),
}

# The parts of a review that each signature covers. Only the approver's covers the scope and the conditions, so that
# the approver can still set them after the reviewer has signed the answers.
COVERS: dict[str, tuple[str, ...]] = {
    "reviewer": ("facts", "agreement", "aup", "findings", "answers"),
    "attribution_owner": ("facts", "agreement", "aup", "findings", "answers", "duties"),
    "risk_owner": ("facts", "agreement", "aup", "findings", "answers", "positions"),
    "approver": (
        "facts",
        "agreement",
        "aup",
        "findings",
        "answers",
        "positions",
        "duties",
        "plan",
        "scope",
        "conditions",
    ),
}

PART_NAMES: dict[str, str] = {
    "facts": gettext_noop("The declared facts"),
    "agreement": gettext_noop("The agreement’s text"),
    "aup": gettext_noop("The acceptable use policy’s text"),
    "findings": gettext_noop("The findings"),
    "answers": gettext_noop("The answers"),
    "positions": gettext_noop("The positions taken"),
    "duties": gettext_noop("The attribution duties and what was seen of them"),
    "plan": gettext_noop("The plan of signatures"),
    "scope": gettext_noop("The scope, dates and use"),
    "conditions": gettext_noop("The conditions"),
}


@dataclass(frozen=True)
class Signer:
    """Who signs. The name goes into the document as a salted commitment; the row keeps the name itself."""

    reference: str
    name_commitment: str
    role: str
    kind: str


def statement_words(step_key: str, *, entity: str) -> str:
    """The statement in the language that is active, with the entity in it."""
    words = _(STATEMENTS[step_key])
    if "%(entity)s" not in words:
        return words
    # “Norrbro B.V.” brings the full stop of its own abbreviation to the end of a sentence.
    return (words.replace("%(entity)s.", "%(entity)s") if entity.endswith(".") else words) % {"entity": entity}


def covered_parts(step_key: str, digests: Mapping[str, str]) -> dict[str, str]:
    """The digests that this signature covers, by part."""
    return {part: digests[part] for part in COVERS[step_key]}


def sign_off_document(
    *,
    step_key: str,
    review: str,
    round_number: int,
    language: str,
    words: str,
    signer: Signer,
    parts: Mapping[str, str],
) -> dict[str, Any]:
    """The document whose digest the page shows and the signature stores."""
    return {
        "schema": SCHEMA,
        "version": SCHEMA_VERSION,
        "step": step_key,
        "review": review,
        "round": round_number,
        "language": language,
        "statement": words,
        "signer": {
            "reference": signer.reference,
            "name": signer.name_commitment,
            "role": signer.role,
            "kind": signer.kind,
        },
        "covers": dict(parts),
    }


def changed_parts(shown: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """One sentence per part whose digest is no longer what the page showed."""
    parts = [part for part in PART_NAMES if shown.get(part) != now.get(part)]
    return [_("%(part)s changed.") % {"part": _(PART_NAMES[part])} for part in parts]
