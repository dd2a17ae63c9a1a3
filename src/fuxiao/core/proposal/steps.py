"""The numbers on the way to a target, all in the sense "more is better".

For a lower-is-better indicator values come in negated and are turned back by ``turned``; so a 75th percentile always
means "three months of four fall short of it".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any, TypeVar

from fuxiao.core.proposal.history import Rules
from fuxiao.core.proposal.line import Line, percentile

LAST = 3  # months that make the present level
RANGE_TO_SIGMA = 1.128  # mean moving range of two values, in standard deviations
NATURAL = 2.66
Numbers = TypeVar("Numbers", "Level", "Aim", "Ends")
HAIR = 1e-9  # a month exactly on a target hits it, whatever the last bit of a float says


@dataclass(frozen=True, slots=True)
class Level:
    """Where the indicator stands and how it moves: ``now`` is the mean of the last three months, ``ahead`` the level in
    the target period, ``horizon`` months on. Residuals are the months minus the robust line."""

    months: int
    now: float
    measured_slope: float
    slope_low: float
    slope_high: float
    slope: float
    intercept: float
    horizon: float
    ahead: float
    p10: float
    p50: float
    p75: float
    p90: float
    residual_p10: float
    residual_p75: float
    residual_p90: float
    residual_mean: float
    mean_range: float
    sigma: float

    def turned(self) -> Level:
        """The same in the unit of a lower-is-better indicator."""
        widths = {"months", "horizon", "mean_range", "sigma"}
        flipped = _negated(self, [name for name in self.__slots__ if name not in widths])
        return replace(flipped, slope_low=flipped.slope_high, slope_high=flipped.slope_low)


@dataclass(frozen=True, slots=True)
class Aim:
    """The target: ``own`` from history alone, ``blended`` with the benchmark by ``weight``, held by ``step_limit`` and,
    after a period of over-performance, by ``ratchet_limit``. ``held``: already at the benchmark, nothing is raised."""

    own: float
    weight: float
    blended: float
    step_limit: float | None
    held: bool
    ratchet_limit: float | None
    target: float

    def turned(self) -> Aim:
        """The same in the unit of a lower-is-better indicator."""
        return _negated(self, ["own", "blended", "step_limit", "ratchet_limit", "target"])


@dataclass(frozen=True, slots=True)
class Ends:
    """Floor and stretch before rounding, and the best the present process does by itself (``natural_limit``)."""

    floor: float
    stretch: float
    natural_limit: float

    def turned(self) -> Ends:
        """The same in the unit of a lower-is-better indicator."""
        return _negated(self, ["floor", "stretch", "natural_limit"])


@dataclass(frozen=True, slots=True)
class Backtest:
    """The share of past months, moved to the level ahead, that would have reached target and floor."""

    target: float
    floor: float


def _negated(numbers: Numbers, names: Sequence[str]) -> Numbers:
    signed: dict[str, Any] = {name: getattr(numbers, name) for name in names}
    turned: dict[str, Any] = {name: None if value is None else 0.0 - value for name, value in signed.items()}
    return replace(numbers, **turned)


def level_of(line: Line, values: Sequence[float], *, horizon: float, rules: Rules) -> Level:
    """Present level, trend and spread of the months."""
    now, left = fmean(values[-LAST:]), line.residuals
    return Level(
        months=len(values),
        now=now,
        measured_slope=line.measured_slope,
        slope_low=line.slope_low,
        slope_high=line.slope_high,
        slope=line.slope,
        intercept=line.intercept,
        horizon=horizon,
        ahead=now + float(rules.trend_share) * line.slope * horizon,
        p10=percentile(values, 0.10),
        p50=percentile(values, 0.50),
        p75=percentile(values, 0.75),
        p90=percentile(values, 0.90),
        residual_p10=percentile(left, 0.10),
        residual_p75=percentile(left, 0.75),
        residual_p90=percentile(left, 0.90),
        residual_mean=fmean(left),
        mean_range=line.mean_range,
        sigma=line.mean_range / RANGE_TO_SIGMA,
    )


def aim_of(level: Level, *, benchmark: float | None, ratchet: float | None, rules: Rules) -> Aim:
    """The target before rounding, from the own level and the benchmark."""
    own = level.ahead + level.residual_p75
    weight = level.months / (level.months + rules.benchmark_months)
    if benchmark is None:
        weight, blended, limit, held, target = 1.0, own, None, False, own
    else:
        blended = weight * own + (1 - weight) * benchmark
        limit = max(own, level.now + float(rules.gap_share) * (benchmark - level.now))
        held = level.now >= benchmark
        target = max(level.p50, benchmark) if held else min(blended, limit)
    if ratchet is not None:
        target = min(target, ratchet)
    return Aim(own, weight, blended, limit, held, ratchet, target)


def ratchet_of(target: float, actual: float, *, rules: Rules) -> float:
    """The most the next target may be: the last one and a share of what was reached beyond it.

    Raising by all of it would punish people for a good period, and teach them to hold back.
    """
    return target + float(rules.excess_share) * max(0.0, actual - target)


def ends_of(level: Level, target: float) -> Ends:
    """Floor and stretch around a target: past bad and good months, but at least a usual swing away."""
    floor = min(level.ahead + level.residual_p10, target - level.sigma)
    stretch = max(level.ahead + level.residual_p90, target + 0.5 * level.sigma)
    return Ends(floor, stretch, level.ahead + level.residual_mean + NATURAL * level.mean_range)


def backtest(level: Level, residuals: Sequence[float], *, target: float, floor: float) -> Backtest:
    """How often the past, moved to the level ahead, reaches target and floor."""
    moved = [level.ahead + residual + HAIR for residual in residuals]
    hits = [sum(value >= aim for value in moved) / len(moved) for aim in (target, floor)]
    return Backtest(*hits)
