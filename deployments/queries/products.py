"""Products: the list with its filters, and one product with everything that its page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from deployments.models import (
    ColleagueQuestion,
    Component,
    Declaration,
    Deployment,
    EntityRole,
    ModelSheet,
    Observation,
    Product,
    ProductEntity,
    ProductState,
    Rollout,
    StopDuty,
    StopDutyItem,
)
from foundation.accounts.models import User
from foundation.audit.references import parse_reference


@dataclass(frozen=True)
class ProductFilters:
    """What the list shows; it stands in the address, so that a link opens the same list."""

    state: str = ""
    version: str = ""  # slug, or "unresolved"
    team: str = ""  # code
    text: str = ""
    mine: bool = False


def product_list(person: User, filters: ProductFilters) -> QuerySet[Product]:
    """Products that the person may see and that fit, newest first, ready for product_rows()."""
    products = Product.objects.visible_to(person)
    if filters.state in ProductState.values:
        products = products.filter(state=filters.state)
    if filters.version == "unresolved":
        products = products.filter(Exists(ModelSheet.objects.filter(component__product=OuterRef("pk"), version=None)))
    elif filters.version:
        on_it = ModelSheet.objects.filter(component__product=OuterRef("pk"), version__slug=filters.version)
        products = products.filter(Exists(on_it))
    if filters.team:
        products = products.filter(team__code=filters.team)
    if filters.mine:
        products = products.filter(owner=person)
    if filters.text:
        products = products.filter(_says(filters.text))
    return (
        products.select_related("team", "owner")
        .prefetch_related(
            Prefetch("entity_roles", queryset=ProductEntity.objects.select_related("entity").order_by("pk")),
            Prefetch(
                "components__model_sheets",
                queryset=ModelSheet.objects.select_related("version")
                .only("component", "raw_model_id", "version__name", "version__position")
                .order_by("pk"),
            ),
        )
        .order_by("-pk")
    )


def _says(text: str) -> Q:
    key = parse_reference(text, Product.prefix)
    model = Exists(ModelSheet.objects.filter(component__product=OuterRef("pk"), raw_model_id__icontains=text))
    found = Q(name__icontains=text) | Q(owner__name__icontains=text) | Q(model)
    return found | Q(pk=key) if key is not None else found


@dataclass(frozen=True)
class ProductRow:
    """One line of the list and of its CSV."""

    product: Product
    licensee: str
    versions: list[str]
    models: list[str]
    unresolved: bool

    @property
    def state_word(self) -> str:
        """The word for the badge."""
        return {"draft": "draft", "active": "active", "retired": "retired"}[self.product.state]


def product_rows(products: Iterable[Product]) -> list[ProductRow]:
    """The lines for products that come from product_list(), without another query."""
    return [_row(product) for product in products]


def _row(product: Product) -> ProductRow:
    sheets = [sheet for component in product.components.all() for sheet in component.model_sheets.all()]
    resolved = [(sheet.version.position, sheet.version.name) for sheet in sheets if sheet.version]
    licensee = next((row.entity.name for row in product.entity_roles.all() if row.role == EntityRole.LICENSEE), "")
    return ProductRow(
        product=product,
        licensee=licensee,
        versions=[name for _position, name in sorted(set(resolved))],
        models=sorted({sheet.raw_model_id for sheet in sheets if sheet.raw_model_id}),
        unresolved=any(sheet.version is None for sheet in sheets),
    )


@dataclass(frozen=True)
class ComponentDetail:
    """A component with its sheets, newest version first, and each sheet's last declaration."""

    component: Component
    sheets: list[ModelSheet]
    declarations: dict[int, Declaration]  # by the sheet's key


@dataclass(frozen=True)
class ProductDetail:
    """Everything of deployments/ that the product's page shows."""

    product: Product
    entities: list[ProductEntity]
    components: list[ComponentDetail]
    deployments: list[Deployment]
    rollouts: list[Rollout]
    questions: list[ColleagueQuestion]
    observations: list[Observation]
    stop_duties: list[StopDuty]

    @property
    def licensee(self) -> ProductEntity | None:
        """The licensee's row, once somebody has named it."""
        return next((row for row in self.entities if row.role == EntityRole.LICENSEE), None)


def product_detail(product: Product) -> ProductDetail:
    """One product with its parts, in a fixed number of queries."""
    components = list(product.components.order_by("pk"))
    sheets = list(
        ModelSheet.objects.filter(component__product=product)
        .select_related("version", "component__product", "version_confirmed_by")
        .defer("version__catalogue")  # tens of kilobytes in every row, and no page shows it
        .order_by("component", "-version__position", "-pk")
    )
    newest: dict[int, Declaration] = {}
    for declaration in Declaration.objects.filter(sheet__component__product=product).order_by("revision"):
        newest[declaration.sheet_id] = declaration
    deployments = list(product.deployments.order_by("pk"))
    return ProductDetail(
        product=product,
        entities=list(product.entity_roles.select_related("entity").order_by("pk")),
        components=[
            ComponentDetail(
                component=component,
                sheets=[sheet for sheet in sheets if sheet.component_id == component.pk],
                declarations=newest,
            )
            for component in components
        ],
        deployments=deployments,
        rollouts=list(
            Rollout.objects.filter(component__product=product)
            .select_related(
                "component",
                "deployment",
                "version",
                "approval",
                "recorded_by",
                "recorded_by_token",
                "supersedes",
                "superseded_by",
            )
            .defer("version__catalogue")
            .order_by("-effective_at", "-pk")
        ),
        questions=list(
            product.questions.select_related("asked_by", "asked_of", "sheet__version").order_by("-asked_at")
        ),
        observations=list(
            Observation.objects.filter(component__product=product)
            .select_related("component", "deployment", "recorded_by", "document")
            .order_by("-observed_on", "-pk")[:50]
        ),
        stop_duties=list(
            StopDuty.objects.filter(component__product=product)
            .select_related("component", "version")
            .defer("version__catalogue")
            .prefetch_related(Prefetch("items", queryset=StopDutyItem.objects.select_related("done_by").order_by("pk")))
            .order_by("-opened_at", "-pk")
        ),
    )
