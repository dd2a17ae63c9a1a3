"""The rules of a plan beside its components: gates, pools, hold-back, minimum wage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from fuxiao.core.bonus.base import MONTHLY_PAY_DAYS
from fuxiao.core.bonus.earner import Earner
from fuxiao.core.bonus.money import ZERO
from fuxiao.core.bonus.reader import (
    AMOUNT,
    DAY,
    FLAG,
    LABEL,
    NO_LABEL,
    NUMBER,
    SHARE,
    TEXT,
    Label,
    choice,
    list_of,
    map_of,
)
from fuxiao.core.errors import Issue


class Cycle(StrEnum):
    """How often a plan pays."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


MONTHS = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.HALF: 6, Cycle.YEAR: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A condition for a promised amount: a confirmed veto, or an indicator below a bar, scales what it names.

    ``applies_to`` lists components and pools by key; empty means all of them. ``factor`` 0 pays nothing of them. A gate
    reaches only variable amounts of this plan; base wage is never touched.
    """

    veto: Annotated[str | None, TEXT] = None
    indicator: Annotated[str | None, TEXT] = None
    below: Annotated[Decimal | None, NUMBER] = None
    above: Annotated[Decimal | None, NUMBER] = None
    applies_to: Annotated[tuple[str, ...], list_of(TEXT)] = ()
    roles: Annotated[tuple[str, ...], list_of(TEXT)] = ()
    factor: Annotated[Decimal, SHARE] = ZERO
    label: Annotated[Label, LABEL] = NO_LABEL

    def check(self, where: str) -> Iterator[Issue]:
        """One condition, complete: a veto, or an indicator with one bar."""
        if (self.veto is None) == (self.indicator is None):
            yield Issue(where, "plan.gate_needs_one_condition", {})
        elif self.indicator is not None and (self.below is None) == (self.above is None):
            yield Issue(where, "plan.gate_needs_one_bar", {"indicator": self.indicator})

    def shut(self, earner: Earner) -> bool:
        """Whether the condition holds for a person; an indicator without a value never shuts a gate."""
        if self.roles and earner.role not in self.roles:
            return False
        if self.veto is not None:
            return self.veto in earner.vetoes
        value = earner.indicators.get(self.indicator or "")
        if value is None:
            return False
        return (self.below is not None and value < self.below) or (self.above is not None and value > self.above)


class Weight(StrEnum):
    """What a pool is shared by."""

    SCORE = "score"
    COEFFICIENT = "coefficient"
    SCORE_COEFFICIENT = "score_x_coefficient"
    BASE_COEFFICIENT = "base_x_coefficient"
    POINTS = "points"
    OUTPUT = "output"
    EQUAL = "equal"


class Scope(StrEnum):
    """Who shares one pool."""

    COMPANY = "company"
    TEAM = "team"  # each team has its own amount


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRule:
    """A pool: its amount (else given with the settlement), who shares it, by what weight, and the cap a person."""

    weight: Annotated[Weight, choice(Weight)]
    amount: Annotated[Decimal | None, AMOUNT] = None
    optional: Annotated[bool, FLAG] = False
    scope: Annotated[Scope, choice(Scope)] = Scope.COMPANY
    roles: Annotated[tuple[str, ...], list_of(TEXT)] = ()
    difficulty: Annotated[Mapping[str, Decimal], map_of(AMOUNT)] = field(default_factory=dict)
    by_attendance: Annotated[bool, FLAG] = True
    cap: Annotated[Decimal | None, AMOUNT] = None
    label: Annotated[Label, LABEL] = NO_LABEL

    def check(self, where: str) -> Iterator[Issue]:
        """A fixed amount is one amount: it cannot stand for every team."""
        if self.amount is not None and self.scope is Scope.TEAM:
            yield Issue(f"{where}.amount", "plan.amount_for_every_team", {})


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldBack:
    """A share of the bonus paid later under the stretch's own coefficient; ``of`` names the parts (empty = all)."""

    rate: Annotated[Decimal, SHARE]
    release: Annotated[Cycle, choice(Cycle)] = Cycle.QUARTER
    of: Annotated[tuple[str, ...], list_of(TEXT)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumWage:
    """The legal minimum wage of a place for one month, with its source."""

    monthly: Annotated[Decimal, AMOUNT]
    place: Annotated[str, TEXT]
    source: Annotated[str, TEXT] = ""


class AttendanceBy(StrEnum):
    """The divisor of attendance."""

    SCHEDULED = "scheduled"
    MONTHLY_DAYS = "monthly_days"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRule:
    """How attendance counts in amounts that follow it."""

    by: Annotated[AttendanceBy, choice(AttendanceBy)] = AttendanceBy.SCHEDULED
    days: Annotated[Decimal, AMOUNT] = MONTHLY_PAY_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Who takes part: enough days present (where attendance is known), and not outside by person id."""

    min_attended: Annotated[Decimal, AMOUNT] = ZERO
    without: Annotated[tuple[str, ...], list_of(TEXT)] = ()

    def admits(self, earner: Earner) -> bool:
        """Whether a person takes part in this period."""
        present = earner.attended is None or earner.attended >= self.min_attended
        return present and earner.person not in self.without


@dataclass(frozen=True, slots=True, kw_only=True)
class StepText:
    """A step of the plan's procedure: when, and what proves it."""

    day: Annotated[date | None, DAY] = None
    evidence: Annotated[str, TEXT] = ""
