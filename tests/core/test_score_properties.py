"""What holds for every curve, weight, cap and rank, found by searching for a counter-example."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuxiao.core.indicator import Direction, Value
from fuxiao.core.score import CURVES, Curve, IndicatorInfo, build_curve, read_scheme, score_person
from fuxiao.core.score.exact import as_decimal, half_up, largest_remainder
from fuxiao.core.score.rank import RANKINGS, distribute, ranks
from fuxiao.core.score.total import effective_weights, missing_share, weighted_mean

EXAMPLES: list[Curve] = [
    build_curve(key, params)
    for key, params in [
        ("attainment", {"target": 90}),
        ("lower_ratio", {"target": 60}),
        ("lower_linear", {"target": 60}),
        ("floor_target_stretch", {"floor": 85, "target": 95, "stretch": 99}),
        ("floor_target_stretch", {"floor": 85, "target": 95}),
        ("floor_target_stretch", {"floor": 8, "target": 5, "stretch": 2}),
        ("floor_target_stretch", {"floor": 8, "target": 5}),
        ("range", {"zero_low": 2, "low": 6, "high": 10, "zero_high": 14}),
        ("range", {"zero_low": 2, "low": 6}),
        ("range", {"high": 10, "zero_high": 14}),
        ("tiers", {"table": {98: 100, 95: 90, 90: 75, 85: 60}}),
        ("tiers", {"table": {1: 120, 3: 100, 8: 60}, "better": "lower"}),
        ("tiers", {"table": {98: 90, 95: 60}}),
        ("deduction", {"worth": 20, "each": 5, "rounding": "floor"}),
        ("deduction", {"worth": 20, "each": 2, "beyond": 98, "side": "below", "rounding": "ceil"}),
        ("deduction", {"worth": 20, "each": 2, "beyond": 98, "side": "below", "rounding": "continuous"}),
        ("bonus", {"each": 2, "cap": 5, "beyond": 10}),
        ("payout", {}),
        ("rating", {"lowest": 1, "best": 5}),
        ("constant", {"given": 80}),
    ]
]
curves = st.sampled_from(EXAMPLES)
numbers = st.decimals(-20, 220, places=3, allow_nan=False)
percents = st.lists(st.one_of(st.none(), st.fractions(0, 120, max_denominator=97)), min_size=1, max_size=8)


def test_every_registered_curve_is_among_the_examples() -> None:
    assert {curve.key for curve in EXAMPLES} == set(CURVES)
    assert all(set(curve.names) == {"zh", "en"} for curve in EXAMPLES)


@given(curves, numbers, numbers)
def test_a_better_value_never_lowers_a_score(curve: Curve, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    if curve.direction is Direction.HIGHER:
        assert curve.percent(low) <= curve.percent(high)
    elif curve.direction is Direction.LOWER:
        assert curve.percent(low) >= curve.percent(high)
    elif curve.direction is Direction.RANGE:
        nearer, farther = sorted((one, other), key=lambda v: abs(v - 8))
        assert curve.percent(nearer) >= curve.percent(farther)
    else:
        assert curve.percent(one) == curve.percent(other)


@given(curves, numbers)
def test_the_trace_of_a_curve_carries_its_points_and_its_arithmetic(curve: Curve, value: Decimal) -> None:
    trace = curve.trace(value)
    assert trace.value == as_decimal(curve.points(value))
    assert trace.formula
    assert trace.params["curve"] == curve.key
    assert 0 <= curve.points(value) <= 150


def test_past_the_last_tier_the_formula_says_what_is_left() -> None:
    tiers = build_curve("tiers", {"table": {90: 100}, "otherwise": 20})
    assert tiers.formula(Decimal(50)) == "50 → 20"
    assert tiers.formula(Decimal(92)) == "92 ≥ 90 → 100"


def test_every_curve_answers_at_nought_below_it_and_far_beyond() -> None:
    for curve in EXAMPLES:
        for value in map(Decimal, ("-5", "0", "0.5", "3.5", "4.5", "8", "12", "50", "92", "96", "97", "110", "300")):
            assert curve.trace(value).formula


@pytest.mark.parametrize("curve", EXAMPLES, ids=lambda curve: f"{curve.key} {curve.text()}")
def test_a_curve_reaches_its_own_aims(curve: Curve) -> None:
    best = max(curve.percent(Decimal(v)) for v in range(-1, 201))
    if curve.aims.target is not None:
        assert curve.percent(curve.aims.target) >= min(best, curve.met_at)
    assert curve.text()
    assert curve.near_at <= curve.met_at
    assert (curve.direction is None) == (curve.key == "constant")
    assert curve.scaled(Decimal(1)) == curve
    assert curve.aimed_at(curve.aims) == curve


@given(percents)
def test_effective_weights_sum_to_one_whatever_is_missing(given_percents: list[Fraction | None]) -> None:
    shares = list(range(1, len(given_percents) + 1))
    weights = effective_weights(shares, given_percents)
    present = any(p is not None for p in given_percents)
    assert sum(weights) == int(present)
    assert 0 <= missing_share(shares, given_percents) <= 1
    mean = weighted_mean(shares, given_percents)
    assert mean == (sum(w * (p or 0) for w, p in zip(weights, given_percents, strict=True)) if present else None)


FIELD = read_scheme(
    {
        "scheme": "s",
        "version": 1,
        "coefficients": {"kind": "score"},
        "bonus": {"cap": 5, "rules": [{"indicator": "B", "curve": {"type": "bonus", "each": 1, "cap": 9}}]},
        "limits": {"highest": 105},
        "roles": {
            "r": {
                "items": [
                    {"indicator": "A", "weight": 40, "floor": 85, "target": 95, "stretch": 99},
                    {"indicator": "B", "weight": 35, "curve": {"type": "attainment", "target": 7}},
                    {"indicator": "C", "weight": 25, "floor": 50, "target": 70},
                ]
            }
        },
    },
    indicators={code: IndicatorInfo(Direction.HIGHER) for code in "ABC"},
)


@given(st.lists(numbers, min_size=3, max_size=3), st.integers(0, 2), st.decimals(0, 50, places=2))
def test_a_better_value_never_lowers_a_total_which_stays_within_its_caps(
    given_numbers: list[Decimal], which: int, more: Decimal
) -> None:
    def total(scores: list[Decimal]) -> Decimal:
        values = {c: Value(c, "p", "m", v, 30) for c, v in zip("ABC", scores, strict=True)}
        card = score_person(FIELD, "r", values, subject="p", period="m")
        assert card.total is not None
        assert card.result is not None
        assert sum(card.weighted_shown) == half_up(card.result.own, 2)
        assert all(gain.at_target is None or gain.at_target >= 0 for gain in card.gains)
        return card.total

    better = [v + more if i == which else v for i, v in enumerate(given_numbers)]
    assert 0 <= total(given_numbers) <= total(better) <= 105


scores = st.lists(st.decimals(0, 120, places=1), min_size=1, max_size=30)


@given(scores, st.sampled_from(RANKINGS), st.randoms(use_true_random=False))
def test_ranks_do_not_depend_on_the_order_of_the_people(
    given_scores: list[Decimal], ranking: str, order: object
) -> None:
    by_score = dict(zip(given_scores, ranks(given_scores, ranking=ranking), strict=True))
    shuffled = list(given_scores)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ranks(shuffled, ranking=ranking) == [by_score[score] for score in shuffled]


@given(scores)
def test_in_a_distribution_equal_scores_share_a_grade_and_a_better_one_is_never_below(
    given_scores: list[Decimal],
) -> None:
    shares = {"S": Decimal(10), "A": Decimal(20), "B": Decimal(50), "C": Decimal(15), "D": Decimal(5)}
    grades = distribute(given_scores, shares, minimum=1).grades
    assert grades is not None
    ordered = sorted(zip(given_scores, grades, strict=True), key=lambda pair: (-pair[0], "SABCD".index(pair[1])))
    assert [g for _, g in ordered] == sorted(grades, key="SABCD".index)
    assert len({(s, g) for s, g in ordered}) == len(set(given_scores))


@given(st.lists(st.fractions(0, 100), min_size=1, max_size=9).filter(lambda s: sum(s) > 0), st.integers(0, 1000))
def test_a_split_by_largest_remainder_sums_to_the_whole(shares: list[Fraction], total: int) -> None:
    parts = largest_remainder(shares, total)
    assert sum(parts) == total
    base = sum(shares)
    assert all(abs(part - share * total / base) < 1 for part, share in zip(parts, shares, strict=True))


@given(st.fractions(-200, 200))
def test_rounding_is_half_up_away_from_zero(value: Fraction) -> None:
    rounded = half_up(value, 2)
    assert abs(Fraction(rounded) - value) <= Fraction(1, 200)
    assert half_up(-value, 2) == -rounded
