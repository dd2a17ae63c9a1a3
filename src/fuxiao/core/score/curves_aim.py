"""Curves with one aim and a cap: attainment, and lower-is-better as a ratio or a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, cast

from fuxiao.core.errors import Issue
from fuxiao.core.explain import figure
from fuxiao.core.indicator import Direction
from fuxiao.core.score.curve import Curve, check, register
from fuxiao.core.score.exact import FULL, shown
from fuxiao.core.score.piece import ZERO, Slope
from fuxiao.core.target import Target


class Aimed(Curve):
    """A curve with 100 points at ``target`` and at most ``cap``."""

    __slots__ = ()
    target: Decimal
    cap: Decimal

    def faults(self) -> Iterator[Issue]:
        if self.target <= 0:
            yield Issue("target", "curve.not_positive", {"got": self.target})
        if self.cap < FULL:
            yield Issue("cap", "curve.cap_below_full", {"got": self.cap})

    def text(self) -> str:
        return figure(self.target)

    @property
    def aims(self) -> Target:
        return Target(target=self.target)

    def aimed_at(self, target: Target) -> Curve:
        return self if target.target is None else self._with(target.target)

    def scaled(self, factor: Decimal) -> Curve:
        return self._with(self.target * factor)

    def _with(self, aim: Decimal) -> Curve:
        return cast("Curve", replace(cast("Any", self), target=aim))


@register
@dataclass(frozen=True, slots=True)
class Attainment(Aimed):
    """Share of the target reached, higher is better: ``min(cap, 100 × value ÷ target)``, never below nought."""

    key: ClassVar[str] = "attainment"
    names: ClassVar[Mapping[str, str]] = {"zh": "达成率", "en": "attainment"}

    target: Decimal
    cap: Decimal = Decimal(120)
    _rise: Slope = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check(self)
        object.__setattr__(self, "_rise", Slope(ZERO, ZERO, self.target, FULL))

    @property
    def direction(self) -> Direction:
        return Direction.HIGHER

    def points(self, value: Decimal) -> Fraction:
        if value <= 0:
            return Fraction(0)
        return Fraction(self.cap) if value * 100 >= self.cap * self.target else self._rise.at(value)

    def formula(self, value: Decimal) -> str:
        return f"max(0, min({figure(self.cap)}, 100 × {shown(value)} ÷ {figure(self.target)}))"


@register
@dataclass(frozen=True, slots=True)
class LowerRatio(Aimed):
    """Lower is better as a ratio: ``min(cap, 100 × target ÷ value)``.

    It never reaches nought and explodes near a value of nought (where the cap holds); prefer ``lower_linear``.
    """

    key: ClassVar[str] = "lower_ratio"
    names: ClassVar[Mapping[str, str]] = {"zh": "越低越好（比值）", "en": "lower is better, ratio"}

    target: Decimal
    cap: Decimal = Decimal(120)

    def __post_init__(self) -> None:
        check(self)

    @property
    def direction(self) -> Direction:
        return Direction.LOWER

    def points(self, value: Decimal) -> Fraction:
        if value <= 0 or self.target * 100 >= self.cap * value:
            return Fraction(self.cap)
        return 100 * Fraction(self.target) / Fraction(value)

    def formula(self, value: Decimal) -> str:
        if value <= 0:
            return figure(self.cap)
        return f"min({figure(self.cap)}, 100 × {figure(self.target)} ÷ {shown(value)})"


@register
@dataclass(frozen=True, slots=True)
class LowerLinear(Aimed):
    """Lower is better as a line: ``100 × (2 − value ÷ target)``, at most ``cap``, nought from twice the target on."""

    key: ClassVar[str] = "lower_linear"
    names: ClassVar[Mapping[str, str]] = {"zh": "越低越好（直线）", "en": "lower is better, line"}

    target: Decimal
    cap: Decimal = Decimal(120)
    _fall: Slope = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check(self)
        object.__setattr__(self, "_fall", Slope(self.target * 2, ZERO, self.target, FULL))

    @property
    def direction(self) -> Direction:
        return Direction.LOWER

    def points(self, value: Decimal) -> Fraction:
        return max(Fraction(0), min(Fraction(self.cap), self._fall.at(value)))

    def formula(self, value: Decimal) -> str:
        return f"max(0, min({figure(self.cap)}, 100 × (2 − {shown(value)} ÷ {figure(self.target)})))"
