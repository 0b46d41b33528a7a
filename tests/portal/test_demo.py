"""The demo: every product is in the state promised, a second seed is idle, and only a demo has it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from deployments.actions.products import rename_product
from deployments.models import Approval, LegalEntity, ModelSheet, Product, StopDuty
from foundation.accounts.actions import authenticate_token, deactivate_person
from foundation.accounts.models import MachineToken, User
from foundation.accounts.queries import roles_of
from foundation.accounts.roles import Role
from foundation.audit.actors import Actor
from foundation.audit.models import Event
from foundation.jobs.actions import run
from foundation.jobs.models import Job
from gate.actions import ask
from licences.actions import import_folder, sync_catalogue
from licences.models import LlamaVersion, VersionDraft
from portal.demo import seeding
from portal.demo.people import PASSWORD, PEOPLE
from portal.demo.products import PLANS
from portal.portfolio_rows import portfolio_rows
from portal.prepare import refuse_demo_people
from reviews.examined import findings_of
from reviews.models import PositionTaken, Review

FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the demo signs some forty times


class Promise(NamedTuple):
    """What a product of the demo shows: its newest review of a model, and what the gate says in production."""

    product: str
    model: str
    environment: str
    product_state: str
    review: str
    gate: str
    because: str  # words of a reason that the gate gives
    badge: str  # the portfolio's word for production; empty where nothing runs there


PROMISES = [
    Promise(
        "Harbour Desk",
        "meta-llama/Llama-3.1-70B-Instruct",
        "Production US",
        "active",
        "approved",
        "allow",
        "approves this on Llama 3.1",
        "in_force",
    ),
    Promise(
        "Harbour Desk",
        "meta-llama/Llama-4-Scout-17B-16E-Instruct",
        "Production US",
        "active",
        "in_review",
        "pending",
        "Nothing is approved for component “Chat model” on Llama 4",
        "in_force",
    ),
    Promise(
        "Clause Finder",
        "meta-llama/Llama-2-13b-chat-hf",
        "Production EU",
        "active",
        "approved",
        "deny",
        "The approval ended on",
        "expired",
    ),
    Promise(
        "Norrbro Answers",
        "meta-llama/Meta-Llama-3-70B-Instruct",
        "Production EU",
        "active",
        "in_review",
        "pending",
        "is now “Customers or partners, Our employees, Anyone: the public”",
        "stale",
    ),
    Promise(
        "Claim Photo Reader",
        "meta-llama/Llama-3.2-11B-Vision-Instruct",
        "Production EU",
        "active",
        "rejected",
        "deny",
        "Rejected",
        "",
    ),
    Promise(
        "Meeting Notes",
        "meta-llama/Llama-3.2-3B-Instruct",
        "Production EU",
        "active",
        "approved",
        "allow",
        "approves this on Llama 3.2",
        "in_force",
    ),
    Promise(
        "Travel Desk",
        "meta-llama/Llama-3.3-70B-Instruct",
        "Production US",
        "active",
        "approved_with_conditions",
        "deny",
        "must hold before go-live",
        "",
    ),
    Promise(
        "Tender Writer",
        "norrbro/NorrbroTender-Llama-3.1-8B",
        "Production EU",
        "active",
        "changes_requested",
        "pending",
        "Changes requested",
        "",
    ),
    Promise(
        "Report Distiller",
        "meta-llama/Meta-Llama-3-70B-Instruct",
        "Production US",
        "active",
        "rejected",
        "deny",
        "Rejected",
        "",
    ),
    Promise(
        "Edge Reader",
        "norrbro/Llama-3.2-Norrbro-Edge-1B",
        "Release to customers",
        "active",
        "approved",
        "allow",
        "approves this on Llama 3.2",
        "in_force",
    ),
    Promise(
        "Ticket Triage",
        "meta.llama4-maverick-17b-instruct-v1:0",
        "Production EU",
        "active",
        "approved",
        "allow",
        "approves this on Llama 4",
        "in_force",
    ),
    Promise(
        "Policy Search",
        "meta-llama/Llama-2-7b-chat-hf",
        "Production EU",
        "retired",
        "terminated",
        "deny",
        "is retired",
        "",
    ),
    Promise(
        "Sales Coach",
        "meta-llama/Llama-3.1-8B-Instruct",
        "Production US",
        "draft",
        "facts_needed",
        "pending",
        "Waiting for facts",
        "no_approval",
    ),
]


@pytest.fixture(scope="class")
def demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, official_texts: Path
) -> Iterator[str]:
    """The seeded demo, made once for the class inside a transaction that is rolled back; what the command printed."""
    with (
        django_db_blocker.unblock(),
        override_settings(
            DEMO=True,
            COMPANY_NAME="Norrbro Group",
            BLOB_DIR=tmp_path_factory.mktemp("blobs"),
            PASSWORD_HASHERS=FAST,
        ),
        rolled_back(),
    ):
        cache.clear()
        sync_catalogue(by=Actor.system("seed"))
        import_folder(folder=official_texts, imported_by=Actor.system("seed"))
        yield printed_by_seed_demo()


@pytest.fixture
def is_a_demo(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DEMO = True
    settings.BLOB_DIR = tmp_path
    settings.PASSWORD_HASHERS = FAST
    cache.clear()
    sync_catalogue(by=Actor.system("seed"))


class rolled_back(transaction.Atomic):  # noqa: N801 - reads as what it does
    """Like the transaction around a TestCase: durable blocks may nest in it, and nothing of it stays."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)
        self._from_testcase = True

    def __exit__(self, *details: Any) -> None:
        transaction.set_rollback(True)
        super().__exit__(*details)


