"""The review page: the checks beside the text that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from deployments.policies import may_declare
from foundation.accounts.access import person_of
from foundation.accounts.models import User
from foundation.accounts.policy import require
from licences.model_names import Status
from licences.queries import named_by_rules, terms_for, version_names
from reviews.access import get_review_for
from reviews.actions.declare_facts import reexamine
from reviews.errors import ReviewError
from reviews.examined import Parts, read_parts, what_is_missing
from reviews.forms import CounselNoteForm, MessageForm
from reviews.history import NEWEST, told_of
from reviews.models import Review
from reviews.policies import (
    Known,
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
    read_known,
)
from reviews.questions import FIVE_CHECKS, citation_of, question_in_words
from reviews.reading import counsel_notes_of, put_previous, steps_of
from reviews.states import Move, State
from reviews.views.detail_html import (
    check_fields,
    condition_form_html,
    facts_html,
    findings_html,
    plain_form_html,
    scope_form_html,
)
from reviews.views.texts_beside import texts_of
from reviews.what_holds import moved_on

DECIDING = (Move.REJECT, Move.SUSPEND, Move.REINSTATE, Move.REVOKE, Move.TERMINATE)
REASONS = dict(Review._meta.get_field("reason").flatchoices)
ANSWER_STATES = {
    "met": "done",
    "not_applicable": "done",
    "met_with_conditions": "cond",
    "position_taken": "cond",
    "not_met": "bad",
}


class CheckHead(NamedTuple):
    """What a closed card says of its check."""

    number: int
    title: str
    citation: str
    state: str
    open: bool
    answer: str
    answer_in_words: str


class Bar(NamedTuple):
    """What the bar at the foot of the page says of the five checks."""

    answered: int
    states: tuple[str, ...]
    open: tuple[int, ...]


@login_required
@require_GET
def review_page(request: HttpRequest, reference: str) -> HttpResponse:
    review = get_review_for(person_of(request), reference)
    return render(request, "reviews/detail.html", _context(request, review, {}))


def review_context(request: HttpRequest, review: Review, **forms: BaseForm) -> dict[str, Any]:
    """Everything on the review page; a view that refuses a form passes it in, so that nothing typed is lost."""
    return _context(request, get_review_for(person_of(request), review.reference), forms)


def _context(request: HttpRequest, review: Review, forms: Mapping[str, BaseForm]) -> dict[str, Any]:
    person = person_of(request)
    put_previous(review)
    parts, steps = read_parts(review), steps_of(review)
    known = read_known(person, review, steps)
    may = {
        "may_answer": may_answer(person, review, known),
        "may_scope": may_set_scope(person, review, known),
        "may_write": may_write(person, review),
        "may_declare": may_declare(person, review.product),
        "may_see_record": review.decided_at is not None and may_see_record(person, review),
        "legal": is_legal(person, review.product),
    }
    checks = _checks(request, review, parts, forms, may_answer=bool(may["may_answer"]))
    everything = request.GET.get("activity") == "all"
    events = told_of(review, everything=everything)
    return {
        **may,
        **_forms(review, parts, forms, may),
        "review": review,
        "state_in_words": State(review.state).label,
        "reason_in_words": REASONS[review.reason],
        "product": review.product,
        "parts": parts,
        "entities": sorted(parts.entities, key=lambda entity: entity.name),
        "checks": checks,
        "bar": Bar(
            answered=sum(1 for answer in parts.answers.values() if answer),
            states=tuple(check["state"] for check in checks),
            open=tuple(check["number"] for check in checks if check["open"]),
        ),
        "moved_on": moved_on(review),
        "named_otherwise": _named_otherwise(review) if review.is_open else "",
        "facts_html": facts_html(review.declaration) if review.declaration else "",
        "texts": texts_of(review, request.GET, {check.number: check.answer for check in parts.checks}),
        "missing": what_is_missing(parts) if review.is_open else [],
        "steps": [{"step": step, "may_sign": may_sign(person, step, review, known)} for step in known.steps],
        "earlier_sign_offs": sorted(
            (step for step in steps if step.signed and step.round != review.round), key=lambda step: step.signed_at
        ),
        "moves": _moves(person, review, known),
        "counsel_notes": counsel_notes_of(review) if may_see_counsel_notes(person, review) else None,
        "timeline": events[: None if everything else NEWEST],
        "more_events": not everything and len(events) > NEWEST,
    }


def _named_otherwise(review: Review) -> str:
    """The version that the model's name plainly points to, where the review is about another one."""
    said = named_by_rules(review.sheet.raw_model_id)
    if said.status != Status.RESOLVED or review.version.slug in said.versions:
        return ""
    return version_names().get(said.versions[0], said.versions[0])


def _checks(
    request: HttpRequest, review: Review, parts: Parts, forms: Mapping[str, BaseForm], *, may_answer: bool
) -> list[dict[str, Any]]:
    """The five checks with their question, findings, answer and form. The first open one is open on the page."""
    terms = terms_for(review.version)
    entity = review.licensee.name if review.licensee else _("the licensee")
    rows = {row.number: row for row in parts.checks}
    shown_number = _int(request.GET.get("check"))
    cards = []
    first_open = next((n for n in range(1, 6) if n not in rows or not rows[n].answer), None)
    for check in FIVE_CHECKS:
        row = rows.get(check.number)
        form = forms.get(f"check_form_{check.number}")
        state = ANSWER_STATES.get(row.answer, "todo") if row else "todo"
        is_open = check.number == (shown_number or first_open) or form is not None
        head = CheckHead(
            check.number,
            _(check.title),
            citation_of(check, terms),
            "now" if is_open and may_answer else state,
            is_open,
            row.answer if row else "",
            row.answer_in_words if row else "",
        )
        cards.append(
            {
                "number": check.number,
                "head": head,
                "question": question_in_words(
                    check, entity=entity, month=terms.mau_month, threshold=terms.mau_threshold
                ),
                "findings_html": findings_html(review, parts.findings, check.number),
                "row": row,
                "state": state,
                "open": is_open,
                "fields": check_fields(check.number, row, form) if row and may_answer else None,
                "refused": form is not None,
            }
        )
    return cards


def _forms(
    review: Review, parts: Parts, forms: Mapping[str, BaseForm], may: Mapping[str, Any]
) -> dict[str, SafeString | bool | None]:
    """The forms that this person may use, as HTML, and which were refused: those stand open."""
    scope, condition = forms.get("scope_form"), forms.get("condition_form")
    message, note = forms.get("message_form"), forms.get("counsel_note_form")
    return {
        "scope_refused": scope is not None,
        "scope_form_html": scope_form_html(review, parts.deployments, scope) if may["may_scope"] else None,
        "condition_refused": condition is not None,
        "condition_form_html": condition_form_html(review, condition) if may["may_scope"] else None,
        "message_refused": message is not None,
        "message_form_html": plain_form_html(MessageForm, message) if may["may_write"] else None,
        "counsel_note_form_html": plain_form_html(CounselNoteForm, note) if may["legal"] else None,
    }


def _moves(person: User, review: Review, known: Known) -> list[dict[str, str]]:
    found = [
        move
        for move in (Move.REQUEST_CHANGES, Move.PARK, Move.RESUME, Move.CLOSE_NOT_LLAMA)
        if may_move_as_legal(person, review, move, known)
    ]
    found += [move for move in DECIDING if may_decide(person, review, move, known)]
    found += [Move.WITHDRAW] if may_withdraw(person, review) else []
    return [
        {"label": move.label, "url": reverse("reviews:move", args=[review.reference, move.value])} for move in found
    ]


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
