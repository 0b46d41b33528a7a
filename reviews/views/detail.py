"""The review page: the checks beside the text that they are about."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from deployments.policies import may_declare
from foundation.accounts.access import person_of
from foundation.accounts.policy import require
from foundation.audit.queries import events_for
from licences.document import ShownClause, shown, with_checks
from licences.models import LicenceText
from licences.queries import terms_for
from reviews.access import get_review_for
from reviews.actions.declare_facts import reexamine
from reviews.errors import ReviewError
from reviews.examined import attribution_duties, findings_of, what_is_missing
from reviews.fact_words import facts_in_words
from reviews.forms import CheckForm, ConditionForm, CounselNoteForm, MessageForm, ScopeForm, SightingForm
from reviews.history import timeline
from reviews.models import Check, Review
from reviews.policies import (
    is_legal,
    may_answer,
    may_decide,
    may_move_as_legal,
    may_see_counsel_notes,
    may_see_record,
    may_set_scope,
    may_sign,
    may_withdraw,
    may_write,
)
from reviews.queries import review_detail
from reviews.questions import FIVE_CHECKS, question_in_words
from reviews.states import Move
from reviews.what_holds import moved_on

DECIDING = (Move.REJECT, Move.SUSPEND, Move.REINSTATE, Move.REVOKE, Move.TERMINATE)
ANSWER_STATES = {
    "met": "done",
    "not_applicable": "done",
    "met_with_conditions": "cond",
    "position_taken": "cond",
    "not_met": "bad",
}


@login_required
@require_GET
def review_page(request: HttpRequest, reference: str) -> HttpResponse:
    review = get_review_for(person_of(request), reference)
    return render(request, "reviews/detail.html", review_context(request, review))


def review_context(request: HttpRequest, review: Review, **forms: Any) -> dict[str, Any]:
    """Everything on the review page; a view that refuses a form passes it in, so that nothing typed is lost."""
    review = review_detail(review)
    person = person_of(request)
    findings = findings_of(review)
    checks = _checks(request, review, findings, forms)
    legal = is_legal(person, review.product)
    may_scope = may_set_scope(person, review)
    answered = sum(1 for check in checks if check["row"] and check["row"].answer)
    return {
        "review": review,
        "product": review.product,
        "legal": legal,
        "findings": findings,
        "checks": checks,
        "answered": answered,
        "moved_on": moved_on(review),
        "facts": facts_in_words(review.declaration) if review.declaration else [],
        "texts": _texts(request, review, checks),
        "duties": attribution_duties(review),
        "missing": what_is_missing(review) if review.is_open else [],
        "steps": _steps(request, review),
        "earlier_sign_offs": [
            one for one in review.sign_offs.select_related("step").all() if one.round != review.round
        ],
        "may_answer": may_answer(person, review),
        "may_declare": may_declare(person, review.product),
        "may_see_record": review.decided_at is not None and may_see_record(person, review),
        "may_scope": may_scope,
        "may_write": may_write(person, review),
        "moves": _moves(request, review),
        "scope_form": forms.get("scope_form") or ScopeForm(review=review, initial=_scope_initial(review)),
        "condition_form": forms.get("condition_form") or ConditionForm(),
        "message_form": forms.get("message_form") or MessageForm(),
        "sighting_form": forms.get("sighting_form") or SightingForm(initial={"observed_on": timezone.localdate()}),
        "counsel_notes": review.counsel_notes.select_related("author")
        if may_see_counsel_notes(person, review)
        else None,
        "counsel_note_form": forms.get("counsel_note_form") or CounselNoteForm(),
        "timeline": timeline(review, events_for(review.reference).order_by("-seq")[:60]),
    }


def _checks(
    request: HttpRequest, review: Review, findings: list[dict[str, Any]], forms: dict[str, Any]
) -> list[dict[str, Any]]:
    """The five checks with their question, findings, answer and form. The first open one is open on the page."""
    terms = terms_for(review.version)
    entity = review.licensee.name if review.licensee else _("the licensee")
    rows: dict[int, Check] = {row.number: row for row in review.checks.all()}
    shown_number = _int(request.GET.get("check"))
    cards = []
    first_open = next((n for n in range(1, 6) if n not in rows or not rows[n].answer), None)
    for check in FIVE_CHECKS:
        row = rows.get(check.number)
        about = [finding for finding in findings if finding["check"] == check.number]
        position = getattr(row, "position", None) if row else None
        cards.append(
            {
                "number": check.number,
                "title": _(check.title),
                "citation": check.citation,
                "question": question_in_words(
                    check, entity=entity, month=terms.mau_month, threshold=terms.mau_threshold
                ),
                "findings": [finding for finding in about if finding["status"] != "not_applicable"],
                "idle_findings": [finding for finding in about if finding["status"] == "not_applicable"],
                "row": row,
                "position": position,
                "state": ANSWER_STATES.get(row.answer, "todo") if row else "todo",
                "open": check.number == (shown_number or first_open) or f"check_form_{check.number}" in forms,
                "form": forms.get(f"check_form_{check.number}")
                or CheckForm(
                    prefix=f"check{check.number}",
                    initial={
                        "answer": row.answer if row else "",
                        "reasoning": row.reasoning if row else "",
                        "reading": position.reading if position else "",
                        "residual_risk": position.residual_risk if position else "",
                    },
                ),
                "clauses": check.clauses,
            }
        )
    return cards


def _texts(request: HttpRequest, review: Review, checks: list[dict[str, Any]]) -> dict[str, Any]:
    """The document on the right: agreement or AUP; as redline against the version approved last, or side by side."""
    kind = "aup" if request.GET.get("doc") == "aup" else "agreement"
    text: LicenceText | None = review.aup if kind == "aup" else review.agreement
    before = review.previous
    against = (before.aup if kind == "aup" else before.agreement) if before else None
    view = request.GET.get("view", "redline" if against else "clean")
    view = view if view in {"redline", "split", "clean"} and against else "clean"
    base = reverse("reviews:detail", args=[review.reference])
    clauses = shown(text, against if view != "clean" else None) if text else ()
    compared = shown(text, against) if text and against else ()
    return {
        "kind": kind,
        "text": text,
        "against": against,
        "before": before,
        "view": view,
        "clauses": with_checks(clauses, _marks(clauses, checks)),
        "changed": [clause for clause in compared if clause.changed],
        "documents": [
            {
                "label": _("Agreement"),
                "url": f"{base}?doc=agreement&view={view}#licence",
                "current": kind == "agreement",
            },
            {
                "label": _("Acceptable use policy"),
                "url": f"{base}?doc=aup&view={view}#licence",
                "current": kind == "aup",
            },
        ],
        "views": [
            {"label": label, "url": f"{base}?doc={kind}&view={name}#licence", "current": view == name}
            for name, label in (("redline", _("Redline")), ("split", _("Side by side")), ("clean", _("Clean")))
        ]
        if against
        else [],
    }


def _marks(clauses: tuple[ShownClause, ...], checks: list[dict[str, Any]]) -> dict[str, tuple[dict[str, Any], ...]]:
    """Which checks each clause belongs to."""
    marks: dict[str, tuple[dict[str, Any], ...]] = {}
    for clause in clauses:
        about = [check for check in checks if any(_is_under(clause.id, prefix) for prefix in check["clauses"])]
        marks[clause.id] = tuple(
            {
                "label": _("Check %(n)s") % {"n": check["number"]},
                "status": check["row"].answer if check["row"] and check["row"].answer else "not_answered",
                "url": f"#check-{check['number']}",
            }
            for check in about
        )
    return marks


def _is_under(clause_id: str, prefix: str) -> bool:
    return clause_id == prefix or clause_id.startswith(f"{prefix}.")


def _steps(request: HttpRequest, review: Review) -> list[dict[str, Any]]:
    rows = [step for step in review.steps.all() if step.round == review.round]
    return [
        {
            "step": step,
            "sign_off": getattr(step, "sign_off", None),
            "may_sign": may_sign(person_of(request), step, review),
        }
        for step in rows
    ]


def _moves(request: HttpRequest, review: Review) -> list[dict[str, str]]:
    person = person_of(request)
    found = [
        move
        for move in (Move.REQUEST_CHANGES, Move.PARK, Move.RESUME, Move.CLOSE_NOT_LLAMA)
        if may_move_as_legal(person, review, move)
    ]
    found += [move for move in DECIDING if may_decide(person, review, move)]
    found += [Move.WITHDRAW] if may_withdraw(person, review) else []
    return [
        {"label": move.label, "url": reverse("reviews:move", args=[review.reference, move.value])} for move in found
    ]


def _scope_initial(review: Review) -> dict[str, Any]:
    return {
        "deployments": [one.pk for one in review.scope_deployments.all()],
        "use": review.scope_use,
        "countries": review.scope_countries,
        "valid_from": review.valid_from,
        "valid_until": review.valid_until,
    }


def _int(value: str | None) -> int | None:
    return int(value) if value and value.isdigit() and len(value) < 4 else None


@login_required
@require_POST
def take_facts_again(request: HttpRequest, reference: str) -> HttpResponse:
    """Legal takes the facts and texts as they are now; answers stay, signatures of this round do not count."""
    review = get_review_for(person_of(request), reference)
    require(may_move_as_legal(person_of(request), review, Move.REQUEST_CHANGES))
    try:
        reexamine(review=review, by=person_of(request), why="taken again by legal")
    except ReviewError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("The review now rests on the facts and texts as they are today. Check the answers, then sign.")
        )
    return redirect("reviews:detail", reference)
