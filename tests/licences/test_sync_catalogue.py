"""Catalogue files become rows; every change of a version is one event."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from foundation.audit.models import Event
from licences.actions import sync_catalogue
from licences.catalogue_changes import catalogue_changes
from licences.models import AupItemRow, LlamaVersion, ObligationRow
from licences.queries import terms_for
from licences.terms import CATALOGUE, CatalogueError, load_catalogue, terms_from_mapping
from tests.licences.conftest import SYSTEM, invented_catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue that a test may change."""
    return Path(shutil.copytree(CATALOGUE, tmp_path / "catalogue"))


def change(folder: Path, slug: str, old: str, new: str) -> None:
    path = folder / f"{slug}.toml"
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new, 1), encoding="utf-8")


def catalogue_events() -> list[Event]:
    return list(Event.objects.filter(kind="catalogue.changed").order_by("seq"))


def test_every_version_is_added_in_order_of_its_date() -> None:
    synced = sync_catalogue(by=SYSTEM)
    assert all(one.added for one in synced)
    assert list(LlamaVersion.objects.values_list("slug", "position")) == [
        ("llama-2", 1),
        ("llama-3", 2),
        ("llama-3.1", 3),
        ("llama-3.2", 4),
        ("llama-3.3", 5),
        ("llama-4", 6),
    ]
    assert [event.subject for event in catalogue_events()] == [one.version.slug for one in synced]


def test_what_is_stored_reads_back_as_the_same_terms() -> None:
    sync_catalogue(by=SYSTEM)
    for terms in load_catalogue():
        version = LlamaVersion.objects.get(slug=terms.slug)
        assert terms_from_mapping(version.catalogue, "row") == terms
        assert terms_for(version) == terms


def test_obligations_and_policy_items_become_rows_in_their_order() -> None:
    sync_catalogue(by=SYSTEM)
    for terms in load_catalogue():
        rows = ObligationRow.objects.filter(version__slug=terms.slug)
        assert [(row.kind, row.clauses, row.parameters) for row in rows] == [
            (one.kind, list(one.clauses), dict(one.parameters)) for one in terms.obligations
        ]
        items = AupItemRow.objects.filter(version__slug=terms.slug)
        assert [(item.item_id, item.printed_label, item.group) for item in items] == [
            (one.id, one.printed_label, one.group) for one in terms.aup_items
        ]


def test_a_second_run_changes_nothing_and_records_nothing() -> None:
    sync_catalogue(by=SYSTEM)
    before = list(LlamaVersion.objects.values())
    rows = set(ObligationRow.objects.values_list("pk", flat=True))
    synced = sync_catalogue(by=SYSTEM)
    assert not any(one.added or one.changes for one in synced)
    assert list(LlamaVersion.objects.values()) == before
    assert set(ObligationRow.objects.values_list("pk", flat=True)) == rows
    assert len(catalogue_events()) == len(before)


def test_a_changed_version_is_one_event_that_says_what_changed(folder: Path) -> None:
    sync_catalogue(by=SYSTEM, folder=folder)
    before = LlamaVersion.objects.get(slug="llama-3.2").catalogue_digest
    change(folder, "llama-3.2", 'month = "2024-08"', 'month = "2024-09"')
    change(folder, "llama-3.2", 'subject = "Spam"', 'subject = "Spam of any kind"')
    synced = {one.version.slug: one.changes for one in sync_catalogue(by=SYSTEM, folder=folder)}
    expected = ["aup_item 3.c: subject", "obligation mau: parameters.month"]
    assert synced.pop("llama-3.2") == expected
    assert not any(synced.values())
    event = catalogue_events()[-1]
    assert (len(catalogue_events()), event.subject, event.facts["changes"]) == (7, "llama-3.2", expected)
    version = LlamaVersion.objects.get(slug="llama-3.2")
    assert (event.facts["digest_before"], event.facts["digest"]) == (before, version.catalogue_digest)
    assert version.obligations.get(kind="mau").parameters["month"] == "2024-09"
    assert version.aup_items.get(item_id="3.c").subject == "Spam of any kind"
    assert terms_for(version).mau_month == "2024-09"


