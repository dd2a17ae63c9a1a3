"""Writes about leave: asked for, entered, granted, refused, changed, withdrawn and put back. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from fuxiao.base.actions import announce, notify, record, require
from fuxiao.base.permissions import GRANTS, Permission, Reach, Viewer
from fuxiao.base.versioned import at_version, set_fields
from fuxiao.core.errors import InputError, NotPermitted
from fuxiao.org.changes import plain
from fuxiao.org.leave import KINDS, STANDING, may_grant
from fuxiao.org.models import Leave, LeaveState, Person, RoleGrant
from fuxiao.org.person_actions import locked
from fuxiao.org.queries import accounts_above, accounts_of
from fuxiao.org.tasks import publish_soon

LONGEST = 366


@dataclass(frozen=True, slots=True)
class Given:
    """What is asked for. ``paid`` of ``None`` is as usual for the kind."""

    kind: str
    first: date
    last: date
    from_noon: bool = False
    to_noon: bool = False
    paid: bool | None = None
    note: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "first": self.first, "last": self.last, "from_noon": self.from_noon,
            "to_noon": self.to_noon, "paid": KINDS[self.kind] if self.paid is None else self.paid, "note": self.note,
        }  # fmt: skip


@transaction.atomic
def ask_for_leave(viewer: Viewer, given: Given, *, today: date, at: datetime) -> Leave:
    """Ask for time off for oneself; whoever may grant it is told. Whether it is paid follows from the kind."""
    require(viewer, Permission.ORG_READ)
    if viewer.person is None:
        raise InputError("leave.nobody")
    usual = Given(given.kind, given.first, given.last, given.from_noon, given.to_noon, None, given.note)
    made = _make(locked(viewer.person), usual, LeaveState.ASKED)
    _told(viewer, "org.leave_asked", made, {}, _plain(usual), at=at)
    link = f"/org/leave/{made.pk}/"
    notify(_granters(made.person, today) - {viewer.account}, "leave.asked", at=at, link=link,
           name=made.person.name, day=given.first.isoformat())  # fmt: skip
    return made


@transaction.atomic
def enter_leave(viewer: Viewer, number: str, given: Given, *, today: date, at: datetime) -> Leave:
    """Write down leave that is granted by being entered. ``NotPermitted`` for people that the viewer does not lead."""
    require(viewer, Permission.LEAVE_GRANT)
    person = locked(number)
    _require_granter(viewer, person, today)
    made = _make(person, given, LeaveState.GRANTED)
    _told(viewer, "org.leave_entered", made, {}, _plain(given), at=at)
    return made


@transaction.atomic
def decide_leave(
    viewer: Viewer, key: int, *, granted: bool, answer: str = "", version: int, today: date, at: datetime
) -> Leave:  # fmt: skip
    """Grant or refuse what was asked for, with a word to whoever asked. ``InputError`` where it waits no longer."""
    require(viewer, Permission.LEAVE_GRANT)
    leave = _locked(key)
    _require_granter(viewer, leave.person, today)
    at_version(leave, version)
    if leave.state != LeaveState.ASKED:
        raise InputError("leave.decided", name=leave.person.name)
    given = {"state": LeaveState.GRANTED if granted else LeaveState.REFUSED, "answer": answer}
    _record(viewer, "org.leave_granted" if granted else "org.leave_refused", leave, given, at=at)
    accounts = accounts_of([leave.person.number]).values()
    notify(accounts, "leave.granted" if granted else "leave.refused", at=at, link=f"/org/leave/{leave.pk}/",
           by=viewer.name, day=leave.first.isoformat())  # fmt: skip
    return leave


@transaction.atomic
def change_leave(viewer: Viewer, key: int, given: Given, *, version: int, today: date, at: datetime) -> Leave:
    """Other days, kind or note: by whoever grants it, or by whoever asked while it waits."""
    leave = _locked(key)
    grants = _require_hand(viewer, leave, today)
    at_version(leave, version)
    if leave.state not in STANDING:
        raise InputError("leave.over", name=leave.person.name)
    fields = given.fields if grants else {**given.fields, "paid": KINDS[given.kind]}
    _check(leave.person, Leave(person=leave.person, **fields), besides=leave.pk)
    _record(viewer, "org.leave_changed", leave, fields, at=at)
    return leave


@transaction.atomic
def withdraw_leave(viewer: Viewer, key: int, *, today: date, at: datetime) -> Leave:
    """Take it back: it counts no more. By whoever grants it, or by whoever asked while it waits."""
    leave = _locked(key)
    _require_hand(viewer, leave, today)
    if leave.state not in STANDING:
        raise InputError("leave.over", name=leave.person.name)
    _record(viewer, "org.leave_withdrawn", leave, {"state": LeaveState.WITHDRAWN}, at=at)
    return leave


@transaction.atomic
def put_back_leave(viewer: Viewer, key: int, *, today: date, at: datetime) -> Leave:
    """Undo a withdrawal or a refusal: granted again by whoever may, else asked for again."""
    leave = _locked(key)
    own = viewer.person == leave.person.number
    grants = may_grant(viewer, leave.person, on=today)
    if not grants and not (own and leave.state == LeaveState.WITHDRAWN):
        raise NotPermitted("permission.denied", permission=Permission.LEAVE_GRANT.value)
    require(viewer, Permission.LEAVE_GRANT if grants else Permission.ORG_READ)
    if leave.state in STANDING:
        raise InputError("leave.stands", name=leave.person.name)
    _check(leave.person, leave, besides=leave.pk)
    state = LeaveState.GRANTED if grants else LeaveState.ASKED
    _record(viewer, "org.leave_put_back", leave, {"state": state, "answer": ""}, at=at)
    return leave


def _make(person: Person, given: Given, state: LeaveState) -> Leave:
    made = Leave(person=person, state=state, **given.fields)
    _check(person, made)
    made.save()
    return made


def _plain(given: Given) -> dict[str, object]:
    return {name: plain(value) for name, value in given.fields.items() if value or name == "paid"}


def _record(viewer: Viewer, action: str, leave: Leave, given: Mapping[str, Any], *, at: datetime) -> None:
    old, new = set_fields(leave, given, told=lambda _, value: plain(value))
    if new:
        _told(viewer, action, leave, old, new, at=at)


def _told(
    viewer: Viewer, action: str, leave: Leave, old: Mapping[str, object], new: Mapping[str, object], *, at: datetime
) -> None:  # fmt: skip
    record(viewer, action, kind="org.leave", key=str(leave.pk), label=str(leave), at=at, old=old, new=new)
    announce("org.people", at=at)
    transaction.on_commit(publish_soon)


def _check(person: Person, wanted: Leave, *, besides: int = 0) -> None:
    """Days in order, not too many, while employed, and no half of a day twice."""
    if wanted.kind not in KINDS:
        raise InputError("leave.kind")
    if not wanted.halves:
        raise InputError("leave.backwards", first=wanted.first, last=wanted.last)
    if (wanted.last - wanted.first).days >= LONGEST:
        raise InputError("leave.too_long", most=LONGEST)
    if person.hired_on is not None and wanted.first < person.hired_on:
        raise InputError("leave.before_hiring", day=wanted.first, hired=person.hired_on)
    if person.left_on is not None and wanted.last >= person.left_on:
        raise InputError("leave.after_leaving", day=wanted.last, left=person.left_on)
    others = Leave.objects.filter(
        person=person, state__in=STANDING, first__lte=wanted.last, last__gte=wanted.first
    ).exclude(pk=besides)  # fmt: skip
    for each in others:
        if max(each.halves.start, wanted.halves.start) < min(each.halves.stop, wanted.halves.stop):
            raise InputError("leave.overlap", name=person.name, first=each.first, last=each.last)


def _locked(key: int) -> Leave:
    """The leave and its person, kept from other writers; ``InputError`` where there is none."""
    found = Leave.objects.filter(pk=key).select_related("person").first()
    if found is None:
        raise InputError("leave.unknown")
    locked(found.person.number)
    return Leave.objects.select_related("person").get(pk=key)


def _require_granter(viewer: Viewer, person: Person, today: date) -> None:
    if not may_grant(viewer, person, on=today):
        raise NotPermitted("permission.denied", permission=Permission.LEAVE_GRANT.value)


def _require_hand(viewer: Viewer, leave: Leave, today: date) -> bool:
    """Whether the viewer grants it; ``NotPermitted`` for others than whoever asked, and for them once it is decided."""
    if may_grant(viewer, leave.person, on=today):
        return True
    require(viewer, Permission.ORG_READ)
    if viewer.person != leave.person.number or leave.state != LeaveState.ASKED:
        raise NotPermitted("permission.denied", permission=Permission.LEAVE_GRANT.value)
    return False


def _granters(person: Person, today: date) -> set[int | None]:
    """The leads and managers above, else everybody who grants leave to all."""
    roles = {role: reach for role, (reach, may) in GRANTS.items() if Permission.LEAVE_GRANT in may}
    near = [role for role, reach in roles.items() if reach is Reach.TEAMS]
    own = set(accounts_of([person.number]).values())
    above = accounts_above(person.number, near, on=today) - own
    wide = [role.value for role, reach in roles.items() if reach is Reach.ALL]
    all_over = RoleGrant.objects.filter(role__in=wide, user__is_active=True).values_list("user_id", flat=True)
    return {*(above or all_over)}
