"""Reads of the shared kernel: a record's history, whether the audit trail is whole, what an account was told."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.db.models import QuerySet

from fuxiao.base.models import Announcement, AuditEntry, Notice, NoticeChoice
from fuxiao.base.wording import catalogue

FIRST = "0" * 64
"""What the first entry names as its predecessor."""
NOTICE = "notice."
"""Before the kind, the code of a notice's sentence."""


def history_of(kind: str, key: str) -> QuerySet[AuditEntry]:
    """The entries of one record, newest first."""
    return AuditEntry.objects.filter(kind=kind, key=key).order_by("-id")


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the entry's content and its predecessor's digest; the same on every machine."""
    content = [
        entry.at.astimezone(UTC).isoformat(), entry.actor, entry.actor_name, entry.action, entry.kind, entry.key,
        entry.label, entry.old, entry.new, entry.previous,
    ]  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the audit trail does not hold: the entry and what is wrong with it."""

    entry: int
    code: str


def has_trail() -> bool:
    """Whether this database was ever prepared for the pages: before, nobody can have done anything."""
    return "base_auditentry" in connection.introspection.table_names()


def audit_breaks() -> Iterator[Break]:
    """Every entry that was edited, lost its predecessor, or stands in another's place; nothing for a whole trail.

    An entry removed from the very end leaves no gap: compare ``audit_head`` with a copy kept elsewhere.
    """
    previous = FIRST
    for entry in AuditEntry.objects.order_by("id").iterator(chunk_size=2_000):
        if entry.previous != previous:
            yield Break(entry.pk, "audit.gap")
        if entry.digest != digest_of(entry):
            yield Break(entry.pk, "audit.edited")
        previous = entry.digest


def audit_head() -> tuple[int, str]:
    """How many entries there are and the digest of the last: whoever keeps both can prove later that none is gone."""
    last = AuditEntry.objects.order_by("-id").values_list("digest", flat=True).first()
    return AuditEntry.objects.count(), last or FIRST


def head_holds(entries: int, digest: str) -> bool:
    """Whether the trail still begins with what it was when ``audit_head`` gave this: nothing was cut from its end."""
    if entries == 0:
        return digest == FIRST
    found = AuditEntry.objects.order_by("id").values_list("digest", flat=True)[entries - 1 : entries]
    return list(found) == [digest]


def audit_trail(
    *, who: str = "", action: str = "", kind: str = "", since: datetime | None = None, until: datetime | None = None
) -> QuerySet[AuditEntry]:
    """Entries newest first: by part of a name, by action or kind of record, from a moment to before another."""
    given = {
        "actor_name__icontains": who, "action": action, "kind": kind, "at__gte": since, "at__lt": until,
    }  # fmt: skip
    return AuditEntry.objects.filter(**{name: value for name, value in given.items() if value}).order_by("-id")


def audit_actions() -> list[str]:
    """Every action that the trail tells of."""
    return list(AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct())


def newest_announcement() -> int:
    """The number of the newest announcement; 0 before the first. Asked with every request: hence by hand."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT MAX(id) FROM "{Announcement._meta.db_table}"')  # noqa: SLF001 - our own table
        (found,) = cursor.fetchone()
    return found or 0


def announced_since(number: int) -> list[tuple[int, str]]:
    """Number and topic of the announcements after this one, oldest first; who hears a topic says ``heard_by``."""
    return list(Announcement.objects.filter(id__gt=number).order_by("id").values_list("id", "topic")[:500])


def heard_by(topic: str, account: int) -> str:
    """The name of the topic as this account hears it; empty where it is meant for another's ears."""
    name, _, ears = topic.partition("@")
    return name if not ears or ears == str(account) else ""


@functools.cache
def notice_kinds() -> frozenset[str]:
    """Every kind of notice that there are words for."""
    return frozenset(code.removeprefix(NOTICE) for code in catalogue() if code.startswith(NOTICE))


def notices(account: int, *, kinds: Iterable[str] = (), unread: bool = False) -> QuerySet[Notice]:
    """What an account was told, newest first: all of it, of some kinds only, or what is not read yet."""
    found = unread_notices(account) if unread else Notice.objects.filter(account=account)
    return (found.filter(kind__in=kinds) if kinds else found).order_by("-at", "-id")


def unread_notices(account: int) -> QuerySet[Notice]:
    return Notice.objects.filter(account=account, read_at__isnull=True)


def notice_choices(account: int) -> dict[str, tuple[bool, bool]]:
    """Whether an account hears of each kind in the application, and by mail."""
    chosen = NoticeChoice.objects.filter(account=account).values_list("kind", "here", "mail")
    return dict.fromkeys(sorted(notice_kinds()), (True, False)) | {kind: (here, mail) for kind, here, mail in chosen}
