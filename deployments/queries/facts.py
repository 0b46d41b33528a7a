"""Facts for the rules: from the drafts as they stand, and from a declaration as it was made."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language

from deployments.models import Component, Declaration, EntityRole, LegalEntity, ModelSheet, Product, ProductEntity
from deployments.queries.entities import entity_facts
from deployments.sheet_answers import COLUMN_KEYS, model_answers
from deployments.statements import DeclarationDocument, DeclarationStatement, owner_statement
from foundation.accounts.company_day import company_day
from licences.disputed import versions_behind
from licences.facts import EntityFacts, Facts
from licences.facts_fields import UNKNOWN
from licences.models import LicenceText, LlamaVersion
from licences.obligations import Finding, assess, assess_union, place_of
from licences.terms_now import every_terms

# What a person who registers should see first; what is satisfied or does not apply can wait for the review.
_PRESSING = frozenset({"prohibited", "action_needed", "legal_judgement", "unknown"})


def licensee_of(product: Product) -> LegalEntity | None:
    """The entity whose rights are examined; None while nobody has named it."""
    row = ProductEntity.objects.filter(product=product, role=EntityRole.LICENSEE).select_related("entity").first()
    return row.entity if row else None


def versions_of(component: Component) -> list[LlamaVersion]:
    """The Llama versions that were chosen for a component, newest first."""
    chosen = ModelSheet.objects.filter(component=component).values("version")
    return list(LlamaVersion.objects.filter(pk__in=chosen).order_by("-position"))


def current_facts(sheet: ModelSheet) -> Facts:
    """The facts as the drafts and legal's records stand now."""
    product = sheet.component.product
    licensee = licensee_of(product)
    model = model_answers(sheet)
    behind = Known().versions(versions_behind(model)) if licensee else []
    return Facts(
        entity=entity_facts(licensee, sheet.version) if licensee else EntityFacts(reference=UNKNOWN),
        product=dict(product.sheet.answers),
        model=model,
        behind={one.slug: entity_facts(licensee, one) for one in behind} if licensee else {},
    )


class Known:
    """What was read for one declaration and serves the next: versions, words of their texts, what legal knows.

    What legal knows is read as of one day, today where none is given.
    """

    def __init__(self, on: date | None = None) -> None:
        self._on = on or company_day(timezone.now())
        self._versions: dict[str, LlamaVersion | None] = {}  # None: the catalogue lacks it
        self._words: dict[str, dict[str, str]] = {}
        self._entities: dict[tuple[str | None, int | None], EntityFacts] = {}

    def versions(self, slugs: Iterable[str]) -> list[LlamaVersion]:
        """These versions as far as the catalogue has them. A query only where one was not asked for before."""
        wanted = list(slugs)
        if unread := [slug for slug in wanted if slug not in self._versions]:
            self._versions |= dict.fromkeys(unread)
            self._versions |= {one.slug: one for one in LlamaVersion.objects.filter(slug__in=unread)}
        return [found for slug in wanted if (found := self._versions[slug]) is not None]

    def words(self, slugs: Iterable[str]) -> dict[str, dict[str, str]]:
        """The words digests of both current texts of these versions, as facts hold them. Queries as for versions."""
        wanted = list(slugs)
        if unread := [slug for slug in wanted if slug not in self._words]:
            self._words |= {slug: {} for slug in unread}
            texts = LicenceText.objects.filter(version__slug__in=unread, is_current=True).order_by()
            for slug, kind, digest in texts.values_list("version__slug", "kind", "words_digest"):
                self._words[slug][f"{kind}_words"] = digest
        return {slug: self._words[slug] for slug in wanted}

    def entity(self, reference: str | None, version: LlamaVersion | None) -> EntityFacts:
        """What legal knows of the entity as this version asks for it."""
        about = (reference, version.pk if version else None)
        if about not in self._entities:
            self._entities[about] = _entity_named(reference, version, self._on)
        return self._entities[about]


def declared_facts(
    declaration: Declaration, *, product_from: Declaration | None = None, known: Known | None = None
) -> Facts:
    """The owner's facts as declared, beside what legal knows of the entity now and the texts behind the model.

    The product sheet and the licensee are shared by all components: `product_from` is the product's newest declaration
    where that was made for another component. A review keeps its own copy of all facts as examined; this is for
    comparing and for opening one. `known` keeps what was read for the next of many declarations.
    """
    own: dict[str, Any] = json.loads(declaration.document)
    shared: dict[str, Any] = json.loads(product_from.document) if product_from is not None else own
    known = known or Known()
    licensee, model = shared["licensee"], own["model_answers"]
    behind = known.versions(versions_behind(model)) if licensee else []
    return Facts(
        entity=known.entity(licensee, declaration.sheet.version),
        product=shared["product_answers"],
        model=model,
        behind={one.slug: known.entity(licensee, one) for one in behind},
        words_behind=known.words(one.slug for one in behind),
    )


