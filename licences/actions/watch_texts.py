"""Look at the addresses where Meta publishes the texts: what changed becomes a candidate, and nothing else changes."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.audit.actors import Actor
from licences.actions.ask_address import Asker, Get, NoAnswer, get, is_page
from licences.actions.import_text import import_text
from licences.document import split_text
from licences.errors import LicenceError
from licences.models import AddressCheck, CheckOutcome, LicenceText, LlamaVersion, TextKind, TextStanding
from licences.normalise import UnreadableText, decode
from licences.queries import current_texts, terms_for
from licences.web_copy import compare, cut_out, page_lines

Found = tuple[CheckOutcome, LicenceText | None, str]


def watch_texts(*, by: Actor, get: Get = get) -> list[AddressCheck]:
    """Look at every address of every version whose text is here; a host that does not answer is asked once.

    Approvals stay what they are: a candidate counts for nothing until a lawyer accepts it.
    """
    current = current_texts()
    asker = Asker(get)
    checks = []
    for version in LlamaVersion.objects.all():
        terms = terms_for(version)
        for kind, addresses in ((TextKind.AGREEMENT, terms.agreement), (TextKind.AUP, terms.aup)):
            text = current.get((version.pk, kind.value))
            if text is None:
                continue  # nothing to compare with; fetch_texts brings the first copy
            for address in dict.fromkeys([addresses.raw, addresses.web]):
                checks.append(_keep(version, kind, address, _look(version, text, address, by, asker)))
    return checks


def _look(version: LlamaVersion, text: LicenceText, address: str, by: Actor, asker: Asker) -> Found:
    try:
        answer = asker.ask(address)
        if is_page(answer):
            return _page(version, text, address, answer.body, by)
        came = import_text(
            version=version,
            kind=TextKind(text.kind),
            data=answer.body,
            source=address,
            imported_by=by,
            keep_of_another=True,
        )
    except NoAnswer as silence:
        if silence.unreachable:
            return CheckOutcome.UNREACHABLE, None, _not_reached(address)
        return CheckOutcome.NOT_THERE, None, str(silence)
    except (LicenceError, UnreadableText) as error:
        return CheckOutcome.NOT_THERE, None, str(error)
    return outcome_of(came, text), came, ""


def _not_reached(address: str) -> str:
    """Nobody wrote this address here, and nothing depends on it today: a machine without a network is no fault."""
    words = _("The portal could not reach %(host)s. Nothing has to be done now: it looks again once a day.")
    return words % {"host": urlsplit(address).netloc}


def _page(version: LlamaVersion, text: LicenceText, address: str, body: bytes, by: Actor) -> Found:
    """A web page: the same words, or a text of its own cut out of it."""
    lines = page_lines(decode(body))
    comparison = compare(split_text(text), lines)
    if comparison.same:
        return CheckOutcome.SAME, text, ""
    if not comparison.is_the_text:
        return CheckOutcome.NOT_THERE, None, _("Hardly any clause of the text stands on the page.")
    came = import_text(
        version=version,
        kind=TextKind(text.kind),
        data=cut_out(lines, comparison).encode(),
        source=address,
        imported_by=by,
        keep_of_another=True,
    )
    return outcome_of(came, text), came, _differences(comparison.missing, comparison.added)


def _differences(missing: tuple[str, ...], added: tuple[str, ...]) -> str:
    said = []
    if missing:
        said.append(_("Not word for word on the page: %(clauses)s.") % {"clauses": ", ".join(missing)})
    if added:
        said.append(_("Words between clauses that the text lacks: %(number)s times.") % {"number": len(added)})
    return " ".join(said)[:500]


def outcome_of(came: LicenceText, current: LicenceText | None) -> CheckOutcome:
    """What a text that came in is beside the one that was relied on when it was asked for."""
    if current and came.words_digest == current.words_digest:
        return CheckOutcome.SAME
    if came.standing == TextStanding.REFUSED:
        return CheckOutcome.REFUSED
    return CheckOutcome.KNOWN if came.standing == TextStanding.ACCEPTED else CheckOutcome.CHANGED


@transaction.atomic
def _keep(version: LlamaVersion, kind: TextKind, address: str, found: Found) -> AddressCheck:
    outcome, text, problem = found
    now = timezone.now()
    values = {"checked_at": now, "outcome": outcome, "text": text, "problem": problem[:500]}
    if outcome == CheckOutcome.SAME:
        values["words_seen_at"] = now
    check, _made = AddressCheck.objects.update_or_create(
        version=version, kind=kind, address=address[:300], defaults=values
    )
    return check
