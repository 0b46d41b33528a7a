"""What the browser looks at, by address: every page that the table of addresses leads to, and what lies beyond it.

A row of the table that answers somebody with a page is looked at without another line here. Files, and the pages of
the sign-in library, are named below, so that a new address is either looked at or fails a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from deployments.addresses import question_url
from deployments.models import ModelSheet
from deployments.registration import Question, options_for, questions_of
from tests.surface.table import ROWS, Row
from tests.surface.world import PEOPLE, World

# Addresses that answer with something other than a page.
FILES = frozenset(
    {
        "portal:audit-checkpoint",
        "portal:healthz",
        "portal:readyz",
        "deployments:product-csv",
        "deployments:acceptance-document",
        "deployments:permission-document",
        "deployments:sighting-document",
        "deployments:stop-item-document",
        "reviews:condition-document",
        "evidence:records-csv",
        "evidence:root",
        "evidence:download",
        "licences:attribution",
        "licences:export",
        "licences:export-schema",
        "licences:notice",
        "licences:raw",
        "api-1:openapi-json",
    }
)
# Pages that no row of the table shows; test_every_state.py looks at them.
BEYOND_THE_TABLE = frozenset({"portal:style", "portal:correct-rollout"})

# The sign-in library's pages: test_account_pages.py looks at each, and fails when one is not here.
FOR_VISITORS = (
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "mfa_authenticate",
)
FOR_PEOPLE = (
    "account_logout",
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_reauthenticate",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
)
# Addresses of that library which show nothing here: a code by mail is not used, a passkey's challenge is data, and
# recovery codes are shown once and never handed out as a file.
SHOW_NOTHING = frozenset({"account_confirm_login_code", "mfa_login_webauthn", "mfa_download_recovery_codes"})


@dataclass(frozen=True)
class Page:
    """An address, and by the letter of the table who looks at it."""

    name: str
    letter: str
    path: str


def is_page(row: Row) -> bool:
    """Whether somebody meets a page there."""
    return "o" in row.get and row.name not in FILES and "format=csv" not in row.query


def of_the_table(world: World) -> Iterator[Page]:
    """Each address once."""
    seen = set()
    for row in filter(is_page, ROWS):
        arguments = row.at(world)
        path = reverse(row.name, args=arguments) + (f"?{row.query}" if row.query else "")
        if path not in seen:
            seen.add(path)
            words = [part for part in map(str, arguments) if not part[-1].isdigit()]
            yield Page("-".join([row.name.replace(":", "-"), *words]), _who_looks(row), path)


def _who_looks(row: Row) -> str:
    """Edda where she may, for she is offered the most; else the first who may."""
    return "E" if row.get[PEOPLE.index("E")] == "o" else PEOPLE[row.get.index("o")]


def of_every_kind_of_question(sheet: ModelSheet) -> Iterator[tuple[Question, Page]]:
    """One question for each way in which a question can look."""
    seen = set()
    for question in questions_of(sheet):
        field = question.field
        headings = any(choice.heading for choice in options_for(field, sheet))
        look = (field.kind, field.required, headings, question.proposal is not None)
        if look not in seen:
            seen.add(look)
            yield question, Page(f"question-{field.key}", "O", question_url(sheet, question.kind, field.key))
