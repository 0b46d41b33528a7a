"""Machine tokens, for administrators. A new token is shown once, in the answer to the form that asked for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.accounts import access, actions
from foundation.accounts.errors import AccountError, TokenShownAlready
from foundation.accounts.forms import TokenForm, last_day
from foundation.accounts.models import MachineToken
from foundation.accounts.queries import token_list
from foundation.accounts.scopes import Scope

TOKENS_PER_PAGE = 50


@require_GET
@access.administrators_only
def tokens(request: HttpRequest) -> HttpResponse:
    """Every token, those that ended too."""
    page = Paginator(token_list(), TOKENS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"token": token, "state": _state(token), "scopes": _scopes(token)} for token in page.object_list]
    return render(request, "accounts/tokens.html", {"page": page, "rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
@access.administrators_only
def issue(request: HttpRequest) -> HttpResponse:
    """Issue a token, and show it this once: it is neither in the session nor behind an address.

    Loading the answer again sends the same form, which makes no second token.
    """
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            issued = actions.issue_token(
                by=access.person_of(request),
                code=wanted["code"],
                name=wanted["name"],
                scopes=wanted["scopes"],
                team=wanted["team"],
                expires_at=last_day(wanted["last_day"]) or timezone.now(),
            )
        except TokenShownAlready as shown:
            messages.warning(request, str(shown))
            return redirect("accounts:tokens")
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            return render(request, "accounts/token_issued.html", {"token": issued.token, "clear": issued.clear})
    return render(request, "accounts/issue_token.html", {"form": form})


@require_POST
@access.administrators_only
def revoke(request: HttpRequest, code: UUID) -> HttpResponse:
    """End a token at once."""
    token = access.get_token(code)
    try:
        actions.revoke_token(by=access.person_of(request), token=token)
    except AccountError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The token is revoked. Whoever shows it is refused from now on."))
    return redirect("accounts:tokens")


def _state(token: MachineToken) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "active" if token.is_usable(timezone.now()) else "expired"


def _scopes(token: MachineToken) -> list[str]:
    known = dict(Scope.choices)
    return [str(known.get(scope, scope)) for scope in token.scopes]
