"""Add a Llama version in the browser: two texts, every part confirmed, and a second person who publishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.accounts.access import person_of
from foundation.accounts.policy import Refused, require
from licences.actions import draft_version as act
from licences.catalogue_doubts import Doubt
from licences.document import ShownClause
from licences.draft_texts import clauses_cited, file_of, redline_of
from licences.drafts import (
    MODELS,
    Part,
    carry_over_as_they_are,
    comparison_of,
    doubts_of,
    items_gone,
    open_questions,
    parts_of,
    problems_of,
    to_account_for,
)
from licences.errors import LicenceError
from licences.forms.drafts import DutyForm, ItemForm, KindForm, ModelsForm, StartDraftForm
from licences.models import TextKind, VersionDraft
from licences.obligation_kinds import OBLIGATION_KINDS
from licences.policies import may_decide_texts, may_publish
from licences.queries import versions
from licences.words import OBLIGATION_TITLES, parameter_in_words


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Upload the two texts of a version that is not here yet."""
    require(may_decide_texts(person_of(request)))
    every, sent = versions(), request.method == "POST"
    form = StartDraftForm(request.POST if sent else None, request.FILES if sent else None, versions=every)
    if sent and form.is_valid():
        entered = form.cleaned_data
        try:
            draft = act.start_draft(
                based_on=next(one for one in every if one.slug == entered["based_on"]),
                name=entered["name"].strip(),
                title=entered["title"].strip(),
                released_on=entered["released_on"],
                date_kind=entered["date_kind"],
                agreement=entered["agreement"],
                aup=entered["aup"],
                sources=form.sources,
                by=person_of(request),
            )
        except LicenceError as error:
            form.add_error(error.field or None, str(error))
        else:
            return redirect("licences:draft", draft.code)
    if sent:
        form.ask_for_files_again()
    return render(request, "licences/draft_start.html", {"form": form}, status=422 if sent else 200)


