"""What changes for whom between two versions, sentence by sentence, from the terms of both. Pure.

Each function is about one term. It says nothing where both versions say the same; an absent term is no mistake here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from licences.terms import Obligation, Terms
from licences.words import OBLIGATION_TITLES, month_in_words, parameter_in_words


class Whom(StrEnum):
    """Whom a change concerns, in the order of the page."""

    EU = "eu"
    EVERYBODY = "everybody"
    TRAINERS = "trainers"
    DISTRIBUTORS = "distributors"
    LARGE = "large"


@dataclass(frozen=True)
class Citation:
    """A clause of one version."""

    version: str  # slug
    clause: str  # AUP 2.a


@dataclass(frozen=True)
class Point:
    """One sentence or two about one change, with the clauses that they rest on.

    `values` says how much of a rewording the sentence tells: None where it is about what the clauses say, else the
    values, as they were and as they are, that it names; none of them where it speaks of a month or of a list of models,
    which no clause prints. A clause that changed in more than that is named in a sentence of its own.
    """

    whom: Whom
    says: str
    cites: tuple[Citation, ...]
    reading: bool = False  # an interpretation, not what the text says
    same_words: bool = False  # the clause says the same; what follows from it differs
    values: tuple[tuple[str, str], ...] | None = None


def points_of_terms(old: Terms, new: Terms, eu_words_stay: bool) -> Iterator[Point]:
    """Everything that the terms of the two versions say differently, items of the policy aside."""
    yield from _eu(old, new, eu_words_stay)
    for about in _TERMS:
        yield from about(old, new)
    yield from _other_kinds(old, new)
    yield from _own_terms(old, new)


def cited(terms: Terms, *obligations: Obligation | None) -> tuple[Citation, ...]:
    """The clauses of these obligations, each once."""
    clauses = dict.fromkeys(clause for one in obligations if one for clause in one.clauses)
    return tuple(Citation(terms.slug, clause) for clause in clauses)


# --- licensees in the EU ------------------------------------------------------------------------------------------


def _eu(old: Terms, new: Terms, words_stay: bool) -> Iterator[Point]:
    before, now = old.eu_multimodal, new.eu_multimodal
    if now is None:
        if before is not None:
            words = _("%(old)s has a paragraph on multimodal models and the EU; %(new)s has none.")
            yield Point(Whom.EU, words % _names(old, new), cited(old, before))
        return
    cites = cited(new, now)
    if before is None:
        yield Point(Whom.EU, _("New paragraph. %(summary)s") % {"summary": now.summary}, cites)
        yield Point(Whom.EU, f"{_capital(_reach(new))}.", cites, reading=True, values=())
    elif {_reach_kind(old), _reach_kind(new)} == {"none", "every"}:
        start = _("The words barely change and the effect reverses") if words_stay else _("The effect reverses")
        words = f"{start}: {_reach(old)}; {_reach(new)}."
        if _reach_kind(new) == "every":
            withheld = _(
                "So a licensee based in the EU that could use %(old)s gets none of the rights of 1.a for these models "
                "of %(new)s, also when it sends text only; end users of a product that contains them are excepted."
            )
            words += " " + withheld % _names(old, new)
        yield Point(Whom.EU, words, (*cites, *cited(old, before)), reading=True, values=())
        if _reach_kind(new) == "every":
            words = _("The paragraph itself: %(summary)s") % {"summary": now.summary}
            yield Point(Whom.EU, words, cites, values=())
    elif _reach(old) != _reach(new) and (_reach_kind(old), old.multimodal_models) != (
        _reach_kind(new),
        new.multimodal_models,
    ):
        words = f"{_capital(_reach(new))}; {_reach(old)}."
        yield Point(Whom.EU, words, (*cites, *cited(old, before)), reading=True, values=())


def _reach_kind(terms: Terms) -> str:
    if terms.multimodal_otherwise == "yes":
        return "every"
    return "some" if terms.multimodal_models else "none"


def _reach(terms: Terms) -> str:
    """Which models the paragraph catches; the list of multimodal models was seen on a day."""
    words = {
        "every": _("the paragraph catches every model of %(name)s, for all are multimodal (list seen %(day)s)"),
        "some": _("of %(name)s the paragraph catches %(models)s and no text model (list seen %(day)s)"),
        "none": _("of %(name)s the paragraph catches nothing, for no multimodal model is listed (list seen %(day)s)"),
    }[_reach_kind(terms)]
    models = ", ".join(terms.multimodal_models)
    return words % {"name": terms.name, "models": models, "day": _day(terms.multimodal_as_of)}


# --- one term each ------------------------------------------------------------------------------------------------


def _date(old: Terms, new: Terms) -> Iterator[Point]:
    if old.date_kind == new.date_kind:
        return
    words = (
        _("The header gives an effective date where %(old)s gives a release date.")
        if new.date_kind == "effective"
        else _("The header gives a release date where %(old)s gives an effective date.")
    )
    preamble = "LICENSE preamble"
    cites = (Citation(new.slug, preamble), Citation(old.slug, preamble))
    header = {"release": "Release Date", "effective": "Effective Date"}
    values = ((header[old.date_kind], header[new.date_kind]),)
    yield Point(Whom.EVERYBODY, words % _names(old, new), cites, values=values)


def _users_test(old: Terms, new: Terms) -> Iterator[Point]:
    before, now = old.obligation("mau"), new.obligation("mau")
    if before is None or now is None:
        yield from _came_or_went(Whom.LARGE, old, new, "mau")
        return
    was, month = before.parameters.get("month", ""), now.parameters.get("month", "")
    if was and month and was != month:
        words = _(
            "The users test looks at %(month)s instead of %(was)s: "
            "each version is tested for a month of its own, so count again."
        ) % {"month": month_in_words(month), "was": month_in_words(was)}
        is_reading = now.parameters.get("month_is_reading") == "yes"
        if is_reading:
            words += " " + _("The month is a reading: the text defines no release date.")
        elif before.parameters.get("month_is_reading") == "yes":
            words += " " + _("The month of %(old)s is a reading: its text defines no release date.") % _names(old, new)
            is_reading = True
        yield Point(Whom.LARGE, words, cited(new, now), reading=is_reading, values=())
    threshold, old_threshold = now.parameters.get("threshold", ""), before.parameters.get("threshold", "")
    if threshold != old_threshold:
        words = _("The line is %(now)s monthly active users; it was %(before)s.")
        said = {
            "now": parameter_in_words("threshold", threshold),
            "before": parameter_in_words("threshold", old_threshold),
        }
        values = tuple(zip(_printed_numbers(old_threshold), _printed_numbers(threshold), strict=True))
        yield Point(Whom.LARGE, words % said, (*cited(new, now), *cited(old, before)), values=values)


def _printed_numbers(digits: str) -> tuple[str, ...]:
    """A number of users as a clause may print it."""
    number = int(digits or 0)
    return f"{number / 1_000_000:g} million", f"{number:,}", digits


def _display(old: Terms, new: Terms) -> Iterator[Point]:
    before, now = old.display, new.display
    if before is None or now is None:
        if now is not None:
            what = _("for the materials, what is derived from them, and products that contain them")
            if now.trigger == "uses":
                what = _("for the materials, what is derived from them, and products that use them")
            words = _("New duty: display “%(text)s” prominently, %(what)s.") % {"text": now.text, "what": what}
            yield Point(Whom.DISTRIBUTORS, words, cited(new, new.obligation("display")))
        elif before is not None:
            words = _("The display “%(text)s” is no longer asked for.") % {"text": before.text}
            yield Point(Whom.DISTRIBUTORS, words, cited(old, old.obligation("display")))
        return
    both = (*cited(new, new.obligation("display")), *cited(old, old.obligation("display")))
    if before.text != now.text:
        words = _(
            "The words to display are “%(now)s” instead of “%(before)s”. A product on both versions displays both."
        )
        said = {"now": now.text, "before": before.text}
        yield Point(Whom.DISTRIBUTORS, words % said, both, values=(_quoted(before.text, now.text),))
    if before.trigger != now.trigger:
        narrower = now.trigger == "contains"
        words = (
            _("The display is due for a product that contains the materials; before, for one that uses them.")
            if narrower
            else _("The display is due for a product that uses the materials; before, for one that contains them.")
        )
        yield Point(Whom.DISTRIBUTORS, words, both)
        words = (
            _(
                "To contain is narrower than to use: whether an application that only calls a hosted model contains "
                "the materials is arguable. The cautious answer is to display."
            )
            if narrower
            else _("To use is wider than to contain: an application that only calls a hosted model plainly uses it.")
        )
        yield Point(Whom.DISTRIBUTORS, words, both, reading=True)


def _name_prefix(old: Terms, new: Terms) -> Iterator[Point]:
    before, now = old.name_prefix, new.name_prefix
    if before is None or now is None:
        if now is not None:
            made = _("with the materials or their outputs") if now.outputs else _("with the materials")
            words = _(
                "New duty: a model made or improved %(made)s, and distributed or made available, "
                "has a name that begins with “%(prefix)s”."
            )
            yield Point(
                Whom.TRAINERS,
                words % {"made": made, "prefix": now.prefix},
                cited(new, new.obligation("name-prefix")),
            )
        elif before is not None:
            words = _("Models made with it no longer need a name that begins with “%(prefix)s”.")
            yield Point(Whom.TRAINERS, words % {"prefix": before.prefix}, cited(old, old.obligation("name-prefix")))
        return
    both = (*cited(new, new.obligation("name-prefix")), *cited(old, old.obligation("name-prefix")))
    if before.prefix != now.prefix:
        words = _("The name of a model made with it begins with “%(now)s” instead of “%(before)s”.")
        said = {"now": now.prefix, "before": before.prefix}
        yield Point(Whom.TRAINERS, words % said, both, values=(_quoted(before.prefix, now.prefix),))
    if before.outputs != now.outputs:
        words = (
            _("The name rule now covers models made with its outputs, too.")
            if now.outputs
            else _("The name rule no longer covers models made with outputs alone.")
        )
        yield Point(Whom.TRAINERS, words, both)


def _improvement_ban(old: Terms, new: Terms) -> Iterator[Point]:
    before, now = old.improvement_ban, new.improvement_ban
    if before is not None and now is None:
        cites = cited(old, before)
        words = _("The ban on improving other large language models with the materials or their outputs is gone.")
        yield Point(Whom.TRAINERS, words, cites)
        words = _("What was made under %(old)s, such as a data set of its outputs, stays under the ban of %(old)s.")
        yield Point(Whom.TRAINERS, words % _names(old, new), cites, reading=True)
    elif before is None and now is not None:
        words = _(
            "New ban: neither the materials nor their outputs may improve another large language model, "
            "except %(excluded)s and its derivatives."
        )
        yield Point(Whom.TRAINERS, words % {"excluded": now.parameters.get("excluded", "")}, cited(new, now))
    elif before is not None and now is not None and before.parameters != now.parameters:
        words = _(
            "The ban on improving other large language models stays. It excepts %(now)s where it excepted %(before)s."
        )
        said = {"now": now.parameters.get("excluded", ""), "before": before.parameters.get("excluded", "")}
        values = ((said["before"], said["now"]),)
        yield Point(Whom.TRAINERS, words % said, (*cited(new, now), *cited(old, before)), values=values)


def _copy(old: Terms, new: Terms) -> Iterator[Point]:
    before, now = old.obligation("copy"), new.obligation("copy")
    if before is None or now is None:
        yield from _came_or_went(Whom.DISTRIBUTORS, old, new, "copy")
    elif before.parameters.get("form") != now.parameters.get("form"):
        words = _("A copy of the agreement goes %(now)s; before, %(before)s.")
        said = {
            "now": parameter_in_words("form", now.parameters.get("form", "")),
            "before": parameter_in_words("form", before.parameters.get("form", "")),
        }
        yield Point(Whom.DISTRIBUTORS, words % said, (*cited(new, now), *cited(old, before)))


def _notice(old: Terms, new: Terms) -> Iterator[Point]:
    before, now = old.obligation("notice"), new.obligation("notice")
    if before is None or now is None:
        yield from _came_or_went(Whom.DISTRIBUTORS, old, new, "notice")
    elif before.parameters.get("text") != now.parameters.get("text"):
        words = _("The Notice file of copies has another line: “%(line)s”")
        was, line = before.parameters.get("text", ""), now.parameters.get("text", "")
        yield Point(Whom.DISTRIBUTORS, words % {"line": line}, cited(new, now), values=((was, line),))


def _mark(old: Terms, new: Terms) -> Iterator[Point]:
    before, now = old.obligation("marks"), new.obligation("marks")
    if before is None or now is None:
        yield from _came_or_went(Whom.DISTRIBUTORS, old, new, "marks")
        return
    was, mark = before.parameters.get("mark", ""), now.parameters.get("mark", "")
    if was == mark:
        return
    if not was:
        words = _("The mark “%(mark)s” is licensed where %(old)s licenses none. %(summary)s")
    elif not mark:
        words = _("No mark is licensed; %(old)s licenses “%(was)s”.")
    else:
        words = _("The licensed mark is “%(mark)s” instead of “%(was)s”.")
    cites = (*cited(new, now), *cited(old, before))
    said = {"mark": mark, "was": was, "old": old.name, "summary": now.summary}
    values = (_quoted(was, mark),) if was and mark else None
    yield Point(Whom.DISTRIBUTORS, words % said, cites, values=values)


def _reporting(old: Terms, new: Terms) -> Iterator[Point]:
    before, now = old.obligation("reporting"), new.obligation("reporting")
    if before is None or now is None:
        yield from _came_or_went(Whom.EVERYBODY, old, new, "reporting")
        return
    for name, channel in now.parameters.items():
        if (was := before.parameters.get(name, "")) != channel:
            words = _("The policy has another channel for reports. Now %(now)s; before %(before)s.")
            said = {"now": parameter_in_words(name, channel), "before": parameter_in_words(name, was)}
            cites = (*cited(new, now), *cited(old, before))
            yield Point(Whom.EVERYBODY, words % said, cites, values=((was, channel),))


_TERMS: tuple[Callable[[Terms, Terms], Iterator[Point]], ...] = (
    _date,
    _improvement_ban,
    _name_prefix,
    _display,
    _copy,
    _notice,
    _mark,
    _reporting,
    _users_test,
)
_SAID_ABOVE = {
    "eu-multimodal",
    "mau",
    "display",
    "name-prefix",
    "improvement-ban",
    "copy",
    "notice",
    "marks",
    "reporting",
    "other",
}


# --- terms without a sentence of their own ------------------------------------------------------------------------


def _other_kinds(old: Terms, new: Terms) -> Iterator[Point]:
    """Kinds whose words in the catalogue differ, told by those words."""
    for kind in OBLIGATION_TITLES:
        if kind in _SAID_ABOVE:
            continue
        before, now = old.obligation(kind), new.obligation(kind)
        if before is None or now is None:
            yield from _came_or_went(Whom.EVERYBODY, old, new, kind)
        elif (was := _in_words(before)) != (is_now := _in_words(now)):
            words = _("%(title)s. Now: %(now)s Before: %(before)s")
            said = {"title": OBLIGATION_TITLES[kind], "now": is_now, "before": was}
            yield Point(Whom.EVERYBODY, words % said, (*cited(new, now), *cited(old, before)))


def _own_terms(old: Terms, new: Terms) -> Iterator[Point]:
    """Terms that no rule knows, matched by their key."""
    before, now = ({one.key: one for one in terms.others} for terms in (old, new))
    for key, one in now.items():
        was = before.get(key)
        if was is None:
            yield Point(Whom.EVERYBODY, _("New term: %(summary)s") % {"summary": one.summary}, cited(new, one))
        elif was.summary != one.summary:
            words = _("A term of its own. Now: %(now)s Before: %(before)s")
            said = {"now": one.summary, "before": was.summary}
            yield Point(Whom.EVERYBODY, words % said, (*cited(new, one), *cited(old, was)))
    for key in before.keys() - now.keys():
        gone = before[key]
        yield Point(Whom.EVERYBODY, _("Gone: %(summary)s") % {"summary": gone.summary}, cited(old, gone))


def _came_or_went(whom: Whom, old: Terms, new: Terms, kind: str) -> Iterator[Point]:
    before, now = old.obligation(kind), new.obligation(kind)
    if now is not None:
        said = {"title": OBLIGATION_TITLES[kind], "summary": now.summary}
        yield Point(whom, _("%(title)s, new: %(summary)s") % said, cited(new, now))
    elif before is not None:
        said = {"title": OBLIGATION_TITLES[kind], "summary": before.summary}
        yield Point(whom, _("%(title)s, gone: %(summary)s") % said, cited(old, before))


def _in_words(one: Obligation) -> str:
    """Summary and parameters of an obligation."""
    parameters = (parameter_in_words(name, value) for name, value in one.parameters.items())
    return " ".join([one.summary, *(f"{_capital(words)}." for words in parameters if words)])


def _quoted(was: str, now: str) -> tuple[str, str]:
    """Words that a clause prints in quotes: without these, "Llama" would be found in every name."""
    return f'"{was}"', f'"{now}"'


def _names(old: Terms, new: Terms) -> dict[str, str]:
    return {"old": old.name, "new": new.name}


def _day(day: str) -> str:
    """2025-07-15 as 15 Jul 2025."""
    return str(date_format(date.fromisoformat(day), "j M Y"))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
