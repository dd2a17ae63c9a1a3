"""The acts on cases and the holds they make, as expressions over the store: nothing is computed here yet.

A **hold** is one unit working on one case from its first to its last act; neighbours of one unit are one hold. A
reopened case begins a new **round**: nobody waited while it was at rest. This is the log that ``fuxiao.core.process``
reads, made set by set, so that a million cases stay in the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from fuxiao.base.calendars import read_calendars
from fuxiao.datasets.store import Store
from fuxiao.engine.asof import membership_spans
from fuxiao.engine.business_time import WorkTables, calendar_tables, width_of, with_worked
from fuxiao.performance.window import DAY, moment_of

HANDING = ("assigned", "accepted", "transferred")
"""Events that pass a case on or take it; whoever only did these made no progress."""
SENDING = ("assigned", "transferred")
ROUND = ("case_id", "round")
"""What makes one journey."""
FAR = 47_482
"""The number of 2100-01-01: the end of what has no end."""
MARGIN = 3
"""Days beyond the first and last event, for local days that reach into another UTC day."""


@dataclass(frozen=True, slots=True)
class Log:
    """The acts of some cases. ``holds`` has ``case_id, round, place, unit, start, end, w_start, w_end, progress``;
    ``place`` counts from 1 in each round; of the ``w_`` columns, working seconds, differences are business time."""

    acts: ir.Table
    holds: ir.Table


def act_log(store: Store, cases: ir.Table) -> Log:
    """The log of ``cases`` (columns ``case_id``, ``unit``, ``resolved_at``), measured in the company's own calendar."""
    acts = with_units(store, acts_of(store, cases))
    in_order = ibis.window(group_by=ROUND, order_by=["at", "seq"])
    moved = acts.mutate(before=_.unit.lag().over(in_order))
    begun = moved.mutate(begins=(_.before.isnull() | (_.before != _.unit)).cast("int64"))
    up_to_here = ibis.window(group_by=ROUND, order_by=["at", "seq"], preceding=None, following=0)
    placed = begun.mutate(place=_.begins.sum().over(up_to_here)).drop("before", "begins")
    worked = store.temporary("process_acts", with_business(store, placed, {"at": "w_at"}))
    holds = worked.group_by(*ROUND, "place").agg(
        unit=_.unit.max(), start=_.at.min(), end=_.at.max(), w_start=_.w_at.min(), w_end=_.w_at.max(),
        progress=_.progress.any(),
    )  # fmt: skip
    return Log(worked, store.temporary("process_holds", holds))


def acts_of(store: Store, cases: ir.Table) -> ir.Table:
    """What people did on these cases until they were resolved; template replies are nobody's act.

    What comes after the last resolution, such as the call-back that closes a case, no customer waits for.
    """
    of_case = cases.select("case_id", case_unit=_.unit, until=_.resolved_at)
    events = store.records("case_events").inner_join(of_case, "case_id").filter(_["at"] <= _.until)
    so_far = ibis.window(group_by="case_id", order_by=["at", "seq"], preceding=None, following=0)
    known = events.mutate(seq=_.seq.coalesce(0))
    rounds = known.mutate(round=(_.type == "reopened").cast("int64").sum().over(so_far))
    return rounds.filter(_.actor.notnull(), ~_.template.coalesce(False)).select(
        "case_id", "round", "at", "seq", "type", "actor", "from_unit", "to_unit", "case_unit",
        progress=_.type.notin((*HANDING, "created")),
    )  # fmt: skip


def with_units(store: Store, acts: ir.Table) -> ir.Table:
    """Add ``unit``, for which the actor acted: as the event says, else the actor's team at that moment, else the unit
    the case was last passed to, else the case's own."""
    before = ibis.window(group_by="case_id", order_by=["at", "seq"], preceding=(None, 1))
    carried = acts.mutate(held=_.to_unit.last().over(before))
    spans = teams_by_moment(store)
    joined = carried.left_join(
        spans,
        [carried.actor == spans.member, carried.at >= spans.from_at, carried.at < spans.to_at],
    )
    said = ibis.cases((_.type.isin(SENDING), _.from_unit), (_.type == "accepted", _.to_unit), else_=None)
    unit = ibis.coalesce(said, _.team, _.held, _.case_unit)
    return joined.select(*ROUND, "at", "seq", "type", "actor", "progress", unit=unit).filter(_.unit.notnull())


def teams_by_moment(store: Store) -> ir.Table:
    """``member, team, from_at, to_at``: who belonged to which team from which second to which (exclusive)."""
    zone = store.settings.zone
    rows = store.execute(membership_spans(store.records("memberships"))).to_pylist()
    table = pa.table({
        "member": pa.array([row["person"] for row in rows], pa.string()),
        "team": pa.array([row["team"] for row in rows], pa.string()),
        "from_at": pa.array([moment_of(row["from_day"], zone) for row in rows], pa.int64()),
        "to_at": pa.array([moment_of(min(row["to_day"], FAR), zone) for row in rows], pa.int64()),
    })  # fmt: skip
    return store.temporary("process_teams", table)


def with_business(store: Store, table: ir.Table, columns: dict[str, str]) -> ir.Table:
    """Add the working seconds of moment columns in the company's own calendar: differences are business time."""
    work = work_tables(store)
    numbered = table.mutate(calendar_no=ibis.literal(work.numbers[store.settings.calendar], "int64"))
    return with_worked(numbered, work, columns).drop("calendar_no")


def work_tables(store: Store) -> WorkTables:
    """The look-up tables of the company's own calendar, for all days on which its events fall."""
    calendar = read_calendars(store.home, store.settings)[store.settings.calendar]
    at = store.records("case_events")["at"]
    [ends] = store.execute(at.as_table().aggregate(low=at.min(), high=at.max())).to_pylist()
    low, high = (int(ends[name] or 0) // DAY for name in ("low", "high"))
    numbers, days, spans = calendar_tables([calendar], first_day=low - MARGIN, last_day=high + MARGIN)
    kept = {name: store.temporary(f"process_{name}", table) for name, table in (("days", days), ("spans", spans))}
    return WorkTables(numbers=numbers, **kept, width=width_of(days))