def printed_by_seed_demo() -> str:
    out = io.StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def newest_review(product: str, model: str) -> Review:
    return Review.objects.filter(component__product__name=product, sheet__raw_model_id=model).latest("pk")


def statuses(review: Review) -> dict[str, str]:
    return {finding["key"]: finding["status"] for finding in findings_of(review)}


@pytest.mark.official_texts
@pytest.mark.django_db
class TestTheSeededDemo:
    @pytest.mark.parametrize("promised", PROMISES, ids=lambda one: f"{one.product} {one.model.rpartition('/')[2]}")
    def test_each_product_is_in_the_state_promised(self, demo: str, promised: Promise) -> None:
        product = Product.objects.get(name=promised.product)
        said = ask(product=product.reference, environment=promised.environment, model=promised.model)
        (row,) = portfolio_rows([product.pk], timezone.now())

        assert product.state == promised.product_state
        assert newest_review(promised.product, promised.model).state == promised.review
        assert said.answer.decision == promised.gate
        assert any(promised.because in reason for reason in said.answer.reasons), said.answer.reasons
        assert row.worst == promised.badge

    def test_all_six_versions_and_twelve_products_are_in_it(self, demo: str) -> None:
        assert set(ModelSheet.objects.values_list("version__slug", flat=True)) == set(
            LlamaVersion.objects.values_list("slug", flat=True)
        )
        assert Product.objects.count() == len(PLANS) == 12
        assert {promised.product for promised in PROMISES} == {plan.name for plan in PLANS}

    def test_a_second_run_adds_no_event_and_shows_no_token_again(self, demo: str) -> None:
        events, jobs = Event.objects.count(), Job.objects.count()
        again = printed_by_seed_demo()

        assert (Event.objects.count(), Job.objects.count()) == (events, jobs)
        assert "ldt_" in demo
        assert "ldt_" not in again
        assert "olive@norrbro.example" in again
        assert PASSWORD in again

    def test_every_demo_person_can_sign_in_and_only_the_stranger_has_no_role(self, demo: str) -> None:
        people = {person.email: person for person in User.objects.all()}

        assert set(people) == {one.email for one in PEOPLE}
        assert all(person.check_password(PASSWORD) for person in people.values())
        assert [email for email, person in people.items() if not roles_of(person)] == ["sam@norrbro.example"]
        assert set(Role.values) == {role for person in people.values() for role in roles_of(person)}
        assert not Product.objects.visible_to(people["sam@norrbro.example"]).exists()
        assert people["anna@norrbro.example"].expires_at is not None

    def test_the_printed_token_opens_the_gate(self, demo: str) -> None:
        clear = next(line.strip() for line in demo.splitlines() if line.strip().startswith("ldt_"))

        assert authenticate_token(f"Bearer {clear}", "gate:check") == MachineToken.objects.get()

    def test_the_companies_have_every_fact_that_the_rules_ask_for_and_one_acceptance_is_not_evidenced(
        self, demo: str
    ) -> None:
        companies = LegalEntity.objects.all()

        assert {(one.name, one.principal_places.get().country) for one in companies} == {
            ("Norrbro Inc.", "US"),
            ("Norrbro B.V.", "NL"),
            ("Norrbro AS", "NO"),
        }
        assert all(one.mau_figures.count() == one.acceptances.count() == 6 for one in companies)
        assert {one.litigation_statements.get().answer for one in companies} == {"no"}
        (missing,) = [acceptance for one in companies for acceptance in one.acceptances.filter(state="not_evidenced")]
        assert (missing.entity.name, missing.version.slug) == ("Norrbro B.V.", "llama-4")

    def test_the_rejections_rest_on_the_clauses_promised_and_open_stop_duties_where_something_runs(
        self, demo: str
    ) -> None:
        vision = newest_review("Claim Photo Reader", "meta-llama/Llama-3.2-11B-Vision-Instruct")
        student = newest_review("Report Distiller", "meta-llama/Meta-Llama-3-70B-Instruct")

        assert statuses(vision)["eu-multimodal"] == "prohibited"
        assert statuses(student)["improvement"] == "prohibited"
        assert "1.b.v" in student.state_reason
        assert {duty.component.product.name for duty in StopDuty.objects.filter(closed_at=None)} == {
            "Claim Photo Reader",
            "Report Distiller",
        }

    def test_the_text_model_of_the_same_version_and_company_is_not_caught(self, demo: str) -> None:
        review = newest_review("Meeting Notes", "meta-llama/Llama-3.2-3B-Instruct")

        assert review.licensee is not None
        assert review.licensee.name == "Norrbro B.V."
        assert statuses(review)["eu-multimodal"] == "not_applicable"

    def test_going_public_needs_both_display_texts(self, demo: str) -> None:
        review = newest_review("Norrbro Answers", "meta-llama/Meta-Llama-3-70B-Instruct")
        (display,) = [finding for finding in findings_of(review) if finding["key"] == "union:display"]

        assert display["status"] == "action_needed"
        assert display["parameters"]["texts"] == "Built with Meta Llama 3\nBuilt with Llama"
        assert review.reason == "facts_changed"

    def test_the_wrong_name_is_the_finding_that_sent_it_back(self, demo: str) -> None:
        review = newest_review("Tender Writer", "norrbro/NorrbroTender-Llama-3.1-8B")

        assert statuses(review)["name"] == "action_needed"
        assert review.checks.get(number=4).answer == "not_met"

    def test_shipped_weights_have_their_agreement_their_notice_and_their_name(self, demo: str) -> None:
        found = statuses(newest_review("Edge Reader", "norrbro/Llama-3.2-Norrbro-Edge-1B"))

        assert {found[key] for key in ("copy", "notice", "name", "display")} == {"satisfied"}

    def test_the_position_is_signed_for_by_the_risk_owner(self, demo: str) -> None:
        review = newest_review("Ticket Triage", "meta.llama4-maverick-17b-instruct-v1:0")

        assert PositionTaken.objects.get(check_row__review=review).check_row.number == 5
        assert set(review.sign_offs.values_list("step__key", "person__email")) == {
            ("reviewer", "rita@norrbro.example"),
            ("attribution_owner", "petra@norrbro.example"),
            ("risk_owner", "ravi@norrbro.example"),
            ("approver", "leo@norrbro.example"),
        }

    def test_the_retired_product_has_its_deletion_certified(self, demo: str) -> None:
        duty = StopDuty.objects.get(component__product__name="Policy Search")

        assert duty.closed_at is not None
        assert not duty.items.filter(done_at=None).exists()
        approval = Approval.objects.get(component=duty.component)
        assert approval.state == "terminated"
        assert "The product was retired on" in approval.state_reason

    def test_what_runs_with_an_approval_says_which_and_two_products_run_without_one(self, demo: str) -> None:
        approved = {row.component.product.name for row in Approval.objects.select_related("component__product")}
        running = {
            rollout.component.product.name
            for product in Product.objects.all()
            for component in product.components.all()
            for rollout in component.rollouts.filter(deployment__is_production=True, running=True, approval=None)
        }

        assert "Sales Coach" not in approved
        assert running == {"Sales Coach", "Clause Finder"}

    def test_every_story_was_told_by_a_job_that_is_done(self, demo: str) -> None:
        assert list(Job.objects.filter(kind=seeding.TELL).values_list("state", flat=True)) == ["done"] * 12

    def test_where_the_demo_was_made_a_portal_without_it_does_not_start(self, demo: str) -> None:
        with pytest.raises(CommandError, match="public password"):
            refuse_demo_people()


