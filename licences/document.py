"""A licence text as a page shows it: clause by clause, plain or against another version. Cached: texts never change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from foundation.files.store import read
from licences import clauses, redline
from licences.models import LicenceText
from licences.normalise import cut_printed, fold_version
from licences.redline import PairKind, Span


@dataclass(frozen=True)
class ShownClause:
    """One clause ready for templates/_parts/_clause.html."""

    id: str  # LICENSE 1.b.i
    number: str  # 1.b.i
    printed: str
    heading: str
    text: str
    depth: int
    digest: str
    kind: str = "same"  # of PairKind
    changed: bool = False  # in substance, or added, removed, moved
    renamed: bool = False  # other words, but only names, addresses or dates
    reworded: bool = False  # other words in substance; a moved clause may be both
    old_number: str = ""  # where a moved clause stood before
    segments: tuple[Span, ...] = ()
    old_segments: tuple[Span, ...] = ()
    new_segments: tuple[Span, ...] = ()
    checks: tuple[dict[str, Any], ...] = field(default=())
    focus: bool = False
    remark: str = ""  # a few words beside the number, such as "moved, was 1.b.v"

    @property
    def is_word(self) -> bool:
        """Whether the clause is addressed by a word, as preamble and definitions are."""
        return not self.number[:1].isdigit()


def split_text(text: LicenceText) -> tuple[clauses.Clause, ...]:
    """The clauses of a stored text; UnsplittableText, or DamagedFile when the bytes are not those imported."""
    return _split(text.sha256, text.kind)


@lru_cache(maxsize=128)
def _split(sha256: str, kind: str) -> tuple[clauses.Clause, ...]:
    return tuple(clauses.split(read(sha256), "agreement" if kind == "agreement" else "aup"))


def shown(text: LicenceText, against: LicenceText | None = None) -> tuple[ShownClause, ...]:
    """The clauses of a text; with `against`, as differences from that older text, removed clauses included."""
    if against is None or against.sha256 == text.sha256:
        return _plain_text(text.sha256, text.kind)
    names = tuple(sorted({text.version.name, against.version.name, text.version.slug, against.version.slug}))
    return _against(text.sha256, against.sha256, text.kind, names)


def shown_files(kind: str, sha256: str, against: str, names: tuple[str, ...]) -> tuple[ShownClause, ...]:
    """As shown(), for a stored file that is no text of a version yet; `names` are no difference between the two."""
    return _against(sha256, against, kind, names) if against else _plain_text(sha256, kind)


@lru_cache(maxsize=128)
def _plain_text(sha256: str, kind: str) -> tuple[ShownClause, ...]:
    return tuple(_plain(_document(kind), clause) for clause in _split(sha256, kind))


@lru_cache(maxsize=128)
def _against(new_sha: str, old_sha: str, kind: str, names: tuple[str, ...]) -> tuple[ShownClause, ...]:
    all_names = tuple(names) + tuple(f"Meta {name}" for name in names)
    old, new = _split(old_sha, kind), _split(new_sha, kind)
    pairs = redline.compare(old, new, lambda words: fold_version(words, all_names))
    taken = {clause.id for clause in new}
    return tuple(_compared(_document(kind), pair, taken) for pair in pairs)


def _document(kind: str) -> str:
    return "LICENSE" if kind == "agreement" else "AUP"


def _plain(document: str, clause: clauses.Clause) -> ShownClause:
    own_id = clause.id.removeprefix(f"{clauses.APPENDED_AUP}.")
    return ShownClause(
        id=f"{document} {clause.id}",
        number=_short(clause.id),
        printed=clause.printed_label if clause.printed_label not in {"", own_id} else "",
        heading=clause.printed_heading,
        text=clause.printed_text,
        depth=clause.depth,
        digest=clause.digest,
    )


def _short(clause_id: str) -> str:
    """The id as it fits beside the clause. The term of a definition, or the document of an appended item, stands there
    anyway; addresses and citations keep the whole id."""
    if clause_id.startswith(f"{clauses.APPENDED_AUP}."):
        return f"AUP {_short(clause_id.removeprefix(f'{clauses.APPENDED_AUP}.'))}"
    first = clause_id.partition(".")[0]
    return {"definition": first, "prohibited-uses": "uses", "eu-multimodal": "EU"}.get(first, clause_id)


def _compared(document: str, pair: redline.ClausePair, taken: set[str]) -> ShownClause:
    present = pair.new or pair.old
    assert present is not None
    # Under an unchanged heading only the text is compared; otherwise the heading is part of the words that differ.
    one_heading = pair.old is not None and pair.new is not None and pair.old.heading == pair.new.heading
    spans = _printed_spans(pair, text_alone=one_heading)
    shown_clause = _plain(document, present)
    if pair.new is None and present.id in taken:  # the page has this number already, for another clause
        shown_clause = replace(shown_clause, id=f"{shown_clause.id} removed")
    return replace(
        shown_clause,
        heading=present.printed_heading if one_heading else "",
        text=present.printed_text if one_heading else present.printed_words,
        kind=str(pair.kind),
        changed=pair.kind != PairKind.SAME,
        renamed=pair.kind == PairKind.SAME and not pair.words_equal,
        reworded=pair.kind == PairKind.REWORDED or (pair.kind == PairKind.MOVED and not pair.substance_equal),
        old_number=pair.old.id if pair.old and pair.kind == PairKind.MOVED else "",
        segments=() if pair.words_equal else spans.both,
        old_segments=spans.old,
        new_segments=spans.new,
    )


class _Spans(NamedTuple):
    """A redline of one clause, as the files print it. Straight and curly quotes are no difference."""

    both: tuple[Span, ...]
    old: tuple[Span, ...]
    new: tuple[Span, ...]


def _printed_spans(pair: redline.ClausePair, *, text_alone: bool) -> _Spans:
    def sides(clause: clauses.Clause | None) -> tuple[str, str]:
        if clause is None:
            return "", ""
        return (clause.text, clause.printed_text) if text_alone else (clause.words, clause.printed_words)

    (old, printed_old), (new, printed_new) = sides(pair.old), sides(pair.new)
    spans = redline.redline(old, new)
    of_old = _as_printed([span for span in spans if span.kind != "added"], printed_old)
    of_new = _as_printed([span for span in spans if span.kind != "deleted"], printed_new)
    left, right = iter(of_old), iter(of_new)
    both = []
    for span in spans:
        before = next(left) if span.kind != "added" else None
        after = next(right) if span.kind != "deleted" else None
        both.append(after or before)
    return _Spans(tuple(span for span in both if span), of_old, of_new)


def _as_printed(spans: Sequence[Span], printed: str) -> tuple[Span, ...]:
    """The spans of one side with the quotes and signs of its file."""
    pieces = cut_printed(printed, (len(span.text) for span in spans))
    return tuple(replace(span, text=piece) for span, piece in zip(spans, pieces, strict=True))


@dataclass(frozen=True)
class Counts:
    """How many clauses of a comparison are what. `same` counts those that are equal to the letter."""

    same: int
    renamed: int
    reworded: int
    added: int
    removed: int
    moved: int

    @property
    def changed(self) -> int:
        """Clauses whose substance or place changed."""
        return self.reworded + self.added + self.removed + self.moved


def counts(compared: Iterable[ShownClause]) -> Counts:
    """The counts of a comparison, as shown() made it. A moved clause counts as moved, reworded or not."""
    kinds = ["renamed" if clause.renamed else clause.kind for clause in compared]
    return Counts(**{name: kinds.count(name) for name in Counts.__dataclass_fields__})


def with_checks(
    shown_clauses: Iterable[ShownClause], marks: dict[str, tuple[dict[str, Any], ...]]
) -> list[ShownClause]:
    """The clauses with the marks of the checks that are about them; `marks` goes by clause id."""
    return [replace(clause, checks=marks.get(clause.id, ())) for clause in shown_clauses]
