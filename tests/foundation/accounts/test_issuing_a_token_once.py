"""Loading the page that shows a new token again sends its form again: that makes no second token."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from foundation.accounts.actions import issue_token
from foundation.accounts.models import MachineToken, User
from tests.foundation.accounts.conftest import SignIn
from tests.foundation.accounts.test_races import outcomes

ISSUE = "/people/tokens/issue/"


def filled(client: Client, **others: str) -> dict[str, object]:
    """The form as the page gives it out, filled in."""
    (code,) = re.findall(r'name="code" value="([^"]+)"', client.get(ISSUE).content.decode())
    last = (timezone.now() + timedelta(days=5)).date().isoformat()
    return {"code": code, "name": "pipeline", "scopes": ["gate:check"], "last_day": last, **others}


@pytest.mark.django_db
def test_the_same_form_sent_twice_makes_one_token_and_says_so(anders: User, sign_in: SignIn) -> None:
    client = sign_in(anders)
    form = filled(client)
    assert "ldt_" in client.post(ISSUE, form).content.decode()
    again = client.post(ISSUE, form, follow=True)
    assert again.redirect_chain == [("/people/tokens/", 302)]
    assert "This token was shown once already" in again.content.decode()
    assert MachineToken.objects.count() == 1


@pytest.mark.django_db
def test_a_form_that_was_refused_can_be_sent_again(anders: User, sign_in: SignIn) -> None:
    client = sign_in(anders)
    form = filled(client)
    client.post(ISSUE, {**form, "name": ""})
    assert not MachineToken.objects.exists()
    client.post(ISSUE, form)
    assert MachineToken.objects.count() == 1


@pytest.mark.django_db
def test_every_form_is_for_another_token(anders: User, sign_in: SignIn) -> None:
    client = sign_in(anders)
    for _number in range(2):
        client.post(ISSUE, filled(client))
    assert MachineToken.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_four_that_send_one_form_at_once_one_gets_a_token(anders: User) -> None:
    issue = partial(
        issue_token,
        by=anders,
        name="pipeline",
        scopes=["gate:check"],
        expires_at=timezone.now() + timedelta(days=5),
        code=uuid4(),
    )
    assert outcomes([issue] * 4) == ["TokenShownAlready"] * 3 + ["won"]
    assert MachineToken.objects.count() == 1
