"""The probability laws equal SciPy's own, tail by tail."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from fuxiao.core.fairness import distributions as law

shares = st.integers(0, 120).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares, shares)
@settings(max_examples=150)
def test_fishers_exact_test_equals_scipys(one: tuple[int, int], other: tuple[int, int]) -> None:
    table = [[one[0], one[1] - one[0]], [other[0], other[1] - other[0]]]
    expected = stats.fisher_exact(table).pvalue if sum(one) and sum(other) else 1.0
    assert law.fisher_two_sided(*one, *other) == pytest.approx(expected, rel=1e-6, abs=1e-14)


def test_binomial_and_poisson_tails_and_quantiles_equal_scipys() -> None:
    random = np.random.default_rng(5)
    n, p, mean = random.integers(1, 500, 2000), random.uniform(0.001, 0.999, 2000), random.uniform(0.01, 80, 2000)
    q, k = random.choice([0.001, 0.025, 0.5, 0.975, 0.999], 2000), random.integers(-1, n + 1)
    assert law.binomial_quantile(q, n, p).tolist() == stats.binom.ppf(q, n, p).tolist()
    assert law.poisson_quantile(q, mean).tolist() == stats.poisson.ppf(q, mean).tolist()
    assert law.binomial_at_most(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), abs=1e-11)
    assert law.binomial_at_least(k, n, p) == pytest.approx(stats.binom.sf(k - 1, n, p), abs=1e-11)
    assert law.poisson_at_most(k, mean) == pytest.approx(stats.poisson.cdf(k, mean), abs=1e-11)
    assert law.poisson_at_least(k, mean) == pytest.approx(stats.poisson.sf(k - 1, mean), abs=1e-11)


def test_the_interval_of_a_poisson_mean_is_made_of_chi_squares() -> None:
    low, high = law.poisson_mean_bounds([0, 13], level=0.95)
    assert low.tolist() == [0.0, pytest.approx(stats.chi2.ppf(0.025, 26) / 2)]
    assert high.tolist() == [pytest.approx(stats.chi2.ppf(0.975, 2) / 2), pytest.approx(stats.chi2.ppf(0.975, 28) / 2)]
