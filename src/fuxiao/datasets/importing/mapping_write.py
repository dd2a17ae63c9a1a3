"""Writes a mapping as TOML with comments that teach how to correct it."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from typing import Any, TypeVar

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import Array, InlineTable
from tomlkit.items import Table as TomlTable

from fuxiao.datasets.importing.mapping import (
    NO,
    NULLS,
    YES,
    Condition,
    Expression,
    Mapping,
    TableMapping,
)

AnyTable = TypeVar("AnyTable", TomlTable, InlineTable)
Notes = Table[str, list[str]]
"""Comments by the place they stand at: ``cases.columns.opened_at`` or ``cases``; the empty key is the head."""
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
HEAD = (
    "How to read this kind of file / 这类文件的读法。",
    'Left of "=": a column of Fuxiao; right: where it comes from. 等号左边是系统的列，右边是它的来源：',
    '  name = "Header"                                     the cells of that column / 某一列',
    '  name = {column = "Header", format = "%d/%m/%Y"}     a date in that format / 指定日期格式',
    '  name = {columns = ["Date", "Time"], format = "…"}   two columns joined / 两列拼接',
    '  name = {after = "opened_at", seconds = "Wait"}      another column plus a duration / 另一列加时长',
    '  name = {value = "phone"}                            the same in every row / 固定值',
    '  name = {first_of = ["A", "B"]}                      the first that is not empty / 取第一个非空',
    '  name = {column = "Header", values = {"旧" = "new"}, when = {"Resolved" = "Y"}, unit = "minutes", zone = "UTC"}',
    "Then: fuxiao import FILE --map THIS / 然后：fuxiao import 文件 --map 本文件",
)


def mapping_text(mapping: Mapping, notes: Notes | None = None) -> str:
    """The mapping as TOML; reading it again gives an equal mapping."""
    said = notes or {}
    document = tomlkit.document()
    for line in (*HEAD, *said.get("", [])):
        document.add(tomlkit.comment(_plain(line)))
    document.add(tomlkit.nl())
    document["version"] = 1
    document["name"] = mapping.name
    _comment(
        document, ["one row is: case = a record, event = an event of a case, state = how a case stood when touched"]
    )
    document["shape"] = str(mapping.shape)
    for key, value in _options(mapping).items():
        _comment(document, said.get(key, []))
        document[key] = value
    layout = _file(mapping)
    if len(layout):
        document["file"] = layout
    for table in mapping.tables:
        document[table.dataset] = _table(table, said)
    return tomlkit.dumps(document)


def _options(mapping: Mapping) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if mapping.zone:
        options["zone"] = mapping.zone
    if mapping.decimal != ".":
        options["decimal"] = mapping.decimal
    for key, given, usual in (("nulls", mapping.nulls, NULLS), ("yes", mapping.yes, YES), ("no", mapping.no, NO)):
        if given != usual:
            options[key] = list(given)
    if mapping.drop:
        options["drop"] = _array(mapping.drop)
    return options


def _file(mapping: Mapping) -> TomlTable:
    table = tomlkit.table()
    layout = mapping.file
    for key in ("encoding", "delimiter", "sheet", "member"):
        value = getattr(layout, key)
        if value:
            table[key] = value
    if layout.quote != '"':
        table["quote"] = layout.quote
    if layout.header is not None:
        table["header"] = layout.header
    return table


def _table(mapping: TableMapping, notes: Notes) -> TomlTable:
    table = tomlkit.table()
    dataset = mapping.dataset
    _comment(table, notes.get(dataset, []))
    if mapping.reopen_on:
        _comment(table, notes.get(f"{dataset}.reopen_on", []))
        table["reopen_on"] = _array(mapping.reopen_on)
    if mapping.pause_ends:
        table["pause_ends"] = mapping.pause_ends
    columns = tomlkit.table()
    for name, expression in mapping.columns.items():
        _comment(columns, notes.get(f"{dataset}.columns.{name}", []))
        columns[name] = _expression(expression)
    table["columns"] = columns
    if mapping.when:
        table["when"] = _conditions(mapping.when, tomlkit.table())
    if mapping.types:
        table["types"] = _types(mapping, notes)
    for key, pairs in (("dimensions", mapping.dimensions), ("treatments", mapping.treatments)):
        if pairs:
            inner = tomlkit.table()
            _comment(inner, notes.get(f"{dataset}.{key}", []))
            for name, value in pairs.items():
                _comment(inner, notes.get(f"{dataset}.{key}.{name}", []))
                inner[name] = str(value)
            table[key] = inner
    return table


def _types(mapping: TableMapping, notes: Notes) -> TomlTable:
    table = tomlkit.table()
    _comment(table, notes.get(f"{mapping.dataset}.types", []))
    for activity, types in mapping.types.items():
        words = [f"{each.type}:{each.kind}" if each.kind else each.type for each in types]
        table[activity] = words[0] if len(words) == 1 else words
        for note in notes.get(f"{mapping.dataset}.types.{activity}", []):
            table[activity].comment(_plain(note))
    return table


def _expression(expression: Expression) -> object:
    """A header alone, or an inline table of everything that is said."""
    inline = tomlkit.inline_table()
    for key, value in _parts(expression).items():
        if value not in (None, "", (), [], {}):
            inline[key] = value
    if expression.when:
        inline["when"] = _conditions(expression.when, tomlkit.inline_table())
    return inline["column"] if list(inline) == ["column"] else inline


def _parts(expression: Expression) -> Table[str, object]:
    columns, unit = expression.columns, expression.unit or "seconds"
    return {
        "column": columns[0] if len(columns) == 1 else "",
        "columns": list(columns) if len(columns) > 1 else [],
        "after": expression.after,
        **({unit: _single(expression.spans)} if expression.after else {"unit": expression.unit}),
        "first_of": [_expression(part) for part in expression.first_of],
        "join": "" if expression.join == " " else expression.join,
        "format": _single(expression.formats) if expression.formats else "",
        "zone": expression.zone,
        "values": dict(expression.values),
    } | ({"value": expression.value} if expression.value is not None else {})


def _conditions(conditions: tuple[Condition, ...], table: AnyTable) -> AnyTable:
    for condition in conditions:
        inner: InlineTable = tomlkit.inline_table()
        if not condition.values:
            inner["present"] = not condition.negated
        elif condition.negated:
            inner["not"] = list(condition.values)
        table[condition.column] = inner if list(inner) else _single(condition.values)
    return table


def _single(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _array(values: tuple[str, ...]) -> Array:
    array = tomlkit.array()
    array.extend(list(values))
    return array.multiline(multiline=len(values) > 4)


def _plain(line: str) -> str:
    """Without control characters, which cells may hold and a comment in TOML may not."""
    return CONTROL.sub(" ", line)


def _comment(table: TOMLDocument | TomlTable, lines: list[str]) -> None:
    for line in lines:
        table.add(tomlkit.comment(_plain(line)))
