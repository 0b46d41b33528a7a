"""Products: the list with its filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from deployments.models import EntityRole, ModelSheet, Product, ProductState
from foundation.accounts.models import User
from foundation.audit.references import parse_reference
from foundation.reads import Among, Read

LONGEST = 200  # characters of a filter


@dataclass(frozen=True)
class ProductFilters:
    """What the list shows; it stands in the address, so that a link opens the same list."""

    state: str = ""
    version: str = ""  # slug, or "unresolved"
    team: str = ""  # code
    text: str = ""
    mine: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> ProductFilters:
        """The filters that stand in an address; what makes no sense there filters nothing."""
        return cls(
            state=state if (state := query.get("state", "")) in ProductState.values else "",
            version=_entered(query, "version"),
            team=_entered(query, "team"),
            text=_entered(query, "q"),
            mine=query.get("mine", "").casefold() not in {"", "0", "false"},
        )


def _entered(query: Mapping[str, str], name: str) -> str:
    text = query.get(name, "").strip()
    return text if len(text) <= LONGEST and "\0" not in text else ""


def product_list(person: User, filters: ProductFilters) -> QuerySet[Product]:
    """Products that the person may see and that fit, newest first, for product_rows()."""
    products = Product.objects.visible_to(person)
    if filters.state:
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
        key = parse_reference(filters.text, Product.prefix)
        named = by_name(filters.text).union(by_owner(filters.text), by_model(filters.text))
        products = products.filter(Q(pk__in=named) | Q(pk=key) if key is not None else Q(pk__in=named))
    return products.order_by("-pk")


# What a search combines by union(): each of these takes an index; with OR between them every product is read.
def by_name(text: str) -> QuerySet[Product, int]:
    """Keys of the products with this in their name."""
    return Product.objects.order_by().filter(name__icontains=text).values_list("pk", flat=True)


def by_owner(text: str) -> QuerySet[Product, int]:
    """Keys of the products whose owner has this in their name."""
    return Product.objects.order_by().filter(owner__name__icontains=text).values_list("pk", flat=True)


def by_model(text: str) -> QuerySet[ModelSheet, int]:
    """Keys of the products with this in the id of a model."""
    sheets = ModelSheet.objects.order_by().filter(raw_model_id__icontains=text)
    return sheets.values_list("component__product", flat=True)


@dataclass(frozen=True)
class ProductRow:
    """One line of the list and of its CSV."""

    reference: str
    name: str
    state: str
    team: str
    owner: str
    licensee: str
    versions: list[str]
    models: list[str]
    unresolved: bool

    @property
    def state_in_words(self) -> str:
        """The state as people read it."""
        return str(ProductState(self.state).label)

    @property
    def caption(self) -> str:
        """The reference, then every model."""
        return ", ".join([self.reference, *self.models])


def product_rows(products: QuerySet[Product]) -> list[ProductRow]:
    """The lines of these products, newest first, in three queries that read just what a line shows.

    The keys are found first and everything else joined to them: a late page of a long list joins no row before it.
    """
    keys = list(products.values_list("pk", flat=True))
    sheets: dict[int, list[_Sheet]] = {}
    for sheet in _SHEETS(products=keys):
        sheets.setdefault(sheet.product, []).append(sheet)
    return [_row(found, sheets.get(found.pk, [])) for found in _PRODUCTS(products=keys)]


class _Found(NamedTuple):
    pk: int
    name: str
    state: str
    team: str
    owner: str
    licensee: str | None


class _Sheet(NamedTuple):
    product: int
    model: str
    position: int | None  # None while nobody has resolved the model's name
    version: str | None


_PRODUCTS = Read(
    _Found,
    lambda: (
        Product.objects.filter(Among("pk", "products"))
        .alias(licence=FilteredRelation("entity_roles", condition=Q(entity_roles__role=EntityRole.LICENSEE)))
        .order_by("-pk")
        .values_list("pk", "name", "state", "team__name", "owner__name", "licence__entity__name")
    ),
)
_SHEETS = Read(
    _Sheet,
    lambda: (
        ModelSheet.objects.filter(Among("component__product", "products"))
        .order_by("pk")
        .values_list("component__product", "raw_model_id", "version__position", "version__name")
    ),
)


def _row(found: _Found, sheets: list[_Sheet]) -> ProductRow:
    resolved = {(sheet.position, sheet.version) for sheet in sheets if sheet.position is not None and sheet.version}
    return ProductRow(
        reference=Product.reference_of(found.pk),
        name=found.name,
        state=found.state,
        team=found.team,
        owner=found.owner,
        licensee=found.licensee or "",
        versions=[version for _position, version in sorted(resolved)],
        models=sorted({sheet.model for sheet in sheets if sheet.model}),
        unresolved=any(sheet.position is None for sheet in sheets),
    )
