"""The inbox: what one was told, newest first."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from foundation.accounts.access import person_of
from licences.queries import version_names
from notifications.actions import mark_read
from notifications.models import Notice
from notifications.queries import still_waiting

PAGE_SIZE = 25


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    notices = Notice.objects.filter(person=person_of(request)).select_related("mail").order_by("-pk")
    if request.GET.get("unread") == "1":
        notices = notices.filter(read_at=None)
    page = Paginator(notices, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    waiting = still_waiting(person_of(request), shown)
    names = version_names() if any(notice.kind.startswith("licence.") for notice in shown) else {}
    context = {
        "page": page,
        "rows": [(notice, notice.pk in waiting, names.get(notice.subject, notice.subject)) for notice in shown],
        "unread_only": request.GET.get("unread") == "1",
    }
    return render(request, "notifications/inbox.html", context)


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark the chosen notices as read, or all of them; only one's own."""
    chosen = [int(key) for key in request.POST.getlist("notice") if key.isdigit() and len(key) < 19]
    mark_read(person=person_of(request), keys=None if request.POST.get("all") else chosen)
    return redirect("notifications:inbox")
