"""Counted output for piece work and pools: resolved cases by person, kind and whether it was a repair done twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.core.bonus.piece import Output, Work
from fuxiao.core.period import Period, day_number
from fuxiao.datasets.store import Store
from fuxiao.engine.facts.repeats import fault_of

REPEAT_DAYS = 30
"""A repair that comes back within so many days was not finished (三包: a repaired product works at least 30 days)."""
DAY = 86_400
REVENUE = "REVENUE"


@dataclass(frozen=True, slots=True)
class Produced:
    """What people put out in a period: rows of piece work, points (standard minutes × share), revenue."""

    output: Mapping[str, tuple[Output, ...]] = field(default_factory=dict)
    points: Mapping[str, Decimal] = field(default_factory=dict)
    revenue: Mapping[str, Decimal] = field(default_factory=dict)


def produced(store: Store, period: Period) -> Produced:
    """Output, points and revenue of everybody in the period."""
    return Produced(_output(store, period), _points(store, period), _revenue(store, period))


def _output(store: Store, period: Period) -> dict[str, tuple[Output, ...]]:
    cases = store.facts("cases").filter(~_.x1, ~_.x2, _.ao.notnull(), _.resolved_at.notnull())
    worked = _with_work(cases).filter(*_inside("resolved_day", period))
    counts = worked.group_by("ao", kind=_.case_type.fill_null(""), work=_.work).aggregate(count=_.count())
    rows: dict[str, list[Output]] = {}
    for row in store.execute(counts.order_by("ao", "kind", "work")).to_pylist():
        made = Output(case_type=row["kind"], count=Decimal(row["count"]), work=Work(row["work"]))
        rows.setdefault(row["ao"], []).append(made)
    return {person: tuple(made) for person, made in rows.items()}


def _with_work(cases: ir.Table) -> ir.Table:
    """Whether a case mends an earlier repair of the same fault on the same device: one's own, or somebody else's."""
    known = cases.mutate(fault=fault_of(cases).coalesce(""))
    row = ibis.window(group_by=["device_id", "fault"], order_by=["opened_at", "case_id"])
    before = known.mutate(mended_at=known.resolved_at.lag(1).over(row), mended_by=known.ao.lag(1).over(row))
    again = (
        before.device_id.notnull()
        & before.mended_at.notnull()
        & (before.opened_at >= before.mended_at)
        & (before.opened_at - before.mended_at <= REPEAT_DAYS * DAY)
    ).coalesce(False)
    own = (before.mended_by == before.ao).coalesce(False)
    return before.mutate(
        work=ibis.cases((again & own, Work.REWORK.value), (again, Work.RESCUE.value), else_=Work.DONE.value)
    )


def _points(store: Store, period: Period) -> dict[str, Decimal]:
    """Standard minutes (where none are set: 1 a case) times the share of the working time held."""
    if "shares" not in store.manifest.facts:
        return {}
    rows = store.facts("shares").filter(*_inside("resolved_day", period), _.person.notnull())
    minutes = ibis.coalesce(rows.standard_minutes.cast("decimal(18,4)"), ibis.literal(1).cast("decimal(18,4)"))
    weighted = rows.mutate(weight=(minutes.cast("decimal(18,4)") * rows.share.cast("decimal(18,9)")))
    sums = weighted.group_by("person").aggregate(points=_.weight.sum())
    return {
        row["person"]: Decimal(row["points"]).quantize(Decimal("0.0001"))
        for row in store.execute(sums.order_by("person")).to_pylist()
        if row["points"]
    }


def _revenue(store: Store, period: Period) -> dict[str, Decimal]:
    """Service revenue by person from the counter of that name."""
    if "counters" not in store.manifest.facts:
        return {}
    rows = store.facts("counters").filter(_.counter == REVENUE, *_inside("event_day", period), _.person.notnull())
    sums = rows.group_by("person").aggregate(amount=_.numerator.sum())
    return {row["person"]: row["amount"] for row in store.execute(sums).to_pylist() if row["amount"]}


def _inside(column: str, period: Period) -> tuple[ir.Deferred, ir.Deferred]:
    return _[column] >= day_number(period.start), _[column] < day_number(period.end)
