"""Texts come in byte for byte; what is not known to be Meta's stays apart until a lawyer decides."""

from __future__ import annotations

import copy
import hashlib
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from foundation.accounts.models import User
from foundation.accounts.policy import NotAllowed
from foundation.accounts.roles import Role
from foundation.audit.models import Event
from foundation.files import store
from licences.actions import accept_text, import_folder, import_text, refuse_text, sync_catalogue
from licences.errors import LicenceError
from licences.models import Clause, LicenceText, LlamaVersion, TextKind
from licences.queries import citations_without_clause, current_text
from tests.cast import make_person
from tests.licences.conftest import SYSTEM
from tests.licences.texts import AGREEMENT, AUP

pytestmark = pytest.mark.django_db

MARKED_UP = AGREEMENT.replace("1. Rights and Ponds.", "1\\. **Rights and Ponds.**").encode()
OTHER_WORDS = AGREEMENT.replace("towel", "blanket").encode()


def bring(version: LlamaVersion, data: bytes, kind: TextKind = TextKind.AGREEMENT) -> LicenceText:
    return import_text(
        version=version, kind=kind, data=data, source="the river", imported_by=SYSTEM, filename="LICENSE"
    )


def state(text: LicenceText) -> tuple[str, str, bool]:
    text.refresh_from_db()
    return text.match, text.standing, text.is_current


@pytest.fixture
def leo(db: None) -> User:
    """Leo approves for legal."""
    return make_person("Leo Lawyer", role=Role.LEGAL_APPROVER)


# --- official texts -------------------------------------------------------------------------------------------


@pytest.mark.official_texts
def test_every_official_text_and_revision_is_recognised(
    official_base: list[LlamaVersion], official_texts: Path
) -> None:
    texts = LicenceText.objects.all()
    assert {text.match for text in texts} == {"repository_copy"}
    assert {text.standing for text in texts} == {"accepted"}
    assert len(texts) == 16
    for version in official_base:
        for kind, name in ((TextKind.AGREEMENT, "LICENSE"), (TextKind.AUP, "USE_POLICY.md")):
            data = (official_texts / version.slug / name).read_bytes()
            text = current_text(version, kind)
            assert text is not None
            assert text.sha256 == hashlib.sha256(data).hexdigest()
            assert store.read(text.sha256) == data
            assert text.clauses.count() > 15
            assert citations_without_clause(text) == []
            assert text.label.startswith("matches Meta's repository copy, commit a9c89c47")


@pytest.mark.official_texts
def test_revisions_stay_beside_the_current_texts(official_base: list[LlamaVersion]) -> None:
    beside = LicenceText.objects.filter(is_current=False).order_by("version__position", "text_date", "kind")
    assert [(text.version.slug, text.kind, text.text_date and text.text_date.isoformat()) for text in beside] == [
        ("llama-2", "agreement", "2023-07-18"),
        ("llama-2", "aup", "2023-07-18"),
        ("llama-2", "agreement", "2023-08-25"),
        ("llama-3.3", "aup", "2024-12-06"),
    ]


@pytest.mark.official_texts
def test_a_second_import_changes_nothing_and_records_nothing(
    official_base: list[LlamaVersion], official_texts: Path
) -> None:
    before = list(LicenceText.objects.order_by("pk").values())
    events, clauses = Event.objects.count(), Clause.objects.count()
    import_folder(folder=official_texts, imported_by=SYSTEM)
    assert list(LicenceText.objects.order_by("pk").values()) == before
    assert (Event.objects.count(), Clause.objects.count()) == (events, clauses)


@pytest.mark.official_texts
@pytest.mark.parametrize(
    ("path", "kind", "document"),
    [("LICENSE", TextKind.AGREEMENT, "agreement"), ("USE_POLICY.md", TextKind.AUP, "acceptable use policy")],
)
def test_a_text_of_another_version_is_sent_to_that_version(
    catalogue: list[LlamaVersion], official_texts: Path, path: str, kind: TextKind, document: str
) -> None:
    data = (official_texts / "llama-3.3" / path).read_bytes()
    for copied in (data, data.replace(b"\n", b"\n\n")):  # its bytes, or its words in another layout
        with pytest.raises(LicenceError) as refused:
            bring(catalogue[-1], copied, kind)
        assert str(refused.value) == f"This is Meta's {document} of Llama 3.3, not of Llama 4: add it there."
    assert not LicenceText.objects.exists()


