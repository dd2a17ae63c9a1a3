"""Intervals: what they promise, and what they refuse."""

from __future__ import annotations

from decimal import Decimal
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuxiao.core.errors import CalculationError
from fuxiao.core.fairness import intervals, sizing
from fuxiao.core.indicator import Interval

shares = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares, st.sampled_from([0.8, 0.95, 0.99]))
def test_a_wilson_interval_contains_its_point_and_stays_between_0_and_1(share: tuple[int, int], level: float) -> None:
    found = intervals.wilson(*share, level=level)
    assert 0 <= found.low <= found.point <= found.high <= 1


@given(shares)
def test_a_wilson_interval_of_failures_is_the_mirror_of_successes(share: tuple[int, int]) -> None:
    x, n = share
    good, bad = intervals.wilson(x, n), intervals.wilson(n - x, n)
    assert good.low == pytest.approx(1 - bad.high, abs=1e-12)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.sampled_from([0.01, 0.1, 0.5, 0.9, 0.99]))
def test_a_percentile_lies_in_its_interval_whatever_the_order_of_the_values(values: list[float], share: float) -> None:
    found = intervals.percentile_interval(values, share)
    assert found.estimate.low <= found.estimate.point <= found.estimate.high
    assert 1 <= found.low_rank <= found.high_rank <= len(values)
    assert found == intervals.percentile_interval(sorted(values, reverse=True), share)


@given(shares, shares)
def test_a_difference_lies_in_its_interval_and_turns_round_with_its_sides(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    there, back = intervals.difference(one, other), intervals.difference(other, one)
    assert there.low <= there.point <= there.high
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=1e-12)


def test_the_median_of_twenty_lies_between_the_sixth_and_the_fifteenth_value() -> None:
    found = intervals.percentile_interval(list(range(1, 21)), 0.5)
    assert (found.low_rank, found.high_rank) == (6, 15)
    assert (found.estimate.low, found.estimate.point, found.estimate.high) == (6.0, 10.5, 15.0)
    assert round(found.estimate.level, 4) == 0.9586


def test_many_intervals_equal_the_single_ones() -> None:
    many = intervals.wilson_many([18, 180, 0], [20, 200, 10])
    assert list(many) == [intervals.wilson(18, 20), intervals.wilson(180, 200), intervals.wilson(0, 10)]
    assert len(many) == 3


def test_a_subject_without_cases_has_no_point_and_the_widest_interval() -> None:
    found = intervals.wilson_many([0], [0])[0]
    assert isnan(found.point)
    assert (found.low, found.high) == (0.0, 1.0)


def test_a_mean_of_few_values_has_a_wider_interval_than_one_of_known_spread() -> None:
    student = intervals.mean_interval(50, 10, 9)
    normal = intervals.mean_intervals_known_spread([50], [10], [9])[0]
    assert (round(student.low, 4), round(student.high, 4)) == (42.3133, 57.6867)
    assert (round(normal.low, 4), round(normal.high, 4)) == (43.4668, 56.5332)
    assert student.excludes(42)
    assert not student.excludes(43)


def test_an_interval_is_shown_in_the_unit_of_the_indicator() -> None:
    shown = intervals.wilson(18, 20).to_interval(scale=Decimal(100), places=2)
    assert shown == Interval(Decimal("69.90"), Decimal("97.21"))


def test_an_estimate_explains_itself() -> None:
    assert intervals.wilson(18, 20).trace.as_dict() == {
        "code": "fairness.wilson",
        "value": "0.9",
        "params": {"low": "0.698966", "high": "0.972134", "n": 20, "level": "0.95"},
    }


def test_a_sample_size_explains_itself() -> None:
    trace = sizing.sample_size(0.9, 0.05).trace
    assert trace.formula == "1.959964² × 0.9 × 0.1 ÷ 0.05²"
    assert trace.params["unrounded"] == Decimal("138.2925")


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("fairness.no_cases", lambda: intervals.wilson(0, 0)),
        ("fairness.level_outside", lambda: intervals.wilson(1, 2, level=1.0)),
        ("fairness.successes_outside_trials", lambda: intervals.wilson(3, 2)),
        ("fairness.successes_outside_trials", lambda: intervals.wilson(-1, 2)),
        ("fairness.not_finite", lambda: intervals.wilson_many([float("nan")], [2])),
        ("fairness.not_a_list", lambda: intervals.wilson_many([[1.0]], [[2.0]])),
        ("fairness.lengths_differ", lambda: intervals.wilson_many([1, 2], [2])),
        ("fairness.too_few_cases", lambda: intervals.mean_interval(1, 1, 1)),
        ("fairness.too_few_cases", lambda: intervals.mean_intervals_known_spread([1], [1], [0])),
        ("fairness.negative_spread", lambda: intervals.mean_interval(1, -1, 5)),
        ("fairness.share_outside", lambda: intervals.percentile_interval([1, 2], 1.0)),
        ("fairness.no_cases", lambda: intervals.percentile_interval([], 0.5)),
        ("fairness.rate_outside", lambda: sizing.sample_size(1.0, 0.1)),
        ("fairness.rate_outside", lambda: sizing.sample_size(0.5, 0.0)),
        ("fairness.no_cases", lambda: sizing.bound_without_events(0)),
        ("fairness.rate_outside", lambda: sizing.cases_without_events(0.0)),
    ],
)
def test_nonsense_is_refused_with_a_code(code: str, call) -> None:
    with pytest.raises(CalculationError) as refused:
        call()
    assert refused.value.code == code
