"""Reads several tables of one header as one, by the names of their columns: the sheets of a workbook, one for each
month; the files of an archive."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from fuxiao.datasets.importing.archives import KINDS, table_names
from fuxiao.datasets.importing.contents import must_be_file
from fuxiao.datasets.importing.layout import ALL, Layout
from fuxiao.datasets.importing.mapping import Expression, Mapping, TableMapping, needed_columns
from fuxiao.datasets.importing.mapping_read import check_columns
from fuxiao.datasets.importing.names import folded
from fuxiao.datasets.importing.progress import Watch
from fuxiao.datasets.importing.raw import Beside, Raw, Unread, nothing_beside
from fuxiao.datasets.importing.read import is_mended_file, read_raw
from fuxiao.datasets.importing.sheets import open_book
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.together import ALIKE, FEWEST, NAME, OneTable, read_all


def read_tables(
    connection: Connection, path: Path, workspace: Path, mapping: Mapping, *, watch: Watch,
    beside: Beside = nothing_beside,
) -> Raw:  # fmt: skip
    """The rows of the file as the mapping says: of one table, or of all whose columns it can do with.

    Raises ``InputError``, and ``DefinitionError`` where no table has the columns that the mapping needs.
    """
    layout = mapping.file
    if not layout.several or not _may_be_several(path):
        return read_raw(connection, path, workspace, layout, watch=watch, beside=beside)
    known = dict.fromkeys(header for table in mapping.tables for header in table.sources())
    found = read_all(connection, path, workspace, layout, known=known, watch=watch)
    passed = [_unfit(each, mapping, known) for each in found.tables]
    if all(passed):
        closest = min(found.tables, key=lambda each: len(lacking(mapping, each.headers)))
        check_columns(mapping, closest.headers)
    return found.whole(connection, passed)


def read_alike(
    connection: Connection, path: Path, workspace: Path, layout: Layout, *, watch: Watch
) -> tuple[Raw, Layout]:
    """The rows of a file that nobody has described yet: of all tables of one header where there are several, else of
    one; and the layout that says so. Raises ``InputError``."""
    if _may_be_several(path) and (asked := _asked(path, layout)).several:
        found = read_all(connection, path, workspace, asked, known=(), watch=watch)
        passed = _unlike(found.tables)
        if layout.several or passed.count(None) > 1:
            raw = found.whole(connection, passed)
            one_each = len({table.file for table in found.tables}) == len(found.tables)
            return raw, replace(asked, sheet=layout.sheet) if one_each else asked
        found.forget(connection)
    return read_raw(connection, path, workspace, layout, watch=watch), layout


def lacking(mapping: Mapping, headers: Collection[str]) -> tuple[str, ...]:
    """The columns of a file without which none of its rows becomes a record, but for those that are there."""
    listed = [
        header
        for table in mapping.tables
        for name in needed_columns(table, mapping.shape)
        for header in _lacked(table, table.columns[name], headers)
    ]
    if main := mapping.table(mapping.main):
        listed.extend(condition.column for condition in main.when if condition.column not in headers)
    return tuple(dict.fromkeys(listed))


def _lacked(table: TableMapping, expression: Expression, headers: Collection[str]) -> list[str]:
    """Of several expressions that give a value one is enough."""
    parts = [_lacked(table, part, headers) for part in expression.first_of]
    if parts:
        return [] if not all(parts) else parts[0]
    base = table.columns.get(expression.after)
    before = _lacked(table, base, headers) if base else []
    return [*before, *(header for header in expression.sources() if header not in headers)]


def _unfit(table: OneTable, mapping: Mapping, known: Collection[str]) -> Unread | None:
    """Why the mapping cannot do with this table; ``None`` where it can."""
    if not (set(known) - {NAME}) & set(table.headers):
        return Unread(table.name, table.raw.read, "table_unlike")
    lacks = lacking(mapping, table.headers)
    return Unread(table.name, table.raw.read, "table_lacks", lacks) if lacks else None


def _unlike(tables: Sequence[OneTable]) -> list[Unread | None]:
    """Of each table ``None`` where it has the header under which most of the file's cells stand: neither a list of
    people nor sums by month are what the file is about."""
    names = [frozenset(map(folded, table.headers)) for table in tables]
    cells = [(table.raw.read + 1) * len(table.headers) for table in tables]

    def under(one: frozenset[str]) -> int:
        return sum(count for other, count in zip(names, cells, strict=True) if _alike(one, other))

    usual = max(names, key=under)
    return [
        None if _alike(usual, one) else Unread(table.name, table.raw.read, "table_unlike")
        for one, table in zip(names, tables, strict=True)
    ]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    most = max(len(one), len(other))
    return min(len(one), len(other)) >= FEWEST and len(one & other) >= ALIKE * most


def _may_be_several(path: Path) -> bool:
    must_be_file(path)
    ending = path.suffix.casefold()
    return (ending == ".zip" or KINDS.get(ending) == "sheet") and not is_mended_file(path)


def _asked(path: Path, layout: Layout) -> Layout:
    """The layout with all the tables that it does not choose from; unchanged where there is only one."""
    if path.suffix.casefold() == ".zip":
        names = [layout.member] if layout.member else table_names(path)
        books = any(KINDS.get(PurePosixPath(name).suffix.casefold()) == "sheet" for name in names)
        member = ALL if len(names) > 1 else layout.member
        return replace(layout, member=member, sheet=layout.sheet or (ALL if books else ""))
    with open_book(path) as book:
        return replace(layout, sheet=layout.sheet or (ALL if len(book.visible) > 1 else ""))
