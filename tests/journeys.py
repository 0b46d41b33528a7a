"""Any state of a review, reached by calling the real actions. Each journey goes on from the one before.

Texts are of our own invention; they are known to no catalogue, so they are accepted by a lawyer first.
"""

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
from deployments.actions.sheets import save_model_answers, save_product_answers
from deployments.models import Component, Deployment, LegalEntity, ModelSheet, Product
from deployments.queries import declaration_statement
from foundation.accounts.company_day import company_day
from foundation.accounts.models import User
from foundation.audit.actors import Actor
from licences.actions import sync_catalogue
from licences.models import LicenceText, LlamaVersion, TextKind
from licences.queries import terms_for
from reviews.actions.answer_check import answer_check
from reviews.actions.choose_version import choose_version
from reviews.actions.declare_facts import declare_facts
from reviews.actions.open_review import open_review
from reviews.actions.sign_step import prepare_statement, sign_step
from reviews.models import Review, SignOff
from tests.cast import PASSWORD, Cast, make_cast
from tests.licences.accepted import accept_invented_texts

VISIT = "a-visit-of-the-tests"
MODEL = "meta-llama/Llama-3.1-8B-Instruct"
PRODUCT_ANSWERS = {
    "purpose": "Answers questions of customers about their orders.",
    "audience": ["customers"],
    "countries": ["US"],
    "aup_screening": ["none"],
    "user_information": ["dangers-in-product", "aup-in-terms"],
}
MODEL_ANSWERS = {
    "route": "meta-download",
    "model_uses": ["none"],
    "attribution_places": ["about-page"],
}


@dataclass
class Journey:
    """What a test has in its hands."""

    cast: Cast
    inc: LegalEntity
    bv: LegalEntity
    product: Product
    component: Component
    production: Deployment
    sheet: ModelSheet
    review: Review

    def fresh(self) -> Review:
        return Review.objects.get(pk=self.review.pk)


def entity(name: str, country: str, by: User) -> LegalEntity:
    """A legal entity with every fact that legal keeps: below the threshold, accepted everywhere, no proceedings."""
    made = create_entity(name=name, country=country, by=by)
    record_principal_place(entity=made, country=country, basis="Head office", effective_on=date(2020, 1, 1), by=by)
    record_litigation(entity=made, answer="no", as_of=company_day(timezone.now()), by=by)
    for month in sorted({terms_for(version).mau_month for version in LlamaVersion.objects.all()}):
        record_mau(entity=made, month=month, figure=3_200_000, counted_how="Signed-in users", source="BI report", by=by)
    for version in LlamaVersion.objects.all():
        record_acceptance(
            entity=made,
            version=version,
            state="accepted",
            accepted_on=date(2025, 5, 1),
            accepted_by="Procurement",
            authority="Signing policy 4",
            platform="Download page",
            how="Click-through",
            agreement=LicenceText.objects.filter(version=version, kind=TextKind.AGREEMENT, is_current=True).first(),
            by=by,
        )
    return made


def registered(
    model: str = MODEL, version: str = "llama-3.1", cast: Cast | None = None, licensee: str = "inc"
) -> Journey:
    """A product whose model is chosen: its review is open and waits for facts."""
    cast = cast or make_cast()
    if not LlamaVersion.objects.exists():
        sync_catalogue(by=Actor.system("tests"))
    accept_invented_texts(cast.rita)
    inc = entity("Norrbro Inc.", "US", cast.rita)
    bv = entity("Norrbro B.V.", "NL", cast.rita)
    product = register_product(
        name="Order Assistant", team=cast.team, licensee=bv if licensee == "bv" else inc, by=cast.olive
    )
    production = add_deployment(product=product, name="Production US", is_production=True, by=cast.olive)
    component = product.components.first() or add_component(product=product, name="Chat model", by=cast.olive)
    sheet, review = choose_version(
        component=component, raw_model_id=model, version=LlamaVersion.objects.get(slug=version), by=cast.olive
    )
    assert review is not None
    return Journey(cast, inc, bv, product, component, production, sheet, review)


def answered_facts(journey: Journey, **model_answers: object) -> Journey:
    """Both sheets are filled in."""
    save_product_answers(product=journey.product, answers=PRODUCT_ANSWERS, by=journey.cast.olive)
    display = terms_for(journey.sheet.version).display if journey.sheet.version else None
    answers = MODEL_ANSWERS | ({"attribution_text": display.text} if display else {}) | model_answers
    if journey.sheet.version and terms_for(journey.sheet.version).eu_multimodal is not None:
        answers = {"multimodal": "yes"} | answers
    save_model_answers(sheet=journey.sheet, answers=answers, by=journey.cast.olive)
    return journey


def declared(journey: Journey | None = None, **model_answers: object) -> Journey:
    """The owner declared; the review is with legal."""
    journey = answered_facts(journey or registered(), **model_answers)
    return declare_now(journey)


def declare_now(journey: Journey) -> Journey:
    """The owner declares the sheets as they stand."""
    journey.sheet.refresh_from_db()
    statement = declaration_statement(journey.sheet)
    declare_facts(
        sheet=journey.sheet,
        by=journey.cast.olive,
        session_key=VISIT,
        password=PASSWORD,
        statement_digest=statement.digest,
    )
    journey.review = Review.objects.get(pk=journey.review.pk)
    return journey


def answered(journey: Journey | None = None) -> Journey:
    """The reviewer answered the five checks."""
    journey = journey or declared()
    if journey.fresh().state == "facts_needed":
        journey = declared(journey)
    for number in range(1, 6):
        answer_check(
            review=journey.review,
            number=number,
            answer="met",
            reasoning=f"Examined for check {number}.",
            by=journey.cast.rita,
        )
    return journey


def sign(journey: Journey, step_key: str, by: User) -> SignOff:
    """Sign one step as the page does."""
    review = journey.fresh()
    statement = prepare_statement(review=review, step_key=step_key, by=by)
    return sign_step(
        review=review,
        step_key=step_key,
        by=by,
        session_key=VISIT,
        password=PASSWORD,
        statement_digest=statement.digest,
        parts_shown=statement.parts_shown,
    )


def signing(journey: Journey | None = None) -> Journey:
    """The reviewer signed the answers; the others may sign."""
    journey = answered(journey)
    sign(journey, "reviewer", journey.cast.rita)
    return journey


def seen(journey: Journey) -> Journey:
    """The attribution owner saw the display."""
    display = terms_for(journey.sheet.version).display if journey.sheet.version else None
    record_attribution_sighting(
        component=journey.component,
        observed_on=company_day(timezone.now()) - timedelta(days=1),
        seen=True,
        text=display.text if display else "",
        address="https://norrbro.example/about",
        by=journey.cast.petra,
    )
    return journey


def approved(journey: Journey | None = None) -> Journey:
    """Everybody signed; the approval is in force."""
    journey = seen(signing(journey))
    keys = set(journey.fresh().steps.filter(round=journey.fresh().round, sign_off=None).values_list("key", flat=True))
    if "attribution_owner" in keys:
        sign(journey, "attribution_owner", journey.cast.petra)
    if "risk_owner" in keys:
        sign(journey, "risk_owner", journey.cast.ravi)
    sign(journey, "approver", journey.cast.leo)
    journey.review = journey.fresh()
    return journey


def reviewed_again(journey: Journey) -> Journey:
    """A new review of the same version: somebody asked for it."""
    journey.review = open_review(sheet=journey.sheet, reason="asked", by=journey.cast.olive)
    return journey
