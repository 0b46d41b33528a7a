"""Who may do what with entities, products and facts. Actions require these answers, pages show them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from deployments.models import ColleagueQuestion, ModelSheet, Product, ProductState
from foundation.accounts.models import MachineToken, Team, User
from foundation.accounts.policy import Allowed, Decision, Refused
from foundation.accounts.queries import has_role, memberships_of, roles_of, sees_whole_company
from foundation.accounts.roles import LEGAL_ROLES, Role

# The attribution owner accepts a duty, so may edit what it is about (design, rule 4).
ATTRIBUTION_KEYS = frozenset({"attribution_places", "attribution_text", "attribution_address", "attribution_owner"})


def may_keep_entities(person: User) -> Decision:
    """Legal keeps the entities and their facts; an administrator may help."""
    keepers = {*LEGAL_ROLES, Role.ADMINISTRATOR.value}
    if any(has_role(person, role) for role in keepers):
        return Allowed()
    return Refused(_("Only legal roles and administrators keep the facts of legal entities. Ask a legal reviewer."))


def may_see_entities(person: User) -> Decision:
    """Whoever sees the whole company may read what legal recorded of its entities."""
    if sees_whole_company(person):
        return Allowed()
    return Refused(_("The facts of legal entities are for people who see the whole company. Ask a legal reviewer."))


def may_register(person: User, team: Team | None = None) -> Decision:
    """Product owners register products, for the teams in which they hold that role."""
    if team is not None:
        if has_role(person, Role.PRODUCT_OWNER, team=team):
            return Allowed()
        return Refused(
            _("Only product owners of the team “%(team)s” register products for it. Ask an administrator for the role.")
            % {"team": team.name}
        )
    if any(membership.role == Role.PRODUCT_OWNER for membership in memberships_of(person)):
        return Allowed()
    return Refused(_("Only product owners register products. Ask an administrator for the role in your team."))


def owns(person: User, product: Product) -> bool:
    """Whether the person is the owner, or holds the product owner's role for the team."""
    return product.owner_id == person.pk or has_role(person, Role.PRODUCT_OWNER, team=product.team_id)


def may_own(person: User, team: Team) -> Decision:
    """Whether somebody can be made the owner of a product of this team."""
    if has_role(person, Role.PRODUCT_OWNER, team=team):
        return Allowed()
    return Refused(
        _("%(name)s is no product owner of the team “%(team)s”. Give them the role first, or choose someone else.")
        % {"name": person.name, "team": team.name}
    )


def may_edit_product(person: User, product: Product) -> Decision:
    """The owner edits; reviewers read. A retired product is kept as it was."""
    if product.state == ProductState.RETIRED:
        return Refused(_("This product is retired: its record is kept as it was. Register a new product instead."))
    if owns(person, product):
        return Allowed()
    return Refused(_("Only the product’s owner, or a product owner of its team, may change it. Ask the owner."))


def asked_about(person: User, product: Product) -> frozenset[tuple[int | None, str]]:
    """The answers that somebody still waits for from this person: sheet (None: the product's) and key."""
    asked = ColleagueQuestion.objects.filter(product=product, asked_of=person, answered_at=None)
    return frozenset(asked.values_list("sheet", "field_key"))


def may_edit_field(
    person: User,
    product: Product,
    key: str,
    *,
    sheet: ModelSheet | None,
    asked: frozenset[tuple[int | None, str]] | None = None,
) -> Decision:
    """The owner, a colleague who was asked for this answer, and the attribution owner for the attribution.

    A page with many answers passes `asked`, so that it costs one query and not one for each.
    """
    decision = may_edit_product(person, product)
    if decision or product.state == ProductState.RETIRED:
        return decision
    if sheet is not None and key in ATTRIBUTION_KEYS and has_role(person, Role.ATTRIBUTION_OWNER, team=product.team_id):
        return Allowed()
    if (sheet.pk if sheet else None, key) in (asked_about(person, product) if asked is None else asked):
        return Allowed()
    return Refused(_("Only the product’s owner may answer this. Legal roles ask on the review instead of editing."))


def may_change_owner(person: User, product: Product) -> Decision:
    """The owner hands over; an administrator can when the owner has left."""
    if owns(person, product) or has_role(person, Role.ADMINISTRATOR):
        return Allowed()
    return Refused(_("Only the product’s owner or an administrator can hand the product over."))


def may_declare(person: User, product: Product) -> Decision:
    """The declaration is the owner's own signed act."""
    decision = may_edit_product(person, product)
    if decision:
        return decision
    if product.state == ProductState.RETIRED:
        return decision
    return Refused(_("Only the product’s owner, or a product owner of its team, declares its facts."))


def may_ask(person: User, product: Product) -> Decision:
    """Who edits the sheets asks colleagues for answers."""
    return may_edit_product(person, product)


def may_record_rollout(person: User, product: Product) -> Decision:
    """The owner records what runs, also for a retired product: its history must stay true."""
    if owns(person, product):
        return Allowed()
    return Refused(_("Only the product’s owner, or a pipeline with a token, records what runs. Ask the owner."))


def may_token_record_rollout(token: MachineToken, product: Product) -> Decision:
    """A pipeline records for the products of its team, or for all when its token names none."""
    if token.team_id in {None, product.team_id}:
        return Allowed()
    return Refused(_("This token belongs to another team. Use a token of the product’s team."))


def may_record_observation(person: User, product: Product) -> Decision:
    """Owners, attribution owners and legal roles may say what they saw; a sighting changes no declared fact."""
    roles = (Role.ATTRIBUTION_OWNER, *LEGAL_ROLES)
    if owns(person, product) or any(has_role(person, role, team=product.team_id) for role in roles):
        return Allowed()
    return Refused(_("Only the owner, the attribution owner and legal roles record what they saw. Ask one of them."))


def may_retire(person: User, product: Product) -> Decision:
    """The owner retires a product, once."""
    if product.state == ProductState.RETIRED:
        return Refused(_("This product is already retired."))
    return may_edit_product(person, product)


def may_complete_stop_duty(person: User, product: Product) -> Decision:
    """The owner does, and certifies, what the stop duty lists."""
    if owns(person, product):
        return Allowed()
    return Refused(_("Only the product’s owner, or a product owner of its team, works off a stop duty. Ask the owner."))


def may_open_stop_duty(person: User, product: Product) -> Decision:
    """Legal roles say that something must stop; the owner may too."""
    if owns(person, product) or LEGAL_ROLES & roles_of(person):
        return Allowed()
    return Refused(_("Only legal roles and the product’s owner open a stop duty."))


def may_set_gate_mode(person: User, product: Product, *, is_production: bool, gate_mode: str) -> Decision:
    """Observe mode lets a version out without an approval, so in production only an administrator switches to it."""
    decision = may_edit_product(person, product)
    if has_role(person, Role.ADMINISTRATOR):
        return Allowed()
    if decision and is_production and gate_mode == "observe":
        return Refused(
            _("Only an administrator lets the gate merely observe in production. Ask one, or keep “enforce”.")
        )
    return decision
