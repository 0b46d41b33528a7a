"""GET /api/v1/licences/…: the licence base for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer

from foundation.accounts.actions import authenticate_token
from foundation.accounts.models import MachineToken
from licences.export import BaseOut, VersionOut, VersionSummary, summaries, version_out, whole_base, with_texts
from licences.models import LlamaVersion
from licences.queries import proposal_for


class ReadToken(HttpBearer):
    """A machine token with the scope licences:read."""

    def authenticate(self, request: HttpRequest, token: str) -> MachineToken | None:
        return authenticate_token(f"Bearer {token}", "licences:read")


router = Router(tags=["licences"], auth=ReadToken())


class NameOut(Schema):
    """What a model id points to. A proposal: people confirm."""

    id: str
    status: str = Field(description="resolved, conflict, ask or not_llama.")
    versions: list[str] = Field(description="Slugs; of a conflict the duties of all count until counsel decides.")
    rule: str
    confidence: str
    explanation: str
    moving_tag: bool = Field(description="Whether the tag can point to another model tomorrow: note its digest.")


@router.get("", response=list[VersionSummary], summary="Every Llama version")
def every_version(request: HttpRequest) -> list[VersionSummary]:
    """The versions, oldest first, with the facts by which they differ."""
    return summaries()


@router.get("/export", response=BaseOut, summary="The whole base")
def export(request: HttpRequest) -> BaseOut:
    """Every version with its terms, its texts and their clauses."""
    return whole_base()


@router.get("/export/schema", response=dict[str, Any], summary="The schema of the export")
def export_schema(request: HttpRequest) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of what /export answers."""
    return BaseOut.model_json_schema()


@router.get("/model-name", response=NameOut, summary="Which version is behind a model id?")
def model_name(request: HttpRequest, id: str) -> dict[str, Any]:
    """A proposal with its rule; nothing is stored."""
    if not id.strip() or len(id) > 300:
        raise HttpError(422, "Give the model id as your code writes it, in at most 300 characters.")
    said = proposal_for(id.strip())
    return {
        "id": said.raw,
        "status": said.status.value,
        "versions": list(said.versions),
        "rule": said.rule,
        "confidence": said.confidence,
        "explanation": said.explanation,
        "moving_tag": said.moving_tag,
    }


@router.get("/{slug}", response=VersionOut, summary="One version")
def one_version(request: HttpRequest, slug: str) -> VersionOut:
    """Everything that the base holds of one version; 404 where there is none of this slug."""
    found = with_texts(LlamaVersion.objects.filter(slug=slug))
    if not found:
        raise HttpError(404, "There is no Llama version of this slug. GET /api/v1/licences lists them.")
    return version_out(found[0])
