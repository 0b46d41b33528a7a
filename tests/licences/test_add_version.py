"""A made-up Llama 5 with a new clause and a lower threshold, added in the browser by two people."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deployments.actions.components import add_component
from deployments.actions.products import register_product
from deployments.models import ModelSheet
from deployments.queries import current_facts
from foundation.accounts.models import User
from foundation.accounts.roles import Role
from foundation.audit.models import Event
from foundation.jobs.actions import Outcome, run
from foundation.jobs.models import Job
from licences.actions import draft_version as act
from licences.actions import sync_catalogue
from licences.actions.sync_catalogue import VERSION_IMPACT_JOB
from licences.drafts import carry_over_as_they_are, open_questions, to_account_for
from licences.errors import LicenceError
from licences.facts import EntityFacts, Facts
from licences.models import LlamaVersion, VersionDraft
from licences.obligations import assess
from licences.queries import current_texts, terms_for
from reviews.actions.choose_version import choose_version
from reviews.models import ImpactRun, Review
from tests import journeys
from tests.cast import make_person
from tests.licences.conftest import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.official_texts]

NEW_CLAUSE = "        v. You shall tell Meta each year how much energy the training of derivatives took.\n"


def changed(agreement: str) -> str:
    """Llama 4's agreement as a Llama 5 could have it: other names, a lower threshold, one clause more."""
    lines = []
    for line in agreement.replace("Llama 4", "Llama 5").replace("LLAMA 4", "LLAMA 5").splitlines(keepends=True):
        if line.startswith("2. "):
            lines.append(NEW_CLAUSE)
        lines.append(line.replace("700 million", "500 million"))
    return "".join(lines)


@pytest.fixture
def people(db: None) -> tuple[User, User]:
    return (
        make_person("Rita Reviewer", role=Role.LEGAL_REVIEWER),
        make_person("Leo Lawyer", role=Role.LEGAL_APPROVER),
    )


@pytest.fixture
def files(official_texts: Path) -> dict[str, bytes]:
    folder = official_texts / "llama-4"
    aup = (folder / "USE_POLICY.md").read_text(encoding="utf-8").replace("Llama 4", "Llama 5")
    return {
        "agreement": changed((folder / "LICENSE").read_text(encoding="utf-8")).encode(),
        "aup": aup.encode(),
    }


