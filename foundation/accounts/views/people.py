"""People and their roles, for administrators."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.accounts import access, actions
from foundation.accounts.company_day import company_day
from foundation.accounts.errors import AccountError
from foundation.accounts.forms import AccessForm, GrantRoleForm, InviteForm, last_day
from foundation.accounts.models import Membership, User
from foundation.accounts.queries import people_list

PEOPLE_PER_PAGE = 50


@require_GET
@access.administrators_only
def people(request: HttpRequest) -> HttpResponse:
    """Everyone, with the roles that they hold today."""
    now = timezone.now()
    page = Paginator(people_list(), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"person": person, "roles": _holding(person), "access": person.may_sign_in(now)} for person in page.object_list
    ]
    return render(request, "accounts/people.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
@access.administrators_only
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        details = dict(form.cleaned_data)
        details["expires_at"] = last_day(details.pop("last_day"))
        try:
            person = actions.invite_person(by=access.person_of(request), **details)
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Invited. They receive a link to choose a password. Give them a role now."))
            return redirect("accounts:person", person.reference)
    return render(request, "accounts/invite_person.html", {"form": form})


@require_GET
@access.administrators_only
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """One person: details, roles past and present, access."""
    return _person_page(request, access.get_person(reference), GrantRoleForm(), AccessForm())


@require_POST
@access.administrators_only
def grant_role(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the person a role."""
    found = access.get_person(reference)
    form = GrantRoleForm(request.POST)
    if form.is_valid():
        try:
            actions.grant_role(by=access.person_of(request), person=found, **form.cleaned_data)
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The role is granted."))
            return redirect("accounts:person", found.reference)
    return _person_page(request, found, form, AccessForm())


@require_POST
@access.administrators_only
def end_role(request: HttpRequest, reference: str, membership: int) -> HttpResponse:
    """End one of the person's roles from today on."""
    found = access.get_person(reference)
    row = access.get_membership(found, membership)
    return _do(request, found, _("The role has ended."), lambda by: actions.end_role(by=by, membership=row))


@require_POST
@access.administrators_only
def deactivate(request: HttpRequest, reference: str) -> HttpResponse:
    """End the person's access."""
    found = access.get_person(reference)
    return _do(request, found, _("Access has ended."), lambda by: actions.deactivate_person(by=by, person=found))


@require_POST
@access.administrators_only
def reactivate(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the person access again."""
    found = access.get_person(reference)
    form = AccessForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, GrantRoleForm(), form)
    last = last_day(form.cleaned_data["last_day"])
    return _do(
        request,
        found,
        _("Access is restored."),
        lambda by: actions.reactivate_person(by=by, person=found, expires_at=last),
    )


@require_POST
@access.administrators_only
def send_invitation(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the link to choose a password again."""
    found = access.get_person(reference)
    return _do(
        request, found, _("A link is on its way."), lambda by: actions.send_invitation_again(by=by, person=found)
    )


def _do(request: HttpRequest, found: User, done: str, act: Callable[[User], object]) -> HttpResponse:
    """Act for the person who asked, then go back with a sentence about how it went."""
    try:
        act(access.person_of(request))
    except AccountError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("accounts:person", found.reference)


def _holding(person: User) -> list[Membership]:
    """The roles held today, from the memberships that were read with the list."""
    today = company_day(timezone.now())
    return [membership for membership in person.memberships.all() if membership.holds_on(today)]


def _person_page(request: HttpRequest, found: User, form: GrantRoleForm, access_form: AccessForm) -> HttpResponse:
    today = company_day(timezone.now())
    memberships = [
        {
            "membership": row,
            "status": "active" if row.holds_on(today) else ("planned" if row.starts_on > today else "ended"),
            "can_end": row.ends_on is None or row.ends_on > today,
        }
        for row in found.memberships.all()
    ]
    context = {
        "person": found,
        "memberships": memberships,
        "form": form,
        "access_form": access_form,
        "has_access": found.may_sign_in(timezone.now()),
        "is_self": found.pk == access.person_of(request).pk,
    }
    return render(request, "accounts/person.html", context)
