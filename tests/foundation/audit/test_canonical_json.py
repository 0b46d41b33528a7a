import hashlib
import json
from datetime import date
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.audit.canonical import JSON, LARGEST_INTEGER, NotCanonical, canonical, digest

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-LARGEST_INTEGER, max_value=LARGEST_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=20
)


def test_it_sorts_keys_as_the_example_in_rfc_8785_section_3_2_3_does():
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    assert list(json.loads(canonical(dict.fromkeys(keys, 0)))) == [
        "\r",
        "1",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]


def test_it_writes_no_spaces_and_no_needless_escapes():
    assert canonical({"b": [1, True, None], "a": "é\n/"}) == '{"a":"é\\n/","b":[1,true,null]}'


def test_the_digest_is_the_sha_256_of_the_canonical_text():
    assert digest({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()


@given(DOCUMENTS)
def test_the_text_reads_back_as_the_same_document(document):
    assert json.loads(canonical(document)) == document


@given(DOCUMENTS)
def test_writing_what_was_read_back_gives_the_same_digest(document):
    assert digest(json.loads(canonical(document))) == digest(document)


@given(st.dictionaries(TEXTS, SCALARS, min_size=2, max_size=6))
def test_the_order_of_keys_does_not_matter(document):
    assert canonical(dict(reversed(list(document.items())))) == canonical(document)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (1.0, "float"),
        ({"days": 1.5}, "document.days is a float"),
        ([1, float("nan")], "float"),
        ({"at": date(2026, 1, 1)}, "date"),
        ({"price": Decimal("1")}, "Decimal"),
        ({"n": 2**53}, "write it as text"),
        ({1: "a"}, "keys must be text"),
        ({"a": b"x"}, "bytes"),
        ({"a": {1, 2}}, "set"),
        ({"a": "\ud800"}, "surrogate"),
        ({"\udfff": 1}, "surrogate"),
    ],
)
def test_it_refuses_what_has_no_dependable_form_and_says_what_to_write(document, says):
    with pytest.raises(NotCanonical, match=says):
        canonical(document)


def test_it_refuses_a_document_that_is_nested_too_deep():
    document: JSON = 1
    for _ in range(60):
        document = [document]
    with pytest.raises(NotCanonical, match="flatten"):
        canonical(document)


def test_an_enum_is_written_as_its_value_whatever_its_class_prints():
    class Answer(StrEnum):
        MET = "met"

        def __str__(self) -> str:
            return "something else"

    assert canonical([Answer.MET]) == '["met"]'


def test_true_and_one_differ():
    assert digest([True]) != digest([1])
