"""What is known of a licence text from its digests alone. Pure; the digests of Meta's copies stand in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from licences.terms import KnownText, Terms

LONGEST_LABEL = 300


@dataclass(frozen=True)
class Knowledge:
    """How a text relates to the copies that Meta is known to have published."""

    match: str  # of TextMatch
    label: str
    primary: bool  # its bytes, or its words, are those of the copy that the catalogue puts first
    source: str = ""
    commit: str = ""
    text_date: date | None = None


def knowledge_of(terms: Terms, kind: str, sha256: str, words: str) -> Knowledge:
    """The bytes of a known copy, else its words, else something else."""
    known = sorted((text for text in terms.texts if text.kind == kind), key=lambda text: text.standing != "primary")
    for text in known:
        if text.sha256 == sha256:
            return Knowledge(
                match="repository_copy",
                label=text.label,
                primary=text.standing == "primary",
                source=text.source,
                commit=text.commit,
                text_date=date.fromisoformat(text.date),
            )
    for text in known:
        if text.words == words:
            return Knowledge(
                match="same_words",
                label=f"same words as {_copy(text)}; not byte for byte",
                primary=text.standing == "primary",
            )
    return Knowledge(
        match="different", label="different words from every copy of Meta that is known here", primary=False
    )


def known_elsewhere(kind: str, sha256: str, words: str, others: Iterable[Terms]) -> Terms | None:
    """The other version whose document of this kind the text is, by its bytes or its words; None where it is none."""
    known = [(terms, text) for terms in others for text in terms.texts if text.kind == kind]
    return next((terms for terms, text in known if text.sha256 == sha256 or text.words == words), None)


def shorten(label: str) -> str:
    """A label that fits its column."""
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def _copy(text: KnownText) -> str:
    if text.standing == "primary":
        return f"Meta's repository copy, commit {text.commit[:8]}"
    return f"Meta's copy of {text.date}, commit {text.commit[:8]}"
