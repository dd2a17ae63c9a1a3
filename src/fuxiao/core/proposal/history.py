"""What a proposal is made from: months of the indicator, the rules of the house, the last target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.errors import CalculationError, DefinitionError, Issue
from fuxiao.core.indicator import Direction

FEWEST_MONTHS = 6


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One calendar month of the indicator: ``value`` in its unit, from ``n`` counted facts."""

    year: int
    month: int
    value: Decimal
    n: int

    @property
    def ordinal(self) -> int:
        """Months since the year 0: neighbours differ by one."""
        return ordinal((self.year, self.month))


@dataclass(frozen=True, slots=True)
class Previous:
    """The target of the last period and what was reached; ``months`` (year, month) where seasons matter."""

    target: Decimal
    actual: Decimal
    months: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the house sets targets; every number may be changed.

    ``minimum`` is the least number of facts a month needs to count. ``benchmark`` is what good departments reach
    (``None``: own history only), ``benchmark_months`` the months of own history that weigh as much as it. ``limit`` is
    the law's or a contract's: no target is worse than it. ``lowest`` and ``highest`` are the ends of the indicator's
    scale. ``snap`` is the step targets are rounded to.
    """

    direction: Direction = Direction.HIGHER
    minimum: int = 30
    benchmark: Decimal | None = None
    benchmark_months: int = 12
    limit: Decimal | None = None
    lowest: Decimal | None = Decimal(0)
    highest: Decimal | None = Decimal(100)
    snap: Decimal = Decimal("0.5")
    trend_share: Decimal = Decimal("0.5")  # of the trend that is expected to go on
    gap_share: Decimal = Decimal("0.25")  # of the gap to the benchmark asked for in one step
    excess_share: Decimal = Decimal("0.5")  # of last period's over-performance that may raise the target

    def __post_init__(self) -> None:
        if issues := tuple(self._issues()):
            raise DefinitionError("proposal", issues)

    def _issues(self) -> Iterator[Issue]:
        if self.direction is Direction.RANGE:
            yield Issue("direction", "proposal.range_has_no_better")
        if self.snap <= 0:
            yield Issue("snap", "proposal.not_positive", {"value": self.snap})
        if self.benchmark_months < 0:
            yield Issue("benchmark_months", "proposal.negative", {"value": self.benchmark_months})
        for name in ("trend_share", "gap_share", "excess_share"):
            if not 0 <= getattr(self, name) <= 1:
                yield Issue(name, "proposal.share_outside", {"value": getattr(self, name)})
        if self.lowest is not None and self.highest is not None and self.lowest >= self.highest:
            yield Issue("lowest", "proposal.scale_empty", {"lowest": self.lowest, "highest": self.highest})

    @property
    def sign(self) -> int:
        """1 where higher is better, -1 where lower is."""
        return -1 if self.direction is Direction.LOWER else 1


def ordinal(month: tuple[int, int]) -> int:
    """A (year, month) as one number."""
    year, number = month
    if not 1 <= number <= 12:
        raise CalculationError("proposal.no_such_month", month=number)
    return year * 12 + number - 1


def usable(months: Sequence[Month], *, minimum: int) -> tuple[Month, ...]:
    """The months with enough facts, oldest first; at least six, none twice."""
    kept = sorted((month for month in months if month.n >= minimum), key=lambda month: month.ordinal)
    if len({month.ordinal for month in kept}) < len(kept):
        raise CalculationError("proposal.month_twice")
    if len(kept) < FEWEST_MONTHS:
        raise CalculationError("proposal.too_few_months", months=len(kept), minimum=FEWEST_MONTHS)
    return tuple(kept)
