import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from foundation.audit.actors import Actor
from foundation.audit.canonical import digest
from foundation.audit.context import RequestContext, current_request, serving
from foundation.audit.erasure import erase_personal_values
from foundation.audit.errors import AuditError
from foundation.audit.kinds import Kind
from foundation.audit.models import Event, EventSubject, PersonalValue
from foundation.audit.queries import events_after, events_for, head, search_events
from foundation.audit.recorder import record
from foundation.audit.verify import verify_chain
from tests.foundation.audit.conftest import RITA, add_event

pytestmark = pytest.mark.django_db


def test_each_event_is_chained_to_the_one_before_by_the_written_format():
    prev = "0" * 64
    for number, event in enumerate([add_event(), add_event("REV-00002"), add_event("REV-00003")], start=1):
        raw = b"\x01" + bytes.fromhex(prev) + number.to_bytes(8, "big") + event.body.encode()
        assert (event.seq, event.prev, event.hash) == (number, prev, hashlib.sha256(raw).hexdigest())
        prev = event.hash
    assert head() == event
    assert verify_chain().ok


def test_the_body_is_canonical_json_that_says_who_did_what_to_what_and_when():
    with time_machine.travel(datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC), tick=False):
        event = add_event(related=["PRD-00031", "REV-00001", "CMP-00001"], facts={"version": "llama-3.1", "days": 10})
    document = json.loads(event.body)
    assert {**document, "personal": None} == {
        "schema": "licence-desk/audit-event",
        "version": 1,
        "kind": "review.opened",
        "recorded_at": "2026-03-04T05:06:07.000089Z",
        "occurred_at": "2026-03-04T05:06:07.000089Z",
        "actor": {"kind": "person", "ref": "PER-00002"},
        "subject": "REV-00001",
        "related": ["CMP-00001", "PRD-00031"],
        "request": None,
        "facts": {"version": "llama-3.1", "days": 10},
        "personal": None,
    }


def test_when_it_took_effect_may_differ_from_when_it_was_recorded():
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    event = add_event(at=at)
    assert event.occurred_at == at
    assert event.recorded_at > at + timedelta(days=1)


def test_personal_values_stand_in_the_body_as_salted_commitments_only():
    request = RequestContext("req-1", "203.0.113.7", "Browser/1 (Norrbro)")
    with serving(request):
        event = add_event(personal={"invited_as": "olive@example.org"})
    assert event.document["request"] == "req-1"
    for value in ("Rita Reviewer", "203.0.113.7", "Browser/1 (Norrbro)", "olive@example.org"):
        assert value not in event.body
    stored = {value.field: value for value in PersonalValue.objects.filter(event=event)}
    assert set(stored) == {"actor_name", "address", "user_agent", "invited_as"}
    for field, row in stored.items():
        opened = {"field": field, "salt": row.salt, "value": row.value}
        assert event.document["personal"][field] == digest(opened)
    assert event.actor_name == "Rita Reviewer"


def test_the_same_value_has_another_commitment_each_time():
    first, second = add_event(), add_event()
    assert first.document["personal"]["actor_name"] != second.document["personal"]["actor_name"]


def test_an_empty_personal_value_is_not_stored():
    with serving(RequestContext("req-1", "", "")):
        event = add_event()
    assert set(event.personal) == {"actor_name"}


def test_an_odd_user_agent_is_stored_as_the_text_that_was_committed_to():
    with serving(RequestContext("req-1", "203.0.113.7", "odd\0agent\udcff")):
        event = add_event()
    assert event.personal["user_agent"] == "oddagent?"
    assert verify_chain().ok


def test_erasing_removes_value_and_salt_and_leaves_the_chain_valid():
    event = add_event()
    with transaction.atomic():
        erased = erase_personal_values(
            actor=Actor.system("retention"), subject="PER-00002", events=[event.seq], fields=["actor_name"]
        )
    assert erased.facts == {"values": 1, "fields": ["actor_name"], "first": event.seq, "last": event.seq}
    again = Event.objects.get(pk=event.pk)
    assert again.personal == {}
    assert again.actor_name == "name erased (PER-00002)"
    assert verify_chain().ok


def test_the_portal_itself_is_named_in_clear_and_has_no_personal_values():
    with transaction.atomic():
        event = record(Kind.JOB_DEAD, actor=Actor.system("sweeper"), subject="JOB-00001")
    assert (event.actor_kind, event.actor_name, event.personal) == ("system", "Licence Desk (sweeper)", {})


def test_nothing_of_the_event_stays_when_the_change_is_rolled_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        record(Kind.REVIEW_OPENED, actor=RITA, subject="REV-00001")
        raise RuntimeError
    assert (Event.objects.count(), EventSubject.objects.count(), PersonalValue.objects.count()) == (0, 0, 0)
    assert add_event().seq == 1


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_record_outside_a_transaction():
    with pytest.raises(AuditError, match=r"transaction\.atomic"):
        record(Kind.REVIEW_OPENED, actor=RITA, subject="REV-00001")


