"""Fact tables: one row a thing that happened, with every clock worked out, as expressions over the records.

The tables are declared in ``fuxiao.engine.fact_tables``; here is how each is made, in the order in which one needs
another. Nothing is run here: the ``Inputs`` bring the way to keep a stage.
"""

from __future__ import annotations

from collections.abc import Generator

import ibis.expr.types as ir

from fuxiao.engine.asof import membership_spans, team_paths
from fuxiao.engine.facts.cases import case_attributes, case_facts, cost_summary, visit_summary
from fuxiao.engine.facts.clocks import case_clocks, case_work, due_stops, stop_pieces, stop_sums
from fuxiao.engine.facts.daily import attendance_facts, check_facts, cost_facts, counter_facts
from fuxiao.engine.facts.events import event_steps, event_summary, hold_spans
from fuxiao.engine.facts.field import part_facts, visit_facts
from fuxiao.engine.facts.handling import hold_facts, share_facts, transfer_facts
from fuxiao.engine.facts.inputs import FactRules, Inputs
from fuxiao.engine.facts.moments import case_moments
from fuxiao.engine.facts.repeats import repeat_gaps
from fuxiao.engine.facts.voice import complaint_facts, survey_facts

__all__ = ["SORTED_BY", "FactRules", "Inputs", "fact_tables"]

SORTED_BY = {
    "cases": ("ao", "resolved_month", "case_id"),
    "shares": ("person", "resolved_month", "case_id"),
    "transfers": ("ax", "event_month", "case_id", "seq"),
    "holds": ("person", "event_month", "case_id", "step"),
    "visits": ("av", "event_month", "case_id", "visit_no"),
    "surveys": ("ag", "event_month", "survey_id"),
    "complaints": ("ac", "event_month", "complaint_id"),
    "checks": ("person", "event_month", "check_id"),
    "costs": ("person", "event_month", "cost_id"),
    "parts": ("person", "event_month", "line_id"),
    "attendance": ("person", "event_month", "event_day"),
    "counters": ("person", "event_month", "counter", "subject", "event_day"),
    "team_paths": ("team", "ancestor"),
}
"""Facts lie sorted by person, then month: exact percentiles and one person's month are read in order."""


def fact_tables(given: Inputs) -> Generator[tuple[str, ir.Table], ir.Table, None]:
    """Name and expression of every fact table, one after the other; send back the table it was stored as."""
    spans = given.keep("membership_spans", membership_spans(given.records("memberships")))
    steps = event_steps(given)
    holds = hold_spans(given, steps)
    moments = case_moments(given, event_summary(given, steps, holds), visit_summary(given))
    work = case_work(given, moments)
    pieces = stop_pieces(given, steps, work)
    clocks = case_clocks(given, work, stop_sums(given, pieces, work), due_stops(given, pieces, work))
    cases = yield "cases", case_facts(given, moments, spans, clocks, repeat_gaps(given, moments), cost_summary(given))
    yield "shares", share_facts(given, holds, pieces, work, cases, spans)
    attributes = case_attributes(given, cases)
    yield "transfers", transfer_facts(given, steps, holds, work, attributes, spans)
    yield "holds", hold_facts(given, steps, holds, work, attributes, spans)
    visits = yield "visits", visit_facts(given, attributes, spans)
    yield "surveys", survey_facts(given, attributes, cases, spans)
    yield "complaints", complaint_facts(given, attributes, spans)
    yield "checks", check_facts(given, attributes, spans)
    yield "costs", cost_facts(given, attributes, spans)
    yield "parts", part_facts(given, attributes, spans)
    yield "attendance", attendance_facts(given, visits, spans)
    yield "counters", counter_facts(given, spans)
    yield "team_paths", team_paths(given.records("teams"))
