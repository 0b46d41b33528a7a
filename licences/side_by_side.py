"""The facts by which versions differ, put side by side, each with its clause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from licences.terms import Terms
from licences.words import month_in_words, parameter_in_words


@dataclass(frozen=True)
class Fact:
    """One fact of one version: words, the clause that says so, and what a reader must know of it."""

    words: str
    clauses: tuple[str, ...] = ()
    note: str = ""
    none: bool = False  # this version has no such term
    reworded: bool = False  # its clause reads otherwise in the text relied on than when the terms were written


def _marked(terms: Terms, fact: Fact) -> Fact:
    """The fact, with a mark where its clause reads otherwise by now."""
    return replace(fact, reworded=True) if terms.behind.of(fact.clauses) else fact


def released(terms: Terms) -> Fact:
    """The date of the header, under the name that the header gives it."""
    kind = _("release date") if terms.date_kind == "release" else _("effective date")
    day = str(date_format(date.fromisoformat(terms.date), "j M Y"))
    return _marked(terms, Fact(day, ("LICENSE preamble",), kind))


def users_test(terms: Terms) -> Fact:
    """The month of the users test; the threshold is the same in every version so far."""
    note = _("more than %(threshold)s million") % {"threshold": f"{terms.mau_threshold // 1_000_000:,}"}
    if terms.mau_month_is_reading:
        note += "; " + _("the month is a reading: the text defines no release date")
    return _marked(terms, Fact(month_in_words(terms.mau_month), terms.required("mau").clauses, note))


def display(terms: Terms) -> Fact:
    """What must be displayed, and which word triggers it."""
    duty = terms.display
    if duty is None:
        return Fact(_("None"), none=True)
    return _marked(terms, Fact(f"“{duty.text}”", duty.clauses, parameter_in_words("trigger", duty.trigger) or ""))


def name_prefix(terms: Terms) -> Fact:
    """How the names of models made with this version begin."""
    duty = terms.name_prefix
    if duty is None:
        return Fact(_("None"), none=True)
    note = parameter_in_words("outputs", "yes" if duty.outputs else "no") or ""
    return _marked(terms, Fact(parameter_in_words("prefix", duty.prefix) or "", duty.clauses, note))


def improvement_ban(terms: Terms) -> Fact:
    """Whether other large language models may be improved with it."""
    ban = terms.improvement_ban
    if ban is None:
        return Fact(_("Not restricted"), none=True)
    note = parameter_in_words("excluded", ban.parameters["excluded"]) or ""
    return _marked(terms, Fact(_("Forbidden"), ban.clauses, note))


def eu_paragraph(terms: Terms) -> Fact:
    """Whether the policy withholds rights from licensees in the EU, and for which models."""
    duty = terms.eu_multimodal
    if duty is None:
        return Fact(_("None"), none=True)
    if terms.multimodal_otherwise == "yes":
        reach = _("every model is caught")
    elif terms.multimodal_models:
        reach = _("caught: %(models)s") % {"models": ", ".join(terms.multimodal_models)}
    else:
        reach = _("no model is caught today")
    return _marked(terms, Fact(_("Yes"), duty.clauses, reach))
