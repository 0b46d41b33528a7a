"""Addresses for tests of the shell alone: the real shell pages, and stand-ins with the names that it links to."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path
from django.utils import timezone

from portal.views.style import style_page
from portal.views.theme import choose_theme


def shell(request: HttpRequest, *_args: str, **_named: str) -> HttpResponse:
    return render(request, "base.html")


def clock(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(timezone.get_current_timezone()))


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only a legal approver signs this step.")


def break_down(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def suspect(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("not for the reader")


def pages(names: dict[str, str]) -> list[URLPattern | URLResolver]:
    return [path(where, shell, name=name) for name, where in names.items()]


urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("clock/", clock),
    path("refuse/", refuse),
    path("break/", break_down),
    path("suspect/", suspect),
    path(
        "",
        include(
            (
                [
                    *pages({"home": "", "portfolio": "portfolio/", "audit-log": "audit/", "jobs": "jobs/"}),
                    path("products/<str:reference>/", shell, name="product"),
                    path("style/", style_page, name="style"),
                    path("theme/", choose_theme, name="theme"),
                ],
                "portal",
            )
        ),
    ),
    path(
        "reviews/",
        include(
            (
                [*pages({"list": "", "conditions": "conditions/"}), path("<str:reference>/", shell, name="detail")],
                "reviews",
            )
        ),
    ),
    path("", include((pages({"entity-list": "entities/", "stop-duty-list": "stop-duties/"}), "deployments"))),
    path(
        "licences/",
        include(([*pages({"version-list": ""}), path("<str:slug>/", shell, name="version")], "licences")),
    ),
    path("records/", include((pages({"records": ""}), "evidence"))),
    path("people/", include((pages({"people": "", "tokens": "tokens/"}), "accounts"))),
]
handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler429 = "portal.views.errors.too_many_requests"
handler500 = "portal.views.errors.server_error"
