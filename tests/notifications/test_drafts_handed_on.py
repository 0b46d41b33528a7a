"""A version that is prepared waits for a second person, who is told once for each time that it is handed on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from foundation.accounts.models import User
from foundation.accounts.roles import Role
from foundation.audit.actors import Actor
from foundation.jobs.actions import run_all_due
from licences.actions import draft_version as act
from licences.actions import import_folder, sync_catalogue
from licences.drafts import open_questions
from licences.models import LlamaVersion, VersionDraft
from notifications.actions import read_log
from notifications.models import Notice
from tests.cast import make_person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.official_texts]
KIND = "licence.draft_changed"


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return {
        "rita": make_person("Rita Reviewer", role=Role.LEGAL_REVIEWER),
        "leo": make_person("Leo Lawyer", role=Role.LEGAL_APPROVER),
        "lena": make_person("Lena Lawyer", role=Role.LEGAL_REVIEWER),
        "olive": make_person("Olive Owner", role=Role.PRODUCT_OWNER),
    }


@pytest.fixture
def official_base(db: None, settings: Any, tmp_path: Path, official_texts: Path) -> list[LlamaVersion]:
    settings.BLOB_DIR = tmp_path
    by = Actor.system("sync_catalogue")
    sync_catalogue(by=by)
    import_folder(folder=official_texts, imported_by=by)
    return list(LlamaVersion.objects.all())


@pytest.fixture
def draft(official_base: list[LlamaVersion], people: dict[str, User], official_texts: Path) -> VersionDraft:
    """Rita began it, Lena decided the rest: both prepared it."""
    folder = official_texts / "llama-4"
    texts = {
        name: (folder / name).read_text(encoding="utf-8").replace("Llama 4", "Llama 5").encode()
        for name in ("LICENSE", "USE_POLICY.md")
    }
    addresses = {"raw": "https://otters.example/raw", "web": "https://otters.example/web"}
    begun = act.start_draft(
        based_on=LlamaVersion.objects.get(slug="llama-4"),
        name="Llama 5",
        title="LLAMA 5 COMMUNITY LICENSE AGREEMENT",
        released_on=date(2026, 11, 2),
        date_kind="effective",
        agreement=texts["LICENSE"],
        aup=texts["USE_POLICY.md"],
        sources={"agreement": addresses, "aup": addresses},
        by=people["rita"],
    )
    return act.confirm_parts(draft=begun, parts=open_questions(begun), by=people["lena"])


def told() -> list[str]:
    """Reads the log as the worker does; who has a notice about a draft by now."""
    read_log()
    run_all_due()
    return sorted(Notice.objects.filter(kind=KIND).values_list("person__name", flat=True))


def waits_for(person: User) -> tuple[bool, bool]:
    """Whether it stands as waiting among the notices, and on the page of the person's work."""
    client = signed_in(person)
    return (
        "Waits for you" in client.get("/notices/").content.decode(),
        "wait for a second person" in client.get("/").content.decode(),
    )


def test_whoever_may_publish_it_and_did_not_prepare_it_is_told_once(
    draft: VersionDraft, people: dict[str, User]
) -> None:
    assert told() == []
    act.submit_draft(draft=draft, by=people["rita"])
    assert told() == told() == ["Leo Lawyer"]
    notice = Notice.objects.get(kind=KIND)
    assert notice.title == "Llama 5 is prepared: read it and publish it"
    assert (notice.link, notice.must_act) == (f"/licences/drafts/{draft.code}/", True)
    assert [message.to for message in mail.outbox if "Llama 5 is prepared" in message.subject] == [
        [people["leo"].email]
    ]
    assert waits_for(people["leo"]) == (True, True)
    for other in ("rita", "lena", "olive"):
        assert waits_for(people[other]) == (False, False)


@pytest.mark.parametrize("end", ["publish_draft", "send_back", "drop_draft"])
def test_it_stops_waiting_when_it_is_published_sent_back_or_dropped(
    draft: VersionDraft, people: dict[str, User], end: str
) -> None:
    act.submit_draft(draft=draft, by=people["rita"])
    told()
    getattr(act, end)(draft=draft, by=people["leo"])
    assert waits_for(people["leo"]) == (False, False)
    assert told() == ["Leo Lawyer"]


def test_handed_on_again_it_is_told_again_and_waits_once(draft: VersionDraft, people: dict[str, User]) -> None:
    act.submit_draft(draft=draft, by=people["rita"])
    told()
    act.send_back(draft=draft, by=people["leo"])
    assert "Llama versions that you prepare" in signed_in(people["rita"]).get("/").content.decode()
    act.submit_draft(draft=draft, by=people["lena"])
    assert told() == ["Leo Lawyer", "Leo Lawyer"]
    assert signed_in(people["leo"]).get("/notices/").content.decode().count("Waits for you") == 1


def test_what_is_done_before_the_mail_goes_out_is_not_mailed(draft: VersionDraft, people: dict[str, User]) -> None:
    act.submit_draft(draft=draft, by=people["rita"])
    read_log()
    act.drop_draft(draft=draft, by=people["rita"])
    run_all_due()
    assert not any("Llama 5 is prepared" in message.subject for message in mail.outbox)
    assert Notice.objects.get(kind=KIND).mail.skipped == "done before the mail went out"


def test_what_is_sent_back_before_the_log_is_read_is_told_to_nobody(
    draft: VersionDraft, people: dict[str, User]
) -> None:
    act.submit_draft(draft=draft, by=people["rita"])
    act.send_back(draft=draft, by=people["leo"])
    assert told() == []


def test_the_list_of_licences_shows_legal_what_is_being_prepared(draft: VersionDraft, people: dict[str, User]) -> None:
    link = f'<a href="/licences/drafts/{draft.code}/">Llama 5</a>'
    for what, said in (("open", "Being prepared"), ("submitted", "Waits for a second person")):
        if what == "submitted":
            act.submit_draft(draft=draft, by=people["rita"])
        words = signed_in(people["leo"]).get("/licences/").content.decode()
        assert link in words
        assert said in words
        assert link not in signed_in(people["olive"]).get("/licences/").content.decode()
