"""What happened at the customer's and in the store: the fact tables of visits and part lines."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.engine.asof import with_teams
from fuxiao.engine.business_time import with_worked
from fuxiao.engine.fact_tables import PARTS, VISITS
from fuxiao.engine.facts.cases import with_case
from fuxiao.engine.facts.inputs import Inputs, all_dimensions, shaped
from fuxiao.engine.local_time import with_anchors

NOT_EFFECTIVE = ("no_access", "customer_refused")
AT_ONCE = ("van", "local")


def visit_facts(given: Inputs, attributes: ir.Table, spans: ir.Table) -> ir.Table:
    """One row a visit. Points are the difficulty (1 where it is not known), a part of it when nobody opened."""
    rules = given.rules
    visits = given.records("visits").filter(_.arrived_at.isnull() | (_.arrived_at <= rules.cut_off))
    in_order = ibis.window(group_by="case_id", order_by="visit_no")
    placed = visits.mutate(place=ibis.row_number().over(in_order)).mutate(
        first=_.place == 0,
        av=_.engineer,
        diagnoser=_.diagnosed_by.coalesce(_.engineer),
        on_time=_on_time(rules.visit_tolerance),
        effective=_.outcome.notnull() & _.outcome.notin(NOT_EFFECTIVE),
        event_at=_.arrived_at.coalesce(_.window_start),
    )
    dated = with_anchors(placed, given.local_days, {"event": "event_at"})
    full = with_case(dated, attributes)
    weight = (_.outcome.coalesce("") == "no_access").ifelse(
        ibis.literal(rules.no_access_points).cast("decimal(18, 4)"), ibis.literal(1).cast("decimal(18, 4)")
    )
    points = full.mutate(points=(_.difficulty.coalesce(1).cast("decimal(18, 4)") * weight).round(4))
    teamed = with_teams(points, spans, {"av": "event_day", "diagnoser": "event_day"}, fallback="unit")
    return shaped(teamed, VISITS, all_dimensions(given, "visits"))


def part_facts(given: Inputs, attributes: ir.Table, spans: ir.Table) -> ir.Table:
    """One row a part line: was it there, was it right, did the old part come back."""
    rules = given.rules
    withdrawn = (_.cancelled_at <= rules.cut_off).coalesce(False)
    known = given.records("part_lines").filter((_.requested_at <= rules.cut_off) & ~withdrawn)
    timed = known.mutate(
        issued_at=(_.issued_at <= rules.cut_off).ifelse(_.issued_at, None),
        returned_at=(_.old_part_returned_at <= rules.cut_off).ifelse(_.old_part_returned_at, None),
        calendar_no=ibis.literal(given.work.numbers[rules.calendar], "int64"),
    )
    requested = _.wrong_reason.coalesce("") == "request"
    worked = with_worked(timed, given.work, {"requested_at": "w_requested", "issued_at": "w_issued"}).mutate(
        person=_.picker,
        requester=_.requested_by,
        diagnoser=_.diagnosed_by.coalesce(_.requested_by),
        wrong_pick=_wrong(~requested),
        wrong_request=_wrong(requested),
        at_once=_.filled_from.isin(AT_ONCE).coalesce(False),
        wait_business=_.w_issued - _.w_requested,
        wait_calendar=_.issued_at - _.requested_at,
        return_due=(_.return_due_at <= rules.cut_off).coalesce(False),
        return_in_time=_returned(rules.cut_off),
    )
    dated = with_anchors(worked, given.local_days, {"event": "requested_at"})
    full = with_case(dated, attributes).mutate(unit=_.unit_id.coalesce(_.unit))
    people = dict.fromkeys(("person", "requester", "diagnoser"), "event_day")
    full = with_teams(full, spans, people, fallback="unit")
    return shaped(full, PARTS, all_dimensions(given, "part_lines"))


def _wrong(reason: ir.Value) -> ir.Value:
    """Wrong for this reason; null where nobody checked the part."""
    return _.correct.notnull().ifelse(~_.correct & reason, None)


def _on_time(tolerance: int) -> ir.Value:
    """Arrived in the window, give or take the tolerance; null without a window or an arrival."""
    end = _.window_end.coalesce(_.window_start)
    return (_.arrived_at >= _.window_start - tolerance) & (_.arrived_at <= end + tolerance)


def _returned(cut_off: int) -> ir.Value:
    """The old part came back by the day it was due; null where none is due yet."""
    return ibis.cases(
        (_.return_due_at.isnull(), None),
        (_.returned_at.notnull(), _.returned_at <= _.return_due_at),
        (_.return_due_at <= cut_off, False),
    )
