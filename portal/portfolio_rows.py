"""Which version each product runs where, and whether exactly that is approved: for portfolio and product page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from deployments.models import Deployment, Product, ProductState, Rollout
from foundation.reads import Among, Given, Read
from reviews.models import Review
from reviews.standing import ApprovalStanding
from reviews.standings_of_products import standings_in
from reviews.states import OPEN_STATES, State


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


@dataclass(frozen=True)
class Running:
    """A component in a deployment: what runs, and where its approval stands. `word` is the badge."""

    component: str
    version: str
    model: str
    word: str
    reasons: list[str]
    review: str  # the review to open next: the approving one, or the one that is open


@dataclass(frozen=True)
class Cell:
    """One deployment of a product, with everything that runs in it."""

    deployment: Place
    running: list[Running]


class Environment(NamedTuple):
    """A deployment, as a line."""

    product: int
    pk: int
    name: str
    is_production: bool


class OpenReview(NamedTuple):
    """An open review, as a line."""

    product: int
    pk: int
    component_id: int
    version_id: int
    version: str
    state: str

    @property
    def reference(self) -> str:
        return Review.reference_of(self.pk)

    @property
    def state_in_words(self) -> str:
        return str(State(self.state).label)


class Listed(NamedTuple):
    """A product, as a line."""

    pk: int
    name: str
    state: str
    owner: str
    team: str

    @property
    def reference(self) -> str:
        return Product.reference_of(self.pk)

    @property
    def is_retired(self) -> bool:
        return self.state == ProductState.RETIRED


@dataclass(frozen=True)
class PortfolioRow:
    product: Listed
    cells: list[Cell]
    open_reviews: list[OpenReview]

    @property
    def worst(self) -> str:
        """The word that the row is sorted and filtered by: the worst of what runs in production."""
        words = [one.word for cell in self.cells for one in cell.running if cell.deployment.is_production]
        order = ["no_approval", "revoked", "terminated", "suspended", "expired", "stale", "condition_open", "in_force"]
        return min(words, key=lambda word: order.index(word) if word in order else 0, default="")


class _Rolled(NamedTuple):
    running: bool
    runs: Runs

    @classmethod
    def of(cls, *cells: Any) -> _Rolled:
        running, component, name, deployment, version, version_name, model = cells
        return cls(running, Runs(component, name, deployment, version, version_name or "?", model))


_PRODUCTS = Read(
    Listed,
    lambda: (
        Product.objects.filter(Among("pk", "products"))
        .order_by("-pk")
        .values_list("pk", "name", "state", "owner__name", "team__name")
    ),
)
_ENVIRONMENTS = Read(
    Environment,
    lambda: (
        Deployment.objects.filter(Among("product", "products"))
        .order_by("-is_production", "pk")
        .values_list("product", "pk", "name", "is_production")
    ),
)
_ROLLOUTS = Read(
    _Rolled.of,
    lambda: (
        Rollout.objects.filter(
            Among("component__product", "products"), effective_at__lte=Given("now"), superseded_by=None
        )
        .order_by("effective_at", "pk")
        .values_list(
            "running",
            "component",
            "component__name",
            "deployment",
            "version",
            "version__name",
            "raw_model_id",
        )
    ),
)
_OPEN_REVIEWS = Read(
    OpenReview,
    lambda: (
        Review.objects.filter(Among("component__product", "products"), state__in=sorted(OPEN_STATES))
        .order_by("due_on", "pk")
        .values_list("component__product", "pk", "component", "version", "version__name", "state")
    ),
)


def portfolio_rows(products: Iterable[int], now: datetime) -> list[PortfolioRow]:
    """The rows for the products with these keys, newest first, in six queries while no approval went stale."""
    keys = list(products)
    environments: dict[int, list[Environment]] = {}
    for environment in _ENVIRONMENTS(products=keys):
        environments.setdefault(environment.product, []).append(environment)
    reviews: dict[int, list[OpenReview]] = {}
    for review in _OPEN_REVIEWS(products=keys):
        reviews.setdefault(review.product, []).append(review)
    running = _running_now(keys, now)
    standings = standings_in(keys, {one.component_id for ran in running.values() for one in ran}, now)
    return [
        PortfolioRow(
            product=product,
            cells=cells_of(
                environments.get(product.pk, []),
                running,
                standings.by_component,
                standings.covers,
                reviews.get(product.pk, []),
            ),
            open_reviews=reviews.get(product.pk, []),
        )
        for product in _PRODUCTS(products=keys)
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
    newest: dict[tuple[int, int], _Rolled] = {}
    for rolled in _ROLLOUTS(products=products, now=now):
        newest[(rolled.runs.deployment_id, rolled.runs.component_id)] = rolled
    found: dict[int, list[Runs]] = {}
    for rolled in newest.values():
        if rolled.running:
            found.setdefault(rolled.runs.deployment_id, []).append(rolled.runs)
    return found


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
    )
