"""Writes of connections to other databases. Each is one transaction with one audit entry, never with the password."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from fuxiao.base.actions import announce, record, require
from fuxiao.base.hidden import hide
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import Conflict, InputError
from fuxiao.datasets.connecting.address import Address
from fuxiao.datasets.connecting.query import Table
from fuxiao.datasets.connecting.session import open_session
from fuxiao.datasets.models import Database

KIND = "data.database"
FIELDS = ("kind", "host", "port", "database", "user", "tls")
PLACE = ("kind", "host", "port")
"""Where the password goes: nobody sends a kept one elsewhere."""


def allow(viewer: Viewer) -> None:
    """Only who may both bring data in and set the installation up makes connections to other systems."""
    require(viewer, Permission.SETTINGS_WRITE)
    require(viewer, Permission.DATA_WRITE)


def try_out(viewer: Viewer, address: Address, *, kept: Database | None = None) -> list[Table]:
    """The tables of the database. ``InputError`` with what to do where it cannot be reached or read.

    Without a password the one of the connection ``kept`` is used, but only at the place it was given for.
    """
    allow(viewer)
    with open_session(_with_password(address, kept)) as session:
        return session.tables()


def _with_password(address: Address, kept: Database | None) -> Address:
    if address.password or kept is None or not kept.hidden or address.kind == "sqlite":
        return address
    if any(getattr(address, each) != getattr(kept, each) for each in PLACE):
        raise InputError("database.password_again")
    return replace(address, password=kept.address.password)


def add_database(viewer: Viewer, name: str, address: Address, *, at: datetime) -> Database:
    """Keep a connection that was just seen to work. ``InputError`` where it does not, or the name is taken."""
    try_out(viewer, address)
    with transaction.atomic():
        if Database.objects.filter(name=name).exists():
            raise InputError("database.name_taken", name=name)
        made = Database.objects.create(name=name, hidden=hide(address.password), at=at, **_facts(address))
        record(viewer, "data.database_added", kind=KIND, key=str(made.pk), label=name, at=at, new=_facts(address))
        announce("data.databases", at=at)
    return made


def change_database(
    viewer: Viewer, database: Database, name: str, address: Address, *, version: int, at: datetime
) -> None:
    """Change where it is or who gets in; an empty password keeps the one there is, unless it would go elsewhere."""
    try_out(viewer, address, kept=database)
    address = _with_password(address, database)
    old, new = {"name": database.name, **_facts(database)}, {"name": name, **_facts(address)}
    with transaction.atomic():
        if Database.objects.filter(name=name).exclude(pk=database.pk).exists():
            raise InputError("database.name_taken", name=name)
        mine = Database.objects.filter(pk=database.pk, version=version)
        if not mine.update(**new, hidden=hide(address.password), version=F("version") + 1):
            raise Conflict("database.changed", name=database.name)
        record(viewer, "data.database_changed", kind=KIND, key=str(database.pk), label=name, at=at, old=old, new=new)
        announce("data.databases", at=at)


def delete_database(viewer: Viewer, database: Database, *, at: datetime) -> None:
    """Forget a connection. ``InputError`` while something is read from it."""
    allow(viewer)
    try:
        with transaction.atomic():
            if database.pulls.exists():
                raise InputError("database.in_use", name=database.name)
            record(
                viewer, "data.database_deleted", kind=KIND, key=str(database.pk), label=database.name, at=at,
                old=_facts(database),
            )  # fmt: skip
            database.delete()
            announce("data.databases", at=at)
    except IntegrityError as error:
        raise InputError("database.in_use", name=database.name) from error


def _facts(place: Address | Database) -> dict[str, object]:
    """Everything but the password."""
    return {name: getattr(place, name) for name in FIELDS}
