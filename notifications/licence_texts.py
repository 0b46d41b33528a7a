"""What legal hears of a licence text that waits: which document of which version, and how much there is to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from licences.models import LicenceText, TextKind


def title_of(slug: str, facts: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """The title of a notice. `facts` are those of the event, `words` name the version."""
    if _same_words_as_today(slug, facts):
        title = _("A copy with the same words waits, one click: %(version)s, %(document)s")
    else:
        title = _("A licence text with other words waits for legal: %(version)s, %(document)s")
    return title % {**words, "document": _document(str(facts.get("document", "")))}


def _same_words_as_today(slug: str, facts: Mapping[str, Any]) -> bool:
    """Whether it differs from the text relied on in its layout alone: then the page asks for no reason."""
    current = LicenceText.objects.filter(version__slug=slug, kind=facts.get("document", ""), is_current=True)
    return current.filter(words_digest=facts.get("words", "")).exists()


def _document(kind: str) -> str:
    return _("acceptable use policy") if kind == TextKind.AUP else _("agreement")
