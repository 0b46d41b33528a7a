"""Decided reviews, made by the real actions, over an agreement and a policy of our own invention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from deployments.actions.components import add_component
from deployments.actions.entities import (
    create_entity,
    record_acceptance,
    record_litigation,
    record_mau,
    record_principal_place,
)
from deployments.actions.environments import add_deployment
from deployments.actions.observations import record_attribution_sighting
from deployments.actions.products import register_product
from deployments.actions.sheets import put_model_sheet, save_model_answers, save_product_answers
from deployments.models import LegalEntity, ModelSheet, Product
from deployments.queries.facts import declaration_statement
from foundation.accounts.actions import create_team, grant_role, invite_person
from foundation.accounts.actions.proofs import visit_digest
from foundation.accounts.models import SigningProof, Team, User
from foundation.audit.actors import Actor
from licences.actions.decide_text import accept_text
from licences.actions.import_text import import_text
from licences.actions.sync_catalogue import sync_catalogue
from licences.models import LlamaVersion, TextKind
from licences.queries import terms_for
from reviews.actions.answer_check import answer_check
from reviews.actions.conditions import add_condition
from reviews.actions.declare_facts import declare_facts
from reviews.actions.moves import reject
from reviews.actions.open_review import open_review
from reviews.actions.sign_step import prepare_statement, sign_step
from reviews.models import CounselNote, Review
from tests.licences.texts import AGREEMENT, AUP

SEED = Actor.system("seed")
VISIT = "visit-of-this-test"
PASSWORD = "correct horse battery staple"
COUNSEL_NOTE = "QUINCE-MARMALADE-7731: our exposure is worse than we say outside this room."


@dataclass
class Cast:
    """The people of the tests, and what they share."""

    team: Team
    other_team: Team
    olive: User  # owns
    rita: User  # reviews
    leo: User  # approves for legal
    petra: User  # answers for attribution
    ravi: User  # owns risk
    anna: User  # audits
    ada: User  # administers
    sam: User  # a stranger, of another team
    entity: LegalEntity
    version: LlamaVersion


def make_cast() -> Cast:
    """People in every role, a Dutch entity with its facts, and Llama 3.1 with invented texts."""
    team = create_team(by=SEED, name="Claims platform", code="claims")
    other = create_team(by=SEED, name="Somewhere else", code="elsewhere")

    def person(name: str, role: str, where: Team | None = team) -> User:
        first = name.split()[0].lower()
        made = invite_person(
            by=SEED,
            email=f"{first}@norrbro.example",
            name=name,
            organisation="Norrbro B.V.",
            job_title=f"{role.replace('_', ' ').capitalize()} <b>& more</b>",
            password=PASSWORD,
            send_mail=False,
        )
        grant_role(by=SEED, person=made, role=role, team=where)
        return made

    olive = person("Olive Owner", "product_owner")
    rita = person("Rita Reviewer", "legal_reviewer", None)
    leo = person("Leo Approver", "legal_approver", None)
    sync_catalogue(by=SEED)
    version = LlamaVersion.objects.get(slug="llama-3.1")
    for kind, text in ((TextKind.AGREEMENT, AGREEMENT), (TextKind.AUP, AUP)):
        imported = import_text(version=version, kind=kind, data=text.encode(), source="ours", imported_by=SEED)
        accept_text(text=imported, by=leo, note="An agreement of our own invention.")
    entity = create_entity(name="Norrbro B.V.", country="NL", by=leo, registration_number="12345678")
    record_principal_place(
        entity=entity, country="NL", basis="Head office in Amsterdam", effective_on=date(2020, 1, 1), by=leo
    )
    record_mau(
        entity=entity,
        month=terms_for(version).mau_month,
        figure=2_410_000,
        counted_how="Distinct accounts of all products of the group",
        source="Billing export",
        by=leo,
    )
    record_acceptance(
        entity=entity,
        version=version,
        state="accepted",
        accepted_on=date(2025, 3, 1),
        accepted_by="Board",
        authority="Articles",
        platform="The form of the publisher",
        how="Click",
        by=leo,
    )
    record_litigation(entity=entity, answer="no", as_of=date(2026, 1, 1), by=leo)
    return Cast(
        team=team,
        other_team=other,
        olive=olive,
        rita=rita,
        leo=leo,
        petra=person("Petra Attribution", "attribution_owner"),
        ravi=person("Ravi Risk", "risk_owner"),
        anna=person("Anna Auditor", "auditor", None),
        ada=person("Ada Administrator", "administrator", None),
        sam=person("Sam Stranger", "product_owner", other),
        entity=entity,
        version=version,
    )


def make_product(cast: Cast, name: str = "Claims assistant") -> tuple[Product, ModelSheet]:
    """A product whose facts are complete."""
    product = register_product(name=name, team=cast.team, by=cast.olive, licensee=cast.entity)
    add_deployment(product=product, name="Production EU", is_production=True, by=cast.olive)
    component = add_component(product=product, name="Chat model", by=cast.olive)
    sheet = put_model_sheet(
        component=component, version=cast.version, raw_model_id="meta-llama/Llama-3.1-70B-Instruct", by=cast.olive
    )
    save_product_answers(
        product=product,
        answers={
            "purpose": "Answers questions about claims. <script>alert(1)</script> " + "x" * 120,
            "audience": ["customers"],
            "countries": ["NL", "NO"],
            "aup_screening": ["none"],
            "user_information": ["dangers-in-product", "aup-in-terms"],
        },
        by=cast.olive,
    )
    save_model_answers(
        sheet=sheet,
        answers={
            "multimodal": "no",
            "route": "meta-download",
            "model_uses": ["none"],
            "attribution_places": ["about-page"],
            "attribution_text": "Built with Llama",
        },
        by=cast.olive,
    )
    return product, ModelSheet.objects.get(pk=sheet.pk)


def prove(person: User, digest: str) -> None:
    """A proof of presence that is still good."""
    now = timezone.now()
    SigningProof.objects.create(
        person=person,
        session_digest=visit_digest(VISIT),
        statement_digest=digest,
        method="password",
        created_at=now,
        expires_at=now + timedelta(minutes=5),
    )


def declared_review(cast: Cast, name: str = "Claims assistant") -> Review:
    """A review with declared facts, and a note of counsel's beside it."""
    _product, sheet = make_product(cast, name)
    open_review(sheet=sheet, reason="registered", by=cast.olive)
    statement = declaration_statement(sheet)
    prove(cast.olive, statement.digest)
    review = declare_facts(
        sheet=sheet, by=cast.olive, session_key=VISIT, password="", statement_digest=statement.digest
    )
    CounselNote.objects.create(review=review, number=1, author=cast.rita, text=COUNSEL_NOTE, written_at=timezone.now())
    return review