@pytest.mark.official_texts
def test_a_text_of_another_version_at_an_address_of_this_one_is_kept_apart_and_named(
    catalogue: list[LlamaVersion], official_texts: Path
) -> None:
    text = import_text(
        version=catalogue[-1],
        kind=TextKind.AGREEMENT,
        data=(official_texts / "llama-3.3" / "LICENSE").read_bytes(),
        source="an address that is watched",
        imported_by=SYSTEM,
        keep_of_another=True,
    )
    assert state(text) == ("different", "candidate", False)
    assert text.label == "Meta's agreement of Llama 3.3, not of Llama 4"


@pytest.mark.official_texts
def test_a_folder_with_a_text_under_another_version_names_the_file(
    catalogue: list[LlamaVersion], official_texts: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "texts" / "llama-4"
    folder.mkdir(parents=True)
    shutil.copy(official_texts / "llama-3.3" / "LICENSE", folder / "LICENSE")
    assert run(tmp_path / "texts") == [
        "llama-4/LICENSE: NOT IMPORTED: This is Meta's agreement of Llama 3.3, not of Llama 4: add it there."
    ]


# --- what is known of a text ----------------------------------------------------------------------------------


def test_the_first_copy_of_the_catalogue_becomes_the_current_text(llama_9: LlamaVersion) -> None:
    text = bring(llama_9, AGREEMENT.encode())
    assert state(text) == ("repository_copy", "accepted", True)
    event = Event.objects.get(kind="licence.text_imported")
    assert event.subject == "llama-9"
    assert event.facts["sha256"] == text.sha256
    assert event.facts["clauses"] == text.clauses.count() == 15


def test_clauses_keep_their_place_and_their_printed_labels(llama_9: LlamaVersion) -> None:
    bring(llama_9, AGREEMENT.encode())
    clause = Clause.objects.get(clause_id="1.b.i")
    assert (clause.depth, clause.parent_id_text, clause.body[:4]) == (2, "1.b", "Give")
    assert Clause.objects.get(clause_id="1.b").heading == "Sharing and Feeding."


def test_the_same_words_in_another_file_serve_while_nothing_better_is_there(llama_9: LlamaVersion) -> None:
    text = bring(llama_9, MARKED_UP)
    assert state(text) == ("same_words", "accepted", True)
    assert text.label == "same words as Meta's repository copy, commit a9c89c47; not byte for byte"
    exact = bring(llama_9, AGREEMENT.encode())
    assert state(exact) == ("repository_copy", "accepted", True)
    assert state(text) == ("same_words", "accepted", False)


def test_the_same_words_wait_for_a_lawyer_when_a_text_is_current(llama_9: LlamaVersion) -> None:
    exact = bring(llama_9, AGREEMENT.encode())
    assert state(bring(llama_9, MARKED_UP)) == ("same_words", "candidate", False)
    assert state(exact)[2]


def test_other_words_are_kept_apart_even_when_nothing_is_current(llama_9: LlamaVersion) -> None:
    text = bring(llama_9, OTHER_WORDS)
    assert state(text) == ("different", "candidate", False)
    assert current_text(llama_9, TextKind.AGREEMENT) is None


def test_a_text_that_cannot_be_split_is_kept_with_the_line(llama_9: LlamaVersion) -> None:
    text = bring(llama_9, AGREEMENT.replace("2. Herons.", "4. Herons.").encode())
    assert state(text) == ("different", "candidate", False)
    assert "cannot be split into clauses: Line 27" in text.label
    assert not text.clauses.exists()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfe1\x00", "not UTF-8"),
        (b"1. A\x00B", "NUL byte"),
        (b"  \n ", "empty"),
        (b"a" * 1024 * 1024 + b"b", "more than 1 MB"),
    ],
)
def test_what_is_no_text_is_refused_and_nothing_is_kept(llama_9: LlamaVersion, data: bytes, why: str) -> None:
    with pytest.raises(LicenceError, match=why):
        bring(llama_9, data)
    assert not LicenceText.objects.exists()
    assert not Event.objects.filter(kind="licence.text_imported").exists()


