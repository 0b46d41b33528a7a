"""POST /api/v1/gate/check: what a pipeline asks before it deploys."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema
from ninja.security import HttpBearer

from foundation.accounts.actions import authenticate_token
from foundation.accounts.models import MachineToken
from gate.actions import ask


class GateToken(HttpBearer):
    """A machine token with the scope gate:check."""

    def authenticate(self, request: HttpRequest, token: str) -> MachineToken | None:
        return authenticate_token(f"Bearer {token}", "gate:check")


router = Router(tags=["gate"], auth=GateToken())


class Question(Schema):
    """May this model of this product go out to this environment?"""

    product: str = Field(max_length=40, description="The product's reference, like PRD-00031.", examples=["PRD-00031"])
    environment: str = Field(
        max_length=120, description="The environment's name or reference.", examples=["Production EU"]
    )
    model: str = Field(max_length=300, description="The model id as the product names it.", examples=["llama3.1:8b"])


class Reply(Schema):
    """The decision with every reason. Go on only when `proceed` is true; never keep a deny or a pending."""

    decision: Literal["allow", "deny", "pending"]
    proceed: bool
    mode: Literal["enforce", "observe"]
    reasons: list[str]
    review: str | None = None
    review_url: str | None = None
    other_reviews: list[str] = []
    expires_at: datetime | None = None
    asked_at: datetime


@router.post("/check", response=Reply, summary="May this version go out?")
def check(request: HttpRequest, response: HttpResponse, question: Question) -> dict[str, Any]:
    """Allow, deny or pending. Unknown, out of scope, expired, stale or waiting for a condition never allows."""
    said = ask(
        product=question.product,
        environment=question.environment,
        model=question.model,
        token=request.auth,  # type: ignore[attr-defined]
    )
    response["Cache-Control"] = "no-store"
    answer = said.answer
    return {
        "decision": answer.decision.value,
        "proceed": said.proceed,
        "mode": "enforce" if said.enforced else "observe",
        "reasons": list(answer.reasons),
        "review": answer.review or None,
        "review_url": f"{settings.PUBLIC_URL}/reviews/{answer.review}/" if answer.review else None,
        "other_reviews": list(answer.others),
        "expires_at": answer.expires_at,
        "asked_at": said.asked_at,
    }
