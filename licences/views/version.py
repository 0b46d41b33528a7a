"""One version: its terms in our words, and both texts clause by clause."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.access import person_of
from foundation.accounts.policy import Refused
from foundation.files.errors import DamagedFile
from licences import side_by_side
from licences.aup_subjects import GROUPS, SECTORS
from licences.behind import items_behind
from licences.behind_words import what_is_behind
from licences.document import appended_policy, shown_files
from licences.forms.texts import AddTextForm, DecisionForm
from licences.kept_html import KEPT
from licences.models import CheckOutcome, TextKind, TextStanding
from licences.outline import UnsplittableText
from licences.policies import may_decide_texts
from licences.queries import terms_by_digest
from licences.raw_text import raw_if_unsplittable
from licences.reading import (
    CheckHere,
    TextHere,
    VersionHere,
    checks_here,
    names_of_importers,
    texts_here,
    versions_here,
)
from licences.terms import Terms
from licences.terms_now import beside_texts, if_relied_on
from licences.words import OBLIGATION_TITLES, TRIGGER_WORDS

LOOKS_AGAIN = timedelta(minutes=15)  # so long the page looks by itself what came of an address
NOT_CHECKED = "web copy not checked"  # how labels of the catalogue end


@require_safe
@login_required
def version_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The terms and the texts of one version."""
    return render(request, "licences/version.html", version_context(request, slug))


def version_context(request: HttpRequest, slug: str, **forms: Any) -> dict[str, Any]:
    """What the page shows; a form that was refused is handed in with its errors."""
    every = versions_here()
    place = next((number for number, one in enumerate(every) if one.slug == slug), None)
    if place is None:
        raise Http404
    version, previous = every[place], every[place - 1] if place else None
    following = every[place + 1] if place + 1 < len(every) else None
    texts = texts_here(slug)
    terms = beside_texts(terms_by_digest([version.digest])[version.digest], texts)
    may = may_decide_texts(person_of(request))
    names = names_of_importers(texts)
    add_form: AddTextForm | None = forms.get("add_form")
    addresses = list(dict.fromkeys([terms.agreement.raw, terms.agreement.web, terms.aup.raw, terms.aup.web]))
    checks = checks_here(slug)
    return {
        "version": version,
        "terms": terms,
        "head": KEPT.draw(
            "licences/_version_head.html",
            *(version, previous, following, terms.behind),
            context=lambda: _head(version, terms, previous, following),
        ),
        "in_our_words": KEPT.draw(
            "licences/_version_terms.html", version, terms.behind, context=lambda: _in_our_words(version, terms)
        ),
        "documents": [_document(version, texts, kind, terms, checks) for kind in TextKind],
        "checks": [one for one in checks if one.address in addresses or not one.asked_by],
        "brought": sorted((one for one in checks if one.asked_by), key=lambda one: one.checked_at, reverse=True),
        "on_its_way": any(
            one.outcome == CheckOutcome.ASKED and timezone.now() - one.checked_at < LOOKS_AGAIN for one in checks
        ),
        "addresses": addresses,
        "sources": [
            {"text": text, "label": _known_of(text, terms, checks), "imported_by": names[text.imported_by]}
            for text in texts
        ],
        "candidates": _candidates(terms, texts, names, forms),
        "may_decide": bool(may),
        "why_not": may.reason if isinstance(may, Refused) else "",
        "add_fields": _add_fields(add_form) if may else "",
        "adding": add_form is not None,
        "form": add_form or forms.get("decision_form"),
    }


def _head(
    version: VersionHere, terms: Terms, previous: VersionHere | None, following: VersionHere | None
) -> dict[str, Any]:
    return {
        "version": version,
        "terms": terms,
        "previous": previous,
        "next": following,
        "seen": date_format(date.fromisoformat(terms.multimodal_as_of), "j M Y"),
        "released": side_by_side.released(terms),
        "users_test": side_by_side.users_test(terms),
    }


def _in_our_words(version: VersionHere, terms: Terms) -> dict[str, Any]:
    return {
        "version": version,
        "terms": terms,
        "obligations": _obligations(terms),
        "aup_items": _aup_items(terms),
        "behind": what_is_behind(terms),
    }


