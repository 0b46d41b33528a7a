"""How the pages name what the catalogue names by keys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

OBLIGATION_TITLES = {
    "grant": _("Grant of rights"),
    "acceptance": _("How the agreement comes about"),
    "materials": _("What it covers"),
    "counterparty": _("The Meta company on the other side"),
    "mau": _("700 million users test"),
    "mau-exception": _("Exception from the users test"),
    "copy": _("Copy of the agreement"),
    "notice": _("Notice file"),
    "display": _("Display"),
    "name-prefix": _("Name of models made with it"),
    "improvement-ban": _("Improving other models"),
    "law": _("Applicable law"),
    "acceptable-use": _("Acceptable use policy"),
    "dangers": _("Known dangers"),
    "eu-multimodal": _("Multimodal models and the EU"),
    "marks": _("Trademarks"),
    "ownership": _("Who owns derivatives"),
    "warranty": _("No warranty"),
    "liability": _("Limits of liability"),
    "litigation": _("Proceedings that end the licence"),
    "indemnity": _("Indemnity"),
    "termination": _("Breach and end"),
    "governing-law": _("Governing law"),
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
