"""Curves that go in steps or units: tiers, deduction, bonus points, a rating by people, a constant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import ClassVar, Literal

from fuxiao.core.errors import Issue
from fuxiao.core.explain import figure
from fuxiao.core.indicator import Direction
from fuxiao.core.score.curve import Curve, check, register
from fuxiao.core.score.exact import FULL, shown
from fuxiao.core.score.piece import ZERO, Slope
from fuxiao.core.target import Target


@register
@dataclass(frozen=True, slots=True)
class Tiers(Curve):
    """A table from bounds to points; a bound belongs to its own tier. ``otherwise`` holds past the last bound."""

    key: ClassVar[str] = "tiers"
    names: ClassVar[Mapping[str, str]] = {"zh": "分档", "en": "tiers"}

    table: tuple[tuple[Decimal, Decimal], ...]
    otherwise: Decimal = Decimal(0)
    better: Literal["higher", "lower"] = "higher"
    _sign: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        sign = 1 if self.better == "higher" else -1
        object.__setattr__(self, "_sign", sign)
        object.__setattr__(self, "table", tuple(sorted(self.table, key=lambda row: -sign * row[0])))
        check(self)

    def faults(self) -> Iterator[Issue]:
        points = [row[1] for row in self.table] + [self.otherwise]
        if any(better < worse for better, worse in pairwise(points)):
            yield Issue("table", "curve.points_fall", {"points": self.text()})
        if len({bound for bound, _ in self.table}) < len(self.table):
            yield Issue("table", "curve.bound_twice", {"points": self.text()})

    def points(self, value: Decimal) -> Fraction:
        reached = (points for bound, points in self.table if (value - bound) * self._sign >= 0)
        return Fraction(next(reached, self.otherwise))

    def formula(self, value: Decimal) -> str:
        mark = "≥" if self._sign == 1 else "≤"
        for bound, points in self.table:
            if (value - bound) * self._sign >= 0:
                return f"{shown(value)} {mark} {figure(bound)} → {figure(points)}"
        return f"{shown(value)} → {figure(self.otherwise)}"

    def text(self) -> str:
        mark = "≥" if self._sign == 1 else "≤"
        return " · ".join(f"{mark}{figure(bound)}: {figure(points)}" for bound, points in self.table)

    @property
    def direction(self) -> Direction:
        return Direction(self.better)

    @property
    def aims(self) -> Target:
        """The last bound that still gives 100 points (else the best one) is the target, the best one the stretch."""
        best = self.table[0]
        met = [bound for bound, points in self.table if points >= FULL]
        return Target(target=met[-1] if met else best[0], stretch=best[0] if best[1] > FULL else None)


@register
@dataclass(frozen=True, slots=True)
class Deduction(Curve):
    """Worth a number of points, minus ``each`` for every ``per`` of the value beyond ``beyond``; never below nought.

    ``rounding`` says what a started unit costs: ``continuous`` its share, ``ceil`` the whole, ``floor`` nothing.
    ``side`` says which side costs: ``above`` (complaints) or ``below`` (a rate that should be at least ``beyond``).
    """

    key: ClassVar[str] = "deduction"
    names: ClassVar[Mapping[str, str]] = {"zh": "扣分制", "en": "deduction"}

    worth: Decimal
    each: Decimal
    rounding: Literal["continuous", "ceil", "floor"]
    per: Decimal = Decimal(1)
    beyond: Decimal = Decimal(0)
    side: Literal["above", "below"] = "above"

    def __post_init__(self) -> None:
        check(self)

    def faults(self) -> Iterator[Issue]:
        for name in ("worth", "each", "per"):
            if getattr(self, name) <= 0:
                yield Issue(name, "curve.not_positive", {"got": getattr(self, name)})

    def units(self, value: Decimal) -> Fraction:
        """How many units count against the value, after the rounding the rule names."""
        over = Fraction(value) - Fraction(self.beyond)
        raw = max(Fraction(0), over if self.side == "above" else -over) / Fraction(self.per)
        if self.rounding == "continuous":
            return raw
        return Fraction(ceil(raw) if self.rounding == "ceil" else floor(raw))

    def deducted(self, value: Decimal) -> Fraction:
        """The points taken away before the floor at nought, as a positive number."""
        return self.units(value) * Fraction(self.each)

    def points(self, value: Decimal) -> Fraction:
        return max(Fraction(0), Fraction(self.worth) - self.deducted(value))

    def percent(self, value: Decimal) -> Fraction:
        return self.points(value) * 100 / Fraction(self.worth)

    def formula(self, value: Decimal) -> str:
        return f"max(0, {figure(self.worth)} − {shown(self.units(value))} × {figure(self.each)})"

    def text(self) -> str:
        bound = "≤" if self.side == "above" else "≥"
        return f"{bound}{figure(self.beyond)}, −{figure(self.each)} / {figure(self.per)}"

    @property
    def direction(self) -> Direction:
        return Direction.LOWER if self.side == "above" else Direction.HIGHER

    @property
    def aims(self) -> Target:
        return Target(target=self.beyond)


@register
@dataclass(frozen=True, slots=True)
class Bonus(Curve):
    """Points on top of the score: ``each`` for every ``per`` of the value above ``beyond``, at most ``cap``."""

    key: ClassVar[str] = "bonus"
    names: ClassVar[Mapping[str, str]] = {"zh": "加分", "en": "bonus points"}
    for_items: ClassVar[bool] = False

    each: Decimal
    cap: Decimal
    per: Decimal = Decimal(1)
    beyond: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        check(self)

    def faults(self) -> Iterator[Issue]:
        for name in ("each", "cap", "per"):
            if getattr(self, name) <= 0:
                yield Issue(name, "curve.not_positive", {"got": getattr(self, name)})

    def points(self, value: Decimal) -> Fraction:
        over = max(Fraction(0), Fraction(value) - Fraction(self.beyond))
        return min(Fraction(self.cap), over / Fraction(self.per) * Fraction(self.each))

    def formula(self, value: Decimal) -> str:
        over = max(ZERO, value - self.beyond)
        return f"min({figure(self.cap)}, {shown(over)} ÷ {figure(self.per)} × {figure(self.each)})"

    def text(self) -> str:
        return f"+{figure(self.each)} / {figure(self.per)}, ≤{figure(self.cap)}"

    @property
    def direction(self) -> Direction:
        return Direction.HIGHER


@register
@dataclass(frozen=True, slots=True)
class Rating(Curve):
    """A rating given by people on a scale from ``lowest`` to ``best``: 0 to 100 points, straight."""

    key: ClassVar[str] = "rating"
    names: ClassVar[Mapping[str, str]] = {"zh": "主观评分", "en": "rating by people"}
    subjective: ClassVar[bool] = True

    best: Decimal
    lowest: Decimal = Decimal(0)
    _line: Slope = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check(self)
        object.__setattr__(self, "_line", Slope(self.lowest, ZERO, self.best, FULL))

    def faults(self) -> Iterator[Issue]:
        if self.best <= self.lowest:
            yield Issue("best", "curve.rating_scale", {"lowest": self.lowest, "best": self.best})

    def points(self, value: Decimal) -> Fraction:
        return self._line.at(min(self.best, max(self.lowest, value)))

    def formula(self, value: Decimal) -> str:
        return self._line.formula(min(self.best, max(self.lowest, value)))

    def text(self) -> str:
        return f"{figure(self.lowest)}–{figure(self.best)}"

    @property
    def direction(self) -> Direction:
        return Direction.HIGHER

    @property
    def aims(self) -> Target:
        return Target(target=self.best)


@register
@dataclass(frozen=True, slots=True)
class Constant(Curve):
    """The same points for everyone who has a value at all, e.g. an item in its trial cycle."""

    key: ClassVar[str] = "constant"
    names: ClassVar[Mapping[str, str]] = {"zh": "固定分", "en": "constant"}

    given: Decimal

    def __post_init__(self) -> None:
        check(self)

    def points(self, value: Decimal) -> Fraction:
        del value
        return Fraction(self.given)

    def formula(self, value: Decimal) -> str:
        del value
        return figure(self.given)

    def text(self) -> str:
        return figure(self.given)
