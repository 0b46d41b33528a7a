"""The pages of signing in: passwords, second factors, passkeys, and what people see who may not come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import reverse

from foundation.accounts.proving import prove_url
from tests.browser.conftest import TWO_VIEWS, Desk
from tests.browser.pages import FOR_PEOPLE, FOR_VISITORS
from tests.cast import PASSWORD, Cast, make_cast, signed_in
from tests.surface.world import own_places

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(live_server, tmp_path: Path) -> Iterator[Cast]:
    """The cast, with keys for their factors, and no limits left over from another test."""
    cache.clear()
    with own_places(tmp_path):
        yield make_cast()
    cache.clear()


class Looks:
    """Looks at pages by the names of their addresses, and remembers at which."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.seen: set[str] = set()

    def at(self, name: str, *arguments: object, state: str = "") -> None:
        """Go there and look: the page itself must answer, and not another that it leads to."""
        path = reverse(name, args=arguments)
        answer = self.desk.go(path)
        assert answer is not None
        assert answer.status == 200
        assert answer.url == f"{self.desk.base}{path}", f"{path} leads to {answer.url}"
        self.here(name, state)

    def here(self, name: str, state: str = "") -> None:
        """Look at what lies on the desk."""
        self.seen.add(name)
        self.desk.look("-".join(filter(None, (name, state))), TWO_VIEWS)


def test_every_page_before_the_sign_in(cast: Cast, new_desk: Callable[[], Desk]):
    looks = Looks(new_desk())
    for name in FOR_VISITORS:
        if name not in {"account_reset_password_from_key", "account_confirm_email", "mfa_authenticate"}:
            looks.at(name)
    looks.at("account_confirm_email", "no-such-key")
    who, key = user_pk_to_url_str(cast.olive), default_token_generator.make_token(cast.olive)
    looks.at("account_reset_password_from_key", who, "used-up", state="used-up")
    looks.desk.go(reverse("account_reset_password_from_key", args=[who, key]))
    looks.here("account_reset_password_from_key")
    looks.desk.send("Keep this password", {"password1": "short", "password2": "other"})
    looks.here("account_reset_password_from_key", "refused")
    looks.desk.go(reverse("account_login"))
    looks.desk.send("Sign in", {"login": cast.olive.email, "password": "not this"})
    looks.here("account_login", "refused")

    sign_in_with_a_code(looks, cast)
    assert looks.seen == set(FOR_VISITORS)


def sign_in_with_a_code(looks: Looks, cast: Cast) -> None:
    """Somebody with an authenticator app comes to a second step."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(cast.leo, generate_totp_secret())
    looks.desk.go(reverse("account_login"))
    looks.desk.send("Sign in", {"login": cast.leo.email, "password": PASSWORD})
    looks.here("mfa_authenticate")
    looks.desk.send("Sign in", {"code": "000000"})
    looks.here("mfa_authenticate", "refused")


def test_every_page_about_ones_own_account(
    cast: Cast, desk_of: Callable[..., Desk], new_desk: Callable[[], Desk], settings
):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    looks = Looks(desk_of(cast.cleo))
    for name in ("account_logout", "account_reauthenticate", "account_email", "account_change_password", "mfa_index"):
        looks.at(name)
    looks.desk.go(reverse("account_change_password"))
    looks.desk.send("Change password", {"oldpassword": "not this", "password1": "a", "password2": "b"})
    looks.here("account_change_password", "refused")
    looks.at("mfa_list_webauthn", state="empty")
    looks.desk.go(reverse("account_reauthenticate"))
    looks.desk.send("Confirm", {"password": "not this"})
    looks.here("account_reauthenticate", "refused")
    looks.desk.send("Confirm", {"password": PASSWORD})
    set_up_an_app(looks)
    set_up_a_passkey(looks, Authenticator.objects.filter(user=cast.cleo, type="webauthn"))
    for name in ("mfa_reauthenticate", "mfa_reauthenticate_webauthn"):
        looks.at(name)
    looks.desk.go(prove_url(statement_digest="ab" * 32, next="/"))
    looks.here("accounts:prove", "choose")
    looks.seen.remove("accounts:prove")

    cast.ravi.set_unusable_password()  # somebody who comes through single sign-on
    cast.ravi.save()
    through_single_sign_on = Looks(new_desk().take_over(signed_in(cast.ravi)))
    through_single_sign_on.at("account_set_password")
    assert looks.seen | through_single_sign_on.seen == set(FOR_PEOPLE)


def set_up_an_app(looks: Looks) -> None:
    """An authenticator app, with a wrong code first; recovery codes come with it."""
    looks.at("mfa_activate_totp")
    looks.desk.send("Turn on", {"code": "000000"})
    looks.here("mfa_activate_totp", "refused")
    secret = looks.desk.page.locator("#authenticator_secret").input_value()
    counter = next(iter(yield_hotp_counters_from_time()))
    looks.desk.send("Turn on", {"code": str(format_hotp_value(hotp_value(secret, counter)))})
    looks.here("mfa_view_recovery_codes")
    looks.at("mfa_deactivate_totp")
    looks.at("mfa_generate_recovery_codes")


def set_up_a_passkey(looks: Looks, keys) -> None:
    """A passkey, made by an authenticator that the browser pretends to have."""
    devtools = looks.desk.page.context.new_cdp_session(looks.desk.page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    looks.at("mfa_add_webauthn")
    looks.desk.send("Add the key", {"name": "This laptop"})
    looks.here("mfa_index", "set-up")
    looks.at("mfa_list_webauthn")
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        looks.at(name, keys.get().pk)
