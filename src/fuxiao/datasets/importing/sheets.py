"""Reads XLSX, XLS and ODS: every cell as the text a person would type, with the sheet's row numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine as calamine

from fuxiao.core.errors import InputError, did_you_mean
from fuxiao.datasets.importing.contents import is_locked, must_hold
from fuxiao.datasets.importing.layout import MARKS, Header, Layout, pick_header
from fuxiao.datasets.importing.progress import Stage, Watch
from fuxiao.datasets.importing.raw import Raw, Unread, store_batches, text_batch
from fuxiao.datasets.importing.sql import Connection

CHUNK = 50_000
EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number; longer ones have lost their last digits."""


TABLE = 3
"""A sheet of fewer columns before others is a cover or notes."""


@dataclass(frozen=True, slots=True)
class Book:
    """An open workbook, the names of the sheets that can be seen, and those of the others."""

    path: Path
    inner: calamine.CalamineWorkbook
    visible: tuple[str, ...]
    hidden: tuple[str, ...]
    last: dict[str, calamine.CalamineSheet] = field(default_factory=dict)
    """The sheet that was asked for last: reading one takes longer than anything that is asked of it."""

    def sheet(self, name: str) -> calamine.CalamineSheet:
        if name not in self.last:
            self.last.clear()
            self.last[name] = self.inner.get_sheet_by_name(name)
        return self.last[name]

    def rows(self, sheet: str) -> list[list[Any]]:
        found: list[list[Any]] = self.sheet(sheet).to_python(skip_empty_area=False)
        return found

    def merged(self, sheet: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """The first and the last place of each merged cell, row and column from 0; none where the format tells none."""
        return self.sheet(sheet).merged_cell_ranges or []

    def height(self, sheet: str) -> int:
        """From the first to the last row that holds something; 0 where none does."""
        return int(self.sheet(sheet).height)


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """The workbook. Raises ``InputError``: ``file.locked``, ``file.unreadable``, and those of ``must_hold``."""
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except calamine.CalamineError as error:
        if isinstance(error, calamine.PasswordError) or is_locked(path):
            raise InputError("file.locked", path=path.name) from error
        must_hold(path, "sheet", name=path.name)
        raise InputError("file.unreadable", path=path.name, reason=str(error)) from error
    with book:
        seen = [m.name for m in book.sheets_metadata if m.visible == calamine.SheetVisibleEnum.Visible]
        visible = seen or list(book.sheet_names)
        yield Book(path, book, tuple(visible), tuple(name for name in book.sheet_names if name not in visible))


def read_sheet(connection: Connection, book: Book, layout: Layout, *, watch: Watch) -> Raw:
    """Load one sheet: the one named, else the first visible one that looks like a table, else that has rows.

    Raises ``InputError``: ``sheet.unknown`` with near names, ``file.empty``.
    """
    name, rows = _rows(book, layout.sheet)
    header = _header(rows, 1 if is_mended(rows[:1]) else layout.header)
    if not header.names:
        raise InputError("file.empty", path=book.path.name)
    _spread(rows, book.merged(name), below=header.last_line)
    body = rows[header.last_line :]
    long: Counter[int] = Counter()
    batches = _batches(body, first=header.last_line + 1, width=len(header.names), long=long, watch=watch)
    stored = store_batches(connection, batches, width=len(header.names), watch=watch)
    numbers = tuple((header.names[n], count) for n, count in sorted(long.items()))
    return Raw(
        header.names, stored.rows, 0, 0, (), mendable=stored.mendable,
        sheet=name, header_line=header.line, long_numbers=numbers,
        unread=() if layout.sheet else tuple(_beside(book, name)), above=header.above,
    )  # fmt: skip


def _spread(
    rows: Sequence[list[Any]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]], *, below: int
) -> None:
    """A name or a date merged over several rows holds in each of them; a number may be their sum and stays one."""
    for (top, column), (bottom, _) in merged:
        if not below <= top < min(bottom, len(rows)):
            continue
        for said in rows[top][column : column + 1]:
            if isinstance(said, (str, date)):
                for row in rows[top + 1 : bottom + 1]:
                    row[column] = said


