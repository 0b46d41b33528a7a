"""All versions, side by side."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.accounts.access import person_of
from licences import side_by_side
from licences.models import LicenceText, LlamaVersion, TextKind
from licences.policies import may_decide_texts
from licences.queries import current_texts, open_drafts, terms_for, versions, waiting_texts
from licences.terms_now import beside_current


@require_safe
@login_required
def version_list(request: HttpRequest) -> HttpResponse:
    """Every version, newest first, with the facts by which they differ."""
    texts = current_texts()
    waiting = waiting_texts()
    every = versions()
    rows = [
        _row(version, [one for kind in TextKind if (one := texts.get((version.pk, kind)))], waiting.get(version.pk, 0))
        for version in reversed(every)
    ]
    context = {
        "rows": rows,
        "missing": sum(row["texts"] < 2 for row in rows),
        "pairs": list(pairwise(every))[::-1],
        "drafts": open_drafts(),
        "may_decide": bool(may_decide_texts(person_of(request))),
    }
    return render(request, "licences/version_list.html", context)


def _row(version: LlamaVersion, texts: list[LicenceText], waiting: int) -> dict[str, Any]:
    terms = beside_current(terms_for(version), texts)
    return {
        "version": version,
        "sizes": ", ".join(terms.sizes),
        "released": side_by_side.released(terms),
        "users_test": side_by_side.users_test(terms),
        "display": side_by_side.display(terms),
        "name_prefix": side_by_side.name_prefix(terms),
        "improvement_ban": side_by_side.improvement_ban(terms),
        "eu_paragraph": side_by_side.eu_paragraph(terms),
        "texts": len(texts),
        "waiting": waiting,
    }
