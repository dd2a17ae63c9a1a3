"""Writes of the shared kernel, each inside the transaction of the change: audit entries, announcements, notices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from fuxiao.base import letters
from fuxiao.base.models import Announcement, AuditEntry, Notice, NoticeChoice
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.queries import FIRST, digest_of, notice_kinds, unread_notices
from fuxiao.core.errors import NotPermitted

AUDIT_LOCK, SETUP_LOCK = 7_041_001, 7_041_002
KEEP = timedelta(hours=1)
"""Announcements older than this are of no use: every browser has asked again by then."""
KEEP_NOTICES = timedelta(days=180)
LOCAL = re.compile(r"(/([^/\\\s].*)?)?")
"""An address of this site, from the root; or none."""


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
    """Tell every open page that something of this name changed; heard when the transaction commits.

    Announcements are numbered in the order in which they come to be seen: the newest tells a state of the database.
    """
    one_writer(AUDIT_LOCK)
    Announcement.objects.filter(at__lt=at - KEEP).delete()
    Announcement.objects.create(topic=topic, at=at)


@transaction.atomic
def announce_alone(topic: str, *, at: datetime) -> None:
    """The same as a change of its own."""
    announce(topic, at=at)


@transaction.atomic
def notify(
    accounts: Iterable[int | None], kind: str, *, at: datetime, link: str = "", **facts: str | Mapping[str, str]
) -> None:
    """Tell accounts of something: the word ``notice.<kind>`` with its facts; ``link`` is an address of this site.

    A fact that is called otherwise in each language is given by language: who reads it is not who wrote it.

    Each account once, those that do not want to hear of the kind not at all; ``None`` (the system) is passed over.
    """
    if kind not in notice_kinds() or not LOCAL.fullmatch(link):
        raise RuntimeError(f"a notice needs words and an address of this site: {kind}, {link}")
    wanted = {account for account in accounts if account is not None}
    silent = NoticeChoice.objects.filter(account__in=wanted, kind=kind, here=False).values_list("account_id", flat=True)
    told = sorted(wanted - set(silent))
    wished = NoticeChoice.objects.filter(account__in=wanted, kind=kind, mail=True).values_list("account_id", flat=True)
    letters.send(sorted(wished), kind, facts, link)
    Notice.objects.filter(account__in=told, at__lt=at - KEEP_NOTICES).delete()
    Notice.objects.bulk_create(Notice(account_id=each, kind=kind, facts=facts, link=link, at=at) for each in told)
    for account in told:
        announce(f"notices@{account}", at=at)


@transaction.atomic
def mark_read(account: int, *, at: datetime, notice: int | None = None) -> int:
    """Note that an account has read one of its notices, or all of them; how many that were."""
    found = unread_notices(account) if notice is None else unread_notices(account).filter(pk=notice)
    read = found.update(read_at=at)
    if read:
        announce(f"notices@{account}", at=at)
    return read


@transaction.atomic
def choose_notices(account: int, choices: Mapping[str, tuple[bool, bool]]) -> None:
    """How an account wants to hear of each kind: in the application, by mail. Kinds that do not exist are left out."""
    for kind in notice_kinds() & set(choices):
        here, mail = choices[kind]
        NoticeChoice.objects.update_or_create(account_id=account, kind=kind, defaults={"here": here, "mail": mail})