def test_an_item_that_left_the_file_leaves_the_rows(folder: Path) -> None:
    sync_catalogue(by=SYSTEM, folder=folder)
    path = folder / "llama-4.toml"
    head, _, tail = path.read_text(encoding="utf-8").partition('[[aup_item]]\nid = "3.c"')
    path.write_text(head + tail[tail.index("[[aup_item]]") :], encoding="utf-8")
    changes = {one.version.slug: one.changes for one in sync_catalogue(by=SYSTEM, folder=folder)}
    assert changes["llama-4"] == ["aup_item 3.c: removed"]
    assert not AupItemRow.objects.filter(version__slug="llama-4", item_id="3.c").exists()
    assert AupItemRow.objects.filter(version__slug="llama-3.3", item_id="3.c").exists()


def test_a_version_that_comes_between_moves_the_later_ones_on(folder: Path) -> None:
    (folder / "llama-3.1.toml").rename(folder.parent / "llama-3.1.toml")
    sync_catalogue(by=SYSTEM, folder=folder)
    (folder.parent / "llama-3.1.toml").rename(folder / "llama-3.1.toml")
    sync_catalogue(by=SYSTEM, folder=folder)
    assert list(LlamaVersion.objects.values_list("slug", "position"))[2:4] == [("llama-3.1", 3), ("llama-3.2", 4)]
    assert len(catalogue_events()) == 6


def test_a_version_that_is_only_in_the_database_stays(tmp_path: Path) -> None:
    sync_catalogue(by=SYSTEM, folder=invented_catalogue(tmp_path / "invented"))
    sync_catalogue(by=SYSTEM)
    assert LlamaVersion.objects.filter(slug="llama-9").exists()


def test_a_file_that_cannot_be_used_changes_nothing(folder: Path) -> None:
    sync_catalogue(by=SYSTEM, folder=folder)
    change(folder, "llama-2", 'name = "Llama 2"', 'name = "Llama Two"')
    change(folder, "llama-4", 'date_kind = "effective"', 'date_kind = "some day"')
    with pytest.raises(CatalogueError, match=r"llama-4\.toml: date_kind"):
        sync_catalogue(by=SYSTEM, folder=folder)
    assert LlamaVersion.objects.get(slug="llama-2").name == "Llama 2"


def test_the_command_prints_a_line_per_version() -> None:
    first, second = StringIO(), StringIO()
    call_command("sync_catalogue", stdout=first)
    call_command("sync_catalogue", stdout=second)
    assert first.getvalue().splitlines()[0] == "Llama 2: added"
    assert second.getvalue().splitlines() == [
        f"{name}: nothing changed" for name in LlamaVersion.objects.values_list("name", flat=True)
    ]


def test_the_command_says_what_to_write(folder: Path) -> None:
    change(folder, "llama-2", 'date_kind = "release"', 'date_kind = "some day"')
    with pytest.raises(CommandError, match=r'"some day" is not known\. Write one of: effective, release'):
        call_command("sync_catalogue", folder=folder)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"name": "A"}, {"name": "A"}, []),
        ({"name": "A"}, {"name": "B"}, ["name"]),
        ({"models": {"otherwise": "no"}}, {"models": {"otherwise": "yes"}}, ["models.otherwise"]),
        ({"aup_item": [{"id": "1"}]}, {"aup_item": [{"id": "1"}, {"id": "2"}]}, ["aup_item 2: added"]),
        ({"aup_item": [{"id": "1"}, {"id": "2"}]}, {"aup_item": [{"id": "2"}, {"id": "1"}]}, ["aup_item: order"]),
        (
            {"text": [{"kind": "aup", "sha256": "0a", "label": "x"}]},
            {"text": [{"kind": "aup", "sha256": "0a", "label": "y"}]},
            ["text aup 0a: label"],
        ),
    ],
)
def test_changes_are_named_by_where_they_are(
    old: dict[str, object], new: dict[str, object], expected: list[str]
) -> None:
    assert catalogue_changes(old, new) == expected
