"""The registered types of components: what a role's bonus can be made of.

A type is a frozen declaration (its fields are its typed parameters), a stored name, labels, and one pure method that
works out the exact amount for a stretch of the period. ``registry.py`` lists the types that a plan may name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Protocol

from fuxiao.core.bonus.base import WHOLE, Part, base_pay
from fuxiao.core.bonus.curve import Knot, knots_issues, payout
from fuxiao.core.bonus.money import ONE, money_of, shown
from fuxiao.core.bonus.multiplier import Multiplier, combine
from fuxiao.core.bonus.piece import Output, PieceRates, piece_pay
from fuxiao.core.bonus.reader import (
    AMOUNT,
    FLAG,
    LABEL,
    NO_LABEL,
    SHARE,
    TEXT,
    Label,
    at,
    choice,
    list_of,
    map_of,
    record,
)
from fuxiao.core.bonus.tiers import Tier, TierMode, commission, tier_issues
from fuxiao.core.errors import Issue
from fuxiao.core.explain import Trace

HUNDRED = Decimal(100)


class Stint(Protocol):
    """What a component may ask about a stretch of the period (see ``stint.py``)."""

    base: Decimal
    present: Part
    stay: Part
    output: tuple[Output, ...]
    points: Decimal
    revenue: Decimal
    rated: bool
    own: Trace

    def factor(self, name: str) -> Trace:
        """The named factor."""

    def attainment(self, of: Whose) -> Decimal | None:
        """Per cent reached, by the person or the team."""


class Whose(StrEnum):
    """Whose result counts."""

    OWN = "own"
    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component(ABC):
    """What every component has: a key (unique in its role), and a label on the payslip."""

    TYPE: ClassVar[str]
    LABEL: ClassVar[Label]
    PIECE_WORK: ClassVar[bool] = False

    key: Annotated[str, TEXT]
    label: Annotated[Label, LABEL] = NO_LABEL

    @property
    def title(self) -> Label:
        """The label on the payslip."""
        return self.label if self.label.zh else self.LABEL

    @property
    def multiplier(self) -> Multiplier | None:
        """The multiplier used, if any."""
        return None

    def needs_base(self) -> bool:
        """Whether the amount starts from a base."""
        return False

    def check(self, where: str) -> Iterator[Issue]:
        """What is wrong with the parameters taken together."""
        del where
        return iter(())

    @abstractmethod
    def pay(self, stint: Stint) -> Trace:
        """The exact amount for a stretch, unrounded."""
        ...


OWN = Multiplier(factors=("own",))
QUALITY = Multiplier(factors=("quality",))
PLAIN = Multiplier()


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseCoefficient(Component):
    """base × share × multiplier × attendance × part of the period: the ordinary performance bonus.

    With ``multiply: {factors: [own, company]}`` it is the open-ended budget that follows the company's result.
    """

    TYPE: ClassVar[str] = "base_coefficient"
    LABEL: ClassVar[Label] = Label("绩效奖金", "performance bonus")

    base: Annotated[Decimal | None, AMOUNT] = None
    share: Annotated[Decimal, SHARE] = ONE
    multiply: Annotated[Multiplier, record(Multiplier, blank=OWN)] = OWN
    by_attendance: Annotated[bool, FLAG] = True

    @property
    def multiplier(self) -> Multiplier | None:
        return self.multiply

    def needs_base(self) -> bool:
        return self.base is None

    def pay(self, stint: Stint) -> Trace:
        base = (stint.base if self.base is None else self.base) * self.share
        factor = times(self.multiply, stint)
        present = stint.present if self.by_attendance else WHOLE
        return base_pay(base, factor=money_of(factor), present=present, stay=stint.stay, made_of=(factor,))


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceRate(Component):
    """Counted output × rate × difficulty, × multiplier (quality by default). Own rework unpaid, rescue paid."""

    TYPE: ClassVar[str] = "piece_rate"
    LABEL: ClassVar[Label] = Label("计件工资", "piece rate")
    PIECE_WORK: ClassVar[bool] = True

    fallback: Annotated[Decimal, AMOUNT]
    rates: Annotated[Mapping[str, Decimal], map_of(AMOUNT)] = field(default_factory=dict)
    difficulty: Annotated[Mapping[str, Decimal], map_of(AMOUNT)] = field(default_factory=dict)
    multiply: Annotated[Multiplier, record(Multiplier, blank=QUALITY)] = QUALITY

    @property
    def multiplier(self) -> Multiplier | None:
        return self.multiply

    def pay(self, stint: Stint) -> Trace:
        rates = PieceRates(self.fallback, self.rates, self.difficulty)
        return multiplied(piece_pay(stint.output, rates=rates), times(self.multiply, stint))


@dataclass(frozen=True, slots=True, kw_only=True)
class TieredCommission(Component):
    """A commission on revenue in bands: marginal unless the plan says ``whole``."""

    TYPE: ClassVar[str] = "tiered_commission"
    LABEL: ClassVar[Label] = Label("阶梯提成", "tiered commission")
    PIECE_WORK: ClassVar[bool] = True

    tiers: Annotated[tuple[Tier, ...], list_of(record(Tier))]
    mode: Annotated[TierMode, choice(TierMode)] = TierMode.MARGINAL
    multiply: Annotated[Multiplier, record(Multiplier, blank=PLAIN)] = PLAIN

    @property
    def multiplier(self) -> Multiplier | None:
        return self.multiply

    def check(self, where: str) -> Iterator[Issue]:
        yield from tier_issues(self.tiers, self.mode, at(where, "tiers"))

    def pay(self, stint: Stint) -> Trace:
        return multiplied(commission(stint.revenue, tiers=self.tiers, mode=self.mode), times(self.multiply, stint))


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutCurve(Component):
    """base × share × payout curve over the own or the team's attainment. Not rated pays by the not-rated rule."""

    TYPE: ClassVar[str] = "payout_curve"
    LABEL: ClassVar[Label] = Label("达成奖金", "attainment bonus")

    curve: Annotated[tuple[Knot, ...], list_of(record(Knot))]
    of: Annotated[Whose, choice(Whose)] = Whose.OWN
    base: Annotated[Decimal | None, AMOUNT] = None
    share: Annotated[Decimal, SHARE] = ONE
    by_attendance: Annotated[bool, FLAG] = True

    def check(self, where: str) -> Iterator[Issue]:
        yield from knots_issues(self.curve, at(where, "curve"))

    def needs_base(self) -> bool:
        return self.base is None

    def pay(self, stint: Stint) -> Trace:
        reached = stint.attainment(self.of)
        curve = stint.own if reached is None else payout(self.curve, reached)
        factor = money_of(curve) if reached is None else money_of(curve) / HUNDRED
        base = (stint.base if self.base is None else self.base) * self.share
        present = stint.present if self.by_attendance else WHOLE
        return base_pay(base, factor=factor, present=present, stay=stint.stay, made_of=(curve,))


