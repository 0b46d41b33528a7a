"""What people write short and the texts in full, or the other way round. Pure."""

from __future__ import annotations

import re

# Short form, and how the texts say it: the first is its full form, others are what it covers.
SHORT_FORMS: dict[str, tuple[str, ...]] = {
    "ai": ("artificial intelligence",),
    "aup": ("Acceptable Use Policy",),
    "cbrn": ("chemical weapons", "biological weapons", "nuclear"),
    "cisg": ("Contracts for the International Sale of Goods",),
    "csam": ("Child Sexual Abuse Material",),
    "eea": ("European Economic Area",),
    "eu": ("European Union",),
    "ip": ("intellectual property",),
    "itar": ("International Traffic Arms Regulations",),
    "llm": ("large language model",),
    "llms": ("large language models",),
    "mau": ("monthly active users",),
    "maus": ("monthly active users",),
    "pii": ("private information", "sensitive information"),
    "un": ("United Nations",),
    "usa": ("United States",),
}
_FULL = {full.lower(): short for short, forms in SHORT_FORMS.items() for full in forms[:1]}
_LONGEST = max(len(full.split()) for full in _FULL)

MILLIONS = re.compile(r"\b(\d{1,4}) ?(m|mn|mio|mln)\b", re.IGNORECASE)
GROUPED = re.compile(r"\b\d{1,3}(?:([,.'’ ])\d{3})(?:\1\d{3})+\b|\b\d{7,12}\b")


def full_forms(word: str) -> tuple[str, ...]:
    """How the texts say a short form; a number of millions too, as 700m is one."""
    if found := MILLIONS.fullmatch(word):
        return (f"{found[1]} million",)
    return SHORT_FORMS.get(word.lower(), ())


def with_plain_numbers(question: str) -> str:
    """The question with 700 M and 700,000,000 as one word each: 700M, 700m."""
    return GROUPED.sub(_in_millions, MILLIONS.sub(r"\1\2", question))


def _in_millions(found: re.Match[str]) -> str:
    millions, rest = divmod(int(re.sub(r"\D", "", found[0])), 1_000_000)
    return found[0] if rest or not millions else f"{millions}m"


def full_form_at(words: list[str], at: int) -> tuple[int, str] | None:
    """How many words from here are the full form of a short one, and which."""
    for count in range(min(_LONGEST, len(words) - at), 1, -1):
        if short := _FULL.get(" ".join(words[at : at + count])):
            return count, short
    return None