def _candidates(
    terms: Terms, texts: list[TextHere], names: dict[str, str], forms: dict[str, Any]
) -> list[dict[str, Any]]:
    """Texts that are kept apart until legal decides, each with its form."""
    bound: DecisionForm | None = forms.get("decision_form")
    decided: int | None = forms.get("decided")
    return [
        {
            "text": text,
            "imported_by": names[text.imported_by],
            "against": (current := _current(texts, text.kind)),
            "why_not_split": _why_not_split(text),
            "same_words": current is not None and current.words_digest == text.words_digest,
            "behind": what_is_behind(if_relied_on(terms, text, texts)),
            "form": bound if bound and decided == text.pk else DecisionForm(auto_id=f"id_{text.pk}_%s"),
        }
        for text in texts
        if text.standing == TextStanding.CANDIDATE
    ]


def _why_not_split(text: TextHere) -> str:
    """Where no clauses can be read from a text: nobody can rely on one that no check could cite."""
    try:
        raw = raw_if_unsplittable(text.sha256, text.kind)
    except DamagedFile:  # its clauses were read when it came in; the comparison says what is wrong with the file
        return ""
    return raw.why if raw else ""


def _add_fields(refused: AddTextForm | None) -> SafeString:
    """The fields for another copy: always the same until somebody sent them. No CSRF token is among them."""
    if refused is not None:
        return _fields(refused)
    return KEPT.keep("add-text fields", draw=lambda: _fields(AddTextForm()))


def _fields(form: AddTextForm) -> SafeString:
    drawn: SafeString = as_crispy_form(form)
    return drawn


def _current(texts: list[TextHere], kind: str) -> TextHere | None:
    return next((text for text in texts if text.kind == kind and text.is_current), None)


def _known_of(text: TextHere, terms: Terms, checks: list[CheckHere]) -> str:
    """What is known of a text: its label, with the day on which the web page had the same words, once one was seen."""
    if not text.is_current or not text.label.endswith(NOT_CHECKED):
        return text.label
    web = terms.agreement.web if text.kind == TextKind.AGREEMENT else terms.aup.web
    seen = next((one.words_seen_at for one in checks if one.address == web and one.words_seen_at), None)
    # What was seen before this text became the current one was compared with another.
    if seen is None or seen < max(text.imported_at, text.decided_at or text.imported_at):
        return text.label
    day = _("web copy had the same words on %(day)s") % {"day": date_format(seen, "j M Y")}
    return text.label.removesuffix(NOT_CHECKED) + day


def _document(
    version: VersionHere, texts: list[TextHere], kind: TextKind, terms: Terms, checks: list[CheckHere]
) -> SafeString | str:
    """One document as the page shows it: its clauses, or the sentence that says why there are none."""
    text = _current(texts, kind)
    context: dict[str, Any] = {
        "version": version,
        "kind": kind.value,
        "title": _("Agreement") if kind == TextKind.AGREEMENT else _("Acceptable use policy"),
        "text": text,
        "addresses": terms.agreement if kind == TextKind.AGREEMENT else terms.aup,
    }
    if text is None:
        return render_to_string("licences/_document.html", context)
    label = context["label"] = _known_of(text, terms, checks)
    try:
        context["clauses"] = shown_files(text.kind, text.sha256, "", ())
        context["second_copy"] = kind == TextKind.AGREEMENT and bool(appended_policy(text.sha256))
    except (DamagedFile, UnsplittableText) as error:
        raw = None if isinstance(error, DamagedFile) else raw_if_unsplittable(text.sha256, text.kind)
        return render_to_string("licences/_document.html", context | {"problem": str(error), "raw": raw})
    context["view"] = "clean"
    return KEPT.draw("licences/_document.html", version, text.kind, text.sha256, label, context=lambda: context)


def _obligations(terms: Terms) -> list[dict[str, Any]]:
    return [
        {
            "title": OBLIGATION_TITLES.get(one.kind, one.kind),
            "trigger": TRIGGER_WORDS.get(one.trigger, one.trigger),
            "summary": one.summary,
            "clauses": one.clauses,
            "exact": one.parameters.get("text", ""),
            "reworded": terms.behind.of(one.clauses),
        }
        for one in terms.obligations
    ]


def _aup_items(terms: Terms) -> list[dict[str, Any]]:
    behind = items_behind(terms)
    return [
        {
            "clause": item.clause,
            "printed": item.printed_label if item.printed_label != item.id else "",
            "depth": item.id.count("."),
            "subject": item.subject,
            "reworded": item in behind,
            "group": _(GROUPS[item.group]) if item.group in GROUPS else _("A duty to tell, not a use"),
            "sectors": ", ".join(_(SECTORS[sector]) for sector in item.sectors),
        }
        for item in terms.aup_items
    ]
