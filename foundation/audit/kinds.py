"""Every kind of event, grouped by subject. `record()` refuses a kind that is not here.

A kind is never renamed or reused: old events keep it for ever. Add new ones to the group of their subject.
"""

from __future__ import annotations

from enum import StrEnum, unique


@unique
class Kind(StrEnum):
    """What happened, as `subject.what`."""

    # The log itself
    AUDIT_PERSONAL_ERASED = "audit.personal_erased"
    AUDIT_PROTECTION_RESTORED = "audit.protection_restored"
    AUDIT_CHECKPOINT_DOWNLOADED = "audit.checkpoint_downloaded"

    # People, teams and roles
    PERSON_INVITED = "person.invited"
    PERSON_CHANGED = "person.changed"
    PERSON_DEACTIVATED = "person.deactivated"
    PERSON_REACTIVATED = "person.reactivated"
    PERSON_SIGNED_IN = "person.signed_in"
    PERSON_SIGN_IN_FAILED = "person.sign_in_failed"
    PERSON_SIGNED_OUT = "person.signed_out"
    PERSON_PASSWORD_CHANGED = "person.password_changed"  # noqa: S105 - the name of an event
    PERSON_FACTOR_ADDED = "person.factor_added"
    PERSON_FACTOR_REMOVED = "person.factor_removed"
    PERSON_PROVED_PRESENCE = "person.proved_presence"
    PERSON_SIGNING_REFUSED = "person.signing_refused"
    PERSON_DELEGATED = "person.delegated"
    PERSON_DELEGATION_ENDED = "person.delegation_ended"
    TEAM_CREATED = "team.created"
    TEAM_CHANGED = "team.changed"
    MEMBERSHIP_GRANTED = "membership.granted"
    MEMBERSHIP_ENDED = "membership.ended"

    # Machine tokens
    TOKEN_CREATED = "token.created"  # noqa: S105 - the name of an event
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - the name of an event
    TOKEN_REFUSED = "token.refused"  # noqa: S105 - the name of an event

    # Licence texts and the catalogue
    CATALOGUE_CHANGED = "catalogue.changed"
    LICENCE_TEXT_IMPORTED = "licence.text_imported"
    LICENCE_TEXT_ASKED_FOR = "licence.text_asked_for"
    LICENCE_TEXT_FETCHED = "licence.text_fetched"
    LICENCE_TEXT_ACCEPTED = "licence.text_accepted"
    LICENCE_TEXT_REFUSED = "licence.text_refused"
    LICENCE_DRAFT_CHANGED = "licence.draft_changed"
    LICENCE_VERSION_ADDED = "licence.version_added"
    LICENCE_VERSION_CONFIRMED = "licence.version_confirmed"
    LICENCE_IMPACT_ASSESSED = "licence.impact_assessed"

    # Legal entities, acceptances and permissions
    ENTITY_CREATED = "entity.created"
    ENTITY_CHANGED = "entity.changed"
    ENTITY_PLACE_RECORDED = "entity.place_recorded"
    ENTITY_LITIGATION_RECORDED = "entity.litigation_recorded"
    ENTITY_AFFILIATION_CHANGED = "entity.affiliation_changed"
    ENTITY_MAU_RECORDED = "entity.mau_recorded"
    ENTITY_ACCEPTANCE_RECORDED = "entity.acceptance_recorded"
    ENTITY_PERMISSION_RECORDED = "entity.permission_recorded"

    # Products, components, deployments and rollouts
    PRODUCT_REGISTERED = "product.registered"
    PRODUCT_CHANGED = "product.changed"
    PRODUCT_OWNER_CHANGED = "product.owner_changed"
    PRODUCT_RETIRED = "product.retired"
    COMPONENT_ADDED = "component.added"
    COMPONENT_CHANGED = "component.changed"
    COMPONENT_RETIRED = "component.retired"
    COMPONENT_VERSION_CHOSEN = "component.version_chosen"
    COMPONENT_VERSION_PROPOSED = "component.version_proposed"
    DEPLOYMENT_ADDED = "deployment.added"
    DEPLOYMENT_CHANGED = "deployment.changed"
    DEPLOYMENT_RETIRED = "deployment.retired"
    ROLLOUT_RECORDED = "rollout.recorded"
    ROLLOUT_UNAPPROVED = "rollout.unapproved"
    ROLLOUT_SUPERSEDED = "rollout.superseded"
    OBSERVATION_RECORDED = "observation.recorded"
    COLLEAGUE_ASKED = "colleague.asked"
    COLLEAGUE_ANSWERED = "colleague.answered"
    COLLEAGUE_CLOSED = "colleague.closed"
    STOP_DUTY_OPENED = "stop_duty.opened"
    STOP_DUTY_STEP_DONE = "stop_duty.step_done"
    STOP_DUTY_CERTIFIED = "stop_duty.certified"

    # Documents that people uploaded as evidence
    DOCUMENT_DOWNLOADED = "document.downloaded"

    # Declarations of facts
    DECLARATION_DRAFT_SAVED = "declaration.draft_saved"
    DECLARATION_MADE = "declaration.made"

    # Reviews
    REVIEW_OPENED = "review.opened"
    REVIEW_FACTS_TAKEN = "review.facts_taken"
    REVIEW_SUBMITTED = "review.submitted"
    REVIEW_ASSIGNED = "review.assigned"
    REVIEW_PLAN_MADE = "review.plan_made"
    REVIEW_SCOPE_SET = "review.scope_set"
    REVIEW_CHECK_ANSWERED = "review.check_answered"
    REVIEW_POSITION_TAKEN = "review.position_taken"
    REVIEW_COMMENTED = "review.commented"
    REVIEW_QUESTION_ASKED = "review.question_asked"
    REVIEW_QUESTION_ANSWERED = "review.question_answered"
    REVIEW_CHANGES_REQUESTED = "review.changes_requested"
    REVIEW_WAITING_STARTED = "review.waiting_started"
    REVIEW_WAITING_ENDED = "review.waiting_ended"
    REVIEW_STEP_SIGNED = "review.step_signed"
    REVIEW_STEP_DECLINED = "review.step_declined"
    REVIEW_SIGNATURE_WITHDRAWN = "review.signature_withdrawn"
    REVIEW_APPROVED = "review.approved"
    REVIEW_REJECTED = "review.rejected"
    REVIEW_WITHDRAWN = "review.withdrawn"
    REVIEW_NOT_LLAMA = "review.not_llama"
    REVIEW_WENT_STALE = "review.went_stale"
    REVIEW_DUE_CHANGED = "review.due_changed"
    REVIEW_OVERDUE = "review.overdue"
    REVIEW_COUNSEL_NOTED = "review.counsel_noted"
    REVIEW_FILE_ATTACHED = "review.file_attached"

    # Conditions
    CONDITION_SET = "condition.set"
    CONDITION_DROPPED = "condition.dropped"
    CONDITION_MET = "condition.met"
    CONDITION_WAIVED = "condition.waived"
    CONDITION_OVERDUE = "condition.overdue"
    CONDITION_REOPENED = "condition.reopened"

    # Approvals
    APPROVAL_GRANTED = "approval.granted"
    APPROVAL_WENT_STALE = "approval.went_stale"
    APPROVAL_EXPIRED = "approval.expired"
    APPROVAL_SUSPENDED = "approval.suspended"
    APPROVAL_RESUMED = "approval.resumed"
    APPROVAL_REVOKED = "approval.revoked"
    APPROVAL_TERMINATED = "approval.terminated"
    APPROVAL_ENDED = "approval.ended"
    APPROVAL_SUPERSEDED = "approval.superseded"

    # Evidence
    EVIDENCE_REQUESTED = "evidence.requested"
    EVIDENCE_BUILT = "evidence.built"
    EVIDENCE_DOWNLOADED = "evidence.downloaded"
    EVIDENCE_VERIFIED = "evidence.verified"
    EVIDENCE_DISPOSED = "evidence.disposed"
    EVIDENCE_HOLD_SET = "evidence.hold_set"
    EVIDENCE_HOLD_LIFTED = "evidence.hold_lifted"

    # Gate
    GATE_DECIDED = "gate.decided"
    GATE_OVERRIDDEN = "gate.overridden"
    GATE_MODE_CHANGED = "gate.mode_changed"

    # Jobs
    JOB_DEAD = "job.dead"
    JOB_RETRIED = "job.retried"

    # Notifications
    NOTIFICATION_SENT = "notification.sent"
    NOTIFICATION_FAILED = "notification.failed"
    NOTIFICATION_CHANNEL_CHANGED = "notification.channel_changed"
    NOTIFICATION_ESCALATED = "notification.escalated"
