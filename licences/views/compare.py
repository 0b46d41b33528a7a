"""Two versions against each other, clause by clause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.files.errors import DamagedFile
from licences.access import get_text, get_version
from licences.document import ShownClause, counts, shown
from licences.forms.asking import PairForm
from licences.kept_html import KEPT
from licences.models import LicenceText, LlamaVersion, TextKind
from licences.outline import UnsplittableText
from licences.queries import current_text, terms_for, versions
from licences.side_by_side import side_by_side
from licences.terms import Terms

VIEWS = ("redline", "split", "clean")


@dataclass(frozen=True)
class _Choice:
    """What the address asks for: two versions, one document, how to show it."""

    old: LlamaVersion
    new: LlamaVersion
    kind: TextKind
    view: str
    changed_only: bool
    old_sha256: str
    new_sha256: str

    def url(self, **changed: Any) -> str:
        """The same page with something else chosen."""
        one = replace(self, **changed)
        query = {"doc": one.kind.value, "view": one.view}
        if one.changed_only:
            query["show"] = "changed"
        if one.old_sha256 and one.kind == self.kind:
            query["from"] = one.old_sha256
        if one.new_sha256 and one.kind == self.kind:
            query["to"] = one.new_sha256
        return f"{reverse('licences:compare', args=[one.old.slug, one.new.slug])}?{urlencode(query)}"


@require_safe
@login_required
def choose_comparison(request: HttpRequest) -> HttpResponse:
    """Choose two versions; a chosen pair leads to its comparison."""
    every = versions()
    form = PairForm(request.GET if "old" in request.GET else None, versions=every, initial=_newest_pair(every))
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        query = urlencode({"doc": chosen["doc"] or TextKind.AGREEMENT.value})
        return redirect(f"{reverse('licences:compare', args=[chosen['old'], chosen['new']])}?{query}")
    pairs = list(pairwise(every))[::-1]
    context = {"form": form, "pairs": pairs}
    return render(request, "licences/choose_comparison.html", context, status=422 if form.is_bound else 200)


@require_safe
@login_required
def compare(request: HttpRequest, old: str, new: str) -> HttpResponse:
    """The redline from one version to the other, with what it amounts to."""
    choice = _choice(request, old, new)
    old_text = _text(choice.old, choice.kind, choice.old_sha256)
    new_text = _text(choice.new, choice.kind, choice.new_sha256)
    clauses, problem = _clauses(old_text, new_text)
    shown_clauses = _shown_clauses(clauses, choice)
    same_version = choice.old.pk == choice.new.pk
    every = versions()
    context = {
        "old": choice.old,
        "new": choice.new,
        "old_text": old_text,
        "new_text": new_text,
        "old_label": _label(choice.old, old_text, same_version),
        "new_label": _label(choice.new, new_text, same_version),
        "same_version": same_version,
        "kind": choice.kind,
        "view": choice.view,
        "changed_only": choice.changed_only,
        "problem": problem,
        "counts": counts(clauses),
        "some": bool(shown_clauses),
        "html": _html(shown_clauses, choice, old_text, new_text),
        "facts": []
        if same_version
        else [row for row in side_by_side(terms_for(choice.old), terms_for(choice.new)) if row.differs],
        "eu_note": _eu_note(terms_for(choice.old), terms_for(choice.new)),
        "notes": [] if same_version else terms_for(choice.new).notes,
        "documents": _documents(choice),
        "views": _views(choice),
        "only": [
            {"label": _("All clauses"), "url": choice.url(changed_only=False), "current": not choice.changed_only},
            {"label": _("Changed only"), "url": choice.url(changed_only=True), "current": choice.changed_only},
        ],
        "reverse_url": choice.url(
            old=choice.new, new=choice.old, old_sha256=choice.new_sha256, new_sha256=choice.old_sha256
        ),
        "pair_form": PairForm(
            versions=every, initial={"old": choice.old.slug, "new": choice.new.slug, "doc": choice.kind.value}
        ),
    }
    return render(request, "licences/compare.html", context)


def _choice(request: HttpRequest, old: str, new: str) -> _Choice:
    view = request.GET.get("view", "")
    return _Choice(
        old=get_version(old),
        new=get_version(new),
        kind=TextKind.AUP if request.GET.get("doc") == TextKind.AUP else TextKind.AGREEMENT,
        view=view if view in VIEWS else VIEWS[0],
        changed_only=request.GET.get("show") == "changed",
        old_sha256=request.GET.get("from", ""),
        new_sha256=request.GET.get("to", ""),
    )


def _text(version: LlamaVersion, kind: TextKind, sha256: str) -> LicenceText | None:
    return get_text(version, sha256, kind) if sha256 else current_text(version, kind)


def _label(version: LlamaVersion, text: LicenceText | None, same_version: bool) -> str:
    """How the page calls one side; two copies of one version are told apart by their digests."""
    return f"{version.name}, {text.sha256[:8]}" if same_version and text else version.name


def _clauses(old: LicenceText | None, new: LicenceText | None) -> tuple[tuple[ShownClause, ...], str]:
    """The comparison, or the sentence that says why there is none."""
    if old is None or new is None:
        return (), ""
    try:
        return shown(new, old), ""
    except (DamagedFile, UnsplittableText) as error:
        return (), str(error)


def _shown_clauses(clauses: tuple[ShownClause, ...], choice: _Choice) -> list[ShownClause]:
    clean = choice.view == "clean"
    return [
        clause if clean else replace(clause, remark=_remark(clause, choice))
        for clause in clauses
        if (clause.changed or not choice.changed_only) and not (clean and clause.kind == "removed")
    ]


def _html(
    clauses: list[ShownClause], choice: _Choice, old: LicenceText | None, new: LicenceText | None
) -> SafeString | str:
    """The clauses as HTML, kept by both texts and by what is chosen of them."""
    if old is None or new is None:
        return ""
    same = choice.old.pk == choice.new.pk
    labels = (_label(choice.old, old, same), _label(choice.new, new, same))
    return KEPT.draw(
        "licences/_clauses.html",
        *(choice.kind.value, old.sha256, new.sha256, choice.view, choice.changed_only, *labels),
        context=lambda: {"clauses": clauses, "view": choice.view, "old_label": labels[0], "new_label": labels[1]},
    )


def _remark(clause: ShownClause, choice: _Choice) -> str:
    """What happened to the clause, in a few words."""
    if clause.kind == "moved":
        words = _("moved and reworded, was %(number)s") if clause.reworded else _("moved, was %(number)s")
        return words % {"number": clause.old_number}
    if clause.renamed:
        return _("same apart from names, addresses and dates")
    return {
        "added": _("added"),
        "removed": _("removed"),
        "reworded": _("reworded"),
    }.get(clause.kind, "")


def _eu_note(old: Terms, new: Terms) -> str:
    """What the EU paragraph does under the newer version, where that is not what it did under the older one."""
    reach = [(bool(terms.eu_multimodal), terms.multimodal_models) for terms in (old, new)]
    return new.eu_note if new.eu_multimodal and reach[0] != reach[1] else ""


def _documents(choice: _Choice) -> list[dict[str, Any]]:
    labels = {TextKind.AGREEMENT: _("Agreement"), TextKind.AUP: _("Acceptable use policy")}
    return [
        {"label": label, "url": choice.url(kind=kind), "current": kind == choice.kind} for kind, label in labels.items()
    ]


def _views(choice: _Choice) -> list[dict[str, Any]]:
    labels = {"redline": _("Redline"), "split": _("Side by side"), "clean": _("Clean")}
    return [
        {"label": label, "url": choice.url(view=view), "current": view == choice.view} for view, label in labels.items()
    ]


def _newest_pair(every: list[LlamaVersion]) -> dict[str, str]:
    return {"old": every[-2].slug, "new": every[-1].slug} if len(every) > 1 else {}
