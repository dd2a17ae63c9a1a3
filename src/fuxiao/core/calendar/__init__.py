"""Work calendars: when a unit works, as wall-clock spans on local days."""

from fuxiao.core.calendar.definition import parse_calendar
from fuxiao.core.calendar.model import ALWAYS, WEEKDAYS, DaySpan, DaySpans, WorkCalendar

__all__ = ["ALWAYS", "WEEKDAYS", "DaySpan", "DaySpans", "WorkCalendar", "parse_calendar"]
