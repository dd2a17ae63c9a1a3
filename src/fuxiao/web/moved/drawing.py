"""Geometry of a waterfall: from the figure before, part by part, to the figure after. Widths are percentages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.report.drawing.scale import Scale

FROM, TO = 34.0, 80.0
"""The bars' part of the width; names stand before it, amounts behind it."""
HIGH = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the picture: name, amount in words, ``tone`` (``whole``, ``good``, ``bad`` or none)."""

    name: str
    text: str
    tone: str
    x: float
    width: float
    y: int


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All bars; ``zero`` is where nought stands, ``None`` where it is out of the picture."""

    bars: tuple[Bar, ...]
    zero: float | None
    height: int


@dataclass(frozen=True, slots=True)
class Step:
    """What one part adds, with its words."""

    name: str
    amount: Decimal
    text: str
    tone: str


def waterfall(start: Step, steps: Sequence[Step], end: Step) -> Waterfall:
    """The picture. The axis begins at nought only where a level is near it: small moves stay visible."""
    levels, at = [start.amount], start.amount
    for step in steps:
        at += step.amount
        levels.append(at)
    low, high = min(levels), max(levels)
    room = (high - low) or abs(high) or Decimal(1)
    floor = Decimal(0) if Decimal(0) <= low <= 2 * room else low - room / 3
    axis = Scale(float(min(floor, low)), float(high), FROM, TO)
    bars = [_bar(axis, start, min(floor, start.amount), start.amount, 0)]
    at = start.amount
    for place, step in enumerate(steps, 1):
        bars.append(_bar(axis, step, at, at + step.amount, place))
        at += step.amount
    bars.append(_bar(axis, end, min(floor, end.amount), end.amount, len(bars)))
    return Waterfall(tuple(bars), axis(0) if floor == 0 else None, HIGH * len(bars))


def _bar(axis: Scale, step: Step, start: Decimal, end: Decimal, place: int) -> Bar:
    left, right = sorted((axis(start), axis(end)))
    return Bar(step.name, step.text, step.tone, left, round(max(right - left, 0.3), 2), HIGH * place)
