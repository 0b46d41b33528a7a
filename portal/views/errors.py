"""Error pages. Each says what happened and what to do. None of them needs the database."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """400: the request could not be understood."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """403: the thing exists and the person may see it, but may not do this. The reason is shown when there is one."""
    return _page(request, 403, reason=str(exception or ""))


def not_found(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """404: nothing here that this person can see. The exception stays unread: it may name what they may not see."""
    return _page(request, 404)


def method_not_allowed(request: HttpRequest, page: str) -> HttpResponse:
    """405: the address only takes what a form sends. `page` is the one above it that can be opened."""
    return _page(request, 405, page=page)


def too_many_requests(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """429: a limit was reached."""
    response = _page(request, 429)
    response.setdefault("Retry-After", "60")
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The page gives the request id, by which the log can be searched."""
    return _page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that does not carry this visit's token: usually a page left open over a new sign-in."""
    return _page(request, 403, template="403_csrf.html")


def _page(request: HttpRequest, status: int, *, reason: str = "", template: str = "", page: str = "") -> HttpResponse:
    """Render without the request, so that no context processor runs and nothing asks for the person."""
    context = {
        "request_id": getattr(request, "request_id", ""),
        "reason": reason,
        "path": request.path,
        "page": page,
        "status": status,
    }
    return HttpResponse(render_to_string(template or f"{status}.html", context), status=status)
