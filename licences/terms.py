"""The terms of one Llama version, read from `catalogue/<slug>.toml`.

Everything that `obligations.assess()` needs comes from here: a newcomer adds a version by copying a file and changing
its values. A file that cannot be used is refused with its name, the key, and what to write.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from licences.aup_subjects import DISCLOSURE, GROUPS, SECTORS
from licences.behind import UP_TO_DATE, Behind
from licences.catalogue_reader import CatalogueError, Reader
from licences.obligation_kinds import OBLIGATION_KINDS, OTHER, TRIGGERS

__all__ = [
    "CATALOGUE",
    "Addresses",
    "AupItem",
    "CatalogueError",
    "Display",
    "KnownText",
    "NamePrefix",
    "Obligation",
    "Terms",
    "document_of",
    "load_catalogue",
    "load_terms",
    "terms_from_mapping",
]

CATALOGUE = Path(__file__).resolve().parent / "catalogue"


SLUG = re.compile(r"^llama-\d+(\.\d+)?(-[a-z0-9]+)*$")
CLAUSE_ID = re.compile(
    r"^(LICENSE (preamble|acceptance|definition\.[a-z-]+|\d{1,2}(\.[a-z](\.[ivx]{1,5})?)?)"
    r"|AUP (intro|prohibited-uses|eu-multimodal|reporting(\.\d)?|\d{1,2}(\.[a-z](\.[ivx]{1,5})?)?))$"
)
_SHA256 = re.compile(r"^[0-9a-f]{64}$")
_MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")


@dataclass(frozen=True)
class Obligation:
    """A duty, right or limit that follows from clauses. `summary` is ours; the clause is what counts."""

    kind: str
    key: str
    clauses: tuple[str, ...]
    summary: str
    trigger: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class AupItem:
    """One item of the acceptable use policy: position by nesting, printed label, and where screening leads to it."""

    id: str
    printed_label: str
    subject: str
    group: str
    sectors: tuple[str, ...]
    prohibited: bool

    @property
    def clause(self) -> str:
        """The clause id, like "AUP 2.a"."""
        return f"AUP {self.id}"


@dataclass(frozen=True)
class KnownText:
    """A licence text that was seen: its digests, where it was read, and how to label it."""

    kind: str  # agreement, aup
    standing: str  # primary, revision
    sha256: str
    words: str  # SHA-256 of the normalised words
    source: str
    commit: str
    date: str
    label: str


@dataclass(frozen=True)
class Addresses:
    """Where Meta publishes a text: the raw file in its repository, and the page for readers."""

    raw: str
    web: str


@dataclass(frozen=True)
class Display:
    """The display duty of LICENSE 1.b.i."""

    text: str
    trigger: str  # uses, contains
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class NamePrefix:
    """The naming duty of LICENSE 1.b.i."""

    prefix: str
    outputs: bool
    clauses: tuple[str, ...]

    def begins(self, name: str) -> str:
        """yes, no or arguable: whether a model's name begins with the prefix, which is not the same as containing it.

        An owner before a slash is no part of the name, and blanks, dashes, underscores and dots count alike.
        "Meta-Llama-3-8B" does not begin with "Llama 3". "Llama-3.1-Tulu" and "Llama-3B" are arguable for "Llama 3", for
        the number goes on or is another; so is "Llamazing" for "Llama", for the word goes on, and "LlamaGuard" is not.
        """
        own_name = name.strip().rsplit("/", 1)[-1].strip()
        words = r"[\s\-_.]*".join(re.escape(word) for word in self.prefix.split())
        found = re.match(words, own_name, re.IGNORECASE)
        if found is None:
            return "no"
        rest = own_name[found.end() :]
        if self.prefix[-1].isdigit():
            goes_on = re.match(r"\d|[a-z]|\.\d|[_\- ]\d+(?![\d.]*\s?b(?![a-z]))", rest, re.IGNORECASE)
        else:
            goes_on = re.match(r"[a-zA-Z]" if found[0].isupper() else r"[a-z]", rest)
        return "arguable" if goes_on else "yes"


@dataclass(frozen=True)
class Terms:
    """What one Llama version's agreement and policy say, as far as rules can use it."""

    slug: str
    name: str
    defined_name: str
    title: str
    date: str
    date_kind: str  # release, effective: the word of the agreement's header
    sizes: tuple[str, ...]
    multimodal_models: tuple[str, ...]
    multimodal_as_of: str
    multimodal_marks: tuple[str, ...]
    text_marks: tuple[str, ...]
    multimodal_otherwise: str  # yes, no, unknown: models whose id has none of the marks
    agreement: Addresses
    aup: Addresses
    texts: tuple[KnownText, ...]
    obligations: tuple[Obligation, ...]
    aup_items: tuple[AupItem, ...]
    eu_note: str
    notes: tuple[str, ...]
    behind: Behind = UP_TO_DATE  # of no file: terms_now says it of the texts that are relied on

    def obligation(self, kind: str) -> Obligation | None:
        """The obligation of a kind, or None where this version has none."""
        return next((one for one in self.obligations if one.kind == kind), None)

    def required(self, kind: str) -> Obligation:
        """The obligation of a kind that every version has."""
        found = self.obligation(kind)
        if found is None:
            raise CatalogueError(f"{self.slug}: no obligation of kind {kind!r}. Add one: it is {_means(kind)}.")
        return found

    @property
    def others(self) -> tuple[Obligation, ...]:
        """Terms of this version that no rule knows: a lawyer judges each for every product."""
        return tuple(one for one in self.obligations if one.kind == OTHER)

    @property
    def mau_threshold(self) -> int:
        """More users than this, and LICENSE 2 withholds every right."""
        return int(self.required("mau").parameters["threshold"])

    @property
    def mau_month(self) -> str:
        """The calendar month that LICENSE 2 tests, like "2024-06"."""
        return self.required("mau").parameters["month"]

    @property
    def mau_month_is_reading(self) -> bool:
        """Whether the month rests on a reading, because the text defines no release date."""
        return self.required("mau").parameters["month_is_reading"] == "yes"

    @property
    def notice(self) -> str:
        """The line of the Notice file (LICENSE 1.b.iii)."""
        return self.required("notice").parameters["text"]

    @property
    def mark(self) -> str:
        """The mark that 5.a licenses; empty where it licenses none."""
        return self.required("marks").parameters["mark"]

    @property
    def display(self) -> Display | None:
        """The display duty, or None."""
        found = self.obligation("display")
        return Display(found.parameters["text"], found.parameters["trigger"], found.clauses) if found else None

    @property
    def name_prefix(self) -> NamePrefix | None:
        """The naming duty, or None."""
        found = self.obligation("name-prefix")
        if found is None:
            return None
        return NamePrefix(found.parameters["prefix"], found.parameters["outputs"] == "yes", found.clauses)

    @property
    def improvement_ban(self) -> Obligation | None:
        """The ban of LICENSE 1.b.v, or None."""
        return self.obligation("improvement-ban")

    @property
    def eu_multimodal(self) -> Obligation | None:
        """The AUP's paragraph on multimodal models and the EU, or None."""
        return self.obligation("eu-multimodal")

    def multimodality_of(self, model_id: str) -> str:
        """yes, no or unknown, from the model's id: the model counts, not what is sent to it."""
        folded = f"-{re.sub(r'[^a-z0-9]+', '-', model_id.lower()).strip('-')}-"
        if any(f"-{mark}-" in folded for mark in self.multimodal_marks):
            return "yes"
        if any(f"-{mark}-" in folded for mark in self.text_marks):
            return "no"
        return self.multimodal_otherwise

    def items_touched_by(self, touched: frozenset[str]) -> tuple[AupItem, ...]:
        """The policy's items that the chosen subjects and fields of work lead to."""
        return tuple(one for one in self.aup_items if one.group in touched or touched & set(one.sectors))

    def item(self, item_id: str) -> AupItem | None:
        """The policy's item with this id, or None."""
        return next((one for one in self.aup_items if one.id == item_id), None)

    def text(self, kind: str) -> KnownText:
        """The primary text of a kind."""
        return next(one for one in self.texts if one.kind == kind and one.standing == "primary")


