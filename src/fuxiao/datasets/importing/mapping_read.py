"""Reads a mapping from TOML and lists everything that is wrong with it, with the nearest right names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Table
from pathlib import Path
from typing import Any

from fuxiao.base.plain_toml import load_toml
from fuxiao.core.errors import DefinitionError, InputError, Issue, did_you_mean
from fuxiao.datasets.importing.layout import Layout
from fuxiao.datasets.importing.mapping import (
    NO,
    NULLS,
    YES,
    Condition,
    EventType,
    Expression,
    Mapping,
    Shape,
    TableMapping,
    Treatment,
    required_columns,
    target_columns,
)
from fuxiao.datasets.importing.moments import SPECIAL
from fuxiao.datasets.importing.plain import PlainReader
from fuxiao.engine import schema

VERSION = 1
LONGEST = 4_000_000
"""Signs of a mapping, thousands of named values and all; a device that never ends is not read for ever."""
LAST_HEADER = 100_000
"""The names of the columns stand no further down than in this line."""
TOP = ("version", "name", "shape", "zone", "decimal", "nulls", "yes", "no", "drop", "file")
FILE = ("encoding", "delimiter", "quote", "header", "sheet", "member")
TABLE = ("columns", "when", "dimensions", "treatments", "types", "reopen_on", "pause_ends")
UNITS = ("seconds", "minutes", "hours", "days")
FORM = ("column", "columns", "value", "after", "first_of")
PATTERN = re.compile("%(-?[djmyHIMS]|[abcfghnpuwxzABGTUVWXYZ%])")
"""A mark of a date pattern, as the reader of dates knows it."""
EXPRESSION = (*FORM, *UNITS, "join", "format", "zone", "values", "unit", "when")


def read_mapping(path: Path) -> Mapping:
    """The mapping in this file.

    Raises ``InputError`` (``file.missing``, ``mapping.too_long``) and ``DefinitionError`` with every issue.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LONGEST + 1)
    except FileNotFoundError as error:
        raise InputError("file.missing", path=str(path)) from error
    except UnicodeDecodeError as error:
        raise DefinitionError("mapping", [Issue(path.name, "toml.unreadable", {"reason": str(error)})]) from error
    if len(text) > LONGEST:
        raise InputError("mapping.too_long", path=str(path), most=f"{LONGEST:,}")
    return parse_mapping(text, name=path.stem)


def parse_mapping(text: str, *, name: str = "mapping") -> Mapping:
    """The mapping written in this TOML; ``DefinitionError`` with every issue where it is not usable."""
    mapping, issues = parse_draft(text, name=name)
    if issues:
        raise DefinitionError("mapping", issues)
    return mapping


def parse_draft(text: str, *, name: str = "mapping") -> tuple[Mapping, tuple[Issue, ...]]:
    """As much of the mapping as can be read, and everything that is still wrong with it.

    Raises ``DefinitionError`` only where it is no TOML at all.
    """
    try:
        raw = load_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError("mapping", [Issue(name, "toml.unreadable", {"reason": str(error)})]) from error
    reader = _Reader()
    mapping = reader.mapping(raw, name)
    return mapping, tuple(reader.issues)


