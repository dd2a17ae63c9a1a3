"""Business time: working seconds between moments, due moments, pauses; exact in every time zone."""

from fuxiao.core.worktime.intervals import Seconds, cut, intersect, subtract, total, union
from fuxiao.core.worktime.measure import Pause, WorkTime
from fuxiao.core.worktime.table import DAY_SECONDS, DayRow, day_table, working_spans

__all__ = [
    "DAY_SECONDS",
    "DayRow",
    "Pause",
    "Seconds",
    "WorkTime",
    "cut",
    "day_table",
    "intersect",
    "subtract",
    "total",
    "union",
    "working_spans",
]
