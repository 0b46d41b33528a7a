"""Put the demo together: people, companies and registrations at once; the rest once the licence texts are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from deployments.errors import DeploymentError
from deployments.models import Product
from foundation.accounts.actions import issue_token
from foundation.accounts.errors import AccountError
from foundation.accounts.models import MachineToken
from foundation.accounts.policy import NotAllowed
from foundation.accounts.scopes import Scope
from foundation.jobs.actions import GiveUp, enqueue, run
from foundation.jobs.models import Job
from licences.errors import LicenceError
from licences.models import LlamaVersion, TextKind
from licences.queries import current_texts
from portal.demo import next_version
from portal.demo.drafts import find_product, register
from portal.demo.entities import note_accepted_texts, seed_entities
from portal.demo.people import Cast, cast, seed_people
from portal.demo.plans import Plan
from portal.demo.products import PLANS, plan_named
from portal.demo.stories import STORIES
from reviews.errors import ReviewError
from reviews.states import WrongState

TELL = "portal.seed_demo_reviews"
DRAFT = "portal.seed_demo_draft"
WAIT = "portal.wait_for_demo_texts"
PIPELINE = "Deploy pipeline of the demo"
PIPELINE_LIVES = timedelta(days=90)
ASKED_FIRST = timedelta(seconds=10)
ASKED_AT_MOST_EVERY = timedelta(minutes=15)


@dataclass(frozen=True)
class Seeded:
    """What one call of seed() did."""

    first_time: bool
    waiting: list[Plan]  # products whose licence texts are not here yet
    token: str  # the clear text of the pipeline's token, the one time that it exists


def seed() -> Seeded:
    """Make what is missing. Once everything is there, this changes nothing and is quick."""
    first_time = not is_seeded()
    if first_time:
        if not LlamaVersion.objects.exists():
            raise DeploymentError("The catalogue is empty. Run manage.py sync_catalogue first.")
        seed_people()
        people = cast()
        seed_entities(people)
        for plan in PLANS:
            register(plan, people)
    token = _token_of_the_pipeline()
    if first_time:
        with transaction.atomic():
            enqueue(kind=WAIT, dedupe=_look(0), payload={"look": 0})
    return Seeded(first_time=first_time, waiting=tell_all(), token=token)


def is_seeded() -> bool:
    """Whether people, companies and registrations were made once; from then on they are the people's own."""
    return Job.objects.filter(dedupe=_look(0)).exists()


def tell_all() -> list[Plan]:
    """Tell the story of every product whose texts are there, and start the draft of the next version, here and now.

    Returns the products that still wait.
    """
    ready, waiting = ready_and_waiting()
    for plan in ready:
        with transaction.atomic():
            job = enqueue(kind=TELL, dedupe=_story(plan), payload={"product": plan.slug})
        if job.state == Job.State.QUEUED:
            run(job.pk)
    if next_version.texts_are_there():
        with transaction.atomic():
            job = enqueue(kind=DRAFT, dedupe=DRAFT)
        if job.state == Job.State.QUEUED:
            run(job.pk)
    return waiting


def ready_and_waiting() -> tuple[list[Plan], list[Plan]]:
    """The products whose story can be told, and those whose texts are not all imported."""
    slugs = dict(LlamaVersion.objects.values_list("pk", "slug"))
    there = {(slugs[key], kind) for key, kind in current_texts()}
    ready: list[Plan] = []
    waiting: list[Plan] = []
    for plan in PLANS:
        wanted = {(slug, kind) for slug in plan.versions for kind in (TextKind.AGREEMENT.value, TextKind.AUP.value)}
        (ready if wanted <= there else waiting).append(plan)
    return ready, waiting


def tell(slug: str) -> None:
    """Bring one product to its state. What somebody changed meanwhile is respected: then the story ends where it is."""
    plan, people = plan_named(slug), cast()
    product = find_product(plan)
    if product is None:
        raise GiveUp(f"{plan.name} was never registered: run manage.py seed_demo again.")
    note_accepted_texts(LlamaVersion.objects.filter(slug__in=plan.versions), people)
    try:
        STORIES[slug](plan, product, people)
    except (AccountError, DeploymentError, NotAllowed, ReviewError, WrongState) as refusal:
        raise GiveUp(f"{plan.name} stays as it is, because somebody changed it before: {refusal}") from refusal


def prepare_next_version() -> None:
    """Start the draft of an invented version. Where its name or a role is not what it was, there is none."""
    try:
        next_version.prepare(cast())
    except (LicenceError, NotAllowed) as refusal:
        raise GiveUp(
            f"There is no draft of a made-up version, because somebody changed it before: {refusal}"
        ) from refusal


def look_again(look: int) -> None:
    """Enqueue the stories that can be told by now and, where some cannot, the next look; in one transaction."""
    ready, waiting = ready_and_waiting()
    for plan in ready:
        enqueue(kind=TELL, dedupe=_story(plan), payload={"product": plan.slug})
    if next_version.texts_are_there():
        enqueue(kind=DRAFT, dedupe=DRAFT)
    if waiting:
        delay = min(ASKED_FIRST * 2 ** min(look, 10), ASKED_AT_MOST_EVERY)
        enqueue(kind=WAIT, dedupe=_look(look + 1), payload={"look": look + 1}, run_after=timezone.now() + delay)


def product_of(slug: str) -> Product | None:
    """The demo product with this short name, when it is registered."""
    return find_product(plan_named(slug))


def _token_of_the_pipeline() -> str:
    people: Cast = cast()
    if MachineToken.objects.filter(name=PIPELINE).exists():
        return ""
    issued = issue_token(
        by=people["adam"],
        name=PIPELINE,
        scopes=[Scope.GATE_CHECK],
        expires_at=timezone.now() + PIPELINE_LIVES,
    )
    return issued.clear


def _look(number: int) -> str:
    return f"{WAIT}:{number}"


def _story(plan: Plan) -> str:
    return f"{TELL}:{plan.slug}"
