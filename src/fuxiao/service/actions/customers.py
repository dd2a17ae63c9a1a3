"""Writes about customers and what they were promised."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction

from fuxiao.base.actions import require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.versioned import Fields, at_version
from fuxiao.core.errors import InputError
from fuxiao.org.pinyin import initials
from fuxiao.org.pinyin import plain as pinyin
from fuxiao.service import feed
from fuxiao.service.actions.intake import backwards, next_customer_number
from fuxiao.service.actions.rows import plain, record_row, set_fields
from fuxiao.service.models import Contract, Customer

KIND, TOPIC = "service.customer", "customers"
FIELDS: Final = ("name", "phone", "email", "address", "city", "region", "segment")


@transaction.atomic
def add_customer(viewer: Viewer, given: Fields, *, at: datetime, number: str = "") -> Customer:
    """Somebody new; without a number the next free one. ``InputError`` for a number that is taken."""
    require(viewer, Permission.CUSTOMERS_WRITE)
    number = number or next_customer_number()
    if Customer.objects.filter(number=number).exists():
        raise InputError("customer.number_taken", number=number)
    kept = _kept(given)
    customer = Customer.objects.create(number=number, **kept, **_found_by(kept))
    new = {name: plain(name, value) for name, value in kept.items() if value}
    _told(viewer, "customer.added", customer, at=at, old={}, new=new)
    return customer


@transaction.atomic
def change_customer(viewer: Viewer, number: str, given: Fields, *, version: int | None, at: datetime) -> Customer:
    """Change particulars. ``Conflict`` where somebody else did meanwhile; nothing is written where nothing changes."""
    require(viewer, Permission.CUSTOMERS_WRITE)
    customer = locked(number)
    at_version(customer, version)
    kept = _kept(given)
    for column, text in _found_by(kept).items():
        setattr(customer, column, text)
    old, new = set_fields(customer, kept)
    if new:
        _told(viewer, "customer.changed", customer, at=at, old=old, new=new)
    return customer


@transaction.atomic
def add_contract(viewer: Viewer, customer: Customer, number: str, given: Fields, *, at: datetime) -> Contract:
    """A promise from a day on, for all devices of the customer or one. ``InputError`` for a number that is taken."""
    require(viewer, Permission.CUSTOMERS_WRITE)
    if Contract.objects.filter(number=number).exists():
        raise InputError("contract.number_taken", number=number)
    _check_days(given)
    made = Contract.objects.create(number=number, customer=customer, **given)
    new = {"contract": number} | {name: plain(name, value) for name, value in given.items() if value}
    _told(viewer, "customer.contract_added", customer, at=at, old={}, new=new)
    return made


@transaction.atomic
def change_contract(viewer: Viewer, number: str, given: Fields, *, version: int | None, at: datetime) -> Contract:
    """Change what was promised, or end it on a day."""
    require(viewer, Permission.CUSTOMERS_WRITE)
    contract = Contract.objects.select_related("customer").select_for_update(of=("self",)).get(number=number)
    at_version(contract, version)
    _check_days(given)
    old, new = set_fields(contract, given)
    if new:
        told_new = {"contract": number} | new
        _told(viewer, "customer.contract_changed", contract.customer, at=at, old=old, new=told_new)
    return contract


def locked(number: str) -> Customer:
    """The customer, kept from other writers until the transaction ends; ``InputError`` where there is none."""
    found = Customer.objects.select_for_update().filter(number=number).first()
    if found is None:
        raise InputError("customer.unknown", number=number)
    return found


def _check_days(given: Fields) -> None:
    start, end = given.get("valid_from"), given.get("valid_to")
    if start and end and end <= start:
        raise InputError("contract.ends_before_start", start=start, end=end)


def _kept(given: Fields) -> dict[str, Any]:
    return {name: given[name] for name in FIELDS if name in given}


def _found_by(kept: Fields) -> dict[str, str]:
    """The columns that searches use, of what is given."""
    found: dict[str, str] = {}
    if "name" in kept:
        found |= {"plain": pinyin(kept["name"])[:400], "initials": initials(kept["name"])}
    if "phone" in kept:
        found["phone_digits"] = backwards(kept["phone"])
    return found


def _told(viewer: Viewer, action: str, row: Customer, *, at: datetime, old: Fields, new: Fields) -> None:
    record_row(viewer, action, KIND, row.number, label=row.name, at=at, old=old, new=new, topic=TOPIC)
    feed.note("customers", row.number, at=at)
