"""Target proposal: seasons, shifts, limits of law, ratchet, and what a person is warned of."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuxiao.core.errors import CalculationError, DefinitionError
from fuxiao.core.indicator import Direction
from fuxiao.core.proposal.history import Month, Previous, Rules, ordinal
from fuxiao.core.proposal.line import start_after_shift
from fuxiao.core.proposal.season import season_of, seasonal_index
from fuxiao.core.proposal.targets import Proposal, propose

T1 = [78, 80, 79, 82, 81, 83, 80, 84, 82, 85, 83, 84]


def months(values: list, *, first: tuple[int, int] = (2025, 1), n: int = 100) -> list[Month]:
    start = ordinal(first)
    places = [divmod(start + at, 12) for at in range(len(values))]
    return [Month(y, m + 1, Decimal(str(v)), n) for (y, m), v in zip(places, values, strict=True)]


def proposed(values: list, rules: Rules, previous: Previous | None = None) -> Proposal:
    given_months = months(values)
    after = given_months[-1].ordinal + 1
    ahead = [(at // 12, at % 12 + 1) for at in range(after, after + 3)]
    return propose(given_months, target_months=ahead, rules=rules, previous=previous)


def codes(proposal: Proposal) -> list[str]:
    return [issue.code for issue in proposal.warnings]


values = st.lists(st.integers(500, 990).map(lambda tenths: tenths / 10), min_size=6, max_size=30)


@given(values, st.integers(500, 990).map(lambda tenths: tenths / 10))
@settings(max_examples=40)
def test_floor_target_and_stretch_stand_in_order_and_on_the_step(history: list[float], mark: float) -> None:
    found = proposed(history, Rules(benchmark=Decimal(str(mark))))
    assert found.floor <= found.target <= found.stretch
    assert {value % Decimal("0.5") for value in (found.floor, found.target, found.stretch)} == {0}


@given(values)
@settings(max_examples=25)
def test_lower_is_better_is_the_mirror_of_higher_is_better(history: list[float]) -> None:
    """Seasons multiply and so have no mirror: fewer than 24 months."""
    short = history[:20]
    up = proposed(short, Rules(benchmark=Decimal(80), snap=Decimal("0.000001")))
    rules = Rules(benchmark=Decimal(20), direction=Direction.LOWER, snap=Decimal("0.000001"))
    down = proposed([round(100 - value, 1) for value in short], rules)
    for name in ("floor", "target", "stretch"):
        assert abs(getattr(up, name) + getattr(down, name) - 100) <= Decimal("0.000002")


@given(values, st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_months_may_come_in_any_order(history: list[float], random) -> None:
    given_months = months(history)
    mixed = random.sample(given_months, len(given_months))
    rules = Rules(benchmark=Decimal(88))
    ahead = [(2030, 1)]
    assert propose(mixed, target_months=ahead, rules=rules) == propose(given_months, target_months=ahead, rules=rules)


def test_without_a_benchmark_the_own_history_decides() -> None:
    found = proposed(T1, Rules())
    assert (found.aim.weight, found.aim.target, found.aim.step_limit) == (1.0, 86.0, None)
    assert found.trace.find("proposal.blend") is None


def test_a_far_benchmark_is_approached_in_steps() -> None:
    flat = [70, 71, 70, 71, 70, 71, 70, 71, 70, 71, 70, 71]
    found = proposed(flat, Rules(benchmark=Decimal(95)))
    assert found.level.slope == 0.0
    assert found.aim.blended > found.aim.step_limit == pytest.approx(70.6667 + 0.25 * (95 - 70.6667), abs=1e-3)
    assert found.target == Decimal("77.0")
    assert "proposal.needs_process_change" in codes(found)
    assert "proposal.seldom_reached" in codes(found)


def test_no_target_is_worse_than_the_law_or_a_contract_allows() -> None:
    found = proposed(T1, Rules(benchmark=Decimal(88), limit=Decimal(95)))
    assert (found.floor, found.target, found.stretch) == (95, 95, 95)
    assert codes(found)[-2:] == ["proposal.floor_meets_target", "proposal.stretch_meets_target"]
    lower = Rules(benchmark=Decimal(12), limit=Decimal(10), direction=Direction.LOWER)
    assert proposed([100 - value for value in T1], lower).target == 10


def test_the_ends_of_the_scale_hold() -> None:
    found = proposed([98, 99, 98, 100, 99, 100, 99, 100, 100, 99, 100, 100], Rules(benchmark=Decimal(99)))
    assert found.stretch == 100
    free = proposed([198, 199, 198, 200, 199, 200], Rules(lowest=None, highest=None))
    assert free.target > 190


def test_last_periods_excess_raises_the_target_by_half_of_it_at_most() -> None:
    previous = Previous(target=Decimal(80), actual=Decimal(84))
    found = proposed(T1, Rules(benchmark=Decimal(88)), previous)
    assert found.aim.ratchet_limit == 82.0
    assert found.target == 82
    assert found.trace.find("proposal.ratchet_limit").value == 82


def test_a_missed_target_is_not_raised() -> None:
    previous = Previous(target=Decimal(81), actual=Decimal(79))
    assert proposed(T1, Rules(benchmark=Decimal(88)), previous).target == 81


def test_an_easy_target_is_called_out_by_the_backtest() -> None:
    previous = Previous(target=Decimal(80), actual=Decimal(80))
    found = proposed(T1, Rules(benchmark=Decimal(88)), previous)
    assert found.backtest.target > 0.6
    assert "proposal.often_reached" in codes(found)


def test_a_floor_that_the_past_often_missed_is_called_out() -> None:
    found = proposed(T1, Rules(benchmark=Decimal(88), limit=Decimal(86)))
    assert "proposal.floor_often_missed" in codes(found)


def test_only_what_came_after_a_shift_counts() -> None:
    before, after = [60, 61, 60, 62, 61, 60, 61, 62], [80, 82, 81, 80, 81, 82, 81, 80]
    found = proposed([*before, *after], Rules())
    assert (found.skipped, found.level.months) == (8, 8)
    assert start_after_shift(after) == 0
    assert start_after_shift([60.0] * 8 + [80.0, 50.0, 80.0, 75.0, 80.0, 50.0, 80.0]) == 8
    assert start_after_shift([60.0] * 8 + [80.0, 80.0, 80.0, 50.0]) == 6


def test_a_month_with_too_few_facts_leaves_a_gap_and_not_a_wrong_distance() -> None:
    history = months(T1)
    history[4] = Month(2025, 5, Decimal(20), 3)
    found = propose(history, target_months=[(2026, 1), (2026, 2), (2026, 3)], rules=Rules(benchmark=Decimal(88)))
    assert found.level.months == 11
    assert found.level.horizon == 3.0
    assert found.level.slope == pytest.approx(0.5, abs=0.05)


# --- seasons

YEAR = [100, 90, 90, 95, 110, 130, 160, 150, 110, 95, 85, 85]
FREE = Rules(lowest=None, highest=None, snap=Decimal("0.01"))


def test_a_summer_quarter_is_asked_for_more_than_a_winter_quarter() -> None:
    history = months([*YEAR, *YEAR], first=(2024, 1))
    summer = propose(history, target_months=[(2026, 6), (2026, 7), (2026, 8)], rules=FREE)
    winter = propose(history, target_months=[(2026, 1), (2026, 2), (2026, 3)], rules=FREE)
    mean = sum(YEAR) / 12
    assert summer.season == pytest.approx((130 + 160 + 150) / 3 / mean)
    assert summer.level.now == winter.level.now == pytest.approx(mean)
    assert float(summer.target) == pytest.approx(mean * summer.season, abs=0.01)
    assert "×" in summer.trace.formula


def test_the_season_does_not_depend_on_the_month_in_which_history_begins() -> None:
    for first in range(1, 13):
        turned = [YEAR[(first - 1 + at) % 12] for at in range(24)]
        season = season_of(months(turned, first=(2024, first)))
        assert season.factor([ordinal((2030, 7))]) == pytest.approx(160 * 12 / sum(YEAR))


def test_last_summers_target_is_compared_at_the_level_without_its_season() -> None:
    history = months([*YEAR, *YEAR], first=(2024, 1))
    july = Previous(Decimal(160), Decimal(160), ((2025, 7),))
    found = propose(history, target_months=[(2026, 1)], rules=FREE, previous=july)
    assert found.aim.ratchet_limit == pytest.approx(sum(YEAR) / 12)


@pytest.mark.parametrize("broken", [23, 10, 0])
def test_without_two_unbroken_years_there_is_no_season(broken: int) -> None:
    history = months([*YEAR, *YEAR], first=(2024, 1))
    history[broken] = Month(history[broken].year, history[broken].month, Decimal(100), 1)
    found = propose(history, target_months=[(2026, 7)], rules=FREE)
    assert found.season == 1.0


def test_a_month_that_is_always_nothing_has_no_season_to_divide_by() -> None:
    still = [0, *YEAR[1:]]
    assert season_of(months([*still, *still])).factor([0]) == 1.0
    assert season_of(months([0] * 24)).factor([0]) == 1.0


def test_a_seasonal_index_explains_itself() -> None:
    trace = seasonal_index([100, 90, 110, 140, 110, 97, 123, 154], per_year=4).trace
    assert str(trace.value) == "1.1"
    assert str(trace.params["season_4"]) == "1.272727"


# --- refusals


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("proposal.too_few_months", lambda: proposed(T1[:5], Rules())),
        ("proposal.month_twice", lambda: propose([*months(T1), *months(T1)], target_months=[(2026, 1)], rules=Rules())),
        ("proposal.not_ahead", lambda: propose(months(T1), target_months=[(2025, 12)], rules=Rules())),
        ("proposal.not_ahead", lambda: propose(months(T1), target_months=[], rules=Rules())),
        ("proposal.no_such_month", lambda: ordinal((2026, 13))),
        ("proposal.whole_years_needed", lambda: seasonal_index([1, 2, 3, 4, 5], per_year=4)),
        ("proposal.whole_years_needed", lambda: seasonal_index([1, 2, 3, 4], per_year=4)),
        ("proposal.year_mean_zero", lambda: seasonal_index([1, -1, 1, 1], per_year=2)),
    ],
)
def test_history_that_cannot_carry_a_target_is_refused(code: str, call) -> None:
    with pytest.raises(CalculationError) as refused:
        call()
    assert refused.value.code == code


def test_rules_are_refused_as_a_whole_list() -> None:
    with pytest.raises(DefinitionError) as refused:
        Rules(
            direction=Direction.RANGE,
            snap=Decimal(0),
            benchmark_months=-1,
            gap_share=Decimal(2),
            lowest=Decimal(5),
            highest=Decimal(5),
        )
    assert [issue.where for issue in refused.value.issues] == [
        "direction",
        "snap",
        "benchmark_months",
        "gap_share",
        "lowest",
    ]


def test_the_trace_tells_each_step_with_its_arithmetic() -> None:
    trace = proposed(T1, Rules(benchmark=Decimal(88))).trace
    assert {step.code: step.formula for step in trace.inputs} == {
        "proposal.level": "84 + 0.5 × 0.5 × 3",
        "proposal.own": "84.75 + (1.25)",
        "proposal.blend": "0.5 × 86 + 0.5 × 88",
        "proposal.step_limit": "max(86, 84 + 0.25 × (88 − 84))",
        "proposal.floor": "min(84.75 + (-1.25), 86 − 1.8939)",
        "proposal.stretch": "max(84.75 + (1.25), 86 + 0.5 × 1.8939)",
        "proposal.natural_limit": "84.75 + (-0.25) + 2.66 × 2.1364",
        "proposal.backtest": "",
    }


def test_the_trace_of_lower_is_better_turns_the_signs() -> None:
    rules = Rules(benchmark=Decimal(12), direction=Direction.LOWER)
    trace = proposed([100 - value for value in T1], rules).trace
    assert trace.find("proposal.step_limit").formula == "min(14, 16 + 0.25 × (12 − 16))"
    assert trace.find("proposal.floor").formula == "max(15.25 + (1.25), 14 + 1.8939)"
    held = proposed(T1, Rules(benchmark=Decimal(80))).trace
    assert held.find("proposal.held").formula == "max(82, 80)"


def test_neighbouring_months_are_one_apart_over_the_turn_of_the_year() -> None:
    places = [month.ordinal for month in months(T1, first=(2025, 8))]
    assert {later - earlier for earlier, later in pairwise(places)} == {1}