class _Reader(PlainReader):
    """Walks through plain TOML data, collects issues and goes on."""

    def mapping(self, raw: Table[str, Any], name: str) -> Mapping:
        self.known(raw, (*TOP, *schema.DATASETS), "")
        if str(version := raw.get("version", VERSION)) != str(VERSION):
            self.add("version", "mapping.value_unknown", value=str(version), near=(), known=(str(VERSION),))
        shape = self.one_of(raw.get("shape", "case"), tuple(Shape), "shape")
        found = Shape(shape) if shape else Shape.CASE
        tables = [self._table(n, raw[n], found) for n in raw if n in schema.DATASETS]
        if not tables:
            self.add("", "mapping.no_dataset", known=tuple(schema.DATASETS))
        if found is not Shape.CASE and "case_events" not in raw:
            self.add("case_events", "mapping.events_missing", shape=str(found))
        return Mapping(
            name=self.text(raw, "name", name),
            shape=found,
            tables=tuple(tables),
            file=self._layout(raw.get("file", {})),
            zone=self.zone(raw.get("zone", ""), "zone"),
            decimal=self.one_of(raw.get("decimal", "."), (".", ","), "decimal") or ".",
            nulls=self.texts(raw.get("nulls", list(NULLS)), "nulls"),
            yes=self.texts(raw.get("yes", list(YES)), "yes"),
            no=self.texts(raw.get("no", list(NO)), "no"),
            drop=self.texts(raw.get("drop", []), "drop"),
        )

    def _layout(self, raw: object) -> Layout:
        if not self.is_table(raw, "file"):
            return Layout()
        self.known(raw, FILE, "file.")
        header = raw.get("header")
        if header is not None and not (type(header) is int and 0 <= header <= LAST_HEADER):
            self.add("file.header", "mapping.wrong_type", expected="line number, 0 for none", value=str(header))
            header = None
        words = {key: self.text(raw, key, "", "file.") for key in ("encoding", "sheet", "member")}
        delimiter, quote = self._mark(raw, "delimiter", ""), self._mark(raw, "quote", '"')
        if delimiter and delimiter == quote:
            self.add("file.quote", "mapping.one_character", value=quote)
        return Layout(header=header, delimiter=delimiter, quote=quote, **words)

    def _mark(self, raw: Table[str, Any], key: str, default: str) -> str:
        """A mark that cuts or wraps cells: one character of plain ASCII that no cell consists of, or nothing."""
        mark = self.text(raw, key, default, "file.")
        if len(mark.encode()) <= 1 and mark not in {"\r", "\n", "\0"} and not mark.isalnum():
            return mark
        self.add(f"file.{key}", "mapping.one_character", value=mark)
        return default

    def _table(self, dataset: str, raw: object, shape: Shape) -> TableMapping:
        where = f"{dataset}."
        if not self.is_table(raw, dataset):
            return TableMapping(dataset, {})
        self.known(raw, TABLE, where)
        columns = self._columns(dataset, raw.get("columns", {}), shape)
        names = [c.name for c in target_columns(dataset, shape)]
        return TableMapping(
            dataset=dataset,
            columns=columns,
            when=self._conditions(raw.get("when", {}), f"{where}when"),
            dimensions=self._dimensions(dataset, raw.get("dimensions", {}), f"{where}dimensions"),
            treatments=self._treatments(raw.get("treatments", {}), names, f"{where}treatments"),
            types=self._types(raw.get("types", {}), f"{where}types"),
            reopen_on=self.texts(raw.get("reopen_on", []), f"{where}reopen_on"),
            pause_ends=self.one_of(raw.get("pause_ends", ""), ("", "next_event"), f"{where}pause_ends") or "",
        )

    def _columns(self, dataset: str, raw: object, shape: Shape) -> dict[str, Expression]:
        where = f"{dataset}.columns"
        if not self.is_table(raw, where):
            return {}
        self.known(raw, [c.name for c in target_columns(dataset, shape)], f"{where}.")
        columns = {name: self._expression(value, f"{where}.{name}") for name, value in raw.items()}
        missing = [name for name in required_columns(dataset, shape) if name not in columns]
        for name in missing:
            self.add(f"{where}.{name}", "mapping.required_missing")
        for name, expression in columns.items():
            if expression.after and expression.after not in columns:
                near = tuple(did_you_mean(expression.after, columns))
                self.add(f"{where}.{name}.after", "mapping.after_unknown", name=expression.after, near=near)
            elif expression.after and columns[expression.after].after:
                self.add(f"{where}.{name}.after", "mapping.after_after", name=expression.after)
        if dataset == "case_events" and shape is Shape.EVENT and not {"activity", "type"} & set(columns):
            self.add(f"{where}.activity", "mapping.required_missing")
        return columns

    def _dimensions(self, dataset: str, raw: object, where: str) -> dict[str, str]:
        """Headers by name. Each name is its own, whatever its case: two columns of one name are one to DuckDB, which
        would give both the cells of the first."""
        found = self.pairs(raw, where)
        contract = {name.casefold() for name in schema.dataset(dataset).names()}
        seen: set[str] = set()
        for name in found:
            if not name.strip() or not name.isprintable() or name.startswith("_"):
                self.add(f"{where}.{name}", "mapping.dimension_name", value=name)
            elif name.casefold() in contract:
                self.add(f"{where}.{name}", "mapping.dimension_column", value=name, dataset=dataset)
            elif name.casefold() in seen:
                self.add(f"{where}.{name}", "mapping.dimension_twice", value=name)
            seen.add(name.casefold())
        return found

    def _expression(self, raw: object, where: str) -> Expression:
        if isinstance(raw, str):
            return Expression(columns=(raw,))
        if not self.is_table(raw, where):
            return Expression(value="")
        self.known(raw, EXPRESSION, f"{where}.")
        forms = [form for form in FORM if form in raw]
        if len(forms) != 1:
            self.add(where, "mapping.one_form", forms=FORM, found=tuple(forms))
        units = [unit for unit in UNITS if unit in raw]
        if bool(units) != ("after" in raw) or len(units) > 1 or (units and "unit" in raw):
            self.add(where, "mapping.after_needs_span", units=UNITS)
        return Expression(
            columns=self.some(raw.get("columns", raw.get("column")), where) if {*FORM[:2]} & raw.keys() else (),
            value=None if "value" not in raw else self.plain(raw["value"], f"{where}.value"),
            after=self.text(raw, "after", "", f"{where}."),
            spans=self.some(raw[units[0]], where) if units else (),
            first_of=tuple(self._expression(part, f"{where}.first_of[{n}]") for n, part in self._listed(raw, where)),
            join=self.text(raw, "join", " ", f"{where}."),
            formats=self._formats(raw.get("format", []), f"{where}.format"),
            zone=self.zone(raw.get("zone", ""), f"{where}.zone"),
            values=self.pairs(raw.get("values", {}), f"{where}.values"),
            unit=units[0] if units else self.one_of(raw.get("unit", ""), ("", *UNITS), f"{where}.unit") or "",
            when=self._conditions(raw.get("when", {}), f"{where}.when"),
        )

    def _formats(self, raw: object, where: str) -> tuple[str, ...]:
        """Patterns of dates, or names of such: each mark after ``%`` must be one that is known."""
        formats = self.texts(raw, where)
        for form in formats:
            if form not in SPECIAL and ("%" not in form or "%" in PATTERN.sub("", form)):
                self.add(where, "mapping.format_unknown", value=form, known=SPECIAL)
        return formats

    def _listed(self, raw: Table[str, Any], where: str) -> Iterable[tuple[int, Any]]:
        parts = raw.get("first_of")
        if (isinstance(parts, list) and parts) or "first_of" not in raw:
            return enumerate(parts or ())
        self.add(f"{where}.first_of", "mapping.wrong_type", expected="list", value=str(parts))
        return ()

    def _conditions(self, raw: object, where: str) -> tuple[Condition, ...]:
        if not self.is_table(raw, where):
            return ()
        return tuple(self._condition(column, asked, f"{where}.{column}") for column, asked in raw.items())

    def _condition(self, column: str, asked: object, where: str) -> Condition:
        """``"Y"``, ``["Y", "yes"]``, ``{present = true}`` or ``{not = ["spam"]}``."""
        if isinstance(asked, Table):
            self.known(asked, ("present", "not"), f"{where}.")
            if len(asked) != 1 or ("present" in asked and not isinstance(asked["present"], bool)):
                self.add(where, "mapping.condition", value=str(asked))
            if "not" in asked:
                return Condition(column, self.some(asked["not"], where), negated=True)
            return Condition(column, negated=asked.get("present") is False)
        return Condition(column, self.some(asked, where))

    def _types(self, raw: object, where: str) -> dict[str, tuple[EventType, ...]]:
        if not self.is_table(raw, where):
            return {}
        return {
            activity: tuple(self._type(word, f"{where}.{activity}") for word in self.texts(words, where))
            for activity, words in raw.items()
        }

    def _type(self, word: str, where: str) -> EventType:
        """``"resolved"``, or ``"pend_start:customer"`` with the reason of a pause."""
        type_, _, kind = word.partition(":")
        self.one_of(type_, schema.EVENT_TYPES, where)
        self.one_of(kind, ("", *schema.PAUSE_KINDS), where)
        return EventType(type_, kind)

    def _treatments(self, raw: object, names: list[str], where: str) -> dict[str, Treatment]:
        if not self.is_table(raw, where):
            return {}
        self.known(raw, names, f"{where}.")
        chosen = {name: self.one_of(word, tuple(Treatment), f"{where}.{name}") for name, word in raw.items()}
        return {name: Treatment(word) for name, word in chosen.items() if word}


def check_columns(mapping: Mapping, headers: Iterable[str]) -> None:
    """Raise ``DefinitionError`` where the mapping names columns that the file does not have."""
    known = list(headers)
    issues = [
        Issue(
            f"{table.dataset}", "mapping.column_unknown", {"column": column, "near": tuple(did_you_mean(column, known))}
        )
        for table in mapping.tables
        for column in dict.fromkeys(table.sources())
        if column not in known
    ]
    if issues:
        raise DefinitionError("mapping", issues)
