"""The indicator library: the built-in definitions and a home's own, looked up by code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Protocol

import yaml

from fuxiao.base.fast_yaml import load_plain, place_of, reason_of
from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.core.errors import DefinitionError, Issue, UnknownName, did_you_mean
from fuxiao.engine.definition import Indicator
from fuxiao.engine.fact_tables import FACT_TABLES, FactTable
from fuxiao.engine.reading import read_indicator

FILES = ("response", "voice", "quality", "field", "parts", "money", "lead")
"""The built-in sections, in the order of reference pages."""
KEPT = ".library"
"""The folder of a home that stands still with the built-in sections as they were then."""


class _Text(Protocol):
    def read_text(self, encoding: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the library."""

    code: str
    name: Mapping[str, str]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """All indicators that can be asked for, by section; a home's own ones replace built-in ones of the same code."""

    sections: tuple[Section, ...]
    indicators: Mapping[str, Indicator]

    def get(self, code: str) -> Indicator:
        """The indicator of that code; ``UnknownName`` with near ones where there is none. Case does not count."""
        found = self.indicators.get(code) or self.indicators.get(code.upper())
        if found is None:
            raise UnknownName("indicator", code, self.indicators)
        return found

    def select(self, codes: Iterable[str]) -> list[Indicator]:
        """The indicators of these codes, in their order, each once."""
        return list({each.code: each for each in map(self.get, codes)}.values())

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self.indicators.values())

    def __len__(self) -> int:
        return len(self.indicators)


@lru_cache(maxsize=1)
def built_in() -> Library:
    """The library that ships with the product."""
    return read_library()


def read_library(
    folder: Path | None = None, *, tables: Mapping[str, FactTable] = FACT_TABLES, currency: str = "CNY"
) -> Library:
    """The built-in library and, on top of it, the files of a home's ``indicators`` folder (which may be missing).

    A home that stands still has the built-in library beside it as it was.

    ``tables`` are the fact tables built so far, with the dimensions that the home's files brought; figures of money
    are in ``currency``. ``DefinitionError`` lists every issue of every file, a counter-indicator that does not exist
    among them.
    """
    money = Fraction(1, 10 ** MINOR_UNITS.get(currency, 2))
    issues: list[Issue] = []
    tables = {**FACT_TABLES, **tables}
    sections = [
        _section(name, path, tables, issues) for name, path in _built_in_files(folder.parent if folder else None)
    ]
    own = sorted(folder.glob("*.yaml")) if folder is not None and folder.is_dir() else []
    sections += [_section(path.name, path, tables, issues) for path in own]
    sections = [
        replace(section, indicators=tuple(_paid_in(money, each) for each in section.indicators)) for section in sections
    ]
    indicators = {each.code: each for section in sections for each in section.indicators}
    issues += _unknown_counters(indicators)
    if issues:
        raise DefinitionError("indicators", issues)
    return Library(_current(sections, indicators), indicators)


def library_texts(home: Path) -> dict[str, str]:
    """The texts of the built-in sections that a home's figures are made with, by path in a home that stands still."""
    return {f"{KEPT}/{name}": path.read_text(encoding="utf-8") for name, path in _built_in_files(home)}


def _built_in_files(home: Path | None) -> list[tuple[str, _Text]]:
    kept = home / KEPT if home else None
    if kept is not None and kept.is_dir():
        return [(path.name, path) for path in sorted(kept.glob("*.yaml"), key=_place)]
    root = resources.files("fuxiao.engine") / "library"
    return [(f"{name}.yaml", root / f"{name}.yaml") for name in FILES]


def _place(path: Path) -> tuple[int, str]:
    return FILES.index(path.stem) if path.stem in FILES else len(FILES), path.stem


def _paid_in(money: Fraction, indicator: Indicator) -> Indicator:
    """The indicator with amounts turned from minor units by ``money``; a scale of its own stays."""
    person = indicator.person and _paid_in(money, indicator.person)
    own = indicator.unit != "money" or "scale" in indicator.raw
    return replace(indicator, scale=indicator.scale if own else money, person=person)


def _current(sections: list[Section], indicators: Mapping[str, Indicator]) -> tuple[Section, ...]:
    """The sections without indicators that a later file replaced."""
    return tuple(
        Section(section.code, section.name, tuple(i for i in section.indicators if indicators[i.code] is i))
        for section in sections
    )


@dataclass(frozen=True, slots=True)
class _File:
    """A file of definitions, and the tables that they are read against."""

    name: str
    text: str
    tables: Mapping[str, FactTable] = field(hash=False)


def _section(name: str, path: _Text, tables: Mapping[str, FactTable], issues: list[Issue]) -> Section:
    try:
        section, found = _read(_File(name, path.read_text(encoding="utf-8"), tables))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        issues += [
            Issue(name + place_of(error), "yaml.unreadable", {"reason": reason_of(error)}),
            Issue(name, "indicator.none"),
        ]
        stem = Path(name).stem
        return Section(stem, {"zh": stem, "en": stem}, ())
    issues += found
    return section


@lru_cache(maxsize=256)
def _read(file: _File) -> tuple[Section, tuple[Issue, ...]]:
    """The section of a file and what is wrong with it. Each home that opens reads the same built-in files."""
    issues: list[Issue] = []
    raw = load_plain(file.text)
    raw = raw if isinstance(raw, dict) else {}
    stem = Path(file.name).stem
    head = raw.get("section", plain := {"code": stem, "name": {"zh": stem, "en": stem}})
    if not isinstance(head, dict) or not {"code", "name"} <= set(head):
        issues.append(Issue(f"{file.name}.section", "field.not_a_table"))
        head = plain
    entries = raw.get("indicators", [raw] if "code" in raw else [])
    made: dict[str, Indicator] = {}
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        where = f"{file.name}: {entry.get('code', place) if isinstance(entry, dict) else place}"
        indicator = _indicator(entry, where, str(head["code"]), file.tables, issues)
        if indicator is not None and indicator.code in made:
            issues.append(Issue(where, "indicator.twice", {"code": indicator.code}))
        elif indicator is not None:
            made[indicator.code] = indicator
    if not entries or not isinstance(entries, list):
        issues.append(Issue(file.name, "indicator.none"))
    return Section(str(head["code"]), head["name"], tuple(made.values())), tuple(issues)


def _indicator(
    entry: object, where: str, section: str, tables: Mapping[str, FactTable], issues: list[Issue]
) -> Indicator | None:
    if not isinstance(entry, dict):
        issues.append(Issue(where, "field.not_a_table"))
        return None
    try:
        return read_indicator({"section": section, **entry}, where=where, tables=tables)
    except DefinitionError as error:
        issues.extend(error.issues)
        return None


def _unknown_counters(indicators: Mapping[str, Indicator]) -> list[Issue]:
    return [
        Issue(
            f"{each.code}.counter",
            "indicator.unknown_counter",
            {"found": code, "near": tuple(did_you_mean(code, indicators))},
        )
        for each in indicators.values()
        for code in each.counter
        if code not in indicators
    ]
