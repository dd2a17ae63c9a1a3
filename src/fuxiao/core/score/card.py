"""The scorecard: items with value, points and weight, the total step by step, the grade, what would raise it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from fuxiao.core.explain import Trace
from fuxiao.core.indicator import Value
from fuxiao.core.score.curve import Curve
from fuxiao.core.score.exact import half_up, largest_remainder
from fuxiao.core.score.explain import card_trace, item_trace
from fuxiao.core.score.scheme import Item, Role, Scheme
from fuxiao.core.score.total import Extras, Total, sum_up, weighted_mean
from fuxiao.core.target import Target


class Status(StrEnum):
    """How an item stands against its target."""

    MET = "met"
    NEAR = "near"  # at least 60 points: at or past the floor
    MISSED = "missed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One line of a scorecard.

    ``used`` is the figure that was scored (the shrunken one where ``shrunk``), ``percent`` its points on the common
    scale (100: target met), exact, ``effective`` its share of the total after re-weighting (0 to 1). Where ``percent``
    is ``None`` the reason stands in ``missing``: a standing (``small_sample``, ``hidden``, ``no_data``) or
    ``no_value``, ``no_norm``, ``few_raters``, ``no_team_score``, ``not_judged``.
    """

    item: Item
    curve: Curve
    value: Value | None
    used: Decimal | None
    percent: Fraction | None
    effective: Fraction
    missing: str = ""
    shrunk: bool = False
    factor: Decimal = Decimal(1)

    @property
    def indicator(self) -> str:
        return self.item.indicator

    @property
    def weight(self) -> Decimal:
        """The weight as the scheme states it, in %."""
        return self.item.weight

    @property
    def effective_weight(self) -> Decimal:
        """The weight after normalising and re-weighting, in % at two decimals."""
        return half_up(self.effective * 100, 2)

    @property
    def points(self) -> Decimal | None:
        """The points at two decimals, for showing; the total is made from ``percent``."""
        return None if self.percent is None else half_up(self.percent, 2)

    @property
    def weighted(self) -> Fraction:
        """What the item adds to the total, exact."""
        return Fraction(0) if self.percent is None else self.percent * self.effective

    @property
    def status(self) -> Status:
        if self.percent is None:
            return Status.MISSING
        if self.percent >= self.curve.met_at:
            return Status.MET
        near = self.percent >= self.curve.near_at and self.percent > 0
        return Status.NEAR if near else Status.MISSED

    @property
    def target(self) -> Target:
        """The values at floor, target and stretch that held for this person."""
        return self.curve.aims

    @property
    def target_text(self) -> str:
        """What was asked for, in figures, e.g. ``85 / 95 / 99``."""
        return self.curve.text()

    @property
    def trace(self) -> Trace:
        """Points, weight and what they add to the total, with the curve's arithmetic below; built when asked for."""
        return item_trace(self)


@dataclass(frozen=True, slots=True)
class Gain:
    """What one item could still add to the total: the score's rise if it reached its target, and its stretch.

    An item that people judge rises to its next level. ``None`` where the curve has no such value; nought where it is
    already reached or a cap stands in the way.
    """

    indicator: str
    at_target: Decimal | None
    at_stretch: Decimal | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One subject's score in a period under a scheme and role.

    ``result`` holds the total step by step and is ``None`` for somebody not rated (more of the weight missing than the
    scheme allows); such a card has no grade and carries the scheme's coefficient for the unrated, flagged by ``rated``.
    ``grade_by`` is ``bands``, ``veto``, ``gate``, ``distribution`` or ``committee`` (then ``grade_reason`` says why).
    """

    subject: str
    period: str
    scheme: Scheme
    role: Role
    items: tuple[ItemScore, ...]
    extras: Extras
    result: Total | None
    grade: str | None
    coefficient: Decimal
    team: str = ""
    ranked: bool = True
    rank: Decimal | None = None
    rank_of: int = 0
    grade_by: str = "bands"
    grade_reason: str = ""

    @property
    def rated(self) -> bool:
        return self.result is not None

    @property
    def total(self) -> Decimal | None:
        """The score: two decimals, rounded once."""
        return None if self.result is None else self.result.score

    @property
    def next_grade(self) -> str | None:
        """The next better grade; ``None`` at the top, for the unrated, and under a grade held down."""
        band = self._next()
        return None if band is None else band[0]

    @property
    def distance(self) -> Decimal | None:
        """How many points are missing to the next better grade."""
        band = self._next()
        return None if band is None else band[1]

    def _next(self) -> tuple[str, Decimal] | None:
        if self.result is None:
            return None
        band = self.scheme.grades.next_above(self.scheme.grades.of(self.result.score))
        held = self.grade_by not in ("bands", "distribution")
        return None if band is None or held else (band.grade, band.lower - self.result.score)

    @property
    def weighted_shown(self) -> tuple[Decimal, ...]:
        """What each item adds, at two decimals, such that the column adds up to the shown mean of the items."""
        parts = [item.weighted for item in self.items]
        whole = int(half_up(sum(parts, Fraction(0)), 2) * 100)
        if not any(parts):
            return tuple(Decimal("0.00") for _ in parts)
        return tuple(Decimal(cents).scaleb(-2) for cents in largest_remainder(parts, whole))

    @property
    def dimensions(self) -> Mapping[str, Fraction]:
        """What each dimension (quality, speed, …) adds to the total, in the order of the items."""
        sums: dict[str, Fraction] = {}
        for line in self.items:
            sums[line.item.dimension] = sums.get(line.item.dimension, Fraction(0)) + line.weighted
        return sums

    @property
    def gains(self) -> tuple[Gain, ...]:
        """What would raise the score, item by item, found by scoring again with that one item changed."""
        if self.result is None:
            return ()
        return tuple(_gain(self, at) for at, line in enumerate(self.items) if line.percent is not None)

    def rise(self, indicator: str, value: Decimal) -> Decimal:
        """How much the score would rise if this one item had this figure; nought for the unrated and other items."""
        codes = [line.indicator for line in self.items]
        return _rise(self, codes.index(indicator), value) or Decimal(0) if indicator in codes else Decimal(0)

    @property
    def trace(self) -> Trace:
        """The whole arithmetic as a tree; built when asked for."""
        return card_trace(self)


def _gain(card: Scorecard, at: int) -> Gain:
    line = card.items[at]
    if line.item.rubric is not None:
        return Gain(line.indicator, _rise(card, at, line.item.rubric.above(line.used or Decimal(0))), None)
    return Gain(line.indicator, _rise(card, at, line.target.target), _rise(card, at, line.target.stretch))


def _rise(card: Scorecard, at: int, value: Decimal | None) -> Decimal | None:
    """How much the total would rise if item ``at`` had ``value``, and a gate on the same figure were open with it."""
    if value is None or card.result is None:
        return None
    code = card.items[at].indicator
    gates = tuple(gate.at(value) if gate.rule.indicator == code else gate for gate in card.extras.gates)
    percents: list[Fraction | None] = [line.percent for line in card.items]
    percents[at] = max(percents[at] or Fraction(0), card.items[at].curve.percent(value))
    own = weighted_mean(card.role.shares, percents) or Fraction(0)
    raised = sum_up(own, replace(card.extras, gates=gates), role=card.role, limits=card.scheme.limits)
    return raised.score - card.result.score
