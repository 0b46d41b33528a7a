"""Rollouts: append-only, two times, and corrections that supersede."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from deployments.actions.rollouts import correct_rollout, record_rollout
from deployments.errors import DeploymentError
from deployments.models import Rollout
from deployments.queries import records_of
from foundation.accounts.actions import issue_token
from foundation.accounts.policy import NotAllowed
from foundation.audit.queries import events_for
from tests.deployments.builders import LLAMA_31, make_product, version


def roll_out(product, *, by, slug="llama-3.1", ago=timedelta(days=2), **more):
    return record_rollout(
        component=product.components.get(),
        deployment=product.deployments.get(),
        version=version(slug),
        raw_model_id=LLAMA_31,
        effective_at=timezone.now() - ago,
        by=by,
        **more,
    )


def test_a_rollout_keeps_when_it_took_effect_and_when_it_was_recorded(cast, product):
    rollout = roll_out(product, by=cast.olive)
    assert rollout.recorded_at - rollout.effective_at >= timedelta(days=2)
    event = events_for(rollout.reference).get()
    assert event.occurred_at == rollout.effective_at
    assert event.recorded_at >= rollout.recorded_at
    assert event.facts["approval"] is None


def test_a_rollout_of_the_future_is_refused(cast, product):
    with pytest.raises(DeploymentError, match="future"):
        roll_out(product, by=cast.olive, ago=-timedelta(hours=1))


@pytest.mark.parametrize("who", ["rita", "leo", "anna", "sam"])
def test_only_the_owner_or_a_token_records(cast, product, who):
    with pytest.raises(NotAllowed):
        roll_out(product, by=getattr(cast, who))
    assert not Rollout.objects.exists()


def test_a_token_records_for_its_own_team_only(cast, product):
    ends = timezone.now() + timedelta(days=30)
    own, other = (
        issue_token(by=cast.adam, name=name, scopes=["gate:check"], expires_at=ends, team=team).token
        for name, team in (("Pipeline", cast.team), ("Other pipeline", cast.other_team))
    )
    assert roll_out(product, by=None, token=own).recorded_by_token == own
    with pytest.raises(NotAllowed):
        roll_out(product, by=None, token=other)


def test_an_environment_of_another_product_is_refused(cast, product, group):
    other = make_product(cast=cast, licensee=group.inc, name="Freight Reader")
    with pytest.raises(DeploymentError, match="another product"):
        record_rollout(
            component=product.components.get(),
            deployment=other.deployments.get(),
            version=version("llama-3.1"),
            raw_model_id=LLAMA_31,
            effective_at=timezone.now(),
            by=cast.olive,
        )


def test_what_ran_can_be_asked_as_of_a_day_and_as_known_then(cast, product):
    with time_machine.travel("2026-03-10T12:00:00Z", tick=False):
        wrong = roll_out(product, by=cast.olive, slug="llama-3", ago=timedelta(days=9))
    with time_machine.travel("2026-03-20T12:00:00Z", tick=False):
        correct_rollout(
            rollout=wrong,
            version=version("llama-3.1"),
            raw_model_id=LLAMA_31,
            effective_at=wrong.effective_at,
            note="The image held 3.1",
            by=cast.olive,
        )
        now, then = timezone.now(), timezone.now() - timedelta(days=5)
        assert [one.version for one in records_of(product, as_of=now, known_at=now)] == ["llama-3.1"]
        assert [one.version for one in records_of(product, as_of=now, known_at=then)] == ["llama-3"]
        assert records_of(product, as_of=wrong.effective_at - timedelta(days=1), known_at=now) == []


def test_a_correction_leaves_the_wrong_entry_as_it_was(cast, product):
    wrong = roll_out(product, by=cast.olive, slug="llama-3")
    before = Rollout.objects.filter(pk=wrong.pk).values().get()
    correction = correct_rollout(
        rollout=wrong,
        version=version("llama-3.1"),
        raw_model_id=LLAMA_31,
        effective_at=wrong.effective_at,
        note="The image held 3.1",
        by=cast.olive,
    )
    assert Rollout.objects.filter(pk=wrong.pk).values().get() == before
    assert correction.supersedes == wrong
    with pytest.raises(DeploymentError, match="already corrected"):
        correct_rollout(
            rollout=wrong,
            version=None,
            raw_model_id="x",
            effective_at=wrong.effective_at,
            note="Again",
            by=cast.olive,
        )


def test_a_correction_needs_a_reason(cast, product):
    wrong = roll_out(product, by=cast.olive)
    with pytest.raises(DeploymentError, match="what was wrong"):
        correct_rollout(
            rollout=wrong, version=None, raw_model_id="x", effective_at=wrong.effective_at, note=" ", by=cast.olive
        )


def test_a_stop_ends_the_record(cast, product):
    roll_out(product, by=cast.olive)
    roll_out(product, by=cast.olive, ago=timedelta(days=1), running=False)
    now = timezone.now()
    [record] = records_of(product, as_of=now, known_at=now)
    assert record.ends_at is not None
    assert (record.component_name, record.deployment_name, record.version_name) == (
        "Chat model",
        "Production",
        "Llama 3.1",
    )


def test_nobody_can_say_that_something_runs_without_saying_what(cast, product):
    with pytest.raises(DeploymentError, match="which model"):
        record_rollout(
            component=product.components.get(),
            deployment=product.deployments.get(),
            version=None,
            raw_model_id=" ",
            effective_at=timezone.now(),
            by=cast.olive,
        )
