"""Writes of parts for cases: asked for, issued, fitted, given back; old parts returned, wrong ones told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from fuxiao.base.actions import announce, notify, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.case_life import Verb
from fuxiao.core.clock import PauseKind
from fuxiao.core.errors import InputError, NotPermitted
from fuxiao.engine.schema import WRONG_PARTS
from fuxiao.service import feed
from fuxiao.service.actions.intake import next_of
from fuxiao.service.actions.life import Act, done
from fuxiao.service.actions.stock import TOPIC, keepers, moved, positive
from fuxiao.service.actions.writing import locked_case, notify_people, own_person, tell
from fuxiao.service.models import Case, Location, LocationKind, MoveKind, Part, PartLine, Visit
from fuxiao.service.rights import is_owner, leads

BACKORDER = "backorder"


@transaction.atomic
def ask(viewer: Viewer, number: str, part: Part, qty: int, *, at: datetime, visit: Visit | None = None) -> PartLine:
    """A part is needed for a case, by whoever works on it."""
    require(viewer, Permission.CASE_WRITE)
    case = locked_case(viewer, number, at=at)
    _handles(viewer, case)
    if not case.is_open:
        raise InputError("part.case_over", number=number)
    line = PartLine.objects.create(
        number=f"P{next_of('PART'):06d}", case=case, visit=visit, part=part, qty=positive(qty), requested_at=at,
        requested_by=own_person(viewer),
    )  # fmt: skip
    _told(viewer, "part.requested", line, at=at, new={"part": part.number, "qty": qty})
    notify(keepers(), "part.requested", at=at, link="/parts/", number=number, part=part.name, by=viewer.name)
    return line


@transaction.atomic
def issue(
    viewer: Viewer, number: str, location: Location, *, at: datetime, overdraw: str = ""
) -> PartLine:  # fmt: skip
    """Hand the part out of a location: the storekeeper from any, an engineer from their own van.

    What had to be ordered stays told as such. When nothing is missing any more, the wait of the case ends.
    """
    line = locked(viewer, number, at=at)
    own_van = location.kind == LocationKind.VAN and location.engineer is not None
    own_van = own_van and location.engineer.number == viewer.person  # type: ignore[union-attr]
    require(viewer, Permission.CASE_WRITE if own_van else Permission.PARTS_WRITE)
    _check_waiting(line)
    moved(viewer, line.part, location, -line.qty, MoveKind.ISSUED, at=at, line=line, reason=overdraw,
          overdraw=bool(overdraw.strip()))  # fmt: skip
    line.issued_at, line.location, line.picker = at, location, own_person(viewer)
    line.filled_from = line.filled_from or location.kind
    if line.part.return_days is not None:
        line.return_due_at = at + timedelta(days=line.part.return_days)
    line.save()
    _told(viewer, "part.issued", line, at=at, new={"from": location.key})
    notify_people([line.requested_by], "part.issued", line.case, at=at, by=viewer)
    _no_longer_waits(viewer, line.case, at=at)
    return line


@transaction.atomic
def order(viewer: Viewer, number: str, *, at: datetime) -> PartLine:
    """The part is nowhere and has to be ordered: the case waits for it."""
    require(viewer, Permission.PARTS_WRITE)
    line = locked(viewer, number, at=at)
    _check_waiting(line)
    line.filled_from = BACKORDER
    line.save(update_fields=["filled_from"])
    _told(viewer, "part.ordered", line, at=at, new={"part": line.part.number})
    case = line.case
    if case.is_open and not case.pause and not case.on_visit:
        act = Act(verb=Verb.PEND, kind=PauseKind.PARTS, reason=line.part.name)
        done(viewer, case, act, at=at, source="parts")
    notify_people([line.requested_by], "part.ordered", case, at=at, by=viewer)
    return line


@transaction.atomic
def withdraw(viewer: Viewer, number: str, *, at: datetime) -> PartLine:
    """It is not needed after all."""
    line = locked(viewer, number, at=at)
    if not viewer.may(Permission.PARTS_WRITE):
        require(viewer, Permission.CASE_WRITE)
        _handles(viewer, line.case)
    require(viewer, Permission.CASE_READ)
    _check_waiting(line)
    line.cancelled_at = at
    line.save(update_fields=["cancelled_at"])
    _told(viewer, "part.withdrawn", line, at=at, new={})
    _no_longer_waits(viewer, line.case, at=at)
    return line


@transaction.atomic
def fit(viewer: Viewer, number: str, *, at: datetime) -> PartLine:
    """The part was fitted, so it was the right one."""
    line = _in_hand(viewer, number, at=at)
    line.installed_at, line.correct = at, True
    line.save(update_fields=["installed_at", "correct"])
    _told(viewer, "part.fitted", line, at=at, new={})
    return line


@transaction.atomic
def give_back(
    viewer: Viewer, number: str, location: Location, *, at: datetime, wrong: str = "", kind: str = ""
) -> PartLine:  # fmt: skip
    """The part goes back unfitted. Where it was not the right one, ``kind`` says whether it was picked or asked for
    wrong, and ``wrong`` why. Raises ``InputError`` for a kind that there is not."""
    if kind and kind not in WRONG_PARTS:
        raise InputError("part.wrong_kind_unknown", kind=kind)
    line = _in_hand(viewer, number, at=at)
    line.unused_at, line.return_due_at = at, None
    if kind or wrong.strip():
        line.correct, line.wrong_kind, line.wrong_reason = False, kind, wrong.strip()
    line.save(update_fields=["unused_at", "return_due_at", "correct", "wrong_kind", "wrong_reason"])
    moved(viewer, line.part, location, line.qty, MoveKind.GIVEN_BACK, at=at, line=line, reason=wrong)
    _told(viewer, "part.given_back", line, at=at, new={"to": location.key, "wrong": line.wrong_reason})
    return line


@transaction.atomic
def take_old(viewer: Viewer, number: str, *, at: datetime) -> PartLine:
    """The old part is back."""
    require(viewer, Permission.PARTS_WRITE)
    line = locked(viewer, number, at=at)
    if line.return_due_at is None or line.old_part_returned_at is not None:
        raise InputError("part.nothing_due", number=number)
    line.old_part_returned_at = at
    line.save(update_fields=["old_part_returned_at"])
    _told(viewer, "part.old_returned", line, at=at, new={})
    return line


def locked(viewer: Viewer, number: str, *, at: datetime) -> PartLine:
    """The line with its case, kept from other writers; ``InputError`` where there is none."""
    found = PartLine.objects.filter(number=number).values_list("case__number", flat=True).first()
    if found is None:
        raise InputError("part.no_line", number=number)
    case = locked_case(viewer, found, at=at)
    line = PartLine.objects.select_related("part", "requested_by", "location").get(number=number)
    line.case = case
    return line


def _in_hand(viewer: Viewer, number: str, *, at: datetime) -> PartLine:
    """A line that was issued and neither fitted nor given back, in the hands of whoever works on the case."""
    line = locked(viewer, number, at=at)
    if not viewer.may(Permission.PARTS_WRITE):
        require(viewer, Permission.CASE_WRITE)
        _handles(viewer, line.case)
    require(viewer, Permission.CASE_READ)
    if line.issued_at is None or line.installed_at or line.unused_at:
        raise InputError("part.not_in_hand", number=number)
    return line


def _handles(viewer: Viewer, case: Case) -> None:
    """``NotPermitted`` for whoever neither has the case, goes there, nor leads."""
    if is_owner(viewer, case) or leads(viewer):
        return
    if not Visit.objects.filter(case=case, engineer__number=viewer.person or "", cancelled_at__isnull=True).exists():
        raise NotPermitted("part.not_handler", number=case.number)


def _check_waiting(line: PartLine) -> None:
    if line.issued_at or line.cancelled_at:
        raise InputError("part.settled", number=line.number)


def _no_longer_waits(viewer: Viewer, case: Case, *, at: datetime) -> None:
    """The wait for parts ends with the last of them."""
    missing = PartLine.objects.filter(case=case, issued_at__isnull=True, cancelled_at__isnull=True).exists()
    if case.is_open and case.pause == PauseKind.PARTS and not missing:
        done(viewer, case, Act(verb=Verb.RESUME), at=at, source="parts")


def _told(viewer: Viewer, action: str, line: PartLine, *, at: datetime, new: dict[str, object]) -> None:
    record(
        viewer, action, kind="service.case", key=line.case.number, label=f"{line.number} {line.part}", at=at, new=new
    )
    announce(TOPIC, at=at)
    tell(line.case, at=at)
    feed.note("part_lines", line.number, at=at)
