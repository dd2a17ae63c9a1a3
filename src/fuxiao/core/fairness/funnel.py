"""Funnel: is a result further from its target than chance allows? Exact decisions, and smooth lines for the chart.

The lines interpolate between whole counts (Spiegelhalter 2005) and are for drawing only: near a line variants of the
interpolation differ. A decision always takes the exact one-sided tail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from fuxiao.core.explain import Trace
from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.figures import Floats, Many, counts, exact, facts, floats, require, same_length

ALERT, ALARM = 0.025, 0.001
QUANTILES = (ALARM, ALERT, 1 - ALERT, 1 - ALARM)


class Verdict(StrEnum):
    """How far out a result lies."""

    QUIET = "quiet"  # within chance
    ALERT = "alert"  # one-sided tail under 2.5 %
    ALARM = "alarm"  # one-sided tail under 0.1 %


class Side(StrEnum):
    """Where a result lies against what was expected, by value (not by merit)."""

    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True, eq=False)
class FunnelLines:
    """Limits to draw: ``lines[q]`` holds, for the quantile ``quantiles[q]``, one limit a size in ``sizes``.

    Binomial limits are rates, Poisson limits counts.
    """

    sizes: Floats
    quantiles: tuple[float, ...]
    lines: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One result against its target: ``p`` is the chance of a result this far out or further, on its own side."""

    observed: float
    expected: float
    side: Side
    p: float
    verdict: Verdict

    @property
    def trace(self) -> Trace:
        return Trace("fairness.funnel", exact(self.p), params=facts(self, "observed", "expected", "side", "verdict"))


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """Many results against their targets, in the order given; an item is a ``Decision``."""

    observed: Floats
    expected: Floats
    at_most: Floats
    at_least: Floats

    def __len__(self) -> int:
        return self.observed.size

    @property
    def p(self) -> Floats:
        """The smaller tail of each."""
        return np.minimum(self.at_most, self.at_least)

    def __getitem__(self, at: int) -> Decision:
        below = bool(self.at_most[at] < self.at_least[at])
        p = float(min(self.at_most[at], self.at_least[at]))
        side = Side.BELOW if below else Side.ABOVE
        return Decision(float(self.observed[at]), float(self.expected[at]), side, p, verdict(p))

    def __iter__(self) -> Iterator[Decision]:
        return (self[at] for at in range(len(self)))


def verdict(p: float) -> Verdict:
    """The word for a one-sided tail."""
    if p < ALARM:
        return Verdict.ALARM
    return Verdict.ALERT if p < ALERT else Verdict.QUIET


def binomial_lines(sizes: Many, target: float, *, quantiles: tuple[float, ...] = QUANTILES) -> FunnelLines:
    """The rates to draw around ``target`` for each number of cases."""
    n = floats(sizes)
    require(bool((n >= 1).all()), "fairness.no_cases")
    require(0 <= target <= 1, "fairness.rate_outside", rate=target)

    def cdf(k: Floats) -> Floats:
        return law.binomial_at_most(k, n, target)

    lines = [_interpolated(q, law.binomial_quantile(q, n, target), cdf) / n for q in quantiles]
    return FunnelLines(n, quantiles, tuple(np.clip(line, 0.0, 1.0) for line in lines))


def poisson_lines(expected: Many, *, quantiles: tuple[float, ...] = QUANTILES) -> FunnelLines:
    """The counts to draw around each expected count."""
    mean = floats(expected)
    require(bool((mean >= 0).all()), "fairness.negative_count")

    def cdf(k: Floats) -> Floats:
        return law.poisson_at_most(k, mean)

    lines = [_interpolated(q, law.poisson_quantile(q, mean), cdf) for q in quantiles]
    return FunnelLines(mean, quantiles, tuple(np.maximum(line, 0.0) for line in lines))


def _interpolated(q: float, reached: Floats, cdf: Callable[[Floats], Floats]) -> Floats:
    """Between the first count whose cumulative chance reaches ``q`` and the one before, in proportion."""
    here, before = cdf(reached), cdf(reached - 1)
    return reached - (here - q) / (here - before)


def judge_rates(successes: Many, trials: Many, target: Many | float, *, factor: float = 1.0) -> Decisions:
    """Each rate against its target by the exact binomial tail.

    ``factor`` widens for people who differ more than chance (``dispersion.Dispersion.factor``).
    """
    x, n = counts(successes, trials)
    chance = _each(target, x.size)
    require(bool(((chance >= 0) & (chance <= 1)).all()), "fairness.rate_outside")
    low, high = law.binomial_at_most(x, n, chance), law.binomial_at_least(x, n, chance)
    return Decisions(x, n * chance, _widened(low, factor), _widened(high, factor))


def judge_counts(observed: Many, expected: Many | float, *, factor: float = 1.0) -> Decisions:
    """Each count (complaints, failures) against the expected one by the exact Poisson tail."""
    seen = floats(observed)
    due = _each(expected, seen.size)
    require(bool((seen >= 0).all() and (due >= 0).all()), "fairness.negative_count")
    low, high = law.poisson_at_most(seen, due), law.poisson_at_least(seen, due)
    return Decisions(seen, due, _widened(low, factor), _widened(high, factor))


def _each(value: Many | float, size: int) -> Floats:
    if isinstance(value, int | float):
        return floats([value] * size)
    array = floats(value)
    same_length(array, np.empty(size))
    return array


def _widened(tail: Floats, factor: float) -> Floats:
    """The tail after the limits move out by ``factor``; unchanged at 1."""
    require(factor >= 1, "fairness.factor_below_one", factor=factor)
    return tail if factor == 1 else law.normal_tail(law.normal_from_tail(tail) / factor)
