"""The fact table of cases, and what of a case is copied to every table that has one."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.engine.asof import with_teams
from fuxiao.engine.fact_tables import ATTRIBUTES, CASES, FLAGS
from fuxiao.engine.facts.inputs import EXTRA, Inputs, dimensions, shaped
from fuxiao.engine.local_time import with_anchors

ANCHORS = {
    "resolved": "resolved_at",
    "first_resolved": "first_resolved_at",
    "judged": "judged_at",
    "closed": "closed_at",
    "ended": "ended_at",
    "due": "due_at",
}
NO_SERVICE_COST = ("refund",)
"""Kinds of cost that give money back instead of serving; no part of what a case cost."""
FROM_EVENTS = (
    "transfers", "handoffs", "ping_pong", "escalated", "actors", "followed_up",
    "pause_customer", "pause_parts", "pause_third_party",
)  # fmt: skip
"""What only events tell: a company without events does not know these, which is not the same as none."""


def visit_summary(given: Inputs) -> ir.Table:
    """One row a case that was visited: how often, by whom first, and whether the first visit fixed it."""
    visits = given.records("visits").filter(_.arrived_at.isnull() | (_.arrived_at <= given.rules.cut_off))
    in_order = ibis.window(group_by="case_id", order_by="visit_no")
    placed = visits.mutate(place=ibis.row_number().over(in_order))
    summary = placed.group_by("case_id").agg(
        visits=_.count(),
        first_arrived_at=_.arrived_at.min(),
        av=_.engineer.max(where=_.place == 0),
        first_outcome=_.outcome.max(where=_.place == 0),
    )
    fixed = (_.first_outcome == "fixed").coalesce(False) & (_.visits == 1)
    return given.keep(
        "visit_summary",
        summary.mutate(first_visit_fixed=(_.first_outcome.coalesce("") != "no_access").ifelse(fixed, None)),
    )


def cost_summary(given: Inputs) -> ir.Table:
    """``case_id, cost``: what serving the case cost, in minor units."""
    costs = given.records("costs").filter(
        _.case_id.notnull() & _.kind.notin(NO_SERVICE_COST) & (_.spent_at <= given.rules.cut_off)
    )
    return given.keep("cost_summary", costs.group_by("case_id").agg(cost=_.amount.sum().cast("int64")))


def case_facts(given: Inputs, clocks: ir.Table, spans: ir.Table, *others: ir.Table) -> ir.Table:
    """The fact table; ``others`` have at most one row a case: repeats, costs, holding, actors."""
    table = clocks
    for other in others:
        table = table.left_join(other, "case_id").drop("case_id_right")
    named = table.mutate(
        dispatcher=_.event_dispatcher.coalesce(_.assigned_by, _.a1), pauser=_.event_pauser.coalesce(_.ao)
    )
    dated = with_anchors(named, given.local_days, ANCHORS)
    teamed = _with_teams(dated, spans)
    facts = teamed.mutate(
        **_counts(),
        **_first_contact(),
        unit=_.unit_id.coalesce(_.ao_team, _.event_unit),
        answered=_.first_response_at.notnull(),
        resolved=_.resolved_at.notnull(),
        closed=_.closed_at.notnull(),
    )
    known = facts.mutate(**_unknown(given))
    return shaped(known, CASES, dimensions(given.records("cases"), "cases"), aside=EXTRA)


def _unknown(given: Inputs) -> dict[str, ir.Value]:
    """Null for what no record of the company could have told."""
    unknown: dict[str, ir.Value] = {} if "costs" in given.present else {"cost": ibis.null("int64")}
    if "case_events" in given.present:
        return unknown
    reopened = _somewhere(_.reopens > 0)
    answered, resolved = _somewhere(_.answered), _somewhere(_.resolved)
    return {
        **unknown,
        **dict.fromkeys(FROM_EVENTS, ibis.null("int64")),
        "reopens": reopened.ifelse(_.reopens, None),
        "answered": answered.ifelse(_.answered, None),
        "first_response_met": answered.ifelse(_.first_response_met, None),
        "resolution_met": resolved.ifelse(_.resolution_met, None),
    }


def _somewhere(flag: ir.Value) -> ir.Value:
    """Whether it is so of any case at all: what a log never tells is not known, which is not the same as no."""
    return flag.coalesce(False).cast("int64").max().over(ibis.window()) > 0


def case_attributes(given: Inputs, cases: ir.Table) -> ir.Table:
    """What is copied to every table that has a case: attributes, exclusion flags and dimensions."""
    dims = [name for name in dimensions(given.records("cases"), "cases") if name in cases.columns]
    return cases.select("case_id", *ATTRIBUTES, *FLAGS, *dims)


def with_case(table: ir.Table, attributes: ir.Table) -> ir.Table:
    """The table with what is copied from its case; a row without one has no attributes and no exclusion."""
    mine = [column for column in attributes.columns if column not in table.columns]
    joined = table.left_join(attributes.select("case_id", *mine), "case_id").drop("case_id_right")
    return joined.mutate(**{flag: _[flag].coalesce(False) for flag in FLAGS})


def _with_teams(table: ir.Table, spans: ir.Table) -> ir.Table:
    on = table.mutate(
        ao_day=_.resolved_day.coalesce(_.opened_day), first_day=_.first_resolved_day.coalesce(_.opened_day)
    )
    days = {
        "a1": "opened_day", "ao": "ao_day", "ao_first": "first_day", "av": "ao_day", "dispatcher": "opened_day",
        "pauser": "ao_day",
    }  # fmt: skip
    return with_teams(on, spans, days, fallback="unit_id")


def _counts() -> dict[str, ir.Value]:
    gap = _.reopened_at - _.first_resolved_at
    return {
        "transfers": _.event_transfers.coalesce(0),
        "handoffs": _.event_handoffs.coalesce(0),
        "ping_pong": _.event_ping_pong.coalesce(False),
        "escalated": _.event_escalations.coalesce(0) > 0,
        "actors": _.event_actors.coalesce(0),
        "visits": _.visits.coalesce(0),
        "cost": _.cost.coalesce(0),
        "reopen_gap": (gap >= 0).ifelse(gap, None),
        "contacts": _.contacts.coalesce(_.event_replies.nullif(0)),
    }


def _first_contact() -> dict[str, ir.Value]:
    """Solved at first contact: as the desk says, else one contact, no transfer, no reopening."""
    one = (_.contacts.coalesce(_.event_replies.nullif(0)) == 1) & _.resolved_at.notnull()
    smooth = (_.event_transfers.coalesce(0) == 0) & (_.reopens == 0)
    return {"first_contact_solved": _.first_contact_solved.coalesce(one & smooth)}
