"""Case mix: what a person's cases would have given the group, and which strata are merged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuxiao.core.errors import CalculationError
from fuxiao.core.fairness.casemix import standardise
from fuxiao.core.fairness.strata import OTHER, Rates, company_rates, merge_small

EASY, HARD = ("repair", "easy"), ("repair", "hard")
strata = st.tuples(st.sampled_from("ab"), st.sampled_from("123"), st.sampled_from("xy"))


@given(st.dictionaries(strata, st.integers(0, 60), min_size=1))
def test_every_merged_stratum_is_big_enough_and_no_case_is_lost(cases: dict[tuple[str, ...], int]) -> None:
    merged = merge_small(cases)
    assert set(merged) == set(cases)
    sizes: dict[tuple[str, ...], int] = {}
    for stratum, label in merged.items():
        sizes[label] = sizes.get(label, 0) + cases[stratum]
    assert min(sizes.values()) >= 20 or len(sizes) == 1


@given(st.dictionaries(strata, st.integers(0, 60), min_size=1), st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_the_order_of_the_strata(cases: dict[tuple[str, ...], int], random) -> None:
    keys = random.sample(sorted(cases), len(cases))
    assert merge_small({key: cases[key] for key in keys}) == merge_small(cases)


def test_small_strata_of_one_kind_are_put_together() -> None:
    merged = merge_small({("repair", "a"): 30, ("repair", "b"): 12, ("repair", "c"): 9})
    assert merged == {
        ("repair", "a"): ("repair", "a"),
        ("repair", "b"): ("repair", OTHER),
        ("repair", "c"): ("repair", OTHER),
    }


def test_what_is_still_too_small_joins_the_smallest_full_stratum_beside_it() -> None:
    merged = merge_small({("repair", "a"): 30, ("repair", "b"): 25, ("repair", "c"): 9})
    assert merged["repair", "c"] == ("repair", "b")


def test_a_kind_with_nothing_full_beside_it_drops_a_factor() -> None:
    merged = merge_small({("install", "a"): 8, ("install", "b"): 13, ("repair", "a"): 7, ("repair", "b"): 90})
    assert merged["install", "a"] == merged["install", "b"] == ("install", OTHER)
    alone = merge_small({("install", "a"): 8, ("install", "b"): 9, ("repair", "b"): 90, ("move", "a"): 5})
    assert alone["install", "a"] == alone["move", "a"] == (OTHER,)


def test_a_tiny_company_has_one_stratum() -> None:
    assert merge_small({EASY: 3, HARD: 4}) == {EASY: (OTHER,), HARD: (OTHER,)}
    assert merge_small({}) == {}


def test_observed_and_expected_add_up_to_the_same_over_the_company() -> None:
    random = np.random.default_rng(7)
    rows = [(f"p{who:02}", (kind, level)) for who in range(30) for kind in "ab" for level in "123"]
    n = random.integers(0, 9, len(rows)) + 1
    x = random.binomial(n, 0.8)
    people, kinds = (list(column) for column in zip(*rows, strict=True))
    found = standardise(people, kinds, x, n, rates=company_rates(kinds, x, n))
    assert found.observed.sum() == pytest.approx(found.expected.sum(), abs=1e-9)
    assert found.unmatched == 0


def test_the_rows_may_stand_in_any_order_and_repeat() -> None:
    rates = Rates.given({EASY: 0.9, HARD: 0.6}, overall=0.8)
    one = standardise(["B", "A", "A"], [HARD, EASY, HARD], [3, 9, 4], [5, 10, 5], rates=rates)
    two = standardise(["A", "A", "A", "B"], [HARD, EASY, EASY, HARD], [4, 4, 5, 3], [5, 5, 5, 5], rates=rates)
    assert [adjusted.trace for adjusted in one] == [adjusted.trace for adjusted in two]
    assert one.subjects == ("A", "B")
    assert len(one) == 2


def test_cases_of_a_new_stratum_expect_the_overall_rate_and_are_counted() -> None:
    rates = Rates.given({EASY: 0.9}, overall=0.8)
    found = standardise(["A", "A"], [EASY, HARD], [9, 8], [10, 10], rates=rates)
    assert found.of("A").expected == pytest.approx(17.0)
    assert found.unmatched == 10


def test_without_room_for_chance_there_is_no_signal_and_no_failure_ratio() -> None:
    found = standardise(["A"], [EASY], [10], [10], rates=Rates.given({EASY: 1.0}, overall=1.0)).of("A")
    assert (found.z, found.adjusted, found.ratio) == (0.0, 1.0, 1.0)
    assert found.failure_ratio != found.failure_ratio  # nan: nothing expected to fail


def test_an_adjusted_rate_never_passes_100_per_cent() -> None:
    rates = Rates.given({HARD: 0.5}, overall=0.82)
    assert standardise(["A"], [HARD], [30], [30], rates=rates).of("A").adjusted == 1.0


def test_an_adjusted_rate_explains_itself() -> None:
    rates = Rates.given({EASY: 0.9, HARD: 0.6}, overall=0.8)
    trace = standardise(["A", "A"], [EASY, HARD], [9, 15], [10, 20], rates=rates).of("A").trace
    assert trace.formula == "0.8 + (24 − 21) ÷ 30"
    assert trace.params["expected"] == 21


def test_of_ten_thousand_equally_good_people_one_in_twenty_stands_out_by_chance() -> None:
    random = np.random.default_rng(1)
    people = [f"p{who:05}" for who in range(10_000) for _ in range(6)]
    kinds = [(kind, level) for _ in range(10_000) for kind in "ab" for level in "123"]
    n = random.integers(1, 30, len(kinds))
    x = random.binomial(n, 0.85)
    found = standardise(people, kinds, x, n, rates=company_rates(kinds, x, n))
    assert len(found) == 10_000
    assert np.mean(np.abs(found.z) > 1.96) == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("fairness.rate_outside", lambda: Rates.given({EASY: 1.2}, overall=0.5)),
        ("fairness.no_cases", lambda: company_rates([EASY], [0], [0])),
        ("fairness.strata_differ_in_depth", lambda: merge_small({EASY: 30, ("x",): 30})),
        ("fairness.lengths_differ", lambda: standardise(["A"], [], [1], [1], rates=Rates.given({}, overall=0.5))),
        ("fairness.no_cases", lambda: standardise(["A"], [EASY], [0], [0], rates=Rates.given({}, overall=0.5))),
    ],
)
def test_a_case_mix_that_makes_no_sense_is_refused(code: str, call) -> None:
    with pytest.raises(CalculationError) as refused:
        call()
    assert refused.value.code == code
