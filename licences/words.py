"""How the pages name what the catalogue names by keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

OBLIGATION_TITLES = {
    "grant": _("Grant of rights"),
    "acceptance": _("How the agreement comes about"),
    "materials": _("What it covers"),
    "counterparty": _("The Meta company on the other side"),
    "mau": _("Monthly active users test"),
    "mau-exception": _("Exception from the users test"),
    "copy": _("Copy of the agreement"),
    "notice": _("Notice file"),
    "display": _("Display"),
    "name-prefix": _("Name of models made with it"),
    "improvement-ban": _("Improving other models"),
    "law": _("Applicable law"),
    "acceptable-use": _("Acceptable use policy"),
    "dangers": _("Known dangers"),
    "reporting": _("Reports to Meta"),
    "eu-multimodal": _("Multimodal models and the EU"),
    "marks": _("Trademarks"),
    "ownership": _("Who owns derivatives"),
    "warranty": _("No warranty"),
    "liability": _("Limits of liability"),
    "litigation": _("Proceedings that end the licence"),
    "indemnity": _("Indemnity"),
    "termination": _("Breach and end"),
    "governing-law": _("Governing law"),
    "other": _("A term of its own"),
}

TRIGGER_WORDS = {
    "acceptance": _("from acceptance"),
    "use": _("with every use"),
    "making-available": _("when made available"),
    "distribution": _("when copies are distributed"),
    "changing": _("when a model is changed"),
    "improving-models": _("when models are improved"),
    "proceedings": _("in proceedings"),
    "termination": _("at the end"),
}

# How the parameters of an obligation read, each by itself; None where there is nothing to say.
_PARAMETERS: dict[str, Callable[[str], str | None]] = {
    "threshold": lambda value: gettext("more than %(users)s") % {"users": f"{int(value):,}"},
    "month": lambda value: month_in_words(value),
    "month_is_reading": lambda value: gettext("the month is a reading") if value == "yes" else None,
    "form": lambda value: (
        gettext("to the third party that gets the materials")
        if value == "third-party"
        else gettext("with the materials, whoever gets them")
    ),
    "text": lambda value: f"“{value}”",
    "trigger": lambda value: (
        gettext("for products that use the materials")
        if value == "uses"
        else gettext("for products that contain the materials")
    ),
    "prefix": lambda value: gettext("begins with “%(prefix)s”") % {"prefix": value},
    "outputs": lambda value: (
        gettext("also for models made with its outputs")
        if value == "yes"
        else gettext("for models made with the materials")
    ),
    "excluded": lambda value: gettext("except for %(name)s itself") % {"name": value},
    "mark": lambda value: f"“{value}”" if value else gettext("none is licensed"),
    "inside": lambda value: gettext("inside the EEA and Switzerland: %(company)s") % {"company": value},
    "outside": lambda value: gettext("elsewhere: %(company)s") % {"company": value},
    "report_issues": lambda value: gettext("issues with the model: %(address)s") % {"address": value},
    "report_content": lambda value: gettext("risky content: %(address)s") % {"address": value},
    "report_security": lambda value: gettext("bugs and security: %(address)s") % {"address": value},
    "report_misuse": lambda value: gettext("violations and unlicensed uses: %(address)s") % {"address": value},
    "law": lambda value: gettext("law of %(place)s") % {"place": value},
    "courts": lambda value: gettext("courts of %(place)s") % {"place": value},
}


def month_in_words(month: str) -> str:
    """2024-06 as June 2024."""
    return str(date_format(date.fromisoformat(f"{month}-01"), "F Y"))


def parameter_in_words(name: str, value: str) -> str | None:
    """What a parameter of an obligation says; None where it is for rules or addresses alone."""
    say = _PARAMETERS.get(name)
    return say(value) if say else None
