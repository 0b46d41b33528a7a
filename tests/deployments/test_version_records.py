"""Version records from rollouts: two times, corrections, and what holds whatever was entered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from deployments.version_records import Entry, entries_in_force, running_at, version_records

START = datetime(2026, 1, 1, tzinfo=UTC)
EVER = START + timedelta(days=10_000)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def entry(
    reference, effective, recorded=None, *, version="llama-3.1", supersedes=None, running=True, place="DEP-1", order=0
):
    return Entry(
        reference=reference,
        component="CMP-1",
        deployment=place,
        version=version,
        model=f"model of {version}",
        effective_at=day(effective),
        recorded_at=day(effective if recorded is None else recorded),
        running=running,
        supersedes=supersedes,
        order=order,
    )


def test_each_rollout_holds_until_the_next_one_in_the_same_place():
    first, second = entry("ROL-1", 1), entry("ROL-2", 5, version="llama-4")

    records = version_records([second, first], EVER, EVER)

    assert [(one.version, one.starts_at, one.ends_at) for one in records] == [
        ("llama-3.1", day(1), day(5)),
        ("llama-4", day(5), None),
    ]


def test_places_do_not_end_one_another():
    records = version_records([entry("ROL-1", 1), entry("ROL-2", 5, place="DEP-2")], EVER, EVER)

    assert [one.ends_at for one in records] == [None, None]


def test_a_stop_ends_the_interval_and_opens_none():
    records = version_records([entry("ROL-1", 1), entry("ROL-2", 4, running=False)], EVER, EVER)

    assert [(one.starts_at, one.ends_at) for one in records] == [(day(1), day(4))]


def test_a_correction_replaces_what_it_supersedes_only_from_when_it_was_recorded():
    wrong = entry("ROL-1", 1, version="llama-3")
    right = entry("ROL-2", 1, recorded=9, version="llama-3.1", supersedes="ROL-1")

    assert [one.version for one in version_records([wrong, right], EVER, day(8))] == ["llama-3"]
    assert [one.version for one in version_records([wrong, right], EVER, day(9))] == ["llama-3.1"]


def test_a_correction_of_a_correction_leaves_only_the_last():
    chain = [
        entry("ROL-1", 1, version="llama-2"),
        entry("ROL-2", 2, recorded=5, version="llama-3", supersedes="ROL-1"),
        entry("ROL-3", 3, recorded=6, version="llama-3.1", supersedes="ROL-2"),
    ]

    assert [one.version for one in version_records(chain, EVER, EVER)] == ["llama-3.1"]


def test_what_was_recorded_late_is_known_only_then_but_counts_from_when_it_took_effect():
    late = entry("ROL-1", 1, recorded=30)

    assert version_records([late], EVER, day(29)) == []
    assert version_records([late], EVER, day(30))[0].starts_at == day(1)


def test_asking_as_of_a_day_shows_what_ran_then_as_still_running():
    entries = [entry("ROL-1", 1), entry("ROL-2", 5, version="llama-4")]

    assert [one.version for one in running_at(entries, day(4), EVER)] == ["llama-3.1"]
    assert [one.version for one in running_at(entries, day(5), EVER)] == ["llama-4"]


def test_of_two_entries_for_one_instant_the_later_recorded_counts():
    entries = [entry("ROL-2", 1, recorded=3, version="llama-4"), entry("ROL-1", 1, recorded=2, version="llama-3")]

    assert [one.version for one in version_records(entries, EVER, EVER)] == ["llama-4"]


@st.composite
def histories(draw):
    """Any history that the tables allow: each entry may supersede one earlier entry, each entry once."""
    entries: list[Entry] = []
    free: list[str] = []
    recorded = 0
    for number in range(draw(st.integers(0, 14))):
        recorded += draw(st.integers(0, 3))
        supersedes = draw(st.sampled_from([None, *free])) if free else None
        if supersedes:
            free.remove(supersedes)
        reference = f"ROL-{number}"
        free.append(reference)
        entries.append(
            entry(
                reference,
                draw(st.integers(0, 20)),
                recorded,
                version=draw(st.sampled_from(["llama-3", "llama-3.1", "llama-4", None])),
                supersedes=supersedes,
                running=draw(st.booleans()),
                place=draw(st.sampled_from(["DEP-1", "DEP-2"])),
                order=number,
            )
        )
    return entries


@given(histories(), st.integers(0, 25), st.integers(0, 60))
def test_at_no_instant_do_two_models_run_in_one_place(history, instant, known):
    records = version_records(history, EVER, day(known))

    places = [(one.component, one.deployment) for one in records if one.covers(day(instant))]
    assert len(places) == len(set(places))


@given(histories(), st.integers(0, 25), st.integers(0, 60))
def test_what_ran_then_is_the_last_entry_in_force_before_it(history, instant, known):
    expected = set()
    for place in {one.deployment for one in history}:
        before = [
            one
            for one in entries_in_force(history, day(known))
            if one.deployment == place and one.effective_at <= day(instant)
        ]
        if before:
            last = max(before, key=lambda one: (one.effective_at, one.recorded_at, one.order))
            if last.running:
                expected.add(last.reference)

    assert {one.rollout for one in running_at(history, day(instant), day(known))} == expected


@given(histories(), st.integers(0, 60))
def test_what_is_recorded_later_never_changes_what_was_known_before(history, known):
    known_then = [one for one in history if one.recorded_at <= day(known)]

    assert version_records(history, EVER, day(known)) == version_records(known_then, EVER, day(known))


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_read_does_not_matter(history, random):
    shuffled = list(history)
    random.shuffle(shuffled)

    assert version_records(shuffled, EVER, EVER) == version_records(history, EVER, EVER)


@given(histories())
def test_every_interval_spans_time(history):
    assert all(one.ends_at is None or one.starts_at < one.ends_at for one in version_records(history, EVER, EVER))
