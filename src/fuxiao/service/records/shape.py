"""How values of the desk are written in records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fuxiao.core.period import EPOCH
from fuxiao.org.models import Person, Team

Record = dict[str, Any]


def seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def day_number(day: date | None) -> int | None:
    return None if day is None else (day - EPOCH).days


def number(person: Person | None) -> str | None:
    return person.number if person else None


def key(team: Team | None) -> str | None:
    return team.key if team else None
