"""Send the mail of one notice. Handing it over is claimed first, so a crash in between never sends it twice."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from deployments.models import ColleagueQuestion
from foundation.audit.kinds import Kind
from foundation.audit.models import Event
from notifications.models import Mail, Notice
from notifications.queries import still_waiting
from notifications.recipients import must_act_on
from reviews.models import Review

NO_ACCESS = "the person has no access any more"
DONE_MEANWHILE = "done before the mail went out"
UNSURE = "a crash left it unclear whether the mail server took it; it stands in the portal"


def send(notice_key: int) -> None:
    """Send the mail of this notice at most once.

    What is done meanwhile is not sent. When an earlier try was handed over and never confirmed, nobody can know
    whether it arrived; the portal then says so instead of sending a second one.
    """
    with transaction.atomic():
        mail = Mail.objects.select_for_update().filter(notice=notice_key).first()
        if mail is None or mail.sent_at is not None or mail.skipped:
            return
        notice = Notice.objects.select_related("person").get(pk=notice_key)
        reason = UNSURE if mail.handed_over_at is not None else _why_not(notice)
        if reason:
            mail.skipped = reason
            mail.save(update_fields=["skipped"])
            return
        mail.handed_over_at = timezone.now()
        mail.save(update_fields=["handed_over_at"])
    try:
        _message(notice, mail).send()
    except OSError:
        # The mail server refused or was not there: it has not taken the message, so the next try may.
        Mail.objects.filter(pk=mail.pk, sent_at=None).update(handed_over_at=None)
        raise
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())


def _why_not(notice: Notice) -> str:
    if not notice.person.may_sign_in(timezone.now()):
        return NO_ACCESS
    if notice.key.startswith("reminder:REV-"):
        review = Review.objects.select_related("component__product__owner").get(pk=Review.key_of(notice.subject))
        if notice.person not in must_act_on(review):
            return DONE_MEANWHILE
    if notice.kind == Kind.LICENCE_DRAFT_CHANGED and not still_waiting(notice.person, [notice]):
        return DONE_MEANWHILE
    if notice.kind == Kind.COLLEAGUE_ASKED and not _still_asked(notice):
        return DONE_MEANWHILE
    return ""


def _still_asked(notice: Notice) -> bool:
    """Whether the question behind a notice is still open; the notice's key names the event that asked it."""
    event = Event.objects.get(seq=int(notice.key.removeprefix("event:")))
    return ColleagueQuestion.objects.filter(pk=event.facts["question"], answered_at=None).exists()


def _message(notice: Notice, mail: Mail) -> EmailMultiAlternatives:
    with override(notice.person.language):
        context = {"notice": notice, "url": f"{settings.PUBLIC_URL}{notice.link}", "company": settings.COMPANY_NAME}
        text = render_to_string("notifications/mail.txt", context)
        subject = _("[Licence Desk] %(title)s") % {"title": notice.title}
    return EmailMultiAlternatives(
        subject.replace("\n", " "),
        text,
        settings.DEFAULT_FROM_EMAIL,
        [notice.person.email],
        headers={"Message-ID": mail.message_id},
    )
