"""From figures to places: a straight scale with readable ticks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from ``[low, high]`` to ``[start, end]`` (which may run downwards, as pictures do)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: Decimal | float) -> float:
        room = self.high - self.low or 1.0
        return round(self.start + (float(value) - self.low) / room * (self.end - self.start), 2)


def steps(low: float, high: float, *, most: int = 5) -> list[float]:
    """Round numbers (1, 2 or 5 times a power of ten apart) from at or below ``low`` to at or above ``high``."""
    room = high - low or abs(high) or 1.0
    size = 10.0 ** floor(log10(room / most))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if room / (size * factor) <= most)
    first, last = floor(round(low / step, 9)), ceil(round(high / step, 9))
    return [round(step * n, 10) for n in range(first, last + 1)]


def path(points: Iterable[Point]) -> str:
    """The points as an SVG line."""
    return " ".join(f"{'L' if at else 'M'}{x:g} {y:g}" for at, (x, y) in enumerate(points))
