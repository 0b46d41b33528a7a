"""Who gets to which page of accounts, and to which row."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse

from foundation.accounts.models import MachineToken, Membership, User
from foundation.accounts.policies import may_administer
from foundation.accounts.policy import require
from foundation.accounts.queries import people_list, token_list

P = ParamSpec("P")
Row = TypeVar("Row", bound=Model)


def person_of(request: HttpRequest) -> User:
    """The signed-in person behind a request that requires one."""
    if not isinstance(request.user, User):
        raise TypeError("This page must require a sign-in.")
    return request.user


def administrators_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Ask for a sign-in, then answer 403 with the reason to all but administrators, before any row is looked for."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        require(may_administer(request.user))
        return view(request, *args, **kwargs)

    return login_required(checked)


def get_person(reference: str) -> User:
    """The person with this reference, with memberships; 404 when there is none."""
    try:
        return people_list().get(pk=User.key_of(reference))
    except User.DoesNotExist as error:
        raise Http404 from error


def get_membership(person: User, key: int) -> Membership:
    """One of this person's memberships; 404 when it is somebody else's."""
    membership = Membership.objects.select_related("person", "team").filter(person=person, pk=key).first()
    return _or_404(membership)


def get_token(code: UUID) -> MachineToken:
    """The machine token with this code; 404 when there is none."""
    return _or_404(token_list().filter(code=code).first())


def _or_404(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
