"""A licence text on a page: the words as its file prints them, in every view."""

from __future__ import annotations

import pytest

from foundation.audit.actors import Actor
from licences.actions import import_text
from licences.document import ShownClause, shown
from licences.models import LicenceText, LlamaVersion, TextKind
from tests.licences.texts import AGREEMENT

pytestmark = pytest.mark.django_db

OLD = AGREEMENT.replace("3. Marks.", '3. Marks. © Otter © Pond, all "rights".')
NEW = AGREEMENT.replace("3. Marks.", "3. Marks. © Otter © Lake, all “rights”.").replace(
    "Herons must ask first.", "Herons “must” ask."
)


def imported(version: LlamaVersion, words: str) -> LicenceText:
    return import_text(
        version=version,
        kind=TextKind.AGREEMENT,
        data=words.encode(),
        source="invented",
        imported_by=Actor.system("tests"),
    )


@pytest.fixture
def clauses(catalogue: list[LlamaVersion]) -> dict[str, ShownClause]:
    old, new = imported(catalogue[0], OLD), imported(catalogue[1], NEW)
    return {clause.number: clause for clause in shown(new, old)}


def joined(spans) -> str:
    return "".join(span.text for span in spans)


def test_each_side_has_the_quotes_and_signs_of_its_file(clauses: dict[str, ShownClause]) -> None:
    assert clauses["3"].text == "© Otter © Lake, all “rights”."
    assert joined(clauses["3"].old_segments) == '© Otter © Pond, all "rights".'
    assert joined(clauses["3"].new_segments) == clauses["3"].text


def test_another_style_of_quotes_is_no_change(clauses: dict[str, ShownClause]) -> None:
    changed = [(span.kind, span.text.strip()) for span in clauses["3"].segments if span.kind != "equal"]
    assert changed == [("deleted", "Pond"), ("added", "Lake")]


def test_a_redline_in_one_column_shows_the_new_quotes(clauses: dict[str, ShownClause]) -> None:
    assert joined(span for span in clauses["2"].segments if span.kind != "deleted") == "Herons “must” ask."
