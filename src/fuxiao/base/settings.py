"""Reads the settings of a home folder, ``fuxiao.toml``, and lists everything that is wrong with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from fuxiao.base.permissions import Role
from fuxiao.base.plain_toml import load_toml
from fuxiao.core.bonus.money import SPOKEN, currency_meant
from fuxiao.core.errors import DefinitionError, Issue, StoreError, UnknownName, did_you_mean
from fuxiao.core.period import zone_named
from fuxiao.engine import schema

FILE = "fuxiao.toml"
LANGUAGES = ("zh", "en")
CLOCKS = ("business", "calendar")
CURRENCY = re.compile(r"[A-Z]{3}")
RETIRED = frozenset({"survey_days"})
"""Nothing reads them any more; homes and seals of before still have them."""


@dataclass(frozen=True, slots=True)
class Windows:
    """How long something stays open or counts, in the unit that the name says."""

    visit_tolerance_minutes: int = 15
    """An engineer is on time from so long before the appointment's start to so long after its end."""
    complaint_acknowledge_hours: int = 24
    complaint_closing_hours: int = 168
    complaint_clock: str = "calendar"
    """Whether these hours are working hours of the organisation's calendar (``business``), or pass day and night."""
    cut_off_workdays: int = 5
    """The data of a period closes so many working days after its end, where nobody says another day."""


@dataclass(frozen=True, slots=True)
class Security:
    """How people sign in to the web application."""

    second_factor_roles: tuple[str, ...] = ()
    """Accounts with one of these roles see nothing before they have a second factor."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one organisation decided for its whole home folder."""

    name: str = ""
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    language: str = "zh"
    calendar: str = "always"
    """The key of the work calendar that holds where no service level names another; ``always`` needs no file."""
    mandatory: tuple[str, ...] = ("category", "fault_code", "resolution_code", "root_cause")
    """Columns of a case that must be filled when it is resolved."""
    no_access_points: Decimal = Decimal("0.3")
    """The part of its difficulty points that a visit earns when nobody opened the door."""
    windows: Windows = field(default_factory=Windows)
    security: Security = field(default_factory=Security)


def read_settings(home: Path) -> Settings:
    """The settings of this home folder.

    Raises ``StoreError`` (``home.missing``) without ``fuxiao.toml``, ``DefinitionError`` with all issues in it.
    """
    path = home / FILE
    try:
        raw = load_toml(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreError("home.missing", path=str(home)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError("settings", [Issue(FILE, "toml.unreadable", {"reason": str(error)})]) from error
    return parse_settings(raw)


def parse_settings(raw: Mapping[str, object]) -> Settings:
    """Settings from plain data, as TOML gives it; what is not named keeps its default."""
    issues: list[Issue] = []
    values = _read(Settings, {k: v for k, v in raw.items() if k not in SECTIONS}, where="", issues=issues)
    for name, kind in SECTIONS.items():
        values[name] = kind(**_read(kind, raw.get(name, {}), where=f"{name}.", issues=issues))
    if issues:
        raise DefinitionError("settings", issues)
    return Settings(**values)  # type: ignore[arg-type]


def _read(kind: type[Any], raw: object, *, where: str, issues: list[Issue]) -> dict[str, object]:
    if not isinstance(raw, Mapping):
        issues.append(Issue(where.rstrip("."), "field.not_a_table"))
        return {}
    known = {f.name: str(f.type) for f in fields(kind)}
    values: dict[str, object] = {}
    for name, value in raw.items():
        if name in RETIRED:
            continue
        if name not in known:
            issues.append(Issue(f"{where}{name}", "field.unknown", {"near": tuple(did_you_mean(name, known))}))
        elif (problem := _refusal(name, known[name], value)) is not None:
            issues.append(Issue(f"{where}{name}", *problem))
        else:
            values[name] = READERS[known[name]](value)
    return values


def _refusal(name: str, kind: str, value: object) -> tuple[str, dict[str, object]] | None:
    """Why the value cannot stand under this name, as code and facts; ``None`` where it can."""
    if not FITS[kind](value):
        return "field.wrong_type", {"expected": WORDS[kind], "value": str(value)}
    check = CHECKS.get(name)
    return None if check is None else check(value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_part(value: object) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool) and _decimal(value) is not None


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _decimal(value: object) -> Decimal | None:
    """A number as written; TOML floats come back through their shortest text, so 0.3 is exactly 0.3."""
    text = str(value)
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def _roles(value: object) -> tuple[str, dict[str, object]] | None:
    known = [role.value for role in Role]
    unknown = [name for name in _texts(value) if name not in known]
    if not unknown:
        return None
    near = tuple(did_you_mean(unknown[0], known))
    return "settings.role_unknown", {"roles": tuple(unknown), "known": tuple(known), "near": near}


SECTIONS: Mapping[str, type[Any]] = {"windows": Windows, "security": Security}
FITS: Mapping[str, Callable[[object], bool]] = {
    "str": lambda value: isinstance(value, str),
    "int": _is_count,
    "Decimal": _is_part,
    "tuple[str, ...]": _is_list,
}
READERS: Mapping[str, Callable[..., object]] = {
    "str": str.strip,
    "int": int,
    "Decimal": _decimal,
    "tuple[str, ...]": tuple,
}
WORDS = {"str": "text", "int": "whole number, 0 or more", "Decimal": "number", "tuple[str, ...]": "list of texts"}


def _zone(value: object) -> tuple[str, dict[str, object]] | None:
    try:
        zone_named(str(value).strip())
    except UnknownName as unknown:
        return "calendar.zone_unknown", {"zone": value, "near": unknown.near}
    return None


def _language(value: object) -> tuple[str, dict[str, object]] | None:
    return None if value in LANGUAGES else ("settings.language_unknown", {"value": value, "known": LANGUAGES})


def _clock(value: object) -> tuple[str, dict[str, object]] | None:
    return None if value in CLOCKS else ("settings.clock_unknown", {"value": value, "known": CLOCKS})


def _currency(value: object) -> tuple[str, dict[str, object]] | None:
    if CURRENCY.fullmatch(str(value)) and value not in SPOKEN:
        return None
    return "settings.currency_unknown", {"value": value, "near": currency_meant(str(value))}


def _mandatory(value: object) -> tuple[str, dict[str, object]] | None:
    known = schema.CASES.names()
    unknown = [name for name in _texts(value) if name not in known]
    if not unknown:
        return None
    return "settings.column_unknown", {"columns": tuple(unknown), "near": tuple(did_you_mean(unknown[0], known))}


def _points(value: object) -> tuple[str, dict[str, object]] | None:
    part = _decimal(value)
    return None if part is not None and 0 <= part <= 1 else ("settings.not_a_part", {"value": str(value)})


def _texts(value: object) -> Iterable[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


CHECKS: Mapping[str, Callable[[object], tuple[str, dict[str, object]] | None]] = {
    "zone": _zone,
    "language": _language,
    "currency": _currency,
    "mandatory": _mandatory,
    "complaint_clock": _clock,
    "no_access_points": _points,
    "second_factor_roles": _roles,
}
