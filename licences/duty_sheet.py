"""What to do under one version, in plain words: each duty with its clause and the exact words to copy. Pure.

Whether a duty applies is what the findings say of the same facts with nothing done yet: what is then to do, is due.
The sheet is a reading aid and no legal advice; the page says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licences.assessment.finding import Finding, Status
from licences.behind import items_behind
from licences.facts import Facts
from licences.facts_fields import NONE, values_of
from licences.obligations import assess
from licences.terms import AupItem, Terms
from licences.words import month_in_words, parameter_in_words

Applies = Literal["yes", "no", "depends", "judge", "barred"]
Moment = Literal["before", "use", "show", "copies", "models", "end"]

MOMENTS: Mapping[Moment, str | Promise] = {
    "before": gettext_lazy("Before you begin"),
    "use": gettext_lazy("While you use it"),
    "show": gettext_lazy("Where others see it"),
    "copies": gettext_lazy("With every copy that you pass on"),
    "models": gettext_lazy("When you make models with it"),
    "end": gettext_lazy("When it ends"),
}

# Nothing done yet: no display, no files beside the weights, nobody told anything, and a name that begins with nothing.
_NOTHING_DONE_PRODUCT: Mapping[str, Any] = {"user_information": [NONE]}
_NOTHING_DONE_MODEL: Mapping[str, Any] = {
    "attribution_places": [NONE],
    "attribution_text": "",
    "distribution_files": [NONE],
    "notice_text": "",
    "derived_name": "unnamed",
    "output_model_name": "unnamed",
}
_APPLIES: Mapping[Status, Applies] = {
    "prohibited": "barred",
    "action_needed": "yes",
    "legal_judgement": "judge",
    "unknown": "depends",
    "satisfied": "yes",
    "not_applicable": "no",
}


@dataclass(frozen=True)
class Exact:
    """Words that the text gives, to be copied letter by letter."""

    what: str
    words: str


@dataclass(frozen=True)
class Duty:
    """One thing to do, or to leave, with why it applies to these facts."""

    key: str  # of its finding
    moment: Moment
    applies: Applies
    do: str
    because: str  # why it applies, or how far it is done where the facts say so; it cites its clauses
    clauses: tuple[str, ...]
    exact: Exact | None = None
    reading: bool = False
    popular_claim: str = ""  # what summaries say of it and the text does not
    status: Status | None = None  # how far it is done, where the facts say so
    reworded: tuple[str, ...] = ()  # of its clauses, those that read otherwise than when these terms were written


@dataclass(frozen=True)
class DutySheet:
    """The duties of one version for one set of facts, in the order in which they fall due."""

    terms: Terms
    duties: tuple[Duty, ...]
    items: tuple[AupItem, ...]  # of the policy, that the touched subjects open

    def at(self, moment: Moment) -> list[Duty]:
        """The duties of a moment that apply, or may; first what bars the use."""
        found = [one for one in self.duties if one.moment == moment and one.applies != "no"]
        return sorted(found, key=lambda one: one.applies != "barred")

    @property
    def idle(self) -> list[Duty]:
        """What this version could ask and does not ask of these facts."""
        return [one for one in self.duties if one.applies == "no"]

    @property
    def items_reworded(self) -> frozenset[str]:
        """The clauses of policy items that read otherwise than when these terms were written."""
        return frozenset(item.clause for item in items_behind(self.terms))

    @property
    def moments(self) -> list[tuple[str, list[Duty]]]:
        """The moments at which something is to do, with what."""
        return [(str(title), found) for moment, title in MOMENTS.items() if (found := self.at(moment))]


def duty_sheet(facts: Facts, terms: Terms, *, with_progress: bool) -> DutySheet:
    """What these facts call for under this version; `with_progress` says of each duty how far it is done."""
    undone = {one.key: one for one in assess(_with_nothing_done(facts), terms)}
    now = {one.key: one for one in assess(facts, terms)} if with_progress else {}
    return DutySheet(
        terms,
        tuple(
            _duty(rule, undone[rule.key], now.get(rule.key), terms)
            for rule in (*_RULES, *_rules_of_its_own(terms))
            if rule.key in undone
        ),
        tuple(item for item in terms.items_touched_by(values_of(facts.product, "aup_screening")) if item.prohibited),
    )


def _with_nothing_done(facts: Facts) -> Facts:
    product = {**facts.product, **_NOTHING_DONE_PRODUCT}
    model = {**facts.model, **_NOTHING_DONE_MODEL}
    if "recipients" not in facts.model:
        # Llama 2 asks whether a third party gets copies; whoever the product is for is who would get them.
        model["recipients"] = sorted(values_of(facts.product, "audience") - {"employees"})
    return replace(facts, product=product, model=model)


@dataclass(frozen=True)
class _Rule:
    """How a finding reads as something to do. `always`: due whatever the facts are."""

    key: str
    moment: Moment
    do: Callable[[Terms], str]
    exact: Callable[[Terms], Exact | None] = lambda terms: None
    always: bool = False


def _duty(rule: _Rule, undone: Finding, now: Finding | None, terms: Terms) -> Duty:
    applies = _APPLIES[undone.status]
    if rule.always and applies != "barred":
        applies = "yes"
    said = now or undone
    return Duty(
        key=rule.key,
        moment=rule.moment,
        applies=applies,
        do=rule.do(terms),
        because=_without(said.parameters.get("opened", ""), said.explanation),
        clauses=said.clauses,
        exact=rule.exact(terms),
        reading=said.reading,
        popular_claim=said.popular_claim,
        status=now.status if now and now.status != "not_applicable" else None,
        reworded=terms.behind.of(said.clauses),
    )


def _without(opened: str, explanation: str) -> str:
    """The opened items of the policy stand in a list of their own below."""
    return explanation.replace(opened, "").strip() if opened else explanation


# --- the duties in plain words --------------------------------------------------------------------------------
def _users(terms: Terms) -> str:
    return _(
        "Make sure that in %(month)s all products and services of the licensee and its affiliates together had no more "
        "than %(threshold)s monthly active users. Above that line nothing may be used until Meta expressly grants it."
    ) % {"month": month_in_words(terms.mau_month), "threshold": f"{terms.mau_threshold:,}"}


def _display(terms: Terms) -> str:
    return _(
        "Display these words prominently in one of five places: a related website, the user interface, a blog post, an "
        "about page or the product documentation."
    )


def _name(terms: Terms) -> str:
    return _("Begin the name of every changed model that others get or use with this word.")


def _output_name(terms: Terms) -> str:
    return _(
        "Begin the name of every model that was made or improved with its outputs, and that others get or use, so."
    )


def _ban(terms: Terms) -> str:
    ban = terms.improvement_ban
    excluded = ban.parameters["excluded"] if ban else ""
    return _(
        "Improve no other large language model with the materials or their outputs; only %(name)s itself and what "
        "derives from it. Keep data sets made with it apart."
    ) % {"name": excluded}


def _reports(terms: Terms) -> str:
    duty = terms.obligation("reporting")
    channels = [parameter_in_words(name, value) for name, value in duty.parameters.items()] if duty else []
    return _("Report violations of the policy, bugs and other problems to Meta: %(channels)s.") % {
        "channels": "; ".join(filter(None, channels))
    }


def _counterparty(terms: Terms) -> str:
    duty = terms.required("counterparty")
    return _(
        "Know who the other side is: %(inside)s for a licensee in the EEA or Switzerland, %(outside)s for any other."
    ) % {"inside": duty.parameters["inside"], "outside": duty.parameters["outside"]}


def _governing_law(terms: Terms) -> str:
    duty = terms.required("governing-law")
    return _("Accept that the law of %(law)s governs and the courts of %(courts)s alone decide.") % duty.parameters


def _displayed(terms: Terms) -> Exact | None:
    return Exact(_("Display"), terms.display.text) if terms.display else None


def _prefix(terms: Terms) -> Exact | None:
    return Exact(_("Name begins with"), terms.name_prefix.prefix) if terms.name_prefix else None


def _text(words: Promise) -> Callable[[Terms], str]:
    """The same words under every version."""
    return lambda terms: str(words)


_RULES: tuple[_Rule, ...] = (
    _Rule(
        "acceptance",
        "before",
        _text(
            gettext_lazy(
                "Have somebody with authority accept the agreement for the company that will be the licensee, and keep "
                "who accepted, when, and which text. Using any part binds as well."
            )
        ),
        always=True,
    ),
    _Rule("counterparty", "before", _counterparty, always=True),
    _Rule("mau", "before", _users, always=True),
    _Rule(
        "governing-terms",
        "before",
        _text(
            gettext_lazy(
                "Read the terms of whoever supplies or changed the model as well, and keep both: they come on top of "
                "Meta's agreement."
            )
        ),
    ),
    _Rule(
        "eu-multimodal",
        "before",
        _text(gettext_lazy("Let no company based in the European Union be the licensee of a multimodal model.")),
    ),
    _Rule("governing-law", "before", _governing_law, always=True),
    _Rule(
        "risk-terms",
        "before",
        _text(
            gettext_lazy(
                "Accept that the materials come without warranty, that Meta's liability is limited, and that the "
                "licensee indemnifies Meta against claims of third parties about its use or distribution."
            )
        ),
        always=True,
    ),
    _Rule(
        "aup-screening",
        "use",
        _text(
            gettext_lazy(
                "Stay outside every use that the policy prohibits, and keep others from such use: the policy forbids "
                "letting them."
            )
        ),
        always=True,
    ),
    _Rule("dangers", "use", _text(gettext_lazy("Tell end users about the known dangers of your system.")), always=True),
    _Rule("reporting", "use", _reports, always=True),
    _Rule("law", "use", _text(gettext_lazy("Keep to the law and to trade rules wherever it is used.")), always=True),
    _Rule(
        "marks",
        "show",
        _text(
            gettext_lazy(
                "Leave Meta's names and marks out of product names, logos and marketing, and keep to Meta's brand "
                "guidelines where the text gives a licence. Describing the model in the customary way is allowed."
            )
        ),
        always=True,
    ),
    _Rule("display", "show", _display, _displayed),
    _Rule("copy", "copies", _text(gettext_lazy("Give a copy of the agreement along with the weights."))),
    _Rule(
        "notice",
        "copies",
        _text(gettext_lazy("Put a text file named Notice with this line into every copy.")),
        lambda terms: Exact(_("Notice"), terms.notice),
    ),
    _Rule("name", "models", _name, _prefix),
    _Rule("output-name", "models", _output_name, _prefix),
    _Rule("improvement", "models", _ban),
    _Rule(
        "litigation",
        "end",
        _text(
            gettext_lazy(
                "Ask counsel before the licensee claims, in court or other proceedings or as a counterclaim, that the "
                "materials or their outputs infringe its rights: that ends the licences."
            )
        ),
        always=True,
    ),
    _Rule(
        "termination",
        "end",
        _text(gettext_lazy("Stop using and delete the materials when the licence ends.")),
        always=True,
    ),
)


def _rules_of_its_own(terms: Terms) -> tuple[_Rule, ...]:
    """Terms that only this version has: what they ask is for a lawyer to say."""
    ask = _text(gettext_lazy("Have a lawyer read this term: no rule of the portal knows it."))
    return tuple(_Rule(f"other:{term.key}", "use", ask) for term in terms.others)
