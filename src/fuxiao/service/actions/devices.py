"""Writes about devices: what is known of one, and its exchange for another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from fuxiao.base.actions import require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.versioned import Fields, at_version
from fuxiao.core.errors import InputError
from fuxiao.service import feed
from fuxiao.service.actions.rows import plain, record_row, set_fields
from fuxiao.service.models import Device, Exchange

KIND, TOPIC = "service.device", "devices"
FIELDS: Final = ("product", "customer", "sold_on", "installed_on", "warranty_start", "warranty_end")


@dataclass(frozen=True, slots=True)
class Swap:
    """The device that is handed over in exchange, by its serial number, on a day."""

    serial: str
    on: date
    reason: str = ""


@transaction.atomic
def add_device(viewer: Viewer, serial: str, given: Fields, *, at: datetime) -> Device:
    """A device that is not known yet. ``InputError`` for a serial number that is taken or days that cannot be."""
    require(viewer, Permission.CUSTOMERS_WRITE)
    if Device.objects.filter(serial=serial).exists():
        raise InputError("device.serial_taken", serial=serial)
    kept = {name: given[name] for name in FIELDS if name in given}
    _check_days(kept)
    device = Device.objects.create(serial=serial, **kept)
    new = {name: plain(name, value) for name, value in kept.items() if value}
    _told(viewer, "device.added", device, at=at, old={}, new=new)
    return device


@transaction.atomic
def change_device(viewer: Viewer, serial: str, given: Fields, *, version: int | None, at: datetime) -> Device:
    """Change what is known. ``Conflict`` where somebody else did meanwhile."""
    require(viewer, Permission.CUSTOMERS_WRITE)
    device = locked(serial)
    at_version(device, version)
    kept = {name: given[name] for name in FIELDS if name in given}
    _check_days({name: getattr(device, name) for name in FIELDS} | kept)
    old, new = set_fields(device, kept)
    if new:
        _told(viewer, "device.changed", device, at=at, old=old, new=new)
    return device


@transaction.atomic
def exchange(viewer: Viewer, serial: str, swap: Swap, *, at: datetime) -> Exchange:
    """Hand over another device for this one: it goes to the customer, and its warranty begins on that day.

    ``InputError`` where this one was exchanged already, or the other belongs to somebody else.
    """
    require(viewer, Permission.CUSTOMERS_WRITE)
    old = locked(serial)
    if hasattr(old, "exchanged_for"):
        raise InputError("device.exchanged_already", serial=serial, other=old.exchanged_for.new.serial)
    new = Device.objects.filter(serial=swap.serial).first() or Device(serial=swap.serial, product=old.product)
    if new.serial == old.serial or hasattr(new, "exchanged_from") or new.customer_id not in (None, old.customer_id):
        raise InputError("device.not_for_exchange", serial=swap.serial)
    new.customer = old.customer
    new.product = new.product or old.product
    new.installed_on = new.installed_on or swap.on
    new.save()
    made = Exchange.objects.create(old=old, new=new, on=swap.on, reason=swap.reason.strip())
    details = {"exchanged_for": new.serial, "on": swap.on.isoformat(), "reason": made.reason}
    _told(viewer, "device.exchanged", old, at=at, old={}, new=details)
    feed.note("devices", new.serial, at=at)
    return made


def locked(serial: str) -> Device:
    """The device, kept from other writers until the transaction ends; ``InputError`` where there is none."""
    found = Device.objects.select_for_update().filter(serial=serial).first()
    if found is None:
        raise InputError("device.unknown", serial=serial)
    return found


def _check_days(given: Fields) -> None:
    start, end = given.get("warranty_start"), given.get("warranty_end")
    if start and end and end < start:
        raise InputError("device.warranty_ends_before_start", start=start, end=end)


def _told(viewer: Viewer, action: str, row: Device, *, at: datetime, old: Fields, new: Fields) -> None:
    record_row(viewer, action, KIND, row.serial, label=row.serial, at=at, old=old, new=new, topic=TOPIC)
    feed.note("devices", row.serial, at=at)
