"""Writes of the register: an event is reported, decided by a second person, and kept whatever comes of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import F

from fuxiao.base.actions import announce, notify, one_writer, record, require
from fuxiao.base.permissions import GRANTS, Permission, Reach, Role, Viewer
from fuxiao.core.errors import Conflict, InputError, NotPermitted
from fuxiao.org.models import Person
from fuxiao.org.queries import accounts_above, accounts_of, accounts_with
from fuxiao.performance.events import queries
from fuxiao.performance.events.file import write_events
from fuxiao.performance.events.kinds import Effect, known_kinds
from fuxiao.performance.events.models import ReportedEvent, State

EVENTS_LOCK = 7_041_006
MOST = Decimal(1000)
DECIDE_BELOW = [
    role for role, (reach, may) in GRANTS.items() if reach is Reach.TEAMS and Permission.EVENTS_WRITE in may
]
"""The roles that decide on events of the people below them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody reports; ``count`` is how often it happened that day."""

    person: str
    kind: str
    on: date
    evidence: str
    count: Decimal = Decimal(1)
    case: str = ""
    note: str = ""


@transaction.atomic
def report(
    viewer: Viewer, home: Path, given: Report, *, openable: Collection[str], today: date, at: datetime
) -> ReportedEvent:
    """Report an event about somebody in reach. It counts once a second person has approved it.

    ``openable`` are those of the cases named that the viewer can open; a case that is none of them is refused alike
    whether it exists or not.
    """
    require(viewer, Permission.EVENTS_WRITE)
    one_writer(EVENTS_LOCK)
    about = _about(viewer, given, today)
    _sound(home, given, today)
    if given.case.strip() and given.case.strip() not in openable:
        raise InputError("events.case_out_of_reach", case=given.case.strip())
    _open(home, given.person, given.on)
    made = ReportedEvent.objects.create(
        person=about.number, name=about.name, kind=given.kind, on=given.on, count=given.count,
        evidence=given.evidence.strip(), case=given.case.strip(), note=given.note.strip(), reported_at=at,
        reported_by_id=viewer.account, reporter=queries.key_of(viewer), reporter_name=viewer.name,
    )  # fmt: skip
    notify(_approvers(viewer, made, today), "events.reported", at=at, link=_link(made), by=viewer.name, name=made.name)
    _record(viewer, "events.reported", made, {"score_event": made.kind, "day": made.on.isoformat()}, at=at)
    return made


def _about(viewer: Viewer, given: Report, today: date) -> Person:
    if given.person == viewer.person:
        raise InputError("events.about_oneself")
    found = queries.reportable(viewer, on=today).filter(number=given.person).first()
    if found is None:
        raise InputError("events.out_of_reach", person=given.person)
    return found


def _sound(home: Path, given: Report, today: date) -> None:
    kinds = known_kinds(home)
    if given.kind not in kinds:
        raise InputError("events.unknown_kind", event=given.kind)
    if given.on > today:
        raise InputError("events.in_future", day=today.isoformat())
    if not 0 < given.count <= MOST or (kinds[given.kind].effect is Effect.VETO and given.count != 1):
        raise InputError("events.count")
    if not given.evidence.strip():
        raise InputError("events.evidence_missing")
    same = {"person": given.person, "kind": given.kind, "on": given.on, "case": given.case.strip()}
    if ReportedEvent.objects.filter(state__in=(State.WAITING, State.COUNTS), **same).exists():
        raise InputError("events.known_already")


def _open(home: Path, person: str, on: date) -> None:
    """What a closed period was scored by stands still: an event of its days would count nowhere."""
    if closed := queries.closed_period(home, person, on):
        raise InputError("events.period_closed", period=closed)


@transaction.atomic
def approve(viewer: Viewer, home: Path, event: ReportedEvent, *, version: int, at: datetime) -> None:
    """Have it count, from this moment, wherever scores are worked out."""
    _decides(viewer, event)
    one_writer(EVENTS_LOCK)
    _open(home, event.person, event.on)
    _decide(viewer, event, State.COUNTS, version=version, at=at)
    notify(_accounts(event), "events.counts", at=at, link="/performance/", day=event.on.isoformat())
    notify([event.reported_by_id], "events.approved", at=at, link=_link(event), by=viewer.name, name=event.name)
    _record(viewer, "events.approved", event, {"approved_by": viewer.name}, at=at)
    _into_file(home, at=at)


@transaction.atomic
def refuse(viewer: Viewer, event: ReportedEvent, reason: str, *, version: int, at: datetime) -> None:
    """Say why it does not count."""
    _decides(viewer, event)
    _decide(viewer, event, State.REFUSED, version=version, at=at, reason=_reason(reason))
    notify([event.reported_by_id], "events.refused", at=at, link=_link(event), by=viewer.name, name=event.name)
    _record(viewer, "events.refused", event, {"reason": reason.strip()}, at=at)


@transaction.atomic
def withdraw(viewer: Viewer, event: ReportedEvent, *, version: int, at: datetime) -> None:
    """Take the own report back while it waits."""
    require(viewer, Permission.EVENTS_WRITE)
    if not queries.is_reporter(viewer, event):
        raise NotPermitted("events.not_the_reporter")
    _change(event, State.WAITING, version, {"state": State.WITHDRAWN, "decided_at": at})
    _record(viewer, "events.withdrawn", event, {}, at=at)


@transaction.atomic
def revoke(viewer: Viewer, home: Path, event: ReportedEvent, reason: str, *, version: int, at: datetime) -> None:
    """Have what was approved count no longer. Periods that are closed keep what they were scored by."""
    require(viewer, Permission.EVENTS_WRITE)
    if viewer.person == event.person:
        raise NotPermitted("events.involved")
    one_writer(EVENTS_LOCK)
    revoked = {"revoked_at": at, "revoked_by_name": viewer.name, "revoked_because": _reason(reason)}
    _change(event, State.COUNTS, version, {"state": State.REVOKED, **revoked})
    notify(_accounts(event), "events.revoked", at=at, link="/performance/", day=event.on.isoformat())
    _record(viewer, "events.revoked", event, {"reason": reason.strip()}, at=at)
    _into_file(home, at=at)


def _decides(viewer: Viewer, event: ReportedEvent) -> None:
    require(viewer, Permission.EVENTS_WRITE)
    if viewer.person == event.person:
        raise NotPermitted("events.involved")
    if queries.is_reporter(viewer, event):
        raise NotPermitted("events.same_person")


def _decide(
    viewer: Viewer, event: ReportedEvent, state: State, *, version: int, at: datetime, reason: str = ""
) -> None:
    decided = {"approver": queries.key_of(viewer), "approver_name": viewer.name, "decided_at": at, "reason": reason}
    _change(event, State.WAITING, version, {"state": state, **decided})


def _reason(reason: str) -> str:
    if not reason.strip():
        raise InputError("events.reason_missing")
    return reason.strip()


def _change(event: ReportedEvent, state: State, version: int, changed: Mapping[str, object]) -> None:
    """Change an event that is still as it was seen."""
    seen = ReportedEvent.objects.filter(pk=event.pk, version=version, state=state)
    if not seen.update(version=F("version") + 1, **changed):
        raise Conflict("events.changed_meanwhile", name=event.name)


def _into_file(home: Path, *, at: datetime) -> None:
    """The file last: what is announced is seen when the transaction ends, and the file is whole by then."""
    announce("values", at=at)
    write_events(home, ReportedEvent.objects.filter(state=State.COUNTS).order_by("on", "id"))


def _accounts(event: ReportedEvent) -> set[int]:
    """The accounts of whom it is about."""
    return set(accounts_of([event.person]).values())


def _approvers(viewer: Viewer, event: ReportedEvent, today: date) -> set[int]:
    """Who is asked to decide: those above the person, and HR, or the owner where nobody is left there."""
    out = {viewer.account, *_accounts(event)}
    company = (set(accounts_with(Role.HR)) - out) or set(accounts_with(Role.OWNER))
    return (company | accounts_above(event.person, DECIDE_BELOW, on=today)) - out


def _link(event: ReportedEvent) -> str:
    return f"/performance/events/{event.pk}/"


def _record(viewer: Viewer, action: str, event: ReportedEvent, new: Mapping[str, object], *, at: datetime) -> None:
    # Without a name: whoever reads the trail may be the one it is about.
    record(viewer, action, kind="performance.event", key=str(event.pk), label=str(event), at=at, new=new)
    announce("events", at=at)
