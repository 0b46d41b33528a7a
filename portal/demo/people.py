"""The people of the demo: one in every role, and a stranger. Their passphrase is public, so only a demo has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from foundation.accounts.actions import create_team, grant_role, invite_person
from foundation.accounts.models import Kind, Membership, Team, User
from foundation.accounts.roles import Role
from foundation.audit.actors import Actor

SEED = Actor.system("seed_demo")
PASSWORD = "fjord-lantern-demo"  # noqa: S105 - printed on the screen of whoever starts the demo
AUDITOR_STAYS = timedelta(days=180)

TEAMS = {"assistants": "Assistants", "analytics": "Analytics"}


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo, and what to try as them."""

    key: str
    name: str
    job_title: str
    time_zone: str
    role: str
    team: str  # code; empty: the whole company, or no role at all
    to_try: str
    organisation: str = "Norrbro Group"
    kind: str = Kind.EMPLOYEE

    @property
    def email(self) -> str:
        return f"{self.key}@norrbro.example"


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(
        "olive",
        "Olive Owner",
        "Product manager, Assistants",
        "Europe/Amsterdam",
        Role.PRODUCT_OWNER,
        "assistants",
        "Owns most products. Register one, or put right the name in Tender Writer, which legal sent back.",
    ),
    DemoPerson(
        "oskar",
        "Oskar Owner",
        "Product manager, Analytics",
        "Europe/Oslo",
        Role.PRODUCT_OWNER,
        "analytics",
        "Owns products of another team. Report Distiller has a stop duty to work off.",
    ),
    DemoPerson(
        "rita",
        "Rita Reviewer",
        "Counsel, technology",
        "America/New_York",
        Role.LEGAL_REVIEWER,
        "",
        "Answers the five checks. Harbour Desk moves to Llama 4: finish its review beside the redline. Under Licences "
        "an invented version waits, half prepared.",
    ),
    DemoPerson(
        "ruth",
        "Ruth Reviewer",
        "Counsel, licensing",
        "Europe/Amsterdam",
        Role.LEGAL_REVIEWER,
        "",
        "A second reviewer. Norrbro Answers went public: see why its approval is stale.",
    ),
    DemoPerson(
        "leo",
        "Leo Approver",
        "General counsel",
        "Europe/Oslo",
        Role.LEGAL_APPROVER,
        "",
        "Approves for legal, keeps the entities, and sees counsel's note on Ticket Triage.",
    ),
    DemoPerson(
        "petra",
        "Petra Attribution",
        "Head of brand",
        "Europe/Amsterdam",
        Role.ATTRIBUTION_OWNER,
        "",
        "Answers for “Built with Llama”. Olive has asked her something about Sales Coach.",
    ),
    DemoPerson(
        "ravi",
        "Ravi Risk",
        "Chief risk officer",
        "America/New_York",
        Role.RISK_OWNER,
        "",
        "Signed for the residual risk of the position in Ticket Triage.",
    ),
    DemoPerson(
        "anna",
        "Anna Auditor",
        "Auditor",
        "Europe/Oslo",
        Role.AUDITOR,
        "",
        "Reads everything, changes nothing. Download a record and verify it.",
        organisation="Fjellvik Revisjon",
        kind=Kind.EXTERNAL_AUDITOR,
    ),
    DemoPerson(
        "adam",
        "Adam Administrator",
        "Platform engineer",
        "Europe/Amsterdam",
        Role.ADMINISTRATOR,
        "",
        "People, roles and tokens; jobs and health.",
    ),
    DemoPerson(
        "sam",
        "Sam Stranger",
        "Works elsewhere in the group",
        "Europe/Oslo",
        "",
        "",
        "Holds no role and sees no product: what visibility means.",
    ),
)


@dataclass(frozen=True)
class Cast:
    """The people and teams as rows, for the scripts of the products."""

    people: dict[str, User]
    teams: dict[str, Team]

    def __getitem__(self, key: str) -> User:
        return self.people[key]


def seed_people() -> None:
    """Make the teams, people and roles that are not there yet. A person or role that somebody ended stays ended."""
    for code, name in TEAMS.items():
        if not Team.objects.filter(code=code).exists():
            create_team(by=SEED, name=name, code=code)
    teams = {team.code: team for team in Team.objects.filter(code__in=TEAMS)}
    people = {person.email: person for person in User.objects.filter(email__in=[one.email for one in PEOPLE])}
    with_roles = set(Membership.objects.filter(person__in=people.values()).values_list("person__email", flat=True))
    for one in PEOPLE:
        person = people.get(one.email) or _invite(one)
        if one.role and one.email not in with_roles:
            grant_role(by=SEED, person=person, role=one.role, team=teams[one.team] if one.team else None)


def cast() -> Cast:
    """The demo's people and teams."""
    rows = {person.email: person for person in User.objects.filter(email__in=[one.email for one in PEOPLE])}
    return Cast(
        people={one.key: rows[one.email] for one in PEOPLE},
        teams={team.code: team for team in Team.objects.filter(code__in=TEAMS)},
    )


def people_with_the_public_password() -> list[User]:
    """Demo people who can still sign in with the passphrase that everybody knows; none where there was no demo."""
    rows = User.objects.filter(email__in=[one.email for one in PEOPLE], is_active=True).order_by("email")
    return [person for person in rows if person.may_sign_in(timezone.now()) and person.check_password(PASSWORD)]


def _invite(one: DemoPerson) -> User:
    return invite_person(
        by=SEED,
        email=one.email,
        name=one.name,
        kind=one.kind,
        organisation=one.organisation,
        job_title=one.job_title,
        time_zone=one.time_zone,
        expires_at=timezone.now() + AUDITOR_STAYS if one.kind != Kind.EMPLOYEE else None,
        password=PASSWORD,
        send_mail=False,
    )