def sign(review: Review, step: str, person: User) -> Review:
    """Sign one step with a fresh proof."""
    review = Review.objects.get(pk=review.pk)
    statement = prepare_statement(review=review, step_key=step, by=person)
    prove(person, statement.digest)
    sign_step(
        review=review, step_key=step, by=person, session_key=VISIT, password="", statement_digest=statement.digest
    )
    return Review.objects.get(pk=review.pk)


def approved_review(cast: Cast, name: str = "Claims assistant", *, with_condition: bool = True) -> Review:
    """Approved by every signature of its plan: a position is taken, and a condition may be set."""
    review = declared_review(cast, name)
    for number in range(1, 6):
        taken = number == 2
        answer_check(
            review=review,
            number=number,
            answer="position_taken" if taken else "met",
            reasoning=f"Reasoning {number} of Rita's: counted and compared.\nA second line <i>not in italics</i>.",
            clauses=["AUP 2.a"] if taken else ["LICENSE 1.b.i", "LICENSE 2"],
            reading="Talking about otters is no splashing." if taken else "",
            residual_risk="Somebody may feel splashed." if taken else "",
            by=cast.rita,
        )
    if with_condition:
        add_condition(
            review=review,
            kind="before_go_live",
            text="Show the words on the about page.",
            owner=cast.petra,
            by=cast.rita,
        )
    review = sign(review, "reviewer", cast.rita)
    for step, person in (("attribution_owner", cast.petra), ("risk_owner", cast.ravi), ("approver", cast.leo)):
        if review.steps.filter(round=review.round, key=step).exists():
            review = sign(review, step, person)
    assert review.decided_at is not None
    return review


def rejected_review(cast: Cast, name: str = "Refused assistant") -> Review:
    """Rejected before anybody signed."""
    review = declared_review(cast, name)
    return reject(review=review, by=cast.leo, reason="The counterparty has not been named.")


def see_the_attribution(cast: Cast, review: Review) -> None:
    """A sighting after the decision, which must not change what was signed."""
    record_attribution_sighting(
        component=review.component, observed_on=date(2026, 11, 1), seen=True, by=cast.petra, text="Built with Llama"
    )
