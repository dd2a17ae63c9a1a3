"""Writes of the shared kernel: an audit entry and an announcement, both inside the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from fuxiao.base.models import Announcement, AuditEntry
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.queries import FIRST, digest_of
from fuxiao.core.errors import NotPermitted

AUDIT_LOCK, SETUP_LOCK = 7_041_001, 7_041_002
KEEP = timedelta(hours=1)
"""Announcements older than this are of no use: every browser has asked again by then."""


def require(viewer: Viewer, permission: Permission) -> None:
    """Refuse whoever lacks the permission, or only looks through somebody else's eyes (``NotPermitted``)."""
    if viewer.read_only:
        raise NotPermitted("permission.read_only")
    if not viewer.may(permission):
        raise NotPermitted("permission.denied", permission=permission.value)


def record(
    viewer: Viewer, action: str, *, kind: str, key: str, at: datetime,
    label: str = "", old: Mapping[str, object] | None = None, new: Mapping[str, object] | None = None,
) -> AuditEntry:  # fmt: skip
    """Add an entry to the audit trail. Must run inside the transaction of the change it tells of."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit entry belongs to the transaction of its change")
    one_writer(AUDIT_LOCK)
    last = AuditEntry.objects.order_by("-id").values_list("digest", flat=True).first()
    entry = AuditEntry(
        at=at, actor=viewer.account, actor_name=viewer.name, action=action, kind=kind, key=key, label=label,
        old=dict(old or {}), new=dict(new or {}), previous=last or FIRST,
    )  # fmt: skip
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def one_writer(lock: int) -> None:
    """One holder until its transaction ends: on PostgreSQL others wait; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def announce(topic: str, *, at: datetime) -> None:
    """Tell every open page that something of this name changed; heard when the transaction commits."""
    Announcement.objects.filter(at__lt=at - KEEP).delete()
    Announcement.objects.create(topic=topic, at=at)


@transaction.atomic
def announce_alone(topic: str, *, at: datetime) -> None:
    """The same as a change of its own."""
    announce(topic, at=at)
