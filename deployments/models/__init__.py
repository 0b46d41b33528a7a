"""Tables of products, the companies behind them, and what runs where."""

from deployments.models.approvals import Approval, ApprovalState, Permission
from deployments.models.declarations import Declaration, FactEdit, ModelSheet, ProductSheet
from deployments.models.entities import (
    Acceptance,
    AcceptanceState,
    Affiliation,
    EntityKind,
    LegalEntity,
    LitigationStatement,
    MauFigure,
    PrincipalPlace,
)
from deployments.models.observations import Observation
from deployments.models.products import Component, Deployment, EntityRole, Product, ProductEntity, ProductState
from deployments.models.questions import ClosedAs, ColleagueQuestion
from deployments.models.rollouts import Rollout
from deployments.models.stop_duties import StopDuty, StopDutyItem

__all__ = [
    "Acceptance",
    "AcceptanceState",
    "Affiliation",
    "Approval",
    "ApprovalState",
    "ClosedAs",
    "ColleagueQuestion",
    "Component",
    "Declaration",
    "Deployment",
    "EntityKind",
    "EntityRole",
    "FactEdit",
    "LegalEntity",
    "LitigationStatement",
    "MauFigure",
    "ModelSheet",
    "Observation",
    "Permission",
    "PrincipalPlace",
    "Product",
    "ProductEntity",
    "ProductSheet",
    "ProductState",
    "Rollout",
    "StopDuty",
    "StopDutyItem",
]