def _beside(book: Book, chosen: str) -> Iterator[Unread]:
    """The sheets with rows beside the one that is read, where nobody said which to read."""
    for name in book.visible:
        if name != chosen and (rows := book.height(name)) > 1:
            yield Unread(name, rows, "table_beside")


def sheet_names(path: Path) -> tuple[str, ...]:
    """The names of a workbook's sheets in their order."""
    with open_book(path) as book:
        return tuple(book.inner.sheet_names)


def first_rows(path: Path, sheet: str, *, most: int) -> tuple[tuple[str, ...], ...]:
    """The first rows of a sheet as text, for a person to say which is the header."""
    with open_book(path) as book:
        _, rows = _rows(book, sheet)
        return tuple(tuple(as_text(cell) for cell in row) for row in rows[:most])


def _rows(book: Book, sheet: str) -> tuple[str, list[list[Any]]]:
    """The name and the rows of the sheet that is read; of mended rows the only one there is, whatever it is called."""
    names = (*book.visible, *book.hidden)
    only = book.rows(names[0]) if len(names) == 1 else None
    if only and (is_mended(only[:1]) or sheet == names[0]):
        return names[0], only
    if sheet and sheet not in names:
        raise InputError("sheet.unknown", sheet=sheet, near=tuple(did_you_mean(sheet, names)), known=names)
    if sheet:
        return sheet, book.rows(sheet)
    spare: tuple[str, list[list[Any]]] | None = None
    for name in book.visible:
        rows = book.rows(name) if only is None else only
        if _rows_with(rows, cells=TABLE) > 1:
            return name, rows
        if spare is None and _rows_with(rows, cells=1) > 1:
            spare = name, rows
    if spare is None:
        raise InputError("file.empty", path=book.path.name)
    return spare


def is_mended(first: Sequence[Sequence[Any]]) -> bool:
    """Whether this is the header of a file of rejected rows that the importer wrote."""
    return any(set(MARKS) <= set(map(str, row)) for row in first)


def _rows_with(rows: Sequence[Sequence[Any]], *, cells: int) -> int:
    """How many of the first rows have at least so many cells filled."""
    return sum(sum(cell != "" for cell in row) >= cells for row in rows[:100])


def _header(rows: Sequence[Sequence[Any]], line: int | None) -> Header:
    numbered = [(n, n, [as_text(cell) for cell in row]) for n, row in enumerate(rows[: max(30, line or 0)], start=1)]
    return pick_header(numbered, line)


def _batches(
    rows: Sequence[Sequence[Any]], *, first: int, width: int, long: Counter[int], watch: Watch
) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        lines = range(first + start, first + start + len(chunk))
        columns = [[as_text(row[n]) if n < len(row) else "" for row in chunk] for n in range(width)]
        for n in range(width):
            long[n] += sum(isinstance(row[n], float) and abs(row[n]) >= EXACT for row in chunk if n < len(row))
        watch.step(Stage.READ, rows=start + len(chunk), done=start + len(chunk), total=len(rows))
        yield text_batch(list(lines), columns)


def as_text(cell: object) -> str:
    """``2026-08-03 09:05:00`` for a moment, ``00:02:59`` for a span, ``123`` for 123.0."""
    convert = TEXTS.get(type(cell))
    return convert(cell) if convert else str(cell)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _float(value: float) -> str:
    return _number(value) if value - value == 0 else ""


def _moment(value: datetime) -> str:
    """Days with their fraction cut short miss a full second by less than two milliseconds."""
    if value.microsecond >= 998_000:
        value = value.replace(microsecond=0) + timedelta(seconds=1)
    return str(value.date()) if value.time() == time() else value.isoformat(sep=" ")


def _span(value: timedelta) -> str:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


TEXTS: Mapping[type, Callable[[Any], str]] = {
    str: str,
    float: _float,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime: _moment,
    date: str,
    time: lambda value: value.isoformat(),
    timedelta: _span,
    type(None): lambda _: "",
}
