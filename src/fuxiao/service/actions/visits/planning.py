"""Who is to come when: plan, move, say whose diagnosis sends the engineer, call off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from fuxiao.base.actions import require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import InputError
from fuxiao.org.models import Person
from fuxiao.service.actions.visits.writing import check_open, locked, plain, record_visit, save
from fuxiao.service.actions.writing import locked_case, notify_people
from fuxiao.service.models import Mover, Visit, VisitMove
from fuxiao.service.rights import is_owner, needed_to_plan


@dataclass(frozen=True, slots=True)
class Slot:
    """Who is to come between two moments."""

    engineer: Person
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """For whose sake a visit is moved, and why."""

    why: str = Mover.PLANNING.value
    reason: str = ""


@transaction.atomic
def plan(viewer: Viewer, number: str, slot: Slot, *, at: datetime, diagnosed_by: Person | None = None) -> Visit:
    """A visit for an open case, by whoever plans visits, or by its owner for themselves.

    ``diagnosed_by`` is whose diagnosis sends the engineer: a misdiagnosis counts for them. It is told before anybody
    knows what comes of it; ``None`` for the engineer's own.
    """
    case = locked_case(viewer, number, at=at)
    own = is_owner(viewer, case) and slot.engineer.number == viewer.person
    require(viewer, Permission.CASE_WRITE if own else Permission.VISITS_PLAN)
    if not case.is_open:
        raise InputError("visit.case_over", number=number)
    _check(slot)
    last = Visit.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    visit = Visit.objects.create(
        case=case, number=last + 1, engineer=slot.engineer, diagnosed_by=diagnosed_by,
        window_start=slot.start, window_end=slot.end,
    )  # fmt: skip
    diagnosis = {"diagnosed_by": diagnosed_by.number} if diagnosed_by else {}
    record_visit(viewer, "visit.planned", visit, at=at, new=plain(visit) | diagnosis)
    notify_people([slot.engineer], "visit.planned", case, at=at, by=viewer)
    return visit


@transaction.atomic
def move(viewer: Viewer, key: str, slot: Slot, moved: Moved, *, version: int | None, at: datetime) -> Visit:
    """Another window or engineer for a visit that nobody set out on. What it was before stays on record."""
    visit = locked(viewer, key, at=at, version=version)
    require(viewer, needed_to_plan(viewer, visit))
    check_open(visit)
    _check(slot)
    if moved.why not in Mover.values:
        raise InputError("visit.no_mover", why=moved.why)
    if (slot.engineer, slot.start, slot.end) == (visit.engineer, visit.window_start, visit.window_end):
        return visit
    old, before = plain(visit), visit.engineer
    VisitMove.objects.create(
        visit=visit, at=at, by_name=viewer.name, engineer=visit.engineer, window_start=visit.window_start,
        window_end=visit.window_end, why=moved.why, reason=moved.reason.strip(),
    )  # fmt: skip
    visit.engineer, visit.window_start, visit.window_end = slot.engineer, slot.start, slot.end
    save(visit)
    new = plain(visit) | {"why": moved.why, "reason": moved.reason.strip()}
    record_visit(viewer, "visit.moved", visit, at=at, old=old, new=new)
    notify_people({before, slot.engineer}, "visit.moved", visit.case, at=at, by=viewer)
    return visit


@transaction.atomic
def diagnosed(viewer: Viewer, key: str, person: Person | None, *, version: int | None, at: datetime) -> Visit:
    """Whose diagnosis sends the engineer, told or corrected while nobody knows what comes of it; see ``plan``."""
    visit = locked(viewer, key, at=at, version=version)
    require(viewer, needed_to_plan(viewer, visit))
    check_open(visit)
    if visit.diagnosed_by == person:
        return visit
    before, visit.diagnosed_by = visit.diagnosed_by, person
    save(visit)
    old, new = ({"diagnosed_by": each.number if each else None} for each in (before, person))
    record_visit(viewer, "visit.diagnosed", visit, at=at, old=dict(old), new=dict(new))
    return visit


@transaction.atomic
def call_off(viewer: Viewer, key: str, reason: str, *, version: int | None, at: datetime) -> Visit:
    """A visit that will not take place."""
    visit = locked(viewer, key, at=at, version=version)
    require(viewer, needed_to_plan(viewer, visit))
    check_open(visit)
    if not reason.strip():
        raise InputError("visit.no_reason", key=key)
    visit.cancelled_at, visit.reason = at, reason.strip()
    save(visit)
    record_visit(viewer, "visit.called_off", visit, at=at, old=plain(visit), new={"reason": visit.reason})
    notify_people([visit.engineer], "visit.called_off", visit.case, at=at, by=viewer)
    return visit


def _check(slot: Slot) -> None:
    if slot.end <= slot.start:
        raise InputError("visit.window_ends_before_start", start=slot.start, end=slot.end)
