"""Reads of deployments, as named functions. Templates cause no query."""

from deployments.queries.entities import (
    EntityPage,
    acceptance_of,
    entity_facts,
    entity_list,
    entity_page,
    entity_versions,
    facts_change_on,
)
from deployments.queries.facts import (
    NewestDeclarations,
    current_facts,
    declaration_document,
    declaration_statement,
    declared_facts,
    draft_findings,
    earlier_answers,
    latest_declaration,
    licensee_of,
    newest_declarations,
    pressing_findings,
    same_shared_part,
    versions_of,
)
from deployments.queries.product_page import newest_declarations_of, product_detail
from deployments.queries.products import ProductFilters, product_list, product_rows
from deployments.queries.rollouts import records_from, records_of, rollouts_of, running_now
from deployments.queries.stop_duties import stop_duty_list

__all__ = [
    "EntityPage",
    "NewestDeclarations",
    "ProductFilters",
    "acceptance_of",
    "current_facts",
    "declaration_document",
    "declaration_statement",
    "declared_facts",
    "draft_findings",
    "earlier_answers",
    "entity_facts",
    "entity_list",
    "entity_page",
    "entity_versions",
    "facts_change_on",
    "latest_declaration",
    "licensee_of",
    "newest_declarations",
    "newest_declarations_of",
    "pressing_findings",
    "product_detail",
    "product_list",
    "product_rows",
    "records_from",
    "records_of",
    "rollouts_of",
    "running_now",
    "same_shared_part",
    "stop_duty_list",
    "versions_of",
]
