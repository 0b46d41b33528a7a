"""States of things that no row of the table shows: made by the real actions, and who looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from deployments.actions.environments import add_deployment
from deployments.actions.observations import record_current_mau
from deployments.actions.products import set_entity_role
from deployments.actions.questions import answer_question, ask_colleague
from deployments.actions.sheets import save_model_answers, save_product_answers
from deployments.actions.stop_duties import complete_item
from foundation.accounts.actions import deactivate_person
from foundation.accounts.company_day import company_day
from foundation.jobs.models import Job
from licences.actions import accept_text, ask_for_text, import_text
from licences.models import AddressCheck, LlamaVersion, TextKind
from notifications.actions import read_log
from reviews.actions.choose_version import choose_version
from reviews.actions.conditions import add_condition, report_breach
from reviews.actions.messages import write_counsel_note, write_message
from reviews.actions.moves import close_not_llama, reject, request_changes, revoke, suspend
from reviews.actions.record_rollout import record_checked_rollout
from reviews.actions.retire_product import retire_product
from tests import journeys
from tests.browser.pages import Page
from tests.cast import SYSTEM
from tests.journeys import Journey
from tests.licences.texts import AGREEMENT, AUP
from tests.surface.world import World, another

# Answers that call for as many further questions as there are.
EVERYTHING_TOUCHED = {
    "purpose": "Answers questions of patients.",
    "audience": ["customers", "public"],
    "countries": ["US", "NO"],
    "aup_screening": ["health"],
    "user_information": ["dangers-in-product"],
}
EVERYTHING_DONE = {
    "route": "redistributor",
    "model_uses": ["changed", "outputs", "passed-on"],
    "output_uses": ["same-version"],
    "distribution_files": ["agreement", "notice"],
    "attribution_places": ["about-page"],
}


def asked_everything(world: World) -> Journey:
    """A registration whose answers so far, and whose version, call for every further question."""
    journey = another(world.facts, "Ward Assistant")
    journey.sheet, _review = choose_version(
        component=journey.component,
        raw_model_id="meta-llama/Llama-4-Scout-17B-16E",
        version=LlamaVersion.objects.get(slug="llama-4"),
        by=world.cast.olive,
    )
    save_product_answers(product=journey.product, answers=EVERYTHING_TOUCHED, by=world.cast.olive)
    save_model_answers(sheet=journey.sheet, answers=EVERYTHING_DONE, by=world.cast.olive)
    journey.sheet.refresh_from_db()
    return journey


def of_products(world: World) -> Iterator[Page]:
    """A product that runs with and without an approval, one that is retired, and pages that follow from their rows."""
    olive, approved = world.cast.olive, world.approved
    set_entity_role(product=approved.product, entity=world.facts.bv, role="operator", by=olive)
    unapproved = add_deployment(product=approved.product, name="Production EU", is_production=True, by=olive)
    rollouts = [
        record_checked_rollout(
            component=approved.component,
            deployment=place,
            version=approved.sheet.version,
            raw_model_id=journeys.MODEL,
            effective_at=timezone.now() - timedelta(hours=1),
            note="Blue, then green.",
            by=olive,
        )
        for place in (approved.production, unapproved)
    ]
    record_current_mau(
        component=approved.component, observed_on=company_day(timezone.now()), figure=52_000, text="BI", by=olive
    )
    yield Page("product-running", "O", _product(approved))
    yield Page("product-as-it-was", "O", f"{_product(approved)}?as_of=2025-01-01&known_at=2025-01-01")
    yield Page("portfolio-running", "L", "/portfolio/")
    yield Page("rollout-corrected", "O", reverse("portal:correct-rollout", args=[rollouts[0].reference]))
    yield Page("companies-behind", "O", reverse("deployments:entity-role", args=[approved.product.reference]))
    yield Page(
        "company-removed",
        "O",
        reverse(
            "deployments:entity-role-remove", args=[approved.product.reference, world.facts.bv.reference, "operator"]
        ),
    )
    retired = journeys.approved(journeys.declared(another(world.facts, "Retired")))
    retire_product(product=retired.product, reason="Nobody used it.", by=olive)
    yield Page("product-retired", "O", _product(retired))
    for item in world.duty.items.exclude(kind="backups").order_by("pk"):  # the certificate comes last
        complete_item(item=item, note="Wiped by the platform team.", by=olive)
    yield Page("stop-duty-certified", "O", reverse("deployments:stop-duty", args=[world.duty.reference]))


def of_registration(world: World) -> Iterator[Page]:
    """The looks that a registration takes on the way."""
    product, component = world.facts.product, world.facts.component
    registration = reverse("deployments:registration", args=[product.reference])
    choose = reverse("portal:choose-model", args=[component.reference])
    yield Page("registration-begun", "O", f"{registration}?sheet={world.facts.sheet.reference}")
    yield Page("model-proposed", "O", f"{choose}?model=llama3.1:8b")
    yield Page("model-unknown", "O", f"{choose}?model=our-own-tune")
    yield Page("model-of-another-family", "O", f"{choose}?model=mistralai/Mistral-7B-v0.1")
    yield Page("model-in-conflict", "O", f"{choose}?model=deepseek-r1:8b")
    answered = ask_colleague(
        product=product, field_key="purpose", asked_of=world.cast.petra, note="Only you know.", by=world.cast.olive
    )
    waiting = ask_colleague(
        product=product, field_key="audience", asked_of=world.cast.petra, note="Who else?", by=world.cast.olive
    )
    answer_question(question=answered, value="Answers questions.", note="As agreed.", by=world.cast.petra)
    yield Page("question-answered", "P", reverse("deployments:answer", args=[answered.pk]))
    yield Page("question-with-a-note", "P", reverse("deployments:answer", args=[waiting.pk]))
    yield Page("product-asked-about", "O", _product(world.facts))


def of_reviews(world: World) -> Iterator[Page]:
    """A review in each of its states, by those who meet it."""
    cast, review = world.cast, world.review.fresh()
    write_message(review=review, kind="question", text="Since when?", check_number=3, by=cast.rita)
    write_message(review=review, kind="answer", text="Since May.", by=cast.olive)
    write_counsel_note(review=review, text="Between us.", by=cast.rita)
    yield Page("review-by-the-reviewer", "R", f"{_review(world.review)}?check=3")
    yield Page("review-by-the-owner", "O", f"{_review(world.review)}?doc=aup")
    yield Page("review-facts-needed", "O", _review(world.facts))
    yield Page("review-being-signed", "L", _review(world.signing))
    yield Page("review-suspended", "L", _review(world.suspended))
    yield Page("review-parked", "R", _review(world.parked))
    yield Page("condition-met", "P", reverse("reviews:condition", args=[world.documented.reference]))
    ended = {
        "sent-back": lambda one: request_changes(review=one.fresh(), reason="Say more.", by=cast.rita),
        "rejected": lambda one: reject(review=one.fresh(), reason="Not this way.", by=cast.leo),
        "not-llama": lambda one: close_not_llama(review=one.fresh(), reason="Apache 2.0", by=cast.rita),
    }
    for name, end in ended.items():
        journey = journeys.declared(another(world.facts, f"It is {name}"))
        end(journey)
        yield Page(f"review-{name}", "O", _review(journey))
    revoke(review=world.suspended.fresh(), reason="For good.", by=cast.leo)
    yield Page("review-revoked", "L", _review(world.suspended))


def of_texts(world: World) -> Iterator[Page]:
    """A reworded agreement: compared, accepted, and met by a review of what was approved under the words before."""
    version = LlamaVersion.objects.get(slug="llama-3.1")
    words = AGREEMENT.replace("Otter 2", version.name).replace(
        "Lend no otter to a heron.", "Lend otters to gulls only."
    )
    reworded = import_text(
        version=version, kind=TextKind.AGREEMENT, data=words.encode(), source="invented", imported_by=SYSTEM
    )
    same = f"/licences/compare/{version.slug}/{version.slug}/?doc=agreement&to={reworded.sha256}"
    for view in ("redline", "split", "clean"):
        yield Page(f"compare-{view}", "R", f"{same}&view={view}")
    yield Page("compare-changed-only", "R", f"{same}&show=changed")
    yield Page("compare-letter", "R", f"{same}&letter=1")
    yield Page("compare-choose-texts", "R", f"/licences/compare/?old={version.slug}&new={version.slug}&doc=agreement")
    broken = import_text(
        version=version,
        kind=TextKind.AGREEMENT,
        data=words.replace("2. Herons.", "4. Herons.").encode(),
        source="invented",
        imported_by=SYSTEM,
    )
    yield Page("compare-raw-text", "R", f"{same.partition('&to=')[0]}&to={broken.sha256}")
    yield Page("compare-neighbours", "R", "/licences/compare/llama-3.1/llama-3.2/")
    yield Page("compare-policy-in-two-places", "R", _policy_in_two_places(world))
    yield Page("compare-what-did-not-change", "R", "/licences/compare/llama-3.3/llama-4/?doc=aup&show=changed")
    yield Page("version-with-candidates", "C", f"/licences/{version.slug}/")
    for name in ("on-its-way", "not-there"):
        address = f"https://otters.example/{name}/LICENSE.md"
        ask_for_text(version=version, kind=TextKind.AGREEMENT, address=address, by=world.cast.leo)
    AddressCheck.objects.filter(address__contains="not-there").update(
        outcome="not_there", problem="otters.example answered with status 404. Check the address."
    )
    yield Page("version-with-addresses-given", "R", f"/licences/{version.slug}/")
    accept_text(text=reworded, by=world.cast.rita, note="Read.")
    again = journeys.reviewed_again(replace(world.approved))
    yield Page("review-again-before-the-facts", "R", _review(again))
    journeys.declare_now(again)
    for view in ("redline", "split", "clean"):
        yield Page(f"review-again-{view}", "R", f"{_review(again)}?view={view}")


def _policy_in_two_places(world: World) -> str:
    """A version whose agreement goes on with a second copy of its policy, as Llama 3's does."""
    version = LlamaVersion.objects.get(slug="llama-2")
    second = AUP.replace("    1. Lie about fish", "    1. Lie about fish and otters").replace("Otter 2", version.name)
    for kind, words in ((TextKind.AUP, AUP), (TextKind.AGREEMENT, f"{AGREEMENT}\n{second}")):
        text = import_text(
            version=version, kind=kind, data=words.encode(), source="invented in two places", imported_by=SYSTEM
        )
        if not text.is_current:
            accept_text(text=text, by=world.cast.rita, note="Read.")
    return f"/licences/compare/{version.slug}/{version.slug}/?doc=appended"


