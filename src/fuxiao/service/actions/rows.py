"""What every write of customers, devices and catalogues does beside its own: version, audit entry, announcement."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Model

from fuxiao.base import versioned
from fuxiao.base.actions import announce, record
from fuxiao.base.permissions import Viewer
from fuxiao.base.versioned import Fields, Versioned

CONTACT = frozenset({"phone", "email", "address", "contact_name", "contact_phone"})
"""Particulars that reach a customer: the audit trail tells that they changed, never what they are."""
HIDDEN = "…"


def set_fields(row: Versioned, given: Fields) -> tuple[dict[str, object], dict[str, object]]:
    """Set the fields and save the row as its next version; what they were and are, changed ones only."""
    return versioned.set_fields(row, given, told=plain)


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
