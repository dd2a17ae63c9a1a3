"""When to read again: every quarter of an hour, every hour, or every day at a time of the organisation's zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Every(StrEnum):
    QUARTER = "quarter"
    HOUR = "hour"
    DAY = "day"


STEPS = {Every.QUARTER: timedelta(minutes=15), Every.HOUR: timedelta(hours=1)}


def next_run(every: Every, at_time: time, *, after: datetime, zone: str) -> datetime:
    """The first moment of the schedule after a moment, in UTC. A local time that a day skips comes an hour later."""
    if every is not Every.DAY:
        step = STEPS[every].total_seconds()
        return datetime.fromtimestamp((after.timestamp() // step + 1) * step, UTC)
    local = after.astimezone(ZoneInfo(zone))
    days = (local.date() + timedelta(days=n) for n in range(3))
    found = (datetime.combine(day, at_time, ZoneInfo(zone)).astimezone(UTC) for day in days)
    return next(each for each in found if each > after)
