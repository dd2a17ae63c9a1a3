"""The large pictures: score over time, dots with whiskers, the funnel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from fuxiao.core.fairness.funnel import FunnelLines, binomial_lines
from fuxiao.report.drawing.scale import Point, Scale, path, steps

LINES = 60
"""At so many sizes the limits of a funnel are worked out."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis at ``at`` pixels."""

    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Trend:
    """Own score and the team's mean over the periods, in a picture of ``width`` × ``height``."""

    own: str
    area: str
    team: str
    dot: Point
    own_label: Tick
    team_label: Tick | None
    threshold: Tick | None
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: int = 384
    height: int = 206
    left: int = 34
    right: int = 338
    bottom: int = 176


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One period of a trend."""

    label: str
    own: Decimal | None
    team: Decimal | None


def trend(points: Sequence[TrendPoint], *, threshold: tuple[str, Decimal] | None) -> Trend | None:
    """``None`` with fewer than two own scores; ``threshold`` is the lower bound of the grade to be kept or reached."""
    own = [(at, p.own) for at, p in enumerate(points) if p.own is not None]
    if len(own) < 2:
        return None
    team = [(at, p.team) for at, p in enumerate(points) if p.team is not None]
    numbers = [float(value) for _, value in own + team]
    marks = steps(min(numbers) - 1, max(numbers) + 1, most=4)
    across = Scale(0, len(points) - 1, 40, 332)
    up = Scale(marks[0], marks[-1], 176, 16)
    line = [(across(at), up(value)) for at, value in own]
    mean = [(across(at), up(value)) for at, value in team]
    own_y, team_y = _apart(line[-1][1], mean[-1][1] if mean else None)
    limit = None if threshold is None or not marks[0] <= float(threshold[1]) <= marks[-1] else threshold
    return Trend(
        own=path(line),
        area=f"{path(line)} L{line[-1][0]:g} 176 L{line[0][0]:g} 176Z",
        team=path(mean) if len(mean) > 1 else "",
        dot=line[-1],
        own_label=Tick(f"{own[-1][1]:.1f}", own_y),
        team_label=None if team_y is None else Tick(f"{team[-1][1]:.1f}", team_y),
        threshold=None if limit is None else Tick(limit[0], up(limit[1])),
        across=tuple(_every_other(points, across)),
        up=tuple(Tick(f"{mark:g}", up(mark)) for mark in marks),
    )


def _apart(own: float, team: float | None) -> tuple[float, float | None]:
    """Two labels at the right edge must not print over each other."""
    if team is None or abs(own - team) >= 15:
        return own, team
    middle, sign = (own + team) / 2, 1 if own <= team else -1
    return round(middle - 7.5 * sign, 1), round(middle + 7.5 * sign, 1)


def _every_other(points: Sequence[TrendPoint], across: Scale) -> list[Tick]:
    """Labels from the last period backwards, as many as have room."""
    stride = 1 if len(points) <= 4 else 2 if len(points) <= 8 else 3
    last = len(points) - 1
    return [Tick(points[at].label, across(at)) for at in range(last, -1, -stride)][::-1]


@dataclass(frozen=True, slots=True)
class Whisker:
    """One subject's figure with its interval, in per cent of the picture's width."""

    x: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Whiskers:
    """Many subjects on one axis; ``centre`` is the group's figure."""

    rows: tuple[Whisker, ...]
    centre: float
    ticks: tuple[float, ...]
    texts: tuple[str, ...]


def whiskers(figures: Sequence[tuple[Decimal, Decimal, Decimal]], *, centre: Decimal) -> Whiskers:
    """``figures`` are (value, low, high) a subject."""
    low = min([float(low) for _, low, _ in figures] + [float(centre)])
    high = max([float(high) for _, _, high in figures] + [float(centre)])
    marks = steps(low, high, most=5)
    scale = Scale(marks[0], marks[-1], 1, 99)
    rows = tuple(Whisker(scale(value), scale(least), scale(most)) for value, least, most in figures)
    return Whiskers(rows, scale(centre), tuple(scale(mark) for mark in marks), tuple(f"{mark:g}" for mark in marks))


@dataclass(frozen=True, slots=True)
class FunnelDot:
    """One subject: size across, rate up."""

    x: float
    y: float
    tone: str
    name: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """The limits around the group's rate, and everybody's dot."""

    inner: str
    outer: str
    centre: float
    dots: tuple[FunnelDot, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: int = 560
    height: int = 260
    left: int = 44
    right: int = 548
    bottom: int = 222


def edges(sizes: Sequence[int]) -> tuple[float, float]:
    """Where the funnel's axis begins and ends for these sizes, so that the limits reach from side to side."""
    marks = _across(sizes)
    return marks[0], marks[-1]


def _across(sizes: Sequence[int]) -> list[float]:
    return steps(0.96 * min(sizes), 1.02 * max(sizes), most=6)


def limits(sizes: Sequence[int], centre: float) -> FunnelLines:
    """The limits of chance around ``centre`` (0-1), from side to side of a funnel for these sizes."""
    low, high = edges(sizes)
    return binomial_lines(np.unique(np.linspace(max(1, low), high, LINES).round()).tolist(), centre)


def funnel(
    lines: FunnelLines, dots: Sequence[tuple[str, int, Decimal, str]], *, centre: float, scale_to: float
) -> Funnel:
    """``dots`` are (name, size, value, tone); the lines' rates are multiplied by ``scale_to`` (100 for per cent).

    The vertical axis covers the dots and the limits from the smallest subject on.
    """
    band = [[float(rate) * scale_to for rate in line] for line in lines.lines]
    values = [float(value) for _, _, value, _ in dots]
    sizes = [float(size) for size in lines.sizes]
    seen = next((at for at, size in enumerate(sizes) if size >= min(n for _, n, _, _ in dots)), 0)
    up_marks = steps(min([*values, band[1][seen]]), max([*values, band[2][seen]]), most=5)
    across_marks = _across([size for _, size, _, _ in dots])
    across, up = Scale(across_marks[0], across_marks[-1], 44, 548), Scale(up_marks[0], up_marks[-1], 222, 12)

    def between(lower: list[float], upper: list[float]) -> str:
        there = [(across(size), up(max(rate, up_marks[0]))) for size, rate in zip(sizes, lower, strict=True)]
        back = [(across(size), up(min(rate, up_marks[-1]))) for size, rate in zip(sizes, upper, strict=True)]
        return path([*there, *reversed(back)]) + "Z"

    return Funnel(
        inner=between(band[1], band[2]),
        outer=between(band[0], band[3]),
        centre=up(centre * scale_to),
        dots=tuple(FunnelDot(across(size), up(value), tone, name) for name, size, value, tone in dots),
        across=tuple(Tick(f"{mark:g}", across(mark)) for mark in across_marks),
        up=tuple(Tick(f"{mark:g}", up(mark)) for mark in up_marks),
    )