def document_of(terms: Terms) -> dict[str, Any]:
    """The content of a catalogue file again, as plain JSON: what a row stores and `terms_from_mapping` reads."""
    return {
        "slug": terms.slug,
        "name": terms.name,
        "defined_name": terms.defined_name,
        "title": terms.title,
        "date": terms.date,
        "date_kind": terms.date_kind,
        "eu_note": terms.eu_note,
        "notes": list(terms.notes),
        "models": {
            "sizes": list(terms.sizes),
            "multimodal": list(terms.multimodal_models),
            "as_of": terms.multimodal_as_of,
            "multimodal_marks": list(terms.multimodal_marks),
            "text_marks": list(terms.text_marks),
            "otherwise": terms.multimodal_otherwise,
        },
        "addresses": {"agreement": asdict(terms.agreement), "aup": asdict(terms.aup)},
        "text": [asdict(one) for one in terms.texts],
        "obligation": [asdict(one) | {"clauses": list(one.clauses)} for one in terms.obligations],
        "aup_item": [
            {
                "id": one.id,
                "printed": one.printed_label,
                "subject": one.subject,
                "group": one.group,
                "sectors": list(one.sectors),
                "prohibited": one.prohibited,
            }
            for one in terms.aup_items
        ],
    }


def _means(kind: str) -> str:
    return OBLIGATION_KINDS[kind].means


