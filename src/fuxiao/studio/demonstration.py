"""The demonstration's clock, moved on by hand: what waits for a day can be seen without waiting for it.

Only where ``fuxiao demo`` made the home folder; everywhere else there is no such clock, and nothing here does anything.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from fuxiao.base import clock
from fuxiao.base.actions import AUDIT_LOCK, announce, one_writer, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import Conflict, InputError
from fuxiao.datasets import workers

FURTHEST = timedelta(days=92)
"""So far at once: the calendar's work of every day between is caught up with."""


@transaction.atomic
def move_on(viewer: Viewer, home: Path, to: date, *, zone: str, seen: datetime) -> datetime:
    """Make it the same time of day on the later day ``to``; the new moment. The day's own work begins by itself.

    ``InputError`` where there is no demonstration, for a day that is not ahead or too far; ``Conflict`` where it is
    not ``seen`` any more, so that two who press at once move it once.
    """
    require(viewer, Permission.SETTINGS_WRITE)
    one_writer(AUDIT_LOCK)
    was = clock.demonstrated(home)
    if was is None:
        raise InputError("demonstration.real")
    if was != seen:
        raise Conflict("demonstration.moved")
    local = was.astimezone(ZoneInfo(zone))
    if not local.date() < to <= local.date() + FURTHEST:
        raise InputError("demonstration.not_ahead", first=local.date().isoformat(), days=FURTHEST.days)
    at = datetime.combine(to, local.time(), local.tzinfo)
    facts = {"old": {"now": local.isoformat()}, "new": {"now": at.isoformat()}}
    record(viewer, "clock.moved", kind="clock", key=clock.FILE, label=to.isoformat(), at=was, **facts)
    announce("clock", at=was)
    workers.ask("cycles_between", local.date().isoformat(), to.isoformat())
    clock.put_on(home, at)
    return at
