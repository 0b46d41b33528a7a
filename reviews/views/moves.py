"""One page for every move that needs a reason: ask for changes, wait, reject, withdraw, suspend, revoke."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from foundation.accounts.access import person_of
from foundation.accounts.policy import Decision, require
from reviews.access import get_review_for
from reviews.actions import moves
from reviews.errors import ReviewError
from reviews.forms import ReasonForm
from reviews.models import Review
from reviews.policies import may_decide, may_move_as_legal, may_withdraw
from reviews.states import Move, State, WrongState

EFFECTS: dict[Move, str] = {
    Move.REQUEST_CHANGES: gettext_noop(
        "The owner is told what to change, and declares again. Signatures so far do not count any more."
    ),
    Move.PARK: gettext_noop("The review waits for somebody outside. Reminders go on until it is decided."),
    Move.RESUME: gettext_noop("The review goes on where it stood."),
    Move.CLOSE_NOT_LLAMA: gettext_noop(
        "The review ends without an approval under a Llama licence. Name the terms that govern the model."
    ),
    Move.REJECT: gettext_noop(
        "Nothing may run under this review. Where it already runs, a stop duty opens. A record is made."
    ),
    Move.WITHDRAW: gettext_noop("The request is taken back. Approvals of other versions stay what they are."),
    Move.SUSPEND: gettext_noop("The gate denies until the approval is reinstated."),
    Move.REINSTATE: gettext_noop("The approval counts again, for its own scope and dates."),
    Move.REVOKE: gettext_noop("The approval ends for good and a stop duty opens."),
    Move.TERMINATE: gettext_noop(
        "Record that the licence itself ended (LICENSE 5.c or 6). A stop duty opens: delete and cease use."
    ),
}
ACTIONS: dict[Move, Callable[..., Review]] = {
    Move.REQUEST_CHANGES: moves.request_changes,
    Move.RESUME: moves.resume,
    Move.CLOSE_NOT_LLAMA: moves.close_not_llama,
    Move.REJECT: moves.reject,
    Move.WITHDRAW: moves.withdraw,
    Move.SUSPEND: moves.suspend,
    Move.REINSTATE: moves.reinstate,
    Move.REVOKE: moves.revoke,
    Move.TERMINATE: moves.terminate,
}
PLACES = (State.WAITING_FOR_META, State.WAITING_FOR_COUNSEL)


@login_required
@require_http_methods(["GET", "POST"])
def move_page(request: HttpRequest, reference: str, move: str) -> HttpResponse:
    review = get_review_for(person_of(request), reference)
    wanted = _move_named(move)
    require(_policy(request, review, wanted))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _do(request, review, wanted, form.cleaned_data["reason"])
        except (ReviewError, WrongState) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Done: %(move)s.") % {"move": wanted.label.lower()})
            return redirect("reviews:detail", reference)
    context = {
        "review": review,
        "move": wanted,
        "effect": _(EFFECTS[wanted]),
        "form": form,
        "places": PLACES if wanted == Move.PARK else (),
    }
    return render(request, "reviews/move.html", context, status=422 if form.is_bound and form.errors else 200)


def _move_named(name: str) -> Move:
    if name not in {move.value for move in EFFECTS}:
        raise Http404
    return Move(name)


def _policy(request: HttpRequest, review: Review, move: Move) -> Decision:
    person = person_of(request)
    if move == Move.WITHDRAW:
        return may_withdraw(person, review)
    if move in {Move.REQUEST_CHANGES, Move.PARK, Move.RESUME, Move.CLOSE_NOT_LLAMA}:
        return may_move_as_legal(person, review, move)
    return may_decide(person, review, move)


def _do(request: HttpRequest, review: Review, move: Move, reason: str) -> None:
    if move == Move.PARK:
        place = request.POST.get("place", "")
        if place not in set(PLACES):
            raise ReviewError(_("Choose whom the review waits for."))
        moves.park(review=review, by=person_of(request), to=State(place), reason=reason)
    else:
        ACTIONS[move](review=review, by=person_of(request), reason=reason)
