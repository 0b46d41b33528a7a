"""What looks left over in terms that were copied from another version: a catalogue file, or a draft. Pure.

A text may be different from all before, so none of this is refused: whoever wrote the terms looks again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from licences.said_values import month_said, months_in, users_in
from licences.terms import Obligation, Terms

_IN_AN_ADDRESS = re.compile(r"llama-?([0-9]+(?:_[0-9]+)?)/")
_A_VERSION = re.compile(r"\bLlama [0-9]+(?:\.[0-9]+)?(?!\d|\.\d)")
_OF_THE_USERS_TEST = frozenset({"mau", "mau-exception"})  # whose summaries speak of its month and its number


@dataclass(frozen=True)
class Doubt:
    """One thing to look at again, and the part it is about: a duty's key, "models", "item:2.a"; empty for the whole."""

    part: str
    text: str


def doubts(terms: Terms) -> list[str]:
    """A sentence for each thing to look at again; none where the terms agree with themselves."""
    return [one.text for one in doubts_by_part(terms, {})]


def doubts_by_part(terms: Terms, titles: Mapping[str, object]) -> list[Doubt]:
    """The same with the part that each is about. `titles` says how a kind of duty is called; else its key stands."""
    found = []
    for duty in terms.obligations:
        called = str(titles.get(duty.kind, duty.key))
        found += [Doubt(duty.key, said % {"key": called, **values}) for said, values in _of_duty(terms, duty)]
    for item in terms.aup_items:
        if others := _versions_in(item.subject, terms.name):
            words = _("“%(key)s” speaks of %(others)s.") % {"key": item.clause, "others": others}
            found.append(Doubt(f"item:{item.id}", words))
    if not terms.sizes:
        words = _("No sizes are listed, so a name with a size that was never released is not noticed.")
        found.append(Doubt("models", words))
    return [*found, *(Doubt("", text) for text in _of_the_whole(terms))]


def _of_the_whole(terms: Terms) -> Iterator[str]:
    if terms.name.lower() not in terms.title.lower():
        yield _("The title “%(title)s” does not have the name in it.") % {"title": terms.title}
    own = re.sub(r"\D+", "_", terms.slug).strip("_")
    for address in (terms.agreement.raw, terms.agreement.web, terms.aup.raw, terms.aup.web):
        if any(one != own for one in _IN_AN_ADDRESS.findall(address)):
            yield _("The address %(address)s names another version.") % {"address": address}


def _of_duty(terms: Terms, duty: Obligation) -> Iterator[tuple[str, dict[str, str]]]:
    """Sentences with the values that stand in them; whoever shows them adds how the duty is called."""
    before = (date.fromisoformat(terms.date).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    if duty.kind == "mau" and terms.mau_month != before:
        words = _("“%(key)s” tests %(month)s; the month before %(date)s is %(before)s.")
        yield words, {"month": terms.mau_month, "date": terms.date, "before": before}
    if duty.kind == "mau" and terms.mau_month_is_reading and terms.date_kind == "release":
        yield _("“%(key)s” calls its month a reading, and the header names a release date."), {}
    for text in (duty.summary, *duty.parameters.values()):
        if others := _versions_in(text, terms.name):
            yield _("“%(key)s” speaks of %(others)s."), {"others": others}
    if duty.kind in _OF_THE_USERS_TEST:
        if months := months_in(duty.summary) - {terms.mau_month}:
            said = ", ".join(month_said(one) for one in sorted(months))
            yield _("“%(key)s” speaks of %(others)s and tests %(month)s."), {"others": said, "month": terms.mau_month}
        if users := users_in(duty.summary) - {terms.mau_threshold}:
            said = ", ".join(f"{one:,}" for one in sorted(users))
            words = _("“%(key)s” speaks of %(others)s users, and the threshold is %(threshold)s.")
            yield words, {"others": said, "threshold": f"{terms.mau_threshold:,}"}


def _versions_in(text: str, own: str) -> str:
    """The versions that a text names, but its own; empty where there is none."""
    others = re.sub(rf"(?<!\w){re.escape(own)}(?!\w|\.\d)", "", text)
    return ", ".join(sorted(set(_A_VERSION.findall(others))))
