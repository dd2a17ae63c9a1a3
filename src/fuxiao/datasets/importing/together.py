"""Reads several tables of a file one after the other, and puts those that are chosen together by column name."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from fuxiao.core.errors import InputError, did_you_mean
from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.archives import Unpacked, table_names, unpack
from fuxiao.datasets.importing.contents import must_hold
from fuxiao.datasets.importing.layout import LOOK, Layout, is_named, is_pattern
from fuxiao.datasets.importing.names import folded
from fuxiao.datasets.importing.progress import Progress, Watch
from fuxiao.datasets.importing.raw import (
    LINE,
    TABLE,
    Part,
    Ragged,
    Raw,
    Unread,
    without_empty_and_duplicates,
)
from fuxiao.datasets.importing.read import read_one
from fuxiao.datasets.importing.sheets import Book, as_text, open_book
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.values import BLANKS

NUMBER = re.compile("([0-9]+)")
ALIKE = 0.7
"""Share of the columns of two tables that must be the same for them to have one header."""
NAME = "_table"
"""The column under which a mapping reads the name of the table: often nothing else tells the month."""
FEWEST = 2
"""A table of fewer columns has no header to compare."""


@dataclass(frozen=True, slots=True)
class OneTable:
    """One of the tables as it was read, in a scratch table of its own; its headers as the whole calls them.

    ``file`` is the file of an archive that it stands in, ``own`` its name without folder and ending.
    """

    name: str
    own: str
    file: str
    stored: str
    raw: Raw
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of a file, and those in it that nobody reads."""

    tables: tuple[OneTable, ...]
    others: tuple[Unread, ...]

    def forget(self, connection: Connection) -> None:
        for table in self.tables:
            connection.execute(f"drop table if exists {table.stored}")

    def whole(self, connection: Connection, passed: Sequence[Unread | None]) -> Raw:
        """Those that are not passed over as one table, the lines of each moved behind those of the one before."""
        chosen = [table for table, why in zip(self.tables, passed, strict=True) if why is None]
        headers = tuple(dict.fromkeys(header for table in chosen for header in table.headers))
        columns = ", ".join([f"{LINE} bigint", *(f"c{n} varchar" for n in range(len(headers)))])
        connection.execute(f"create or replace temp table {TABLE} ({columns})")
        raw, before = Raw(headers, 0, 0, 0, (), mendable=frozenset()), 0
        for table in chosen:
            raw = _with(raw, table, before)
            before += _add(connection, table, headers, before)
        self.forget(connection)
        unread = (*(why for why in passed if why), *raw.unread, *self.others)
        return without_empty_and_duplicates(connection, replace(raw, unread=unread))


def _add(connection: Connection, table: OneTable, headers: Sequence[str], before: int) -> int:
    """Move the rows of a table into the whole; its last line."""
    own = dict(zip(table.headers, table.raw.cells, strict=True))
    cells = ", ".join(own.get(header, "''") for header in headers)
    last = sql.count(connection, f"select max({LINE}) from {table.stored}")
    connection.execute(f"insert into {TABLE} select {LINE} + {before}, {cells} from {table.stored}")
    connection.execute(f"drop table {table.stored}")
    return max(last, *(row.line for row in table.raw.ragged), *table.raw.headings, 0)


def _with(whole: Raw, table: OneTable, before: int) -> Raw:
    """What is told of the whole with this table in it."""
    raw, place = table.raw, {header: n for n, header in enumerate(table.headers)}
    mendable = {whole.cell(header) for header, n in place.items() if f"c{n}" in raw.mendable}
    long = dict(whole.long_numbers)
    for header, count in raw.long_numbers:
        name = table.headers[raw.headers.index(header)]
        long[name] = long.get(name, 0) + count
    order = [place.get(header) for header in whole.headers]
    return replace(
        whole, read=whole.read + raw.read, empty=whole.empty + raw.empty,
        ragged=(*whole.ragged, *(_moved(row, order, len(place), before) for row in raw.ragged)),
        mendable=whole.mendable | mendable, replaced=whole.replaced + raw.replaced,
        trailing=whole.trailing + raw.trailing, long_numbers=tuple(long.items()),
        parts=(*whole.parts, Part(table.name, table.headers, raw.read, before, table.own)),
        unread=(*whole.unread, *(replace(each, name=f"{table.name}/{each.name}") for each in raw.unread)),
        headings=(*whole.headings, *(line + before for line in raw.headings)),
    )  # fmt: skip


def _moved(row: Ragged, order: Sequence[int | None], width: int, before: int) -> Ragged:
    """The row with its cells under the columns of the whole; what is too much stays behind them."""
    own = (*row.cells, *[""] * (width - len(row.cells)))
    cells = (*("" if n is None else own[n] for n in order), *own[width:])
    return replace(row, line=row.line + before, cells=cells)