@require_safe
@login_required
def draft(request: HttpRequest, code: UUID) -> HttpResponse:
    """What is decided and what is not, beside the redline of both texts."""
    row = _get(request, code)
    person = person_of(request)
    publish = may_publish(person, row)
    parts = parts_of(row)
    left, doubts = open_questions(row), doubts_of(row)
    shown = [_shown(row, one, doubts) for one in parts]
    context = {
        "draft": row,
        "doubts": doubts,
        "models": [one for one in shown if one["key"] == MODELS],
        "duties": [one for one in shown if one["key"] != MODELS and not one["key"].startswith("item:")],
        "items": [one for one in shown if one["key"].startswith("item:")],
        "items_gone": items_gone(row),
        "clauses": [_clause(row, one) for one in to_account_for(row)],
        "left": len(left),
        "same": carry_over_as_they_are(row),
        "documents": [_document(row, kind) for kind in TextKind],
        "may_publish": bool(publish),
        "why_not": publish.reason if isinstance(publish, Refused) else "",
    }
    return render(request, "licences/draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def part(request: HttpRequest, code: UUID) -> HttpResponse:
    """Change one part (?key=), or add one (?kind=)."""
    row = _get(request, code)
    key, kind = request.GET.get("key", ""), request.GET.get("kind", "")
    found = next((one for one in parts_of(row) if one.key == key), None)
    if (found is None) == (kind not in {"item", *OBLIGATION_KINDS}):
        raise Http404
    form = _part_form(request, row, found, kind)
    if request.method == "POST" and form.is_valid():
        values = form.values if isinstance(form, DutyForm | ModelsForm) else dict(form.cleaned_data)
        try:
            if found is None:
                act.add_part(draft=row, values=values, by=person_of(request))
            else:
                act.edit_part(draft=row, part=found.key, values=values, by=person_of(request))
        except LicenceError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("Saved in the draft."))
            return redirect("licences:draft", row.code)
    context = {
        "draft": row,
        "form": form,
        "title": _title(found, kind),
        "doubts": [one.text for one in doubts_of(row) if found is not None and one.part == found.key],
        "clauses": _beside(row, found, request.GET.get("clause", "")),
    }
    return render(request, "licences/draft_part.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@login_required
def decide(request: HttpRequest, code: UUID, what: str) -> HttpResponse:
    """The acts that need no form of their own."""
    row, person = _get(request, code), person_of(request)
    part_key = request.POST.get("part", "")
    acts: dict[str, Callable[[], object]] = {
        "confirm": lambda: act.confirm_parts(draft=row, parts=request.POST.getlist("part"), by=person),
        "leave-out": lambda: act.leave_out(draft=row, part=part_key, by=person),
        "account": lambda: act.account_for(draft=row, clause=part_key, by=person),
        "submit": lambda: act.submit_draft(draft=row, by=person),
        "publish": lambda: act.publish_draft(draft=row, by=person),
        "send-back": lambda: act.send_back(draft=row, by=person),
        "drop": lambda: act.drop_draft(draft=row, by=person),
    }
    if what not in acts:
        raise Http404
    try:
        acts[what]()
    except LicenceError as error:
        messages.error(request, str(error))
        return redirect("licences:draft", row.code)
    if what == "publish":
        messages.success(request, _("%(name)s is published. New reviews may rely on it.") % {"name": row.name})
        return redirect("licences:version", row.slug)
    return redirect(f"{reverse('licences:draft', args=[row.code])}#{_place(what)}")


def _place(what: str) -> str:
    return {"account": "clauses", "confirm": "duties", "leave-out": "duties"}.get(what, "main")


def _get(request: HttpRequest, code: UUID) -> VersionDraft:
    """The draft with this code; 403 for who may not decide on texts, 404 when there is none."""
    require(may_decide_texts(person_of(request)))
    row = VersionDraft.objects.select_related("based_on", "started_by", "published_by").filter(code=code).first()
    if row is None:
        raise Http404
    return row


def _shown(draft: VersionDraft, one: Part, doubts: Sequence[Doubt]) -> dict[str, Any]:
    row = one.row
    again = [doubt.text for doubt in doubts if doubt.part == one.key]
    if one.key == MODELS:
        words = {
            "sizes": ", ".join(row["sizes"]) or _("none named"),
            "models": ", ".join(row["multimodal"]) or _("none named"),
        }
        otherwise = {
            "yes": _("A model that no part of its id tells apart is taken for multimodal."),
            "no": _("A model that no part of its id tells apart is taken for a text model."),
        }
        return {
            "key": MODELS,
            "title": _title_of(one),
            "parameters": [
                _("Sizes: %(sizes)s") % words,
                _("Multimodal: %(models)s") % words,
                otherwise.get(row["otherwise"], _("Of other models it is not known whether they are multimodal.")),
            ],
            "decided": one.decided,
            "doubts": again,
        }
    problems = [] if one.lost else [problem.text for problem in problems_of(draft, row)]
    return {
        "key": one.key,
        "title": _title_of(one),
        "doubts": again,
        "problems": problems,
        "summary": row.get("summary", ""),
        "parameters": _in_words(row.get("parameters", {})),
        "clauses": () if one.lost else one.clauses,
        "lost": one.lost,
        "fate": one.carried.fate if one.carried else "",
        "may_carry": not one.lost and not problems,
        "may_leave_out": "kind" not in row or not OBLIGATION_KINDS[row["kind"]].required,
        "changed": one.carried.changed if one.carried else (),
        "decided": one.decided,
    }


def _title_of(one: Part) -> str:
    if one.key == MODELS:
        return _("Which models it has")
    kind = one.row.get("kind", "")
    return str(one.row.get("subject") or OBLIGATION_TITLES.get(kind, kind))


def _in_words(parameters: Mapping[str, str]) -> list[str]:
    """The values that the rules read, as the duty sheets say them; what no sheet says stands as it was entered."""
    said = []
    for name, value in parameters.items():
        try:
            words = parameter_in_words(name, value) if value else None
        except ValueError:  # being prepared: a month may not be one yet
            words = None
        if words or (value and name == "guidelines"):
            said.append(words or value)
    return said


def _clause(row: VersionDraft, citation: str) -> dict[str, Any]:
    document, _blank, clause_id = citation.partition(" ")
    pairs = comparison_of(row).pairs[document]
    pair = next(one for one in pairs if one.new is not None and one.new.id == clause_id)
    return {"citation": citation, "spans": pair.spans, "added": pair.old is None}


def _document(row: VersionDraft, kind: TextKind) -> dict[str, Any]:
    return {
        "title": _("Redline of the agreement") if kind == TextKind.AGREEMENT else _("Redline of the policy"),
        "clauses": redline_of(row, kind),
        "sha256": file_of(row, kind),
    }


def _beside(row: VersionDraft, found: Part | None, clause: str) -> list[ShownClause]:
    """The clauses that a part is about, beside its form: of one that is added, the clause that led to it."""
    if found is None:
        return clauses_cited(row, [clause] if clause else [])
    return clauses_cited(row, () if found.lost else found.clauses, found.carried.gone if found.carried else ())


def _part_form(request: HttpRequest, row: VersionDraft, found: Part | None, kind: str) -> forms.Form:
    data = request.POST if request.method == "POST" else None
    clause = request.GET.get("clause", "")[:60]
    if found is None and kind == "item":
        number = {"id": clause.removeprefix("AUP ")} if clause.startswith("AUP ") else None
        return ItemForm(data, draft=row, initial=number)
    if found is None:
        return DutyForm(data, kind=kind, draft=row, initial={"clauses": clause})
    if found.key == MODELS:
        return ModelsForm(data) if data is not None else ModelsForm.of(found.row)
    if found.key.startswith("item:"):
        return ItemForm(data, draft=row, initial=dict(found.row))
    return DutyForm(data, kind=found.row["kind"], draft=row) if data is not None else DutyForm.of(found.row, row)


def _title(found: Part | None, kind: str) -> str:
    if found is not None:
        return _("Change: %(what)s") % {"what": _title_of(found)}
    return _("Add: %(what)s") % {"what": OBLIGATION_TITLES.get(kind, _("an item of the policy"))}


@require_http_methods(["GET", "HEAD"])
@login_required
def choose_kind(request: HttpRequest, code: UUID) -> HttpResponse:
    """Which kind of duty is added; leads to its form."""
    row = _get(request, code)
    form = KindForm(request.GET if "kind" in request.GET else None)
    if form.is_bound and form.is_valid():
        chosen = {"kind": form.cleaned_data["kind"]}
        if clause := request.GET.get("clause", ""):
            chosen["clause"] = clause
        return redirect(f"{reverse('licences:draft-part', args=[row.code])}?{urlencode(chosen)}")
    return render(
        request, "licences/draft_kind.html", {"draft": row, "form": form}, status=422 if form.is_bound else 200
    )
