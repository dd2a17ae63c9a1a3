"""The one place where the clock is read, by faces and tasks only; ``FUXIAO_NOW`` pins it for a demonstration."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    pinned = os.environ.get("FUXIAO_NOW")
    return datetime.fromisoformat(pinned).astimezone(UTC) if pinned else datetime.now(UTC)


def today(zone: str) -> date:
    """The local day in the organisation's zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_start(zone: str) -> datetime:
    """The beginning of today: the cut-off of all figures, so that those of one day hold still."""
    return datetime.combine(today(zone), time(), ZoneInfo(zone)).astimezone(UTC)


def ticking() -> datetime:
    """The machine's own clock, never pinned: only to tell whether a worker is still alive."""
    return datetime.now(UTC)