def _entity_named(reference: str | None, version: LlamaVersion | None, on: date) -> EntityFacts:
    entity = LegalEntity.objects.filter(pk=LegalEntity.key_of(reference)).first() if reference else None
    return entity_facts(entity, version, on=on) if entity else EntityFacts(reference=UNKNOWN)


@dataclass(frozen=True)
class NewestDeclarations:
    """Keys of the declarations that hold for a sheet now: its own newest, and the newest of the whole product."""

    own: int
    of_product: int


def newest_declarations(sheets: Iterable[int]) -> dict[int, NewestDeclarations]:
    """By sheet; sheets that nobody declared are missing. One query for all."""
    wanted = set(sheets)
    products = ModelSheet.objects.filter(pk__in=wanted).values("component__product")
    rows = (
        Declaration.objects.filter(sheet__component__product__in=products)
        .order_by()
        .values_list("sheet", "sheet__component__product")
        .annotate(newest=Max("pk"))
    )
    found = list(rows)
    of_product: dict[int, int] = {}
    for _sheet, product, newest in found:
        of_product[product] = max(newest, of_product.get(product, 0))
    return {
        sheet: NewestDeclarations(newest, of_product[product]) for sheet, product, newest in found if sheet in wanted
    }


def same_shared_part(one: str, other: str) -> bool:
    """Whether the documents of two declarations of a product say the same of what its components share."""
    first, second = json.loads(one), json.loads(other)
    return all(first.get(key) == second.get(key) for key in ("licensee", "entities", "product_answers"))


def declaration_document(sheet: ModelSheet) -> DeclarationDocument:
    """Both sheets as they stand, as the document that an owner would declare."""
    product = sheet.component.product
    roles = list(ProductEntity.objects.filter(product=product).select_related("entity").order_by("pk"))
    licensee = next((row.entity.reference for row in roles if row.role == EntityRole.LICENSEE), None)
    return DeclarationDocument(
        product=product.reference,
        component=sheet.component.reference,
        sheet=sheet.reference,
        licensee=licensee,
        other_entities=[(row.role, row.entity.reference) for row in roles if row.role != EntityRole.LICENSEE],
        product_answers=product.sheet.answers,
        model_answers=model_answers(sheet),
    )


def declaration_statement(sheet: ModelSheet) -> DeclarationStatement:
    """What an owner would sign now; its digest changes with every fact, so that a stale page cannot sign."""
    document = declaration_document(sheet)
    return DeclarationStatement(
        text=owner_statement(),
        language=get_language() or "en-gb",
        facts_digest=document.digest,
        product=document.product,
        sheet=document.sheet,
    )


def latest_declaration(sheet: ModelSheet) -> Declaration | None:
    """The owner's last declaration of this sheet."""
    return sheet.declarations.select_related("declared_by").order_by("-revision").first()


def earlier_answers(sheet: ModelSheet) -> dict[str, Any]:
    """Answers given before for the same place of a model: on another version, or in the product it was copied from.

    A page may propose them; each counts only once somebody has saved it here.
    """
    component = sheet.component
    others = ModelSheet.objects.filter(component=component).exclude(pk=sheet.pk)
    earlier = others.order_by("-saved_at", "-pk").first()
    if earlier is None and component.product.copied_from_id:
        source = Component.objects.filter(product_id=component.product.copied_from_id, name=component.name)
        earlier = ModelSheet.objects.filter(component__in=source).order_by("-saved_at", "-pk").first()
    answers = earlier.answers if earlier else {}
    return {key: value for key, value in answers.items() if key not in COLUMN_KEYS and key not in sheet.answers}


def draft_findings(sheet: ModelSheet) -> list[Finding]:
    """What the rules say of the drafts as they stand, the versions behind the model included; nothing without one."""
    if sheet.version is None:
        return []
    every = every_terms()
    facts, terms = current_facts(sheet), every[sheet.version.slug]
    behind = versions_behind(facts.model)
    return assess(facts, terms) + (assess_union([(facts, terms)], list(every.values())) if behind else [])


def pressing_findings(sheet: ModelSheet) -> list[Finding]:
    """What legal will ask of the drafts as they stand, the worst first; nothing while no version is confirmed."""
    found = [one for one in draft_findings(sheet) if one.status in _PRESSING]
    return sorted(found, key=lambda one: place_of(one.status))
