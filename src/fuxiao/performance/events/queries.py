"""Reads of the register: events of people in reach, never the own; who may decide; which periods are closed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db.models import QuerySet

from fuxiao.base.permissions import Permission, Reach, Viewer, reach_for
from fuxiao.core.errors import NotPermitted, UnknownName
from fuxiao.core.period import parse_period
from fuxiao.datasets.manifest import read_manifest
from fuxiao.org.models import Person
from fuxiao.org.queries import numbers_in_reach, people
from fuxiao.performance.cycles.models import CycleMember
from fuxiao.performance.events.models import ReportedEvent, State


def events(viewer: Viewer, *, on: date) -> QuerySet[ReportedEvent]:
    """The events of people in reach, newest first. The own ones stand on the own scorecard once they count."""
    found = ReportedEvent.objects.exclude(person=viewer.own_number)
    reach = reachable(viewer, Permission.EVENTS_READ, on=on)
    return (found if reach is None else found.filter(person__in=reach)).order_by("-on", "-id")


def reachable(viewer: Viewer, permission: Permission, *, on: date) -> frozenset[str] | None:
    """The numbers of those whom the permission reaches; ``None`` for everybody. Never the viewer's own."""
    if not viewer.may(permission):
        raise NotPermitted("permission.denied", permission=permission.value)
    reach = reach_for(viewer, permission)
    if reach is Reach.ALL:
        return None
    teams = numbers_in_reach(viewer, on=on) if reach is Reach.TEAMS else frozenset()
    return teams - {viewer.own_number}


def event_of(viewer: Viewer, number: int, *, on: date) -> ReportedEvent:
    """One event; ``UnknownName`` alike for one out of reach and one that is not there."""
    found = events(viewer, on=on).filter(pk=number).first()
    if found is None:
        raise UnknownName("score_event", str(number), ())
    return found


def reportable(viewer: Viewer, *, on: date) -> QuerySet[Person]:
    """The people about whom the viewer may report: those in reach, those who left included, never oneself."""
    reach = reachable(viewer, Permission.EVENTS_WRITE, on=on)
    found = people(viewer, on=on, anybody=True).exclude(number=viewer.own_number)
    return found if reach is None else found.filter(number__in=reach)


def key_of(viewer: Viewer) -> str:
    """How the file of events names whoever acts."""
    return viewer.person or viewer.name


def is_reporter(viewer: Viewer, event: ReportedEvent) -> bool:
    own = viewer.account is not None and viewer.account == event.reported_by_id
    return own or key_of(viewer) == event.reporter


def may_write(viewer: Viewer) -> bool:
    return viewer.may(Permission.EVENTS_WRITE) and not viewer.read_only


def may_decide(viewer: Viewer, event: ReportedEvent) -> bool:
    """A second person: neither who reported it nor whom it is about."""
    return (
        may_write(viewer) and event.state == State.WAITING and viewer.person != event.person
        and not is_reporter(viewer, event)
    )  # fmt: skip


def may_withdraw(viewer: Viewer, event: ReportedEvent) -> bool:
    return may_write(viewer) and event.state == State.WAITING and is_reporter(viewer, event)


def may_revoke(viewer: Viewer, event: ReportedEvent) -> bool:
    return may_write(viewer) and event.state == State.COUNTS and viewer.person != event.person


def closed_period(home: Path, person: str, on: date) -> str:
    """The period of that day whose data is closed, or which is sealed; empty while the person is in one that runs.

    Cycles close their data on the web, the command line seals without one.
    """
    closed = next((key for key in sorted(read_manifest(home / "lake").sealed) if _holds(key, on)), "")
    for key, as_of in CycleMember.objects.filter(person=person).values_list("cycle__period", "cycle__as_of"):
        if _holds(key, on):
            if as_of is None:
                return ""
            closed = key
    return closed


def _holds(period: str, on: date) -> bool:
    found = parse_period(period)
    return found.start <= on < found.end
