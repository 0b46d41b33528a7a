"""Addresses that several pages of deployments lead to. Those of portal/ join rooms and are named, not imported."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from deployments.models import Component, ModelSheet, Product


def product_url(product: Product) -> str:
    """The product's page, which joins rooms."""
    return reverse("portal:product", args=[product.reference])


def choose_model_url(component: Component, model_id: str = "") -> str:
    """The page on which a version is confirmed; that opens a review, so it lies above."""
    address = reverse("portal:choose-model", args=[component.reference])
    return f"{address}?{urlencode({'model': model_id})}" if model_id else address


def declare_url(sheet: ModelSheet) -> str:
    """The page with every answer and the declaration; it moves the review, so it lies above."""
    return reverse("portal:declare", args=[sheet.reference])


def registration_url(product: Product, sheet: ModelSheet | None = None) -> str:
    """The task list of a registration, for one of its sheets where that is known."""
    address = reverse("deployments:registration", args=[product.reference])
    return f"{address}?{urlencode({'sheet': sheet.reference})}" if sheet else address


def model_url(component: Component) -> str:
    """The page that asks which model runs, and at the first time where."""
    return reverse("deployments:component-model", args=[component.reference])


def entities_url(product: Product) -> str:
    """The page of the companies behind a product."""
    return reverse("deployments:entity-role", args=[product.reference])


def question_url(sheet: ModelSheet, kind: str, key: str) -> str:
    """The page of one question."""
    return reverse("deployments:question", args=[sheet.reference, kind, key])


def ask_url(sheet: ModelSheet, kind: str, key: str) -> str:
    """The page that asks a colleague."""
    return reverse("deployments:ask", args=[sheet.reference, kind, key])
