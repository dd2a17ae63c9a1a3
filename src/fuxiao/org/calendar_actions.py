"""Writes of work calendars: the file is checked with all the others before it takes the place of the old one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml
from django.db import transaction

from fuxiao.base.actions import announce, record, require
from fuxiao.base.calendars import FOLDER
from fuxiao.base.exact_yaml import load_exact
from fuxiao.base.files import replace_file
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.calendar import ALWAYS, WorkCalendar, parse_calendar
from fuxiao.core.errors import Conflict, DefinitionError, InputError, Issue, UnknownName
from fuxiao.datasets.tasks import refresh_facts
from fuxiao.org.calendar_text import Parts, renamed, rewritten
from fuxiao.org.models import Leave, LeaveState
from fuxiao.org.tasks import publish_soon

NAME = re.compile(r"[^\W_][\w-]{0,39}")
OFFICE = """key: {key}
zone: {zone}
week:
  mon-fri: ["09:00-12:00", "13:00-18:00"]
"""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A calendar and its file; ``digest`` tells whether somebody else changed it meanwhile."""

    path: Path
    text: str
    calendar: WorkCalendar

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def calendar_files(home: Path) -> dict[str, CalendarFile]:
    """The calendars of the home folder by key. ``DefinitionError`` for one that is wrong."""
    found = (_read(path, path.read_text(encoding="utf-8-sig")) for path in sorted((home / FOLDER).glob("*.yaml")))
    return {file.calendar.key: file for file in found}


@transaction.atomic
def change_calendar(
    viewer: Viewer, home: Path, key: str, change: Callable[[WorkCalendar], Parts],
    *, digest: str, at: datetime,
) -> CalendarFile:  # fmt: skip
    """Write the parts that ``change`` gives; facts are made anew. Nothing is written where nothing changes.

    ``Conflict`` where the file is no longer what the writer saw, ``DefinitionError`` where the calendar would be wrong.
    """
    require(viewer, Permission.SETTINGS_WRITE)
    files = calendar_files(home)
    if key not in files:
        raise UnknownName("calendar", key, files)
    file = files[key]
    if file.digest != digest:
        raise Conflict("org.changed_meanwhile", name=key)
    old = Parts.of(file.calendar)
    changed = change(file.calendar).changed_from(old)
    if not changed:
        return file
    after = _read(file.path, rewritten(file.text, changed))
    record(
        viewer, "org.calendar_changed", kind="org.calendar", key=key, label=key, at=at,
        old={name: old.as_dict()[name] for name in changed}, new=dict(changed),
    )  # fmt: skip
    announce("org.calendars", at=at)
    transaction.on_commit(refresh_facts.enqueue)
    if Leave.objects.filter(state=LeaveState.GRANTED).exists():
        transaction.on_commit(publish_soon)
    replace_file(file.path, after.text)
    return after


@transaction.atomic
def add_calendar(viewer: Viewer, home: Path, key: str, *, like: str, zone: str, at: datetime) -> CalendarFile:
    """A new calendar in a file of its own: a copy of ``like``, or office hours in ``zone`` where that is empty.

    It counts nowhere until a shift, a service level or the settings name it. ``InputError`` for a name that is taken
    or none.
    """
    require(viewer, Permission.SETTINGS_WRITE)
    files = calendar_files(home)
    if not NAME.fullmatch(key):
        raise InputError("org.calendar_name")
    path = home / FOLDER / f"{key}.yaml"
    if key == ALWAYS.key or path.exists() or key.casefold() in map(str.casefold, files):
        raise InputError("org.calendar_taken", key=key)
    if like and like not in files:
        raise UnknownName("calendar", like, files)
    made = _read(path, renamed(files[like].text, key) if like else OFFICE.format(key=key, zone=zone))
    record(viewer, "org.calendar_added", kind="org.calendar", key=key, label=key, at=at, new={"like": like})
    announce("org.calendars", at=at)
    replace_file(path, made.text)
    return made


def _read(path: Path, text: str) -> CalendarFile:
    try:
        raw = load_exact(text)
    except yaml.YAMLError as error:
        raise DefinitionError("file", [Issue(path.name, "yaml.unreadable", {"reason": str(error)})]) from error
    if not isinstance(raw, Mapping):
        raise DefinitionError("file", [Issue(path.name, "field.not_a_table")])
    return CalendarFile(path, text, parse_calendar(raw))
