"""What a settlement gives back: payslip lines that add up, pools that add up, and what had to be noticed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fuxiao.core.bonus.money import ZERO
from fuxiao.core.explain import Trace
from fuxiao.core.law import ProcedureStatus


class LineKind(StrEnum):
    """What a payslip line is, in the order in which they stand."""

    COMPONENT = "component"
    CAP = "cap"  # negative: what the role's cap takes off its components
    POOL = "pool"
    HOLD = "hold"  # negative: paid later
    RELEASE = "release"  # held back earlier, paid now
    ADJUSTMENT = "adjustment"  # a correction of an earlier period
    CARRY = "carry"  # a negative balance is not taken from anybody: it waits for the next period
    TOP_UP = "top_up"  # up to the minimum wage


@dataclass(frozen=True, slots=True)
class Line:
    """A payslip line. ``component`` is the key of a component or pool, else the kind's own name."""

    kind: LineKind
    component: str
    amount: Decimal
    trace: Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """One person's amounts in a period. ``total`` is what is paid now: the sum of ``lines``, exactly, never negative.

    ``flags`` say what had to be noticed: ``not_rated``, ``no_base``, ``role_not_in_plan``, ``not_eligible``,
    ``team_score_missing``, ``gate:<what>``, ``capped``, ``carried``, ``hold_reduced``, ``only_corrections``,
    ``wage_unknown``.
    """

    person: str
    name: str
    role: str
    team: str
    lines: tuple[Line, ...]
    total: Decimal
    flags: tuple[str, ...]

    def of(self, kind: LineKind) -> Decimal:
        """The sum of the lines of one kind."""
        return sum((line.amount for line in self.lines if line.kind is kind), ZERO)

    @property
    def earned(self) -> Decimal:
        """What this period's result earned: components after their cap, and pool shares."""
        return self.of(LineKind.COMPONENT) + self.of(LineKind.CAP) + self.of(LineKind.POOL)

    @property
    def held(self) -> Decimal:
        """What is held back of it for later."""
        return -self.of(LineKind.HOLD)

    @property
    def top_up(self) -> Decimal:
        """What was added to reach the minimum wage."""
        return self.of(LineKind.TOP_UP)

    @property
    def carried(self) -> Decimal:
        """What corrections still claim back: to be passed in as an adjustment of the next period."""
        return self.of(LineKind.CARRY)

    @property
    def trace(self) -> Trace:
        """The total with every line below it."""
        inputs = tuple(line.trace for line in self.lines)
        formula = " + ".join(f"{line.amount:f}" for line in self.lines).replace("+ -", "− ")
        return Trace("bonus.total", self.total, formula, {"person": self.person}, inputs)

    def statement(self) -> Iterator[StatementRow]:
        """The payslip: lines in order with the subtotal of what was earned, and the total at the end."""
        early = {LineKind.COMPONENT, LineKind.CAP, LineKind.POOL}
        rows = [StatementRow(line.kind.value, line.component, line.amount) for line in self.lines]
        cut = sum(line.kind in early for line in self.lines)
        yield from rows[:cut]
        yield StatementRow("earned", "", self.earned)
        yield from rows[cut:]
        yield StatementRow("total", "", self.total)


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A row of the payslip as a face prints it; ``kind`` is a line's kind, ``earned`` or ``total``."""

    kind: str
    component: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSummary:
    """A pool after it was shared out: shares and what stayed undistributed add up to ``amount`` exactly.

    ``per_weight`` is the money for one unit of weight (the value of a point), to four digits.
    """

    key: str
    team: str
    amount: Decimal
    weight: Decimal
    per_weight: Decimal | None
    shares: Mapping[str, Decimal]
    undistributed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A plan applied to a period. ``payroll`` says whether it may be paid; ``None`` where no day was given."""

    plan: str
    version: str
    period: str
    currency: str
    payouts: tuple[Payout, ...]
    pools: tuple[PoolSummary, ...]
    payroll: ProcedureStatus | None

    @property
    def total(self) -> Decimal:
        """Everything that is paid now."""
        return sum((payout.total for payout in self.payouts), ZERO)

    @property
    def flags(self) -> Mapping[str, int]:
        """How many people carry each flag, by name of the flag."""
        counts: dict[str, int] = {}
        for payout in self.payouts:
            for flag in payout.flags:
                counts[flag] = counts.get(flag, 0) + 1
        return dict(sorted(counts.items()))

    def payout(self, person: str) -> Payout | None:
        """One person's payout."""
        return next((payout for payout in self.payouts if payout.person == person), None)
