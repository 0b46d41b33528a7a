"""The draft of a version that does not exist: what the page is where a lawyer prepares the next one, half way through.

Its texts are made here from the imported ones of the nearest version, with another name and one other number, and say
of themselves that they are made up. Nothing of the demo submits the draft or publishes it.
"""

from __future__ import annotations

import re
from datetime import date

from foundation.accounts.models import User
from foundation.files import store
from licences.actions.draft_version import confirm_parts, start_draft
from licences.drafts import carry_over_as_they_are
from licences.models import LicenceText, LlamaVersion, TextKind, VersionDraft
from licences.queries import current_text, terms_for
from portal.demo.people import Cast

BASED_ON = "llama-4"
NAME = "Llama 5 (made-up)"
TITLE = "Llama 5 (made-up): invented for this demo, no licence of Meta"
RELEASED_ON = date(2030, 1, 15)
LABEL = "Made up for the demo of Licence Desk; nobody published this."
USERS = ("700 million", "500 million (made up)")  # so that one duty does not carry over as it is
# What Rita has looked at so far: the duties that are worded alike, and the first part of the policy.
SEEN = re.compile(r"(?!item:)|item:1(?:\.|$)")


def texts_are_there() -> bool:
    """Whether the texts that the invented ones are made from are imported."""
    version = LlamaVersion.objects.filter(slug=BASED_ON).first()
    return version is not None and all(current_text(version, kind) for kind in TextKind)


def prepare(people: Cast) -> None:
    """Rita starts the draft and decides half of it. A draft that was started before is left to people."""
    if VersionDraft.objects.filter(document__name=NAME).exists():
        draft = VersionDraft.objects.filter(document__name=NAME).latest("pk")
        if draft.is_open and not draft.decided:  # this broke off after the first step
            _decide_half(draft, people["rita"])
        return
    version = LlamaVersion.objects.get(slug=BASED_ON)
    draft = start_draft(
        based_on=version,
        name=NAME,
        title=TITLE,
        released_on=RELEASED_ON,
        date_kind="effective",
        agreement=_made_up(current_text(version, TextKind.AGREEMENT), version),
        aup=_made_up(current_text(version, TextKind.AUP), version),
        sources={
            "agreement": {"raw": "https://example.com/made-up/LICENSE", "web": "https://example.com/made-up/license"},
            "aup": {
                "raw": "https://example.com/made-up/USE_POLICY.md",
                "web": "https://example.com/made-up/use-policy",
            },
        },
        by=people["rita"],
    )
    _decide_half(draft, people["rita"])


def _decide_half(draft: VersionDraft, by: User) -> None:
    confirm_parts(draft=draft, parts=[one for one in carry_over_as_they_are(draft) if SEEN.match(one)], by=by)


def _made_up(text: LicenceText | None, version: LlamaVersion) -> bytes:
    """The text under the invented name and day, with the label as its last words."""
    assert text is not None, "texts_are_there() was asked before"
    words = store.read(text.sha256).decode()
    words = re.sub(rf"{re.escape(version.name)}(?![\w]|\.\d)", NAME, words)
    words = words.replace(version.name.upper(), NAME.upper()).replace(*USERS)
    words = words.replace(_in_words(date.fromisoformat(terms_for(version).date)), _in_words(RELEASED_ON))
    return f"{words.rstrip()}\n{LABEL}\n".encode()


def _in_words(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
