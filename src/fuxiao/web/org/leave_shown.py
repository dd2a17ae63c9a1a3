"""How a leave is told on pages: the days of work it takes, and whether its kind is the reader's to know."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from fuxiao.base.clock import today
from fuxiao.org.leave import Duty, days_of, duties, may_grant, sees_kinds
from fuxiao.org.models import Leave, Person
from fuxiao.web.access import Request
from fuxiao.web.org.hours import known_calendars
from fuxiao.web.shell.home import organisation

NEWEST = 12


@dataclass(frozen=True, slots=True)
class Told:
    """A leave as lists show it: days of work it takes, whether its kind is the reader's to know."""

    leave: Leave
    days: Decimal
    kind: bool


def told(request: Request, found: Leave, duty: Duty) -> Told:
    return Told(found, days_of(found, duty), sees_kinds(request.viewer, found.person.number))


def leave_facts(request: Request, person: Person) -> dict[str, object]:
    """What the page of a person says of their leave: the newest, and what the reader can do."""
    duty, viewer = duty_of(person), request.viewer
    found = person.leaves.select_related("person")[:NEWEST]
    return {
        "leaves": [told(request, each, duty) for each in found], "sees_kinds": sees_kinds(viewer, person.number),
        "may_grant_leave": may_grant(viewer, person, on=today(organisation().zone)),
        "asks_leave": viewer.person == person.number and not viewer.read_only,
        "leave_new": f"{reverse('leave_enter')}?{urlencode({'person': person.number})}",
    }  # fmt: skip


def duty_of(person: Person) -> Duty:
    """When somebody works, by shift or by the organisation's calendar."""
    return duties([person], organisation().calendar, known_calendars())[person.pk]
