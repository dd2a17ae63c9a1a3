"""At the door: arrive, leave. What they mean for the case goes through its own verbs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction

from fuxiao.base.actions import require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.case_life import Verb
from fuxiao.core.clock import PauseKind
from fuxiao.core.errors import InputError, NotPermitted
from fuxiao.core.geo import metres_between
from fuxiao.service.actions.files import Sent, keep
from fuxiao.service.actions.life import Act, done
from fuxiao.service.actions.visits.writing import check_open, locked, record_visit, save
from fuxiao.service.models import Attachment, Case, FaultCode, Place, Sending, Visit
from fuxiao.service.rights import leads

SOLVED: Final = frozenset({"fixed", "no_fault_found"})
"""Outcomes after which the case is resolved."""
WAITS: Final = {
    "parts_needed": PauseKind.PARTS,
    "no_access": PauseKind.CUSTOMER,
    "customer_refused": PauseKind.CUSTOMER,
}
"""What the case waits for after an outcome."""
NEED_REASON: Final = frozenset({"no_access", "customer_refused", "wrong_diagnosis"})


@dataclass(frozen=True, slots=True)
class Here:
    """Where the engineer stands, in degrees, told with consent; ``remember`` notes it as the customer's place."""

    latitude: Decimal
    longitude: Decimal
    remember: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a visit. ``signature`` is a picture, ``signed_by`` the name below it or typed instead of it."""

    outcome: str
    reason: str = ""
    note: str = ""
    travel_min: Decimal | None = None
    resolution_code: str = ""
    fault_code: FaultCode | None = None
    signed_by: str = ""
    signature: bytes = b""
    photos: tuple[Sent, ...] = ()


@transaction.atomic
def arrive(
    viewer: Viewer, key: str, *, at: datetime, here: Here | None = None, sending: UUID | None = None,
    happened_at: datetime | None = None,
) -> Visit:  # fmt: skip
    """The engineer stands at the door; the distance from the customer's place where both are known.

    Sent again under the same ``sending`` it changes nothing. ``happened_at`` is when, where it was sent later.
    """
    visit = locked(viewer, key, at=at)
    _may_go(viewer, visit)
    if not first_time(viewer, sending, f"arrive {key}", at=at):
        return visit
    check_open(visit)
    going = Visit.objects.filter(engineer=visit.engineer, arrived_at__isnull=False, left_at__isnull=True).first()
    if going is not None:
        raise InputError("visit.elsewhere", key=going.key)
    visit.arrived_at = moment(visit.case, happened_at, at=at)
    if here is not None:
        visit.distance_m = _distance(visit.case, here)
    save(visit)
    record_visit(viewer, "visit.arrived", visit, at=at, new={"arrived_at": visit.arrived_at.isoformat()})
    done(viewer, visit.case, Act(verb=Verb.VISIT_START, happened_at=visit.arrived_at), at=at, source="visit")
    return visit


@transaction.atomic
def leave(
    viewer: Viewer, key: str, came: Came, *, at: datetime, sending: UUID | None = None,
    happened_at: datetime | None = None,
) -> Visit:  # fmt: skip
    """The visit is over: the case is resolved, waits, or goes on, as the outcome says."""
    visit = locked(viewer, key, at=at)
    _may_go(viewer, visit)
    if not first_time(viewer, sending, f"leave {key}", at=at):
        return visit
    _check_came(visit, came)
    left = moment(visit.case, happened_at, at=at)
    assert visit.arrived_at is not None  # noqa: S101 - checked above
    visit.left_at = max(left, visit.arrived_at)
    visit.work_min = Decimal(int((visit.left_at - visit.arrived_at).total_seconds())) / 60
    visit.travel_min, visit.outcome, visit.reason = came.travel_min, came.outcome, came.reason.strip()
    visit.note, visit.signed_by = came.note.strip(), came.signed_by.strip()
    visit.signature = _signature(viewer, visit.case, came.signature, at=at)
    save(visit)
    add_photos(viewer, visit, came.photos, at=at)
    record_visit(viewer, "visit.left", visit, at=at, new={"outcome": came.outcome, "reason": visit.reason})
    _afterwards(viewer, visit.case, came, left=visit.left_at, at=at)
    return visit


def _afterwards(viewer: Viewer, case: Case, came: Came, *, left: datetime, at: datetime) -> None:
    """What the outcome means for the case."""
    done(viewer, case, Act(verb=Verb.VISIT_END, happened_at=left), at=at, source="visit")
    if came.outcome in SOLVED:
        done(viewer, case, Act(
            verb=Verb.RESOLVE, resolution_code=came.resolution_code, fault_code=came.fault_code, note=came.note,
            happened_at=left,
        ), at=at, source="visit")  # fmt: skip
    elif (kind := WAITS.get(came.outcome)) is not None:
        reason = came.reason.strip() or came.note.strip() or came.outcome
        done(viewer, case, Act(verb=Verb.PEND, kind=kind, reason=reason, happened_at=left), at=at, source="visit")


def add_photos(viewer: Viewer, visit: Visit, photos: Iterable[Sent], *, at: datetime) -> None:
    """Keep photos with the case, as those of the visit."""
    visit.photos.add(*(keep(viewer, visit.case, each, at=at, public=False) for each in photos))


def first_time(viewer: Viewer, sending: UUID | None, what: str, *, at: datetime) -> bool:
    """Whether this was not sent before. Must run inside the transaction of what it guards."""
    if sending is None:
        return True
    _, made = Sending.objects.get_or_create(
        key=sending, defaults={"account": viewer.account or 0, "what": what[:80], "at": at}
    )
    return made


def moment(case: Case, given: datetime | None, *, at: datetime) -> datetime:
    """When it happened: as told, but neither later than now nor before what the case saw last."""
    told = min(given or at, at).replace(microsecond=0)
    return max(told, case.last_at)


def _may_go(viewer: Viewer, visit: Visit) -> None:
    """The engineer of the visit, or who leads them."""
    require(viewer, Permission.CASE_WRITE)
    if visit.engineer.number != viewer.person and not leads(viewer):
        raise NotPermitted("visit.not_yours", key=visit.key)


def _check_came(visit: Visit, came: Came) -> None:
    if visit.arrived_at is None or visit.left_at is not None:
        raise InputError("visit.not_under_way", key=visit.key)
    if came.outcome in NEED_REASON and not came.reason.strip():
        raise InputError("visit.no_reason", key=visit.key)
    if came.outcome in SOLVED and not came.resolution_code:
        raise InputError("case.no_result", verb=Verb.RESOLVE.value)


def _distance(case: Case, here: Here) -> Decimal | None:
    """Metres from the customer's place; noted as the place where none is and the engineer says that it is."""
    if case.customer is None:
        return None
    place = Place.objects.filter(customer=case.customer).first()
    if place is not None:
        return metres_between((place.latitude, place.longitude), (here.latitude, here.longitude))
    if here.remember:
        Place.objects.create(customer=case.customer, latitude=here.latitude, longitude=here.longitude)
        return Decimal(0)
    return None


def _signature(viewer: Viewer, case: Case, picture: bytes, *, at: datetime) -> Attachment | None:
    if not picture:
        return None
    return keep(viewer, case, Sent("signature.png", [picture]), at=at, public=False)