def test_a_text_that_the_catalogue_comes_to_know_is_accepted_when_it_comes_again(
    llama_9: LlamaVersion, tmp_path: Path
) -> None:
    text = bring(llama_9, OTHER_WORDS)
    path = tmp_path / "catalogue" / "llama-9.toml"
    words = path.read_text(encoding="utf-8")
    known = hashlib.sha256(AGREEMENT.encode()).hexdigest()
    path.write_text(words.replace(known, text.sha256), encoding="utf-8")
    sync_catalogue(by=SYSTEM, folder=tmp_path / "catalogue")
    again = bring(LlamaVersion.objects.get(slug="llama-9"), OTHER_WORDS)
    assert again.pk == text.pk
    assert state(text) == ("repository_copy", "accepted", True)
    assert Clause.objects.filter(text=text).count() == 15


def test_agreement_and_policy_of_one_version_are_apart(llama_9: LlamaVersion) -> None:
    bring(llama_9, AGREEMENT.encode())
    policy = bring(llama_9, AUP.encode(), TextKind.AUP)
    assert state(policy) == ("repository_copy", "accepted", True)
    assert state(LicenceText.objects.get(kind="agreement"))[2]


# --- a lawyer decides -----------------------------------------------------------------------------------------


def test_a_lawyer_accepts_a_text_and_the_old_one_steps_back(llama_9: LlamaVersion, leo: User) -> None:
    old = bring(llama_9, AGREEMENT.encode())
    text = accept_text(text=bring(llama_9, OTHER_WORDS), by=leo, note="  Received with the download.  ")
    assert state(text) == ("different", "accepted", True)
    assert state(old) == ("repository_copy", "accepted", False)
    assert (text.decided_by, text.decision_note) == (leo, "Received with the download.")
    event = Event.objects.get(kind="licence.text_accepted")
    assert event.actor_ref == leo.reference
    assert (event.facts["sha256"], event.facts["replaced_sha256"]) == (text.sha256, old.sha256)


def test_a_lawyers_choice_outlives_later_imports(llama_9: LlamaVersion, leo: User) -> None:
    chosen = accept_text(text=bring(llama_9, OTHER_WORDS), by=leo, note="Signed with Meta.")
    assert state(bring(llama_9, AGREEMENT.encode())) == ("repository_copy", "accepted", False)
    assert state(chosen)[2]


def test_a_lawyer_refuses_a_text_and_it_stays_refused(llama_9: LlamaVersion, leo: User) -> None:
    text = refuse_text(text=bring(llama_9, OTHER_WORDS), by=leo, note="Somebody's paraphrase.")
    assert state(bring(llama_9, OTHER_WORDS)) == ("different", "refused", False)
    assert Event.objects.get(kind="licence.text_refused").facts["reason"] == "Somebody's paraphrase."
    with pytest.raises(LicenceError, match="no longer waiting"):
        refuse_text(text=text, by=leo, note="Again.")


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.LEGAL_REVIEWER, Role.LEGAL_APPROVER}])
def test_nobody_but_legal_decides(llama_9: LlamaVersion, role: Role) -> None:
    person = make_person("Olive Owner", role=role)
    text = bring(llama_9, OTHER_WORDS)
    for act in (accept_text, refuse_text):
        with pytest.raises(NotAllowed, match="Only a legal reviewer or approver"):
            act(text=text, by=person, note="I like it.")
    assert state(text) == ("different", "candidate", False)


def test_a_decision_needs_a_reason(llama_9: LlamaVersion, leo: User) -> None:
    with pytest.raises(LicenceError, match="Say in a sentence why"):
        accept_text(text=bring(llama_9, OTHER_WORDS), by=leo, note="  ")


