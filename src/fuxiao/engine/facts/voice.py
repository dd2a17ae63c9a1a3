"""What customers said: the fact tables of surveys and complaints."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.engine.asof import with_teams
from fuxiao.engine.business_time import with_worked
from fuxiao.engine.fact_tables import COMPLAINTS, SURVEYS
from fuxiao.engine.facts.cases import with_case
from fuxiao.engine.facts.inputs import Inputs, all_dimensions, shaped
from fuxiao.engine.local_time import with_anchors

RAISED = ("platform", "12315", "media")


def survey_facts(given: Inputs, attributes: ir.Table, cases: ir.Table, spans: ir.Table) -> ir.Table:
    """One row a survey; ``ag`` is whom it is about, else the owner of the case.

    ``good``: the case was resolved in time (or had no limit) and not reopened, to see whether bad cases were spared.
    """
    rules = given.rules
    known = given.records("surveys").filter((_.invited_at.coalesce(_.answered_at) <= rules.cut_off).coalesce(True))
    of_case = cases.select(
        "case_id", "ao", "resolved_day", "resolved_month",
        good=_.resolved & _.resolution_met.coalesce(True) & (_.reopens == 0),
    )  # fmt: skip
    joined = known.left_join(of_case, "case_id").drop("case_id_right")
    answered_at = (_.answered_at <= rules.cut_off).ifelse(_.answered_at, None)
    timed = joined.mutate(answered_at=answered_at).mutate(
        ag=_.about_person.coalesce(_.ao),
        answered=_.answered_at.notnull(),
        delivered=_.delivered.coalesce(_.answered_at.notnull() | _.invited_at.notnull()),
        answer_delay=_.answered_at - _.invited_at,
    )
    dated = with_anchors(timed, given.local_days, {"event": "answered_at", "invited": "invited_at"})
    full = with_case(dated.mutate(as_of=_.event_day.coalesce(_.invited_day)), attributes)
    full = with_teams(full, spans, {"ag": "as_of", "ao": "as_of"}, fallback="unit")
    return shaped(full, SURVEYS, all_dimensions(given, "surveys"))


def complaint_facts(given: Inputs, attributes: ir.Table, spans: ir.Table) -> ir.Table:
    """One row a complaint; ``ac`` is the person found responsible, nobody while that is pending or was denied."""
    rules = given.rules
    known = given.records("complaints").filter(_.received_at <= rules.cut_off)
    timed = known.mutate(
        acknowledged_at=(_.acknowledged_at <= rules.cut_off).ifelse(_.acknowledged_at, None),
        resolved_at=(_.resolved_at <= rules.cut_off).ifelse(_.resolved_at, None),
        validity=_.validity.coalesce("pending"),
    ).mutate(
        acknowledge=_.acknowledged_at - _.received_at,
        closing=_.resolved_at - _.received_at,
        ac=(_.validity == "valid").ifelse(_.cause_person, None),
        confirmed=_.confirmed.coalesce(False),
        recoded=_.recoded.coalesce(False),
        escalated=_.repeat_of.notnull() | _.channel.isin(RAISED).coalesce(False),
    )
    judged = _counted(given, timed).mutate(
        acknowledged_in_time=_in_time(_.counted_acknowledge, rules.complaint_acknowledge, _.counted_age),
        closed_in_time=_in_time(_.counted_closing, rules.complaint_closing, _.counted_age),
    )
    dated = with_anchors(judged.drop("channel"), given.local_days, {"event": "received_at"})
    full = with_case(dated, attributes)
    full = with_teams(full, spans, {"ac": "event_day"})
    full = full.mutate(ac_team=(_.validity == "valid").ifelse(_.cause_unit.coalesce(_.ac_team), None))
    full = with_teams(full, spans, {"owner": "event_day"}, fallback="unit")
    return shaped(full.mutate(unit=_.unit.coalesce(_.cause_unit)), COMPLAINTS, all_dimensions(given, "complaints"))


def _counted(given: Inputs, complaints: ir.Table) -> ir.Table:
    """What counts against the limits: working time of the organisation's calendar, or time as it passes."""
    rules = given.rules
    until = complaints.mutate(until=ibis.literal(rules.cut_off, "int64"))
    names = {
        "received_at": "from_",
        "acknowledged_at": "to_acknowledge",
        "resolved_at": "to_closing",
        "until": "to_age",
    }
    if rules.complaint_business:
        numbered = until.mutate(calendar_no=ibis.literal(given.work.numbers[rules.calendar], "int64"))
        timed = with_worked(numbered, given.work, names)
    else:
        timed = until.mutate(**{name: _[moment] for moment, name in names.items()})
    return timed.mutate(**{f"counted_{what}": _[f"to_{what}"] - _.from_ for what in ("acknowledge", "closing", "age")})


def _in_time(taken: ir.Value, limit: int, age: ir.Value) -> ir.Value:
    """Within the limit; null while it is not over."""
    return ibis.cases((taken.notnull(), taken <= limit), (age > limit, False))
