"""What every write of a visit needs: the visit kept from other writers, and what is told of its change."""

from __future__ import annotations

from datetime import datetime

from fuxiao.base.actions import announce, record
from fuxiao.base.permissions import Viewer
from fuxiao.core.errors import Conflict, InputError
from fuxiao.service import feed
from fuxiao.service.actions.writing import locked_case, tell
from fuxiao.service.models import Visit


def locked(viewer: Viewer, key: str, *, at: datetime, version: int | None = None) -> Visit:
    """The visit with its case, kept from other writers; ``NotPermitted`` where the case is not in reach."""
    number, _, place = key.rpartition("/")
    case = locked_case(viewer, number, at=at)
    visit = Visit.objects.select_related("engineer").filter(case=case, number=int(place) if place.isdecimal() else 0)
    found = visit.first()
    if found is None:
        raise InputError("visit.unknown", key=key)
    if version is not None and found.version != version:
        raise Conflict("visit.changed_meanwhile", key=key)
    found.case = case
    return found


def check_open(visit: Visit) -> None:
    """Refuse a visit that somebody arrived for, or that was called off."""
    if visit.arrived_at or visit.cancelled_at:
        raise InputError("visit.not_planned", key=visit.key)


def save(visit: Visit) -> None:
    """Keep the visit as its next version."""
    visit.version += 1
    visit.save()


def plain(visit: Visit) -> dict[str, object]:
    """Who is to come when, as the audit trail keeps it."""
    return {
        "engineer": visit.engineer.number, "window_start": visit.window_start.isoformat(),
        "window_end": visit.window_end.isoformat(),
    }  # fmt: skip


def record_visit(
    viewer: Viewer, action: str, visit: Visit, *, at: datetime, new: dict[str, object],
    old: dict[str, object] | None = None,
) -> None:  # fmt: skip
    """Audit entry, announcements and feed of a change of a visit."""
    record(viewer, action, kind="service.case", key=visit.case.number, label=visit.key, at=at, old=old, new=new)
    announce("visits", at=at)
    tell(visit.case, at=at)
    feed.note("visits", visit.case.number, at=at)
    feed.note("cases", visit.case.number, at=at)
