"""A licence text as a page shows it: clause by clause, plain or against another version. Cached: texts never change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from foundation.files.store import read
from licences import clauses, redline
from licences.carry_over import match_clauses
from licences.models import LicenceText
from licences.normalise import cut_printed, fold_version, mask_version, unmask
from licences.redline import PairKind, Span


class Marks(StrEnum):
    """What a redline marks, and what counts as a change."""

    WORDS = "words"  # every other word is marked; a change is what is another rule
    SUBSTANCE = "substance"  # names, addresses and dates are neither marked nor a change
    LETTER = "letter"  # whatever the files print otherwise, quotes and signs too, is marked and is a change


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
    changed: bool = False  # added, removed, moved or reworded, as far as the marks count it
    renamed: bool = False  # other words, but only names, addresses or dates
    reworded: bool = False  # other words, as far as the marks count them; a moved clause may be both
    old_number: str = ""  # where a moved clause stood before
    segments: tuple[Span, ...] = ()
    old_segments: tuple[Span, ...] = ()
    new_segments: tuple[Span, ...] = ()
    checks: tuple[dict[str, Any], ...] = field(default=())
    focus: bool = False
    remark: str = ""  # a few words beside the number, such as "moved, was 1.b.v"
    cited_as: str = ""  # LICENSE definition.llama-materials, where the number beside the clause is shorter than that

    @property
    def is_word(self) -> bool:
        """Whether the clause is addressed by a word, as preamble and definitions are."""
        return not self.number[:1].isdigit()


def split_text(text: LicenceText) -> tuple[clauses.Clause, ...]:
    """The clauses of a stored text; UnsplittableText, or DamagedFile when the bytes are not those imported."""
    return _split(text.sha256, text.kind)


def split_file(sha256: str, kind: str) -> tuple[clauses.Clause, ...]:
    """As split_text(), for a stored file."""
    return _split(sha256, kind)


@lru_cache(maxsize=128)
def _split(sha256: str, kind: str) -> tuple[clauses.Clause, ...]:
    return tuple(clauses.split(read(sha256), "agreement" if kind == "agreement" else "aup"))


def shown(text: LicenceText, against: LicenceText | None = None, marks: Marks = Marks.WORDS) -> tuple[ShownClause, ...]:
    """The clauses of a text; with `against`, as differences from that older text, removed clauses included."""
    if against is None:
        return _plain_text(text.sha256, text.kind)
    names = names_folded(text.version.slug, text.version.name, against.version.slug, against.version.name)
    return shown_files(text.kind, text.sha256, against.sha256, names, marks)


def names_folded(*names: str) -> tuple[str, ...]:
    """The names of versions as they are folded: each once, in an order of their own."""
    return tuple(sorted(set(names)))


def shown_files(
    kind: str, sha256: str, against: str, names: tuple[str, ...], marks: Marks = Marks.WORDS
) -> tuple[ShownClause, ...]:
    """As shown(), for stored files; `names` are no difference between the two."""
    if not against or against == sha256:
        return _plain_text(sha256, kind)
    return _against(sha256, against, kind, names, marks)


@lru_cache(maxsize=16)
def shown_appended(separate: str, agreement: str, names: tuple[str, ...], marks: Marks) -> tuple[ShownClause, ...]:
    """The policy that an agreement's file carries after its last section, as differences from the separate one."""
    return _all_compared(_split(separate, "aup"), appended_policy(agreement), "aup", names, marks)


@lru_cache(maxsize=128)
def matched(kind: str, old_sha: str, new_sha: str, names: tuple[str, ...]) -> tuple[redline.ClausePair, ...]:
    """The clauses of two stored files, each with its counterpart; a policy appended to an agreement is left out."""
    return tuple(match_clauses(_split(old_sha, kind), _split(new_sha, kind), _with_meta(names)))


@lru_cache(maxsize=16)
def matched_appended(separate: str, agreement: str, names: tuple[str, ...]) -> tuple[redline.ClausePair, ...]:
    """The clauses of a policy, each with its counterpart in the one that the agreement's file carries."""
    return tuple(match_clauses(_split(separate, "aup"), appended_policy(agreement), _with_meta(names)))


def _with_meta(names: tuple[str, ...]) -> tuple[str, ...]:
    return names + tuple(f"Meta {name}" for name in names)


@lru_cache(maxsize=32)
def appended_policy(sha256: str) -> tuple[clauses.Clause, ...]:
    """The clauses of the policy that an agreement's file carries, addressed as those of a policy; mostly none."""
    prefix = f"{clauses.APPENDED_AUP}."
    return tuple(
        replace(one, id=one.id.removeprefix(prefix), parent=one.parent and one.parent.removeprefix(prefix))
        for one in _split(sha256, "agreement")
        if one.id.startswith(prefix)
    )


@lru_cache(maxsize=128)
def _plain_text(sha256: str, kind: str) -> tuple[ShownClause, ...]:
    return tuple(_plain(_document(kind), clause) for clause in _split(sha256, kind))


@lru_cache(maxsize=256)
def _against(new_sha: str, old_sha: str, kind: str, names: tuple[str, ...], marks: Marks) -> tuple[ShownClause, ...]:
    return _all_compared(_split(old_sha, kind), _split(new_sha, kind), kind, names, marks)


def _all_compared(
    old: tuple[clauses.Clause, ...], new: tuple[clauses.Clause, ...], kind: str, names: tuple[str, ...], marks: Marks
) -> tuple[ShownClause, ...]:
    all_names = _with_meta(names)
    pairs = redline.compare(old, new, lambda words: fold_version(words, all_names))
    taken = {clause.id for clause in new}
    return tuple(_compared(_document(kind), pair, taken, marks, all_names) for pair in pairs)


