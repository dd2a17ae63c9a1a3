"""XmR chart: is this month's move noise or a signal? (Shewhart's individuals chart after Wheeler.)

House rule for reports: no story, praise or blame for a move inside the limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from itertools import groupby, pairwise
from statistics import fmean

from fuxiao.core.explain import Trace
from fuxiao.core.fairness.figures import exact, facts, require, shown

FEWEST, FIRM = 6, 12
LIMIT_FACTOR = 2.66  # 3 / 1.128: three standard deviations, estimated by the mean moving range
RANGE_FACTOR = 3.268  # upper limit of a moving range of two
RUN = 8


class Rule(IntEnum):
    """The three rules, most urgent first."""

    OUTSIDE = 1  # one point beyond a limit
    RUN = 2  # eight in a row on one side of the centre
    NEAR_LIMIT = 3  # three of four nearer to the same limit than to the centre


@dataclass(frozen=True, slots=True)
class Limits:
    """The centre and the natural limits; ``firm`` from twelve points on, provisional below."""

    points: int
    mean: float
    mean_range: float
    lower: float
    upper: float
    range_upper: float

    @property
    def firm(self) -> bool:
        return self.points >= FIRM

    def outside(self, value: float | Decimal) -> bool:
        """Whether a further point is a signal by itself."""
        return not self.lower <= float(value) <= self.upper

    @property
    def trace(self) -> Trace:
        params = facts(self, "mean_range", "lower", "upper", "range_upper", "points", "firm")
        formula = f"{shown(self.mean, 4)} ± 2.66 × {shown(self.mean_range, 4)}"
        return Trace("fairness.xmr", exact(self.mean), formula, params)


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that was met: the point that completes it (counted from 0) and the first point that belongs to it."""

    rule: Rule
    at: int
    since: int


@dataclass(frozen=True, slots=True)
class Run:
    """Points ``start`` to ``stop`` (exclusive) on one side of the centre: 1 above, -1 below, 0 on it."""

    start: int
    stop: int
    side: int


def limits(values: Sequence[float | Decimal]) -> Limits:
    """The limits from a steady stretch, oldest value first; at least six points.

    Re-base only after a signal with a known cause; otherwise keep the limits and judge new points against them.
    """
    require(len(values) >= FEWEST, "fairness.too_few_points", points=len(values), minimum=FEWEST)
    points = [float(value) for value in values]
    mean = fmean(points)
    moving = mean_range(points)
    wide = LIMIT_FACTOR * moving
    return Limits(len(points), mean, moving, mean - wide, mean + wide, RANGE_FACTOR * moving)


def mean_range(points: Sequence[float]) -> float:
    """The mean step from one point to the next, signs dropped."""
    return fmean(abs(new - old) for old, new in pairwise(points))


def signals(values: Sequence[float | Decimal], *, against: Limits) -> tuple[Signal, ...]:
    """Every point of ``values`` that completes a rule, in order of time, then rule."""
    points = [float(value) for value in values]
    found = [*_outside(points, against), *_long_runs(points, against), *_near_limits(points, against)]
    return tuple(sorted(found, key=lambda signal: (signal.at, signal.rule)))


def runs(values: Sequence[float | Decimal], *, centre: float) -> tuple[Run, ...]:
    """The stretches on one side of the centre, in order of time."""
    sides = [(float(v) > centre) - (float(v) < centre) for v in values]
    found: list[Run] = []
    for side, members in groupby(sides):
        start = found[-1].stop if found else 0
        found.append(Run(start, start + len(list(members)), side))
    return tuple(found)


def _outside(points: list[float], against: Limits) -> list[Signal]:
    return [Signal(Rule.OUTSIDE, at, at) for at, value in enumerate(points) if against.outside(value)]


def _long_runs(points: list[float], against: Limits) -> list[Signal]:
    long = [run for run in runs(points, centre=against.mean) if run.side and run.stop - run.start >= RUN]
    return [Signal(Rule.RUN, at, run.start) for run in long for at in range(run.start + RUN - 1, run.stop)]


def _near_limits(points: list[float], against: Limits) -> list[Signal]:
    half = (against.upper - against.mean) / 2
    near = [(p > against.mean + half) - (p < against.mean - half) for p in points]
    ends = range(3, len(near))
    return [Signal(Rule.NEAR_LIMIT, at, at - 3) for at in ends if _three_alike(near[at - 3 : at + 1])]


def _three_alike(four: list[int]) -> bool:
    """Three of four near the same limit, the last one among them: a signal is not raised by a point gone home."""
    return four[-1] != 0 and four.count(four[-1]) >= 3
