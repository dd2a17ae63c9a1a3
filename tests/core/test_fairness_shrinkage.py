"""Shrinkage: few cases are pulled towards the group, many speak for themselves."""

from __future__ import annotations

from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuxiao.core.errors import CalculationError
from fuxiao.core.fairness import means
from fuxiao.core.fairness.shrinkage import BetaPrior, prior_by_likelihood, prior_by_moments, shrink_rates

X, N = [9, 46, 88, 170, 27, 60], [10, 50, 100, 200, 36, 80]
shares = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
groups = st.lists(shares, min_size=5, max_size=30)


@given(groups, st.sampled_from([prior_by_moments, prior_by_likelihood]))
@settings(max_examples=60)
def test_a_shrunk_rate_lies_between_the_raw_rate_and_the_group(group: list[tuple[int, int]], fit) -> None:
    x, n = (list(column) for column in zip(*group, strict=True))
    prior = fit(x, n)
    for one in shrink_rates(x, n, prior=prior):
        low, high = sorted((one.raw, prior.rate))
        assert low - 1e-12 <= one.value <= high + 1e-12
        assert 0 <= one.low <= one.high <= 1


@given(groups, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_prior_does_not_depend_on_the_order_of_the_people(group: list[tuple[int, int]], random) -> None:
    mixed = random.sample(group, len(group))
    there, again = (prior_by_moments(*zip(*people, strict=True)) for people in (group, mixed))
    assert there == again


def test_the_credible_interval_contains_the_shrunk_rate() -> None:
    rates = shrink_rates(X, N, prior=prior_by_moments(X, N))
    assert all(one.low < one.value < one.high for one in rates)
    assert len(rates) == 6


def test_people_who_differ_no_more_than_chance_all_get_the_group_rate() -> None:
    prior = prior_by_moments([9, 9, 9, 9, 9], [10] * 5)
    rates = shrink_rates([9, 9, 9, 9, 9], [10] * 5, prior=prior)
    assert prior.strength == inf
    assert prior.rho == 0.0
    assert [one.value for one in rates] == [0.9] * 5
    assert rates.chance_above(0.9).tolist() == [1.0] * 5
    assert rates.chance_above(0.91).tolist() == [0.0] * 5
    assert rates[0].weight == 0.0
    assert rates[0].trace.formula == ""


def test_likelihood_agrees_that_people_who_do_not_differ_share_one_rate() -> None:
    assert prior_by_likelihood([9, 9, 9, 9, 9], [10] * 5) == BetaPrior(0.9, inf, 5, "likelihood")


@pytest.mark.parametrize("fit", [prior_by_moments, prior_by_likelihood])
def test_a_group_that_never_fails_has_nothing_to_learn_from(fit) -> None:
    prior = fit([10] * 5, [10] * 5)
    assert (prior.rate, prior.strength) == (1.0, inf)


def test_one_case_a_person_says_nothing_on_how_people_differ() -> None:
    assert prior_by_moments([1, 0, 1, 1, 0], [1] * 5).strength == inf


def test_people_who_always_or_never_succeed_keep_nearly_their_own_rate() -> None:
    prior = prior_by_moments([50, 0, 50, 0, 50, 0], [50] * 6)
    assert prior.strength < 0.05
    assert shrink_rates([50], [50], prior=prior)[0].value > 0.999


def test_a_person_without_cases_gets_the_group_rate() -> None:
    found = shrink_rates([0], [0], prior=prior_by_moments(X, N))[0]
    assert isnan(found.raw)
    assert found.value == pytest.approx(0.840336, abs=1e-6)
    assert found.weight == 0.0


def test_a_shrunk_rate_explains_itself() -> None:
    trace = shrink_rates(X, N, prior=prior_by_moments(X, N))[0].trace
    assert trace.formula == "(9 + 47.405) ÷ (10 + 56.412)"
    assert trace.inputs[0].code == "fairness.prior_moments"


def test_both_priors_recover_a_known_spread_from_ten_thousand_people() -> None:
    random = np.random.default_rng(20261101)
    n = random.integers(1, 400, 10_000)
    x = random.binomial(n, random.beta(47, 9, 10_000))
    for fit in (prior_by_moments, prior_by_likelihood):
        prior = fit(x, n)
        assert prior.rate == pytest.approx(47 / 56, abs=0.002)
        assert prior.strength == pytest.approx(56, rel=0.05)
    assert shrink_rates(x, n, prior=prior).value.size == 10_000


def test_a_prior_needs_five_people_with_cases() -> None:
    with pytest.raises(CalculationError) as refused:
        prior_by_moments([1, 2, 3, 4, 0], [5, 5, 5, 5, 0])
    assert (refused.value.code, refused.value.params) == ("fairness.prior_needs_people", {"people": 4, "minimum": 5})


people = st.tuples(st.integers(1, 200), st.floats(0, 1000), st.floats(0, 100))


@given(st.lists(people, min_size=2, max_size=20).filter(lambda rows: any(n > 1 for n, _, _ in rows)))
def test_a_shrunk_mean_lies_between_the_raw_mean_and_the_centre(rows: list[tuple[int, float, float]]) -> None:
    found = means.shrink_means(*(list(column) for column in zip(*rows, strict=True)))
    for one in found:
        low, high = sorted((one.raw, found.prior.centre))
        assert low - 1e-6 <= one.value <= high + 1e-6
        assert 0 <= one.weight <= 1


def test_equal_means_without_any_spread_stay_as_they_are() -> None:
    found = means.shrink_means([3, 4], [10, 10], [0, 0])
    assert found.value.tolist() == [10.0, 10.0]
    assert found.weight.tolist() == [0.0, 0.0]
    assert len(found) == 2


def test_a_spread_next_to_nothing_weighs_as_any_other() -> None:
    found = means.shrink_means([100, 1], [1, 1], [1e-160, 50])
    assert found.value.tolist() == pytest.approx([1, 1])


def test_a_shrunk_mean_explains_itself() -> None:
    trace = means.shrink_means([5, 40, 80, 25], [30, 52, 45, 60], [12, 20, 18, 22])[0].trace
    assert trace.formula == "48.755 + 0.443 × (30 − 48.755)"
    assert trace.inputs[0].code == "fairness.prior_means"


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("fairness.means_need_cases", ([5], [1], [1])),
        ("fairness.means_need_cases", ([1, 1], [1, 2], [0, 0])),
        ("fairness.means_need_cases", ([0, 5], [1, 2], [0, 0])),
        ("fairness.negative_spread", ([5, 5], [1, 2], [1, -1])),
        ("fairness.lengths_differ", ([5, 5], [1, 2], [1])),
    ],
)
def test_means_that_cannot_be_shrunk_are_refused(code: str, columns) -> None:
    with pytest.raises(CalculationError) as refused:
        means.shrink_means(*columns)
    assert refused.value.code == code
