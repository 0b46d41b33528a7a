"""What a clause says of the values that the rules hold: quoted words, names, numbers and months."""

from __future__ import annotations

import pytest

from licences.normalise import normalise
from licences.said_values import months_in, numbers_in, users_in, values_missing, with_month, with_number

DISPLAY = "prominently display “%s” on a website and begin the name with “%s” (and keep the Llama Materials)."


def clause(words: str) -> list[str]:
    return [normalise(words.encode())]


@pytest.mark.parametrize(
    ("display", "prefix", "missing"),
    [
        ("Built with Llama", "Llama", []),
        ("Built with Llama,", "Llama", []),  # a comma before the closing mark is no part of the words
        ("Built with Llama 5", "Llama", ["text"]),
        ("Powered by Llama", "Llama", ["text"]),
        ("Built with Llama", "Llama 5", ["prefix"]),
        ("Built with Llama", "Lm5", ["prefix"]),  # that the clause names the Llama Materials is not enough
        ("Proudly Built with Llama", "Llama", ["text"]),
    ],
)
def test_what_is_handed_out_stands_between_quotation_marks(display: str, prefix: str, missing: list[str]) -> None:
    words = clause(DISPLAY % (display, prefix))
    found = values_missing("display", {"text": "Built with Llama", "trigger": "uses"}, words)
    found += values_missing("name-prefix", {"prefix": "Llama", "outputs": "yes"}, words)
    assert found == missing


def test_a_line_without_quotation_marks_counts_where_it_ends() -> None:
    line = {"text": "Built with Llama", "trigger": "uses"}
    assert values_missing("display", line, clause("Show Built with Llama on a website.")) == []
    assert values_missing("display", line, clause("Show Built with Llama 5 on a website.")) == ["text"]


def test_signs_and_quotes_of_another_kind_make_no_difference() -> None:
    words = clause("the notice “Llama 5, Copyright (c) Meta Platforms, Inc.\nAll Rights Reserved.”")
    text = "Llama 5, Copyright © Meta Platforms, Inc. All Rights Reserved."
    assert values_missing("notice", {"text": text}, words) == []


def test_one_of_the_clauses_is_enough_and_none_is_too_few() -> None:
    parameters = {"law": "California", "courts": "New York"}
    assert (
        values_missing("governing-law", parameters, clause("Law of California.") + clause("Courts of New York.")) == []
    )
    assert values_missing("governing-law", parameters, []) == ["law", "courts"]


@pytest.mark.parametrize(
    ("excluded", "words", "missing"),
    [
        ("Llama 3", "(excluding Llama 3 or its derivatives)", []),
        ("Llama 3", "(excluding Llama 3.1 or its derivatives)", ["excluded"]),
        ("Llama", "(excluding Llama 5 or its derivatives)", ["excluded"]),
        ("Llama 3", "(excluding Llama 3.)", []),
    ],
)
def test_a_name_is_not_the_beginning_of_another(excluded: str, words: str, missing: list[str]) -> None:
    assert values_missing("improvement-ban", {"excluded": excluded}, clause(words)) == missing


@pytest.mark.parametrize("said", ["500 million", "500,000,000", "500000000", "0.5 billion"])
def test_the_threshold_is_found_in_each_spelling(said: str) -> None:
    mau = {"threshold": "500000000", "month": "2026-10", "month_is_reading": "no"}
    assert values_missing("mau", mau, clause(f"is greater than {said} monthly active users")) == []
    assert values_missing("mau", mau | {"threshold": "700000000"}, clause(f"more than {said} users")) == ["threshold"]


def test_numbers_of_sections_and_years_are_no_users() -> None:
    words = "Under Section 2 and 1.b.ii, in 2026, more than 700 million users within 30 days."
    assert users_in(words) == {700_000_000}
    assert {2, 2026, 30} <= numbers_in(words)


def test_one_value_takes_the_place_of_another_in_its_spelling() -> None:
    text = "More than 700 million (700,000,000) users in March 2025, not 2025-04."
    assert with_number(text, 700_000_000, 500_000_000).startswith("More than 500 million (500,000,000) users")
    assert with_number("700 million", 700_000_000, 1_250_500) == "1,250,500"
    assert months_in(text) == {"2025-03", "2025-04"}
    assert with_month(text, "2025-03", "2026-10").endswith("in October 2026, not 2025-04.")
    assert with_month(text, "2025-04", "2026-10").endswith("in March 2025, not 2026-10.")