def load_terms(path: Path) -> Terms:
    """Read one catalogue file; CatalogueError says what to write where it cannot be used."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(f"{path.name}: cannot be read ({error.strerror}). Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: is no valid TOML: {error}. Correct that line.") from error
    terms = terms_from_mapping(data, path.name)
    if terms.slug != path.stem:
        raise CatalogueError(f'{path.name}: slug: must be the name of the file. Write slug = "{path.stem}"')
    return terms


def load_catalogue(folder: Path = CATALOGUE) -> tuple[Terms, ...]:
    """Every version of a folder, oldest first."""
    found = [load_terms(path) for path in sorted(folder.glob("*.toml"))]
    if not found:
        raise CatalogueError(f"{folder.name}: has no .toml file. Add one per Llama version.")
    return tuple(sorted(found, key=lambda terms: (terms.date, terms.slug)))


def terms_from_mapping(data: Any, origin: str) -> Terms:
    """Terms from the content of a catalogue file, or of a row with the same shape; `origin` is named in errors."""
    top = Reader(data, origin)
    models, addresses = top.table("models"), top.table("addresses")
    terms = Terms(
        slug=top.text("slug", "llama-3.1", pattern=SLUG),
        name=top.text("name", "Llama 3.1"),
        defined_name=top.text("defined_name", "Llama 3.1"),
        title=top.text("title", "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT"),
        date=top.day("date"),
        date_kind=top.one_of("date_kind", {"release", "effective"}),
        sizes=models.texts("sizes", "8B"),
        multimodal_models=models.texts("multimodal", "Llama-3.2-11B-Vision", optional=True),
        multimodal_as_of=models.day("as_of"),
        multimodal_marks=models.texts("multimodal_marks", "11b", optional=True),
        text_marks=models.texts("text_marks", "1b", optional=True),
        multimodal_otherwise=models.one_of("otherwise", {"yes", "no", "unknown"}),
        agreement=_addresses(addresses, "agreement"),
        aup=_addresses(addresses, "aup"),
        texts=tuple(_known_text(one) for one in top.tables("text")),
        obligations=tuple(_obligation(one) for one in top.tables("obligation")),
        aup_items=tuple(_aup_item(one) for one in top.tables("aup_item")),
        eu_note=str(top.take("eu_note", '""', default="")),
        notes=top.texts("notes", "What a reader should know", optional=True),
    )
    for reader in (top, models, addresses):
        reader.done()
    _check_whole(terms, top)
    return terms


def _addresses(reader: Reader, key: str) -> Addresses:
    one = reader.table(key)
    https = re.compile(r"^https://[^\s]+$")
    found = Addresses(
        one.text("raw", "https://raw.githubusercontent.com/…", pattern=https),
        one.text("web", "https://www.llama.com/…", pattern=https),
    )
    one.done()
    return found


def _known_text(one: Reader) -> KnownText:
    found = KnownText(
        kind=one.one_of("kind", {"agreement", "aup"}),
        standing=one.one_of("standing", {"primary", "revision"}),
        sha256=one.text("sha256", "64 hex digits", pattern=_SHA256),
        words=one.text("words", "64 hex digits", pattern=_SHA256),
        source=one.text("source", "https://github.com/…"),
        commit=one.text("commit", "40 hex digits", empty=True, pattern=re.compile(r"^[0-9a-f]{40}$")),
        date=one.day("date"),
        label=one.text("label", "Meta's repository copy"),
    )
    one.done()
    return found


def _obligation(one: Reader) -> Obligation:
    kind = one.one_of("kind", set(OBLIGATION_KINDS))
    known = OBLIGATION_KINDS[kind]
    raw = Reader(one.take("parameters", "{ }", default={}), one.origin, f"{one.where}.parameters ({kind})")
    parameters = {key: raw.text(key, "…", empty=key in {"mark", "guidelines"}) for key in known.parameters}
    raw.done()
    found = Obligation(
        kind=kind,
        key=one.text("key", kind) if "key" in one.data else kind,
        clauses=one.texts("clauses", "LICENSE 1.b.i"),
        summary=one.text("summary", "One sentence in your own words"),
        trigger=one.one_of("trigger", TRIGGERS),
        parameters=parameters,
    )
    one.done()
    _check_clauses(one, found.clauses)
    _check_parameters(raw, kind, parameters)
    return found


def _check_clauses(one: Reader, clauses: tuple[str, ...]) -> None:
    if not clauses:
        raise one.refuse("clauses", 'needs at least one clause. Write clauses = ["LICENSE 1.b.i"]')
    for clause in clauses:
        if not CLAUSE_ID.match(clause):
            raise one.refuse("clauses", f'"{clause}" is no clause id. Write it like "LICENSE 1.b.i" or "AUP 2.a".')


def _check_parameters(raw: Reader, kind: str, parameters: Mapping[str, str]) -> None:
    allowed = {
        ("copy", "form"): {"third-party", "with-materials"},
        ("display", "trigger"): {"uses", "contains"},
        ("name-prefix", "outputs"): {"yes", "no"},
        ("mau", "month_is_reading"): {"yes", "no"},
    }
    for key, value in parameters.items():
        if (kind, key) in allowed and value not in allowed[kind, key]:
            raise raw.refuse(key, f'"{value}" is not known. Write one of: {", ".join(sorted(allowed[kind, key]))}.')
    if kind == "mau" and not parameters["threshold"].isdigit():
        raise raw.refuse("threshold", 'must be digits. Write threshold = "700000000"')
    if kind == "mau" and not _MONTH.match(parameters["month"]):
        raise raw.refuse("month", 'must be a year and a month. Write month = "2024-06"')


def _aup_item(one: Reader) -> AupItem:
    found = AupItem(
        id=one.text("id", "2.a", pattern=re.compile(r"^\d{1,2}(\.[a-z](\.[ivx]{1,5})?)?$")),
        printed_label=one.text("printed", "2.1", empty=True),
        subject=one.text("subject", "A few words of your own"),
        group=one.one_of("group", {*GROUPS, DISCLOSURE}),
        sectors=one.texts("sectors", "health", optional=True),
        prohibited=bool(one.take("prohibited", "true", default=True)),
    )
    one.done()
    for sector in found.sectors:
        if sector not in SECTORS:
            raise one.refuse("sectors", f'"{sector}" is not known. Write one of: {", ".join(sorted(SECTORS))}.')
    return found


def _check_whole(terms: Terms, top: Reader) -> None:
    """What only the whole file shows: nothing required is absent, nothing is there twice."""
    kinds = [one.kind for one in terms.obligations]
    for kind, known in OBLIGATION_KINDS.items():
        if known.required and kind not in kinds:
            raise top.refuse("obligation", f'kind "{kind}" is missing: {known.means}. Add an [[obligation]] for it.')
        if kinds.count(kind) > 1 and kind != OTHER:
            raise top.refuse("obligation", f'kind "{kind}" is there twice. Keep one, with all its clauses.')
    keys = [one.key for one in terms.obligations]
    for key in keys:
        if keys.count(key) > 1:
            raise top.refuse("obligation", f'key "{key}" is there twice. Give each term a key of its own.')
    ids = [item.id for item in terms.aup_items]
    for item_id in ids:
        if ids.count(item_id) > 1:
            raise top.refuse("aup_item", f'id "{item_id}" is there twice. Keep one.')
    for kind in ("agreement", "aup"):
        if [text.kind for text in terms.texts if text.standing == "primary"].count(kind) != 1:
            raise top.refuse("text", f'needs exactly one text of kind = "{kind}" with standing = "primary".')
