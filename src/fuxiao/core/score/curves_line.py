"""Curves made of straight pieces between knots: floor/target/stretch, and a target range."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from fuxiao.core.errors import Issue
from fuxiao.core.explain import figure
from fuxiao.core.indicator import Direction
from fuxiao.core.score.curve import Curve, check, register
from fuxiao.core.score.piece import ZERO, Flat, Piece, Slope, flat
from fuxiao.core.target import Target

NOTHING = flat(ZERO)


def _past(edge: Decimal | None, value: Decimal, side: int) -> bool:
    """Whether ``value`` lies beyond ``edge``: below it for ``side`` -1, above for 1; never where the side is open."""
    return edge is not None and (value - edge) * side > 0


class Pieced(Curve):
    """A curve that answers with the straight piece a value falls on."""

    __slots__ = ()

    @abstractmethod
    def piece(self, value: Decimal) -> Piece:
        """The piece that ``value`` falls on."""

    def points(self, value: Decimal) -> Fraction:
        return self.piece(value).at(value)

    def formula(self, value: Decimal) -> str:
        return self.piece(value).formula(value)


@register
@dataclass(frozen=True, slots=True)
class FloorTargetStretch(Pieced):
    """Nothing before the floor, then straight to the target, then straight to the stretch, flat after it.

    A target below its floor means that lower is better. Without a stretch the points stay at the target's.
    """

    key: ClassVar[str] = "floor_target_stretch"
    names: ClassVar[Mapping[str, str]] = {"zh": "门槛 / 目标 / 挑战", "en": "floor / target / stretch"}

    floor: Decimal
    target: Decimal
    stretch: Decimal | None = None
    floor_points: Decimal = Decimal(60)
    target_points: Decimal = Decimal(100)
    stretch_points: Decimal = Decimal(120)
    below_points: Decimal = Decimal(0)
    _sign: int = field(init=False, repr=False, compare=False)
    _pieces: tuple[Piece, Piece, Piece, Piece] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check(self)
        object.__setattr__(self, "_sign", 1 if self.target > self.floor else -1)
        object.__setattr__(self, "_pieces", self._cut())

    def _cut(self) -> tuple[Piece, Piece, Piece, Piece]:
        below, rise = flat(self.below_points), Slope(self.floor, self.floor_points, self.target, self.target_points)
        if self.stretch is None:
            return below, rise, flat(self.target_points), flat(self.target_points)
        top = Slope(self.target, self.target_points, self.stretch, self.stretch_points)
        return below, rise, top, flat(self.stretch_points)

    def faults(self) -> Iterator[Issue]:
        if self.floor == self.target:
            yield Issue("target", "curve.floor_is_target", {"got": self.target})
        if self.stretch is not None and (self.stretch - self.target) * (self.target - self.floor) <= 0:
            yield Issue("stretch", "curve.stretch_order", {"numbers": self.text()})
        if not self.below_points <= self.floor_points <= self.target_points <= self.stretch_points:
            ladder = (self.below_points, self.floor_points, self.target_points, self.stretch_points)
            yield Issue("floor_points", "curve.points_fall", {"points": " / ".join(map(figure, ladder))})

    def piece(self, value: Decimal) -> Piece:
        if (value - self.floor) * self._sign < 0:
            return self._pieces[0]
        if (value - self.target) * self._sign <= 0:
            return self._pieces[1]
        beyond = self.stretch is None or (value - self.stretch) * self._sign >= 0
        return self._pieces[3 if beyond else 2]

    def text(self) -> str:
        return self.aims.text()

    @property
    def met_at(self) -> Decimal:
        return self.target_points

    @property
    def near_at(self) -> Decimal:
        return self.floor_points

    @property
    def direction(self) -> Direction:
        return Direction.HIGHER if self.target > self.floor else Direction.LOWER

    @property
    def aims(self) -> Target:
        return Target(self.floor, self.target, self.stretch)

    def aimed_at(self, target: Target) -> Curve:
        """With somebody's own numbers; those not given stay the scheme's."""
        floor = self.floor if target.floor is None else target.floor
        aim = self.target if target.target is None else target.target
        stretch = self.stretch if target.stretch is None else target.stretch
        return self._with(floor, aim, stretch)

    def scaled(self, factor: Decimal) -> Curve:
        stretch = None if self.stretch is None else self.stretch * factor
        return self._with(self.floor * factor, self.target * factor, stretch)

    def _with(self, floor: Decimal, target: Decimal, stretch: Decimal | None) -> Curve:
        points = (self.floor_points, self.target_points, self.stretch_points, self.below_points)
        return FloorTargetStretch(floor, target, stretch, *points)


@register
@dataclass(frozen=True, slots=True)
class Range(Pieced):
    """Best inside ``[low, high]``, straight down to nought at ``zero_low`` and ``zero_high``.

    One side may be left open (both its numbers absent): the best points then hold on that side.
    """

    key: ClassVar[str] = "range"
    names: ClassVar[Mapping[str, str]] = {"zh": "区间最优", "en": "target range"}

    low: Decimal | None = None
    high: Decimal | None = None
    zero_low: Decimal | None = None
    zero_high: Decimal | None = None
    best: Decimal = Decimal(100)
    _best: Flat = field(init=False, repr=False, compare=False)
    _left: Piece = field(init=False, repr=False, compare=False)
    _right: Piece = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check(self)
        best = flat(self.best)
        object.__setattr__(self, "_best", best)
        object.__setattr__(self, "_left", self._side(self.zero_low, self.low) or best)
        object.__setattr__(self, "_right", self._side(self.zero_high, self.high) or best)

    def _side(self, zero: Decimal | None, edge: Decimal | None) -> Piece | None:
        return None if zero is None or edge is None else Slope(zero, ZERO, edge, self.best)

    def faults(self) -> Iterator[Issue]:
        sides = (("low", self.low, self.zero_low), ("high", self.high, self.zero_high))
        for name, edge, zero in sides:
            if (edge is None) != (zero is None):
                yield Issue(name, "curve.range_half_side", {"side": name})
        knots = [n for n in (self.zero_low, self.low, self.high, self.zero_high) if n is not None]
        if not knots:
            yield Issue("low", "curve.range_empty")
        if sorted(knots) != knots or self.zero_low == self.low is not None or self.zero_high == self.high is not None:
            yield Issue("low", "curve.range_order", {"numbers": " / ".join(map(figure, knots))})
        if self.best <= 0:
            yield Issue("best", "curve.not_positive", {"got": self.best})

    def piece(self, value: Decimal) -> Piece:
        if _past(self.zero_low, value, -1) or _past(self.zero_high, value, 1):
            return NOTHING
        if _past(self.low, value, -1):
            return self._left
        return self._right if _past(self.high, value, 1) else self._best

    def text(self) -> str:
        low, high, zero_low, zero_high = (
            "" if n is None else figure(n) for n in (self.low, self.high, self.zero_low, self.zero_high)
        )
        return f"{low}–{high} ({zero_low}…{zero_high})"

    @property
    def met_at(self) -> Decimal:
        return self.best

    @property
    def direction(self) -> Direction:
        if self.high is None:
            return Direction.HIGHER
        return Direction.LOWER if self.low is None else Direction.RANGE

    @property
    def aims(self) -> Target:
        """The nearer edge is what one works towards; a range has no stretch."""
        return Target(target=self.high if self.low is None else self.low)

    def scaled(self, factor: Decimal) -> Curve:
        sides = ("low", "high", "zero_low", "zero_high")
        return replace(self, **{s: getattr(self, s) * factor for s in sides if getattr(self, s) is not None})
