"""The figures that the bench prints: percentiles, ratios and what it says of a budget."""

from __future__ import annotations

import pytest

from bench.figures import Budget, percentile, ratio, table


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.5


def test_a_percentile_does_not_depend_on_the_order_of_the_values() -> None:
    values = [float(number) for number in range(101)]
    assert percentile(values, 0.95) == percentile(values[::-1], 0.95) == 95.0


def test_the_ends_are_the_smallest_and_the_largest_value() -> None:
    assert (percentile([7.0, 5.0, 9.0], 0), percentile([7.0, 5.0, 9.0], 1)) == (5.0, 9.0)
    assert percentile([7.0], 0.95) == 7.0


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 1.1), ([1.0], -0.1)])
def test_it_refuses_a_percentile_that_does_not_exist(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match=r"percentile of nothing|between 0 and 1"):
        percentile(values, share)


def test_a_ratio_says_how_many_times_the_floor() -> None:
    assert ratio(9.0, 4.5) == 2.0
    with pytest.raises(ValueError, match="no ratio"):
        ratio(9.0, 0.0)


def test_a_budget_is_met_up_to_its_limit_and_says_by_how_much_it_is_missed() -> None:
    assert Budget(2.0).verdict(2.0) == "met (≤ 2, 0% to spare)"
    assert Budget(2.0).verdict(1.5) == "met (≤ 2, 25% to spare)"
    assert Budget(2.0).verdict(2.5) == "NOT MET (≤ 2, 25% over)"


def test_a_table_sets_numbers_to_the_right_under_their_heads() -> None:
    assert table(["page", "ms"], [["list", "7"], ["gate", "123"]]).splitlines() == [
        "| page |  ms |",
        "| ---- | --: |",
        "| list |   7 |",
        "| gate | 123 |",
    ]
