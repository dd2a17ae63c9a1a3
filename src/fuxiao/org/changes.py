"""What every write of people and teams does beside its own: version, audit entry, announcement, the lake told."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from fuxiao.base import versioned
from fuxiao.base.actions import announce, record
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.versioned import Fields
from fuxiao.core.errors import NotPermitted
from fuxiao.org.models import Person, Team
from fuxiao.org.tasks import publish_soon

PAY = frozenset({"wage", "bonus_base"})
PERSONAL = frozenset({"phone", "email"})
Audited = Person | Team


def guard_fields(viewer: Viewer, given: Fields) -> None:
    """``NotPermitted`` where pay or personal data is given by somebody who may not even see it."""
    for fields, permission in ((PAY, Permission.PAY_READ), (PERSONAL, Permission.PERSONAL_READ)):
        if fields & given.keys() and not viewer.may(permission):
            raise NotPermitted("permission.denied", permission=permission.value)


def set_fields(row: Audited, given: Fields) -> tuple[dict[str, object], dict[str, object]]:
    """Set the fields on the row and save it as its next version; what they were and are, changed ones only."""
    return versioned.set_fields(row, given, told=lambda _, value: plain(value))


def plain(value: object) -> object:
    """A field as the audit trail keeps it."""
    if isinstance(value, Person | Team):
        return key_of(value)
    return value.isoformat() if isinstance(value, date) else value


def record_change(viewer: Viewer, action: str, row: Audited, *, at: datetime, old: Fields, new: Fields) -> None:
    """The audit entry and the announcement of a change; the records of the lake follow."""
    record(
        viewer, action, kind="org.person" if isinstance(row, Person) else "org.team", key=key_of(row),
        label=str(row), at=at, old=old, new=new,
    )  # fmt: skip
    announce("org.people", at=at)
    transaction.on_commit(publish_soon)


def key_of(row: Audited) -> str:
    return row.number if isinstance(row, Person) else row.key
