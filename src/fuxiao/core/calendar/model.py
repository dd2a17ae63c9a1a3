"""What a work calendar is: a weekly pattern, days off, make-up days and days with hours of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from fuxiao.core.errors import CalculationError

MINUTES_A_DAY = 1440
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Longer than any real shutdown; a search beyond it means that the calendar never opens.
LONGEST_CLOSURE = timedelta(days=3660)


class DaySpan(NamedTuple):
    """Working time on one local day, in minutes after its midnight, end not included.

    An ``end`` above 1440 is a shift over midnight: 22:00-06:00 is ``(1320, 1800)`` and belongs to the day it begins on.
    """

    start: int
    end: int

    def __str__(self) -> str:
        end = self.end if self.end <= MINUTES_A_DAY else self.end - MINUTES_A_DAY
        return f"{self.start // 60:02d}:{self.start % 60:02d}-{end // 60:02d}:{end % 60:02d}"


DaySpans: TypeAlias = tuple[DaySpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """When work is done, by the wall clock of ``zone``.

    A moment is working time when the wall clock then lies in a span of its day (or of the day before, past midnight).
    So an hour that a clock change skips is not worked, and an hour it repeats is worked twice.
    A shift over midnight belongs to the day it begins on: a holiday takes away what begins on it, no more.
    ``workdays`` are make-up days (调休); ``special`` days have hours of their own; both come before ``holidays``.
    Another shift is another calendar.
    """

    key: str
    zone: str
    week: tuple[DaySpans, ...]
    holidays: frozenset[date] = frozenset()
    workdays: Mapping[date, DaySpans] = field(default_factory=dict)
    special: Mapping[date, DaySpans] = field(default_factory=dict)

    def spans_on(self, day: date) -> DaySpans:
        """The spans that begin on this local day, earliest first."""
        if day in self.special:
            return self.special[day]
        if day in self.workdays:
            return self.workdays[day]
        return () if day in self.holidays else self.week[day.weekday()]

    def is_workday(self, day: date) -> bool:
        """Whether any work begins on this local day."""
        return bool(self.spans_on(day))

    def workday_after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``; ``day`` itself never counts, and a count of 0 gives it back.

        Raises ``CalculationError`` where the calendar does not open again.
        """
        closed_since = day
        while count:
            day += timedelta(days=1)
            if self.is_workday(day):
                count, closed_since = count - 1, day
            elif day - closed_since > LONGEST_CLOSURE:
                raise CalculationError("calendar.never_open", calendar=self.key)
        return day

    def as_dict(self) -> dict[str, object]:
        """The plain form that ``parse_calendar`` reads back, in one fixed order: what a seal digests."""
        return {
            "key": self.key,
            "zone": self.zone,
            "week": {name: _plain(spans) for name, spans in zip(WEEKDAYS, self.week, strict=True)},
            "holidays": [day.isoformat() for day in sorted(self.holidays)],
            "workdays": {day.isoformat(): _plain(self.workdays[day]) for day in sorted(self.workdays)},
            "special": {day.isoformat(): _plain(self.special[day]) for day in sorted(self.special)},
        }


def _plain(spans: DaySpans) -> list[str]:
    return [str(span) for span in spans]


ALWAYS = WorkCalendar(key="always", zone="UTC", week=((DaySpan(0, MINUTES_A_DAY),),) * 7)