def of_conditions(world: World) -> Iterator[Page]:
    """Conditions of an approval: due, and broken."""
    journey = journeys.answered(journeys.declared(another(world.facts, "With conditions")))
    due = add_condition(
        review=journey.fresh(),
        kind="by_date",
        text="Show the display in the app, too.",
        owner=world.cast.petra,
        due_on=company_day(timezone.now()) + timedelta(days=3),
        by=world.cast.rita,
    )
    broken = add_condition(
        review=journey.fresh(), kind="continuous", text="Filters stay on.", owner=world.cast.petra, by=world.cast.rita
    )
    journeys.sign(journey, "reviewer", world.cast.rita)
    journeys.seen(journey)
    journeys.sign(journey, "attribution_owner", world.cast.petra)
    journeys.sign(journey, "approver", world.cast.leo)
    report_breach(condition=broken, note="A release switched them off.", by=world.cast.petra)
    yield Page("conditions-due", "P", "/reviews/conditions/")
    yield Page("condition-by-a-date", "P", reverse("reviews:condition", args=[due.reference]))
    yield Page("condition-broken", "P", reverse("reviews:condition", args=[broken.reference]))
    yield Page("review-with-conditions", "L", _review(journey))
    yield Page("work-of-the-attribution-owner", "P", "/")


