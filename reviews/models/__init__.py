"""Tables of legal reviews."""

from reviews.models.checks import Check, CheckAnswer, CounselNote, PositionTaken
from reviews.models.conditions import ROLES_THAT_OWN_CONDITIONS, Condition, ConditionKind
from reviews.models.impact import ImpactLine, ImpactOutcome, ImpactRun
from reviews.models.messages import Message, MessageKind
from reviews.models.reviews import Review
from reviews.models.steps import SignOff, Step

__all__ = [
    "ROLES_THAT_OWN_CONDITIONS",
    "Check",
    "CheckAnswer",
    "Condition",
    "ConditionKind",
    "CounselNote",
    "ImpactLine",
    "ImpactOutcome",
    "ImpactRun",
    "Message",
    "MessageKind",
    "PositionTaken",
    "Review",
    "SignOff",
    "Step",
]
