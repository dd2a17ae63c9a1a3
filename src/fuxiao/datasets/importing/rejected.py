"""Writes the refused rows as a CSV that a person mends and imports again with the same mapping.

A person mends it in a spreadsheet, so cells are written as none takes them for a formula; reading turns them back.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from fuxiao.datasets.importing import findings, sql, words
from fuxiao.datasets.importing.inert import inert, inert_text
from fuxiao.datasets.importing.mapping import Expression, Mapping, Shape
from fuxiao.datasets.importing.prepare import Prepared
from fuxiao.datasets.importing.raw import LINE, TABLE, Raw
from fuxiao.datasets.importing.sql import Connection

BOM = b"\xef\xbb\xbf"


def write_rejected(connection: Connection, prepared: Prepared, target: Path, *, source: str) -> int:
    """Write every refused row with its cells and ``_file, _line, _column, _reason``; returns the rows written.

    Of event logs and state logs all rows of the case are written, those that were fine without a reason: a case can
    only be read as a whole.
    """
    connection.execute(
        f"create or replace temp table refused as select {LINE}, string_agg(distinct header, '; ') as header, "
        f"string_agg(distinct {_reason()}, '; ') as reason from {findings.TABLE} "
        f"where treatment = 'reject' group by {LINE}"
    )
    _register_ragged(connection, prepared.raw)
    raw = prepared.raw
    cells = ", ".join(f"{inert(raw.cell(name))} as {sql.name(inert_text(name))}" for name in raw.data_headers)
    rows = f"select {LINE} as _row, {', '.join(raw.cells)}, '' as _more from {TABLE} union all select * from ragged"
    wanted = _wanted(prepared)
    within = f" || '/' || {_table(raw, '_row')}" if raw.parts else ""
    query = (
        f"select {cells}, {sql.text(inert_text(source))}{within} as _file, {_own(raw, '_row')} as _line, "
        f"{inert('r.header')} as _column, "
        f"r.reason as _reason, {inert('_more')} as _extra "
        f"from ({rows}) left join refused r using ({LINE}) where {wanted} order by _row"
    )
    _copy(connection, query, target)
    connection.unregister("ragged")
    return sql.count(connection, "select count(*) from refused")


def write_findings(connection: Connection, raw: Raw, target: Path) -> None:
    """Write every fault, refused or not, one row each: line, column, value, reason, treatment; before them the table,
    where several are read as one."""
    table = f'{inert(_table(raw, LINE))} as "table", ' if raw.parts else ""
    query = (
        f'select {table}{_own(raw, LINE)} as line, dataset, {inert("header")} as "column", {inert("value")} as value, '
        f"code, treatment, {_reason()} as reason from {findings.TABLE} order by {LINE}, header, code"
    )
    _copy(connection, query, target)


def _table(raw: Raw, line: str) -> str:
    """The name of the table that a line of the whole stands in, as SQL."""
    arms = (f"when {line} > {part.before} then {sql.text(part.name)}" for part in reversed(raw.parts))
    return f"case {' '.join(arms)} end"


def _own(raw: Raw, line: str) -> str:
    """The line in its own table."""
    arms = " ".join(f"when {line} > {part.before} then {part.before}" for part in reversed(raw.parts))
    return f"{line} - case {arms} end" if arms else line


def _copy(connection: Connection, query: str, target: Path) -> None:
    """As CSV in UTF-8 with the mark that spreadsheets look for."""
    body = target.with_suffix(".part")
    connection.execute(f"copy ({query}) to {sql.text(str(body))} (format csv, header true, delimiter ',', nullstr '')")
    with target.open("wb") as out, body.open("rb") as written:
        out.write(BOM)
        while piece := written.read(1 << 20):
            out.write(piece)
    body.unlink()


def _reason() -> str:
    """The reason in Chinese and English, with its code."""
    pairs = [(code, f"{words.reason(code, 'zh')} / {words.reason(code, 'en')} [{code}]") for code in words.codes()]
    return sql.lookup("code", pairs, otherwise="code")


def _register_ragged(connection: Connection, raw: Raw) -> None:
    width = len(raw.headers)
    rows = [(row.line, *_fitted(row.cells, width), " | ".join(row.cells[width:])) for row in raw.ragged]
    names = [LINE, *raw.cells, "_more"]
    types = [pa.int64(), *[pa.string()] * (width + 1)]
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    connection.register("ragged", pa.Table.from_arrays(arrays, names=names))


def _fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))


def _wanted(prepared: Prepared) -> str:
    """Which rows are written."""
    refused = f"{LINE} in (select {LINE} from refused)"
    case = _case_cell(prepared.mapping, prepared.raw)
    if prepared.mapping.shape is Shape.CASE or not case:
        return refused
    everywhere = f"(select {LINE}, {case} as k from {TABLE} union all select {LINE}, {case} from ragged)"
    return f"({refused} or {case} in (select k from {everywhere} where {refused} and k <> ''))"


def _case_cell(mapping: Mapping, raw: Raw) -> str:
    table = mapping.table("case_events")
    expression = table.columns.get("case_id", Expression()) if table else Expression()
    return raw.cell(expression.columns[0]) if len(expression.columns) == 1 else ""
