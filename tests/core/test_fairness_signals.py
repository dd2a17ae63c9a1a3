"""Funnel, overdispersion, XmR, many comparisons, three classes, tenure: when a difference is worth a word."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuxiao.core.errors import CalculationError
from fuxiao.core.fairness import classes, dispersion, funnel, tenure, xmr
from fuxiao.core.fairness.classes import Class, classify_rates, classify_z
from fuxiao.core.fairness.multiple import benjamini_hochberg
from fuxiao.core.fairness.xmr import Rule, Signal
from fuxiao.core.indicator import Direction

STEADY = [92, 94, 91, 93, 95, 92, 90, 93, 94, 92, 91, 93]
chances = st.lists(st.floats(0, 1), min_size=1, max_size=50)


# --- many comparisons


@given(chances)
def test_adjusting_keeps_the_order_and_never_lowers_a_p(p: list[float]) -> None:
    found = benjamini_hochberg(p)
    assert (found >= np.asarray(p)).all()
    assert (found <= 1).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(found[order]) >= 0).all()


@given(chances, st.randoms(use_true_random=False))
def test_adjusting_does_not_depend_on_the_order(p: list[float], random) -> None:
    places = random.sample(range(len(p)), len(p))
    assert benjamini_hochberg([p[at] for at in places]).tolist() == [benjamini_hochberg(p)[at] for at in places]


def test_a_p_outside_0_and_1_is_refused() -> None:
    with pytest.raises(CalculationError, match="probability_outside"):
        benjamini_hochberg([1.5])


# --- funnel


@given(st.integers(1, 2000), st.floats(0.01, 0.99))
def test_the_lines_of_a_funnel_lie_in_order_around_the_target(n: int, target: float) -> None:
    lines = [line[0] for line in funnel.binomial_lines([n], target).lines]
    assert lines == sorted(lines)
    assert lines[0] >= 0
    assert lines[-1] <= 1


def test_a_target_of_all_or_nothing_still_has_lines_within_0_and_1() -> None:
    for target in (0.0, 1.0):
        lines = np.array(funnel.binomial_lines([1, 50, 1000], target).lines)
        assert ((lines >= 0) & (lines <= 1)).all()


def test_four_decisions_at_once() -> None:
    found = funnel.judge_rates([39, 7, 30, 50], [50, 10, 50, 50], [0.9, 0.9, 0.9, 0.7])
    assert [one.verdict.value for one in found] == ["alert", "quiet", "alarm", "alarm"]
    assert [one.side.value for one in found] == ["below", "below", "below", "above"]
    assert len(found) == 4
    assert found[0].trace.params["verdict"] == "alert"


def test_a_spread_of_people_widens_the_limits() -> None:
    assert funnel.judge_rates([30], [50], 0.9)[0].verdict is funnel.Verdict.ALARM
    assert funnel.judge_rates([30], [50], 0.9, factor=4.0)[0].verdict is funnel.Verdict.QUIET
    assert funnel.judge_counts([11], 4, factor=2.0)[0].verdict is funnel.Verdict.QUIET


def test_the_certain_tail_stays_certain_when_limits_widen() -> None:
    assert funnel.judge_counts([0], [3.0], factor=2.0).at_least.tolist() == [1.0]


def test_of_ten_thousand_honest_people_hardly_anybody_is_classed_apart() -> None:
    random = np.random.default_rng(3)
    n = random.integers(1, 400, 10_000)
    x = random.binomial(n, 0.9)
    assert len(funnel.judge_rates(x, n, 0.9)) == 10_000
    placed = classify_rates(x, n, minimum=20)
    apart = sum(one.place in {Class.ABOVE, Class.BELOW} for one in placed)
    assert apart <= 5  # ten thousand honest people, none of whom differ


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("fairness.no_cases", lambda: funnel.binomial_lines([0], 0.9)),
        ("fairness.rate_outside", lambda: funnel.binomial_lines([10], 1.9)),
        ("fairness.negative_count", lambda: funnel.poisson_lines([-1])),
        ("fairness.rate_outside", lambda: funnel.judge_rates([1], [2], 1.5)),
        ("fairness.lengths_differ", lambda: funnel.judge_rates([1], [2], [0.5, 0.5])),
        ("fairness.negative_count", lambda: funnel.judge_counts([-1], 2)),
        ("fairness.factor_below_one", lambda: funnel.judge_counts([1], 2, factor=0.5)),
        ("fairness.too_few_people", lambda: dispersion.dispersion([1.0])),
        ("fairness.share_outside", lambda: dispersion.dispersion([1.0, 2.0], tails=0.5)),
    ],
)
def test_a_funnel_that_makes_no_sense_is_refused(code: str, call) -> None:
    with pytest.raises(CalculationError) as refused:
        call()
    assert refused.value.code == code


# --- overdispersion


def test_a_group_that_spreads_as_chance_does_keeps_its_limits() -> None:
    found = dispersion.dispersion([-1.2, 0.3, 0.8, -0.5, 1.1])
    assert not found.present
    assert found.factor == 1.0
    assert found.trace.value == 1


# --- XmR


def test_eight_months_on_one_side_are_a_signal_from_the_eighth_on() -> None:
    limits = xmr.limits(STEADY)
    assert xmr.signals([93] * 9, against=limits) == (Signal(Rule.RUN, 7, 0), Signal(Rule.RUN, 8, 0))


def test_a_point_on_the_centre_ends_a_run() -> None:
    limits = xmr.limits(STEADY)
    assert xmr.signals([93] * 4 + [92.5] + [93] * 4, against=limits) == ()


def test_three_of_four_near_one_limit_are_a_signal() -> None:
    limits = xmr.limits(STEADY)
    assert xmr.signals([96, 93, 96, 96], against=limits) == (Signal(Rule.NEAR_LIMIT, 3, 0),)
    assert xmr.signals([96, 96, 89, 96], against=limits) == (Signal(Rule.NEAR_LIMIT, 3, 0),)


def test_two_near_each_limit_are_no_signal_nor_is_a_last_point_near_the_centre() -> None:
    limits = xmr.limits(STEADY)
    assert xmr.signals([96, 89, 96, 89], against=limits) == ()
    assert xmr.signals([96, 96, 96, 93], against=limits) == ()


def test_limits_from_six_months_are_provisional_and_five_are_too_few() -> None:
    assert not xmr.limits(STEADY[:6]).firm
    with pytest.raises(CalculationError) as refused:
        xmr.limits(STEADY[:5])
    assert refused.value.params == {"points": 5, "minimum": 6}


def test_limits_take_decimals_and_explain_themselves() -> None:
    limits = xmr.limits([Decimal(value) for value in STEADY])
    assert limits == xmr.limits(STEADY)
    assert limits.outside(Decimal(86))
    assert limits.trace.formula == "92.5 ± 2.66 × 2.0909"


# --- three classes


def test_people_stand_clearly_above_alike_or_clearly_below_or_have_too_few_cases() -> None:
    placed = classify_rates([198, 90, 140, 3], [200, 100, 200, 3], minimum=20)
    assert [one.place.value for one in placed] == ["above", "alike", "below", "too_few"]
    assert classes.league(placed) == {Class.ABOVE: 1, Class.ALIKE: 1, Class.BELOW: 1, Class.TOO_FEW: 1}
    assert placed[3].adjusted_p == 1.0
    assert placed[0].trace.params["place"] == "above"


def test_where_lower_is_better_fewer_failures_stand_above() -> None:
    placed = classify_rates([2, 10, 60], [200, 100, 200], minimum=20, direction=Direction.LOWER)
    assert [one.place.value for one in placed] == ["above", "alike", "below"]


def test_a_given_centre_and_a_wider_spread_count() -> None:
    assert classify_rates([170], [200], minimum=20, centre=0.9)[0].place is Class.BELOW
    assert classify_rates([170], [200], minimum=20, centre=0.9, factor=2.0)[0].place is Class.ALIKE


def test_adjusted_results_are_placed_by_their_z_values() -> None:
    placed = classify_z([0.95, 0.82, 0.70], [3.5, 0.1, -3.6], [50, 60, 70], minimum=20, centre=0.82)
    assert [one.place.value for one in placed] == ["above", "alike", "below"]


def test_nobody_has_cases_enough_to_be_compared() -> None:
    assert classify_rates([1, 1], [1, 2], minimum=20)[0].place is Class.TOO_FEW


def test_a_range_has_no_better_side() -> None:
    with pytest.raises(CalculationError, match="range_has_no_better"):
        classify_rates([1], [2], minimum=1, direction=Direction.RANGE)


def test_a_group_without_cases_has_no_centre() -> None:
    with pytest.raises(CalculationError, match="no_cases"):
        classify_rates([0], [0], minimum=1)


# --- tenure


def test_people_on_probation_are_shown_and_not_ranked() -> None:
    eased = tenure.tenure_target(Decimal(8), month=1, on_probation=True)
    assert (eased.target, eased.ranked) == (Decimal("4.80"), False)
    assert eased.trace.formula == "8 × 0.6"


def test_a_department_brings_its_own_learning_curve() -> None:
    curve = (Decimal("0.5"), Decimal(1))
    assert [tenure.tenure_factor(month, curve=curve) for month in (1, 2, 9)] == [Decimal("0.5"), 1, 1]


@pytest.mark.parametrize("call", [lambda: tenure.tenure_factor(0), lambda: tenure.tenure_factor(1, curve=())])
def test_there_is_no_month_before_the_first(call) -> None:
    with pytest.raises(CalculationError, match="tenure_month_outside"):
        call()


def test_there_is_no_attainment_of_nothing() -> None:
    with pytest.raises(CalculationError, match="target_zero"):
        tenure.tenure_target(Decimal(0), month=1).attainment(Decimal(1))


# --- loading


def fresh_process(program: str) -> str:
    """What a program prints in an interpreter that has loaded nothing yet."""
    started = f"import sys; sys.path[:] = {sys.path!r}; {program}"
    return subprocess.run([sys.executable, "-c", started], capture_output=True, text=True, check=True).stdout


def test_the_business_loads_without_numpy_or_scipy_until_statistics_are_asked_for() -> None:
    program = (
        "import fuxiao.core, fuxiao.core.score, fuxiao.core.process.flow, fuxiao.core.fairness;"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'numpy', 'scipy', 'django', 'ibis', 'duckdb'}))"
    )
    assert fresh_process(program) == "[]\n"


def test_intervals_load_without_the_slow_part_of_scipy() -> None:
    program = "import fuxiao.core.fairness.intervals; print('scipy.stats' in sys.modules)"
    assert fresh_process(program) == "False\n"
