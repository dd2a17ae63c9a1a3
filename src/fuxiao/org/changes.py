"""What every write of people and teams does beside its own: version, audit entry, announcement, the lake told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from fuxiao.base.actions import announce, record
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import Conflict, NotPermitted
from fuxiao.org.models import Person, Team
from fuxiao.org.tasks import publish_soon

PAY = frozenset({"wage", "bonus_base"})
PERSONAL = frozenset({"phone", "email"})
Fields = Mapping[str, Any]
Audited = Person | Team


def guard_fields(viewer: Viewer, given: Fields) -> None:
    """``NotPermitted`` where pay or personal data is given by somebody who may not even see it."""
    for fields, permission in ((PAY, Permission.PAY_READ), (PERSONAL, Permission.PERSONAL_READ)):
        if fields & given.keys() and not viewer.may(permission):
            raise NotPermitted("permission.denied", permission=permission.value)


def at_version(row: Audited, version: int) -> None:
    """``Conflict`` where the row is no longer what the writer saw."""
    if row.version != version:
        raise Conflict("org.changed_meanwhile", name=str(row))


def set_fields(row: Audited, given: Fields) -> tuple[dict[str, object], dict[str, object]]:
    """Set the fields on the row and save it as its next version; what they were and are, changed ones only."""
    old = {name: getattr(row, name) for name in given}
    changed = [name for name in given if old[name] != given[name]]
    for name in changed:
        setattr(row, name, given[name])
    if changed:
        row.version += 1
        row.save()
    return {name: plain(old[name]) for name in changed}, {name: plain(given[name]) for name in changed}


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
