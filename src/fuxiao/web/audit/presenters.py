"""Entries of the audit trail as people read them: what was what, and where the record is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.wording import LIST, say
from fuxiao.web import words
from fuxiao.web.audit.labels import FIELDS, read
from fuxiao.web.audit.mappings import mapping_changes
from fuxiao.web.org.labels import label_of, may_see, shown
from fuxiao.web.words import later

OWN_LABELS: Mapping[str, Any] = {
    "roles": later("角色", "Roles"),
    "person": later("人员", "Person"),
    "people": later("人数", "People"),
    "teams": later("班组数", "Teams"),
    "memberships": later("任职数", "Memberships"),
    "size": later("字节", "Bytes"),
    "digest": later("摘要", "Digest"),
    "sheet": later("工作表", "Sheet"),
    "header": later("表头行", "Header line"),
    "member": later("包内文件", "File inside"),
    "mapping": later("列对应", "Mapping"),
    "saved_as": later("保存为", "Kept as"),
    "load": later("导入编号", "Load"),
    "rows": later("行", "Rows"),
    "rejected": later("拒收", "Refused"),
    "records": later("记录", "Records"),
    "week": later("每周工作时间", "Hours of the week"),
    "holidays": later("节假日", "Holidays"),
    "workdays": later("调休上班", "Make-up workdays"),
    "version": later("版本", "Version"),
    "reason": later("原因", "Reason"),
    "valid_from": later("生效日", "Holds from"),
    "title": later("名称", "Title"),
    "period": later("期间", "Period"),
    "results": later("关键结果", "Key results"),
    "confidence": later("把握", "Confidence"),
    "note": later("说明", "Note"),
    "found": later("找到", "Found"),
    "new": later("新的", "New"),
    "looked_at": later("比较过", "Compared"),
    "assigned": later("复核人", "Reviewer"),
    "outcome": later("结论", "Outcome"),
    "score_event": later("事件", "Event"),
    "day": later("发生日", "Day"),
    "approved_by": later("批准人", "Approved by"),
}
PAGES: Mapping[str, str] = {
    "org.person": "person", "org.user": "account", "service.case": "desk_case", "rules.scheme": "scheme",
    "objectives.objective": "objective", "signals.review": "signal",
    "performance.event": "score_event", "org.leave": "leave_one",
}  # fmt: skip
"""The address that shows a kind of record; the entry's key is its argument."""
PAGE_NEEDS = {
    "org.person": Permission.ORG_READ, "org.user": Permission.ACCOUNTS_WRITE, "service.case": Permission.CASE_READ,
    "rules.scheme": Permission.RULES_READ, "objectives.objective": Permission.RULES_READ,
    "signals.review": Permission.SIGNALS_READ, "performance.event": Permission.EVENTS_READ,
    "org.leave": Permission.ORG_READ,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a change: its name, what it was, what it is."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, its differences, and the address of the record where this viewer may open it."""

    entry: AuditEntry
    differences: tuple[Difference, ...]
    href: str


def line_of(viewer: Viewer, entry: AuditEntry) -> Line:
    return Line(entry, tuple(_differences(viewer, entry)), _href(viewer, entry))


def _differences(viewer: Viewer, entry: AuditEntry) -> Iterator[Difference]:
    for name in dict.fromkeys([*entry.old, *entry.new]):
        old, new = entry.old.get(name), entry.new.get(name)
        if old != new and name == "mapping" and may_see(viewer, name):
            yield from (Difference(*change) for change in mapping_changes(old, new))
        elif old != new and may_see(viewer, name):
            before, after = _shown(entry.kind, name, old), _shown(entry.kind, name, new)
            if before != after:  # from nothing to an empty list nothing changed for a reader
                yield Difference(_label(entry, name), before, after)


def _label(entry: AuditEntry, name: str) -> str:
    own = OWN_LABELS.get(name) or ("" if entry.kind.startswith("org.") else FIELDS.get(name))
    return str(own or label_of(entry, name))


def _shown(kind: str, name: str, value: object) -> str:
    """A value as people read it; of several each."""
    if isinstance(value, dict):
        parts = (f"{key} {_shown(kind, name, each)}" for key, each in value.items())
        return LIST[words.language()].join(parts) or shown(name, None)
    if isinstance(value, list):
        return LIST[words.language()].join(_shown(kind, name, each) for each in value) or shown(name, None)
    if name == "roles" and value:
        return say(f"account_role.{value}", words.language())
    said = shown(name, value)
    return read(kind, name, said) if isinstance(value, str) and value else said


def _href(viewer: Viewer, entry: AuditEntry) -> str:
    needed = PAGE_NEEDS.get(entry.kind)
    if needed is None or not viewer.may(needed):
        return ""
    return reverse(PAGES[entry.kind], args=[entry.key])
