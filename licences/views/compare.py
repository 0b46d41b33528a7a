"""Two versions, two copies of a text, or the two places of one policy, against each other, clause by clause."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from foundation.files.errors import DamagedFile
from licences.access import require_text
from licences.document import appended_policy
from licences.forms.asking import PairForm
from licences.kept_html import KEPT
from licences.models import TextKind
from licences.outline import UnsplittableText
from licences.reading import VersionHere, current_digests, texts_here, versions_here
from licences.terms_now import versions_now
from licences.views.compare_choice import VIEWS, Choice, Document, Texts, labels
from licences.views.compare_content import content_of, title_of

TEMPLATE = "licences/_comparison.html"


@require_safe
@login_required
def choose_comparison(request: HttpRequest) -> HttpResponse:
    """Choose two versions; a chosen pair leads to its comparison, one version twice to a choice of its texts."""
    every = versions_here()
    form = PairForm(request.GET if "old" in request.GET else None, versions=every, initial=_newest_pair(every))
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        kind = TextKind(chosen["doc"] or TextKind.AGREEMENT)
        if chosen["old"] == chosen["new"]:
            return _choose_texts(request, next(one for one in every if one.slug == chosen["old"]), kind)
        query = urlencode({"doc": kind.value})
        return redirect(f"{reverse('licences:compare', args=[chosen['old'], chosen['new']])}?{query}")
    pairs = list(pairwise(every))[::-1]
    context = {"form": form, "pairs": pairs}
    return render(request, "licences/choose_comparison.html", context, status=422 if form.is_bound else 200)


def _choose_texts(request: HttpRequest, version: VersionHere, kind: TextKind) -> HttpResponse:
    """Choose two texts of one document of a version. The form goes straight to their comparison."""
    texts = [one for one in texts_here(version.slug) if one.kind == kind]
    context = {"version": version, "kind": kind.value, "document": kind.label, "texts": texts}
    return render(request, "licences/choose_texts.html", context)


@require_safe
@login_required
def compare(request: HttpRequest, old: str, new: str) -> HttpResponse:
    """The redline from one version to the other, with what it amounts to."""
    now = versions_now()
    every = [version for version, _terms in now]
    choice = _choice(request.GET, {one.slug: one for one in every}, old, new)
    texts = Texts.of(choice, current_digests())
    if choice.document == Document.APPENDED and not _has_appended_policy(texts):
        raise Http404
    return render(
        request,
        "licences/compare.html",
        {
            "title": title_of(choice, texts),
            "here": labels(choice, texts)[1],
            "content": _content(choice, texts, every),
            "behind": [version for version, terms in now if terms.behind and version.slug in {old, new}],
        },
    )


def _choice(query: Mapping[str, str], every: Mapping[str, VersionHere], old: str, new: str) -> Choice:
    if old not in every or new not in every:
        raise Http404
    wanted, view = query.get("doc", ""), query.get("view", "")
    document = Document(wanted) if wanted in set(Document) else Document.AGREEMENT
    if document == Document.APPENDED and old != new:
        document = Document.AUP
    certain = {"from": old, "to": new} if document != Document.APPENDED else {}
    digests = {
        name: require_text(slug, document.value, query[name]) for name, slug in certain.items() if query.get(name)
    }
    return Choice(
        old=every[old],
        new=every[new],
        document=document,
        view=view if view in VIEWS else VIEWS[0],
        changed_only=query.get("show") == "changed",
        letter=query.get("letter") == "1",
        old_sha256=digests.get("from", ""),
        new_sha256=digests.get("to", ""),
    )


def _has_appended_policy(texts: Texts) -> bool:
    """Whether the agreement's file goes on with a policy. One that cannot be read is left to the page to tell."""
    agreement = texts.new[TextKind.AGREEMENT]
    try:
        return bool(agreement and appended_policy(agreement))
    except (DamagedFile, UnsplittableText):
        return True


def _content(choice: Choice, texts: Texts, every: list[VersionHere]) -> SafeString:
    """All of the page below the crumbs, kept by everything that it follows from; what cannot be read is not kept."""
    try:
        return KEPT.draw(
            TEMPLATE, choice, texts.key, every, context=lambda: content_of(choice, texts, every, strict=True)
        )
    except (DamagedFile, UnsplittableText):
        return render_to_string(TEMPLATE, content_of(choice, texts, every, strict=False))


def _newest_pair(every: list[VersionHere]) -> dict[str, str]:
    return {"old": every[-2].slug, "new": every[-1].slug} if len(every) > 1 else {}
