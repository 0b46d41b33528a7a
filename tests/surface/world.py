"""One company in which every page has something to show: made once for a module, in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from deployments.actions.components import add_component
from deployments.actions.entities import record_acceptance, record_affiliation, record_permission
from deployments.actions.environments import add_deployment
from deployments.actions.observations import record_attribution_sighting
from deployments.actions.products import register_product
from deployments.actions.questions import ask_colleague
from deployments.actions.sheets import put_model_sheet, save_product_answers
from deployments.actions.stop_duties import complete_item, open_stop_duty
from deployments.models import ColleagueQuestion, Component, Product, StopDuty
from evidence.models import EvidencePack
from foundation.accounts.actions import grant_role, invite_person, issue_token
from foundation.accounts.models import MachineToken, Membership, Team, User
from foundation.accounts.queries import forget_memberships
from foundation.accounts.roles import Role
from foundation.audit.actors import Actor
from foundation.files import store
from foundation.files.models import Blob
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from foundation.keys import authority
from licences.actions import import_text
from licences.actions.draft_version import start_draft
from licences.models import LicenceText, LlamaVersion, TextKind, VersionDraft
from licences.queries import current_text
from reviews.actions.answer_check import answer_check
from reviews.actions.choose_version import choose_version
from reviews.actions.conditions import add_condition, meet_condition
from reviews.actions.moves import park, suspend
from reviews.models import Condition, ImpactRun
from reviews.states import State
from tests import journeys
from tests.cast import PASSWORD, SYSTEM, Cast, make_cast, make_person, signed_in
from tests.journeys import Journey
from tests.licences.texts import AGREEMENT, AUP

# Who asks, by one letter each. Edda holds every role for the whole company and has edited the facts of every product.
LETTERS = {
    "-": "anonymous",
    "O": "olive",
    "S": "sam",
    "C": "cleo",
    "R": "rita",
    "L": "leo",
    "P": "petra",
    "K": "ravi",
    "A": "anna",
    "D": "adam",
    "E": "edda",
}
PEOPLE = tuple(LETTERS)


@dataclass
class World:
    """What the table's addresses and forms are made of."""

    cast: Cast
    edda: User
    facts: Journey  # Olive's: its owner has yet to declare
    review: Journey  # Olive's: every check is answered, nobody has signed
    signing: Journey  # Olive's: the reviewer signed, a position waits for the risk owner
    approved: Journey  # Olive's: approved, with its record
    suspended: Journey
    parked: Journey
    sams: Journey  # Sam's: in review
    condition: Condition  # of `review`
    duty: StopDuty  # of `facts`
    question: ColleagueQuestion  # Petra was asked about `facts`
    product_sheet_reference: str  # the model sheet of `unchosen`
    unchosen: Component  # its model has no version yet
    pack: EvidencePack
    candidate: LicenceText
    draft: VersionDraft  # Rita prepares a version
    impact: int  # a run that found nothing to look at
    affiliation: int
    token: MachineToken
    clear_token: str
    dead_job: Job
    queued_job: Job
    sams_condition: Condition
    sams_duty: StopDuty
    sams_question: ColleagueQuestion
    documented: Condition  # of `parked`: met, with a document
    acceptance: int  # of the licensee, with a document
    permission: str
    sighting: int  # of `facts`, with a picture
    sams_sighting: int
    clients: dict[str, Client] = field(default_factory=dict)

    def person(self, letter: str) -> User | None:
        """The person behind a letter; None for the visitor who has not signed in."""
        name = LETTERS[letter]
        if name == "anonymous":
            return None
        return self.edda if name == "edda" else getattr(self.cast, name)

    def client(self, letter: str) -> Client:
        """The browser of that person."""
        return self.clients[letter]

    def sign_everyone_in(self) -> World:
        """Sessions are rows: they begin with the world, so that nothing that is rolled back ends them."""
        for letter in PEOPLE:
            person = self.person(letter)
            self.clients[letter] = signed_in(person) if person else Client()
        return self

    @property
    def team(self) -> Team:
        return self.cast.team

    @property
    def membership(self) -> Membership:
        """Petra's role."""
        return Membership.objects.get(person=self.cast.petra)


