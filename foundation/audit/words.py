"""Every kind of event in plain words, for timelines, the log page, notices and records: "Rita answered a check"."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from foundation.audit.kinds import Kind

# What the actor did, to follow a name. Kinds that are missing here are shown by their own name.
PHRASES: dict[str, str] = {
    Kind.AUDIT_PERSONAL_ERASED: gettext_noop("erased personal values from the log"),
    Kind.AUDIT_PROTECTION_RESTORED: gettext_noop("restored the log’s protection"),
    Kind.AUDIT_CHECKPOINT_DOWNLOADED: gettext_noop("downloaded a checkpoint of the log"),
    Kind.PERSON_INVITED: gettext_noop("invited a person"),
    Kind.PERSON_CHANGED: gettext_noop("changed a person’s details"),
    Kind.PERSON_DEACTIVATED: gettext_noop("ended a person’s access"),
    Kind.PERSON_REACTIVATED: gettext_noop("gave a person access again"),
    Kind.PERSON_SIGNED_IN: gettext_noop("signed in"),
    Kind.PERSON_SIGN_IN_FAILED: gettext_noop("failed to sign in"),
    Kind.PERSON_SIGNED_OUT: gettext_noop("signed out"),
    Kind.PERSON_PASSWORD_CHANGED: gettext_noop("changed a password"),
    Kind.PERSON_FACTOR_ADDED: gettext_noop("added a second factor"),
    Kind.PERSON_FACTOR_REMOVED: gettext_noop("removed a second factor"),
    Kind.PERSON_PROVED_PRESENCE: gettext_noop("proved who they are"),
    Kind.PERSON_SIGNING_REFUSED: gettext_noop("was refused a signature"),
    Kind.TEAM_CREATED: gettext_noop("created a team"),
    Kind.TEAM_CHANGED: gettext_noop("changed a team"),
    Kind.MEMBERSHIP_GRANTED: gettext_noop("granted a role"),
    Kind.MEMBERSHIP_ENDED: gettext_noop("ended a role"),
    Kind.TOKEN_CREATED: gettext_noop("issued a machine token"),
    Kind.TOKEN_REVOKED: gettext_noop("revoked a machine token"),
    Kind.TOKEN_REFUSED: gettext_noop("refused a machine token"),
    Kind.CATALOGUE_CHANGED: gettext_noop("changed the catalogue"),
    Kind.LICENCE_TEXT_IMPORTED: gettext_noop("imported a licence text"),
    Kind.LICENCE_TEXT_ASKED_FOR: gettext_noop("asked for a licence text at an address"),
    Kind.LICENCE_TEXT_FETCHED: gettext_noop("looked for a licence text at an address"),
    Kind.LICENCE_TEXT_ACCEPTED: gettext_noop("accepted a licence text"),
    Kind.LICENCE_TEXT_REFUSED: gettext_noop("refused a licence text"),
    Kind.LICENCE_DRAFT_CHANGED: gettext_noop("worked on a Llama version that is being prepared"),
    Kind.LICENCE_VERSION_ADDED: gettext_noop("added a Llama version"),
    Kind.LICENCE_VERSION_CONFIRMED: gettext_noop("confirmed the version of a model name"),
    Kind.LICENCE_IMPACT_ASSESSED: gettext_noop("looked at what a change of the licence base touches"),
    Kind.COMPONENT_VERSION_PROPOSED: gettext_noop("proposed the Llama version of a model"),
    Kind.ENTITY_CREATED: gettext_noop("added a legal entity"),
    Kind.ENTITY_CHANGED: gettext_noop("changed a legal entity"),
    Kind.ENTITY_PLACE_RECORDED: gettext_noop("recorded a principal place of business"),
    Kind.ENTITY_LITIGATION_RECORDED: gettext_noop("recorded an answer on litigation"),
    Kind.ENTITY_AFFILIATION_CHANGED: gettext_noop("changed an affiliation"),
    Kind.ENTITY_MAU_RECORDED: gettext_noop("recorded monthly active users"),
    Kind.ENTITY_ACCEPTANCE_RECORDED: gettext_noop("recorded an acceptance"),
    Kind.ENTITY_PERMISSION_RECORDED: gettext_noop("recorded a permission"),
    Kind.PRODUCT_REGISTERED: gettext_noop("registered the product"),
    Kind.PRODUCT_CHANGED: gettext_noop("changed the product"),
    Kind.PRODUCT_OWNER_CHANGED: gettext_noop("changed the product’s owner"),
    Kind.PRODUCT_RETIRED: gettext_noop("retired the product"),
    Kind.COMPONENT_ADDED: gettext_noop("added a component"),
    Kind.COMPONENT_CHANGED: gettext_noop("changed a component"),
    Kind.COMPONENT_RETIRED: gettext_noop("retired a component"),
    Kind.COMPONENT_VERSION_CHOSEN: gettext_noop("chose a model"),
    Kind.DEPLOYMENT_ADDED: gettext_noop("added an environment"),
    Kind.DEPLOYMENT_CHANGED: gettext_noop("changed an environment"),
    Kind.DEPLOYMENT_RETIRED: gettext_noop("retired an environment"),
    Kind.ROLLOUT_RECORDED: gettext_noop("recorded a rollout"),
    Kind.ROLLOUT_UNAPPROVED: gettext_noop("recorded a rollout that no approval covers"),
    Kind.ROLLOUT_SUPERSEDED: gettext_noop("corrected a rollout"),
    Kind.OBSERVATION_RECORDED: gettext_noop("recorded an observation"),
    Kind.COLLEAGUE_ASKED: gettext_noop("asked a colleague"),
    Kind.COLLEAGUE_ANSWERED: gettext_noop("answered a colleague’s question"),
    Kind.COLLEAGUE_CLOSED: gettext_noop("closed a question to a colleague"),
    Kind.STOP_DUTY_OPENED: gettext_noop("opened a stop duty"),
    Kind.STOP_DUTY_STEP_DONE: gettext_noop("completed a step of a stop duty"),
    Kind.STOP_DUTY_CERTIFIED: gettext_noop("certified the deletion"),
    Kind.DOCUMENT_DOWNLOADED: gettext_noop("downloaded a document"),
    Kind.DECLARATION_DRAFT_SAVED: gettext_noop("saved draft facts"),
    Kind.DECLARATION_MADE: gettext_noop("declared the facts"),
    Kind.REVIEW_OPENED: gettext_noop("opened the review"),
    Kind.REVIEW_FACTS_TAKEN: gettext_noop("handed the facts to the review"),
    Kind.REVIEW_SCOPE_SET: gettext_noop("set the scope"),
    Kind.REVIEW_CHECK_ANSWERED: gettext_noop("answered a check"),
    Kind.REVIEW_COMMENTED: gettext_noop("remarked"),
    Kind.REVIEW_QUESTION_ASKED: gettext_noop("asked a question"),
    Kind.REVIEW_QUESTION_ANSWERED: gettext_noop("answered a question"),
    Kind.REVIEW_CHANGES_REQUESTED: gettext_noop("asked for changes"),
    Kind.REVIEW_WAITING_STARTED: gettext_noop("put the review on hold"),
    Kind.REVIEW_WAITING_ENDED: gettext_noop("took the review up again"),
    Kind.REVIEW_STEP_SIGNED: gettext_noop("signed"),
    Kind.REVIEW_APPROVED: gettext_noop("completed the approval"),
    Kind.REVIEW_REJECTED: gettext_noop("rejected"),
    Kind.REVIEW_WITHDRAWN: gettext_noop("withdrew the review"),
    Kind.REVIEW_NOT_LLAMA: gettext_noop("closed the review as not Llama-licensed"),
    Kind.REVIEW_WENT_STALE: gettext_noop("found the review’s facts overtaken"),
    Kind.CONDITION_SET: gettext_noop("set a condition"),
    Kind.CONDITION_DROPPED: gettext_noop("took a condition back"),
    Kind.CONDITION_MET: gettext_noop("recorded a condition as met"),
    Kind.CONDITION_REOPENED: gettext_noop("reported a condition as broken"),
    Kind.APPROVAL_SUSPENDED: gettext_noop("suspended the approval"),
    Kind.APPROVAL_RESUMED: gettext_noop("reinstated the approval"),
    Kind.APPROVAL_REVOKED: gettext_noop("revoked the approval"),
    Kind.APPROVAL_TERMINATED: gettext_noop("recorded that the licence ended"),
    Kind.APPROVAL_ENDED: gettext_noop("ended the approval: the product was retired"),
    Kind.EVIDENCE_BUILT: gettext_noop("built the evidence pack"),
    Kind.EVIDENCE_DOWNLOADED: gettext_noop("downloaded evidence"),
    Kind.GATE_MODE_CHANGED: gettext_noop("changed the gate’s mode"),
    Kind.JOB_DEAD: gettext_noop("gave up on a job"),
    Kind.JOB_RETRIED: gettext_noop("started a job again"),
}

# What a group of kinds is about, by the word before the dot, for the log's filter. Kinds without a phrase are not used.
GROUPS: dict[str, str] = {
    "audit": gettext_noop("The log itself"),
    "person": gettext_noop("People and signing in"),
    "team": gettext_noop("Teams"),
    "membership": gettext_noop("Roles"),
    "token": gettext_noop("Machine tokens"),
    "catalogue": gettext_noop("The catalogue"),
    "licence": gettext_noop("Licence texts and versions"),
    "entity": gettext_noop("Legal entities"),
    "product": gettext_noop("Products"),
    "component": gettext_noop("Components"),
    "deployment": gettext_noop("Environments"),
    "rollout": gettext_noop("Rollouts"),
    "observation": gettext_noop("Observations"),
    "colleague": gettext_noop("Questions to colleagues"),
    "stop_duty": gettext_noop("Stop duties"),
    "document": gettext_noop("Documents"),
    "declaration": gettext_noop("Declarations"),
    "review": gettext_noop("Reviews"),
    "condition": gettext_noop("Conditions"),
    "approval": gettext_noop("Approvals"),
    "evidence": gettext_noop("Evidence"),
    "gate": gettext_noop("The gate"),
    "job": gettext_noop("Jobs"),
}

TONES: dict[str, tuple[str, str]] = {
    # kind: (icon, tone) of the timeline
    Kind.REVIEW_APPROVED: ("shield-check", "ok"),
    Kind.REVIEW_STEP_SIGNED: ("pen-line", "ok"),
    Kind.REVIEW_REJECTED: ("ban", "bad"),
    Kind.REVIEW_CHANGES_REQUESTED: ("message-square-warning", "warn"),
    Kind.REVIEW_CHECK_ANSWERED: ("circle-check", "info"),
    Kind.REVIEW_OPENED: ("folder-open", "info"),
    Kind.DECLARATION_MADE: ("file-check", "info"),
    Kind.ROLLOUT_UNAPPROVED: ("triangle-alert", "bad"),
    Kind.APPROVAL_REVOKED: ("ban", "bad"),
    Kind.APPROVAL_SUSPENDED: ("circle-pause", "warn"),
    Kind.CONDITION_MET: ("circle-check", "ok"),
    Kind.CONDITION_SET: ("list-checks", "warn"),
    Kind.ROLLOUT_RECORDED: ("rocket", "info"),
}


def phrase(kind: str) -> str:
    """What the actor did, in the active language."""
    words = PHRASES.get(kind)
    return _(words) if words else kind.replace(".", ": ").replace("_", " ")


@dataclass(frozen=True)
class Group:
    """Kinds about one subject: `value` finds all of them."""

    value: str
    label: str
    kinds: list[tuple[str, str]]


def groups_in_words() -> list[Group]:
    """Every kind that is used, in words, under what it is about."""
    found = {name: Group(f"{name}.", _(label), []) for name, label in GROUPS.items()}
    for kind in PHRASES:
        found[kind.partition(".")[0]].kinds.append((str(kind), capfirst(phrase(kind))))
    return list(found.values())


def icon_and_tone(kind: str) -> tuple[str, str]:
    """The icon and colour that a timeline gives to this kind."""
    return TONES.get(kind, ("circle-dot", "mute"))