@pytest.mark.parametrize("kind", ["review.invented", "", "REVIEW_OPENED"])
def test_it_refuses_a_kind_that_is_not_registered(kind):
    with pytest.raises(AuditError, match=r"kinds\.py"):
        record(kind, actor=RITA, subject="REV-00001")


@pytest.mark.parametrize("reference", ["", " ", "REV-1 ", "x" * 81, "a\nb", "rita@example.org"])
def test_it_refuses_what_is_not_a_reference(reference):
    with pytest.raises(AuditError, match="reference"):
        add_event(reference)
    with pytest.raises(AuditError, match="reference"):
        add_event(related=[reference])


@pytest.mark.parametrize(
    "key",
    [
        *("password", "new_password", "apiKey", "api_key", "TOKEN", "access_token", "client-secret", "counsel_note"),
        *("counsels_note", "private_key", "totp", "recovery_codes", "sessionid", "Set-Cookie", "pin"),
    ],
)
def test_it_refuses_facts_that_look_like_a_secret_or_a_counsels_note(key):
    for facts in ({key: "x"}, {"changes": {key: ["a", "b"]}}, {"changes": [{"deep": {key: 1}}]}):
        with pytest.raises(AuditError, match="never holds"):
            add_event(facts=facts)
    assert Event.objects.count() == 0


@pytest.mark.parametrize("key", ["counsel_note", "password"])
def test_it_refuses_a_secret_as_a_personal_value_too(key):
    with pytest.raises(AuditError, match="never holds"):
        add_event(personal={key: "x"})


@pytest.mark.parametrize(
    "facts", [{"email": "x"}, {"user_agent": "x"}, {"ip": "x"}, {"was": "rita@example.org"}, {"to": ["a@b.example"]}]
)
def test_it_sends_personal_data_in_facts_to_the_erasable_table(facts):
    with pytest.raises(AuditError, match="personal="):
        add_event(facts=facts)


@pytest.mark.parametrize("key", ["token_ref", "token_prefix", "notes_count", "product_name", "shipping", "tokenizer"])
def test_it_takes_keys_that_only_sound_alike(key):
    assert add_event(facts={key: "x"}).facts == {key: "x"}


@pytest.mark.parametrize("field", ["actor_name", "address", "User", "a b", "", "x" * 61])
def test_it_refuses_a_personal_field_that_is_its_own_or_no_name(field):
    with pytest.raises(AuditError, match="cannot name a personal value"):
        add_event(personal={field: "x"})


def test_it_refuses_floats_and_naive_times_and_huge_bodies():
    with pytest.raises(ValueError, match="float"):
        add_event(facts={"share": 0.5})
    with pytest.raises(AuditError, match="time zone"):
        add_event(at=datetime(2026, 1, 1))  # noqa: DTZ001 - a naive time is what is refused
    with pytest.raises(AuditError, match="64 KiB"):
        add_event(facts={"text": "x" * 70_000})


def test_every_kind_has_a_group_and_a_value_of_its_own():
    assert len({kind.value for kind in Kind}) == len(Kind.__members__)
    for name, kind in Kind.__members__.items():
        assert kind.value.replace(".", "_") == name.lower()
        assert len(kind.value) <= 60


def test_events_are_found_by_exact_reference_as_subject_or_related():
    one = add_event("REV-00001", related=["PRD-00003"])
    two = add_event("PRD-00003")
    add_event("REV-00010", related=["PRD-00031"])
    assert list(events_for("PRD-00003")) == [one, two]
    assert list(events_for("REV-0000")) == []


def test_showing_names_costs_one_query_however_many_events(django_assert_num_queries):
    for _ in range(5):
        add_event()
    with django_assert_num_queries(2):
        assert [event.actor_name for event in events_for("REV-00001")] == ["Rita Reviewer"] * 5


def test_search_filters_by_kind_or_group_actor_subject_and_time():
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        old = add_event("REV-00001")
    with time_machine.travel(datetime(2026, 2, 1, tzinfo=UTC), tick=False), transaction.atomic():
        new = record(Kind.JOB_DEAD, actor=Actor.system("sweeper"), subject="JOB-00001", related=["REV-00001"])
    border = datetime(2026, 2, 1, tzinfo=UTC)
    assert list(search_events()) == [new, old]
    assert list(search_events(kind="review.")) == list(search_events(kind="review.opened")) == [old]
    assert list(search_events(kind="review")) == []
    assert list(search_events(actor="sweeper")) == list(search_events(since=border)) == [new]
    assert list(search_events(until=border)) == [old]
    assert list(search_events(subject="REV-00001")) == [new, old]
    assert list(events_after(old.seq)) == [new]


def test_the_request_in_hand_ends_with_its_block():
    assert current_request() is None
    with serving(RequestContext("outer")):
        with serving(RequestContext("inner")):
            assert current_request() == RequestContext("inner")
        assert current_request() == RequestContext("outer")
    assert current_request() is None
