"""A draft's values are held to its own texts: what they contradict is refused, what looks left over is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foundation.accounts.models import User
from foundation.accounts.roles import Role
from licences.actions import draft_version as act
from licences.drafts import carry_over_as_they_are, doubts_of
from licences.errors import LicenceError
from licences.forms.parameters import field_of
from licences.models import LlamaVersion, VersionDraft
from licences.obligation_kinds import OBLIGATION_KINDS
from tests.cast import make_person
from tests.licences.test_add_version import changed, do, entered, finish, start, visit

pytestmark = [pytest.mark.django_db, pytest.mark.official_texts]

NOT_THERE = "Clause LICENSE 1.b.i of the new text does not have “Built with Llama”. Change the part and give the words"


@pytest.fixture
def people(db: None) -> tuple[User, User]:
    return (
        make_person("Rita Reviewer", role=Role.LEGAL_REVIEWER),
        make_person("Leo Lawyer", role=Role.LEGAL_APPROVER),
    )


@pytest.fixture
def files(official_texts: Path) -> dict[str, bytes]:
    """Texts with a lower threshold, and with another display."""
    folder = official_texts / "llama-4"
    agreement = changed((folder / "LICENSE").read_text(encoding="utf-8"))
    assert "“Built with Llama”" in agreement
    return {
        "agreement": agreement.replace("“Built with Llama”", "“Powered by Llama 5”").encode(),
        "aup": (folder / "USE_POLICY.md").read_text(encoding="utf-8").replace("Llama 4", "Llama 5").encode(),
    }


def duty(draft: VersionDraft, key: str) -> dict[str, Any]:
    draft.refresh_from_db()
    return next(one for one in draft.document["obligation"] if one["key"] == key)


def form_of(draft: VersionDraft, key: str, **other: str) -> dict[str, str]:
    """What the form of this duty sends, with some of it changed."""
    row = duty(draft, key)
    sent = {f"parameter_{name}": value for name, value in row["parameters"].items()}
    sent |= {"summary": row["summary"], "clauses": ", ".join(row["clauses"]), "trigger": row["trigger"]}
    return sent | other


def test_words_that_the_new_clause_does_not_have_are_not_carried_over(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita = visit(people[0])
    draft = start(rita, files)
    with pytest.raises(LicenceError, match=NOT_THERE):
        act.confirm_parts(draft=draft, parts=["display"], by=people[0])
    page = rita.get(f"/licences/drafts/{draft.code}/")
    display = next(one for one in page.context["duties"] if one["key"] == "display")
    assert display["may_carry"] is False
    assert NOT_THERE in page.content.decode()
    assert "display" not in draft.decided


def test_nor_are_they_entered_otherwise(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita = visit(people[0])
    draft = start(rita, files)
    address = f"/licences/drafts/{draft.code}/part/?key=display"
    for words in ("Built with Llama", "Powered by Llama"):
        answer = rita.post(address, form_of(draft, "display", parameter_text=words))
        assert answer.status_code == 422
        assert f"does not have “{words}”" in answer.context["form"].errors["parameter_text"][0]
        with pytest.raises(LicenceError, match=f"does not have “{words}”"):
            values = {"parameters": {"text": words, "trigger": "contains"}}
            act.edit_part(draft=draft, part="display", values=values, by=people[0])
    assert rita.post(address, form_of(draft, "display", parameter_text="Powered by Llama 5")).status_code == 302
    assert duty(draft, "display")["parameters"]["text"] == "Powered by Llama 5"


def test_the_threshold_is_one_that_the_new_clause_has(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita = visit(people[0])
    draft = start(rita, files)
    address = f"/licences/drafts/{draft.code}/part/?key=mau"
    answer = rita.post(address, form_of(draft, "mau", parameter_threshold="700000000"))
    assert answer.status_code == 422
    said = answer.context["form"].errors["parameter_threshold"][0]
    assert said.startswith("Clause LICENSE 2 of the new text does not have the number 700,000,000")
    assert rita.post(address, form_of(draft, "mau", parameter_threshold="500,000,000")).status_code == 302


def test_where_the_new_clause_names_two_numbers_a_person_says_which_one(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    two = files["agreement"].decode().replace("500 million", "500 million (or, with affiliates, 600 million)")
    draft = start(visit(people[0]), files | {"agreement": two.encode()})
    assert duty(draft, "mau")["parameters"]["threshold"] == "700000000"
    with pytest.raises(LicenceError, match="does not have the number 700,000,000"):
        act.confirm_parts(draft=draft, parts=["mau"], by=people[0])


def test_carried_over_with_one_press_the_users_test_says_nothing_of_the_older_one(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    draft = start(visit(people[0]), files)
    do(visit(people[0]), draft, "confirm", part="mau")
    row = duty(draft, "mau")
    assert (row["parameters"]["month"], row["parameters"]["threshold"]) == ("2026-10", "500000000")
    assert "more than 500 million monthly active users in October 2026" in row["summary"]
    assert not {"2025", "700", "Llama 4"} & set(row["summary"].replace(",", " ").replace(".", " ").split())
    assert [one for one in doubts_of(draft) if one.part == "mau"] == []


def test_what_a_summary_says_beside_its_values_is_shown_to_both(
    official_base: list[LlamaVersion],
    people: tuple[User, User],
    official_texts: Path,
) -> None:
    folder = official_texts / "llama-4"
    same = {
        "agreement": changed((folder / "LICENSE").read_text(encoding="utf-8")).encode(),
        "aup": (folder / "USE_POLICY.md").read_text(encoding="utf-8").replace("Llama 4", "Llama 5").encode(),
    }
    rita, leo = visit(people[0]), visit(people[1])
    draft = start(rita, same)
    finish(rita, draft)
    left_over = "Above 700 million users in March 2025 there are no rights under Llama 4."
    assert (
        rita.post(f"/licences/drafts/{draft.code}/part/?key=mau", form_of(draft, "mau", summary=left_over)).status_code
        == 302
    )
    said = [
        "“Monthly active users test” speaks of Llama 4.",
        "“Monthly active users test” speaks of March 2025 and tests 2026-10.",
        "“Monthly active users test” speaks of 700,000,000 users, and the threshold is 500,000,000.",
    ]
    for page in (rita.get(f"/licences/drafts/{draft.code}/"), rita.get(f"/licences/drafts/{draft.code}/part/?key=mau")):
        assert "Look again:" in page.content.decode()
        assert all(one in page.content.decode() for one in said)
    do(rita, draft, "submit")
    before_publishing = leo.get(f"/licences/drafts/{draft.code}/").content.decode()
    assert before_publishing.index(said[1]) < before_publishing.index("Publish Llama 5")


def test_what_is_doubtful_is_not_carried_over_with_the_rest(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    draft = start(visit(people[0]), files)
    assert "warranty" in carry_over_as_they_are(draft)
    next(one for one in draft.document["obligation"] if one["key"] == "warranty")["summary"] += " So did Llama 3."
    next(one for one in draft.document["obligation"] if one["key"] == "governing-law")["parameters"]["law"] = "Utah"
    assert not {"warranty", "governing-law"} & set(carry_over_as_they_are(draft))


def test_a_draft_from_before_these_checks_is_neither_handed_on_nor_published(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita, leo = visit(people[0]), visit(people[1])
    draft = start(rita, files)
    rita.post(
        f"/licences/drafts/{draft.code}/part/?key=display",
        form_of(draft, "display", parameter_text="Powered by Llama 5"),
    )
    finish(rita, draft)
    do(rita, draft, "submit")
    row = next(one for one in draft.document["obligation"] if one["key"] == "display")
    row["parameters"]["text"] = "Built with Llama"
    draft.save()
    do(leo, draft, "publish")
    assert draft.state == "submitted"
    with pytest.raises(LicenceError, match=f"Send it back: {NOT_THERE}"):
        act.publish_draft(draft=draft, by=people[1])
    do(leo, draft, "send-back")
    with pytest.raises(LicenceError, match=NOT_THERE):
        act.submit_draft(draft=draft, by=people[0])


def test_everything_that_is_wrong_in_a_form_is_said_at_once_beside_its_field(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita = visit(people[0])
    draft = start(rita, files)
    wrong = {"parameter_threshold": "many", "parameter_month": "June", "parameter_month_is_reading": "perhaps"}
    answer = rita.post(
        f"/licences/drafts/{draft.code}/part/?key=mau", form_of(draft, "mau", clauses="Section 2", **wrong)
    )
    errors = {name: found[0] for name, found in answer.context["form"].errors.items()}
    assert set(errors) == {*wrong, "clauses"}
    assert errors["parameter_threshold"] == "Write the number of users in digits, such as 700,000,000."
    assert errors["parameter_month"] == "Write the month as year and month, such as 2026-10."
    assert errors["clauses"].startswith("“Section 2” is no clause.")
    words = answer.content.decode()
    assert "obligation[" not in words
    assert 'type="month"' in words
    assert 'inputmode="numeric"' in words


def test_a_kind_or_an_item_that_is_there_is_changed_and_not_added_again(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita = visit(people[0])
    draft = start(rita, files)
    address = f"/licences/drafts/{draft.code}/part/"
    part = form_of(draft, "law")
    assert "has “Applicable law” already" in rita.post(f"{address}?kind=law", part).content.decode()
    item = {"id": "1.a", "printed": "", "subject": "Otters", "group": "crime"}
    answer = rita.post(f"{address}?kind=item", item)
    assert "has the item 1.a already" in answer.context["form"].errors["id"][0]


def test_every_value_that_the_rules_read_has_a_field_of_its_own() -> None:
    said = {}
    for kind, known in OBLIGATION_KINDS.items():
        for name in known.parameters:
            field = field_of(kind, name)
            said[kind, name] = str(field.label)
            assert field.help_text or getattr(field, "choices", None), (kind, name)
    assert len(set(said.values())) == len(said)


def test_after_a_mistake_the_page_says_to_choose_the_files_again(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita = visit(people[0])
    answer = rita.post("/licences/drafts/new/", entered(files) | {"title": ""})
    assert answer.status_code == 422
    for name in ("agreement", "aup"):
        assert answer.context["form"].errors[name] == [
            "Choose this file again: a page that comes back does not keep it."
        ]
    answer = rita.post("/licences/drafts/new/", entered(files) | {"name": "Otter 5"})
    assert answer.context["form"].errors["name"] == ["Begin the name with Llama and a number, such as Llama 5."]
    assert "Choose this file again" in answer.content.decode()
    answer = rita.post("/licences/drafts/new/", entered(files) | {"released_on": "0001-01-01"})
    assert "Llama begins in 2023" in answer.context["form"].errors["released_on"][0]
    assert not VersionDraft.objects.exists()


def test_the_two_columns_on_clauses_are_told_apart(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita = visit(people[0])
    draft = start(rita, files)
    words = rita.get(f"/licences/drafts/{draft.code}/").content.decode()
    assert '<th scope="col">Clauses</th><th scope="col">In the new text</th>' in words
    assert "Its clauses" not in words
