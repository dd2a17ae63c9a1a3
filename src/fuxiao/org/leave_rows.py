"""Leave as rows of attendance: the calendar says which days were due, leave says which of them were not worked.

Somebody with leave in a year gets a row for each due day of it: one day alone would read "0 of 1". Imported rows win,
and between the first and the last of a month nothing but leave is filled in: they know shifts that no calendar does.
``available_min`` stays empty, since nobody measured it. Rows no longer wanted are written empty: the lake only grows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from ibis import _

from fuxiao.base.calendars import read_calendars
from fuxiao.core.errors import DefinitionError
from fuxiao.core.period import EPOCH
from fuxiao.datasets.store import Store
from fuxiao.org.leave import Duty, days_between, duties
from fuxiao.org.models import Leave, LeaveState, Person

Key = tuple[str, int]
Row = dict[str, Any]
FILLED, BY_CALENDAR, PART = "filled_by", "calendar", "leave_part"
EMPTY: Row = {"scheduled_min": None, "paid_min": None, "leave": None, PART: None}


def leave_rows(store: Store, home: Path) -> list[Row]:
    """The rows of attendance that leave asks for and the lake does not hold yet; none where a calendar is wrong."""
    people = _people()
    filled_before = FILLED in store.records("attendance").columns
    if not people and not filled_before:
        return []
    try:
        calendars = read_calendars(home, store.settings)
    except DefinitionError:
        return []
    held = _held(store, [each.number for each in people], filled_before=filled_before)
    own = {key: row for key, row in held.items() if row.get(FILLED) == BY_CALENDAR}
    imported: dict[str, list[int]] = defaultdict(list)
    for number, day in held.keys() - own.keys():
        imported[number].append(day)
    wanted: dict[Key, Row] = {}
    known = duties(people, store.settings.calendar, calendars)
    for person in people:
        wanted.update(_year_rows(person, known[person.pk], _covered(imported[person.number])))
    gone = {key: _row(*key, EMPTY) for key in own.keys() - wanted.keys()}
    return [row for key, row in sorted((wanted | gone).items()) if key not in own or _differs(row, own[key])]


def _people() -> list[Person]:
    """Whoever has leave granted, with it and their shifts and posts."""
    granted = Leave.objects.filter(state=LeaveState.GRANTED)
    found = Person.objects.filter(pk__in=granted.values("person_id")).order_by("number")
    return list(found.prefetch_related("leaves", "shifts", "memberships"))


def _held(store: Store, numbers: list[str], *, filled_before: bool) -> dict[Key, Row]:
    table = store.records("attendance")
    theirs = _.person.isin(numbers) if numbers else _.person.isnull()
    rows = store.execute(table.filter(theirs | (_[FILLED] == BY_CALENDAR) if filled_before else theirs))
    return {(row["person"], row["date"]): row for row in rows.to_pylist()}


def _covered(imported: Iterable[int]) -> Mapping[tuple[int, int], tuple[int, int, set[int]]]:
    """For each month with imported rows: the first and the last of its days that have one, and all of them."""
    months: dict[tuple[int, int], set[int]] = {}
    for number in imported:
        day = EPOCH + timedelta(days=number)
        months.setdefault((day.year, day.month), set()).add(number)
    return {month: (min(days), max(days), days) for month, days in months.items()}


def _year_rows(
    person: Person, duty: Duty, covered: Mapping[tuple[int, int], tuple[int, int, set[int]]]
) -> Iterator[tuple[Key, Row]]:
    leaves = [each for each in person.leaves.all() if each.state == LeaveState.GRANTED]
    for day in _due_days(person, duty, leaves):
        number = (day - EPOCH).days
        off = [each for each in leaves if each.share(day)]
        first, last, days = covered.get((day.year, day.month), (0, -1, set()))
        if number not in days and (off or not first <= number <= last):
            yield (person.number, number), _filled(person.number, number, duty.minutes(day), off, day)


def _due_days(person: Person, duty: Duty, leaves: list[Leave]) -> Iterator[date]:
    """The days of work in the years that leave touches, while employed."""
    since = person.hired_on or min((each.valid_from for each in person.memberships.all()), default=date.min)
    for year in sorted({year for each in leaves for year in range(each.first.year, each.last.year + 1)}):
        for day in days_between(date(year, 1, 1), date(year, 12, 31)):
            if since <= day and (person.left_on is None or day < person.left_on) and duty.minutes(day):
                yield day


def _filled(person: str, number: int, due: int, off: list[Leave], day: date) -> Row:
    """A due day as worked, but for the leave: two halves of a day may be of two kinds."""
    paid = due - sum((due * each.share(day) for each in off if not each.paid), Decimal(0))
    part = sum((each.share(day) for each in off), Decimal(0))
    kind = max(off, key=lambda each: each.share(day)).kind if off else None
    told = {"scheduled_min": due, "paid_min": paid, "leave": kind, PART: f"{part:f}" if part else None}
    return _row(person, number, told)


def _row(person: str, number: int, told: Row) -> Row:
    return {"person": person, "date": number, **told, FILLED: BY_CALENDAR}


def _differs(row: Row, held: Row) -> bool:
    return any(row[name] != held.get(name) for name in row)
