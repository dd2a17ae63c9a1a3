"""Working hours of people: their shifts over time, and the days ahead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from fuxiao.core.calendar import ALWAYS, WorkCalendar
from fuxiao.core.errors import DefinitionError
from fuxiao.org.calendar_actions import calendar_files
from fuxiao.org.models import Person, Shift
from fuxiao.org.shifts import shifts_of
from fuxiao.web.shell.home import organisation

AHEAD = 7


@dataclass(frozen=True, slots=True)
class Hours:
    """A day ahead with its hours; empty where it is off."""

    day: date
    hours: str


def shift_facts(person: Person, today: date) -> dict[str, object]:
    """What the page of a person says of their shift: the shifts over time, and the week ahead."""
    known = known_calendars()
    held = list(shifts_of(person))
    return {"shifts": held, "week_ahead": list(_ahead(held, known, today)) if known else []}


def _ahead(held: list[Shift], known: dict[str, WorkCalendar], today: date) -> Iterator[Hours]:
    for on in (today + timedelta(days=n) for n in range(AHEAD)):
        key = next((s.calendar for s in held if s.valid_from <= on and (s.valid_to is None or on < s.valid_to)), "")
        calendar = known.get(key) or known.get(organisation().calendar, ALWAYS)
        yield Hours(on, ", ".join(map(str, calendar.spans_on(on))))


def known_calendars() -> dict[str, WorkCalendar]:
    """The calendars of the home folder; none where one of them is wrong, which its own page says."""
    try:
        return {key: file.calendar for key, file in calendar_files(settings.HOME).items()}
    except DefinitionError:
        return {}
