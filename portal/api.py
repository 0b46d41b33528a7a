"""The API under /api/v1/: types are the schema."""

from __future__ import annotations

from ninja import NinjaAPI

from gate.api import router as gate_router
from licences.api import router as licences_router

api = NinjaAPI(
    title="Licence Desk",
    version="1",
    description="May this product run this Llama version here, and what does that version ask of it?",
    docs_url=None,  # the interactive page needs scripts from elsewhere; the schema itself is at openapi.json
    urls_namespace="api-1",
)
api.add_router("/gate", gate_router)
api.add_router("/licences", licences_router)
