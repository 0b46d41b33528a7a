"""An agreement and a policy of our own invention, as long and as deep as real ones, with an edition for each version.

The words mean nothing. Editions differ in about one sentence of six, so that a redline has something to show.
"""

from __future__ import annotations

import random
from functools import cache

NOUNS = [
    "otter",
    "river",
    "pond",
    "towel",
    "ferry",
    "lantern",
    "orchard",
    "kettle",
    "meadow",
    "bridge",
    "harbour",
    "ledger",
    "acorn",
    "lighthouse",
]
VERBS = [
    "carries",
    "mends",
    "borrows",
    "measures",
    "returns",
    "covers",
    "follows",
    "paints",
    "gathers",
    "lends",
    "counts",
    "repairs",
]
KINDS = ["quiet", "copper", "northern", "patient", "borrowed", "wooden", "early", "narrow", "striped", "honest"]
PLACES = [
    "before noon",
    "under the bridge",
    "after the ferry",
    "near every pond",
    "in the orchard",
    "without a lantern",
]
SECTIONS = (3, 2, 0, 0, 3, 0, 2, 0)  # how many lettered clauses each numbered section has
ROMAN = ("i", "ii", "iii", "iv", "v")


@cache
def agreement(name: str, edition: int, values: tuple[tuple[str, str], ...] = ()) -> str:
    """About 1,200 words: title, definitions, acceptance, numbered sections with lettered and Roman clauses.

    `values` are said at the end of the clauses that they name: ("2", "700 million"), ("Meta", "Otter, Inc.").
    """
    said = {place: f" It says {value}." for place, value in values}
    lines = [f"{name.upper()} COMMUNITY LICENSE AGREEMENT", f"{name} Version Release Date: May {edition + 1}, 2031", ""]
    for term in ("Agreement", "Documentation", "Keeper", name, "River Things", "Meta"):
        lines += [f'"{term}" means {_words(edition, term, 26)}.{said.get(term, "")}', ""]
    lines += [f"By whistling you agree: {_words(edition, 'acceptance', 24)}.", ""]
    for section, letters in enumerate(SECTIONS, start=1):
        words = _sentences(edition, f"{section}", 1 if letters else 3) + said.get(f"{section}", "")
        lines += [f"{section}. {_heading(section)}. {words}", ""]
        for letter in "abc"[:letters]:
            place = f"{section}.{letter}"
            lines += [f"      {letter}. {_heading(place)}. {_sentences(edition, place, 2)}{said.get(place, '')}", ""]
            for roman in ROMAN if place == "1.b" else ():
                words = _sentences(edition, f"{place}.{roman}", 2) + said.get(f"{place}.{roman}", "")
                lines += [f"            {roman}. {words}", ""]
    return "\n".join(lines)


@cache
def policy(name: str, edition: int) -> str:
    """About 700 words: an introduction, nested prohibited uses, where to report."""
    lines = [f"# {name} Acceptable Use Policy", "", f"{_sentences(edition, 'aup', 2)}", "", "## Prohibited Uses"]
    lines += [f"You agree not to use {name} to:", ""]
    for group in range(1, 5):
        lines.append(f"{group}. {_words(edition, f'group {group}', 12).capitalize()}, including:")
        for item in range(1, 8):
            words = _words(edition, f"item {group}.{item}", 16).capitalize()
            deeper = item == 1
            lines.append(f"    {item}. {words}{', such as:' if deeper else ''}")
            lines += [f"        {n}. {_words(edition, f'{group}.{item}.{n}', 7)}" for n in (1, 2, 3) if deeper]
    lines += ["", "Please report a splash through one of these:", "", "* Reporting mud: mud@otter.example"]
    return "\n".join([*lines, ""])


def _heading(place: object) -> str:
    random_words = random.Random(f"heading {place}")
    return f"{random_words.choice(NOUNS).capitalize()} and {random_words.choice(NOUNS).capitalize()}"


def _sentences(edition: int, place: str, number: int) -> str:
    return " ".join(f"{_words(edition, f'{place} {n}', 21).capitalize()}." for n in range(number))


def _words(edition: int, place: str, number: int) -> str:
    """Words that stay the same from edition to edition, but for one place of six in which this edition differs."""
    differs = random.Random(f"differs {edition} {place}").randrange(6) == 0
    choose = random.Random(f"words {place}")
    words: list[str] = []
    while len(words) < number:
        words += ["the", choose.choice(KINDS), choose.choice(NOUNS), choose.choice(VERBS), "a", choose.choice(NOUNS)]
        words += choose.choice(PLACES).split()
    words = words[:number]
    if differs:
        words[number // 2] = random.Random(f"other {edition} {place}").choice(("heron", "barge", "willow", "anvil"))
        words.append("gladly")
    return " ".join(words)
