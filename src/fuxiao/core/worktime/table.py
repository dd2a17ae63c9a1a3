"""A calendar as UTC seconds: its working spans, and the day table that makes business time two look-ups."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from fuxiao.core.calendar import WorkCalendar
from fuxiao.core.period import day_number, zone_named
from fuxiao.core.worktime.intervals import Seconds, cut, union

DAY_SECONDS = 86_400
# A span begins at most one local day before it ends, and a local day lies within a day of the UTC day of its number.
MARGIN_DAYS = 3


class DayRow(NamedTuple):
    """One UTC day of a calendar.

    ``day`` is ``epoch second // 86400``; ``pref`` the working seconds of the table before this day; ``spans`` the
    working time of the day as ``(first second in the day, length)``, earliest first. With ``W(t)`` as ``pref`` plus,
    for each span, ``t - day * 86400 - first`` clamped to ``[0, length]``, the business seconds from a to b are
    ``W(b) - W(a)``: a prefix sum.
    """

    day: int
    pref: int
    spans: tuple[Seconds, ...]


def day_table(calendar: WorkCalendar, first_day: date, last_day: date) -> list[DayRow]:
    """One row for each UTC day from ``first_day`` to ``last_day``, both included, beginning with ``pref`` 0."""
    first, last = day_number(first_day), day_number(last_day)
    by_day: dict[int, list[Seconds]] = {day: [] for day in range(first, last + 1)}
    for start, end in working_spans(calendar, first * DAY_SECONDS, (last + 1) * DAY_SECONDS):
        for day in range(start // DAY_SECONDS, (end - 1) // DAY_SECONDS + 1):
            midnight = day * DAY_SECONDS
            low, high = max(start - midnight, 0), min(end - midnight, DAY_SECONDS)
            by_day[day].append((low, high - low))
    rows, pref = [], 0
    for day, spans in by_day.items():
        rows.append(DayRow(day, pref, tuple(spans)))
        pref += sum(length for _, length in spans)
    return rows


def working_spans(calendar: WorkCalendar, start: int, end: int) -> list[Seconds]:
    """The working time inside ``[start, end)`` epoch seconds, sorted, touching spans joined."""
    zone = zone_named(calendar.zone)
    first, last = start // DAY_SECONDS - MARGIN_DAYS, end // DAY_SECONDS + MARGIN_DAYS
    offsets = _offsets(zone, first * DAY_SECONDS, (last + 1) * DAY_SECONDS)
    local = _local_spans(calendar, first, last)
    utc = (
        (max(low - offset, begin), min(high - offset, stop))
        for begin, stop, offset in offsets
        for low, high in cut(local, begin + offset, stop + offset)
    )
    return union(cut(utc, start, end))


def _local_spans(calendar: WorkCalendar, first: int, last: int) -> list[Seconds]:
    """The spans of days ``first`` to ``last``, in seconds of the wall clock since 1970-01-01 00:00 local."""
    epoch = date(1970, 1, 1)
    return [
        (day * DAY_SECONDS + span.start * 60, day * DAY_SECONDS + span.end * 60)
        for day in range(first, last + 1)
        for span in calendar.spans_on(epoch + timedelta(days=day))
    ]


def _offsets(zone: ZoneInfo, start: int, end: int) -> list[tuple[int, int, int]]:
    """Where the zone's clock stands: ``(from, to, seconds ahead of UTC)`` for each stretch without a change."""
    found: list[tuple[int, int, int]] = []
    begin, offset = start, _offset(zone, start)
    for day in range(start, end, DAY_SECONDS):
        if (after := _offset(zone, day + DAY_SECONDS)) != offset:
            change = _change(zone, day, day + DAY_SECONDS)
            found.append((begin, change, offset))
            begin, offset = change, after
    return [*found, (begin, end, offset)]


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The first second after ``low`` whose offset is that of ``high``."""
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: ZoneInfo, at: int) -> int:
    ahead = datetime.fromtimestamp(at, UTC).astimezone(zone).utcoffset()
    return round(ahead.total_seconds()) if ahead is not None else 0
