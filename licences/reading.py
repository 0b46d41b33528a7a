"""What busy pages read of the licence base: each kind of row in one read of a fixed shape, without catalogues.

The terms of a version are found by the digest of its catalogue (queries.terms_by_digest), and parsed once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from foundation.accounts.models import User
from foundation.reads import Given, Read
from licences.models import AddressCheck, LicenceText, LlamaVersion, TextKind
from licences.models.checks import CheckOutcome
from licences.models.texts import TextMatch, TextStanding


class VersionHere(NamedTuple):
    """A version as lists, links and comparisons need it."""

    slug: str
    name: str
    digest: str  # of the catalogue


class TextHere(NamedTuple):
    """A text of a version, as the version's page tells where it comes from."""

    pk: int
    kind: str
    sha256: str
    words_digest: str
    match: str
    label: str
    source: str
    commit: str
    text_date: date | None
    standing: str
    is_current: bool
    imported_at: datetime
    imported_by: str
    decided_at: datetime | None
    decided_name: str | None
    decided_email: str | None
    decision_note: str

    @property
    def kind_in_words(self) -> str:
        return str(TextKind(self.kind).label)

    @property
    def match_in_words(self) -> str:
        return str(TextMatch(self.match).label)

    @property
    def decided_by(self) -> str:
        return self.decided_name or self.decided_email or ""


class CheckHere(NamedTuple):
    """The newest look at one address of a version; of one that a lawyer gave, with who asked and what came of it."""

    kind: str
    address: str
    checked_at: datetime
    outcome: str
    words_seen_at: datetime | None
    problem: str
    asked_name: str | None
    asked_email: str | None
    text_standing: str | None
    text_label: str | None

    @property
    def kind_in_words(self) -> str:
        return str(TextKind(self.kind).label)

    @property
    def asked_by(self) -> str:
        return self.asked_name or self.asked_email or ""

    @property
    def standing_in_words(self) -> str:
        return str(TextStanding(self.text_standing).label) if self.text_standing else ""

    @property
    def outcome_in_words(self) -> str:
        return str(CheckOutcome(self.outcome).label)


# The parts of the portal that bring texts, as the log calls them.
_BY_THE_PORTAL = {
    "import_licence_texts": gettext_lazy("by command"),
    "fetch_licence_texts": gettext_lazy("fetched from its address"),
    "watch_licence_texts": gettext_lazy("found at its address"),
}
_VERSIONS = Read(
    VersionHere, lambda: LlamaVersion.objects.order_by("position").values_list("slug", "name", "catalogue_digest")
)
_CURRENT = Read(
    lambda slug, kind, sha256: ((slug, kind), sha256),
    lambda: LicenceText.objects.filter(is_current=True).order_by().values_list("version__slug", "kind", "blob_id"),
)
_TEXTS = Read(
    TextHere,
    lambda: (
        LicenceText.objects.filter(version__slug=Given("slug"))
        .order_by("kind", "-is_current", "-imported_at")
        .values_list(
            "pk",
            "kind",
            "blob_id",
            "words_digest",
            "match",
            "label",
            "source",
            "commit",
            "text_date",
            "standing",
            "is_current",
            "imported_at",
            "imported_by",
            "decided_at",
            "decided_by__name",
            "decided_by__email",
            "decision_note",
        )
    ),
)
_CHECKS = Read(
    CheckHere,
    lambda: (
        AddressCheck.objects.filter(version__slug=Given("slug"))
        .order_by("kind", "address")
        .values_list(
            "kind",
            "address",
            "checked_at",
            "outcome",
            "words_seen_at",
            "problem",
            "asked_by__name",
            "asked_by__email",
            "text__standing",
            "text__label",
        )
    ),
)


def versions_here() -> list[VersionHere]:
    """Every version, oldest first."""
    return _VERSIONS()


def current_digests() -> dict[tuple[str, str], str]:
    """The SHA-256 of the text that new reviews rely on, by slug and kind, where one is imported."""
    return dict(_CURRENT())


def texts_here(slug: str) -> list[TextHere]:
    """Every text of a version, the current ones first, then the newest."""
    return _TEXTS(slug=slug)


def checks_here(slug: str) -> list[CheckHere]:
    """The newest look at each of a version's addresses."""
    return _CHECKS(slug=slug)


def names_of_importers(texts: Iterable[TextHere]) -> dict[str, str]:
    """Who imported: people by their name, the portal by how it did. A query only for people."""
    references = {text.imported_by for text in texts}
    keys = {int(ref.removeprefix("USR-")): ref for ref in references if ref.startswith("USR-")}
    names = {keys[person.pk]: str(person) for person in User.objects.filter(pk__in=keys)}
    return {ref: names.get(ref) or str(_BY_THE_PORTAL.get(ref, ref)) for ref in references}
