"""The fixed cast, made by the real actions: everyone signs in with PASSWORD.

Olive owns, Rita reviews, Leo approves for legal, Petra answers for attribution, Ravi owns risk, Anna audits, Adam
administers. Sam is a stranger: a product owner of another team. Cleo is a colleague without any role.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from foundation.accounts.actions import create_team, grant_role, invite_person
from foundation.accounts.models import Team, User
from foundation.accounts.roles import Role
from foundation.audit.actors import Actor

PASSWORD = "a long enough passphrase"
SYSTEM = Actor.system("tests")


@dataclass(frozen=True)
class Cast:
    """Who is who."""

    team: Team  # Assistants: Olive's
    other_team: Team  # Logistics: Sam's
    olive: User
    rita: User
    leo: User
    petra: User
    ravi: User
    anna: User
    adam: User
    sam: User
    cleo: User


def make_person(name: str, *, role: Role | None = None, team: Team | None = None, job_title: str = "") -> User:
    """A person with a role, for a team or (without one) for the whole company."""
    address = f"{name.split()[0].lower()}@example.com"
    person = invite_person(
        by=SYSTEM,
        email=address,
        name=name,
        organisation="Norrbro Group",
        job_title=job_title,
        password=PASSWORD,
        send_mail=False,
    )
    if role is not None:
        grant_role(by=SYSTEM, person=person, role=role, team=team)
    return person


def make_cast() -> Cast:
    """Two teams and everyone who works with them."""
    team = create_team(by=SYSTEM, name="Assistants", code="assistants")
    other_team = create_team(by=SYSTEM, name="Logistics", code="logistics")
    return Cast(
        team=team,
        other_team=other_team,
        olive=make_person("Olive Owner", role=Role.PRODUCT_OWNER, team=team, job_title="Product owner"),
        rita=make_person("Rita Reviewer", role=Role.LEGAL_REVIEWER, job_title="Legal counsel"),
        leo=make_person("Leo Lawyer", role=Role.LEGAL_APPROVER, job_title="General counsel"),
        petra=make_person("Petra Places", role=Role.ATTRIBUTION_OWNER, job_title="Brand manager"),
        ravi=make_person("Ravi Risk", role=Role.RISK_OWNER, job_title="Head of risk"),
        anna=make_person("Anna Auditor", role=Role.AUDITOR, job_title="Internal audit"),
        adam=make_person("Adam Admin", role=Role.ADMINISTRATOR, job_title="Platform"),
        sam=make_person("Sam Stranger", role=Role.PRODUCT_OWNER, team=other_team),
        cleo=make_person("Cleo Colleague"),
    )


def signed_in(person: User) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(person)
    return client