def another(journey: Journey, name: str, *, owner: User | None = None, team: Team | None = None) -> Journey:
    """A further product in the company of this journey, with its model chosen."""
    by = owner or journey.cast.olive
    product = register_product(name=name, team=team or journey.cast.team, licensee=journey.inc, by=by)
    production = add_deployment(product=product, name="Production US", is_production=True, by=by)
    component = product.components.first() or add_component(product=product, name="Chat model", by=by)
    sheet, review = choose_version(
        component=component,
        raw_model_id=journeys.MODEL,
        version=LlamaVersion.objects.get(slug="llama-3.1"),
        by=by,
    )
    assert review is not None
    cast = replace(journey.cast, olive=by)  # so that the journeys act as the owner of this product
    return replace(
        journey, cast=cast, product=product, production=production, component=component, sheet=sheet, review=review
    )


def _with_every_role(team: Team) -> User:
    edda = make_person("Edda Everything", role=Role.PRODUCT_OWNER, team=team, job_title="Everything")
    for role in Role:
        grant_role(by=SYSTEM, person=edda, role=role, team=None)
    forget_memberships(edda)
    return edda


def build() -> World:
    """Every state, by the real actions."""
    cast = make_cast()
    edda = _with_every_role(cast.team)
    facts = journeys.registered(cast=cast)

    def edited(journey: Journey) -> Journey:
        save_product_answers(product=journey.product, answers={"purpose": "Edda's first draft."}, by=edda)
        return journey

    edited(facts)
    review = journeys.answered(journeys.declared(edited(another(facts, "In review"))))
    condition = add_condition(
        review=review.review, kind="before_go_live", text="Show the display.", owner=cast.petra, by=cast.rita
    )
    signing = journeys.answered(journeys.declared(edited(another(facts, "Being signed"))))
    answer_check(
        review=signing.review,
        number=3,
        answer="position_taken",
        reasoning="Arguable.",
        reading="The screen shows it.",
        residual_risk="Meta may differ.",
        by=cast.rita,
    )
    journeys.seen(signing)
    journeys.sign(signing, "reviewer", cast.rita)
    approved = journeys.approved(journeys.declared(edited(another(facts, "Approved"))))
    suspended = journeys.approved(journeys.declared(edited(another(facts, "Suspended"))))
    suspend(review=suspended.review, by=cast.leo, reason="A doubt came up.")
    parked = journeys.declared(edited(another(facts, "Parked")))
    document = store.put(b"A letter.", "text/plain")
    documented = add_condition(
        review=parked.review, kind="continuous", text="Watch it.", owner=cast.petra, by=cast.rita
    )
    meet_condition(condition=documented, note="Seen.", document=document, by=cast.petra)
    park(review=parked.review, by=cast.rita, to=State.WAITING_FOR_META, reason="A grant is asked for.")
    sams = journeys.declared(another(facts, "Route Planner", owner=cast.sam, team=cast.other_team))
    sams_condition = add_condition(
        review=sams.review, kind="before_go_live", text="Show it.", owner=cast.petra, by=cast.rita
    )
    unchosen = add_component(product=facts.product, name="Canary", by=cast.olive)
    unknown_sheet = put_model_sheet(component=unchosen, version=None, raw_model_id="our-own-tune", by=cast.olive)
    job = Job.objects.get(ref=approved.review.reference, kind="evidence.build_pack")
    assert run(job.pk) is Outcome.DONE, Job.objects.get(pk=job.pk).last_error
    issued = issue_token(
        by=cast.adam, name="Pipeline", scopes=["gate:check"], expires_at=timezone.now() + timedelta(days=30)
    )
    version = LlamaVersion.objects.get(slug="llama-3.1")
    duty = _duty(facts, cast.rita)
    complete_item(item=duty.items.get(kind="backups"), note="Wiped.", document=document, by=cast.olive)
    return World(
        cast=cast,
        edda=edda,
        facts=facts,
        review=review,
        signing=signing,
        approved=approved,
        suspended=suspended,
        parked=parked,
        sams=sams,
        condition=condition,
        duty=duty,
        question=_question(facts, cast.petra),
        product_sheet_reference=unknown_sheet.reference,
        unchosen=unchosen,
        pack=EvidencePack.objects.get(review=approved.review),
        candidate=import_text(
            version=version,
            kind=TextKind.AGREEMENT,
            data=AGREEMENT.replace("Otter 2", version.name).encode() + b"\nA line that was added later.\n",
            source="invented",
            imported_by=Actor.system("tests"),
        ),
        draft=_draft(version, cast.rita),
        impact=_impact(version),
        affiliation=record_affiliation(
            entity=facts.inc, affiliate=facts.bv, starts_on=date(2020, 1, 1), by=cast.rita
        ).pk,
        token=issued.token,
        clear_token=issued.clear,
        dead_job=_job("dead", finished_at=timezone.now()),
        queued_job=_job("queued"),
        sams_condition=sams_condition,
        sams_duty=_duty(sams, cast.rita),
        sams_question=_question(sams, cast.petra),
        documented=documented,
        acceptance=record_acceptance(
            entity=facts.bv, version=version, state="not_evidenced", document=document, by=cast.rita
        ).pk,
        permission=record_permission(
            entity=facts.bv,
            kind="meta_grant",
            covers=["other"],
            name="Letter",
            scope="All",
            granted_on=date(2025, 1, 1),
            document=document,
            by=cast.rita,
        ).reference,
        sighting=_sighting(facts, document),
        sams_sighting=_sighting(sams, document),
    )


