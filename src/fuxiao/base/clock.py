"""The one place where the clock is read, by faces and tasks only.

A demonstration has a clock of its own: a file in its home folder, which ``fuxiao demo`` alone makes. All its processes
read it, so the day is the same everywhere and after a restart. It goes on through a shift, so that a case takes time
there as anywhere, then stands. ``FUXIAO_NOW`` pins the clock of one process instead.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from fuxiao.base.files import replace_file
from fuxiao.core.errors import InputError

FILE = "demonstration.json"
SHIFT = timedelta(hours=8)
"""So long a demonstration's clock goes on: never into another day."""


def now(home: Path | None = None) -> datetime:
    """The present moment, aware, in UTC; where no ``home`` is given, that of the home folder of this process."""
    pinned = os.environ.get("FUXIAO_NOW")
    if pinned:
        return _moment(pinned, "FUXIAO_NOW")
    kept = _kept(home)
    if kept is None:
        return datetime.now(UTC)
    at, since = kept
    return at if since is None else at + min(max(ticking() - since, timedelta()), SHIFT)


def demonstrated(home: Path | None = None) -> datetime | None:
    """The moment that a demonstration's clock was put at; ``None`` in every other installation, and where a process is
    pinned by ``FUXIAO_NOW``.
    """
    kept = _kept(home)
    return kept[0] if kept else None


def _kept(home: Path | None) -> tuple[datetime, datetime | None] | None:
    """Where the clock was put, and the machine's moment since which it goes on; without one it stands."""
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
def _read(path: Path, _changed: int, _inode: int) -> tuple[datetime, datetime | None]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        now, since = found["now"], found.get("since")
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise InputError("clock.not_a_moment", where=str(path), value="") from error
    return _moment(now, str(path)), _moment(since, str(path)) if since else None


def _moment(text: object, where: str) -> datetime:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError("clock.not_a_moment", where=where, value=str(text)) from error


def demonstrate(home: Path, at: datetime, *, since: datetime | None = None) -> None:
    """Have it be this moment in the demonstration of this home folder, for all its processes; it goes on from there
    where it is said since which moment of the machine (see ``ticking``)."""
    found = {"now": at.isoformat()} | ({"since": since.isoformat()} if since else {})
    replace_file(home / FILE, json.dumps(found) + "\n")


def put_on(home: Path, at: datetime) -> None:
    """Put the demonstration's clock at another moment; one that goes on goes on from there."""
    kept = _kept(home)
    demonstrate(home, at, since=ticking() if kept and kept[1] else None)


def today(zone: str) -> date:
    """The local day in the organisation's zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_start(zone: str) -> datetime:
    """The beginning of today: the cut-off of all figures, so that those of one day hold still."""
    return datetime.combine(today(zone), time(), ZoneInfo(zone)).astimezone(UTC)


def ticking() -> datetime:
    """The machine's own clock, never pinned: only to tell whether a worker is still alive."""
    return datetime.now(UTC)
