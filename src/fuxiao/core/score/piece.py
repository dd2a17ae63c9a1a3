"""The straight pieces that scoring curves are made of: a slope between two knots, or a flat stretch."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache

from fuxiao.core.explain import figure
from fuxiao.core.score.exact import shown


@dataclass(frozen=True, slots=True)
class Flat:
    """The same points whatever the value."""

    points: Decimal
    exact: Fraction = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "exact", Fraction(self.points))

    def at(self, value: Decimal) -> Fraction:
        del value
        return self.exact

    def formula(self, value: Decimal) -> str:
        del value
        return figure(self.points)


@cache
def flat(points: Decimal) -> Flat:
    """The flat piece with these points; a scheme needs only a handful."""
    return Flat(points)


@dataclass(frozen=True, slots=True)
class Slope:
    """A straight line from knot ``(x0, y0)`` to knot ``(x1, y1)``, evaluated in whole numbers: fast and exact."""

    x0: Decimal
    y0: Decimal
    x1: Decimal
    y1: Decimal
    per_x: int = field(init=False, repr=False, compare=False)
    constant: int = field(init=False, repr=False, compare=False)
    scale: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """``y = (per_x × x + constant) ÷ scale``, from the four numbers as ratios of whole numbers."""
        (a, b), (c, d) = self.x0.as_integer_ratio(), self.y0.as_integer_ratio()
        (e, f), (g, h) = self.x1.as_integer_ratio(), self.y1.as_integer_ratio()
        rise, run = (g * d - c * h) * b * f, (e * b - a * f) * h * d
        object.__setattr__(self, "per_x", d * b * rise)
        object.__setattr__(self, "constant", c * b * run - d * a * rise)
        object.__setattr__(self, "scale", d * b * run)

    def at(self, value: Decimal) -> Fraction:
        top, bottom = value.as_integer_ratio()
        return Fraction(self.per_x * top + self.constant * bottom, self.scale * bottom)

    def formula(self, value: Decimal) -> str:
        """The line with the numbers put in, e.g. ``60 + (92 − 85) ÷ (95 − 85) × 40``; differences read positive."""
        x, x0, x1 = shown(value), figure(self.x0), figure(self.x1)
        up = self.x1 > self.x0
        step = f"({x} − {x0}) ÷ ({x1} − {x0})" if up else f"({x0} − {x}) ÷ ({x0} − {x1})"
        line = f"{step} × {figure(self.y1 - self.y0)}"
        return line if self.y0 == 0 else f"{figure(self.y0)} + {line}"


ZERO = Decimal(0)
Piece = Flat | Slope