def _duty(journey: Journey, by: User) -> StopDuty:
    assert journey.sheet.version is not None
    return open_stop_duty(component=journey.component, version=journey.sheet.version, cause="rejected", by=by)


def _sighting(journey: Journey, document: Blob) -> int:
    return record_attribution_sighting(
        component=journey.component, observed_on=date(2025, 1, 1), seen=False, document=document, by=journey.cast.petra
    ).pk


def _impact(version: LlamaVersion) -> int:
    policy = current_text(version, TextKind.AUP)
    assert policy is not None
    now = timezone.now()
    run = ImpactRun.objects.create(
        version=version,
        text=policy,
        replaced=policy,
        accepted_at=now,
        started_at=now,
        finished_at=now,
        total=0,
        changed_clauses=[],
    )
    return run.pk


def _draft(nearest: LlamaVersion, by: User) -> VersionDraft:
    texts = {"agreement": AGREEMENT, "aup": AUP}
    changed = {
        kind: words.replace("Otter 2", "Llama 5").replace("a towel", "a blanket") for kind, words in texts.items()
    }
    address = "https://otters.example"
    return start_draft(
        based_on=nearest,
        name="Llama 5",
        title="LLAMA 5 COMMUNITY LICENSE AGREEMENT",
        released_on=date(2026, 11, 2),
        date_kind="effective",
        agreement=changed["agreement"].encode(),
        aup=changed["aup"].encode(),
        sources={kind: {"raw": f"{address}/{kind}", "web": f"{address}/{kind}.html"} for kind in texts},
        by=by,
    )


def _question(journey: Journey, asked_of: User) -> ColleagueQuestion:
    return ask_colleague(
        product=journey.product, field_key="user_information", asked_of=asked_of, by=journey.product.owner
    )


def _job(state: str, finished_at: datetime | None = None) -> Job:
    now = timezone.now()
    return Job.objects.create(
        kind="notifications.reminders",
        dedupe=f"surface:{state}",
        state=state,
        run_after=now + timedelta(days=1),
        created_at=now,
        finished_at=finished_at,
    )


@contextmanager
def own_places(folder: Path) -> Iterator[None]:
    """Blobs and keys of one's own while the world is there."""
    places: dict[str, Any] = {"BLOB_DIR": folder / "blobs", "KEY_DIR": folder / "keys", "KEY_SECRET": "of these tests"}
    authority.forget_loaded_keys()
    with override_settings(**places, COMPANY_NAME="Norrbro Group"):
        yield
    authority.forget_loaded_keys()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is rolled back; durable transactions inside it are allowed, as in Django's TestCase."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined] # what TestCase sets on its own blocks
    with block:
        yield
        transaction.set_rollback(True)


@contextmanager
def made_once(django_db_blocker: Any, folder: Path) -> Iterator[World]:
    """The world for one module."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(own_places(folder))
        stack.enter_context(undone())
        yield build().sign_everyone_in()


__all__ = ["PASSWORD", "PEOPLE", "Product", "World", "build", "invite_person", "made_once", "undone"]
