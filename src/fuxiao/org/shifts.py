"""Shifts of people: who works by which calendar from when, and who is off on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from fuxiao.base.actions import require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.written import written_once
from fuxiao.core.calendar import WorkCalendar
from fuxiao.core.errors import InputError, UnknownName
from fuxiao.org.changes import plain, record_change
from fuxiao.org.models import Leave, LeaveState, Person, Shift
from fuxiao.org.person_actions import locked
from fuxiao.org.queries import members

USUAL = ""
"""In place of a calendar's key: the organisation's own hours again."""


@transaction.atomic
def put_on_shift(
    viewer: Viewer, number: str, calendar: str, since: date, *, known: Collection[str], at: datetime
) -> Person:
    """Somebody works by a calendar (one of ``known``, or ``USUAL``) from a day on; the shift before ends there.

    A shift from the same day is replaced. ``InputError`` for a day before the newest shift or outside the employment.
    """
    require(viewer, Permission.ORG_WRITE)
    person = locked(number)
    if calendar not in (USUAL, *known):
        raise UnknownName("calendar", calendar, known)
    last = person.shifts.last()
    _check(person, last, since)
    told = _told(last)
    if last is not None and last.valid_from == since:
        last.delete()
        last = person.shifts.last()
    if last is not None and (last.valid_to is None or last.valid_to > since):
        last.valid_to = since
        last.save(update_fields=["valid_to"])
    if calendar != USUAL:
        Shift.objects.create(person=person, calendar=calendar, valid_from=since)
    new = {"shift": calendar, "shift_since": plain(since)}
    record_change(viewer, "org.shift_changed", person, at=at, old=told, new=new)
    return person


def shifts_of(person: Person) -> QuerySet[Shift]:
    """The shifts of somebody, the newest first."""
    return person.shifts.order_by("-valid_from")


def shifts_on(people: Iterable[Person | int], day: date) -> dict[int, str]:
    """The key of the calendar that each of these works by on a day, by the person's id; without those who have none."""
    return dict(_held(day).filter(person__in=people).values_list("person_id", "calendar"))


def off_on(people: Iterable[Person | int], day: date, calendars: Mapping[str, WorkCalendar]) -> set[int]:
    """The ids of those whose shift has no hours on that day, or who are on leave for all of it."""
    people = list(people)
    return _off(shifts_on(people, day), _granted(day).filter(person__in=people), day, calendars)


def off_in(teams: tuple[int, ...], day: date, calendars: Mapping[str, WorkCalendar]) -> set[int]:
    """The same of everybody of some teams, by their ids."""
    return _off(dict(_shifts_in(teams, day=day)), _leaves_in(teams, day=day), day, calendars)


@written_once
def _shifts_in(teams: tuple[int, ...], *, day: date) -> QuerySet[Shift, tuple[int, str]]:
    return _held(day).filter(person__in=members(teams, on=day)).values_list("person_id", "calendar")


@written_once
def _leaves_in(teams: tuple[int, ...], *, day: date) -> QuerySet[Leave]:
    return _granted(day).filter(person__in=members(teams, on=day)).order_by()


def _granted(day: date) -> QuerySet[Leave]:
    return Leave.objects.filter(state=LeaveState.GRANTED, first__lte=day, last__gte=day)


def _held(day: date) -> QuerySet[Shift]:
    return Shift.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day).order_by()


def _off(
    shifts: Mapping[int, str], leaves: Iterable[Leave], day: date, calendars: Mapping[str, WorkCalendar]
) -> set[int]:
    resting = {person for person, key in shifts.items() if key in calendars and not calendars[key].spans_on(day)}
    away: dict[int, Decimal] = defaultdict(Decimal)
    for each in leaves:  # two halves of a day may be two leaves
        away[each.person_id] += each.share(day)
    return resting | {person for person, share in away.items() if share == 1}


def people_by_shift(day: date) -> dict[str, list[Person]]:
    """Who works by each calendar on a day."""
    held = Shift.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)
    found: dict[str, list[Person]] = {}
    for shift in held.select_related("person").order_by("person__sort", "person__number"):
        if shift.person.left_on is None or shift.person.left_on > day:
            found.setdefault(shift.calendar, []).append(shift.person)
    return found


def _check(person: Person, last: Shift | None, since: date) -> None:
    if last is not None and since < last.valid_from:
        raise InputError("org.shift_overlap", name=person.name, shift=last.calendar, since=last.valid_from)
    if person.hired_on is not None and since < person.hired_on:
        raise InputError("org.post_before_hiring", day=since, hired=person.hired_on)
    if person.left_on is not None and since >= person.left_on:
        raise InputError("org.post_after_leaving", day=since, left=person.left_on)


def _told(shift: Shift | None) -> dict[str, object]:
    return {"shift": shift.calendar, "shift_since": plain(shift.valid_from)} if shift else {}
