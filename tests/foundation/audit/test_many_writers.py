"""Eight writers at once, each with a real connection: one chain, no gap, no event lost, none twice."""

import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from foundation.audit.actors import Actor
from foundation.audit.checkpoint_log import write_checkpoint
from foundation.audit.kinds import Kind
from foundation.audit.models import Checkpoint, Event
from foundation.audit.recorder import record
from foundation.audit.verify import verify_chain
from tests.foundation.audit.conftest import add_event

WRITERS, EACH = 8, 6


def in_threads(work) -> None:
    """Run `work(number)` in eight threads that start together; raise the first error that any of them met."""
    together = threading.Barrier(WRITERS)
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            together.wait()
            work(number)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    if errors:
        raise errors[0]


@pytest.mark.django_db(transaction=True)
def test_eight_writers_make_one_chain():
    def write(number: int) -> None:
        for turn in range(EACH):
            with transaction.atomic():
                record(
                    Kind.REVIEW_COMMENTED,
                    actor=Actor.system(f"writer-{number}"),
                    subject=f"REV-{number:05d}",
                    facts={"turn": turn},
                )

    in_threads(write)
    assert verify_chain().ok
    events = list(Event.objects.order_by("seq"))
    assert [event.seq for event in events] == list(range(1, WRITERS * EACH + 1))
    for number in range(WRITERS):
        turns = [event.facts["turn"] for event in events if event.subject == f"REV-{number:05d}"]
        assert turns == list(range(EACH))


@pytest.mark.django_db(transaction=True)
def test_writers_that_roll_back_leave_no_gap():
    def write(number: int) -> None:
        for turn in range(EACH):
            try:
                with transaction.atomic():
                    record(Kind.REVIEW_COMMENTED, actor=Actor.system("writer"), subject=f"REV-{number:05d}")
                    if (number + turn) % 2:
                        raise InterruptedError
            except InterruptedError:
                pass

    in_threads(write)
    assert verify_chain().ok
    assert Event.objects.count() == WRITERS * EACH // 2


@pytest.mark.django_db(transaction=True)
def test_eight_signers_of_one_size_keep_one_checkpoint():
    add_event()
    key = Ed25519PrivateKey.generate()
    in_threads(lambda number: write_checkpoint(key=key))
    assert Checkpoint.objects.count() == 1
    assert verify_chain(key=key.public_key()).ok