def test_the_current_text_is_not_accepted_twice(llama_9: LlamaVersion, leo: User) -> None:
    with pytest.raises(LicenceError, match="current one already"):
        accept_text(text=bring(llama_9, AGREEMENT.encode()), by=leo, note="Once more.")


def test_a_text_without_clauses_cannot_be_relied_on(llama_9: LlamaVersion, leo: User) -> None:
    text = bring(llama_9, AGREEMENT.replace("2. Herons.", "4. Herons.").encode())
    with pytest.raises(LicenceError, match="no check could cite it"):
        accept_text(text=text, by=leo, note="It will do.")


# --- the command ----------------------------------------------------------------------------------------------


def lay_out(folder: Path) -> Path:
    (folder / "llama-9" / "revisions").mkdir(parents=True)
    (folder / "llama-9" / "LICENSE").write_text(AGREEMENT, encoding="utf-8")
    (folder / "llama-9" / "USE_POLICY.md").write_text(AUP, encoding="utf-8")
    (folder / "llama-9" / "revisions" / "2031-LICENSE").write_bytes(OTHER_WORDS)
    return folder


def run(folder: Path) -> list[str]:
    out = StringIO()
    call_command("import_licence_texts", folder, stdout=out)
    return out.getvalue().splitlines()


def cites(version: LlamaVersion, *clauses: str) -> None:
    """Every duty of the version cites these, and its policy has the one item 1."""
    document = copy.deepcopy(version.catalogue)
    for duty in document["obligation"]:
        duty["clauses"] = list(clauses)
    document["aup_item"] = [one for one in document["aup_item"] if one["id"] == "1"]
    version.catalogue, version.catalogue_digest = document, "0" * 64
    version.save()


def test_the_command_says_of_every_file_what_it_is_and_what_to_do(llama_9: LlamaVersion, tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "texts")
    cites(llama_9, "LICENSE 1.b.i", "LICENSE 1.b.i", "LICENSE 7", "AUP 1")
    assert run(folder) == [
        "llama-9/LICENSE: Llama 9 agreement: matches Meta's repository copy, commit a9c89c47; web copy not checked. "
        "New reviews rely on it. Its terms cite clauses that it does not have: LICENSE 7. "
        "Correct them in the version's catalogue file.",
        "llama-9/USE_POLICY.md: Llama 9 acceptable use policy: matches Meta's repository copy, commit a9c89c47; "
        "web copy not checked. New reviews rely on it; nothing to do.",
        "llama-9/revisions/2031-LICENSE: Llama 9 agreement: "
        "different words from every copy of Meta that is known here. "
        "Kept apart: a lawyer reads it and decides at /licences/llama-9/#candidates.",
    ]


def test_the_command_goes_on_past_what_it_cannot_place(llama_9: LlamaVersion, tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "texts")
    (folder / "llama-9" / "revisions" / "notes.txt").write_text("mine", encoding="utf-8")
    shutil.copytree(folder / "llama-9", folder / "llama-12")
    lines = run(folder)
    assert (
        "llama-9/revisions/notes.txt: NOT IMPORTED: whether it is an agreement or a policy cannot be told."
        in " ".join(lines)
    )
    assert sum("no Llama version of this name is in the catalogue" in line for line in lines) == 4
    assert LicenceText.objects.count() == 3


def test_the_command_fails_when_a_file_cannot_be_read(llama_9: LlamaVersion, tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "texts")
    (folder / "llama-9" / "LICENSE").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SystemExit) as ended:
        run(folder)
    assert ended.value.code == 1
    assert LicenceText.objects.count() == 2


@pytest.mark.parametrize("make", [False, True])
def test_the_command_says_how_a_folder_is_laid_out(llama_9: LlamaVersion, tmp_path: Path, make: bool) -> None:
    if make:
        (tmp_path / "texts").mkdir()
    with pytest.raises(CommandError, match=r"Lay it out|Name the one"):
        run(tmp_path / "texts")
