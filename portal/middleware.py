"""What every request carries: an id for logs and events, where it came from, and the person's own clock."""

from __future__ import annotations

import re
import uuid
import zoneinfo
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from foundation.audit.context import RequestContext, serving
from portal.page_addresses import page_at
from portal.views.errors import method_not_allowed

GetResponse = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = "X-Request-ID"
_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestContextMiddleware:
    """Gives the request an id, tells the log and the audit log who calls, and returns the id to the caller."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        context = RequestContext(
            request_id=_request_id(request),
            address=client_address(request),
            user_agent=request.headers.get("User-Agent", "")[:400],
        )
        request.request_id = context.request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=context.request_id, method=request.method, path=request.path)
        try:
            with serving(context):
                response = self.get_response(request)
        finally:
            structlog.contextvars.clear_contextvars()
        response[REQUEST_ID] = context.request_id
        return response


class PersonTimeZoneMiddleware:
    """Shows instants in the zone that the person chose. Callers without a session cost no query."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = ""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            name = request.user.time_zone
        try:
            zone = zoneinfo.ZoneInfo(name) if name else None
        except (
            zoneinfo.ZoneInfoNotFoundError,
            ValueError,
        ):  # a zone that this machine does not know: UTC, not an error
            zone = None
        with timezone.override(zone):
            return self.get_response(request)


class SentAfterSignOutMiddleware:
    """A form that was sent after the visit ended: back, by way of the sign-in page, to the page on which it stood.

    The address that it was sent to often answers POST alone, so it is no place to come back to. static/drafts.js puts
    the words that were typed there again.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        asked_to_sign_in = response.headers.get("Location", "").startswith(f"{resolve_url(settings.LOGIN_URL)}?next=")
        if request.method != "POST" or not asked_to_sign_in or request.user.is_authenticated:
            return response
        messages.warning(request, _("You had been signed out, so nothing was saved. Sign in, then send it again."))
        return redirect_to_login(_page_of(request))


class OwnPageFor405Middleware:
    """An address that only takes what a form sends, opened as a page: Django's answer is blank, ours says where to go.

    Programs that take no HTML keep the plain answer.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content and request.accepts("text/html"):
            page = method_not_allowed(request, page_at(request.path))
            page["Allow"] = response["Allow"]
            return page
        return response


def _page_of(request: HttpRequest) -> str:
    """The address of our own page that the form stood on, else the first page."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    return page_at(urlsplit(page)._replace(scheme="", netloc="", fragment="").geturl() or "/")


def _request_id(request: HttpRequest) -> str:
    """The id that our own proxy set, else a new one. A stranger's id would let them confuse the log."""
    given = request.headers.get(REQUEST_ID, "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and _USABLE_ID.fullmatch(given):
        return given
    return uuid.uuid4().hex


def client_address(request: HttpRequest) -> str:
    """The caller's address: what our outermost trusted proxy saw, else the other end of the connection."""
    trusted: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops: list[str] = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return str(request.META.get("REMOTE_ADDR", ""))