def visit(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def entered(files: dict[str, bytes]) -> dict[str, Any]:
    return {
        "name": "Llama 5",
        "title": "LLAMA 5 COMMUNITY LICENSE AGREEMENT",
        "released_on": "2026-11-02",
        "date_kind": "effective",
        "based_on": "llama-4",
        "agreement": SimpleUploadedFile("LICENSE.txt", files["agreement"]),
        "aup": SimpleUploadedFile("USE_POLICY.md", files["aup"]),
        "agreement_raw": "https://otters.example/raw/LICENSE",
        "agreement_web": "https://otters.example/license",
        "aup_raw": "https://otters.example/raw/USE_POLICY.md",
        "aup_web": "https://otters.example/use",
    }


def start(rita: Client, files: dict[str, bytes]) -> VersionDraft:
    answer = rita.post("/licences/drafts/new/", entered(files))
    assert answer.status_code == 302, answer.content.decode()
    return VersionDraft.objects.get()


def do(client: Client, draft: VersionDraft, what: str, **fields: Any) -> None:
    assert client.post(f"/licences/drafts/{draft.code}/{what}/", fields).status_code == 302
    draft.refresh_from_db()


def finish(rita: Client, draft: VersionDraft) -> None:
    """Everything that a lawyer decides: the same is carried over, the threshold changed, the new clause a term."""
    page = rita.get(f"/licences/drafts/{draft.code}/").context
    do(rita, draft, "confirm", part=page["same"])
    mau = next(one for one in draft.document["obligation"] if one["key"] == "mau")
    part = {f"parameter_{name}": value for name, value in mau["parameters"].items()}
    assert part["parameter_month"] == "2026-10"  # proposed: the month before the date
    part |= {"parameter_threshold": "500000000", "clauses": "LICENSE 2"}
    part |= {"summary": "No rights above 500 million users, unless Meta grants them.", "trigger": mau["trigger"]}
    assert rita.post(f"/licences/drafts/{draft.code}/part/?key=mau", part).status_code == 302
    models = {"sizes": "9B, 90B", "multimodal": "Llama-5-90B", "as_of": "2026-11-02", "otherwise": "unknown"}
    models |= {"multimodal_marks": "90b", "text_marks": "9b"}
    assert rita.post(f"/licences/drafts/{draft.code}/part/?key=models", models).status_code == 302
    own = {
        "summary": "Energy of training is told to Meta once a year.",
        "clauses": "LICENSE 1.b.v",
        "trigger": "changing",
    }
    assert rita.post(f"/licences/drafts/{draft.code}/part/?kind=other", own).status_code == 302
    draft.refresh_from_db()
    left = open_questions(draft)
    do(rita, draft, "confirm", part=[one for one in left if not one.startswith(("LICENSE", "AUP"))])
    for clause in to_account_for(draft):
        do(rita, draft, "account", part=clause)
    assert open_questions(draft) == []


def test_two_people_add_a_version_and_it_is_complete(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita, leo = visit(people[0]), visit(people[1])
    draft = start(rita, files)
    page = rita.get(f"/licences/drafts/{draft.code}/")
    words = page.content.decode()
    assert "500" in words
    assert "LICENSE 1.b.v" in [one["citation"] for one in page.context["clauses"]]
    asked = f"/licences/drafts/{draft.code}/add/?clause=LICENSE%201.b.v"
    assert asked in words
    led_to = rita.get(f"{asked}&kind=other", follow=True)  # the clause is filled in where the duty is entered
    assert led_to.context["form"].initial["clauses"] == "LICENSE 1.b.v"
    fates = {one["key"]: one["fate"] for one in page.context["duties"]}
    assert fates["mau"] == "reworded"
    assert fates["display"] == "same"

    finish(rita, draft)
    do(rita, draft, "submit")
    assert draft.state == "submitted"
    assert not LlamaVersion.objects.filter(slug="llama-5").exists()
    assert rita.post(f"/licences/drafts/{draft.code}/publish/").status_code == 403
    do(leo, draft, "publish")

    version = LlamaVersion.objects.get(slug="llama-5")
    terms = terms_for(version)
    assert (terms.mau_threshold, terms.mau_month) == (500_000_000, "2026-10")
    assert terms.display is not None
    assert terms.notice.startswith("Llama 5 is licensed under the Llama 5 Community License, ")
    assert (terms.sizes, terms.multimodal_models) == (("9B", "90B"), ("Llama-5-90B",))
    assert terms.multimodality_of("meta-llama/Llama-5-90B") == "yes"
    assert {kind for key, kind in current_texts() if key == version.pk} == {"agreement", "aup"}
    assert version.position == max(one.position for one in LlamaVersion.objects.all())
    page_of_it = leo.get("/licences/llama-5/").content.decode()
    assert "Energy of training" in page_of_it
    assert leo.get("/licences/compare/llama-4/llama-5/").status_code == 200
    assert "Llama 5" in leo.get("/licences/matrix/").content.decode()
    event = Event.objects.get(kind="licence.version_added")
    assert event.facts["prepared_by"] == [people[0].reference]
    assert event.actor_ref == people[1].reference

    # The rules use it at once: the lower line, and the term that no rule knows.
    facts = Facts(EntityFacts("ENT-1", principal_place="US", mau=600_000_000, mau_month="2026-10"), {}, {})
    found = {one.key: one for one in assess(facts, terms)}
    assert found["mau"].status == "prohibited"
    assert found["other:other"].status == "legal_judgement"
    assert found["other:other"].clauses == ("LICENSE 1.b.v",)

    # Files of the catalogue do not touch it.
    sync_catalogue(by=SYSTEM)
    assert terms_for(LlamaVersion.objects.get(slug="llama-5")).mau_threshold == 500_000_000


def test_nothing_is_handed_on_while_something_is_undecided(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita = visit(people[0])
    draft = start(rita, files)
    do(rita, draft, "submit")
    assert draft.state == "open"
    with pytest.raises(LicenceError, match="Not everything is decided yet: "):
        act.submit_draft(draft=draft, by=people[0])


def test_what_every_version_says_for_itself_is_never_carried_over(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes], official_texts: Path
) -> None:
    same = (official_texts / "llama-4" / "LICENSE").read_text(encoding="utf-8").replace("Llama 4", "Llama 5")
    draft = start(visit(people[0]), files | {"agreement": same.encode()})
    alike = carry_over_as_they_are(draft)
    assert "display" in alike
    assert not {"mau", "models"} & set(alike)
    assert draft.document["models"]["multimodal"] == []
    with pytest.raises(LicenceError, match="A version has models"):
        act.leave_out(draft=draft, part="models", by=people[0])


def test_who_sends_it_back_opens_it_again(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita, leo = visit(people[0]), visit(people[1])
    draft = start(rita, files)
    finish(rita, draft)
    do(rita, draft, "submit")
    do(leo, draft, "send-back")
    assert draft.state == "open"
    do(leo, draft, "leave-out", part="marks")  # a part that every version has: refused with what to do
    assert any(one["key"] == "marks" for one in draft.document["obligation"])


def test_a_part_that_is_left_out_is_gone_and_its_clause_is_asked_about(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita = visit(people[0])
    draft = start(rita, files)
    do(rita, draft, "leave-out", part="display")
    assert not any(one["key"] == "display" for one in draft.document["obligation"])
    assert draft.decided["display"]["how"] == "left_out"


@pytest.mark.parametrize("role", [Role.PRODUCT_OWNER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_nobody_else_adds_one(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes], role: Role
) -> None:
    other = visit(make_person("Otto Other", role=role))
    assert other.get("/licences/drafts/new/").status_code == 403
    assert other.post("/licences/drafts/new/", entered(files)).status_code == 403
    draft = start(visit(people[0]), files)
    assert other.get(f"/licences/drafts/{draft.code}/").status_code == 403
    for what in ("confirm", "leave-out", "account", "submit", "publish", "send-back", "drop"):
        assert other.post(f"/licences/drafts/{draft.code}/{what}/", {"part": "mau"}).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "Llama 4", "is here already"),
        ("name", "!!!", "Give the version a name"),
        ("agreement_raw", "http://otters.example/x", "begins with https"),
        ("based_on", "llama-99", "Select a valid choice"),
        ("agreement", SimpleUploadedFile("LICENSE.txt", b"Only a line."), "agreement"),
    ],
)
def test_what_cannot_begin_a_version_is_refused_with_what_to_do(
    official_base: list[LlamaVersion],
    people: tuple[User, User],
    files: dict[str, bytes],
    field: str,
    value: Any,
    said: str,
) -> None:
    answer = visit(people[0]).post("/licences/drafts/new/", entered(files) | {field: value})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not VersionDraft.objects.exists()


def test_a_name_is_prepared_once_and_free_again_when_dropped(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita = visit(people[0])
    draft = start(rita, files)
    assert "prepares Llama 5 already" in rita.post("/licences/drafts/new/", entered(files)).content.decode()
    do(rita, draft, "drop")
    assert rita.post("/licences/drafts/new/", entered(files)).status_code == 302


def test_products_that_waited_for_it_get_one_review_each_under_its_own_terms(
    official_base: list[LlamaVersion], files: dict[str, bytes]
) -> None:
    """From two uploads to the reviews that follow; the lower threshold is what the new reviews are held against."""
    journey = journeys.registered()
    sheets = []
    for name in ("Ours", "Theirs"):
        product = register_product(name=name, team=journey.cast.team, licensee=journey.inc, by=journey.cast.olive)
        component = product.components.first() or add_component(product=product, name="Chat", by=journey.cast.olive)
        raw_id = "meta-llama/Llama-5-9B"
        sheet, _none = choose_version(component=component, raw_model_id=raw_id, version=None, by=journey.cast.olive)
        sheets.append(sheet)
    draft = start(visit(journey.cast.rita), files)
    finish(visit(journey.cast.rita), draft)
    do(visit(journey.cast.rita), draft, "submit")
    do(visit(journey.cast.leo), draft, "publish")
    assert run(Job.objects.get(kind=VERSION_IMPACT_JOB).pk) is Outcome.DONE

    version = LlamaVersion.objects.get(slug="llama-5")
    opened = Review.objects.filter(version=version)
    assert sorted(opened.values_list("sheet", flat=True)) == sorted(sheet.pk for sheet in sheets)
    found = ImpactRun.objects.get()
    assert {"LICENSE 1.b.v", "LICENSE 2"} <= set(found.changed_clauses)
    said = visit(journey.cast.olive).get(f"/reviews/{opened.first().reference}/").content.decode()  # type: ignore[union-attr]
    assert "The name of the model points to it." in said
    assert "Confirm the version" in said
    choose_version(
        component=sheets[0].component, raw_model_id="meta-llama/Llama-5-9B", version=version, by=journey.cast.olive
    )
    findings = assess(current_facts(ModelSheet.objects.get(pk=sheets[0].pk)), terms_for(version))
    mau = next(one for one in findings if one.key == "mau")
    assert (mau.status, mau.parameters["threshold"]) == ("unknown", "500000000")  # nobody knows that month yet


def without(text: bytes, words: str) -> bytes:
    """The text without the one line that has these words."""
    lines = text.decode().splitlines(keepends=True)
    [gone] = [line for line in lines if words in line]
    return "".join(line for line in lines if line is not gone).encode()


def test_an_item_that_went_leaves_its_number_to_the_next(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    """Items are numbered by their place: without Llama 4's 3.c, its 3.d is 3.c, and nobody is asked about two of them."""
    rita, leo = visit(people[0]), visit(people[1])
    draft = start(rita, files | {"aup": without(files["aup"], "further distributing spam")})
    page = rita.get(f"/licences/drafts/{draft.code}/")
    items = [(one["key"], one["title"]) for one in page.context["items"] if one["key"].startswith("item:3.")]
    assert [key for key, _title in items] == [f"item:3.{letter}" for letter in "abcde"]
    assert items[2][1] == "Posing as another person without consent or right"
    assert [one.clause for one in page.context["items_gone"]] == ["AUP 3.c"]
    assert "The new policy has no such item" in page.content.decode()
    finish(rita, draft)
    do(rita, draft, "submit")
    do(leo, draft, "publish")
    before = {one.id: one.subject for one in terms_for(LlamaVersion.objects.get(slug="llama-4")).aup_items}
    now = {one.id: one.subject for one in terms_for(LlamaVersion.objects.get(slug="llama-5")).aup_items}
    assert (now["3.b"], now["3.c"], now["3.e"]) == (before["3.b"], before["3.d"], before["3.f"])
    assert "3.f" not in now


def test_what_stands_beside_the_form_of_a_part(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    """The words that a duty rests on, against those of the nearest version; of a new duty, the clause that asked."""
    rita = visit(people[0])
    draft = start(rita, files)

    def beside(query: str) -> dict[str, str]:
        page = rita.get(f"/licences/drafts/{draft.code}/part/?{query}")
        return {one.id: one.kind for one in page.context["clauses"]}

    assert beside("key=mau") == {"LICENSE 2": "reworded"}
    assert beside("kind=other&clause=LICENSE+1.b.v") == {"LICENSE 1.b.v": "added"}
    assert beside("key=item:1.a")["AUP 1.a.i"] == "same"
    assert beside("kind=other") == beside("key=models") == {}
    page = rita.get(f"/licences/drafts/{draft.code}/part/?key=mau").content.decode()
    assert re.search(r"<del data-change><span[^>]*>[^<]*</span>700", page)
    assert re.search(r"<ins data-change><span[^>]*>[^<]*</span>500", page)


def test_a_duty_whose_clause_went_is_left_out_or_finds_its_clause(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    """Without 1.b.iii the new clause has its number: the Notice is not carried over to words that do not ask for it."""
    rita = visit(people[0])
    shortened = files["agreement"].decode().splitlines(keepends=True)
    went = next(number for number, line in enumerate(shortened) if line.strip().startswith("iii. You must retain"))
    until = next(number for number, line in enumerate(shortened) if line.strip().startswith("iv. Your use"))
    agreement = "".join(shortened[:went] + shortened[until:])
    renamed = (("iv. Your use", "iii. Your use"), ("v. You shall tell", "iv. You shall tell"))
    for old, new in (*renamed, ("“Built with Llama”", "“Built with Llama” and “Llama 5 is licensed.”")):
        assert old in agreement
        agreement = agreement.replace(old, new)
    draft = start(rita, files | {"agreement": agreement.encode()})
    page = rita.get(f"/licences/drafts/{draft.code}/")
    notice = next(one for one in page.context["duties"] if one["key"] == "notice")
    assert (notice["lost"], notice["clauses"], notice["may_carry"]) == (("LICENSE 1.b.iii",), (), False)
    with pytest.raises(LicenceError, match=r"words that the new texts do not have any more \(LICENSE 1.b.iii\)"):
        act.confirm_parts(draft=draft, parts=["notice"], by=people[0])
    beside = rita.get(f"/licences/drafts/{draft.code}/part/?key=notice").context["clauses"]
    assert [one.kind for one in beside] == ["removed"]
    # Every version so far has a Notice: it is pointed to other words, or the draft waits for a rule.
    assert notice["may_leave_out"] is False
    with pytest.raises(LicenceError, match="Every version so far has “Notice file”"):
        act.leave_out(draft=draft, part="notice", by=people[0])
    part = {"parameter_text": "Llama 5 is licensed.", "clauses": "LICENSE 1.b.i", "trigger": "distribution"}
    part |= {"summary": "The line stands where the copy of the agreement stands."}
    assert rita.post(f"/licences/drafts/{draft.code}/part/?key=notice", part).status_code == 302
    draft.refresh_from_db()
    assert "notice" not in open_questions(draft)
    notice = next(
        one for one in rita.get(f"/licences/drafts/{draft.code}/").context["duties"] if one["key"] == "notice"
    )
    assert (notice["lost"], notice["clauses"], notice["decided"]) == ((), ("LICENSE 1.b.i",), "edited")


def test_what_a_part_cites_stands_in_the_texts(
    official_base: list[LlamaVersion], people: tuple[User, User], files: dict[str, bytes]
) -> None:
    rita = visit(people[0])
    draft = start(rita, files)
    address = f"/licences/drafts/{draft.code}/part/"
    own = {"summary": "Energy of training is told.", "clauses": "LICENSE 1.b.vi", "trigger": "changing"}
    answer = rita.post(f"{address}?kind=other", own)
    assert answer.status_code == 422
    assert "The new texts have no clause LICENSE 1.b.vi." in answer.content.decode()
    assert "Energy of training is told." in answer.content.decode()  # nothing typed is lost
    item = {"id": "1.z", "printed": "", "subject": "Otters", "group": "crime"}
    assert "The new texts have no clause AUP 1.z." in rita.post(f"{address}?kind=item", item).content.decode()
    draft.refresh_from_db()
    assert not any(one["kind"] == "other" for one in draft.document["obligation"])
