"""What came after a resolved case: the next case of the same device, fault or customer."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis.common.deferred import Deferred

from fuxiao.engine.facts.inputs import Keep

KEYS = (("device_id", "group"), ("device_id",), ("customer_id", "device_id"), ("customer_id", "category"))


def fault_of(case: ir.Table | Deferred) -> ir.StringValue:
    """By what two faults are the same: the fault group, where that is not known the fault code, else the category."""
    return case.fault_group.coalesce(case.fault_code, case.category)


def repeat_gaps(keep: Keep, cases: ir.Table) -> tuple[ir.Table, ir.Table, ir.Table]:
    """``case_id`` with ``same_fault_gap``, ``device_gap``, ``customer_gap``: seconds from the resolution to the next
    opening, for the cases after which one came.

    Same fault: the same device and the same ``fault_of`` it. Customer: the same customer and device or category.
    Tests, spam and duplicates are no repeats and have none.
    """
    narrow = cases.filter(~_.x1 & ~_.x2).select(
        "case_id", "opened_at", "resolved_at", "device_id", "customer_id", "category",
        group=fault_of(_),
    )  # fmt: skip
    kept = keep("repeat_base", narrow)
    same, device, by_device, by_category = (_next_gap(kept, key) for key in KEYS)
    nearest = by_device.union(by_category).group_by("case_id").agg(gap=_.gap.min())
    named = {"same_fault_gap": same, "device_gap": device, "customer_gap": nearest}
    same, device, nearest = (
        keep(f"repeat_{name}", table.select("case_id", **{name: _.gap})) for name, table in named.items()
    )
    return same, device, nearest


def _next_gap(cases: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """``case_id, gap`` where a case with the same key was opened at or after the resolution.

    The next case opened is nearly always that one; where it was opened before the resolution, the later ones are
    searched.
    """
    known = cases
    for column in key:
        known = known.filter(_[column].notnull())
    in_order = ibis.window(group_by=list(key), order_by=["opened_at", "case_id"])
    following = known.mutate(following=_.opened_at.lead().over(in_order)).filter(
        _.resolved_at.notnull() & _.following.notnull()
    )
    plain = following.filter(_.following >= _.resolved_at).select("case_id", gap=_.following - _.resolved_at)
    early = following.filter(_.following < _.resolved_at).select("case_id", "resolved_at", *key)
    later = known.select(*key, then=_.opened_at, other="case_id")
    pairs = early.inner_join(later, list(key)).filter((_.then >= _.resolved_at) & (_.other != _.case_id))
    searched = pairs.group_by("case_id").agg(gap=(_.then - _.resolved_at).min())
    return plain.union(searched)
