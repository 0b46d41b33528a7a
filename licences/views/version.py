"""One version: its terms in our words, and both texts clause by clause."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.access import person_of
from foundation.accounts.policy import Refused
from foundation.files.errors import DamagedFile
from licences import side_by_side
from licences.access import get_version
from licences.aup_subjects import GROUPS, SECTORS
from licences.document import shown
from licences.forms.texts import AddTextForm, DecisionForm
from licences.kept_html import KEPT
from licences.models import CheckOutcome, LicenceText, LlamaVersion, TextKind, TextStanding
from licences.outline import UnsplittableText
from licences.policies import may_decide_texts
from licences.queries import checks_of, names_of_importers, terms_for, texts_of, versions
from licences.terms import Terms
from licences.words import OBLIGATION_TITLES, TRIGGER_WORDS


@require_safe
@login_required
def version_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The terms and the texts of one version."""
    return render(request, "licences/version.html", version_context(request, get_version(slug)))


def version_context(request: HttpRequest, version: LlamaVersion, **forms: Any) -> dict[str, Any]:
    """What the page shows; a form that was refused is handed in with its errors."""
    terms = terms_for(version)
    texts = texts_of(version)
    every = versions()
    place = [one.slug for one in every].index(version.slug)
    may = may_decide_texts(person_of(request))
    names = names_of_importers(texts)
    bound: DecisionForm | None = forms.get("decision_form")
    addresses = list(dict.fromkeys([terms.agreement.raw, terms.agreement.web, terms.aup.raw, terms.aup.web]))
    checks = checks_of(version)
    return {
        "version": version,
        "terms": terms,
        "released": side_by_side.released(terms),
        "users_test": side_by_side.users_test(terms),
        "previous": every[place - 1] if place else None,
        "next": every[place + 1] if place + 1 < len(every) else None,
        "obligations": _obligations(terms),
        "aup_items": _aup_items(terms),
        "documents": [_document(texts, kind, terms) for kind in TextKind],
        "checks": [one for one in checks if one.address in addresses or not one.asked_by],
        "brought": sorted((one for one in checks if one.asked_by), key=lambda one: one.checked_at, reverse=True),
        "on_its_way": any(one.outcome == CheckOutcome.ASKED for one in checks),
        "addresses": addresses,
        "sources": [{"text": text, "imported_by": names[text.imported_by]} for text in texts],
        "candidates": [
            {
                "text": text,
                "imported_by": names[text.imported_by],
                "against": (current := _current(texts, text.kind)),
                "same_words": current is not None and current.words_digest == text.words_digest,
                "form": bound if bound and forms.get("decided") == text else DecisionForm(auto_id=f"id_{text.pk}_%s"),
            }
            for text in texts
            if text.standing == TextStanding.CANDIDATE
        ],
        "may_decide": bool(may),
        "why_not": may.reason if isinstance(may, Refused) else "",
        "add_form": forms.get("add_form") or AddTextForm(),
        "form": forms.get("add_form") or bound,
    }


def _current(texts: list[LicenceText], kind: str) -> LicenceText | None:
    return next((text for text in texts if text.kind == kind and text.is_current), None)


def _document(texts: list[LicenceText], kind: TextKind, terms: Terms) -> dict[str, Any]:
    """One document as the page shows it: its clauses, or the sentence that says why there are none."""
    text = _current(texts, kind)
    html: SafeString | str = ""
    problem = ""
    if text:
        try:
            clauses = shown(text)
            html = KEPT.draw(
                "licences/_clauses.html", text.kind, text.sha256, context=lambda: {"clauses": clauses, "view": "clean"}
            )
        except (DamagedFile, UnsplittableText) as error:
            problem = str(error)
    return {
        "kind": kind.value,
        "title": _("Agreement") if kind == TextKind.AGREEMENT else _("Acceptable use policy"),
        "text": text,
        "html": html,
        "problem": problem,
        "addresses": terms.agreement if kind == TextKind.AGREEMENT else terms.aup,
    }


def _obligations(terms: Terms) -> list[dict[str, Any]]:
    return [
        {
            "title": OBLIGATION_TITLES.get(one.kind, one.kind),
            "trigger": TRIGGER_WORDS.get(one.trigger, one.trigger),
            "summary": one.summary,
            "clauses": one.clauses,
            "exact": one.parameters.get("text", ""),
        }
        for one in terms.obligations
    ]


def _aup_items(terms: Terms) -> list[dict[str, Any]]:
    return [
        {
            "clause": item.clause,
            "printed": item.printed_label if item.printed_label != item.id else "",
            "depth": item.id.count("."),
            "subject": item.subject,
            "group": _(GROUPS[item.group]) if item.group in GROUPS else _("A duty to tell, not a use"),
            "sectors": ", ".join(_(SECTORS[sector]) for sector in item.sectors),
        }
        for item in terms.aup_items
    ]
