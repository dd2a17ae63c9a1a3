"""The payout curve: from attainment to the part of a bonus that is paid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from fuxiao.core.errors import Issue
from fuxiao.core.explain import figure
from fuxiao.core.indicator import Direction
from fuxiao.core.score.curve import check, register
from fuxiao.core.score.curves_line import FloorTargetStretch, Pieced
from fuxiao.core.score.piece import ZERO, Piece
from fuxiao.core.target import Target


@register
@dataclass(frozen=True, slots=True)
class Payout(Pieced):
    """Attainment in % to payout in %: nothing below the threshold, straight to the target, straight to the maximum.

    The common sales-compensation curve; 80 % pays 50 %, 100 % pays 100 %, 120 % and more pays 150 %.
    """

    key: ClassVar[str] = "payout"
    names: ClassVar[Mapping[str, str]] = {"zh": "兑现曲线", "en": "payout curve"}

    threshold: Decimal = Decimal(80)
    threshold_pays: Decimal = Decimal(50)
    target: Decimal = Decimal(100)
    target_pays: Decimal = Decimal(100)
    most: Decimal = Decimal(120)
    most_pays: Decimal = Decimal(150)
    _curve: FloorTargetStretch = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check(self)
        curve = FloorTargetStretch(
            self.threshold, self.target, self.most, self.threshold_pays, self.target_pays, self.most_pays
        )
        object.__setattr__(self, "_curve", curve)

    def faults(self) -> Iterator[Issue]:
        if not self.threshold < self.target < self.most:
            yield Issue("threshold", "curve.payout_order", {"numbers": self.text()})
        if not ZERO <= self.threshold_pays <= self.target_pays <= self.most_pays:
            yield Issue("threshold_pays", "curve.points_fall", {"points": self.text()})

    def piece(self, value: Decimal) -> Piece:
        return self._curve.piece(value)

    def text(self) -> str:
        at = (self.threshold, self.target, self.most)
        pays = (self.threshold_pays, self.target_pays, self.most_pays)
        return " / ".join(f"{figure(a)}: {figure(p)}" for a, p in zip(at, pays, strict=True))

    @property
    def met_at(self) -> Decimal:
        return self.target_pays

    @property
    def direction(self) -> Direction:
        return Direction.HIGHER

    @property
    def aims(self) -> Target:
        return Target(self.threshold, self.target, self.most)
