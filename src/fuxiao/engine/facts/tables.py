"""How each fact table is made, in the order in which one needs another."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeAlias

import ibis.expr.types as ir

from fuxiao.engine.asof import membership_spans, team_paths
from fuxiao.engine.fact_tables import ATTENDANCE, FACT_TABLES, VISITS
from fuxiao.engine.facts.actors import dispatchers, pausers
from fuxiao.engine.facts.cases import case_attributes, case_facts, cost_summary, visit_summary
from fuxiao.engine.facts.clocks import case_clocks, case_work, stop_pieces, stop_sums
from fuxiao.engine.facts.daily import attendance_facts, check_facts, cost_facts, counter_facts
from fuxiao.engine.facts.events import event_moments, event_steps, event_summary, hold_spans
from fuxiao.engine.facts.field import part_facts, visit_facts
from fuxiao.engine.facts.handling import hold_facts, share_facts, transfer_facts
from fuxiao.engine.facts.held import held_stretches, owner_held
from fuxiao.engine.facts.inputs import Inputs, Stages, empty
from fuxiao.engine.facts.moments import case_moments
from fuxiao.engine.facts.repeats import repeat_gaps
from fuxiao.engine.facts.voice import complaint_facts, survey_facts

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


Making: TypeAlias = Generator[tuple[str, ir.Table], ir.Table, None]


def fact_tables(given: Inputs) -> Making:
    """Name and expression of the fact tables, one after the other; send back the table it was stored as."""
    spans = given.keep("membership_spans", membership_spans(given.records("memberships")))
    steps = event_steps(given)
    holds = hold_spans(given, steps)
    told = event_moments(given, steps)
    moments = case_moments(given, event_summary(given, steps, holds, told), visit_summary(given))
    work = case_work(given, moments)
    pieces = stop_pieces(given, steps, told, work)
    stages = Stages(steps=steps, holds=holds, work=work, pieces=pieces, spans=spans)
    clocks = case_clocks(given, work, stop_sums(given, pieces))
    gaps = repeat_gaps(given.keep, work)
    held = held_stretches(given, stages)
    acted = (dispatchers(given, steps), pausers(given, pieces))
    others = (*gaps, cost_summary(given), owner_held(given, stages, held), *acted)
    cases = yield "cases", case_facts(given, clocks, spans, *others)
    yield "shares", share_facts(given, stages, cases, held)
    yield from _beside_cases(given, stages, cases)
    yield "team_paths", team_paths(given.records("teams"))


def _beside_cases(given: Inputs, stages: Stages, cases: ir.Table) -> Making:
    """The tables of datasets that a company may not have; without records they are only declared."""
    attributes = case_attributes(given, cases)
    spans = stages.spans
    made: dict[str, tuple[str, Callable[[], ir.Table]]] = {
        "transfers": ("case_events", lambda: transfer_facts(given, stages, attributes)),
        "holds": ("case_events", lambda: hold_facts(given, stages, attributes)),
        "surveys": ("surveys", lambda: survey_facts(given, attributes, cases, spans)),
        "complaints": ("complaints", lambda: complaint_facts(given, attributes, spans)),
        "checks": ("checks", lambda: check_facts(given, attributes, spans)),
        "costs": ("costs", lambda: cost_facts(given, attributes, spans)),
        "parts": ("part_lines", lambda: part_facts(given, attributes, spans)),
        "counters": ("counters", lambda: counter_facts(given, spans)),
    }
    for name, (source, make) in made.items():
        yield name, make() if source in given.present else empty(given, FACT_TABLES[name])
    visited = "visits" in given.present
    visits = yield "visits", visit_facts(given, attributes, spans) if visited else empty(given, VISITS)
    attended = "attendance" in given.present
    yield "attendance", attendance_facts(given, visits, spans) if attended else empty(given, ATTENDANCE)
