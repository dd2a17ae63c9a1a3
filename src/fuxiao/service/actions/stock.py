"""Writes of stock: every movement is a row, what lies somewhere is their sum; catalogue, locations, minimums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db import transaction

from fuxiao.base.actions import announce, notify, record, require
from fuxiao.base.permissions import Permission, Role, Viewer
from fuxiao.base.versioned import Fields, at_version
from fuxiao.core.errors import InputError
from fuxiao.org.models import Person, RoleGrant, Team
from fuxiao.service.actions.rows import plain, record_row, set_fields
from fuxiao.service.models import Location, LocationKind, MoveKind, Part, PartLine, Stock, StockMove

KIND, TOPIC = "service.part", "parts"


@dataclass(frozen=True, slots=True)
class Place:
    """A location that is to be: a van belongs to an engineer, a store to a team or nobody."""

    key: str
    name: str
    kind: str
    engineer: Person | None = None
    team: Team | None = None


@transaction.atomic
def add_part(viewer: Viewer, number: str, given: Fields, *, at: datetime) -> Part:
    """A part that is not known yet. ``InputError`` for a number that is taken."""
    require(viewer, Permission.PARTS_WRITE)
    if Part.objects.filter(number=number).exists():
        raise InputError("part.number_taken", number=number)
    made = Part.objects.create(number=number, **given)
    new = {name: plain(name, value) for name, value in given.items()}
    record_row(viewer, "part.added", KIND, number, label=made.name, at=at, old={}, new=new, topic=TOPIC)
    return made


@transaction.atomic
def change_part(viewer: Viewer, number: str, given: Fields, *, version: int | None, at: datetime) -> Part:
    """Change what is known of a part."""
    require(viewer, Permission.PARTS_WRITE)
    held = Part.objects.select_for_update().filter(number=number).first()
    if held is None:
        raise InputError("part.unknown", number=number)
    at_version(held, version)
    old, new = set_fields(held, given)
    if new:
        record_row(viewer, "part.changed", KIND, number, label=held.name, at=at, old=old, new=new, topic=TOPIC)
    return held


@transaction.atomic
def add_location(viewer: Viewer, place: Place, *, at: datetime) -> Location:
    """Somewhere parts may lie. ``InputError`` for a van without an engineer, a store with one, or a key taken."""
    require(viewer, Permission.PARTS_WRITE)
    if Location.objects.filter(key=place.key).exists():
        raise InputError("part.location_taken", key=place.key)
    if (place.kind == LocationKind.VAN) != (place.engineer is not None):
        raise InputError("part.van_and_engineer", key=place.key)
    made = Location.objects.create(
        key=place.key, name=place.name, kind=place.kind, engineer=place.engineer, team=place.team
    )
    record_row(viewer, "part.location_added", "service.location", place.key, label=place.name, at=at, old={},
               new={"kind": place.kind}, topic=TOPIC)  # fmt: skip
    return made


@transaction.atomic
def set_minimum(viewer: Viewer, part: Part, location: Location, minimum: int, *, at: datetime) -> Stock:
    """How many should lie there at least."""
    require(viewer, Permission.PARTS_WRITE)
    stock = _stock(part, location)
    old = stock.minimum
    if old != minimum:
        stock.minimum = minimum
        stock.save(update_fields=["minimum"])
        record(viewer, "part.minimum_set", kind=KIND, key=part.number, label=location.name, at=at,
               old={"minimum": old}, new={"minimum": minimum})  # fmt: skip
        announce(TOPIC, at=at)
    return stock


@transaction.atomic
def receive(viewer: Viewer, part: Part, location: Location, qty: int, *, at: datetime, reason: str = "") -> StockMove:
    """So many came in."""
    require(viewer, Permission.PARTS_WRITE)
    return moved(viewer, part, location, positive(qty), MoveKind.RECEIVED, at=at, reason=reason)


@transaction.atomic
def transfer(viewer: Viewer, part: Part, source: Location, target: Location, qty: int, *, at: datetime) -> None:
    """So many go from one location to another."""
    require(viewer, Permission.PARTS_WRITE)
    if source == target:
        raise InputError("part.same_location", location=source.name)
    # Always in the same order, so that two transfers crossing each other never wait for one another.
    steps = sorted(((source, -positive(qty)), (target, positive(qty))), key=lambda each: each[0].pk)
    for location, change in steps:
        moved(viewer, part, location, change, MoveKind.TRANSFERRED, at=at, reason=f"{source.key} → {target.key}")


@transaction.atomic
def count(
    viewer: Viewer, part: Part, location: Location, counted: int, *, at: datetime, reason: str
) -> StockMove | None:
    """What was counted holds; the difference is a movement with a reason. ``None`` where there is none."""
    require(viewer, Permission.PARTS_WRITE)
    if counted < 0:
        raise InputError("part.not_positive", qty=counted)
    difference = counted - _stock(part, location).balance
    if difference == 0:
        return None
    if not reason.strip():
        raise InputError("part.no_reason", part=part.number)
    return moved(viewer, part, location, difference, MoveKind.COUNTED, at=at, reason=reason)


def moved(
    viewer: Viewer, part: Part, location: Location, qty: int, kind: MoveKind, *, at: datetime,
    line: PartLine | None = None, reason: str = "", overdraw: bool = False,
) -> StockMove:  # fmt: skip
    """Write a movement and bring what lies there up to it, inside the caller's transaction.

    ``InputError`` where fewer would be left than none, unless ``overdraw`` with a reason: somebody holds the part in
    their hands, and the count that is wrong is mended later.
    """
    stock = _stock(part, location)
    balance = stock.balance + qty
    if balance < 0 and not (overdraw and reason.strip()):
        raise InputError("part.too_few", part=part.number, location=location.name, have=stock.balance, want=-qty)
    stock.balance, stock.overdrawn = balance, reason.strip() if balance < 0 else ""
    stock.save(update_fields=["balance", "overdrawn"])
    move = StockMove.objects.create(
        at=at, location=location, part=part, qty=qty, balance=balance, kind=kind, line=line, by_name=viewer.name,
        reason=reason.strip(),
    )  # fmt: skip
    record(
        viewer,
        "part.moved",
        kind=KIND,
        key=part.number,
        label=location.name,
        at=at,
        old={"balance": balance - qty},
        new={"balance": balance, "kind": kind.value, "reason": move.reason},
    )
    announce(TOPIC, at=at)
    if balance < stock.minimum <= balance - qty:
        notify(keepers(), "part.low", at=at, link=f"/parts/stock/?{urlencode({'q': part.number})}", part=str(part),
               location=location.name, n=str(balance), minimum=str(stock.minimum))  # fmt: skip
    return move


def keepers() -> list[int]:
    """The accounts of those who keep parts."""
    return list(RoleGrant.objects.filter(role=Role.PARTS, user__is_active=True).values_list("user_id", flat=True))


def positive(qty: int) -> int:
    """The number, where it is one of things; ``InputError`` where it is not."""
    if qty < 1:
        raise InputError("part.not_positive", qty=qty)
    return qty


def _stock(part: Part, location: Location) -> Stock:
    """The row of stock, kept from other writers until the transaction ends."""
    Stock.objects.get_or_create(part=part, location=location)
    return Stock.objects.select_for_update().get(part=part, location=location)
