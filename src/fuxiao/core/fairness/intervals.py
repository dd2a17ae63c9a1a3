"""How far a figure may be off: intervals for rates, means, percentiles and differences of rates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from fuxiao.core.explain import Trace
from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.figures import (
    Floats,
    Many,
    counts,
    exact,
    facts,
    floats,
    level_ok,
    ratio,
    require,
    same_length,
)
from fuxiao.core.indicator import Interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval, in the figure's own unit (rates as 0-1); ``low <= point <= high``.

    ``level`` is the chance that the method's interval covers the truth (for percentiles the exact one reached).
    """

    method: str
    point: float
    low: float
    high: float
    n: int
    level: float

    @property
    def trace(self) -> Trace:
        """The figure, its bounds and how sure they are."""
        return Trace(f"fairness.{self.method}", exact(self.point), params=facts(self, "low", "high", "n", "level"))

    def excludes(self, value: float) -> bool:
        """Whether the interval leaves ``value`` out: the figure differs from it by more than chance."""
        return not self.low <= value <= self.high

    def to_interval(self, *, scale: Decimal = Decimal(1), places: int = 4) -> Interval:
        """The bounds as decimals in the indicator's unit: ``scale`` is 100 for a rate shown in per cent."""
        step = Decimal(1).scaleb(-places)
        low, high = ((Decimal(str(b)) * scale).quantize(step, ROUND_HALF_UP) for b in (self.low, self.high))
        return Interval(low, high)


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Many figures with their intervals, as arrays in the order given; an item is an ``Estimate``."""

    method: str
    point: Floats
    low: Floats
    high: Floats
    n: Floats
    level: float

    def __len__(self) -> int:
        return self.point.size

    def __getitem__(self, at: int) -> Estimate:
        point, low, high = float(self.point[at]), float(self.low[at]), float(self.high[at])
        return Estimate(self.method, point, low, high, int(self.n[at]), self.level)

    def __iter__(self) -> Iterator[Estimate]:
        return (self[at] for at in range(len(self)))


def wilson(successes: float, trials: float, *, level: float = 0.95) -> Estimate:
    """The interval of one rate (Wilson 1927): never below 0 or above 1, honest for few cases."""
    require(trials > 0, "fairness.no_cases")
    return wilson_many([successes], [trials], level=level)[0]


def wilson_many(successes: Many, trials: Many, *, level: float = 0.95) -> Estimates:
    """``wilson`` for many subjects at once; without trials the point is ``nan`` and the interval 0 to 1."""
    level_ok(level)
    x, n = counts(successes, trials)
    z2 = law.normal_quantile((1 + level) / 2) ** 2
    p = ratio(x, n)
    centre = (x + z2 / 2) / (n + z2)
    half = np.sqrt(z2 * (x * (n - x) / np.maximum(n, 1) + z2 / 4)) / (n + z2)
    # The ends are exact in algebra; in floats they miss 0 and 1 by a hair.
    low = np.where(x == 0, 0.0, centre - half)
    high = np.where(x == n, 1.0, centre + half)
    return Estimates("wilson", p, low, high, n, level)


def mean_interval(mean: float, sd: float, n: int, *, level: float = 0.95) -> Estimate:
    """The interval of a mean whose spread was estimated from the same ``n`` values (Student's t, 1908)."""
    return mean_intervals([mean], [sd], [n], level=level)[0]


def mean_intervals(mean: Many, sd: Many, n: Many, *, level: float = 0.95) -> Estimates:
    """``mean_interval`` for many subjects; each needs two values or more."""
    level_ok(level)
    cases = floats(n)
    require(bool((cases >= 2).all()), "fairness.too_few_cases", minimum=2)
    wide = law.student_quantile((1 + level) / 2, cases - 1)
    return _around_mean("mean_t", mean, sd, cases, wide=wide, level=level)


def mean_intervals_known_spread(mean: Many, sd: Many, n: Many, *, level: float = 0.95) -> Estimates:
    """Intervals of means whose spread is known from elsewhere, e.g. last year's (normal law)."""
    level_ok(level)
    cases = floats(n)
    require(bool((cases >= 1).all()), "fairness.too_few_cases", minimum=1)
    wide = np.full(cases.size, law.normal_quantile((1 + level) / 2))
    return _around_mean("mean_normal", mean, sd, cases, wide=wide, level=level)


def _around_mean(method: str, mean: Many, sd: Many, n: Floats, *, wide: Floats, level: float) -> Estimates:
    m, s = floats(mean), floats(sd)
    same_length(m, s, n)
    require(bool((s >= 0).all()), "fairness.negative_spread")
    half = wide * s / np.sqrt(n)
    return Estimates(method, m, m - half, m + half, n, level)


@dataclass(frozen=True, slots=True)
class PercentileEstimate:
    """A percentile with an interval made of two of the values themselves.

    ``low_rank`` and ``high_rank`` count from 1 in ascending order; ``estimate.level`` is the exact coverage, which is
    below the level asked for where there are too few values on one side.
    """

    estimate: Estimate
    low_rank: int
    high_rank: int


def percentile_interval(values: Many, share: float, *, level: float = 0.95) -> PercentileEstimate:
    """The interval of the ``share`` percentile (0.9 for P90) by order statistics; assumes nothing on the shape.

    The point is the linear percentile (the values' rank ``1 + (n - 1) * share``, interpolated).
    """
    level_ok(level)
    require(0.0 < share < 1.0, "fairness.share_outside", share=share)
    ordered = np.sort(floats(values))
    n = ordered.size
    require(n > 0, "fairness.no_cases")
    low, high = _ranks(n, share, level)
    reached = law.binomial_at_most(high - 1, n, share) - law.binomial_at_most(low - 1, n, share)
    point = float(np.clip(np.quantile(ordered, share), ordered[low - 1], ordered[high - 1]))
    ends = float(ordered[low - 1]), float(ordered[high - 1])
    return PercentileEstimate(Estimate("percentile", point, *ends, n, float(reached)), low, high)


def _ranks(n: int, share: float, level: float) -> tuple[int, int]:
    """The two ranks, cut to the values there are and opened so far that the point lies between them."""
    place = 1 + (n - 1) * share
    low = int(law.binomial_quantile((1 - level) / 2, n, share))
    high = int(law.binomial_quantile((1 + level) / 2, n, share)) + 1
    return min(max(low, 1), int(place)), min(max(high, int(np.ceil(place))), n)


def difference(before: tuple[float, float], after: tuple[float, float], *, level: float = 0.95) -> Estimate:
    """After minus before of two rates, each as (successes, trials), with Newcombe's interval (1998, method 10).

    The move is proven where ``excludes(0)``.
    """
    old, new = wilson(*before, level=level), wilson(*after, level=level)
    point = new.point - old.point
    down = float(np.hypot(new.point - new.low, old.high - old.point))
    up = float(np.hypot(new.high - new.point, old.point - old.low))
    return Estimate("difference", point, point - down, point + up, old.n + new.n, level)
