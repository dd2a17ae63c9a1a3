"""How a leave is told on pages: the days of work it takes, and whether its kind is the reader's to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from fuxiao.base.clock import today
from fuxiao.org.leave import Duty, days_of, duties, kinds_known, may_grant
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


def told(request: Request, found: Sequence[Leave], known: Mapping[int, Duty]) -> list[Told]:
    """These leaves, by the duties of their people. One query."""
    kinds = kinds_known(request.viewer, {each.person_id for each in found}, on=today(organisation().zone))
    return [Told(each, days_of(each, known[each.person_id]), each.person_id in kinds) for each in found]


def leave_facts(request: Request, person: Person) -> dict[str, object]:
    """What the page of a person says of their leave: the newest, and what the reader can do."""
    viewer, on = request.viewer, today(organisation().zone)
    found = list(person.leaves.select_related("person")[:NEWEST])
    return {
        "leaves": told(request, found, {person.pk: duty_of(person)}),
        "sees_kinds": bool(kinds_known(viewer, {person.pk}, on=on)), "may_grant_leave": may_grant(viewer, person, on=on),
        "asks_leave": viewer.person == person.number and not viewer.read_only,
        "leave_new": f"{reverse('leave_enter')}?{urlencode({'person': person.number})}",
    }  # fmt: skip


def duty_of(person: Person) -> Duty:
    """When somebody works, by shift or by the organisation's calendar."""
    return duties([person], organisation().calendar, known_calendars())[person.pk]
