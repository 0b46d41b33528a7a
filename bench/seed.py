"""Fill the portal's tables: a few products by the real actions, then as many copies of their rows as asked for."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from django.utils import timezone

from bench import clone, texts
from deployments.actions.components import add_component
from deployments.actions.environments import add_deployment
from deployments.actions.products import register_product
from deployments.models import LegalEntity, Product
from evidence.actions import BUILD
from foundation.accounts.actions import create_team, grant_role, invite_person, issue_token
from foundation.accounts.models import Team, User
from foundation.accounts.roles import Role
from foundation.audit.actors import Actor
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from licences.actions import accept_text, import_text, sync_catalogue
from licences.models import LlamaVersion, TextKind
from reviews.actions.choose_version import choose_version
from reviews.actions.record_rollout import record_checked_rollout
from tests.cast import PASSWORD, Cast, make_cast
from tests.journeys import Journey, answered, approved, declared, entity, seen, sign, signing

SEED = Actor.system("bench")
TEAMS = 20
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # while seeding; afterwards passwords are hashed as they are
NAMES = ("Order Assistant", "Claims Reader", "Site Search", "Contract Drafts", "Ticket Router", "Shop Guide")


@dataclass
class Company:
    """Who and what every product shares."""

    cast: Cast
    inc: LegalEntity
    bv: LegalEntity
    teams: list[tuple[Team, User]]
    token: str  # as a pipeline sends it


def make_company() -> Company:
    """People, the catalogue with texts of our own, two entities with their facts, and a machine token."""
    cast = make_cast()
    sync_catalogue(by=SEED)
    for version in LlamaVersion.objects.all():
        for kind, write in ((TextKind.AGREEMENT, texts.agreement), (TextKind.AUP, texts.policy)):
            data = write(version.name, version.position).encode()
            text = import_text(version=version, kind=kind, data=data, source="bench", imported_by=SEED)
            accept_text(text=text, by=cast.leo, note="Invented for the bench.")
    teams = []
    for number in range(TEAMS):
        team = create_team(by=SEED, name=f"Team {number + 1}", code=f"team-{number + 1}")
        owner = invite_person(
            by=SEED,
            email=f"owner{number + 1}@example.com",
            name=f"Owner {number + 1}",
            password=PASSWORD,
            send_mail=False,
        )
        grant_role(by=SEED, person=owner, role=Role.PRODUCT_OWNER, team=team)
        teams.append((team, owner))
    issued = issue_token(
        by=cast.adam, name="pipeline", scopes=["gate:check"], expires_at=timezone.now() + timedelta(days=30)
    )
    inc, bv = entity("Norrbro Inc.", "US", cast.rita), entity("Norrbro B.V.", "NL", cast.rita)
    return Company(cast, inc, bv, teams, issued.clear)


def begun(company: Company, name: str, model: str, version: str) -> Journey:
    """A registered product with two environments, whose model is chosen."""
    cast = company.cast
    product = register_product(name=name, team=cast.team, licensee=company.inc, by=cast.olive)
    production = add_deployment(product=product, name="Production EU", is_production=True, by=cast.olive)
    add_deployment(product=product, name="Staging", is_production=False, by=cast.olive)
    component = product.components.first() or add_component(product=product, name="Chat model", by=cast.olive)
    sheet, review = choose_version(
        component=component, raw_model_id=model, version=LlamaVersion.objects.get(slug=version), by=cast.olive
    )
    assert review is not None
    return Journey(cast, company.inc, company.bv, product, component, production, sheet, review)


def running(company: Company, name: str) -> Journey:
    """Approved on 3.1, and running in both environments."""
    journey = approved(declared(begun(company, name, "meta-llama/Llama-3.1-8B-Instruct", "llama-3.1")))
    for deployment in journey.product.deployments.all():
        record_checked_rollout(
            component=journey.component,
            deployment=deployment,
            version=journey.sheet.version,
            raw_model_id=journey.sheet.raw_model_id,
            effective_at=timezone.now(),
            by=journey.cast.olive,
        )
    return journey


def moving(company: Company, name: str, reach: Callable[[Journey], Journey]) -> Journey:
    """Running on 3.1, with a review on 3.3 underway; `reach` says how far."""
    journey = running(company, name)
    journey.sheet, review = choose_version(
        component=journey.component,
        raw_model_id="meta-llama/Llama-3.3-70B-Instruct",
        version=LlamaVersion.objects.get(slug="llama-3.3"),
        by=journey.cast.olive,
    )
    assert review is not None
    journey.review = review
    return reach(declared(journey))


def last_signature_missing(journey: Journey) -> Journey:
    """Everybody has signed but the approver."""
    journey = seen(signing(journey))
    for step in journey.fresh().steps.filter(sign_off=None, key="attribution_owner"):
        sign(journey, step.key, journey.cast.petra)
    return journey


def make_templates(company: Company) -> list[Product]:
    """Eight products in the mix that a company has: four running, two about to move, one in review, one draft."""
    made = [running(company, name) for name in NAMES[:4]]
    made += [moving(company, name, last_signature_missing) for name in NAMES[4:]]
    made.append(answered(declared(begun(company, "Meeting Notes", "meta-llama/Llama-4-Scout-17B-16E", "llama-4"))))
    made.append(begun(company, "Idea Box", "meta-llama/Llama-3.2-3B-Instruct", "llama-3.2"))
    build_pack()
    return [journey.product for journey in made]


def build_pack() -> None:
    """Build the first of the packs that the decisions enqueued: its copies are what pages show."""
    job = Job.objects.filter(kind=BUILD, state="queued").order_by("pk")[0]
    if run(job.pk) is not Outcome.DONE:
        job.refresh_from_db()
        raise RuntimeError(f"{job.dedupe}: {job.last_error}")


def fill(products: int, *, packs: int) -> Company:
    """Migrate and seed this database. `packs` more products are approved whose packs are still to be built."""
    say = progress()
    call_command("migrate", interactive=False, verbosity=0)
    say("migrated")
    with override_settings(PASSWORD_HASHERS=QUICK):
        company = make_company()
        templates = make_templates(company)
        say(f"{len(templates)} products by the real actions")
        clone.to_number(templates, products, company.teams)
        say(f"{Product.objects.count()} products with {clone.events():,} events in the log")
        for number in range(packs):
            approved(declared(begun(company, f"Record {number + 1}", "meta-llama/Llama-3.1-8B-Instruct", "llama-3.1")))
    leo = company.cast.leo
    leo.set_password(PASSWORD)  # the one who signs, hashed as the portal does
    leo.save(update_fields=["password"])
    tidy()
    say("analysed")
    return company


def tidy() -> None:
    """What autovacuum would have done by now."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def progress() -> Callable[[str], Any]:
    """Says what is done and how long it took."""
    last = time.perf_counter()

    def say(what: str) -> None:
        nonlocal last
        now = time.perf_counter()
        print(f"  seeding: {what} ({now - last:.0f} s)", file=sys.stderr, flush=True)
        last = now

    return say
