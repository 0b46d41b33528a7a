"""Companies, products and answers, made by the real actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from deployments.actions.components import add_component
from deployments.actions.declarations import declare
from deployments.actions.entities import (
    create_entity,
    record_acceptance,
    record_litigation,
    record_mau,
    record_principal_place,
)
from deployments.actions.environments import add_deployment
from deployments.actions.products import register_product
from deployments.actions.sheets import put_model_sheet, save_model_answers, save_product_answers
from deployments.models import Declaration, LegalEntity, ModelSheet, Product
from deployments.queries import declaration_statement
from foundation.accounts.models import User
from licences.model_names import propose
from licences.models import LlamaVersion
from licences.queries import terms_for
from tests.cast import PASSWORD, Cast

LLAMA_31 = "meta-llama/Llama-3.1-8B-Instruct"
SESSION = "session-of-a-test"

PRODUCT_ANSWERS: dict[str, Any] = {
    "purpose": "Answers questions of harbour customers about arrivals.",
    "audience": ["customers"],
    "countries": ["US", "NO"],
    "aup_screening": ["none"],
    "user_information": ["dangers-in-product", "aup-in-terms"],
}
MODEL_ANSWERS: dict[str, Any] = {
    "route": "meta-download",
    "model_uses": ["none"],
    "attribution_places": ["about-page"],
    "attribution_text": "Built with Llama",
}


@dataclass(frozen=True)
class Group:
    """Norrbro Group: in the United States, in the European Union, and in the EEA outside it."""

    inc: LegalEntity
    bv: LegalEntity
    as_: LegalEntity


def version(slug: str) -> LlamaVersion:
    return LlamaVersion.objects.get(slug=slug)


def make_entity(
    *, name: str, country: str, by: User, complete: bool = True, slugs: Sequence[str] | None = None
) -> LegalEntity:
    """A company; complete: with place, statement on proceedings, and each version's figure and acceptance.

    `slugs` are the versions for which legal did its work; every one of the catalogue where none are named.
    """
    entity = create_entity(name=name, country=country, by=by)
    if not complete:
        return entity
    record_principal_place(
        entity=entity, country=country, basis="Head office and board", effective_on=date(2015, 1, 1), by=by
    )
    record_litigation(entity=entity, answer="no", as_of=date(2026, 1, 1), by=by)
    wanted = LlamaVersion.objects.all() if slugs is None else LlamaVersion.objects.filter(slug__in=slugs)
    for one in wanted:
        record_mau(
            entity=entity,
            month=terms_for(one).mau_month,
            figure=41_000_000,
            counted_how="Distinct accounts over all products",
            source="Finance report",
            by=by,
        )
        record_acceptance(
            entity=entity,
            version=one,
            state="accepted",
            accepted_on=date(2026, 1, 15),
            accepted_by="Leo Lawyer",
            authority="General counsel, power of attorney",
            platform="Hugging Face",
            how="Clicked through under the company's account",
            by=by,
        )
        entity.refresh_from_db()
    return entity


def make_group(*, by: User, complete: bool = True, slugs: Sequence[str] | None = None) -> Group:
    """The three companies, with legal's facts."""
    return Group(
        inc=make_entity(name="Norrbro Inc.", country="US", by=by, complete=complete, slugs=slugs),
        bv=make_entity(name="Norrbro B.V.", country="NL", by=by, complete=complete, slugs=slugs),
        as_=make_entity(name="Norrbro AS", country="NO", by=by, complete=complete, slugs=slugs),
    )


def make_product(
    *,
    cast: Cast,
    licensee: LegalEntity | None,
    name: str = "Harbour Assist",
    owner: User | None = None,
    model_id: str = LLAMA_31,
    slug: str | None = "llama-3.1",
    environment: str = "Production",
) -> Product:
    """A product with one component, one environment and one model sheet, without answers."""
    owner = owner or cast.olive
    team = cast.other_team if owner == cast.sam else cast.team
    product = register_product(name=name, team=team, licensee=licensee, by=owner)
    component = add_component(product=product, name="Chat model", by=owner)
    add_deployment(product=product, name=environment, is_production=True, by=owner)
    put_model_sheet(
        component=component,
        version=version(slug) if slug else None,
        raw_model_id=model_id,
        proposal=propose(model_id),
        by=owner,
    )
    return product


def sheet_of(product: Product) -> ModelSheet:
    """The newest model sheet of a product."""
    return (
        ModelSheet.objects.filter(component__product=product)
        .select_related("version", "component__product__team", "version_confirmed_by")
        .latest("pk")
    )


def answer_all(product: Product, *, by: User, **changed: Any) -> ModelSheet:
    """Answer every question of a plain customer-facing product, with some answers changed."""
    model = {key: changed.pop(key, value) for key, value in MODEL_ANSWERS.items()}
    save_product_answers(product=product, answers={**PRODUCT_ANSWERS, **changed}, by=by)
    sheet = sheet_of(product)
    save_model_answers(sheet=sheet, answers=model, by=by)
    return sheet_of(product)


def declare_by(person: User, sheet: ModelSheet, *, password: str = PASSWORD) -> Declaration:
    """Declare a sheet as it stands."""
    return declare(
        sheet=sheet,
        by=person,
        session_key=SESSION,
        password=password,
        statement_digest=declaration_statement(sheet).digest,
    )