def _document(kind: str) -> str:
    return "LICENSE" if kind == "agreement" else "AUP"


def _plain(document: str, clause: clauses.Clause) -> ShownClause:
    own_id = clause.id.removeprefix(f"{clauses.APPENDED_AUP}.")
    return ShownClause(
        id=f"{document} {clause.id}",
        number=(number := _short(clause.id)),
        cited_as=f"{document} {clause.id}" if number != clause.id else "",
        printed=clause.printed_label if clause.printed_label not in {"", own_id} else "",
        heading=clause.printed_heading,
        text=clause.printed_text,
        depth=clause.depth,
        digest=clause.digest,
    )


def _short(clause_id: str) -> str:
    """The id as it fits beside the clause. Whoever follows a citation reads the whole of it above the words."""
    if clause_id.startswith(f"{clauses.APPENDED_AUP}."):
        return f"AUP {_short(clause_id.removeprefix(f'{clauses.APPENDED_AUP}.'))}"
    first = clause_id.partition(".")[0]
    return {"definition": first, "prohibited-uses": "uses", "eu-multimodal": "EU"}.get(first, clause_id)


def _compared(
    document: str, pair: redline.ClausePair, taken: set[str], marks: Marks, names: tuple[str, ...]
) -> ShownClause:
    present = pair.new or pair.old
    assert present is not None
    # Under an unchanged heading only the text is compared; otherwise the heading is part of the words that differ.
    one_heading = pair.old is not None and pair.new is not None and pair.old.heading == pair.new.heading
    shown_clause = _plain(document, present)
    if pair.new is None and present.id in taken:  # the page has this number already, for another clause
        shown_clause = replace(shown_clause, id=f"{shown_clause.id} removed")
    both_there = pair.old is not None and pair.new is not None
    other_words, other_rule = not pair.words_equal, not pair.substance_equal
    counts_as_other = other_rule
    if marks == Marks.LETTER and pair.old and pair.new:
        other_words = counts_as_other = pair.old.printed_words != pair.new.printed_words
        one_heading = pair.old.printed_heading == pair.new.printed_heading
    elif marks == Marks.SUBSTANCE:
        other_words = other_words and other_rule
    spans = _printed_spans(pair, text_alone=one_heading, marks=marks, names=names)
    kind = PairKind.REWORDED if pair.kind == PairKind.SAME and counts_as_other else pair.kind
    return replace(
        shown_clause,
        heading=present.printed_heading if one_heading else "",
        text=present.printed_text if one_heading else present.printed_words,
        kind=str(kind),
        changed=kind != PairKind.SAME,
        renamed=both_there and not other_rule and (not pair.words_equal or other_words),
        reworded=both_there and kind != PairKind.SAME and counts_as_other,
        old_number=pair.old.id if pair.old and pair.kind == PairKind.MOVED else "",
        segments=spans.both if other_words else (),
        old_segments=spans.old,
        new_segments=spans.new,
    )


class _Spans(NamedTuple):
    """A redline of one clause, as the files print it."""

    both: tuple[Span, ...]
    old: tuple[Span, ...]
    new: tuple[Span, ...]


def _printed_spans(pair: redline.ClausePair, *, text_alone: bool, marks: Marks, names: tuple[str, ...]) -> _Spans:
    def sides(clause: clauses.Clause | None) -> tuple[str, str]:
        if clause is None:
            return "", ""
        return (clause.text, clause.printed_text) if text_alone else (clause.words, clause.printed_words)

    (old, printed_old), (new, printed_new) = sides(pair.old), sides(pair.new)
    if marks == Marks.LETTER:
        spans = redline.redline(printed_old, printed_new)
        return _Spans(
            spans,
            tuple(span for span in spans if span.kind != "added"),
            tuple(span for span in spans if span.kind != "deleted"),
        )
    # Straight and curly quotes are no difference here, and what is masked is none either.
    taken_old, taken_new = list[str](), list[str]()
    if marks == Marks.SUBSTANCE:
        (old, taken_old), (new, taken_new) = mask_version(old, names), mask_version(new, names)
    spans = redline.redline(old, new)
    of_old = _as_printed([span for span in spans if span.kind != "added"], taken_old, printed_old)
    of_new = _as_printed([span for span in spans if span.kind != "deleted"], taken_new, printed_new)
    left, right = iter(of_old), iter(of_new)
    both = []
    for span in spans:
        before = next(left) if span.kind != "added" else None
        after = next(right) if span.kind != "deleted" else None
        both.append(after or before)
    return _Spans(tuple(span for span in both if span), of_old, of_new)


def _as_printed(spans: Sequence[Span], taken: Sequence[str], printed: str) -> tuple[Span, ...]:
    """The spans of one side with the quotes and signs of its file, and with what was masked."""
    words = unmask((span.text for span in spans), taken)
    pieces = cut_printed(printed, map(len, words))
    return tuple(replace(span, text=piece) for span, piece in zip(spans, pieces, strict=True))


@dataclass(frozen=True)
class Counts:
    """How many clauses of a comparison are what. `same` counts those with the same words."""

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
    kinds = ["renamed" if clause.renamed and not clause.changed else clause.kind for clause in compared]
    return Counts(**{name: kinds.count(name) for name in Counts.__dataclass_fields__})


def with_checks(
    shown_clauses: Iterable[ShownClause], marks: dict[str, tuple[dict[str, Any], ...]]
) -> list[ShownClause]:
    """The clauses with the marks of the checks that are about them; `marks` goes by clause id."""
    return [replace(clause, checks=marks.get(clause.id, ())) for clause in shown_clauses]
