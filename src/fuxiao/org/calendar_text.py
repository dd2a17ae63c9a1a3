"""A work calendar as the text of its file: what changes is written anew, the other parts and their comments stay."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import chinese_calendar

from fuxiao.core.calendar import WorkCalendar
from fuxiao.core.calendar.model import WEEKDAYS, DaySpans

PART = re.compile(r"([a-z_]+):")
Part = dict[str, list[str]] | list[str]


@dataclass(frozen=True, slots=True)
class Parts:
    """What of a calendar can be edited, in the plain form of its file: days as ISO dates, spans as texts."""

    week: dict[str, list[str]]
    holidays: list[str]
    workdays: dict[str, list[str]]

    @classmethod
    def of(cls, calendar: WorkCalendar) -> Parts:
        return cls(
            week={name: _texts(spans) for name, spans in zip(WEEKDAYS, calendar.week, strict=True) if spans},
            holidays=[day.isoformat() for day in sorted(calendar.holidays)],
            workdays={day.isoformat(): _texts(calendar.workdays[day]) for day in sorted(calendar.workdays)},
        )

    def changed_from(self, old: Parts) -> dict[str, Part]:
        """The parts that are others than before, by name."""
        return {name: part for name, part in self.as_dict().items() if part != old.as_dict()[name]}

    def as_dict(self) -> dict[str, Part]:
        return {"week": self.week, "holidays": self.holidays, "workdays": self.workdays}


def usual_hours(calendar: WorkCalendar) -> list[str]:
    """The hours of the first day of the week that has any: those of a make-up workday."""
    return _texts(next(filter(None, calendar.week), ()))


def rewritten(text: str, changed: Mapping[str, Part]) -> str:
    """The text with these parts as given: each takes the place of the old one, a new one comes at the end."""
    blocks = _blocks(text)
    kept = "".join(_part(name, changed[name]) if name in changed else block for name, block in blocks)
    names = {name for name, _ in blocks}
    return kept + "".join(_part(name, value) for name, value in changed.items() if name not in names)


def renamed(text: str, key: str) -> str:
    """The text as that of a calendar with another key."""
    return "".join(f"key: {key}\n" if name == "key" else block for name, block in _blocks(text))


def _blocks(text: str) -> list[tuple[str, str]]:
    """Name and text of each part. Comments at the margin before a part are a block without a name."""
    blocks: list[tuple[str, str]] = []
    for line in text.splitlines():
        found = PART.match(line)
        if found:
            blocks.append((found[1], f"{line}\n"))
        elif line.startswith("#") or not blocks:
            blocks.append(("", f"{line}\n"))
        elif blocks[-1][0] or not line.strip():
            blocks[-1] = (blocks[-1][0], f"{blocks[-1][1]}{line}\n")
        else:  # a comment inside a part: the part goes on
            comment = blocks.pop()[1]
            name, block = blocks.pop()
            blocks.append((name, f"{block}{comment}{line}\n"))
    return blocks


def _part(name: str, value: Part) -> str:
    if isinstance(value, dict):
        lines = [f"  {key}: {json.dumps(spans)}\n" for key, spans in value.items()]
    else:
        lines = [f"  - {day}\n" for day in value]
    return f"{name}:\n{''.join(lines)}" if lines else ""


def _texts(spans: DaySpans) -> list[str]:
    return [str(span) for span in spans]


def known_years() -> list[int]:
    """The years whose public holidays and make-up workdays are known."""
    return [year for year in range(2004, 2100) if _is_known(year)]


def with_public_days(calendar: WorkCalendar, year: int) -> Parts:
    """The calendar with the holidays and make-up workdays published for this year in place of the year's own.

    Days that are as the week has them anyway are left out.
    """
    parts, first = Parts.of(calendar), date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    off = [d for d in days if calendar.week[d.weekday()] and _is_public_holiday(d)]
    work = [d for d in days if not calendar.week[d.weekday()] and chinese_calendar.is_workday(d)]
    holidays = [day for day in parts.holidays if not day.startswith(f"{year}-")]
    workdays = {day: spans for day, spans in parts.workdays.items() if not day.startswith(f"{year}-")}
    workdays |= {d.isoformat(): usual_hours(calendar) for d in work}
    return replace(
        parts, holidays=sorted([*holidays, *(d.isoformat() for d in off)]), workdays=dict(sorted(workdays.items()))
    )  # fmt: skip


def _is_public_holiday(day: date) -> bool:
    """A day off that is not just a weekend."""
    return bool(chinese_calendar.is_holiday(day) and (day.weekday() < 5 or chinese_calendar.get_holiday_detail(day)[1]))


def _is_known(year: int) -> bool:
    """Whether the library has the holidays of a year; of one that it has not it says ``NotImplementedError``."""
    try:
        chinese_calendar.is_workday(date(year, 7, 1))
    except NotImplementedError:
        return False
    return True
