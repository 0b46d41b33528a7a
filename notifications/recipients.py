"""Who the audiences are, for one event."""

from __future__ import annotations

from dataclasses import dataclass

from deployments.models import ColleagueQuestion, Product
from foundation.accounts.models import User
from foundation.accounts.queries import people_with_role
from foundation.accounts.roles import LEGAL_ROLES, Role
from foundation.audit.kinds import Kind
from foundation.audit.models import Event
from foundation.audit.references import parse_reference
from licences.models import DraftState, LlamaVersion, VersionDraft
from licences.policies import may_publish
from notifications import impact_runs
from notifications.routing import Audience
from reviews.models import Condition, Review
from reviews.policies import may_sign
from reviews.states import State


@dataclass(frozen=True)
class Concern:
    """What an event is about, as far as rows tell."""

    product: Product | None
    review: Review | None
    condition: Condition | None
    link: str
    subject: str
    version: str = ""  # name of the Llama version, of events about its texts


def concern_of(event: Event) -> Concern:
    """The product, review and condition behind an event, and the page that shows it."""
    review, condition, product = None, None, None
    link = "/notices/"
    for reference in [event.subject, *event.related]:
        if review is None and (key := parse_reference(reference, "REV")) is not None:
            review = Review.objects.select_related("component__product", "version").filter(pk=key).first()
        elif condition is None and (key := parse_reference(reference, "CND")) is not None:
            condition = Condition.objects.select_related("owner", "review__component__product").filter(pk=key).first()
        elif product is None and (key := parse_reference(reference, "PRD")) is not None:
            product = Product.objects.filter(pk=key).first()
    if review is not None:
        product = review.product
        link = f"/reviews/{review.reference}/"
    if condition is not None:
        product, link = condition.review.product, f"/reviews/conditions/{condition.reference}/"
    if product is None:
        product = _product_of(event)
    if product is not None and link == "/notices/":
        link = f"/products/{product.reference}/"
    if event.kind == "job.dead":
        link = "/jobs/"
    if event.kind.startswith("licence."):
        version = LlamaVersion.objects.filter(slug=event.subject).values_list("name", flat=True).first() or ""
        page = f"/licences/{event.subject}/#candidates"
        if event.kind == Kind.LICENCE_DRAFT_CHANGED:  # no version has this name yet
            version = str(event.facts["version"])
            page = f"/licences/drafts/{event.facts['draft']}/" if "draft" in event.facts else "/licences/"
        if event.kind == Kind.LICENCE_IMPACT_ASSESSED:
            page = f"/reviews/impact/{event.facts['run']}/"
        return Concern(None, None, None, page, event.subject, version)
    return Concern(product, review, condition, link, event.subject)


def _product_of(event: Event) -> Product | None:
    """The product of a component, rollout or stop duty."""
    if (key := parse_reference(event.subject, "CMP")) is not None:
        return Product.objects.filter(components=key).first()
    if (key := parse_reference(event.subject, "ROL")) is not None:
        return Product.objects.filter(components__rollouts=key).first()
    if (key := parse_reference(event.subject, "STP")) is not None:
        return Product.objects.filter(components__stop_duties=key).first()
    return None


def people_in(audience: Audience, concern: Concern, event: Event | None = None) -> list[User]:
    """The people of one audience who have access today."""
    product, review = concern.product, concern.review
    if audience == Audience.ADMINISTRATORS:
        return list(people_with_role(Role.ADMINISTRATOR))
    if audience == Audience.LEGAL:
        return _legal()
    if audience == Audience.PUBLISHERS:
        return _publishers(event)
    if audience in {Audience.OWNERS_TOUCHED, Audience.OWNERS_TO_ACT, Audience.REVIEWERS_TOUCHED}:
        return _touched_by(audience, event)
    if audience == Audience.CONDITION_OWNER:
        return [concern.condition.owner] if concern.condition else []
    if audience in {Audience.ASKED, Audience.ASKER}:
        return _asked(audience, event)
    if product is None:
        return []
    if audience == Audience.OWNER:
        return [product.owner]
    if audience == Audience.REVIEWERS:
        return list(people_with_role(Role.LEGAL_REVIEWER, team=product.team_id))
    if audience == Audience.APPROVERS:
        return list(people_with_role(Role.LEGAL_APPROVER, team=product.team_id))
    if review is None:
        return []
    if audience == Audience.SIGNERS_WAITING:
        return signers_waiting(review)
    if audience == Audience.WRITERS:
        return list(User.objects.filter(pk__in=review.messages.values("author")))
    return []


def _legal() -> list[User]:
    return list({person.pk: person for role in LEGAL_ROLES for person in people_with_role(role)}.values())


def _publishers(event: Event | None) -> list[User]:
    """Who may publish the draft that was handed on; nobody where it was sent back or dropped before this was read."""
    code = event.facts.get("draft") if event is not None else None
    draft = VersionDraft.objects.filter(code=code, state=DraftState.SUBMITTED).first() if code else None
    return [person for person in _legal() if may_publish(person, draft)] if draft is not None else []


def signers_waiting(review: Review) -> list[User]:
    """Everybody who may fill a step of this review whose turn it is."""
    found: dict[int, User] = {}
    for step in review.steps.filter(round=review.round, sign_off=None):
        for person in people_with_role(step.role, team=review.product.team_id):
            if may_sign(person, step, review):
                found[person.pk] = person
    return list(found.values())


def must_act_on(review: Review) -> list[User]:
    """Who keeps an open review waiting: reminders go to these, and stop when there is nobody left to remind."""
    if review.state in {State.FACTS_NEEDED, State.CHANGES_REQUESTED}:
        return [review.product.owner]
    if review.state == State.SIGNING:
        return signers_waiting(review)
    if review.is_open:
        return list(people_with_role(Role.LEGAL_REVIEWER, team=review.product.team_id))
    return []


def _asked(audience: Audience, event: Event | None) -> list[User]:
    """The colleague who was asked, or who asked, from the question that the event names."""
    key = event.facts.get("question") if event is not None else None
    question = ColleagueQuestion.objects.select_related("asked_of", "asked_by").filter(pk=key).first() if key else None
    if question is None:
        return []
    return [question.asked_of if audience == Audience.ASKED else question.asked_by]


def _touched_by(audience: Audience, event: Event | None) -> list[User]:
    """Whom an impact run concerns."""
    run = event.facts.get("run") if event is not None else None
    if run is None:
        return []
    if audience == Audience.REVIEWERS_TOUCHED:
        return impact_runs.reviewers(run)
    return impact_runs.owners(run, to_act=audience == Audience.OWNERS_TO_ACT)
