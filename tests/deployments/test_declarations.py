"""The declaration: the owner's signed act over both sheets."""

from __future__ import annotations

import json

import pytest

from deployments.actions.declarations import declare
from deployments.actions.products import rename_product, set_entity_role
from deployments.actions.sheets import save_product_answers
from deployments.errors import DeploymentError
from deployments.models import Declaration
from deployments.queries import current_facts, declaration_statement, declared_facts
from deployments.statements import owner_statement
from foundation.accounts.actions import make_proof
from foundation.accounts.errors import ProofRefused
from foundation.accounts.models import SigningProof
from foundation.accounts.policy import NotAllowed
from foundation.audit.canonical import canonical, digest
from foundation.audit.queries import events_for
from tests.cast import PASSWORD
from tests.deployments.builders import SESSION, answer_all, declare_by, make_product, sheet_of


def test_declaring_fixes_both_sheets_and_makes_the_product_active(cast, product):
    sheet = answer_all(product, by=cast.olive)
    declaration = declare_by(cast.olive, sheet)
    document = json.loads(declaration.document)
    assert document["product_answers"]["audience"] == ["customers"]
    assert document["model_answers"]["model_id"] == "meta-llama/Llama-3.1-8B-Instruct"
    assert document["licensee"] == product.entity_roles.get().entity.reference
    assert (document["schema"], document["version"]) == ("licence-desk/declaration", 1)
    assert declaration.document == canonical(document)
    assert declaration.digest == digest(document)
    assert (declaration.revision, declaration.method, declaration.signer_name) == (1, "password", "Olive Owner")
    product.refresh_from_db()
    assert product.state == "active"


def test_the_statement_is_the_one_of_the_design(cast, product):
    declaration = declare_by(cast.olive, sheet_of(product))
    assert declaration.statement == owner_statement()
    assert declaration.statement.startswith("I declare that these facts are complete and correct")
    assert declaration.statement.endswith("I give no legal opinion.")
    assert declaration.statement_language == "en-gb"


def test_unknown_answers_never_stop_a_declaration(cast, product):
    save_product_answers(product=product, answers={"purpose": "unknown"}, by=cast.olive)
    assert declare_by(cast.olive, sheet_of(product)).revision == 1


def test_without_a_licensee_or_a_model_it_is_refused(cast, group):
    homeless = make_product(cast=cast, licensee=None, name="Homeless")
    with pytest.raises(DeploymentError, match="licensee"):
        declare_by(cast.olive, sheet_of(homeless))
    nameless = make_product(cast=cast, licensee=group.inc, name="Nameless", model_id="", slug=None)
    with pytest.raises(DeploymentError, match="Name the model"):
        declare_by(cast.olive, sheet_of(nameless))
    assert not Declaration.objects.exists()


def test_an_unresolved_version_may_be_declared(cast, group):
    product = make_product(cast=cast, licensee=group.inc, model_id="internal/quay-7b", slug=None)
    declaration = declare_by(cast.olive, sheet_of(product))
    assert json.loads(declaration.document)["model_answers"]["version"] == "unknown"
    assert declared_facts(declaration).entity.principal_place == "US"


@pytest.mark.parametrize("who", ["rita", "leo", "petra", "adam", "sam"])
def test_nobody_else_declares_for_the_owner(cast, product, who):
    with pytest.raises(NotAllowed):
        declare_by(getattr(cast, who), sheet_of(product))
    assert not Declaration.objects.exists()
    assert not SigningProof.objects.exists()


def test_a_wrong_password_declares_nothing_and_reaches_the_log(cast, product):
    with pytest.raises(ProofRefused):
        declare_by(cast.olive, sheet_of(product), password="not the password")
    assert not Declaration.objects.exists()
    assert events_for(cast.olive.reference).latest("seq").kind == "person.signing_refused"


def test_a_page_that_shows_old_answers_cannot_declare(cast, product):
    shown = declaration_statement(sheet_of(product)).digest
    save_product_answers(product=product, answers={"purpose": "Changed in another tab"}, by=cast.olive)
    with pytest.raises(DeploymentError, match="changed since"):
        declare(sheet=sheet_of(product), by=cast.olive, session_key=SESSION, password=PASSWORD, statement_digest=shown)
    assert not Declaration.objects.exists()


def test_another_licensee_makes_an_old_page_stale_too(cast, product, group):
    shown = declaration_statement(sheet_of(product)).digest
    set_entity_role(product=product, entity=group.bv, role="licensee", by=cast.olive)
    assert declaration_statement(sheet_of(product)).digest != shown


def test_a_new_name_does_not(cast, product):
    shown = declaration_statement(sheet_of(product)).digest
    rename_product(product=product, name="Quay Assist", by=cast.olive)
    assert declaration_statement(sheet_of(product)).digest == shown


def test_a_proof_made_beforehand_declares_once(cast, product):
    shown = declaration_statement(sheet_of(product)).digest
    make_proof(person=cast.olive, session_key=SESSION, statement_digest=shown, method="totp")
    declaration = declare(sheet=sheet_of(product), by=cast.olive, session_key=SESSION, statement_digest=shown)
    assert declaration.method == "totp"
    with pytest.raises(ProofRefused):
        declare(sheet=sheet_of(product), by=cast.olive, session_key=SESSION, statement_digest=shown)


def test_revisions_count_up_and_earlier_ones_stay_as_they_were(cast, product):
    sheet = answer_all(product, by=cast.olive)
    first = declare_by(cast.olive, sheet)
    save_product_answers(product=product, answers={"audience": ["public"]}, by=cast.olive)
    second = declare_by(cast.olive, sheet_of(product))
    first.refresh_from_db()
    assert (first.revision, second.revision) == (1, 2)
    assert declared_facts(first).product["audience"] == ["customers"]
    assert declared_facts(second).product["audience"] == ["public"]
    assert first.digest != second.digest


def test_a_draft_that_moves_on_does_not_change_what_was_declared(cast, product):
    declaration = declare_by(cast.olive, answer_all(product, by=cast.olive))
    save_product_answers(product=product, answers={"audience": ["public"]}, by=cast.olive)
    assert declared_facts(declaration).product["audience"] == ["customers"]
    assert current_facts(sheet_of(product)).product["audience"] == ["public"]


def test_the_event_names_the_digests_and_no_person(cast, product):
    declaration = declare_by(cast.olive, sheet_of(product))
    event = events_for(declaration.reference).get()
    assert event.facts["digest"] == declaration.digest
    assert event.facts["statement_digest"] == declaration.statement_digest
    assert "Olive Owner" not in event.body
    assert event in events_for(product.reference)
