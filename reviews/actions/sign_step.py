"""Sign a step. The signature covers the digests that the page showed; anything else is refused with the difference."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from deployments.models import Approval, ApprovalState
from foundation.accounts.actions import consume_proof, make_proof
from foundation.accounts.actors import actor_for
from foundation.accounts.models import SigningProof, User
from foundation.accounts.policy import require
from foundation.audit.canonical import JSON, canonical, digest
from foundation.audit.kinds import Kind
from foundation.audit.recorder import commitment, record
from reviews.actions.declare_facts import lay_out_plan
from reviews.actions.locking import lock_review, related_to, touch
from reviews.actions.moves import enqueue_pack
from reviews.errors import ChangedMeanwhile, ReviewError
from reviews.examined import (
    Duty,
    attribution_duties,
    digests_of_parts,
    documents_of_parts,
    what_is_missing,
)
from reviews.models import Condition, Review, SignOff, Step
from reviews.models.conditions import ConditionKind
from reviews.policies import may_sign
from reviews.statement import Signer, changed_parts, covered_parts, sign_off_document, statement_words
from reviews.states import Move, State, require_move
from reviews.what_holds import moved_on


@dataclass(frozen=True)
class Statement:
    """What the sign box shows: words, digest, and the parts that it covers."""

    words: str
    language: str
    document: str
    digest: str
    parts: dict[str, str]
    name_salt: str

    @property
    def parts_shown(self) -> str:
        """The digests that the page showed, to name the difference later."""
        return canonical(cast("JSON", self.parts))


def prepare_statement(*, review: Review, step_key: str, by: User) -> Statement:
    """The statement this person would sign now. The salt is derived, so page and POST agree on the digest."""
    entity = review.licensee.name if review.licensee else ""
    words = statement_words(step_key, entity=entity)
    language = get_language() or settings.LANGUAGE_CODE
    parts = covered_parts(step_key, digests_of_parts(review))
    salt = digest(
        {
            "review": review.reference,
            "step": step_key,
            "round": review.round,
            "person": by.reference,
            "key": settings.SECRET_KEY,
        }
    )
    step = review.steps.get(round=review.round, key=step_key)
    document = sign_off_document(
        step_key=step_key,
        review=review.reference,
        round_number=review.round,
        language=language,
        words=words,
        signer=Signer(by.reference, commitment("name", salt, by.name), step.role, by.kind),
        parts=parts,
    )
    text = canonical(cast("JSON", document))
    return Statement(words, language, text, digest(cast("JSON", document)), parts, salt)


def sign_step(
    *,
    review: Review,
    step_key: str,
    by: User,
    session_key: str,
    password: str,
    statement_digest: str,
    parts_shown: str = "",
) -> SignOff:
    """Fill one step of the plan. The last signature approves.

    Raises ChangedMeanwhile with the differences when the review is not what the page showed, NotAllowed by policy,
    ReviewError when something is still missing, and the proof's own refusals.
    """
    if password:  # a wrong password must reach the log although the signature rolls back, so the proof is made first
        make_proof(
            person=by, session_key=session_key, statement_digest=statement_digest, method="password", password=password
        )
    with transaction.atomic():
        locked = lock_review(review)
        step = Step.objects.filter(review=locked, round=locked.round, key=step_key).first()
        if step is None:
            raise ChangedMeanwhile(["The plan of this review no longer asks for this signature."])
        require(may_sign(by, step, locked))
        _refuse_what_moved_on(locked)
        missing = what_is_missing(locked)
        if missing:
            raise ReviewError(" ".join(missing))
        statement = prepare_statement(review=locked, step_key=step_key, by=by)
        if statement.digest != statement_digest:
            raise ChangedMeanwhile(_differences(parts_shown, statement))
        proof = consume_proof(person=by, session_key=session_key, statement_digest=statement_digest)
        sign_off = _store(locked, step, by, statement, proof)
        if step_key == "reviewer":
            require_move(Move.SIGN_ANSWERS, state=locked.state, to=State.SIGNING)
            locked.state = State.SIGNING
            lay_out_plan(locked)
        approval = _approve_when_complete(locked, sign_off.signed_at)
        touch(locked, "state", "decided_at")
        record(
            Kind.REVIEW_STEP_SIGNED,
            actor=actor_for(by),
            subject=locked.reference,
            related=related_to(locked),
            facts={
                "step": step_key,
                "role": step.role,
                "round": locked.round,
                "statement_digest": statement.digest,
                "method": proof.method,
            },
        )
        if approval is not None:
            record(
                Kind.REVIEW_APPROVED,
                actor=actor_for(by),
                subject=locked.reference,
                related=[*related_to(locked), approval.reference],
                facts={
                    "approval": approval.reference,
                    "version": locked.version.slug,
                    "with_conditions": approval.with_conditions,
                    "facts_digest": approval.facts_digest,
                    "scope_digest": approval.scope_digest,
                    "valid_until": approval.valid_until.isoformat(),
                },
            )
    return sign_off


def _refuse_what_moved_on(review: Review) -> None:
    """Rule 1: a signature never lands on facts or texts that are no longer those that the review copied."""
    moved = moved_on(review)
    if moved:
        raise ChangedMeanwhile(
            [*moved, "Take the facts again on the review page; the answers stay, the signatures do not."]
        )


def _differences(parts_shown: str, statement: Statement) -> list[str]:
    try:
        shown = json.loads(parts_shown) if parts_shown else {}
    except ValueError:
        shown = {}
    found = changed_parts(shown, statement.parts) if isinstance(shown, dict) and shown else []
    return found or ["The statement that you were shown is not the one that you would sign now."]


def _store(review: Review, step: Step, by: User, statement: Statement, proof: SigningProof) -> SignOff:
    return SignOff.objects.create(
        step=step,
        review=review,
        round=review.round,
        person=by,
        signer_name=by.name,
        signer_organisation=by.organisation,
        signer_title=by.job_title,
        signer_kind=by.kind,
        name_salt=statement.name_salt,
        role=step.role,
        statement=statement.words,
        language=statement.language,
        document=statement.document,
        digest=statement.digest,
        method=proof.method,
        proof=proof,
        signed_at=timezone.now(),
    )


def _approve_when_complete(review: Review, now: datetime) -> Approval | None:
    """Leave the approval behind when every step of the round is signed."""
    if review.state != State.SIGNING or review.steps.filter(round=review.round, sign_off=None).exists():
        return None
    digests = digests_of_parts(review)
    scope = documents_of_parts(review)["scope"]
    unseen = [duty for duty in attribution_duties(review) if not duty.seen]
    _turn_unseen_duties_into_conditions(review, unseen, now)
    with_conditions = review.conditions.exists()
    state = State.APPROVED_WITH_CONDITIONS if with_conditions else State.APPROVED
    require_move(Move.APPROVE, state=review.state, to=state)
    assert (
        review.valid_from
        and review.valid_until
        and review.licensee
        and review.declaration
        and review.agreement
        and review.aup
    )
    Approval.objects.filter(component=review.component, version=review.version, state=ApprovalState.IN_FORCE).update(
        state=ApprovalState.SUPERSEDED, state_reason=f"Superseded by {review.reference}."
    )
    approval = Approval.objects.create(
        review_reference=review.reference,
        component=review.component,
        version=review.version,
        sheet=review.sheet,
        declaration=review.declaration,
        licensee=review.licensee,
        licensee_facts_revision=review.licensee_facts_revision,
        scope=scope,
        raw_model_id=review.sheet.raw_model_id,
        facts=review.facts,
        facts_digest=review.facts_digest,
        agreement=review.agreement,
        aup=review.aup,
        findings_digest=review.findings_digest,
        answers_digest=digests["answers"],
        plan_digest=digests["plan"],
        scope_digest=digests["scope"],
        with_conditions=with_conditions,
        decided_at=now,
        valid_from=_start_of(review),
        valid_until=_end_of(review),
    )
    approval.entities.set(review.scope_entities.all())
    approval.deployments.set(review.scope_deployments.all())
    review.state, review.decided_at = state, now
    enqueue_pack(review)
    return approval


def _turn_unseen_duties_into_conditions(review: Review, unseen: list[Duty], now: datetime) -> None:
    """The attribution owner signed that what was not seen is due before go-live: so the gate waits for it."""
    signed = (
        SignOff.objects.filter(review=review, round=review.round, step__key="attribution_owner")
        .select_related("person")
        .first()
    )
    if signed is None:
        return
    for duty in unseen:
        Condition.objects.create(
            review=review,
            kind=ConditionKind.BEFORE_GO_LIVE,
            text=f"{duty.title} ({', '.join(duty.clauses)})",
            owner=signed.person,
            created_by=signed.person,
            created_at=now,
        )


def _start_of(review: Review) -> datetime:
    assert review.valid_from is not None
    return datetime.combine(review.valid_from, time.min, ZoneInfo(settings.COMPANY_TIME_ZONE))


def _end_of(review: Review) -> datetime:
    """The approval holds to the end of its last day in the company's time zone (rule 13)."""
    assert review.valid_until is not None
    return datetime.combine(review.valid_until + timedelta(days=1), time.min, ZoneInfo(settings.COMPANY_TIME_ZONE))
