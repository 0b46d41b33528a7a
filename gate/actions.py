"""Ask the gate: decide, keep the answer, say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from foundation.accounts.models import MachineToken, User
from gate.decide import Answer, Decision
from gate.facts import answer_for
from gate.models import GateAnswer


@dataclass(frozen=True)
class Said:
    """What the gate said: the decision, whether it is enforced, and whether the pipeline may go on."""

    answer: Answer
    enforced: bool
    asked_at: datetime

    @property
    def proceed(self) -> bool:
        """In observe mode everything goes on; the decision says what enforce mode would have said."""
        return not self.enforced or self.answer.decision == Decision.ALLOW


def ask(
    *, product: str, environment: str, model: str, token: MachineToken | None = None, person: User | None = None
) -> Said:
    """Answer one question and keep it. Observe mode holds only for a deployment that is known and set to it."""
    now = timezone.now()
    answer, deployment = answer_for(
        product=product, environment=environment, model=model, now=now, token=token, person=person
    )
    observe = deployment is not None and (deployment.gate_mode == "observe" or settings.GATE_MODE == "observe")
    said = Said(answer, not observe, now)
    GateAnswer.objects.create(
        asked_at=now,
        token=token,
        person=person,
        product_reference=product[:40],
        environment=environment[:120],
        model_id=model[:300],
        decision=answer.decision,
        enforced=said.enforced,
        reasons=list(answer.reasons),
        review_reference=answer.review,
    )
    return said