def test_it_refuses_to_make_a_demo_where_there_is_none(db: None, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="there is no demo here"):
        call_command("seed_demo")

    assert not User.objects.exists()
    assert not Event.objects.exists()


def test_it_asks_for_the_catalogue_first(db: None, settings: Any) -> None:
    settings.DEMO = True
    with pytest.raises(CommandError, match="The catalogue is empty"):
        call_command("seed_demo", stdout=io.StringIO())


def test_without_texts_products_are_registered_and_wait_and_say_so(is_a_demo: None) -> None:
    said = printed_by_seed_demo()

    assert "12 demo products wait for licence texts" in said
    assert Product.objects.filter(state="draft").count() == 12
    assert not Review.objects.exclude(state="facts_needed").exists()
    assert not VersionDraft.objects.exists()


def test_a_product_that_was_renamed_is_not_registered_a_second_time(is_a_demo: None) -> None:
    printed_by_seed_demo()
    product = Product.objects.get(name="Meeting Notes")
    rename_product(product=product, name="Minutes", by=product.owner)
    Job.objects.filter(kind=seeding.WAIT).delete()  # as after a crash before the last registration
    printed_by_seed_demo()

    assert Product.objects.count() == 12


def test_the_wait_asks_again_later_and_less_often(is_a_demo: None) -> None:
    printed_by_seed_demo()
    run(Job.objects.get(kind=seeding.WAIT).pk)

    second = Job.objects.get(kind=seeding.WAIT, state="queued")
    assert second.dedupe.endswith(":1")
    assert timezone.now() < second.run_after <= timezone.now() + seeding.ASKED_FIRST
    with transaction.atomic():
        seeding.look_again(40)
    last = Job.objects.get(dedupe=f"{seeding.WAIT}:41")
    assert last.run_after > timezone.now() + seeding.ASKED_AT_MOST_EVERY - seeding.ASKED_FIRST


