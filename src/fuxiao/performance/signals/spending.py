"""Evidence on what is billed, fitted and granted: G9 splitting, G12 part padding, P3 over-compensation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from math import sqrt

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.core.fairness import distributions as law
from fuxiao.core.gaming.signal import ShareLimits, Signal, over
from fuxiao.core.gaming.spending import PaddingLimits, order_splitting, part_padding
from fuxiao.core.process.waste import Cell, Payments, over_compensation
from fuxiao.performance.process.quality import GOODWILL
from fuxiao.performance.signals.evidence import Evidence, Look, number, tally, whole
from fuxiao.performance.signals.limits import OVER_COMPENSATION, CompensationLimits
from fuxiao.performance.window import counted

PAST_MONTHS = 12


def _paid_days(evidence: Evidence) -> ir.Table:
    """Person, device and day of paid visits, with ``split``: more than one order on that day."""
    visited = evidence.resolved().filter(_.visits > 0, _.av.notnull(), _.customer_id.notnull(), _.device_id.notnull())
    days = visited.group_by("av", "customer_id", "device_id", "opened_day").agg(
        orders=_.count(), case_id=_.case_id.min()
    )
    return days.mutate(split=_.orders > 1)


def find_splitting(evidence: Evidence, limits: ShareLimits) -> Iterator[Signal]:
    days = _paid_days(evidence)
    found = tally(evidence, days, by="av", hit=days.split)
    for person in found:
        counts = {"split_days": found.hits[person], "days": found.cases[person]}
        yield order_splitting(person, **counts, usual=found.usual(person), limits=limits)


def split_cases(evidence: Evidence, person: str) -> ir.Table:
    days = _paid_days(evidence).filter(_.av == person, _.split)
    return days.order_by(ibis.desc("orders"), "case_id").select("case_id")


def _fitted(evidence: Evidence) -> ir.Table:
    """Repairs of who made the first visit, with the parts used, and the company's mean for the fault (``expected``)."""
    lines = evidence.store.facts("parts").filter(_.case_id.notnull()).group_by("case_id").agg(parts=_.count())
    repairs = evidence.resolved().filter(_.visits > 0, _.av.notnull())
    fault = ibis.coalesce(_.fault_code, _.fault_group, _.category, "")
    used = repairs.left_join(lines, "case_id").select("case_id", "av", fault=fault, parts=_.parts.coalesce(0))
    return used.mutate(expected=_.parts.mean().over(ibis.window(group_by="fault")))


def find_padding(evidence: Evidence, limits: PaddingLimits) -> Iterator[Signal]:
    rows = _fitted(evidence).group_by("av").agg(
        parts=_.parts.sum(), expected=_.expected.sum(), repairs=_.count()
    )  # fmt: skip
    for row in evidence.rows(rows.order_by("av")):
        expected = number(row, "expected")
        if expected > 0:
            yield part_padding(
                str(row["av"]),
                parts=whole(row, "parts"),
                expected=expected,
                repairs=whole(row, "repairs"),
                limits=limits,
            )


def padded_cases(evidence: Evidence, person: str) -> ir.Table:
    mine = _fitted(evidence).filter(_.av == person, _.parts > _.expected).mutate(more=_.parts - _.expected)
    return mine.order_by(ibis.desc("more"), "case_id").select("case_id")


@dataclass(frozen=True, slots=True)
class _Cells:
    """Payments by kind and value band, with the sum of squares for their spread."""

    payments: Mapping[Cell, Payments]
    squares: Mapping[Cell, float]

    def without(self, other: _Cells) -> _Cells:
        """These less those of one person: what is usual among the others."""
        payments = dict(self.payments)
        squares = dict(self.squares)
        for cell, mine in other.payments.items():
            if cell in payments:
                whole_cell = payments[cell]
                payments[cell] = Payments(whole_cell.cases - mine.cases, whole_cell.amount - mine.amount)
                squares[cell] -= other.squares[cell]
        return _Cells({cell: paid for cell, paid in payments.items() if paid.cases > 0}, squares)

    def variance(self, cell: Cell) -> float:
        """The variance of one payment."""
        cases = self.payments[cell].cases
        return max(0.0, self.squares[cell] / cases - (float(self.payments[cell].amount) / cases) ** 2)


