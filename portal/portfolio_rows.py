"""Which version each product runs where, and whether exactly that is approved: for portfolio and product page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deployments.models import Deployment, Product, Rollout
from reviews.models import Review
from reviews.queries import latest_standings
from reviews.standing import ApprovalStanding
from reviews.states import OPEN_STATES


@dataclass(frozen=True)
class Running:
    """A component in a deployment: what runs, and where its approval stands. `word` is the badge."""

    component: str
    version: str
    model: str
    word: str
    reasons: list[str]
    review: str  # the review to open next: the approving one, or the one that is open
    since: datetime | None


@dataclass(frozen=True)
class Cell:
    """One deployment of a product, with everything that runs in it."""

    deployment: Deployment
    running: list[Running]


@dataclass(frozen=True)
class PortfolioRow:
    product: Product
    cells: list[Cell]
    open_reviews: list[Review]

    @property
    def worst(self) -> str:
        """The word that the row is sorted and filtered by: the worst of what runs in production."""
        words = [one.word for cell in self.cells for one in cell.running if cell.deployment.is_production]
        order = ["no_approval", "revoked", "terminated", "suspended", "expired", "stale", "condition_open", "in_force"]
        return min(words, key=lambda word: order.index(word) if word in order else 0, default="")


def portfolio_rows(products: Iterable[Product], now: datetime) -> list[PortfolioRow]:
    """The rows for these products; the number of queries does not grow with them."""
    rows = list(products)
    keys = [product.pk for product in rows]
    deployments: dict[int, list[Deployment]] = {}
    for deployment in Deployment.objects.filter(product__in=keys).order_by("-is_production", "pk"):
        deployments.setdefault(deployment.product_id, []).append(deployment)
    running = _running_now(keys, now)
    components = {rollout.component_id for rollouts in running.values() for rollout in rollouts}
    standings = latest_standings(list(components), now)
    reviews: dict[int, list[Review]] = {}
    open_ones = (
        Review.objects.filter(component__product__in=keys, state__in=OPEN_STATES)
        .select_related("version", "component")
        .defer("version__catalogue")
    )
    for review in open_ones.order_by("due_on"):
        reviews.setdefault(review.component.product_id, []).append(review)
    covered = _covered([one.approval.pk for found in standings.values() for one in found])
    return [
        PortfolioRow(
            product=product,
            cells=[
                Cell(
                    deployment,
                    [
                        _judged(rollout, standings.get(rollout.component_id, []), covered, reviews.get(product.pk, []))
                        for rollout in running.get(deployment.pk, [])
                    ],
                )
                for deployment in deployments.get(product.pk, [])
            ],
            open_reviews=reviews.get(product.pk, []),
        )
        for product in rows
    ]


def _running_now(products: list[int], now: datetime) -> dict[int, list[Rollout]]:
    """The newest rollout of each component in each deployment, where the component still runs."""
    newest: dict[tuple[int, int], Rollout] = {}
    rollouts = (
        Rollout.objects.filter(component__product__in=products, effective_at__lte=now, superseded_by=None)
        .select_related("component", "version")
        .defer("version__catalogue")
        .order_by("effective_at", "pk")
    )
    for rollout in rollouts:
        newest[(rollout.deployment_id, rollout.component_id)] = rollout
    found: dict[int, list[Rollout]] = {}
    for rollout in newest.values():
        if rollout.running:
            found.setdefault(rollout.deployment_id, []).append(rollout)
    return found


def _covered(approvals: list[int]) -> set[tuple[int, int]]:
    """Pairs of approval and deployment that are in scope."""
    through = Deployment.approvals.through
    return set(through.objects.filter(approval__in=approvals).values_list("approval", "deployment"))


def _judged(
    rollout: Rollout, standings: list[ApprovalStanding], covered: set[tuple[int, int]], reviews: list[Review]
) -> Running:
    version = rollout.version.name if rollout.version else "?"
    mine = [
        one
        for one in standings
        if one.approval.version_id == rollout.version_id
        and one.approval.raw_model_id == rollout.raw_model_id
        and (one.approval.pk, rollout.deployment_id) in covered
    ]
    best = next((one for one in mine if one.in_force), mine[0] if mine else None)
    underway = next(
        (r for r in reviews if r.component_id == rollout.component_id and r.version_id == rollout.version_id), None
    )
    review = best.approval.review_reference if best else (underway.reference if underway else "")
    return Running(
        component=rollout.component.name,
        version=version,
        model=rollout.raw_model_id,
        word=str(best.standing) if best else "no_approval",
        reasons=best.reasons if best else [],
        review=review,
        since=rollout.effective_at,
    )
