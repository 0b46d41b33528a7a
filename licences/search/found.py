"""What a search of the base answers: clauses, each with the versions that have it and what it says in our words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from licences.normalise import fold_version
from licences.search.addresses import address_in
from licences.search.definitions import asks_for_definition, defining, term_words
from licences.search.passages import Base, Passage, base_now, typed_words
from licences.search.ranked import Ranked, ranked
from licences.search.short_forms import with_plain_numbers
from licences.search.spelling import STOP_WORDS, Meant, meant
from licences.words import OBLIGATION_TITLES

LONGEST_QUESTION = 200
MOST_CLAUSES = 40
SNIPPET = 320  # characters


class Piece(NamedTuple):
    """A run of a text, and whether it is a word that was found."""

    text: str
    found: bool


@dataclass(frozen=True)
class Wording:
    """Versions that word a clause alike but for names, addresses and dates."""

    versions: tuple[Passage, ...]  # oldest first
    says: tuple[Piece, ...]  # a part of the newest of them, as its file prints it

    @property
    def newest(self) -> Passage:
        return self.versions[-1]


@dataclass(frozen=True)
class FoundClause:
    """One clause that answers, whichever of its versions or of our words about it was found."""

    citation: str  # LICENSE 1.b.i
    heading: str
    wordings: tuple[Wording, ...]  # newest first
    ours: tuple[tuple[str, tuple[Passage, ...]], ...]  # our words, and the versions of which they are said


@dataclass(frozen=True)
class Answer:
    """What was found, and how the question was read."""

    clauses: tuple[FoundClause, ...]
    words: tuple[Meant, ...] = ()
    every_word: bool = True  # false where no clause has all the words, so those with some are shown
    more: bool = False  # there were more than are shown
    instead: str = ""  # the question with words that may have been meant: offered, never searched unasked
    not_there: tuple[str, ...] = ()  # the address that was asked for, where no version has it
    above: tuple[str, ...] = ()  # clauses that are there and would hold it
    not_defined: str = ""  # what a definition was asked of, where no text has one


def ask(question: str) -> Answer:
    """The clause whose address the question is, the definition of a term, or the clauses with its words; best first."""
    question = question.replace("\0", "").strip()[:LONGEST_QUESTION]
    base = base_now()
    if address := address_in(question, base.citations):
        if address.there:
            return Answer(_grouped(base, address.there, ()))
        return Answer((), not_there=address.citations, above=address.above)
    typed = typed_words(with_plain_numbers(question))
    small = [word.lower() for word in typed]
    wants_definition = asks_for_definition(small)
    if wants_definition:
        typed = [word for word in typed if term_words([word.lower()])]
    words = tuple(meant(typed, base.words))
    defined = _defined(base, small, words, part=wants_definition or small[:1] == ["what"])
    found, every = _by_clause(ranked(base, words, every=True)), True
    if not found and not defined:
        found, every = _by_clause(ranked(base, words, every=False)), False
    citations = list(dict.fromkeys([*defined, *found]))
    return Answer(
        _grouped(base, citations[:MOST_CLAUSES], tuple(word for one in words for word in one.words)),
        words,
        every,
        more=len(citations) > MOST_CLAUSES,
        instead=_instead(typed, words),
        not_defined=" ".join(typed) if wants_definition and not defined else "",
    )


def _defined(base: Base, small: Sequence[str], words: Sequence[Meant], *, part: bool) -> list[str]:
    """The clauses that define what the question names; with `part`, also those that define it with other words."""
    term = term_words(small)
    if not term:  # “definitions” alone asks for all of them
        return defining([], base.terms, part=True) if asks_for_definition(small) else []
    stands_for = {one.asked.lower(): one.words for one in words}
    asked = [(word, *stands_for.get(word, ())) for word in term if word not in STOP_WORDS or len(term) == 1]
    return defining(asked, base.terms, part=False) or (defining(asked, base.terms, part=True) if part else [])


def _instead(typed: Sequence[str], words: Sequence[Meant]) -> str:
    """The question with the words that are offered; empty where none is."""
    offered = {one.asked.lower(): one.offered[0] for one in words if one.offered}
    return " ".join(offered.get(word.lower(), word) for word in typed) if offered else ""


def _by_clause(found: Ranked) -> list[str]:
    """The clauses of what was found, by the best rank of each, ours and theirs together."""
    best: dict[str, float] = {}
    for passage, rank in found:
        best[passage.citation] = max(rank, best.get(passage.citation, 0.0))
    return sorted(best, key=lambda citation: -best[citation])


def _grouped(base: Base, citations: Sequence[str], told: Sequence[str]) -> tuple[FoundClause, ...]:
    wanted: dict[str, list[Passage]] = {citation: [] for citation in citations}
    for one in base.passages:
        if one.citation in wanted:
            wanted[one.citation].append(one)
    return tuple(_clause(citation, passages, told) for citation, passages in wanted.items())


def _clause(citation: str, passages: Sequence[Passage], told: Sequence[str]) -> FoundClause:
    theirs = [one for one in passages if one.kind == "clause"]
    alike = _alike(theirs, _folded)
    ours = _alike([one for one in passages if one.kind != "clause"], _titled)
    return FoundClause(
        citation,
        next((one.printed_heading for one in reversed(theirs) if one.printed_heading), ""),
        tuple(Wording(run, marked(snippet(run[-1].printed_text, told), told)) for run in reversed(alike)),
        tuple((_titled(run[-1]), run) for run in reversed(ours)),
    )


def _titled(passage: Passage) -> str:
    """Our words, after the title under which the pages list them."""
    title = OBLIGATION_TITLES.get(passage.duty)
    return f"{title}: {passage.text}" if title else passage.text


def _alike(passages: Iterable[Passage], read: Callable[[Passage], str]) -> list[tuple[Passage, ...]]:
    """Passages that read alike, together; in the order in which each reading came up."""
    runs: dict[str, list[Passage]] = {}
    for one in passages:
        runs.setdefault(read(one), []).append(one)
    return [tuple(run) for run in runs.values()]


def _folded(passage: Passage) -> str:
    return fold_version(passage.searched, (passage.name, f"Meta {passage.name}"))


# --- what is shown of a text ----------------------------------------------------------------------------------
def snippet(text: str, told: Sequence[str]) -> str:
    """The part of a text around the first word that was found, cut between words."""
    if len(text) <= SNIPPET:
        return text
    first = min((found.start() for found in _pattern(told).finditer(text)), default=0) if told else 0
    start = max(0, min(first - SNIPPET // 3, len(text) - SNIPPET))
    start = text.find(" ", start) + 1 if start else 0
    end = text.rfind(" ", start, start + SNIPPET) if start + SNIPPET < len(text) else len(text)
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")


def marked(text: str, told: Sequence[str]) -> tuple[Piece, ...]:
    """The text with the words that were found apart. Together the pieces are the text."""
    if not told:
        return (Piece(text, found=False),)
    pieces, at = [], 0
    for found in _pattern(told).finditer(text):
        pieces += [Piece(text[at : found.start()], found=False), Piece(found[0], found=True)]
        at = found.end()
    pieces.append(Piece(text[at:], found=False))
    return tuple(piece for piece in pieces if piece.text)


def _pattern(told: Sequence[str]) -> re.Pattern[str]:
    """The words and their inflections: what both full text searches take for the same word."""
    stems = sorted({_stem(word) for word in told}, key=len, reverse=True)
    either = "|".join(re.escape(stem).replace("'", "['’]") for stem in stems)  # files print one or the other
    return re.compile(rf"\b(?:{either})\w*", re.IGNORECASE)


def _stem(word: str) -> str:
    return re.sub(r"(?:ations?|ions?|ing|ed|es|s|e)$", "", word) if len(word) > 5 else word
