"""People who act on one thing at the same moment, each with a database connection of their own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from deployments.actions.components import add_component
from deployments.errors import DeploymentError
from deployments.models import Approval, Declaration
from deployments.queries import declaration_statement
from foundation.accounts.errors import AccountError
from foundation.accounts.models import User
from foundation.accounts.policy import NotAllowed
from foundation.accounts.roles import Role
from foundation.audit.models import Event
from foundation.audit.verify import verify_chain
from licences.models import LlamaVersion
from reviews.actions.choose_version import choose_version
from reviews.actions.conditions import add_condition
from reviews.actions.declare_facts import declare_facts
from reviews.actions.retire_product import retire_product
from reviews.actions.sign_step import prepare_statement, sign_step
from reviews.errors import ChangedMeanwhile, ReviewError
from reviews.examined import digests_of_parts, read_parts
from reviews.models import Condition, Review, SignOff
from tests import journeys
from tests.cast import PASSWORD, make_person
from tests.journeys import Journey
from tests.surface.world import another, own_places

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], object]
# What an overtaken person is told. Anything else, such as a deadlock or a broken constraint, fails the test.
REFUSALS = (NotAllowed, ReviewError, ChangedMeanwhile, DeploymentError, AccountError)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path) -> Iterator[None]:
    with own_places(tmp_path):
        yield


@pytest.fixture(autouse=True)
def the_log_is_intact_afterwards(transactional_db: None) -> Iterator[None]:
    yield
    verification = verify_chain()
    assert verification.ok, verification.sentence


def at_once(acts: Sequence[Act], *, first_writes: str = "") -> list[object]:
    """Start all together: what each returned, or the refusal that it met.

    With `first_writes`, the first act holds its locks, once it has written into that table, until the others have
    started: so it is the first for certain, and the others really wait for it.
    """
    ready = threading.Barrier(len(acts))
    written = threading.Event()

    def holding(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith(f'INSERT INTO "{first_writes}"'):
            written.set()
            time.sleep(0.3)
        return answer

    def start(number: int, act: Act) -> object:
        try:
            connection.ensure_connection()
            ready.wait(timeout=20)
            if not first_writes:
                return act()
            if number == 0:
                with connection.execute_wrapper(holding):
                    return act()
            assert written.wait(timeout=20), f"nobody wrote into {first_writes}"
            return act()
        except REFUSALS as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(start, number, act) for number, act in enumerate(acts)]
        return [future.result(timeout=60) for future in running]


def done(outcomes: Sequence[object]) -> list[Any]:
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)]


def ready_for_the_approver(journey: Journey) -> Journey:
    """Everybody but the approver has signed."""
    journey = journeys.seen(journeys.signing(journeys.declared(journey)))
    others = journey.fresh().steps.filter(sign_off=None, round=journey.fresh().round).exclude(key="approver")
    signers = {"attribution_owner": journey.cast.petra, "risk_owner": journey.cast.ravi}
    for key in others.values_list("key", flat=True):
        journeys.sign(journey, key, signers[key])
    return journey


def signature(journey: Journey, step: str, by: User) -> Act:
    """The page was read before; what runs in the race is the button."""
    review = journey.fresh()
    statement = prepare_statement(review=review, step_key=step, by=by)

    def press() -> SignOff:
        return sign_step(
            review=review,
            step_key=step,
            by=by,
            session_key=f"visit-of-{by.pk}",
            password=PASSWORD,
            statement_digest=statement.digest,
            parts_shown=statement.parts_shown,
        )

    return press


def approvals_of(journey: Journey) -> list[Approval]:
    return list(Approval.objects.filter(review_reference=journey.review.reference))


def test_of_three_who_sign_the_approver_step_at_once_one_signs_and_one_approval_is_made():
    journey = ready_for_the_approver(journeys.registered())
    lawyers = [make_person(name, role=Role.LEGAL_APPROVER) for name in ("Lena Lawyer", "Lars Lawyer")]
    outcomes = at_once([signature(journey, "approver", by) for by in (journey.cast.leo, *lawyers)])
    [signed] = done(outcomes)
    assert SignOff.objects.get(review=journey.review, step__key="approver") == signed
    assert len(approvals_of(journey)) == 1
    assert journey.fresh().state == "approved"
    assert Event.objects.filter(kind="review.approved", subject=journey.review.reference).count() == 1


def test_one_person_who_presses_the_button_twice_signs_once():
    journey = ready_for_the_approver(journeys.registered())
    outcomes = at_once([signature(journey, "approver", journey.cast.leo) for _ in range(2)])
    assert len(done(outcomes)) == 1
    assert len(approvals_of(journey)) == 1


def test_the_last_two_signatures_at_once_make_one_approval():
    """Each of the two could believe that the other is still missing, and nobody would approve."""
    journey = journeys.seen(journeys.signing())
    outcomes = at_once(
        [
            signature(journey, "attribution_owner", journey.cast.petra),
            signature(journey, "approver", journey.cast.leo),
        ]
    )
    assert len(done(outcomes)) == 2, outcomes
    assert len(approvals_of(journey)) == 1
    assert journey.fresh().state == "approved"


def setting_a_condition(journey: Journey) -> Act:
    return lambda: add_condition(
        review=journey.review,
        kind="before_go_live",
        text="Show it.",
        owner=journey.cast.petra,
        by=journey.cast.leo,
    )


def assert_signed_as_it_stands(journey: Journey, signed: object) -> None:
    """The approval is of exactly the conditions that the approver signed."""
    assert isinstance(signed, SignOff), signed
    assert len(approvals_of(journey)) == 1
    assert (
        json.loads(signed.document)["covers"]["conditions"]
        == digests_of_parts(read_parts(journey.fresh()))["conditions"]
    )
    assert not journey.fresh().conditions.exists()


def assert_only_the_condition_stands(journey: Journey, signed: object) -> None:
    assert isinstance(signed, ChangedMeanwhile), signed
    assert approvals_of(journey) == []
    assert journey.fresh().conditions.count() == 1
    assert journey.fresh().state == "signing"


def test_a_condition_set_while_the_approver_signs_is_in_what_was_signed_or_is_refused():
    first = journeys.registered()
    for number in range(3):
        journey = ready_for_the_approver(another(first, f"Product {number}"))
        condition, signed = at_once([setting_a_condition(journey), signature(journey, "approver", journey.cast.leo)])
        assert len(done([condition, signed])) == 1, (condition, signed)
        if isinstance(condition, Condition):
            assert_only_the_condition_stands(journey, signed)
        else:
            assert_signed_as_it_stands(journey, signed)


def test_an_approver_who_waits_for_a_condition_to_be_set_does_not_approve():
    journey = ready_for_the_approver(journeys.registered())
    acts = [setting_a_condition(journey), signature(journey, "approver", journey.cast.leo)]
    condition, signed = at_once(acts, first_writes="reviews_condition")
    assert isinstance(condition, Condition), condition
    assert_only_the_condition_stands(journey, signed)


def test_a_condition_that_waits_for_the_approver_is_refused():
    journey = ready_for_the_approver(journeys.registered())
    acts = [signature(journey, "approver", journey.cast.leo), setting_a_condition(journey)]
    signed, condition = at_once(acts, first_writes="reviews_signoff")
    assert isinstance(condition, NotAllowed), condition
    assert_signed_as_it_stands(journey, signed)


def test_of_many_who_choose_the_same_version_at_once_one_review_is_open():
    journey = journeys.registered()
    component = add_component(product=journey.product, name="Canary", by=journey.cast.olive)
    version = LlamaVersion.objects.get(slug="llama-3.1")

    def choose() -> Review | None:
        return choose_version(component=component, raw_model_id=journeys.MODEL, version=version, by=journey.cast.olive)[
            1
        ]

    outcomes = at_once([choose] * 4)
    [review] = Review.objects.open().filter(component=component)
    assert done(outcomes) == [review] * 4
    assert component.model_sheets.count() == 1
    assert Event.objects.filter(kind="review.opened", subject=review.reference).count() == 1


def test_two_who_choose_two_versions_at_once_open_one_review_for_each():
    journey = journeys.registered()
    component = add_component(product=journey.product, name="Canary", by=journey.cast.olive)
    slugs = {"llama-3.1": journeys.MODEL, "llama-3.2": "meta-llama/Llama-3.2-3B-Instruct"}

    def choosing(slug: str) -> Act:
        version = LlamaVersion.objects.get(slug=slug)
        return lambda: choose_version(
            component=component, raw_model_id=slugs[slug], version=version, by=journey.cast.olive
        )

    outcomes = at_once([choosing(slug) for slug in slugs])
    assert len(done(outcomes)) == 2, outcomes
    open_reviews = Review.objects.open().filter(component=component)
    assert sorted(open_reviews.values_list("version__slug", flat=True)) == sorted(slugs)


def test_two_declarations_at_once_never_have_the_same_revision():
    journey = journeys.answered_facts(journeys.registered())
    journey.sheet.refresh_from_db()
    statement = declaration_statement(journey.sheet)

    def declaring(visit: str) -> Act:
        return lambda: declare_facts(
            sheet=journey.sheet,
            by=journey.cast.olive,
            session_key=visit,
            password=PASSWORD,
            statement_digest=statement.digest,
        )

    outcomes = at_once([declaring("visit-1"), declaring("visit-2")])
    revisions = list(
        Declaration.objects.filter(sheet=journey.sheet).order_by("revision").values_list("revision", flat=True)
    )
    assert revisions == list(range(1, len(done(outcomes)) + 1))
    assert revisions
    [review] = Review.objects.open().filter(component=journey.component)
    assert review.declaration is not None
    assert review.declaration.revision == revisions[-1]


def declared_anew(journey: Journey) -> Act:
    """The owner changed an answer since the review took the facts, and is about to declare."""
    journeys.answered_facts(journey, attribution_places=["about-page", "website"])
    journey.sheet.refresh_from_db()
    shown = declaration_statement(journey.sheet).digest
    return lambda: declare_facts(
        sheet=journey.sheet, by=journey.cast.olive, session_key="visit-1", password=PASSWORD, statement_digest=shown
    )


def test_an_approver_who_waits_for_a_declaration_does_not_approve_the_facts_of_before():
    journey = ready_for_the_approver(journeys.registered())
    approve = signature(journey, "approver", journey.cast.leo)
    declared, signed = at_once([declared_anew(journey), approve], first_writes="deployments_declaration")
    assert isinstance(declared, Review), declared
    assert not isinstance(signed, SignOff)
    assert approvals_of(journey) == []


def test_a_declaration_that_waits_for_the_approver_belongs_to_a_new_review():
    journey = ready_for_the_approver(journeys.registered())
    approve = signature(journey, "approver", journey.cast.leo)
    signed, declared = at_once([approve, declared_anew(journey)], first_writes="reviews_signoff")
    assert isinstance(signed, SignOff), signed
    assert isinstance(declared, Review), declared
    assert declared.pk != journey.review.pk
    [approval] = approvals_of(journey)
    assert json.loads(signed.document)["covers"]["facts"] == approval.facts_digest
    assert approval.declaration.revision == 1


@pytest.mark.parametrize("first", ["the approver", "the owner"])
def test_a_product_that_is_retired_while_the_approver_signs_keeps_no_approval_in_force(first: str):
    journey = ready_for_the_approver(journeys.registered())
    sign = signature(journey, "approver", journey.cast.leo)
    retire: Act = lambda: retire_product(product=journey.product, by=journey.cast.olive)  # noqa: E731
    if first == "the approver":
        outcomes = at_once([sign, retire], first_writes="reviews_signoff")
        assert len(done(outcomes)) == 2
        assert [row.state for row in approvals_of(journey)] == ["terminated"]
    else:
        outcomes = at_once([retire, sign], first_writes="deployments_stopduty")
        assert len(done(outcomes)) == 1
        assert approvals_of(journey) == []
    journey.product.refresh_from_db()
    assert journey.product.state == "retired"
    assert journey.fresh().state in {"terminated", "withdrawn"}
