"""Evidence on how cases end: G2 close and reopen, G5 mass closing, G8 back-dating and far check-ins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.base.calendars import read_calendars
from fuxiao.core.calendar import WorkCalendar
from fuxiao.core.gaming.closing import (
    BackDatingLimits,
    CheckInLimits,
    RatioLimits,
    ReopenLimits,
    back_dating,
    close_and_reopen,
    far_check_ins,
    mass_closing,
)
from fuxiao.core.gaming.signal import Signal
from fuxiao.core.period import PeriodKind, day_number, from_index, index_of
from fuxiao.performance.signals.evidence import Evidence, Look, tally, tally_of, whole
from fuxiao.performance.window import DAY

REPEAT_DAYS = 7
LATE_DAYS = 2


def _repeats(evidence: Evidence) -> ir.Table:
    """Resolved cases of devices with ``anew``: a new case on the device within a week, and no re-opening."""
    cases = evidence.resolved(settled_days=REPEAT_DAYS).filter(_.device_id.notnull())
    anew = (_.device_gap <= REPEAT_DAYS * DAY).coalesce(False) & (_.reopens == 0)
    return cases.mutate(anew=anew)


def find_reopening(evidence: Evidence, limits: ReopenLimits) -> Iterator[Signal]:
    counted = _repeats(evidence)
    rows = evidence.rows(
        counted.filter(_.ao.notnull())
        .group_by(subject="ao")
        .agg(cases=_.count(), hits=_.anew.sum(), reopened=(_.reopens > 0).sum())
    )
    reopened = {str(row["subject"]): whole(row, "reopened") for row in rows}
    found = tally_of(evidence, rows)
    for person in found:
        yield close_and_reopen(
            person,
            closed=found.cases[person],
            reopened=reopened[person],
            new_same_device=found.hits[person],
            usual=found.usual(person),
            limits=limits,
        )


def reopened_cases(evidence: Evidence, person: str) -> ir.Table:
    mine = _repeats(evidence).filter(_.ao == person, _.anew)
    return mine.order_by("device_gap", "case_id").select("case_id")


def late_days(evidence: Evidence) -> tuple[list[int], list[int]]:
    """The working days of the window, and those of them that are the last two of a month."""
    settings = evidence.store.settings
    calendar = read_calendars(evidence.store.home, settings)[settings.calendar]
    window = evidence.window
    first, last = (index_of(PeriodKind.MONTH, day) for day in (window.start, window.end - timedelta(days=1)))
    days: list[int] = []
    late: list[int] = []
    for month in range(first, last + 1):
        span = from_index(PeriodKind.MONTH, month)
        working = [day for day in _working(calendar, span.start, span.days) if window.first <= day <= window.last]
        days += working
        # A month that is not over in the window has no last days yet.
        late += working[-LATE_DAYS:] if span.end <= window.end else []
    return days, late


def _working(calendar: WorkCalendar, start: date, count: int) -> list[int]:
    days = (start + timedelta(days=step) for step in range(count))
    return [day_number(day) for day in days if calendar.is_workday(day)]


def _present(evidence: Evidence, days: list[int], late: list[int]) -> dict[str, tuple[int, int]]:
    """For each person with attendance: days at work, and those of them that were late days."""
    rows = evidence.rows(
        evidence.store.facts("attendance")
        .filter(_.event_day.isin(days), _.days > 0)
        .group_by("person")
        .agg(days=_.event_day.nunique(), late=_.event_day.nunique(where=_.event_day.isin(late)))
    )
    return {str(row["person"]): (whole(row, "days"), whole(row, "late")) for row in rows}


def find_mass_closing(evidence: Evidence, limits: RatioLimits) -> Iterator[Signal]:
    """Against the days a person was at work, else the working days of the calendar."""
    days, late = late_days(evidence)
    if not late:
        return
    present = _present(evidence, days, late)
    cases = evidence.resolved().filter(_.ao.notnull(), _.resolved_day.isin(days))
    batch = cases.mutate(late=cases.resolved_day.isin(late))
    rows = batch.group_by("ao").agg(
        closed=_.count(), closed_late=_.late.sum(), reopened_late=(_.late & (_.reopens > 0)).sum()
    )
    for row in evidence.rows(rows.order_by("ao")):
        person = str(row["ao"])
        at_work, at_end = present.get(person, (len(days), len(late)))
        if 0 < at_end < at_work:
            counts = {name: whole(row, name) for name in ("closed", "closed_late", "reopened_late")}
            yield mass_closing(person, **counts, late_days=at_end, work_days=at_work, limits=limits)


def mass_closed_cases(evidence: Evidence, person: str) -> ir.Table:
    _days, late = late_days(evidence)
    mine = evidence.resolved().filter(_.ao == person, _.resolved_day.isin(late))
    return mine.order_by(ibis.desc("reopens"), ibis.desc("resolved_at"), "case_id").select("case_id")


def _recorded(evidence: Evidence, hours: float) -> ir.Table:
    events = evidence.events().filter(_.actor.notnull(), _.recorded_at.notnull())
    return events.mutate(delay=_.recorded_at - _["at"], late=_.recorded_at - _["at"] > int(hours * 3600))


def find_back_dating(evidence: Evidence, limits: BackDatingLimits) -> Iterator[Signal]:
    events = _recorded(evidence, limits.hours)
    found = tally(evidence, events, by="actor", hit=events.late)
    for person in found:
        counts = {"recorded_late": found.hits[person], "events": found.cases[person]}
        yield back_dating(person, **counts, usual=found.usual(person), limits=limits)


def back_dated_cases(evidence: Evidence, person: str) -> ir.Table:
    mine = _recorded(evidence, 0).filter(_.actor == person).group_by("case_id").agg(delay=_.delay.max())
    return mine.order_by(ibis.desc("delay"), "case_id").select("case_id")


def find_far_check_ins(evidence: Evidence, limits: CheckInLimits) -> Iterator[Signal]:
    visits = evidence.facts("visits").filter(_.distance_m.notnull())
    found = tally(evidence, visits, by="av", hit=visits.distance_m > limits.metres)
    for person in found:
        counts = {"far": found.hits[person], "check_ins": found.cases[person]}
        yield far_check_ins(person, **counts, usual=found.usual(person), limits=limits)


def far_cases(evidence: Evidence, person: str) -> ir.Table:
    mine = evidence.facts("visits").filter(_.av == person, _.distance_m.notnull())
    return mine.group_by("case_id").agg(far=_.distance_m.max()).order_by(ibis.desc("far"), "case_id").select("case_id")


LOOKS = (
    Look("close_and_reopen", ("cases.device_id", "cases.resolved_at"), find_reopening, reopened_cases),
    Look("mass_closing", ("cases.resolved_at", "cases.ao"), find_mass_closing, mass_closed_cases),
    Look(
        "back_dating",
        ("records.case_events.recorded_at", "records.case_events.actor"),
        find_back_dating,
        back_dated_cases,
    ),
    Look("far_check_ins", ("visits.distance_m",), find_far_check_ins, far_cases),
)
