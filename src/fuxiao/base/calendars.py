"""Reads the work calendars and service levels of a home folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from fuxiao.base.exact_yaml import load_exact
from fuxiao.base.files import stands
from fuxiao.base.settings import Settings
from fuxiao.core.calendar import ALWAYS, WorkCalendar, parse_calendar
from fuxiao.core.errors import DefinitionError, Issue, did_you_mean
from fuxiao.core.service_level import Policy, parse_policies

FOLDER = "calendars"
SERVICE_LEVELS = "service_levels.yaml"


def read_calendars(home: Path, settings: Settings) -> dict[str, WorkCalendar]:
    """The calendars of ``calendars/*.yaml`` by key, and ``always``.

    Raises ``DefinitionError`` for one that is wrong, for a key that two have, and where the default is none of them.
    """
    found = {ALWAYS.key: ALWAYS}
    for path in sorted((home / FOLDER).glob("*.yaml")):
        calendar = parse_calendar(_mapping(path))
        if calendar.key in found:
            raise DefinitionError("calendar", [Issue(f"{FOLDER}/{path.name}", "key.twice", {"key": calendar.key})])
        found[calendar.key] = calendar
    if settings.calendar not in found:
        near = tuple(did_you_mean(settings.calendar, found))
        issue = Issue("calendar", "calendar.unknown", {"calendar": settings.calendar, "near": near})
        raise DefinitionError("settings", [issue])
    return found


def read_policies(home: Path, calendars: Mapping[str, WorkCalendar]) -> tuple[Policy, ...]:
    """The service levels of ``service_levels.yaml``, a list under ``policies``; none where there is no such file."""
    path = home / SERVICE_LEVELS
    if not stands(path):
        return ()
    raw = _mapping(path).get("policies", [])
    if not isinstance(raw, list) or not all(isinstance(row, Mapping) for row in raw):
        raise DefinitionError("service_level", [Issue(f"{SERVICE_LEVELS}: policies", "field.not_a_list")])
    return parse_policies(raw, calendars=calendars.keys())


def _mapping(path: Path) -> Mapping[str, object]:
    try:
        raw = load_exact(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DefinitionError("file", [Issue(path.name, "yaml.unreadable", {"reason": str(error)})]) from error
    if not isinstance(raw, Mapping):
        raise DefinitionError("file", [Issue(path.name, "field.not_a_table")])
    return raw
