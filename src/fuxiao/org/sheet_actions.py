"""Takes a planned list of people over: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from fuxiao.base.actions import record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import InputError
from fuxiao.org.models import Person, Team
from fuxiao.org.person_actions import add_person, change_person, leave, transfer
from fuxiao.org.sheet_plan import Kind, Planned
from fuxiao.org.team_actions import add_team

LATER = ("manager", "left_on")
"""Fields that are set once everybody of the list is there and their posts are."""


@transaction.atomic
def take_over(
    viewer: Viewer, planned: Sequence[Planned], *, name: str, at: datetime, teams: Iterable[Team] = ()
) -> Counter[Kind]:
    """Make the new ``teams``, add and change people as planned; how many lines of each kind.

    ``InputError`` where a line was refused.
    """
    require(viewer, Permission.ORG_WRITE)
    counts = Counter(each.kind for each in planned)
    if counts[Kind.REFUSED]:
        raise InputError("org.lines_refused", lines=counts[Kind.REFUSED])
    made = {team.key: add_team(viewer, team.key, {"name": team.name}, at=at) for team in teams}
    open_lines = [each for each in planned if each.kind is not Kind.UNCHANGED]
    for each in open_lines:
        _one(viewer, each, made, at=at)
    for each in open_lines:
        _afterwards(viewer, each, at=at)
    told = {kind.value: count for kind, count in sorted(counts.items())}
    record(viewer, "org.people_imported", kind="org", key="people", label=name, at=at, new=told)
    return counts


def _one(viewer: Viewer, planned: Planned, made: Mapping[str, Team], *, at: datetime) -> None:
    given = {field: value for field, value in planned.given.items() if field not in LATER}
    post = planned.post and replace(planned.post, team=made.get(planned.post.team.key, planned.post.team))
    if planned.person is None:
        add_person(viewer, planned.number, given, at=at, post=post)
        return
    person = change_person(viewer, planned.number, given, version=planned.person.version, at=at)
    if post is not None:
        transfer(viewer, person, post, at=at)


def _afterwards(viewer: Viewer, planned: Planned, *, at: datetime) -> None:
    if "manager" in planned.differs:
        person = Person.objects.get(number=planned.number)
        manager = Person.objects.get(number=planned.given["manager"])
        change_person(viewer, planned.number, {"manager": manager}, version=person.version, at=at)
    if "left_on" in planned.differs:
        leave(viewer, planned.number, planned.given["left_on"], at=at)
