"""The small pictures of a scorecard: ring, ladder of grades, histogram, sparkline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import pi

from fuxiao.report.drawing.scale import Scale, path

RADIUS = 54
ROUND = 2 * pi * RADIUS


@dataclass(frozen=True, slots=True)
class Ring:
    """How much of the ring is filled: lengths of the dash and of the whole round."""

    filled: float
    whole: float


def ring(score: Decimal, *, full: Decimal = Decimal(100)) -> Ring:
    """A ring filled by the share of ``full`` reached."""
    share = min(1.0, max(0.0, float(score / full)))
    return Ring(round(ROUND * share, 1), round(ROUND, 1))


@dataclass(frozen=True, slots=True)
class Rung:
    """One band of the ladder, in per cent of its width; ``own`` is the person's grade."""

    text: str
    x: float
    width: float
    middle: float
    tone: str
    own: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """The bands from worst to best and the place of the score among them, in per cent."""

    rungs: tuple[Rung, ...]
    marker: float


TONES = ("vio", "ok", "pri", "warn", "bad")  # best first


def ladder(bands: Sequence[tuple[str, str, Decimal]], *, top: Decimal, score: Decimal, grade: str) -> Ladder:
    """``bands`` are (grade, text, lower bound), best first.

    Bands are drawn by their width in points, the lowest no wider than the widest other one: nobody needs to see the
    way from nought to the first grade.
    """
    edges = [lower for _, _, lower in bands]
    others = [high - low for high, low in zip([top, *edges], edges[:-1], strict=False)]
    bottom = edges[-2] - max(others) if len(edges) > 1 else edges[-1]
    start = max(edges[-1], bottom)
    scale = Scale(float(start), float(top), 0, 100)
    rungs = [
        _rung(name, text, tone, (scale(max(low, start)), scale(high)), own=name == grade)
        for (name, text, low), high, tone in zip(bands, [top, *edges], _tones(len(bands)), strict=False)
    ]
    return Ladder(tuple(reversed(rungs)), min(99.0, max(1.0, scale(score))))


def _tones(count: int) -> Sequence[str]:
    return [TONES[min(at, len(TONES) - 1)] for at in range(count)]


def _rung(name: str, text: str, tone: str, ends: tuple[float, float], *, own: bool) -> Rung:
    x, end = ends
    label = f"{name} {text}".strip() if end - x > 14 else name
    return Rung(label, round(x + 0.3, 2), round(end - x - 0.6, 2), round((x + end) / 2, 2), tone, own)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram; ``own`` holds the person."""

    x: float
    y: float
    width: float
    height: float
    own: bool


@dataclass(frozen=True, slots=True)
class Bins:
    """How many scores lie in each of the equal bins from ``low`` on, over ``room``."""

    low: Decimal
    room: Decimal
    counts: tuple[int, ...]

    @classmethod
    def of(cls, scores: Sequence[Decimal], *, bins: int = 9) -> Bins:
        low, high = min(scores), max(scores)
        empty = cls(low, (high - low) or Decimal(1), (0,) * bins)
        found = Counter(empty.place(score) for score in scores)
        return replace(empty, counts=tuple(found[at] for at in range(bins)))

    def place(self, score: Decimal) -> int:
        last = len(self.counts) - 1
        return min(last, int((score - self.low) / self.room * len(self.counts)))


def histogram(bins: Bins, own: Decimal | None, *, size: tuple[int, int] = (135, 36)) -> tuple[Bar, ...]:
    """A bar a bin; an empty bin keeps a stub so that the axis stays visible."""
    width, height = size[0] / len(bins.counts), size[1]
    heights = [max(2.0, round(height * count / max(bins.counts), 1)) for count in bins.counts]
    mine = -1 if own is None else bins.place(own)
    return tuple(
        Bar(round(at * width, 1), round(height - h, 1), round(width - 3, 1), h, at == mine)
        for at, h in enumerate(heights)
    )


@dataclass(frozen=True, slots=True)
class Spark:
    """A line over the last periods with the target as a dashed line; heights inside 92 × 28."""

    line: str
    area: str
    x: float
    y: float
    target: float | None


def spark(values: Sequence[Decimal | None], target: Decimal | None) -> Spark | None:
    """``None`` with fewer than two figures; gaps are bridged."""
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    shown = [value for _, value in known] + ([] if target is None else [target])
    across = Scale(0, len(values) - 1, 2, 88)
    up = Scale(float(min(shown)), float(max(shown)), 24, 4)
    points = [(across(at), up(value)) for at, value in known]
    line = path(points)
    area = f"{line} L{points[-1][0]:g} 28 L{points[0][0]:g} 28Z"
    return Spark(line, area, *points[-1], None if target is None else up(target))
