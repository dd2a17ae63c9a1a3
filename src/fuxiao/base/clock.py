"""The one place where the clock is read, by faces and tasks only.

A demonstration has a clock of its own: a file in its home folder, which ``fuxiao demo`` alone makes. All its processes
read it, so the day is the same everywhere and after a restart. ``FUXIAO_NOW`` pins the clock of one process instead.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from fuxiao.base.files import replace_file

FILE = "demonstration.json"


def now(home: Path | None = None) -> datetime:
    """The present moment, aware, in UTC; where no ``home`` is given, that of the home folder of this process."""
    pinned = os.environ.get("FUXIAO_NOW")
    if pinned:
        return datetime.fromisoformat(pinned).astimezone(UTC)
    return demonstrated(home) or datetime.now(UTC)


def demonstrated(home: Path | None = None) -> datetime | None:
    """The moment of a demonstration; ``None`` in every other installation, and where ``FUXIAO_NOW`` pins the clock."""
    folder = home or os.environ.get("FUXIAO_HOME")
    if folder is None or os.environ.get("FUXIAO_NOW"):
        return None
    path = Path(folder) / FILE
    try:
        found = path.stat()
    except OSError:
        return None
    return _read(path, found.st_mtime_ns, found.st_ino)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _inode: int) -> datetime:
    return datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["now"]).astimezone(UTC)


def demonstrate(home: Path, at: datetime) -> None:
    """Have it be this moment in the demonstration of this home folder, for all its processes."""
    replace_file(home / FILE, json.dumps({"now": at.isoformat()}) + "\n")


def today(zone: str) -> date:
    """The local day in the organisation's zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_start(zone: str) -> datetime:
    """The beginning of today: the cut-off of all figures, so that those of one day hold still."""
    return datetime.combine(today(zone), time(), ZoneInfo(zone)).astimezone(UTC)


def ticking() -> datetime:
    """The machine's own clock, never pinned: only to tell whether a worker is still alive."""
    return datetime.now(UTC)