def read_all(
    connection: Connection, path: Path, workspace: Path, layout: Layout, *, known: Iterable[str], watch: Watch
) -> Tables:
    """All tables that the layout names, each in a scratch table; empty ones are nothing. Their columns are called as
    those of the same name that are ``known``, or came before. Raises ``InputError``."""
    tables: list[OneTable] = []
    passed: list[Unread] = []
    wanted = list(known)
    names, rows = {folded(name): name for name in reversed(wanted) if name != NAME}, 0
    for name, file, own, book, folder in _named(path, workspace, layout, passed):
        try:
            raw = read_one(connection, file, folder, own, watch=_further(watch, rows), book=book)
            strange = own.header is None and names.keys().isdisjoint(map(folded, raw.headers))
            if book and strange and (line := _line_of_header(book, own.sheet, names)):
                raw = read_one(connection, file, folder, replace(own, header=line), watch=watch, book=book)
        except InputError as error:
            if error.code not in {"file.empty", "header.nothing"}:
                raise
            if error.code == "header.nothing":  # the line of the header lies below all that stands here
                passed.append(Unread(name, 0, "table_unlike"))
            continue
        stored = f"{TABLE}_{len(tables)}"
        connection.execute(f"drop table if exists {stored}")
        connection.execute(f"alter table {TABLE} rename to {stored}")
        headers = called(raw.headers, names)
        names |= {folded(header): header for header in reversed(headers) if folded(header) not in names}
        bare = own.sheet if book else PurePosixPath(name).stem
        if NAME in wanted and NAME not in headers:
            raw = _named_inside(connection, stored, raw, bare)
            headers = (*headers, NAME)
        tables.append(OneTable(name, bare, file.name, stored, raw, headers))
        rows += raw.read
    if not tables:
        raise InputError("file.empty", path=path.name)
    return Tables(tuple(tables), tuple(passed))


def _named_inside(connection: Connection, stored: str, raw: Raw, name: str) -> Raw:
    """The table with its own name in a last column; a row without any cell stays without."""
    width = len(raw.headers)
    filled = f"trim(concat({', '.join(raw.cells)}), {sql.text(BLANKS)}) <> ''"
    connection.execute(f"alter table {stored} add column c{width} varchar default ''")
    connection.execute(f"update {stored} set c{width} = {sql.text(name)} where {filled}")
    ragged = tuple(replace(row, cells=_with_cell(row.cells, width, name)) for row in raw.ragged)
    return replace(raw, headers=(*raw.headers, NAME), ragged=ragged)


def _with_cell(cells: Sequence[str], width: int, cell: str) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)), cell, *cells[width:])


def _line_of_header(book: Book, sheet: str, known: Container[str]) -> int | None:
    """The line of the names that other tables have: a month with hardly any rows looks like nothing below its title."""
    for line, row in enumerate(book.rows(sheet)[:LOOK], start=1):
        cells = [folded(text) for cell in row if (text := as_text(cell)).strip()]
        if len(cells) >= FEWEST and sum(cell in known for cell in cells) >= ALIKE * len(cells):
            return line
    return None


def called(headers: Sequence[str], known: dict[str, str]) -> tuple[str, ...]:
    """The headers, each as the known one that differs from it only in its spelling; no two alike."""
    found = [known.get(folded(header), header) if folded(header) else header for header in headers]
    taken = set(headers)
    return tuple(
        meant if meant == header or (meant not in taken and found.count(meant) == 1) else header
        for header, meant in zip(headers, found, strict=True)
    )


def _further(watch: Watch, rows: int) -> Watch:
    """The same watch for the next table: rows are counted on."""

    def progress(at: Progress) -> None:
        watch.progress(replace(at, rows=at.rows + rows))

    return Watch(progress, watch.cancelled)


_Named = tuple[str, Unpacked, Layout, Book | None, Path]
"""A table: its name, the file it stands in, how to read it there, the workbook, a folder for it."""


def _named(path: Path, workspace: Path, layout: Layout, passed: list[Unread]) -> Iterator[_Named]:
    """The tables that the layout names, in the order of the workbook; files of an archive in that of their names."""
    if path.suffix.casefold() != ".zip" or not is_pattern(layout.member):
        file = unpack(path, workspace, member=layout.member)
        yield from _sheets(file, workspace, layout, passed, within="")
        return
    names = table_names(path)
    chosen = sorted((name for name in names if is_named(name, layout.member)), key=_natural)
    if not chosen:
        near = tuple(did_you_mean(layout.member, names))
        raise InputError("archive.member_unknown", member=layout.member, near=near)
    for name in chosen:
        with TemporaryDirectory(dir=workspace) as folder:
            file = unpack(path, Path(folder), member=name)
            yield from _sheets(file, Path(folder), layout, passed, within=name)


def _natural(name: str) -> list[tuple[int, str]]:
    """Numbers by their size: 2月 before 10月."""
    return [(int(part), "") if part.isascii() and part.isdigit() else (0, part) for part in NUMBER.split(name)]


def _sheets(file: Unpacked, folder: Path, layout: Layout, passed: list[Unread], *, within: str) -> Iterator[_Named]:
    if file.kind != "sheet" or not is_pattern(layout.sheet):
        yield within or layout.sheet or file.name, file, layout, None, folder
        return
    must_hold(file.path, file.kind, name=file.name)
    with open_book(file.path) as book:
        chosen = [name for name in book.visible if is_named(name, layout.sheet)]
        if not chosen:
            near = tuple(did_you_mean(layout.sheet, book.visible))
            raise InputError("sheet.unknown", sheet=layout.sheet, near=near, known=book.visible)
        alone = within and len(chosen) == 1
        for name in chosen:
            called_so = within if alone else "/".join(filter(None, (within, name)))
            yield called_so, file, replace(layout, sheet=name), book, folder
        passed.extend(
            Unread("/".join(filter(None, (within, name))), rows, "table_hidden")
            for name in book.hidden
            if is_named(name, layout.sheet) and (rows := book.height(name))
        )
