"""Teams, for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.accounts import access, actions
from foundation.accounts.errors import AccountError
from foundation.accounts.forms import TeamForm
from foundation.accounts.queries import team_list


@require_http_methods(["GET", "POST"])
@access.administrators_only
def teams(request: HttpRequest) -> HttpResponse:
    """Every team, and a form for another one."""
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_team(by=access.person_of(request), **form.cleaned_data)
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The team is made."))
            return redirect("accounts:teams")
    return render(request, "accounts/teams.html", {"form": form, "teams": team_list()})
