"""Entries of the audit trail as people read them: what was what, and where the record is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.wording import LIST, catalogue, say
from fuxiao.web import words
from fuxiao.web.words import t

NEEDS = {
    "wage": Permission.PAY_READ,
    "bonus_base": Permission.PAY_READ,
    "phone": Permission.PERSONAL_READ,
    "email": Permission.PERSONAL_READ,
}
"""Fields that not everybody sees who sees the trail."""
PAGES: Mapping[str, str] = {"org.person": "person", "org.user": "account"}
"""The address that shows a kind of record; the entry's key is its argument."""
PAGE_NEEDS = {"org.person": Permission.ORG_READ, "org.user": Permission.ACCOUNTS_WRITE}


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
        needed = NEEDS.get(name)
        if (needed is None or viewer.may(needed)) and entry.old.get(name) != entry.new.get(name):
            yield Difference(_label(name), _shown(name, entry.old.get(name)), _shown(name, entry.new.get(name)))


def _label(name: str) -> str:
    code = f"changed.{name}"
    return say(code, words.language()) if code in catalogue() else name


def _shown(name: str, value: Any) -> str:
    if isinstance(value, list):
        return LIST[words.language()].join(_shown(name, each) for each in value) or t("无", "none")
    if value in (None, ""):
        return "—"
    if name == "roles":
        return say(f"account_role.{value}", words.language())
    return str(value)


def _href(viewer: Viewer, entry: AuditEntry) -> str:
    needed = PAGE_NEEDS.get(entry.kind)
    if needed is None or not viewer.may(needed):
        return ""
    return reverse(PAGES[entry.kind], args=[entry.key])
