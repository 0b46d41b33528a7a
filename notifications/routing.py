"""Who hears what: one table. Pure: kinds of events in, audiences and words out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_noop

from foundation.audit.kinds import Kind


class Audience(StrEnum):
    """Groups of people around one review or product; notifications.recipients finds them."""

    OWNER = "owner"
    REVIEWERS = "reviewers"
    APPROVERS = "approvers"
    SIGNERS_WAITING = "signers_waiting"  # whoever may fill a step whose turn it is
    CONDITION_OWNER = "condition_owner"
    ASKED = "asked"  # the colleague who was asked
    ASKER = "asker"
    ADMINISTRATORS = "administrators"
    LEGAL = "legal"  # reviewers and approvers of the whole company
    PUBLISHERS = "publishers"  # those of legal who did not prepare a version that is handed on
    OWNERS_TOUCHED = "owners_touched"  # of the products that an impact run led to
    OWNERS_TO_ACT = "owners_to_act"  # those of them whose turn it is
    REVIEWERS_TOUCHED = "reviewers_touched"
    WRITERS = "writers"  # everybody who wrote on the review before


@dataclass(frozen=True)
class Route:
    """One kind of event: who hears of it, in which words, and who must act on it."""

    title: str
    audiences: tuple[Audience, ...]
    must_act: tuple[Audience, ...] = ()
    only_where: tuple[str, str] | None = None  # a fact of the event, and the value that it must have
    not_with: str = ""  # a fact that says that another event tells of this one


# %(product)s, %(version)s and %(subject)s come from the rows. Nobody hears of what they did themselves.
ROUTES: dict[str, Route] = {
    Kind.REVIEW_OPENED: Route(
        gettext_noop("%(subject)s is open: %(product)s on %(version)s"),
        (Audience.OWNER, Audience.REVIEWERS),
        (Audience.OWNER,),
        not_with="run",  # thousands at once: the run tells everybody once
    ),
    Kind.REVIEW_FACTS_TAKEN: Route(
        gettext_noop("Facts are declared: review %(product)s on %(version)s"),
        (Audience.REVIEWERS,),
        (Audience.REVIEWERS,),
    ),
    Kind.REVIEW_CHANGES_REQUESTED: Route(
        gettext_noop("Legal asks for changes: %(product)s on %(version)s"), (Audience.OWNER,), (Audience.OWNER,)
    ),
    Kind.REVIEW_QUESTION_ASKED: Route(
        gettext_noop("A question on %(product)s on %(version)s"), (Audience.OWNER, Audience.WRITERS)
    ),
    Kind.REVIEW_QUESTION_ANSWERED: Route(
        gettext_noop("An answer on %(product)s on %(version)s"), (Audience.WRITERS, Audience.OWNER)
    ),
    Kind.REVIEW_STEP_SIGNED: Route(
        gettext_noop("Your signature is next: %(product)s on %(version)s"),
        (Audience.SIGNERS_WAITING,),
        (Audience.SIGNERS_WAITING,),
    ),
    Kind.REVIEW_APPROVED: Route(
        gettext_noop("Approved: %(product)s on %(version)s"), (Audience.OWNER, Audience.REVIEWERS, Audience.WRITERS)
    ),
    Kind.REVIEW_REJECTED: Route(
        gettext_noop("Rejected: %(product)s on %(version)s"), (Audience.OWNER, Audience.REVIEWERS)
    ),
    Kind.REVIEW_WITHDRAWN: Route(
        gettext_noop("Withdrawn: %(product)s on %(version)s"), (Audience.REVIEWERS, Audience.WRITERS)
    ),
    Kind.REVIEW_NOT_LLAMA: Route(gettext_noop("Closed as not Llama-licensed: %(product)s"), (Audience.OWNER,)),
    Kind.APPROVAL_SUSPENDED: Route(
        gettext_noop("Approval suspended: %(product)s on %(version)s"),
        (Audience.OWNER, Audience.REVIEWERS),
        (Audience.OWNER,),
    ),
    Kind.APPROVAL_RESUMED: Route(
        gettext_noop("Approval reinstated: %(product)s on %(version)s"), (Audience.OWNER, Audience.REVIEWERS)
    ),
    Kind.APPROVAL_REVOKED: Route(
        gettext_noop("Approval revoked: %(product)s on %(version)s"),
        (Audience.OWNER, Audience.REVIEWERS),
        (Audience.OWNER,),
    ),
    Kind.APPROVAL_TERMINATED: Route(
        gettext_noop("The licence ended: %(product)s on %(version)s"),
        (Audience.OWNER, Audience.REVIEWERS),
        (Audience.OWNER,),
    ),
    Kind.APPROVAL_ENDED: Route(
        gettext_noop("Approval ended, the product is retired: %(product)s on %(version)s"),
        (Audience.OWNER, Audience.REVIEWERS),
    ),
    Kind.CONDITION_SET: Route(gettext_noop("A condition is yours: %(product)s"), (Audience.CONDITION_OWNER,)),
    Kind.CONDITION_REOPENED: Route(
        gettext_noop("A condition is broken: %(product)s"),
        (Audience.CONDITION_OWNER, Audience.OWNER, Audience.REVIEWERS),
        (Audience.CONDITION_OWNER,),
    ),
    Kind.ROLLOUT_UNAPPROVED: Route(
        gettext_noop("Runs without approval: %(product)s"),
        (Audience.OWNER, Audience.REVIEWERS, Audience.APPROVERS),
        (Audience.OWNER, Audience.REVIEWERS),
    ),
    Kind.STOP_DUTY_OPENED: Route(gettext_noop("Stop duty: %(product)s"), (Audience.OWNER,), (Audience.OWNER,)),
    Kind.COLLEAGUE_ASKED: Route(gettext_noop("You are asked about %(product)s"), (Audience.ASKED,), (Audience.ASKED,)),
    Kind.COLLEAGUE_ANSWERED: Route(gettext_noop("Your question on %(product)s is answered"), (Audience.ASKER,)),
    Kind.COLLEAGUE_CLOSED: Route(
        gettext_noop("No answer is needed any more: a question on %(product)s"), (Audience.ASKED, Audience.ASKER)
    ),
    Kind.EVIDENCE_BUILT: Route(gettext_noop("The evidence pack is ready: %(product)s"), (Audience.OWNER,)),
    Kind.LICENCE_TEXT_IMPORTED: Route(
        gettext_noop("A licence text with other words waits for legal: %(version)s"),
        (Audience.LEGAL,),
        (Audience.LEGAL,),
        only_where=("standing", "candidate"),
    ),
    Kind.LICENCE_DRAFT_CHANGED: Route(
        gettext_noop("%(version)s is prepared: read it and publish it"),
        (Audience.PUBLISHERS,),
        (Audience.PUBLISHERS,),
        only_where=("what", "submitted"),
    ),
    Kind.LICENCE_IMPACT_ASSESSED: Route(
        gettext_noop("What other words of %(version)s touch: every approval was looked at"),
        (Audience.LEGAL, Audience.REVIEWERS_TOUCHED, Audience.OWNERS_TOUCHED),
        (Audience.OWNERS_TO_ACT,),
    ),
    Kind.JOB_DEAD: Route(
        gettext_noop("A job gave up: %(subject)s"), (Audience.ADMINISTRATORS,), (Audience.ADMINISTRATORS,)
    ),
}


def route_of(kind: str, facts: Mapping[str, object]) -> Route | None:
    """The route of an event of this kind with these facts; None where nobody is told."""
    route = ROUTES.get(kind)
    if route is None or (route.not_with and facts.get(route.not_with) is not None):
        return None
    if route.only_where is None:
        return route
    name, value = route.only_where
    return route if facts.get(name) == value else None
