"""Which case came after a resolved one, where a fact tells how long after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from ibis.expr import types as ir

from fuxiao.engine.definition import Indicator
from fuxiao.engine.expression import names_in
from fuxiao.engine.facts.repeats import fault_of
from fuxiao.metrics.source import FactStore, facts_in


def _same_fault(one: ir.Table, other: ir.Table) -> ir.BooleanValue:
    return (one.device_id == other.device_id) & (fault_of(one) == fault_of(other))


def _same_device(one: ir.Table, other: ir.Table) -> ir.BooleanValue:
    return one.device_id == other.device_id


def _same_customer(one: ir.Table, other: ir.Table) -> ir.BooleanValue:
    return (one.customer_id == other.customer_id) & (
        (one.device_id == other.device_id) | (one.category == other.category)
    )


ALIKE: Mapping[str, Callable[[ir.Table, ir.Table], ir.BooleanValue]] = {
    "same_fault_gap": _same_fault, "device_gap": _same_device, "customer_gap": _same_customer,
}  # fmt: skip
"""Which later cases a fact means."""
COLUMNS = ("case_id", "opened_at", "device_id", "customer_id", "category", "fault_group", "fault_code")


def gap_of(indicator: Indicator, groups: tuple[str, ...]) -> str:
    """The fact by which the indicator asks what came after a case; empty where it does not ask."""
    part = indicator.by(groups).numerator
    read = {name for formula in part.formulas() for name in names_in(formula.node)} if part.dataset == "cases" else ()
    return next((gap for gap in ALIKE if gap in read), "")


def followers(store: FactStore, gap: str, case_ids: Collection[str]) -> dict[str, str]:
    """By case the one that came after it; without those after which none came."""
    if not case_ids:
        return {}
    cases = facts_in(store).tables["cases"]
    one = cases.filter(cases.case_id.isin(sorted(case_ids)), cases[gap].notnull())
    one = one.select(*COLUMNS, then=one.resolved_at + one[gap])
    other = cases.filter(~cases.x1, ~cases.x2).select(*COLUMNS).view()
    same = (one.then == other.opened_at) & (one.case_id != other.case_id) & ALIKE[gap](one, other)
    found = one.inner_join(other, same).select(case_id=one.case_id, after=other.case_id)
    first = found.group_by("case_id").agg(after=found.after.min())
    return {row["case_id"]: row["after"] for row in store.execute(first).to_pylist()}
