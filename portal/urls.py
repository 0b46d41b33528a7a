"""Every address of the portal."""

from __future__ import annotations

from django.urls import include, path

from portal.api import api

urlpatterns = [
    path("people/", include("foundation.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("licences/", include("licences.urls")),
    path("", include("deployments.urls")),
    path("reviews/", include("reviews.urls")),
    path("gate/", include("gate.urls")),
    path("records/", include("evidence.urls")),
    path("notices/", include("notifications.urls")),
    path("api/v1/", api.urls),
    path("", include("portal.pages")),
]
handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"
handler429 = "portal.views.errors.too_many_requests"
