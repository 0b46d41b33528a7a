"""A lawyer gives the address of a text: a worker fetches it, and it arrives as an upload would."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import NotAllowed, require
from foundation.audit.kinds import Kind
from foundation.audit.recorder import record
from foundation.jobs.actions import enqueue
from foundation.outbound.addresses import check_written, parse_networks
from foundation.outbound.errors import OutboundError, OutboundFailed
from licences.actions.ask_address import Asker, Get, NoAnswer, get
from licences.actions.import_text import add_text
from licences.actions.watch_texts import outcome_of
from licences.errors import LicenceError
from licences.models import AddressCheck, CheckOutcome, LicenceText, LlamaVersion, TextKind
from licences.policies import may_decide_texts
from licences.queries import current_text, terms_for

BRING_JOB = "licences.bring_text"
LONGEST_ADDRESS = 300

Keep = Callable[[], None]


def ask_for_text(*, version: LlamaVersion, kind: TextKind, address: str, by: User) -> AddressCheck:
    """Leave it to a worker to fetch this address. Nothing is reached here: only how the address is written is judged.

    Asked for once more, it is looked at once more; what is known of an address that Meta publishes at stays.
    """
    require(may_decide_texts(by))
    address = _written_well(address)
    _refuse_watched(version, address)
    now = timezone.now()
    with transaction.atomic():
        check, _made = AddressCheck.objects.update_or_create(
            version=version,
            kind=TextKind(kind),
            address=address,
            defaults={"outcome": CheckOutcome.ASKED, "checked_at": now, "asked_by": by, "text": None, "problem": ""},
        )
        enqueue(
            kind=BRING_JOB,
            dedupe=f"{BRING_JOB}:{check.pk}:{now:%Y-%m-%dT%H:%M:%S.%f}",
            ref=version.slug,
            payload={"check": check.pk},
        )
        record(
            Kind.LICENCE_TEXT_ASKED_FOR,
            actor=actor_for(by),
            subject=version.slug,
            facts={"document": check.kind, "source": address},
        )
    return check


def bring_text(*, check: AddressCheck, last_attempt: bool, get: Get = get) -> Keep:
    """Fetch the address and take in what is there, in the name of who asked. What came of it is kept by the caller.

    OutboundFailed where nothing answers and another attempt follows; the page says so meanwhile.
    """
    assert check.asked_by is not None
    kind, before = TextKind(check.kind), current_text(check.version, TextKind(check.kind))
    text: LicenceText | None = None
    problem = ""
    try:
        data = Asker(get).ask_for_file(check.address)
        text = add_text(
            version=check.version, kind=kind, data=data, filename="", source=check.address, by=check.asked_by
        )
        outcome = outcome_of(text, before)
    except NoAnswer as silence:
        if silence.unreachable and not last_attempt:
            AddressCheck.objects.filter(pk=check.pk).update(problem=str(silence)[:500])
            raise OutboundFailed(str(silence)) from silence
        outcome = CheckOutcome.UNREACHABLE if silence.unreachable else CheckOutcome.NOT_THERE
        problem = str(silence)
    except (LicenceError, NotAllowed) as error:
        outcome, problem = CheckOutcome.NOT_THERE, str(error)
    return lambda: _keep(check, outcome, text, problem)


def _refuse_watched(version: LlamaVersion, address: str) -> None:
    terms = terms_for(version)
    if address in {terms.agreement.raw, terms.agreement.web, terms.aup.raw, terms.aup.web}:
        raise LicenceError(
            _("The portal looks at this address by itself once a day; the list of addresses says what it found.")
        )


def _written_well(address: str) -> str:
    address = address.strip()
    if len(address) > LONGEST_ADDRESS:
        raise LicenceError(
            _("The address is longer than %(most)s characters. Use a shorter one.") % {"most": LONGEST_ADDRESS}
        )
    try:
        check_written(address, parse_networks(settings.OUTBOUND_ALLOW))
    except OutboundError as error:
        raise LicenceError(str(error)) from error
    return address


def _keep(check: AddressCheck, outcome: CheckOutcome, text: LicenceText | None, problem: str) -> None:
    now = timezone.now()
    changed = {"checked_at": now, "outcome": outcome, "text": text, "problem": problem[:500]}
    if outcome == CheckOutcome.SAME:
        changed["words_seen_at"] = now
    # Whoever asked once more meanwhile is answered by their own look.
    AddressCheck.objects.filter(pk=check.pk, checked_at=check.checked_at).update(**changed)
    assert check.asked_by is not None
    record(
        Kind.LICENCE_TEXT_FETCHED,
        actor=actor_for(check.asked_by),
        subject=check.version.slug,
        facts={
            "document": check.kind,
            "source": check.address,
            "outcome": outcome,
            "sha256": text.sha256 if text else "",
        },
    )
