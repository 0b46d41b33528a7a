"""The five checks, in the words of the house. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from licences.terms import Terms


@dataclass(frozen=True)
class FiveCheck:
    """One of the five questions; `citation` names the clauses that it is about under every version."""

    number: int
    title: str
    citation: str
    question: str
    clauses: tuple[str, ...]  # prefixes of the clause ids that stand beside it
    also: tuple[str, ...] = ()  # kinds of obligation that only some versions have: their clauses are cited too


FIVE_CHECKS: tuple[FiveCheck, ...] = (
    FiveCheck(
        1,
        gettext_noop("MAU threshold"),
        "LICENSE 2, 1.b.ii",
        gettext_noop(
            "In %(month)s, did all products and services made available by or for %(entity)s or its affiliates exceed "
            "%(threshold)s monthly active users? How counted? If so, which grant or exception?"
        ),
        ("LICENSE 2", "LICENSE 1.b.ii"),
    ),
    FiveCheck(
        2,
        gettext_noop("Acceptable use"),
        "LICENSE 1.b.iv, AUP",
        gettext_noop(
            "Is the use outside every prohibited category, are others kept from such use, "
            "and are known dangers disclosed?"
        ),
        ("LICENSE 1.b.iv", "AUP 1", "AUP 2", "AUP 3", "AUP 4", "AUP 5"),
    ),
    FiveCheck(
        3,
        gettext_noop("Attribution and marks"),
        "LICENSE 1.b.i, 1.b.iii, 5.a",
        gettext_noop("Are the version’s display, Notice and mark duties met where due?"),
        ("LICENSE 1.b.i", "LICENSE 1.b.iii", "LICENSE 5.a"),
    ),
    FiveCheck(
        4,
        gettext_noop("Derivatives and distribution"),
        "LICENSE 1.a, 1.b.i",
        gettext_noop("May each model be made, is it named correctly, and do recipients get the agreement?"),
        ("LICENSE 1.a", "LICENSE 1.b.i", "LICENSE 1.b.v"),
        also=("improvement-ban",),
    ),
    FiveCheck(
        5,
        gettext_noop("Licensee and version terms"),
        "LICENSE preamble, 1.a, 5 to 7",
        gettext_noop(
            "Did %(entity)s accept this version with authority; does anything withhold or end its rights; "
            "are the remaining terms acceptable?"
        ),
        (
            "LICENSE preamble",
            "LICENSE acceptance",
            "LICENSE definition.meta",
            "LICENSE 1.a",
            "LICENSE 5",
            "LICENSE 6",
            "LICENSE 7",
            "AUP eu-multimodal",
        ),
        also=("eu-multimodal",),
    ),
)


def citation_of(check: FiveCheck, terms: Terms) -> str:
    """The clauses that a check is about under one version: none that its agreement and policy lack."""
    found = [terms.obligation(kind) for kind in check.also]
    clauses = [clause.removeprefix("LICENSE ") for duty in found if duty is not None for clause in duty.clauses]
    return ", ".join([check.citation, *clauses])


def month_in_words(month: str) -> str:
    """ "2024-06" as “June 2024”."""
    year, number = month.split("-")
    return date(int(year), int(number), 1).strftime("%B %Y")


def question_in_words(check: FiveCheck, *, entity: str, month: str, threshold: int) -> str:
    """The question with the entity, the tested month and the threshold of this version in it."""
    words = _(check.question)
    if "%(" not in words:
        return words
    return words % {"entity": entity, "month": month_in_words(month), "threshold": f"{threshold:,}"}


def check_named(number: int) -> FiveCheck:
    """The check with this number, one to five."""
    return FIVE_CHECKS[number - 1]
