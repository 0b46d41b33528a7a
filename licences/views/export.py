"""The whole licence base as one JSON file, for people who are signed in. Programs use the API."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja.responses import NinjaJSONEncoder

from licences.export import BaseOut, whole_base


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """Every version with its terms, its texts and their clauses."""
    return _file("licence-base.json", json.dumps(whole_base().model_dump(), cls=NinjaJSONEncoder, indent=1))


@require_safe
@login_required
def export_schema(request: HttpRequest) -> HttpResponse:
    """JSON Schema (draft 2020-12) of the export."""
    return _file("licence-base.schema.json", json.dumps(BaseOut.model_json_schema(), indent=1))


def _file(name: str, content: str) -> HttpResponse:
    return HttpResponse(
        content, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
