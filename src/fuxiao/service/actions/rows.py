"""What every write of customers, devices and catalogues does beside its own: version, audit entry, announcement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import Model

from fuxiao.base.actions import announce, record
from fuxiao.base.permissions import Viewer
from fuxiao.core.errors import Conflict

Fields = Mapping[str, Any]
CONTACT = frozenset({"phone", "email", "address", "contact_name", "contact_phone"})
"""Particulars that reach a customer: the audit trail tells that they changed, never what they are."""
HIDDEN = "…"


class Versioned(Protocol):
    """A row that counts its versions."""

    pk: Any
    version: int

    def save(self) -> None: ...


def at_version(row: Versioned, version: int | None) -> None:
    """``Conflict`` where the row is no longer what the writer saw."""
    if version is not None and row.version != version:
        raise Conflict("org.changed_meanwhile", name=str(row))


def set_fields(row: Versioned, given: Fields) -> tuple[dict[str, object], dict[str, object]]:
    """Set the fields and save the row as its next version; what they were and are, changed ones only."""
    old = {name: getattr(row, name) for name in given}
    changed = [name for name in given if old[name] != given[name]]
    for name in changed:
        setattr(row, name, given[name])
    if changed:
        row.version += 1
        row.save()
    return {name: plain(name, old[name]) for name in changed}, {name: plain(name, given[name]) for name in changed}


def plain(name: str, value: object) -> object:
    """A field as the audit trail keeps it."""
    if name in CONTACT and value:
        return HIDDEN
    if isinstance(value, Model):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def record_row(
    viewer: Viewer, action: str, kind: str, key: str, *, label: str, at: datetime, old: Fields, new: Fields, topic: str
) -> None:
    """The audit entry and the announcement of a change."""
    record(viewer, action, kind=kind, key=key, label=label, at=at, old=old, new=new)
    announce(topic, at=at)
