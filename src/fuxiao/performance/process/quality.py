"""What poor quality cost a period: failures counted in the facts, each at the company's own price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import ibis.expr.types as ir
from ibis import _

from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.core.process.waste import Category, CostItem, PoorQuality, cost_of_poor_quality
from fuxiao.datasets.store import Store
from fuxiao.performance.window import Window, counted, rows_of

GOODWILL = ("compensation", "refund")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCosts:
    """What one of each costs, in the company's currency; starting values, to be replaced by its own."""

    repeat_visit: Decimal = Decimal(85)
    repeat_contact: Decimal = Decimal(6)
    wrong_part: Decimal = Decimal(45)
    needless_part: Decimal = Decimal(160)
    complaint: Decimal = Decimal(120)
    check: Decimal = Decimal(8)
    training_hour: Decimal = Decimal(40)


def poor_quality(store: Store, window: Window, *, costs: UnitCosts) -> PoorQuality | None:
    """The cost of failures against the service cost of the same days; ``None`` where no service cost is recorded.

    Prevention and appraisal are counted as well but are no part of the total.
    """
    scale = MINOR_UNITS.get(store.settings.currency, 2)
    counts = _counts(store, window)
    service_cost = counts["service_cost"].scaleb(-scale)
    if service_cost <= 0:
        return None
    return cost_of_poor_quality(list(_items(counts, costs, scale=scale)), service_cost=service_cost)


def _items(counts: Mapping[str, Decimal], costs: UnitCosts, *, scale: int) -> Iterator[CostItem]:
    inside, outside = Category.INTERNAL_FAILURE, Category.EXTERNAL_FAILURE
    yield CostItem("repeat_visits", outside, counts["repeat_visits"], costs.repeat_visit)
    yield CostItem("repeat_contacts", outside, counts["repeat_contacts"], costs.repeat_contact)
    yield CostItem("wrong_parts", inside, counts["wrong_parts"], costs.wrong_part)
    yield CostItem("needless_parts", inside, counts["needless_parts"], costs.needless_part)
    yield CostItem("over_policy_goodwill", outside, Decimal(1), counts["over_policy"].scaleb(-scale))
    yield CostItem("complaints", outside, counts["complaints"], costs.complaint)
    yield CostItem("checks", Category.APPRAISAL, counts["checks"], costs.check)
    yield CostItem("training", Category.PREVENTION, counts["training_hours"], costs.training_hour)


def _counts(store: Store, window: Window) -> dict[str, Decimal]:
    cases = counted(store, "cases", "resolved", window)
    parts = counted(store, "parts", "event", window)
    costs = counted(store, "costs", "event", window)
    attendance = store.facts("attendance").filter(window.holds(_.event_day))
    # A part fitted where the last visit found no fault was not needed.
    sound = counted(store, "visits", "event", window).filter(_.outcome == "no_fault_found").select("case_id").distinct()
    sums: list[ir.Table] = [
        cases.agg(
            repeat_visits=(_.visits > 1).ifelse(_.visits - 1, 0).sum(),
            repeat_contacts=(_.contacts > 1).ifelse(_.contacts - 1, 0).sum(),
        ),
        parts.agg(wrong_parts=(~_.correct).sum()),
        parts.semi_join(sound, "case_id").agg(needless_parts=_.count()),
        costs.agg(
            over_policy=_.excess.sum(where=_.kind.isin(GOODWILL)),
            service_cost=_.amount.sum(where=_.kind != "refund"),
        ),
        counted(store, "complaints", "event", window).filter(_.validity == "valid").agg(complaints=_.count()),
        counted(store, "checks", "event", window).agg(checks=_.count()),
        attendance.agg(training_hours=_.training_min.sum() / 60),
    ]
    found = {name: value for expr in sums for name, value in rows_of(store, expr)[0].items()}
    return {name: Decimal(str(value or 0)) for name, value in found.items()}