@dataclass(frozen=True, slots=True, kw_only=True)
class PointValue(Component):
    """Points × a fixed value of a point (a pool shared by points is a pool with ``weight: points``)."""

    TYPE: ClassVar[str] = "point_value"
    LABEL: ClassVar[Label] = Label("积分奖金", "bonus for points")

    value: Annotated[Decimal, AMOUNT]
    cap: Annotated[Decimal | None, AMOUNT] = None

    def pay(self, stint: Stint) -> Trace:
        earned = stint.points * self.value
        formula = f"{shown(stint.points)} × {shown(self.value)}"
        if self.cap is None or earned <= self.cap:
            return Trace("bonus.points", earned, formula)
        return Trace("bonus.points", self.cap, f"min({formula}, {shown(self.cap)})", {"uncapped": earned})


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance(Component):
    """A fixed amount outside every score (peak season, night shifts), by attendance unless the plan says no."""

    TYPE: ClassVar[str] = "allowance"
    LABEL: ClassVar[Label] = Label("津贴", "allowance")

    amount: Annotated[Decimal, AMOUNT]
    by_attendance: Annotated[bool, FLAG] = True

    def pay(self, stint: Stint) -> Trace:
        present = stint.present if self.by_attendance else WHOLE
        return replace(base_pay(self.amount, present=present, stay=stint.stay), code="bonus.allowance")


def times(multiplier: Multiplier, stint: Stint) -> Trace:
    """A component's multiplier with this person's factors."""
    if multiplier == OWN:
        return stint.own
    return combine({name: stint.factor(name) for name in multiplier.names}, multiplier=multiplier)


def multiplied(amount: Trace, factor: Trace) -> Trace:
    """An amount × a factor; the amount itself where no factor is used."""
    if not factor.formula and not factor.inputs and factor.value == ONE:
        return amount
    value = money_of(amount) * money_of(factor)
    formula = f"{shown(money_of(amount))} × {shown(money_of(factor))}"
    return Trace("bonus.multiplied", value, formula, inputs=(amount, factor))
