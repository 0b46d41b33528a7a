"""The licence base for programs and as a file: complete, typed, and closed to tokens of another scope."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from ninja.responses import NinjaJSONEncoder

from foundation.accounts.actions import issue_token
from foundation.accounts.roles import Role
from licences.export import SCHEMA_ID, BaseOut
from licences.models import LlamaVersion
from tests.cast import make_person
from tests.licences.accepted import accept_invented_texts
from tests.licences.scenarios import ALL, DISPLAYS, MONTHS, NOTICES

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(catalogue: list[LlamaVersion]) -> list[LlamaVersion]:
    accept_invented_texts(make_person("Leo Lawyer", role=Role.LEGAL_APPROVER))
    return catalogue


def token(*scopes: str) -> str:
    issued = issue_token(
        by=make_person("Adam Admin", role=Role.ADMINISTRATOR),
        name="reader",
        scopes=list(scopes),
        expires_at=timezone.now() + timedelta(days=9),
    )
    return issued.clear


def get(path: str, clear: str, status: int = 200) -> Any:
    answer = Client().get(f"/api/v1/licences{path}", headers={"authorization": f"Bearer {clear}"})
    assert answer.status_code == status, answer.content
    return answer.json()


def test_every_version_comes_with_what_it_differs_by(base: list[LlamaVersion]) -> None:
    listed = get("", token("licences:read"))
    assert [one["slug"] for one in listed] == list(ALL)
    for one in listed:
        slug = one["slug"]
        assert (one["users_month"], one["users_threshold"]) == (MONTHS[slug], 700_000_000)
        assert (one["display"] or "") == DISPLAYS[slug]
        assert one["notice"] == NOTICES[slug]


def test_one_version_comes_with_terms_texts_and_clauses(base: list[LlamaVersion]) -> None:
    found = get("/llama-3.1", token("licences:read"))
    assert {one["kind"] for one in found["texts"]} == {"agreement", "aup"}
    agreement = next(one for one in found["texts"] if one["kind"] == "agreement")
    clause = next(one for one in agreement["clauses"] if one["id"] == "1.b.i")
    assert clause["text"] == "Give each guest a towel, and (A) a spoon; (B) a fish."
    assert clause["parent"] == "1.b"
    assert "1.b.i" in {one.removeprefix("LICENSE ") for duty in found["obligations"] for one in duty["clauses"]}


def test_an_unknown_version_is_404_with_what_to_do(base: list[LlamaVersion]) -> None:
    assert "lists them" in get("/llama-99", token("licences:read"), 404)["detail"]


def test_a_model_id_is_read(base: list[LlamaVersion]) -> None:
    clear = token("licences:read")
    said = get("/model-name?id=meta-llama/Llama-3.1-8B-Instruct", clear)
    assert (said["status"], said["versions"]) == ("resolved", ["llama-3.1"])
    assert "300 characters" in get("/model-name?id=" + "x" * 301, clear, 422)["detail"]


@pytest.mark.parametrize("path", ["", "/export", "/export/schema", "/llama-3.1", "/model-name?id=x"])
def test_another_scope_or_none_reads_nothing(base: list[LlamaVersion], path: str) -> None:
    get(path, token("gate:check"), 401)
    assert Client().get(f"/api/v1/licences{path}").status_code == 401


def test_the_export_is_what_its_schema_says_and_the_same_for_people(base: list[LlamaVersion]) -> None:
    clear = token("licences:read")
    exported = get("/export", clear)
    assert exported["schema_id"] == SCHEMA_ID
    again = BaseOut.model_validate(exported).model_dump()
    assert json.loads(json.dumps(again, cls=NinjaJSONEncoder)) == exported
    assert [one["slug"] for one in exported["versions"]] == list(ALL)
    assert exported["versions"][2] == get("/llama-3.1", clear)
    schema = get("/export/schema", clear)
    assert set(schema["required"]) <= set(exported) <= set(schema["properties"])

    person = Client()
    person.force_login(make_person("Nora New"))
    assert json.loads(person.get("/licences/export.json").content) == exported
    assert json.loads(person.get("/licences/export.schema.json").content) == schema


def test_more_texts_cost_no_more_queries(base: list[LlamaVersion], django_assert_max_num_queries: Any) -> None:
    clear = token("licences:read")
    with django_assert_max_num_queries(5):  # the token twice, versions, texts, clauses
        get("/export", clear)
