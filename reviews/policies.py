"""Who may do what to a review. Actions require these; pages show them."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from django.utils.translation import gettext as _

from deployments.models import Product
from deployments.policies import owns
from foundation.accounts.models import User
from foundation.accounts.policy import Allowed, Decision, Refused
from foundation.accounts.queries import has_role
from foundation.accounts.roles import LEGAL_ROLES, Role
from reviews.models import Condition, Review, SignOff, Step
from reviews.reading import StepLine, facts_edited_by, has_declared, steps_of
from reviews.states import Move, State, may_move
from reviews.step_plan import open_orders

# The attribution owner accepts a duty, so may fill in these facts and still sign that step (DESIGN rule 4).
ATTRIBUTION_FACTS = frozenset({"attribution_places", "attribution_text", "attribution_address", "attribution_owner"})
_ALL = "every fact"


@dataclass(frozen=True)
class Known:
    """What policies ask of the rows about one person and one review: a page that asks many of them reads it once."""

    steps: list[StepLine]  # of this round
    facts_written: Set[str]  # keys of the facts that this person wrote


def read_known(person: User, review: Review, steps: list[StepLine] | None = None) -> Known:
    """Read what the policies below ask for; `steps`, of every round, where they have been read already."""
    this_round = [step for step in (steps_of(review) if steps is None else steps) if step.round == review.round]
    # Whoever declared the facts wrote all of them.
    return Known(this_round, {_ALL} if has_declared(person, review) else facts_edited_by(person, review))


# Administrators are not among them: they run the machine, they do not read legal records.
RECORD_ROLES = frozenset({Role.AUDITOR.value, *LEGAL_ROLES})


def is_legal(person: User, product: Product) -> bool:
    """Whether the person reviews or approves for this product."""
    return has_role(person, Role.LEGAL_REVIEWER, team=product.team_id) or has_role(
        person, Role.LEGAL_APPROVER, team=product.team_id
    )


def may_see_counsel_notes(person: User, review: Review) -> Decision:
    if is_legal(person, review.product):
        return Allowed()
    return Refused(_("Counsel’s notes are for legal reviewers and legal approvers."))


def may_see_record(person: User, review: Review) -> Decision:
    """Auditors and legal, the owner and the product owners of the team, and whoever signed a step of this review."""
    product = review.product
    if owns(person, product) or any(has_role(person, role, team=product.team_id) for role in RECORD_ROLES):
        return Allowed()
    if SignOff.objects.filter(review=review, person=person).exists():
        return Allowed()
    return Refused(
        _("Records are for auditors, legal, the product’s owners and who signed. Ask %(owner)s, who owns %(product)s.")
        % {"owner": product.owner.name, "product": product.name}
    )


def may_answer(person: User, review: Review, known: Known | None = None) -> Decision:
    """Reviewers answer the checks; whoever wrote the facts does not judge them."""
    if not has_role(person, Role.LEGAL_REVIEWER, team=review.product.team_id):
        return Refused(_("A legal reviewer answers the checks."))
    if review.state != State.IN_REVIEW:
        return Refused(_("Checks are answered while the review is “In review”."))
    return _did_not_write_facts(known or read_known(person, review))


def may_set_scope(person: User, review: Review, known: Known | None = None) -> Decision:
    """Scope, dates and conditions: reviewers while in review, approvers until they sign."""
    if not is_legal(person, review.product):
        return Refused(_("Legal sets the scope, the dates and the conditions."))
    if review.state == State.IN_REVIEW:
        return Allowed()
    if review.state != State.SIGNING:
        return Refused(_("Scope and conditions can be set until the approver has signed."))
    if not has_role(person, Role.LEGAL_APPROVER, team=review.product.team_id):
        return Refused(_("The answers are signed: from here on a legal approver sets scope and conditions."))
    known = known or read_known(person, review)
    if any(step.key == "approver" and step.signed for step in known.steps):
        return Refused(_("The approver has signed this scope and these conditions."))
    return Allowed()


def may_sign(person: User, step: Step | StepLine, review: Review, known: Known | None = None) -> Decision:
    """Rule 4: nobody who declared or edited the facts approves, and nobody signs two steps of one review."""
    if not has_role(person, step.role, team=review.product.team_id):
        return Refused(_("This step is for somebody with the role “%(role)s”.") % {"role": Role(step.role).label})
    expected = State.IN_REVIEW if step.key == "reviewer" else State.SIGNING
    if review.state != expected or step.round != review.round:
        return Refused(
            _("This step cannot be signed now: the review is “%(state)s”.") % {"state": State(review.state).label}
        )
    known = known or read_known(person, review)
    if any(one.pk == step.pk and one.signed for one in known.steps):
        return Refused(_("This step is signed already."))
    if open_orders((one.order, one.signed) for one in known.steps) != step.order:
        return Refused(_("An earlier step is still to be signed."))
    if any(one.person == person.pk for one in known.steps):
        return Refused(_("You have signed another step of this review; nobody signs two."))
    if step.key == "attribution_owner":
        return _did_not_write_facts(known, except_for=ATTRIBUTION_FACTS)
    return _did_not_write_facts(known)


def _did_not_write_facts(known: Known, except_for: frozenset[str] = frozenset()) -> Decision:
    if known.facts_written - except_for:
        return Refused(_("You declared or edited facts of this review, so somebody else examines and signs it."))
    return Allowed()


def may_move_as_legal(person: User, review: Review, move: Move, known: Known | None = None) -> Decision:
    """Ask for changes, park, resume, close as not Llama-licensed."""
    if not is_legal(person, review.product):
        return Refused(_("Legal does this."))
    if not may_move(move, review.state):
        return Refused(_("Not possible while the review is “%(state)s”.") % {"state": State(review.state).label})
    return _did_not_write_facts(known or read_known(person, review))


def may_decide(person: User, review: Review, move: Move, known: Known | None = None) -> Decision:
    """Reject, suspend, reinstate, revoke, terminate: a legal approver who did not write the facts."""
    if not has_role(person, Role.LEGAL_APPROVER, team=review.product.team_id):
        return Refused(_("A legal approver decides this."))
    if not may_move(move, review.state):
        return Refused(_("Not possible while the review is “%(state)s”.") % {"state": State(review.state).label})
    return _did_not_write_facts(known or read_known(person, review))


def may_withdraw(person: User, review: Review) -> Decision:
    if not may_move(Move.WITHDRAW, review.state):
        return Refused(_("Only an open review can be withdrawn."))
    if person.pk == review.product.owner_id or has_role(person, Role.PRODUCT_OWNER, team=review.product.team_id):
        return Allowed()
    return Refused(_("The product’s owner withdraws a review."))


def may_write(person: User, review: Review) -> Decision:
    """Messages: the owner's side and legal, and whoever has a step to sign."""
    roles = (Role.PRODUCT_OWNER, Role.LEGAL_REVIEWER, Role.LEGAL_APPROVER, Role.ATTRIBUTION_OWNER, Role.RISK_OWNER)
    if person.pk == review.product.owner_id or any(
        has_role(person, role, team=review.product.team_id) for role in roles
    ):
        return Allowed()
    return Refused(_("You can read this review, and not write on it."))


def may_meet_condition(person: User, condition: Condition) -> Decision:
    if condition.met_at is not None and condition.kind != "continuous":
        return Refused(_("This condition is recorded as met."))
    if person.pk == condition.owner_id or is_legal(person, condition.review.product):
        return Allowed()
    return Refused(_("The condition’s owner, or legal, records that it is met."))


def may_report_breach(person: User, condition: Condition) -> Decision:
    """Whoever may record that a condition holds may take that back: the gate denies from then on."""
    if person.pk == condition.owner_id or is_legal(person, condition.review.product):
        return Allowed()
    return Refused(_("The condition’s owner, or legal, records that it does not hold. Tell one of them."))
