"""What is said on a review: requests for changes, questions, answers, remarks. Words here never change a decision."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from reviews.models.reviews import Review


class MessageKind(models.TextChoices):
    CHANGES_REQUESTED = "changes_requested", "Asked for changes"
    QUESTION = "question", "Asked"
    ANSWER = "answer", "Answered"
    REMARK = "remark", "Remarked"


class Message(models.Model):
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    check_number = models.PositiveSmallIntegerField(null=True, blank=True)
    clause = models.CharField(max_length=80, blank=True)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.review_id} {self.kind}"
