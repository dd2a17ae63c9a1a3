"""Rates of people with few cases, pulled towards the group by as much as chance explains (beta-binomial model).

The group is the people of one role with a like mix of cases; across roles the prior would be a fiction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isinf

import numpy as np

from fuxiao.core.explain import Scalar, Trace
from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.figures import Floats, Many, counts, exact, facts, level_ok, ratio, require, shown, total

FEWEST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class BetaPrior:
    """What the group says before a person's own cases count.

    ``rate`` is the group's; ``strength`` the cases it weighs (infinite: people do not differ beyond chance);
    ``rho`` the correlation of two cases of one person. ``squares`` and ``balance`` are the sums of the moment
    estimate, ``None`` for the others. Keep it with the period: a small group next year may borrow it.
    """

    rate: float
    strength: float
    people: int
    method: str
    squares: float | None = None
    balance: float | None = None

    @property
    def alpha(self) -> float:
        return self.strength * self.rate

    @property
    def beta(self) -> float:
        return self.strength * (1 - self.rate)

    @property
    def rho(self) -> float:
        return 1.0 / (1.0 + self.strength)

    @property
    def trace(self) -> Trace:
        params = facts(self, "strength", "rho", "squares", "balance", "people")
        return Trace(f"fairness.prior_{self.method}", exact(self.rate), params=params)


@dataclass(frozen=True, slots=True)
class ShrunkRate:
    """One person's rate: raw, pulled towards the group, and where the truth lies (credible interval).

    ``weight`` is the share of the person's own cases in ``value``.
    """

    raw: float
    value: float
    low: float
    high: float
    weight: float
    n: int
    trace: Trace


@dataclass(frozen=True, slots=True, eq=False)
class ShrunkRates:
    """Many people's shrunk rates, as arrays in the order given; an item is a ``ShrunkRate``."""

    prior: BetaPrior
    successes: Floats
    trials: Floats
    raw: Floats
    value: Floats
    low: Floats
    high: Floats
    level: float

    def __len__(self) -> int:
        return self.value.size

    def __getitem__(self, at: int) -> ShrunkRate:
        x, n, value = self.successes[at], self.trials[at], float(self.value[at])
        low, high = float(self.low[at]), float(self.high[at])
        weight = float(n / (n + self.prior.strength))
        parts = f"({shown(x)} + {shown(self.prior.alpha, 3)}) ÷ ({shown(n)} + {shown(self.prior.strength, 3)})"
        params: dict[str, Scalar] = {"low": exact(low), "high": exact(high), "weight": exact(weight), "n": int(n)}
        formula = "" if isinf(self.prior.strength) else parts
        trace = Trace("fairness.shrunk_rate", exact(value), formula, params, (self.prior.trace,))
        return ShrunkRate(float(self.raw[at]), value, low, high, weight, int(n), trace)

    def __iter__(self) -> Iterator[ShrunkRate]:
        return (self[at] for at in range(len(self)))

    def chance_above(self, rate: float) -> Floats:
        """P(true rate >= ``rate``) of each person."""
        if isinf(self.prior.strength):
            return np.where(self.value >= rate, 1.0, 0.0)
        return law.beta_above(rate, *_posterior(self.successes, self.trials, self.prior))


def prior_by_moments(successes: Many, trials: Many) -> BetaPrior:
    """The prior from the spread of the rates (Kleinman 1973); as good as likelihood for steady sample sizes.

    Errors: ``fairness.prior_needs_people`` under five people with cases; take last year's prior then.
    """
    x, n, rate = _group(successes, trials)
    all_cases, people = total(n), x.size
    squares = total(n * (x / n - rate) ** 2)
    balance = all_cases - total(n**2) / all_cases
    spread = rate * (1 - rate)
    # Nothing to learn where all succeeded, all failed, or nobody has a second case.
    rho = 0.0 if spread == 0 or balance <= people - 1 else _rho(squares / spread, balance, people - 1)
    return BetaPrior(rate, inf if rho <= 0 else (1 - rho) / rho, people, "moments", squares, balance)


def _rho(standard: float, balance: float, freedom: int) -> float:
    # 1 would be "a person always or never succeeds"; the clip keeps a prior with a little weight.
    return min((standard - freedom) / (balance - freedom), 1 - 1e-9)


def prior_by_likelihood(successes: Many, trials: Many) -> BetaPrior:
    """The prior under which the group's results are likeliest; slower and surer than the moments."""
    from fuxiao.core.fairness.likelihood import most_likely

    x, n, rate = _group(successes, trials)
    if rate in {0.0, 1.0}:
        return BetaPrior(rate, inf, x.size, "likelihood")
    fitted, strength = most_likely(x, n, start=rate)
    return BetaPrior(rate if isinf(strength) else fitted, strength, x.size, "likelihood")


def _group(successes: Many, trials: Many) -> tuple[Floats, Floats, float]:
    """People with cases, and their common rate."""
    x, n = counts(successes, trials)
    x, n = x[n > 0], n[n > 0]
    require(x.size >= FEWEST_PEOPLE, "fairness.prior_needs_people", people=x.size, minimum=FEWEST_PEOPLE)
    return x, n, total(x) / total(n)


def shrink_rates(successes: Many, trials: Many, *, prior: BetaPrior, level: float = 0.95) -> ShrunkRates:
    """Each person's rate under the prior: ``(x + strength * rate) / (n + strength)``, with a credible interval.

    A person without cases gets the group's rate and the prior's own interval.
    """
    level_ok(level)
    x, n = counts(successes, trials)
    raw = ratio(x, n)
    if isinf(prior.strength):
        same = np.full(x.size, prior.rate)
        return ShrunkRates(prior, x, n, raw, same, same, same, level)
    alpha, beta = _posterior(x, n, prior)
    low, high = (law.beta_quantile(tail, alpha, beta) for tail in ((1 - level) / 2, (1 + level) / 2))
    return ShrunkRates(prior, x, n, raw, alpha / (alpha + beta), low, high, level)


def _posterior(x: Floats, n: Floats, prior: BetaPrior) -> tuple[Floats, Floats]:
    return x + prior.alpha, n - x + prior.beta
