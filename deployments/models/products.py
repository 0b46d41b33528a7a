"""Products, the entities behind them, their components and the environments that they run in."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Expression, Q

from deployments.models.entities import LegalEntity
from foundation.accounts.models import Team, User
from foundation.accounts.queries import sees_whole_company, team_ids_of
from foundation.audit.references import Referenced
from foundation.reads import Given


class ProductState(models.TextChoices):
    DRAFT = "draft", "Being registered"
    ACTIVE = "active", "Active"
    RETIRED = "retired", "Retired"


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, person: User) -> Self:
        """Products this person may know of: by scope columns, never by loading ids."""
        if sees_whole_company(person):
            return self
        return self.within(Q(team_id__in=team_ids_of(person)), person.pk)

    def within(self, teams: Q | Expression, person: int | Given) -> Self:
        """Products of these teams, those that this person owns, and those on which they were asked something."""
        products = self.model._default_manager.order_by().values("pk")
        # Three that each use an index; with OR between them the database reads every product.
        owned, asked = products.filter(owner_id=person), products.filter(questions__asked_of=person)
        return self.filter(pk__in=products.filter(teams).union(owned, asked))


class Product(Referenced):
    """What an owner registers."""

    prefix = "PRD"

    name = models.CharField(max_length=200)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="products")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="products")
    state = models.CharField(max_length=10, choices=ProductState.choices, default=ProductState.DRAFT)
    retention_class = models.CharField(max_length=40, default="licence-record")
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="deployments_product_name_once_per_team")]
        indexes = [models.Index(fields=["state", "-id"]), models.Index(fields=["name"])]

    def __str__(self) -> str:
        return self.name


class EntityRole(models.TextChoices):
    LICENSEE = "licensee", "Licensee"
    OPERATOR = "operator", "Operator"
    OFFEROR = "offeror", "Offers it to users"


class ProductEntity(models.Model):
    """An entity's role in a product; the licensee is the one whose rights are examined."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="entity_roles")
    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="product_roles")
    role = models.CharField(max_length=10, choices=EntityRole.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "entity", "role"], name="deployments_entity_role_once"),
            models.UniqueConstraint(fields=["product"], condition=Q(role="licensee"), name="deployments_one_licensee"),
        ]

    def __str__(self) -> str:
        return f"{self.entity_id} {self.role}"


class Component(Referenced):
    """A model's place in a product: chat model, safeguard, canary."""

    prefix = "CMP"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="components")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="deployments_component_name_once")]

    def __str__(self) -> str:
        return self.name


class Deployment(Referenced):
    """A product in one environment, like Production EU."""

    prefix = "DEP"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="deployments")
    name = models.CharField(max_length=120)
    is_production = models.BooleanField()
    gate_mode = models.CharField(
        max_length=8,
        default="enforce",
        choices=[("enforce", "Enforce"), ("observe", "Observe: say what enforce would say")],
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="deployments_environment_once")]

    def __str__(self) -> str:
        return self.name
