"""Sign a step. The signature covers the digests that the page showed; anything else is refused with the difference."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
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
from reviews.actions.conditions import record_condition_set
from reviews.actions.declare_facts import lay_out_plan
from reviews.actions.locking import lock_review, related_to, touch
from reviews.actions.moves import enqueue_pack
from reviews.errors import ChangedMeanwhile, ReviewError
from reviews.examined import Parts, digests_of_parts, read_parts, scope_of_parts, what_is_missing
from reviews.models import Condition, Review, SignOff
from reviews.models.conditions import ConditionKind
from reviews.policies import may_sign, read_known
from reviews.reading import StepLine, steps_of
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
    """The statement this person would sign now."""
    step = next(one for one in steps_of(review) if one.round == review.round and one.key == step_key)
    return statement_of(review=review, step=step, by=by, digests=digests_of_parts(read_parts(review)))


def statement_of(*, review: Review, step: StepLine, by: User, digests: Mapping[str, str]) -> Statement:
    """The statement over these digests. The salt is derived, so page and POST agree on the digest."""
    entity = review.licensee.name if review.licensee else ""
    words = statement_words(step.key, entity=entity)
    language = get_language() or settings.LANGUAGE_CODE
    parts = covered_parts(step.key, digests)
    salt = digest(
        {
            "review": review.reference,
            "step": step.key,
            "round": review.round,
            "person": by.reference,
            "key": settings.SECRET_KEY,
        }
    )
    document = sign_off_document(
        step_key=step.key,
        review=review.reference,
        round_number=review.round,
        language=language,
        words=words,
        signer=Signer(by.reference, commitment("name", salt, by.name), step.role, by.kind),
        parts=parts,
    )
    text = canonical(cast("JSON", document))
    return Statement(words, language, text, sha256(text.encode("utf-8")).hexdigest(), parts, salt)


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
        known = read_known(by, locked)
        step = next((one for one in known.steps if one.key == step_key), None)
        if step is None:
            raise ChangedMeanwhile(["The plan of this review no longer asks for this signature."])
        require(may_sign(by, step, locked, known))
        _refuse_what_moved_on(locked)
        # Read once: what is complete, what is signed and what the approval rests on are the same rows.
        parts = read_parts(locked)
        missing = what_is_missing(parts)
        if missing:
            raise ReviewError(" ".join(missing))
        digests = digests_of_parts(parts)
        statement = statement_of(review=locked, step=step, by=by, digests=digests)
        if statement.digest != statement_digest:
            raise ChangedMeanwhile(_differences(parts_shown, statement))
        proof = consume_proof(person=by, session_key=session_key, statement_digest=statement_digest)
        sign_off = _store(locked, step, by, statement, proof)
        steps = known.steps
        if step_key == "reviewer":
            require_move(Move.SIGN_ANSWERS, state=locked.state, to=State.SIGNING)
            locked.state = State.SIGNING
            lay_out_plan(locked)
            steps = [one for one in steps_of(locked) if one.round == locked.round]
        approved = None
        if all(one.signed or one.pk == step.pk for one in steps):
            approved = _approve(parts, digests, _attribution_owner(steps, step, by), sign_off.signed_at)
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
        if approved is not None:
            for condition in approved.conditions:
                record_condition_set(condition, locked, by)
            approval = approved.approval
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


def _store(review: Review, step: StepLine, by: User, statement: Statement, proof: SigningProof) -> SignOff:
    return SignOff.objects.create(
        step_id=step.pk,
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


def _attribution_owner(steps: list[StepLine], signed_now: StepLine, by: User) -> int | None:
    """Who has signed for the display, by key; None where the plan asks nobody."""
    step = next((one for one in steps if one.key == "attribution_owner"), None)
    if step is None:
        return None
    return by.pk if step.pk == signed_now.pk else step.person


@dataclass(frozen=True)
class _Approved:
    """What the last signature leaves behind: the approval, and the duties that it turned into conditions."""

    approval: Approval
    conditions: list[Condition]


def _approve(parts: Parts, digests: Mapping[str, str], attribution_owner: int | None, now: datetime) -> _Approved:
    """Leave the approval behind: every step of the round is signed."""
    review = parts.review
    added = _turn_unseen_duties_into_conditions(parts, attribution_owner, now) if attribution_owner is not None else []
    with_conditions = bool(parts.conditions or added)
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
        licensee_facts_change_on=review.licensee_facts_change_on,
        scope=scope_of_parts(parts),
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
    approval.entities.add(*(entity.pk for entity in parts.entities))
    approval.deployments.add(*(deployment.pk for deployment in parts.deployments))
    review.state, review.decided_at = state, now
    enqueue_pack(review)
    return _Approved(approval, added)


def _turn_unseen_duties_into_conditions(parts: Parts, attribution_owner: int, now: datetime) -> list[Condition]:
    """The attribution owner signed that what was not seen is due before go-live: so the gate waits for it."""
    return [
        Condition.objects.create(
            review=parts.review,
            kind=ConditionKind.BEFORE_GO_LIVE,
            text=f"{duty.title} ({', '.join(duty.clauses)})",
            owner_id=attribution_owner,
            created_by_id=attribution_owner,
            created_at=now,
        )
        for duty in parts.duties
        if not duty.seen
    ]


def _start_of(review: Review) -> datetime:
    assert review.valid_from is not None
    return datetime.combine(review.valid_from, time.min, ZoneInfo(settings.COMPANY_TIME_ZONE))


def _end_of(review: Review) -> datetime:
    """The approval holds to the end of its last day in the company's time zone (rule 13)."""
    assert review.valid_until is not None
    return datetime.combine(review.valid_until + timedelta(days=1), time.min, ZoneInfo(settings.COMPANY_TIME_ZONE))
