"""The demo's draft: a version that does not exist, half prepared, labelled as made up, never published by the demo."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from foundation.accounts.models import User
from foundation.audit.actors import Actor
from foundation.audit.models import Event
from foundation.files import store
from licences.actions import import_folder, sync_catalogue
from licences.actions.draft_version import drop_draft
from licences.drafts import open_questions
from licences.models import LlamaVersion, VersionDraft
from portal.demo import next_version, seeding
from portal.demo.people import seed_people
from tests.cast import signed_in

pytestmark = [pytest.mark.official_texts, pytest.mark.django_db]

LABEL = "Made up for the demo of Licence Desk; nobody published this."


@pytest.fixture
def demo_with_texts(db: None, settings: Any, tmp_path: Path, official_texts: Path) -> None:
    settings.DEMO = True
    settings.BLOB_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    sync_catalogue(by=Actor.system("seed"))
    import_folder(folder=official_texts, imported_by=Actor.system("seed"))
    seed_people()


def test_a_made_up_version_is_half_prepared_by_rita(demo_with_texts: None) -> None:
    seeding.prepare_next_version()
    draft = VersionDraft.objects.get()
    left, decided = open_questions(draft), draft.decided

    assert (draft.state, draft.started_by.email) == ("open", "rita@norrbro.example")
    assert len(decided) > 10
    assert len(left) > 10
    assert {"models", "mau"} <= set(left)  # what no other version says, and the number that is another one
    assert {int(one["by"]) for one in decided.values()} == {draft.started_by_id}


def test_it_says_everywhere_that_it_is_made_up(demo_with_texts: None) -> None:
    seeding.prepare_next_version()
    draft = VersionDraft.objects.get()

    assert "made-up" in draft.slug
    assert "(made-up)" in draft.name
    assert "invented" in draft.document["title"]
    for sha256 in (draft.agreement_id, draft.aup_id):
        words = store.read(str(sha256)).decode()
        assert words.rstrip().endswith(LABEL)
        assert "Llama 5 (made-up)" in words
        assert not re.search(r"llama 4\b", words, re.IGNORECASE)
    page = signed_in(User.objects.get(email="ruth@norrbro.example")).get(f"/licences/drafts/{draft.code}/")
    assert "Llama 5 (made-up)" in page.content.decode()


def test_made_twice_it_is_there_once_and_the_demo_publishes_nothing(demo_with_texts: None) -> None:
    for _again in range(2):  # a worker that is killed at the end does it twice
        seeding.prepare_next_version()
    events = Event.objects.filter(subject="llama-5-made-up")

    assert VersionDraft.objects.get().state == "open"
    assert events.count() == 2  # started, confirmed
    assert LlamaVersion.objects.count() == 6
    assert not Event.objects.filter(kind="licence.version_added").exists()


def test_what_broke_off_after_the_first_step_goes_on(demo_with_texts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(next_version, "_decide_half", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            seeding.prepare_next_version()
    assert not VersionDraft.objects.get().decided
    seeding.prepare_next_version()

    assert VersionDraft.objects.get().decided


def test_what_somebody_dropped_stays_dropped(demo_with_texts: None) -> None:
    seeding.prepare_next_version()
    drop_draft(draft=VersionDraft.objects.get(), by=User.objects.get(email="ruth@norrbro.example"))
    seeding.prepare_next_version()

    assert VersionDraft.objects.get().state == "dropped"


def _power_cut(*_args: Any, **_options: Any) -> None:
    raise KeyboardInterrupt
