"""Where the texts define a term, and whether a question asks for a definition. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

# A clause that begins with its terms, or a term that is given in brackets on the way: (the "Mark").
_OWN_CLAUSE = re.compile(r'\s*"([^"]{1,60})"((?: or "[^"]{1,60}")*) (?:means|shall mean|refers to|has the meaning)\b')
_ON_THE_WAY = re.compile(r'\((?:the |a |an )?"([^"]{1,60})"\)')
_QUOTED = re.compile(r'"([^"]+)"')

DEFINING = frozenset({"define", "defined", "defines", "definition", "definitions", "meaning"})
ASKING = DEFINING | {"a", "an", "are", "by", "do", "does", "for", "in", "is", "mean", "means", "of", "the", "what"}


def terms_in(text: str) -> list[str]:
    """The terms that a clause defines, in small letters."""
    own = _OWN_CLAUSE.match(text)
    terms = [own[1], *_QUOTED.findall(own[2])] if own else []
    return [term.lower() for term in (*terms, *_ON_THE_WAY.findall(text))]


def asks_for_definition(words: Sequence[str]) -> bool:
    """Whether a question says that it wants a definition: by the word, or as in “what does it mean”."""
    return any(word in DEFINING for word in words) or (bool(words) and words[-1] in {"mean", "means"})


def term_words(words: Iterable[str]) -> list[str]:
    """The words of the question without those that only ask."""
    return [word for word in words if word not in ASKING]


def defining(asked: Sequence[Sequence[str]], terms: Mapping[str, Sequence[str]], *, part: bool) -> list[str]:
    """The clauses that define what is asked for: each word with what it stands for. `part`: of a term is enough."""
    found = [term for term in terms if _is_term(asked, term.split(), part=part)]
    found.sort(key=lambda term: len(term.split()) != len(asked))  # the whole term before a longer one; else their order
    return list(dict.fromkeys(citation for term in found for citation in terms[term]))


def _is_term(asked: Sequence[Sequence[str]], term: Sequence[str], *, part: bool) -> bool:
    if not part:
        return len(asked) == len(term) and all(word in words for words, word in zip(asked, term, strict=True))
    return all(any(word in words for word in term) for words in asked)
