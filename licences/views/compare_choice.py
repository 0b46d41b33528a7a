"""What the address of a comparison asks for, and the addresses of the same page with something else chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from licences.document import Marks
from licences.models import TextKind
from licences.reading import VersionHere

VIEWS = ("redline", "split", "clean")


class Document(StrEnum):
    """What is compared: one of the two documents, or the policy in its two places."""

    AGREEMENT = "agreement"
    AUP = "aup"
    APPENDED = "appended"


@dataclass(frozen=True)
class Choice:
    """Two versions, one document, and how to show it."""

    old: VersionHere
    new: VersionHere
    document: Document
    view: str
    changed_only: bool
    letter: bool
    old_sha256: str  # a certain text of the document; empty for the current one
    new_sha256: str

    @property
    def same_version(self) -> bool:
        """Whether two copies of one version's text are compared, or its policy in two places."""
        return self.old.slug == self.new.slug

    @property
    def marks(self) -> Marks:
        """What the redline marks and counts."""
        return Marks.LETTER if self.letter else Marks.SUBSTANCE

    def url(self, **changed: Any) -> str:
        """The same page with something else chosen."""
        one = replace(self, **changed)
        query = {"doc": one.document.value, "view": one.view}
        if one.changed_only:
            query["show"] = "changed"
        if one.letter:
            query["letter"] = "1"
        if one.old_sha256 and one.document == self.document:
            query["from"] = one.old_sha256
        if one.new_sha256 and one.document == self.document:
            query["to"] = one.new_sha256
        return f"{reverse('licences:compare', args=[one.old.slug, one.new.slug])}?{urlencode(query)}"

    def swapped(self) -> str:
        """The same comparison the other way round."""
        return self.url(old=self.new, new=self.old, old_sha256=self.new_sha256, new_sha256=self.old_sha256)


@dataclass(frozen=True)
class Texts:
    """The SHA-256 of what is compared, by kind of document; empty where a text is not imported."""

    old: Mapping[str, str]
    new: Mapping[str, str]

    @classmethod
    def of(cls, choice: Choice, current: Mapping[tuple[str, str], str]) -> Texts:
        """The current texts of both versions, with the certain one that was asked for in its place."""
        old = {kind: current.get((choice.old.slug, kind), "") for kind in TextKind.values}
        new = {kind: current.get((choice.new.slug, kind), "") for kind in TextKind.values}
        if choice.document != Document.APPENDED:
            old[choice.document] = choice.old_sha256 or old[choice.document]
            new[choice.document] = choice.new_sha256 or new[choice.document]
        return cls(old, new)

    @property
    def key(self) -> tuple[str, ...]:
        """All of it as plain values."""
        return (*self.old.values(), *self.new.values())

    def shown(self, document: Document) -> tuple[str, str]:
        """Old and new file of the document that the page shows."""
        if document == Document.APPENDED:
            return self.old[TextKind.AUP], self.new[TextKind.AGREEMENT]
        return self.old[document], self.new[document]


def labels(choice: Choice, texts: Texts) -> tuple[str, str]:
    """How the page calls both sides; two copies of one version are told apart by their digests."""
    if choice.document == Document.APPENDED:
        return _("The separate file"), _("In the agreement's file")
    if not choice.same_version:
        return choice.old.name, choice.new.name
    old, new = texts.shown(choice.document)
    return f"{choice.old.name}, {old[:8]}", f"{choice.new.name}, {new[:8]}"