@pytest.mark.official_texts
def test_once_texts_are_imported_the_waiting_products_go_on(is_a_demo: None, official_texts: Path) -> None:
    printed_by_seed_demo()
    import_folder(folder=official_texts, imported_by=Actor.system("seed"))
    run(Job.objects.get(kind=seeding.WAIT).pk)
    story = Job.objects.get(dedupe=f"{seeding.TELL}:meeting-notes")
    run(story.pk)

    story.refresh_from_db()
    assert (story.state, story.last_error) == ("done", "")
    approval = Approval.objects.get(component__product__name="Meeting Notes")
    accepted = approval.licensee.acceptances.filter(version=approval.version).latest("pk")
    assert accepted.agreement == approval.agreement  # the text is named although it came after the acceptance
    assert not Job.objects.filter(kind=seeding.WAIT, state="queued").exists()
    assert not VersionDraft.objects.exists()
    run(Job.objects.get(kind=seeding.DRAFT).pk)
    assert VersionDraft.objects.get().decided


@pytest.mark.official_texts
def test_a_story_that_broke_off_goes_on_where_it_was(
    is_a_demo: None, official_texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed_by_seed_demo()
    import_folder(folder=official_texts, imported_by=Actor.system("seed"))
    with monkeypatch.context() as broken:
        broken.setattr("portal.demo.stories.sign_all", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            seeding.tell("meeting-notes")
    events = Event.objects.filter(kind="review.check_answered").count()
    seeding.tell("meeting-notes")

    assert Approval.objects.filter(component__product__name="Meeting Notes").exists()
    assert Event.objects.filter(kind="review.check_answered").count() == events == 5


@pytest.mark.official_texts
def test_what_somebody_changed_before_is_respected_and_said(is_a_demo: None, official_texts: Path) -> None:
    printed_by_seed_demo()
    deactivate_person(by=Actor.system("seed"), person=User.objects.get(email="oskar@norrbro.example"))
    import_folder(folder=official_texts, imported_by=Actor.system("seed"))
    run(Job.objects.get(kind=seeding.WAIT).pk)
    story = Job.objects.get(dedupe=f"{seeding.TELL}:meeting-notes")
    run(story.pk)

    story.refresh_from_db()
    assert story.state == "dead"
    assert "Meeting Notes stays as it is, because somebody changed it before" in story.last_error


def test_the_stories_are_not_told_once_the_portal_is_no_demo(is_a_demo: None, settings: Any) -> None:
    printed_by_seed_demo()
    settings.DEMO = False
    job = Job.objects.get(kind=seeding.WAIT)
    run(job.pk)

    job.refresh_from_db()
    assert job.state == "dead"
    assert "no demo" in job.last_error


def test_a_portal_that_never_was_a_demo_may_start_without_it(db: None) -> None:
    refuse_demo_people()


def _power_cut(*_args: Any, **_options: Any) -> None:
    raise KeyboardInterrupt
