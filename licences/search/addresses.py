"""A question that is the address of a clause: LICENSE 1.b.iii, 1.b.i, section 5(c), § 2, AUP 2.a. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_DOCUMENT = (
    r"(?P<agreement>(?:community\s+)?licen[cs]e(?:\s+agreement)?|agreement)"
    r"|(?P<policy>aup|(?:(?:acceptable\s+)?use\s+)?policy)"
)
_PART = r"(?P<part>section|sec\.?|clause|paragraph|para\.?|article|art\.?|item|point|no\.?|§{1,2})"
_NUMBER = (
    r"(?P<number>\d{1,2})"
    r"(?:(?P<mark>[\s.]*\(|\s*\.\s*|\s+|)(?P<letter>[a-z])\)?"
    r"(?:(?:[\s.]*\(|\s*\.\s*|\s+)(?P<roman>[ivx]{1,5})\)?)?)?"
)
ADDRESS = re.compile(rf"(?:(?:{_DOCUMENT})\s*,?\s*)?(?:{_PART}\s*)?{_NUMBER}\.?", re.IGNORECASE)
# As the portal cites what has no number: AUP eu-multimodal. In capitals, because "licence acceptance" is a question.
BY_WORD = re.compile(r"(LICENSE|AUP) ([a-z]+(?:[.-][a-z0-9]+)*)")


@dataclass(frozen=True)
class Address:
    """The citations that an address may stand for, in the order of the documents."""

    citations: tuple[str, ...]
    there: tuple[str, ...]  # those that a version has
    above: tuple[str, ...] = ()  # where none has it: the nearest clauses that would hold it


def address_in(question: str, known: Collection[str]) -> Address | None:
    """The address that a question is, with which of its clauses are known; None where it asks for words.

    A bare number is an address only where it is known, and one with a letter right behind it is none: 8b is a size.
    """
    if BY_WORD.fullmatch(question):
        return Address((question,), (question,)) if question in known else None
    asked = ADDRESS.fullmatch(question)
    if asked is None:
        return None
    documents = ["LICENSE"] if asked["agreement"] else ["AUP"] if asked["policy"] else ["LICENSE", "AUP"]
    parts = [part.lower() for part in (asked["number"], asked["letter"], asked["roman"]) if part]
    citations = tuple(f"{document} {'.'.join(parts)}" for document in documents)
    there = tuple(one for one in citations if one in known)
    named = asked["agreement"] or asked["policy"] or asked["part"]
    run_together = asked["letter"] and not asked["roman"] and not asked["mark"].strip()
    if not named and (run_together or not (there or asked["letter"])):
        return None
    return Address(citations, there, () if there else _above(documents, parts, known))


def _above(documents: list[str], parts: list[str], known: Collection[str]) -> tuple[str, ...]:
    for count in range(len(parts) - 1, 0, -1):
        found = tuple(one for document in documents if (one := f"{document} {'.'.join(parts[:count])}") in known)
        if found:
            return found
    return ()