def of_records(world: World) -> Iterator[Page]:
    """A record that is being made, one that could not be, and one whose approval no longer counts."""
    suspend(review=world.approved.fresh(), by=world.cast.leo, reason="A doubt came up.")
    yield Page("record-of-what-is-suspended", "A", reverse("evidence:record", args=[world.approved.review.reference]))
    making = journeys.approved(journeys.declared(another(world.facts, "Being recorded")))
    yield Page("record-being-made", "A", reverse("evidence:record", args=[making.review.reference]))
    Job.objects.filter(ref=world.suspended.review.reference, kind="evidence.build_pack").update(
        state="dead", finished_at=timezone.now(), last_error="The text of the agreement is damaged on the disk."
    )
    yield Page("record-given-up", "L", reverse("evidence:record", args=[world.suspended.review.reference]))
    yield Page("jobs-given-up", "D", "/jobs/")


def of_the_rest(world: World) -> Iterator[Page]:
    """Lists with and without anything in them, views of the texts, and people who left."""
    read_log()
    deactivate_person(person=world.cast.sam, by=SYSTEM)
    yield Page("person-who-left", "D", reverse("accounts:person", args=[world.cast.sam.reference]))
    yield Page("notices", "O", "/notices/")
    yield Page("notices-unread", "P", "/notices/?unread=1")
    for name, path in {
        "search": "/search/?q=zebra",
        "products": "/products/?q=zebra",
        "reviews": "/reviews/?q=zebra",
        "portfolio": "/portfolio/?q=zebra",
        "records": "/records/?product=zebra",
        "log": "/log/?subject=REV-99999",
    }.items():
        yield Page(f"{name}-without-a-hit", "A", path)
    yield Page("search-by-a-version", "L", "/search/?q=llama-3.1")
    yield Page("search-not-asked", "L", "/search/")
    yield Page("model-name-unknown", "C", "/licences/model-names/?id=our-own-tune")
    yield Page("model-name-in-conflict", "C", "/licences/model-names/?id=deepseek-r1:8b")
    yield Page("entity-as-it-was", "R", f"/entities/{world.facts.inc.reference}/?on=2021-01-01&known_on=2021-01-01")
    yield Page("log-of-a-review", "A", f"/log/?subject={world.approved.review.reference}")
    yield Page("style", "C", "/style/")


def _product(journey: Journey) -> str:
    return reverse("portal:product", args=[journey.product.reference])


def _review(journey: Journey) -> str:
    return reverse("reviews:detail", args=[journey.review.reference])


STATES = (of_registration, of_products, of_reviews, of_texts, of_conditions, of_records, of_the_rest)
