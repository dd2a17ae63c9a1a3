"""Reads of leave: who may see and grant it, whose leave touches which days, and how many days it takes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from fuxiao.base.permissions import Permission, Reach, Role, Viewer, reach_for
from fuxiao.core.calendar import ALWAYS, WorkCalendar
from fuxiao.org.models import Leave, LeaveState, Membership, Person
from fuxiao.org.queries import current

KINDS: Mapping[str, bool] = {
    "annual": True, "sick": True, "personal": False, "time_off": True, "marriage": True, "maternity": True,
    "paternity": True, "bereavement": True, "injury": True, "other": False,
}  # fmt: skip
"""The kinds of leave, and whether such a day is paid unless whoever grants it says otherwise."""
STANDING = (LeaveState.ASKED, LeaveState.GRANTED)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """Which calendar somebody works by on which day: shifts as ``(first, end, key)``, else the organisation's own."""

    shifts: tuple[tuple[date, date | None, str], ...]
    usual: str
    calendars: Mapping[str, WorkCalendar]

    def minutes(self, day: date) -> int:
        """The minutes of work that begin on a day; 0 on days off."""
        held = (key for since, end, key in self.shifts if since <= day and (end is None or day < end))
        calendar = self.calendars.get(next(held, self.usual), self.calendars.get(self.usual, ALWAYS))
        return sum(span.end - span.start for span in calendar.spans_on(day))


def duties(people: Iterable[Person], usual: str, calendars: Mapping[str, WorkCalendar]) -> dict[int, Duty]:
    """The duty of each of these people whose shifts are fetched, by the person's id."""
    return {
        each.pk: Duty(tuple((s.valid_from, s.valid_to, s.calendar) for s in each.shifts.all()), usual, calendars)
        for each in people
    }  # fmt: skip


def days_of(leave: Leave, duty: Duty) -> Decimal:
    """How many days of work a leave takes, by the calendar."""
    return sum((leave.share(day) for day in days_between(leave.first, leave.last) if duty.minutes(day)), Decimal(0))


def days_between(first: date, last: date) -> Iterable[date]:
    return (first + n * ONE_DAY for n in range((last - first).days + 1))


def leaves_in(people: Collection[Person], first: date, last: date) -> QuerySet[Leave]:
    """What is asked for or granted to these people and touches the days from ``first`` to ``last``."""
    return Leave.objects.filter(person__in=people, state__in=STANDING, first__lte=last, last__gte=first)


def asked_for(viewer: Viewer, *, on: date) -> QuerySet[Leave]:
    """What waits for this viewer's decision, the earliest first."""
    waiting = Leave.objects.filter(state=LeaveState.ASKED).select_related("person").order_by("first", "id")
    return waiting.filter(granting(viewer, on=on))


def may_grant(viewer: Viewer, person: Person, *, on: date) -> bool:
    """Whether the viewer decides on the leave of somebody: in reach, and not oneself unless the owner."""
    return not viewer.read_only and Person.objects.filter(granting(viewer, "", on=on), pk=person.pk).exists()


def granting(viewer: Viewer, path: str = "person__", *, on: date) -> Q:
    """The people (at the end of ``path``) on whose leave the viewer decides."""
    reach = reach_for(viewer, Permission.LEAVE_GRANT)
    if reach not in (Reach.ALL, Reach.TEAMS):
        return Q(**{f"{path}pk__in": []})
    own = Q() if Role.OWNER in viewer.roles else ~Q(**{f"{path}number": viewer.own_number})
    return own if reach is Reach.ALL else own & _posted(viewer, path, on=on)


def _posted(viewer: Viewer, path: str, *, on: date) -> Q:
    """The people in the teams in reach."""
    held = current(Membership.objects.filter(team__key__in=viewer.teams), on=on)
    return Q(**{f"{path}pk__in": held.values("person_id")})


def kinds_known(viewer: Viewer, people: Collection[int], *, on: date) -> set[int]:
    """Of these people, by id, those of whom the viewer may know why they are away: it may be an illness. One query."""
    reaches = {reach_for(viewer, each) for each in (Permission.LEAVE_GRANT, Permission.PERSONAL_READ)}
    found = Person.objects.filter(pk__in=people)
    if Reach.ALL not in reaches:
        own = Q(number=viewer.own_number)
        found = found.filter(own | _posted(viewer, "", on=on) if Reach.TEAMS in reaches else own)
    return set(found.values_list("pk", flat=True))
