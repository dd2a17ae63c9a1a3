"""A curve as a picture: from the value of an indicator to points, with the thresholds marked. Pixels only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.score import Curve
from fuxiao.core.score.curves_step import Tiers
from fuxiao.report.drawing.scale import Scale, path, steps

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 300, 128, 34, 290, 10, 104
SAMPLES = 120


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis with its text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A threshold on the curve: where, and the points there."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class CurvePicture:
    """The line, its axes and marks, and where people stand (places across) underneath."""

    line: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    people: tuple[float, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM


def picture(curve: Curve, values: tuple[Decimal, ...] = ()) -> CurvePicture | None:
    """The curve over the stretch where something happens; ``None`` for one that does not look at the value."""
    bounds = thresholds(curve)
    if not bounds:
        return None
    low, high = _reach(bounds)
    at = [low + (high - low) * Decimal(place) / SAMPLES for place in range(SAMPLES + 1)]
    at = sorted({*at, *bounds, *(bound - (high - low) / 10_000 for bound in bounds)})
    points = [float(curve.percent(value)) for value in at]
    ends = steps(0, max(*points, 100.0), most=3)
    across, up = Scale(float(low), float(high), LEFT, RIGHT), Scale(0, ends[-1], BOTTOM, TOP)
    marked = [(bound, float(curve.percent(bound))) for bound in bounds if low <= bound <= high]
    return CurvePicture(
        path([(across(value), up(y)) for value, y in zip(at, points, strict=True)]),
        tuple(Tick(across(mark), f"{mark:g}") for mark in steps(float(low), float(high), most=5)
              if low <= Decimal(str(mark)) <= high),
        tuple(Tick(up(mark), f"{mark:g}") for mark in ends),
        tuple(Mark(across(bound), up(y), f"{bound:f} → {y:g}") for bound, y in marked),
        tuple(across(min(max(value, low), high)) for value in values),
    )  # fmt: skip


def thresholds(curve: Curve) -> tuple[Decimal, ...]:
    """The values at which the curve bends or steps, rising."""
    names = ("floor", "target", "stretch", "low", "high", "zero_low", "zero_high", "best", "lowest", "beyond")
    found = [getattr(curve, name, None) for name in names if name != "best" or curve.key == "rating"]
    table = [bound for bound, _ in curve.table] if isinstance(curve, Tiers) else []
    return tuple(sorted({value for value in (*found, *table) if isinstance(value, Decimal)}))


def _reach(bounds: tuple[Decimal, ...]) -> tuple[Decimal, Decimal]:
    """From somewhat below the first threshold to somewhat above the last; not below nought where none is."""
    room = (bounds[-1] - bounds[0]) or abs(bounds[-1]) or Decimal(1)
    low, high = bounds[0] - room / 3, bounds[-1] + room / 3
    return max(low, Decimal(0)) if bounds[0] >= 0 else low, high
