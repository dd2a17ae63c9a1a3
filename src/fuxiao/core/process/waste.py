"""What poor quality costs, and compensation beyond what the kind of cases explains; money is exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Scalar, Trace, figure

FEWEST_PAST = 20
Cell = tuple[str, str]


class Category(StrEnum):
    """The four classes of quality cost (Feigenbaum 1956); only failures are the cost of poor quality."""

    PREVENTION = "prevention"
    APPRAISAL = "appraisal"
    INTERNAL_FAILURE = "internal_failure"
    EXTERNAL_FAILURE = "external_failure"

    @property
    def is_failure(self) -> bool:
        return self in {Category.INTERNAL_FAILURE, Category.EXTERNAL_FAILURE}


@dataclass(frozen=True, slots=True)
class CostItem:
    """One kind of quality cost: how many times, at how much each (a lump sum is one times its amount)."""

    kind: str
    category: Category
    count: Decimal
    each: Decimal

    @property
    def amount(self) -> Decimal:
        return self.count * self.each


@dataclass(frozen=True, slots=True)
class PoorQuality:
    """The cost of failures. ``share`` is its per cent of the service cost: for one's own trend, not for comparison with
    others. ``by_category`` has all four classes, ``by_kind`` each item's amount, dearest first."""

    total: Decimal
    share: Decimal
    by_category: Mapping[Category, Decimal]
    by_kind: tuple[tuple[str, Decimal], ...]
    trace: Trace


def cost_of_poor_quality(items: Sequence[CostItem], *, service_cost: Decimal) -> PoorQuality:
    """Add up the quality costs of a period whose whole service cost is given."""
    if service_cost <= 0:
        raise CalculationError("process.no_service_cost", service_cost=service_cost)
    amounts = {category: _sum(i.amount for i in items if i.category is category) for category in Category}
    failures = [item for item in items if item.category.is_failure]
    total = _sum(item.amount for item in failures)
    by_kind = sorted(((item.kind, item.amount) for item in items), key=lambda row: (-row[1], row[0]))
    inputs = tuple(_item_trace(item) for item in failures)
    formula = " + ".join(figure(item.amount) for item in failures)
    share = 100 * total / service_cost
    params = {"service_cost": service_cost, "share": share}
    trace = Trace("process.poor_quality", total, formula, params, inputs)
    return PoorQuality(total, share, amounts, tuple(by_kind), trace)


def _item_trace(item: CostItem) -> Trace:
    params = {"kind": item.kind, "category": item.category.value}
    return Trace("process.quality_cost", item.amount, f"{figure(item.count)} × {figure(item.each)}", params)


@dataclass(frozen=True, slots=True)
class Payments:
    """Cases and what was paid for them together."""

    cases: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OverCompensation:
    """What was paid against what the case mix explains. ``excess`` in per cent: above 0 is more than expected, ``None``
    where no cell has enough past cases. Cases of cells without are left out and counted in ``cases_left_out``."""

    paid: Decimal
    expected: Decimal
    excess: Decimal | None
    cases: int
    cases_left_out: int
    trace: Trace


def over_compensation(
    paid: Mapping[Cell, Payments], past: Mapping[Cell, Payments], *, fewest: int = FEWEST_PAST
) -> OverCompensation:
    """Compare payments with the past mean of their cell (category, value band); a cell needs ``fewest`` past cases."""
    if fewest < 1:
        raise CalculationError("process.fewest_below_one", fewest=fewest)
    known = sorted(cell for cell in paid if cell in past and past[cell].cases >= fewest)
    due = {cell: paid[cell].cases * past[cell].amount / past[cell].cases for cell in known}
    spent, expected = _sum(paid[cell].amount for cell in known), _sum(due.values())
    cases = sum(paid[cell].cases for cell in known)
    left_out = sum(payments.cases for payments in paid.values()) - cases
    excess = 100 * (spent - expected) / expected if expected else None
    inputs = tuple(_cell_trace(cell, paid[cell], past[cell], due[cell]) for cell in known)
    formula = f"({figure(spent)} − {figure(expected)}) ÷ {figure(expected)}" if expected else ""
    params: dict[str, Scalar] = {"paid": spent, "expected": expected, "cases": cases, "cases_left_out": left_out}
    trace = Trace("process.over_compensation", excess, formula, params, inputs)
    return OverCompensation(spent, expected, excess, cases, left_out, trace)


def _cell_trace(cell: Cell, paid: Payments, past: Payments, due: Decimal) -> Trace:
    params: dict[str, Scalar] = {"category": cell[0], "band": cell[1], "paid": paid.amount, "past_cases": past.cases}
    formula = f"{paid.cases} × {figure(past.amount)} ÷ {past.cases}"
    return Trace("process.expected_compensation", due, formula, params)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
