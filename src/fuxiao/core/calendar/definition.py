"""Reads a work calendar from plain data (as YAML or JSON gives it) and lists everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from fuxiao.core.calendar.model import MINUTES_A_DAY, WEEKDAYS, DaySpan, DaySpans, WorkCalendar
from fuxiao.core.errors import DefinitionError, Issue, UnknownName, did_you_mean
from fuxiao.core.period import zone_named

FIELDS = ("key", "zone", "week", "holidays", "workdays", "special")
TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


def parse_calendar(raw: Mapping[str, object]) -> WorkCalendar:
    """A calendar from plain data, or a ``DefinitionError`` with all its issues.

    ``week`` maps ``mon`` … ``sun``, or a range such as ``mon-fri``, to lists of ``HH:MM-HH:MM``; other days are off.
    A span may pass midnight (``22:00-06:00``); the whole day is ``00:00-24:00``.
    ``holidays`` is a list of dates. ``workdays`` maps a make-up day to the weekday whose hours it takes or to a list of
    spans; given as a list of dates, they take Monday's hours. ``special`` maps a date to a list of spans.
    """
    reader = _Reader()
    calendar = reader.calendar(raw)
    if not reader.issues:
        reader.check_overlaps(calendar)
    if reader.issues:
        raise DefinitionError("calendar", reader.issues)
    return calendar


@dataclass(slots=True)
class _Reader:
    """Reads one calendar and gathers issues on the way; what cannot be read counts as empty."""

    issues: list[Issue] = field(default_factory=list)

    def calendar(self, raw: Mapping[str, object]) -> WorkCalendar:
        for name in raw:
            if name not in FIELDS:
                self.report(str(name), "field.unknown", near=tuple(did_you_mean(str(name), FIELDS)))
        week = self.week(raw.get("week"))
        calendar = WorkCalendar(
            key=self.text(raw, "key"),
            zone=self.zone(self.text(raw, "zone")),
            week=week,
            holidays=frozenset(day for _, day in self.dates("holidays", raw.get("holidays"))),
            workdays=self.workdays(raw.get("workdays"), week),
            special={day: self.spans(where, spans) for where, day, spans in self.dated("special", raw.get("special"))},
        )
        self.check_days(calendar)
        if not any((*calendar.week, *calendar.workdays.values(), *calendar.special.values())):
            self.report("week", "calendar.never_open")
        return calendar

    def report(self, where: str, code: str, **params: object) -> None:
        self.issues.append(Issue(where, code, params))

    def text(self, raw: Mapping[str, object], name: str) -> str:
        value = raw.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.report(name, "field.missing")
        return ""

    def zone(self, name: str) -> str:
        if name:
            try:
                zone_named(name)
            except UnknownName as unknown:
                self.report("zone", "calendar.zone_unknown", zone=name, near=unknown.near)
        return name

    def week(self, raw: object) -> tuple[DaySpans, ...]:
        pattern: dict[int, DaySpans] = {}
        for name, spans in self.mapping("week", raw).items():
            where = f"week.{name}"
            for weekday in self.weekdays(where, str(name)):
                if weekday in pattern:
                    self.report(where, "calendar.weekday_twice", weekday=WEEKDAYS[weekday])
                pattern[weekday] = self.spans(where, spans)
        return tuple(pattern.get(weekday, ()) for weekday in range(7))

    def weekdays(self, where: str, name: str) -> range:
        first, dash, last = name.strip().lower().partition("-")
        last = last if dash else first
        if first in WEEKDAYS and last in WEEKDAYS and WEEKDAYS.index(first) <= WEEKDAYS.index(last):
            return range(WEEKDAYS.index(first), WEEKDAYS.index(last) + 1)
        self.report(where, "calendar.weekday_unknown", weekday=name, known=WEEKDAYS)
        return range(0)

    def workdays(self, raw: object, week: tuple[DaySpans, ...]) -> dict[date, DaySpans]:
        if isinstance(raw, list):
            return {day: week[0] for _, day in self.dates("workdays", raw)}
        return {day: self.make_up(where, hours, week) for where, day, hours in self.dated("workdays", raw)}

    def make_up(self, where: str, hours: object, week: tuple[DaySpans, ...]) -> DaySpans:
        if isinstance(hours, str):
            return next((week[weekday] for weekday in self.weekdays(where, hours)), ())
        return self.spans(where, hours)

    def dates(self, where: str, raw: object) -> Iterator[tuple[str, date]]:
        seen: set[date] = set()
        for position, value in enumerate(self.sequence(where, raw)):
            spot = f"{where}[{position}]"
            day = self.date(spot, value)
            if day in seen:
                self.report(spot, "calendar.day_repeated", day=day)
            elif day is not None:
                seen.add(day)
                yield spot, day

    def dated(self, where: str, raw: object) -> Iterator[tuple[str, date, object]]:
        for name, value in self.mapping(where, raw).items():
            day = self.date(f"{where}.{name}", name)
            if day is not None:
                yield f"{where}.{name}", day, value

    def date(self, where: str, value: object) -> date | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.report(where, "calendar.date_bad", value=str(value))
            return None

    def spans(self, where: str, raw: object) -> DaySpans:
        texts = enumerate(self.sequence(where, raw))
        found = [span for position, text in texts if (span := self.span(f"{where}[{position}]", str(text)))]
        return tuple(sorted(found))

    def span(self, where: str, text: str) -> DaySpan | None:
        match = TIMES.fullmatch(text.strip())
        hours, minutes, end_hours, end_minutes = map(int, match.groups()) if match else (99, 99, 99, 99)
        start, end = hours * 60 + minutes, end_hours * 60 + end_minutes
        bad_minute = minutes > 59 or end_minutes > 59
        if bad_minute or start >= MINUTES_A_DAY or end > MINUTES_A_DAY:
            self.report(where, "calendar.time_bad", value=text)
            return None
        if start == end:
            self.report(where, "calendar.span_empty", value=text)
            return None
        return DaySpan(start, end if end > start else end + MINUTES_A_DAY)

    def mapping(self, where: str, raw: object) -> Mapping[object, object]:
        if isinstance(raw, Mapping):
            return raw
        if raw is not None:
            self.report(where, "field.not_a_mapping")
        return {}

    def sequence(self, where: str, raw: object) -> list[object]:
        if isinstance(raw, list):
            return raw
        if raw is not None:
            self.report(where, "field.not_a_list")
        return []

    def check_days(self, calendar: WorkCalendar) -> None:
        """A day may be off, made up for, or special, but only one of these."""
        days = {"holidays": calendar.holidays, "workdays": set(calendar.workdays), "special": set(calendar.special)}
        for first, second in (("holidays", "workdays"), ("holidays", "special"), ("workdays", "special")):
            for day in sorted(days[first] & days[second]):
                self.report(f"{second}.{day}", "calendar.day_twice", day=day, also=first)

    def check_overlaps(self, calendar: WorkCalendar) -> None:
        """Spans of a day, and of a day and the night before, may touch but not overlap."""
        for weekday, name in enumerate(WEEKDAYS):
            self.clashes(f"week.{name}", calendar.week[weekday], calendar.week[(weekday + 1) % 7])
        for day in sorted({*calendar.workdays, *calendar.special}):
            before, after = day - timedelta(days=1), day + timedelta(days=1)
            self.clashes(f"days.{day}", calendar.spans_on(day), calendar.spans_on(after))
            self.clashes(f"days.{before}", calendar.spans_on(before)[-1:], calendar.spans_on(day)[:1])

    def clashes(self, where: str, today: DaySpans, tomorrow: DaySpans) -> None:
        shifted = (DaySpan(span.start + MINUTES_A_DAY, span.end + MINUTES_A_DAY) for span in tomorrow[:1])
        for first, second in _overlapping([*today, *shifted]):
            issue = Issue(where, "calendar.overlap", {"first": str(first), "second": _wall(second)})
            if issue not in self.issues:
                self.issues.append(issue)


def _overlapping(ordered: Iterable[DaySpan]) -> Iterator[tuple[DaySpan, DaySpan]]:
    return ((first, second) for first, second in pairwise(ordered) if second.start < first.end)


def _wall(span: DaySpan) -> str:
    """A span as its own day's wall clock shows it, where it was moved to the day after."""
    moved = span.start >= MINUTES_A_DAY
    return str(DaySpan(span.start - MINUTES_A_DAY, span.end - MINUTES_A_DAY) if moved else span)