def _goodwill(evidence: Evidence, by: str, *, past: bool) -> ir.Table:
    """What was granted: in the window, or in the year before it."""
    window = evidence.window.before(PAST_MONTHS) if past else evidence.window
    costs = counted(evidence.store, "costs", "event", window)
    granted = costs.filter(_.kind.isin(GOODWILL), _.amount > 0, costs[by].notnull())
    return granted.mutate(subject=granted[by], band=_.value_band.coalesce(""))


def _cells(evidence: Evidence, by: str, *, past: bool) -> dict[str, _Cells]:
    amount = _.amount.cast("float64")
    rows = _goodwill(evidence, by, past=past).group_by("subject", "kind", "band").agg(
        cases=_.count(), amount=_.amount.sum(), squares=(amount * amount).sum()
    )  # fmt: skip
    found: dict[str, tuple[dict[Cell, Payments], dict[Cell, float]]] = {}
    for row in evidence.rows(rows):
        payments, squares = found.setdefault(str(row["subject"]), ({}, {}))
        cell = (str(row["kind"]), str(row["band"]))
        payments[cell] = Payments(whole(row, "cases"), Decimal(str(row["amount"])))
        squares[cell] = number(row, "squares")
    return {subject: _Cells(*each) for subject, each in sorted(found.items())}


def _together(all_cells: Iterable[_Cells]) -> _Cells:
    payments: dict[Cell, Payments] = {}
    squares: dict[Cell, float] = {}
    for each in all_cells:
        for cell, paid in each.payments.items():
            before = payments.get(cell, Payments(0, Decimal(0)))
            payments[cell] = Payments(before.cases + paid.cases, before.amount + paid.amount)
            squares[cell] = squares.get(cell, 0.0) + each.squares[cell]
    return _Cells(payments, squares)


def find_over_compensation(by: str, evidence: Evidence, limits: CompensationLimits) -> Iterator[Signal]:
    """What each person granted against the others' usual for the same kind and value band.

    The usual is that of the year before the window; without such a history that of the window itself.
    """
    now, before = _cells(evidence, by, past=False), _cells(evidence, by, past=True)
    reference = before or now
    everybody = _together(reference.values())
    nothing = _Cells({}, {})
    for person, mine in now.items():
        usual = everybody.without(reference.get(person, nothing))
        compared = over_compensation(mine.payments, usual.payments, fewest=limits.fewest_past)
        if compared.excess is None:
            continue
        cells = [cell for cell in mine.payments if _known(usual, cell, limits.fewest_past)]
        variance = sum(mine.payments[cell].cases * usual.variance(cell) for cell in cells)
        gap = float(compared.paid - compared.expected)
        p = float(law.normal_tail(gap / sqrt(variance))) if variance > 0 else float(gap <= 0)
        yield _signal(person, compared.paid, compared.expected, compared.cases, p=p, limits=limits)


def _known(usual: _Cells, cell: Cell, fewest: int) -> bool:
    return cell in usual.payments and usual.payments[cell].cases >= fewest


def _signal(
    person: str, paid: Decimal, expected: Decimal, cases: int, *, p: float, limits: CompensationLimits
) -> Signal:
    ratio = float(paid / expected)
    excess = ratio - 1
    raised = excess > limits.excess_above and p <= limits.p_at_most and cases >= limits.fewest
    evidence = {"paid": int(paid), "expected": round(float(expected), 2), "payments": cases, "excess": excess}
    strength = max(0.0, over(excess, limits.excess_above))
    return Signal("P3", person, strength, p, ratio, evidence, limits.numbers(), raised)


def granted_cases(by: str, evidence: Evidence, person: str) -> ir.Table:
    mine = _goodwill(evidence, by, past=False).filter(_.subject == person)
    return mine.order_by(ibis.desc("excess"), ibis.desc("amount"), "cost_id").select("case_id")


def _look(key: str, by: str) -> Look:
    needs = (f"costs.{by}", "costs.amount")
    return Look(key, needs, partial(find_over_compensation, by), partial(granted_cases, by))


DEVICE_DAY = ("cases.customer_id", "cases.device_id", "cases.av")
LOOKS = (
    Look("order_splitting", DEVICE_DAY, find_splitting, split_cases),
    Look("part_padding", ("parts.case_id", "cases.av"), find_padding, padded_cases),
    _look(OVER_COMPENSATION, "person"),
    _look(f"{OVER_COMPENSATION}_proposed", "proposer"),
)
