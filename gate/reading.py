"""The gate's own reads: the environments of a product, and the sheets that name a model."""

from __future__ import annotations

from typing import NamedTuple

from deployments.models import Deployment, ModelSheet
from foundation.reads import Given, Read


class Environment(NamedTuple):
    """An environment of a product, with what the gate asks about the product itself."""

    pk: int
    name: str
    is_production: bool
    gate_mode: str
    product_state: str
    product_team: int

    @property
    def reference(self) -> str:
        return Deployment.reference_of(self.pk)

    def is_called(self, name: str) -> bool:
        """By name, in any case, or by reference."""
        return name.strip().casefold() in {self.name.casefold(), self.reference.casefold()}


_ENVIRONMENTS = Read(
    Environment,
    lambda: (
        Deployment.objects.filter(product=Given("product"))
        .order_by("pk")
        .values_list("pk", "name", "is_production", "gate_mode", "product__state", "product__team")
    ),
)


def environments_of(product: int) -> list[Environment]:
    """Every environment of the product with this key; none where it does not exist."""
    return _ENVIRONMENTS(product=product)


class Sheet(NamedTuple):
    """One component that names the model, on whichever version; None while nobody has confirmed one."""

    pk: int
    component: str
    version: str | None


_SHEETS = Read(
    Sheet,
    lambda: (
        ModelSheet.objects.filter(component__product=Given("product"), raw_model_id=Given("model"))
        .order_by("pk")
        .values_list("pk", "component__name", "version__name")
    ),
)


def sheets_that_name(model: str, *, product: int) -> list[Sheet]:
    """Every component of the product that names this model."""
    return _SHEETS(product=product, model=model)
