"""Checks, costs, attendance and counters: the fact tables of single entries that name their person."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.engine.asof import with_teams
from fuxiao.engine.fact_tables import ATTENDANCE, CHECKS, COSTS, COUNTERS
from fuxiao.engine.facts.cases import with_case
from fuxiao.engine.facts.inputs import Inputs, all_dimensions, dimensions, shaped
from fuxiao.engine.local_time import with_anchors, with_month


def check_facts(given: Inputs, attributes: ir.Table, spans: ir.Table) -> ir.Table:
    """One row a quality check."""
    known = given.records("checks").filter(_.checked_at <= given.rules.cut_off)
    marked = known.mutate(random=(_.sampling == "random").coalesce(False))
    dated = with_anchors(marked, given.local_days, {"event": "checked_at"})
    full = with_case(dated, attributes)
    teamed = with_teams(full, spans, {"person": "event_day"}, fallback="unit")
    return shaped(teamed, CHECKS, all_dimensions(given, "checks"))


def cost_facts(given: Inputs, attributes: ir.Table, spans: ir.Table) -> ir.Table:
    """One row a cost, on who approved it; ``excess`` is what lies above the policy's limit and was no exception."""
    cut_off = given.rules.cut_off
    known = given.records("costs").filter(_.spent_at <= cut_off)
    above = ibis.greatest(_.amount - _.policy_limit.coalesce(_.amount), 0)
    judged = known.mutate(
        person=_.approved_by,
        proposer=_.proposed_by,
        excess=_.exception.coalesce(False).ifelse(0, above),
        in_time=ibis.cases(
            (_.due_at.isnull(), None),
            ((_.done_at <= cut_off).coalesce(False), _.done_at <= _.due_at),
            (_.due_at <= cut_off, False),
        ),
    )
    dated = with_anchors(judged, given.local_days, {"event": "spent_at"})
    own = _.in_warranty
    full = with_case(dated.mutate(covered=own).drop("in_warranty"), attributes)
    full = full.mutate(in_warranty=_.covered.coalesce(_.in_warranty))
    teamed = with_teams(full, spans, {"person": "event_day"}, fallback="unit")
    return shaped(teamed, COSTS, all_dimensions(given, "costs"))


def attendance_facts(given: Inputs, visits: ir.Table, spans: ir.Table) -> ir.Table:
    """One row a person and day; ``field``: visited somebody that day."""
    days = with_month(given.records("attendance"), given.local_days, day="date", name="event")
    out = visits.filter(_.av.notnull()).select(person=_.av, event_day=_.event_day).distinct().mutate(out=True)
    joined = days.left_join(out, ["person", "event_day"]).drop("person_right", "event_day_right")
    marked = joined.mutate(
        days=(_.available_min.coalesce(0) > 0).cast("int64"),
        field=_.out.coalesce(False),
    )
    teamed = with_teams(marked, spans, {"person": "event_day"})
    return shaped(teamed, ATTENDANCE, dimensions(given.records("attendance"), "attendance"))


def counter_facts(given: Inputs, spans: ir.Table) -> ir.Table:
    """One row a counter, subject and day; a subject who is nobody known is a unit."""
    known = given.records("people").select(name="person").union(spans.select(name="person")).distinct()
    days = with_month(given.records("counters"), given.local_days, day="date", name="event")
    joined = days.left_join(known, [("subject", "name")])
    named = joined.mutate(
        person=_.name.notnull().ifelse(_.subject, None), own_unit=_.name.isnull().ifelse(_.subject, None)
    )
    teamed = with_teams(named, spans, {"person": "event_day"}, fallback="own_unit")
    return shaped(teamed, COUNTERS, dimensions(given.records("counters"), "counters"))
