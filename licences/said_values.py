"""What a clause or a sentence says that a rule also holds as a value: months, numbers of users, quoted words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from licences.normalise import MONTHS, normalise_text

FEWEST_USERS = 1_000_000  # smaller numbers in a clause count sections and days
_MONTH_NAMES = MONTHS.split("|")
_MONTH = re.compile(rf"\b(?P<name>{MONTHS}) (?P<year>\d{{4}})\b|\b(?P<iso>\d{{4}}-(?:0[1-9]|1[0-2]))\b(?!-\d)")
_TIMES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)(?: (?P<times>{'|'.join(_TIMES)}))?(?![\w])"
)
_QUOTED = re.compile(r'"([^"]+)"')
_STOPS = " .,;:"
# What products show, are called or ship. It is printed in quotation marks; "Llama" alone stands in every clause.
HANDED_OUT = frozenset({("display", "text"), ("name-prefix", "prefix"), ("notice", "text"), ("marks", "mark")})
# Names that the rules repeat.
NAMED = frozenset(
    {
        ("counterparty", "inside"),
        ("counterparty", "outside"),
        ("improvement-ban", "excluded"),
        ("governing-law", "law"),
        ("governing-law", "courts"),
    }
)
_OF_SEVERAL_WORDS = 3


def values_missing(kind: str, parameters: Mapping[str, str], clauses: Sequence[str]) -> list[str]:
    """The parameters whose value none of these clauses has. `clauses` are words as licences.normalise leaves them."""
    return [
        name
        for name, value in parameters.items()
        if value and not any(_has(kind, name, value, words) for words in clauses)
    ]


def _has(kind: str, name: str, value: str, words: str) -> bool:
    if (kind, name) in HANDED_OUT:
        return _is_quoted(normalise_text(value), words)
    if (kind, name) in NAMED:
        return _stands(normalise_text(value), words)
    if (kind, name) == ("mau", "threshold"):
        return value.isdigit() and int(value) in numbers_in(words)
    return True


def _is_quoted(value: str, words: str) -> bool:
    """Between quotation marks, with nothing before or after it; a longer line may also stand without such marks."""
    bare = value.rstrip(_STOPS)
    quoted = [one.strip(_STOPS) for one in _QUOTED.findall(words)]
    if bare in quoted or f"'{value}'" in words:
        return True
    return len(value.split()) >= _OF_SEVERAL_WORDS and _stands(value, _QUOTED.sub('""', words))


def _stands(value: str, words: str) -> bool:
    """As whole words that no number continues: "Llama 3" does not stand in "Llama 3.1", nor "Llama" in "Llama 3"."""
    goes_on = r"\w|\.\d" if value[-1:].isdigit() else r"\w|[ -]?\d"
    return re.search(rf"(?<!\w){re.escape(value)}(?!{goes_on})", words) is not None


def numbers_in(words: str) -> set[int]:
    """Every number, in digits or as "500 million"."""
    return {_number(found) for found in _NUMBER.finditer(words)}


def users_in(words: str) -> set[int]:
    """The numbers that can be numbers of users."""
    return {one for one in numbers_in(words) if one >= FEWEST_USERS}


def _number(found: re.Match[str]) -> int:
    return int(Decimal(found["digits"].replace(",", "")) * _TIMES.get(found["times"] or "", 1))


def with_number(text: str, old: int, new: int) -> str:
    """The text with one number for another, in the same spelling where that can say it."""

    def said(found: re.Match[str]) -> str:
        if _number(found) != old:
            return found[0]
        times = found["times"]
        if times and new % _TIMES[times] == 0:
            return f"{new // _TIMES[times]} {times}"
        return f"{new:,}"

    return _NUMBER.sub(said, text)


def months_in(text: str) -> set[str]:
    """Every month that is named with its year, like "2026-10"."""
    return {_month(found) for found in _MONTH.finditer(text)}


def _month(found: re.Match[str]) -> str:
    return found["iso"] or f"{found['year']}-{_MONTH_NAMES.index(found['name']) + 1:02}"


def month_said(month: str) -> str:
    """2026-10 as October 2026, in the language of the catalogue."""
    year, number = month.split("-")
    return f"{_MONTH_NAMES[int(number) - 1]} {year}"


def with_month(text: str, old: str, new: str) -> str:
    """The text with one month for another, in the same spelling."""

    def said(found: re.Match[str]) -> str:
        if _month(found) != old:
            return found[0]
        return new if found["iso"] else month_said(new)

    return _MONTH.sub(said, text)
