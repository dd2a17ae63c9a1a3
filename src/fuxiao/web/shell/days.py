"""The demonstration's clock as pages show it: what day it is there, and the days it can be moved on to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.conf import settings

from fuxiao.base.calendars import read_calendars
from fuxiao.base.clock import demonstrated, now, today
from fuxiao.studio.demonstration import FURTHEST
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import t

DAYS = (
    ("周一", "Mon"), ("周二", "Tue"), ("周三", "Wed"), ("周四", "Thu"), ("周五", "Fri"), ("周六", "Sat"), ("周日", "Sun"),
)  # fmt: skip


@dataclass(frozen=True)
class DemoClock:
    """``put`` is the moment it was put at, ``now`` what it has come to since, ``day`` the day of the organisation's zone."""

    put: datetime
    now: datetime
    day: date

    @property
    def weekday(self) -> str:
        return weekday(self.day)

    @cached_property
    def next_workday(self) -> date:
        return workday_after(self.day)

    @property
    def tomorrow(self) -> date:
        return self.day + timedelta(days=1)

    @property
    def furthest(self) -> date:
        return self.day + FURTHEST


def demo_clock() -> DemoClock | None:
    """The clock of a demonstration; ``None`` in every other installation."""
    at = demonstrated()
    return DemoClock(at, now(), today(organisation().zone)) if at else None


def weekday(day: date) -> str:
    return t(*DAYS[day.weekday()])


def workday_after(day: date, count: int = 1) -> date:
    """The working day so many after this one, by the organisation's calendar."""
    where = organisation()
    return read_calendars(settings.HOME, where)[where.calendar].workday_after(day, count)
