"""How many cases a statement needs, and what no event at all proves."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log

from fuxiao.core.explain import Trace
from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.figures import exact, level_ok, require, shown


@dataclass(frozen=True, slots=True)
class SampleSize:
    """The least number of cases, and the number before rounding up."""

    cases: int
    trace: Trace


@dataclass(frozen=True, slots=True)
class UpperBound:
    """The highest rate that ``n`` cases without an event still allow."""

    rate: float
    trace: Trace


def sample_size(rate: float, half_width: float, *, level: float = 0.95) -> SampleSize:
    """Cases needed to know a rate of about ``rate`` within plus or minus ``half_width`` (normal approximation)."""
    level_ok(level)
    require(0 < rate < 1 and half_width > 0, "fairness.rate_outside", rate=rate, half_width=half_width)
    z = law.normal_quantile((1 + level) / 2)
    needed = z**2 * rate * (1 - rate) / half_width**2
    formula = f"{shown(z)}² × {shown(rate)} × {shown(1 - rate)} ÷ {shown(half_width)}²"
    params = {"rate": exact(rate), "half_width": exact(half_width), "unrounded": exact(needed, 4)}
    return SampleSize(ceil(needed), Trace("fairness.sample_size", ceil(needed), formula, params))


def bound_without_events(cases: int, *, level: float = 0.95) -> UpperBound:
    """The exact one-sided upper bound after no event in ``cases``; about 3 / ``cases`` at 95 %."""
    level_ok(level)
    require(cases > 0, "fairness.no_cases")
    rate = 1.0 - (1.0 - level) ** (1.0 / cases)
    formula = f"1 − {shown(1 - level)}^(1 ÷ {cases})"
    rule_of_three = {"rule_of_three": exact(3 / cases)}
    return UpperBound(rate, Trace("fairness.bound_without_events", exact(rate), formula, rule_of_three))


def cases_without_events(rate: float, *, level: float = 0.95) -> SampleSize:
    """Cases without any event that are needed to claim a rate of at most ``rate``."""
    level_ok(level)
    require(0 < rate < 1, "fairness.rate_outside", rate=rate)
    needed = log(1 - level) / log(1 - rate)
    formula = f"ln {shown(1 - level)} ÷ ln {shown(1 - rate)}"
    # A hair of tolerance: at exactly whole solutions the logarithms miss by 1e-15.
    cases = ceil(needed - 1e-9)
    return SampleSize(cases, Trace("fairness.cases_without_events", cases, formula, {"rate": exact(rate)}))
