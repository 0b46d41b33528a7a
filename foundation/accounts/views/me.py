"""One's own account, and the page that proves presence with a code or a passkey."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation.accounts import access, actions, proving
from foundation.accounts.errors import AccountError, ProofRefused
from foundation.accounts.forms import MyDetailsForm
from foundation.accounts.models import User
from foundation.accounts.queries import memberships_of

SHORTEST_DIGEST, LONGEST_DIGEST = 16, 128


@require_http_methods(["GET", "POST"])
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """One's own details, roles and ways to sign in."""
    person = access.person_of(request)
    form = MyDetailsForm(request.POST or None, initial=_details(person))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_own_details(person=person, **form.cleaned_data)
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:me")
    context = {
        "form": form,
        "memberships": memberships_of(person),
        "has_password": person.has_usable_password(),
        "has_factor": _can_prove(person),
    }
    return render(request, "accounts/me.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def prove(request: HttpRequest) -> HttpResponse:
    """Make a proof for one statement from a check that the sign-in library has just made, then go back."""
    statement = request.GET.get("statement", "")
    if not (SHORTEST_DIGEST <= len(statement) <= LONGEST_DIGEST and statement.isascii() and statement.isalnum()):
        return HttpResponseBadRequest(_("This address lacks the digest of what is signed. Go back and try again."))
    person, next_page = access.person_of(request), proving.safe_next(request)
    proving.note_asked(request, statement)
    check = proving.fresh_check(request, statement)
    if request.method == "POST" and check is not None:
        method, at = check
        try:
            actions.make_proof(
                person=person, session_key=request.session.session_key, statement_digest=statement, method=method
            )
        except ProofRefused as error:
            messages.error(request, str(error))
        else:
            proving.note_used(request, statement, at)
        return redirect(next_page)
    back = urlencode({"next": request.get_full_path()})
    context = {
        "check": check,
        "statement_digest": statement,
        "next_page": next_page,
        "code_url": f"{reverse('mfa_reauthenticate')}?{back}" if _has(person, Authenticator.Type.TOTP) else "",
        "passkey_url": f"{reverse('mfa_reauthenticate_webauthn')}?{back}"
        if _has(person, Authenticator.Type.WEBAUTHN)
        else "",
    }
    return render(request, "accounts/prove.html", context)


def _details(person: User) -> dict[str, str]:
    return {"name": person.name, "job_title": person.job_title, "time_zone": person.time_zone}


def _has(person: User, kind: str) -> bool:
    return bool(is_mfa_enabled(person, types=[kind]))


def _can_prove(person: User) -> bool:
    return bool(is_mfa_enabled(person, types=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))
