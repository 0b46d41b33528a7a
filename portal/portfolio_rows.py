"""Which version each product runs where, and whether exactly that is approved: for portfolio and product page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from deployments.models import Deployment, Product, Rollout
from reviews.models import Review
from reviews.queries import latest_standings
from reviews.standing import ApprovalStanding
from reviews.states import OPEN_STATES


class Place(Protocol):
    """A deployment, or a line of one."""

    @property
    def pk(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def is_production(self) -> bool: ...


class Underway(Protocol):
    """An open review, or a line of one."""

    @property
    def reference(self) -> str: ...

    @property
    def component_id(self) -> int: ...

    @property
    def version_id(self) -> int: ...


class Runs(NamedTuple):
    """What runs where, before anybody asks whether it may."""

    component_id: int
    component: str
    deployment_id: int
    version_id: int | None
    version: str
    model: str
    since: datetime


@dataclass(frozen=True)
class Running:
    """A component in a deployment: what runs, and where its approval stands. `word` is the badge."""

    component: str
    version: str
    model: str
    word: str
    reasons: list[str]
    review: str  # the review to open next: the approving one, or the one that is open
    since: datetime


@dataclass(frozen=True)
class Cell:
    """One deployment of a product, with everything that runs in it."""

    deployment: Place
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
    components = {one.component_id for ran in running.values() for one in ran}
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
            cells=cells_of(deployments.get(product.pk, []), running, standings, covered, reviews.get(product.pk, [])),
            open_reviews=reviews.get(product.pk, []),
        )
        for product in rows
    ]


def cells_of(
    places: Iterable[Place],
    running: Mapping[int, Iterable[Runs]],
    standings: Mapping[int, list[ApprovalStanding]],
    covered: set[tuple[int, int]],
    underway: Iterable[Underway],
) -> list[Cell]:
    """The cells of one product: `running` is by deployment, `standings` by component."""
    reviews = list(underway)
    return [
        Cell(
            place,
            [_judged(one, standings.get(one.component_id, []), covered, reviews) for one in running.get(place.pk, ())],
        )
        for place in places
    ]


def _running_now(products: list[int], now: datetime) -> dict[int, list[Runs]]:
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
    found: dict[int, list[Runs]] = {}
    for rollout in newest.values():
        if rollout.running:
            found.setdefault(rollout.deployment_id, []).append(
                Runs(
                    rollout.component_id,
                    rollout.component.name,
                    rollout.deployment_id,
                    rollout.version_id,
                    rollout.version.name if rollout.version else "?",
                    rollout.raw_model_id,
                    rollout.effective_at,
                )
            )
    return found


def _covered(approvals: list[int]) -> set[tuple[int, int]]:
    """Pairs of approval and deployment that are in scope."""
    through = Deployment.approvals.through
    return set(through.objects.filter(approval__in=approvals).values_list("approval", "deployment"))


def _judged(
    runs: Runs, standings: list[ApprovalStanding], covered: set[tuple[int, int]], reviews: list[Underway]
) -> Running:
    mine = [
        one
        for one in standings
        if one.approval.version_id == runs.version_id
        and one.approval.raw_model_id == runs.model
        and (one.approval.pk, runs.deployment_id) in covered
    ]
    best = next((one for one in mine if one.in_force), mine[0] if mine else None)
    underway = next(
        (one for one in reviews if (one.component_id, one.version_id) == (runs.component_id, runs.version_id)), None
    )
    review = best.approval.review_reference if best else (underway.reference if underway else "")
    return Running(
        component=runs.component,
        version=runs.version,
        model=runs.model,
        word=str(best.standing) if best else "no_approval",
        reasons=best.reasons if best else [],
        review=review,
        since=runs.since,
    )
