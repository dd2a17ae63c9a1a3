"""The file as it is: a table of text cells with their line numbers, before anybody says what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import pyarrow as pa

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.layout import REPORT_COLUMNS, bare
from fuxiao.datasets.importing.mend import may_need_mending
from fuxiao.datasets.importing.progress import Stage, Watch
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.values import BLANKS, Reading

TABLE = "raw"
FIRST_CELLS = 4
BOM = "\ufeff"
REPEATS = "repeats"
"""The scratch table of the lines that were dropped because an earlier row is the same."""
LINE = "_row"
"""The line in the source; the store keeps it under this name."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row that could not be cut into the columns: its line, its cells as far as they go, and why (a code)."""

    line: int
    cells: tuple[str, ...]
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A table among several that are read as one, with its data rows.

    ``headers`` are its columns as the whole calls them; ``before`` is how far its lines are moved in the whole; ``own``
    is its name without the folder and the ending of its file.
    """

    name: str
    headers: tuple[str, ...]
    rows: int
    before: int
    own: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A table that is not read: its rows, why (a code), and the columns that it lacks."""

    name: str
    rows: int
    code: str
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Raw:
    """A file in the scratch table ``raw(_row, c0, c1, …)``, all text, nothing interpreted.

    ``read`` counts the data rows found, of which ``empty`` had no cell, ``duplicates`` were the same as an earlier row
    in every cell, ``ragged`` had another number of cells, and ``headings`` (their lines) said again what stands
    ``above`` the data; the rest is in the table. ``mendable`` are the columns of
    the table (``c0``) whose cells may have blanks at their ends or full-width characters. ``beside`` are the columns of
    values that stand beside the cells, worked out as if none had to be mended. ``parts`` are the tables of a file that
    several are read of, ``unread`` those that were passed over.
    """

    headers: tuple[str, ...]
    read: int
    empty: int
    duplicates: int
    ragged: tuple[Ragged, ...]
    mendable: frozenset[str]
    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    sheet: str = ""
    header_line: int = 1
    replaced: int = 0
    trailing: int = 0
    long_numbers: tuple[tuple[str, int], ...] = ()
    beside: frozenset[str] = frozenset()
    parts: tuple[Part, ...] = ()
    unread: tuple[Unread, ...] = ()
    above: tuple[tuple[str, ...], ...] = ()
    headings: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        return self.read - self.empty - self.duplicates - len(self.ragged) - len(self.headings)

    def cell(self, header: str) -> str:
        """The column of the scratch table that holds this header's cells."""
        return f"c{self.headers.index(header)}"

    def place(self, line: int) -> tuple[str, int]:
        """Of a line of the whole the table, where there are several, and the line there."""
        part = next((part for part in reversed(self.parts) if line > part.before), None)
        return (part.name, line - part.before) if part else ("", line)

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(f"c{n}" for n in range(len(self.headers)))

    @property
    def data_headers(self) -> tuple[str, ...]:
        """The headers but for those that an earlier file of rejected rows added."""
        return tuple(header for header in self.headers if header not in REPORT_COLUMNS)


@dataclass(frozen=True, slots=True)
class Stored:
    """What came into the scratch table: the rows, empty ones included, and the columns that may need mending."""

    rows: int
    mendable: frozenset[str]


NOTHING = Stored(0, frozenset())


class Worked(NamedTuple):
    """Values that are worked out while cells are stored, as SQL by column, over the cells as they are ``meant``.

    These are SQL by name over the cells as they stand: written out in each value, they would be most of the query.
    """

    meant: Mapping[str, str]
    values: Mapping[str, str]

    def select(self, source: str) -> str:
        """The query of the source with the values beside its columns."""
        if not self.values:
            return f"select * from {source}"
        meant = ", ".join(f"{cell} as {name}" for name, cell in self.meant.items())
        values = ", ".join(f"{value} as {name}" for name, value in self.values.items())
        return f"select * exclude ({', '.join(self.meant)}), {values} from (select *, {meant} from {source})"


NONE_WORKED = Worked({}, {})
Beside = Callable[[tuple[str, ...]], Worked]
"""From the headers of a file to the values that are worked out while its cells are stored."""


def nothing_beside(_: tuple[str, ...]) -> Worked:
    return NONE_WORKED


def store_batches(
    connection: Connection, batches: Iterator[pa.RecordBatch], *, width: int, watch: Watch,
    beside: Worked = NONE_WORKED,
) -> Stored:  # fmt: skip
    """Fill the scratch table from batches ``(_row, c0, …)``, with values worked out of them ``beside``.

    What goes wrong while batches are made is raised as it is: the database would wrap it in an error of its own.
    """
    fields = [pa.field(LINE, pa.int64()), *(pa.field(f"c{n}", pa.string()) for n in range(width))]
    counted = _Counted(batches)
    connection.register("incoming", pa.RecordBatchReader.from_batches(pa.schema(fields), iter(counted)))
    try:
        connection.execute(f"create or replace temp table {TABLE} as {beside.select('incoming')}")
    finally:
        connection.unregister("incoming")
    if counted.failure is not None:
        raise counted.failure
    watch.step(Stage.READ, rows=counted.rows)
    return Stored(counted.rows, frozenset(counted.mendable))


class _Counted:
    """Batches on their way: how many rows went by, what may need mending, and the failure that ended them early."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self.rows = 0
        self.mendable: set[str] = set()
        self.failure: BaseException | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in self._batches:
                self.rows += batch.num_rows
                self._look(batch)
                yield batch
        except (Exception, KeyboardInterrupt) as failure:  # noqa: BLE001 -- raised again by store_batches
            self.failure = failure

    def _look(self, batch: pa.RecordBatch) -> None:
        unseen = [name for name in batch.schema.names[1:] if name not in self.mendable]
        self.mendable.update(name for name in unseen if may_need_mending(batch.column(name)))


def without_headings(connection: Connection, raw: Raw) -> Raw:
    """The table without rows that repeat a title or the header: of exports glued together, or on every page."""
    repeated = " or ".join(_repeats(raw, bare(row), row) for row in raw.above if 0 < len(bare(row)) <= len(raw.headers))
    lines = (
        [line for (line,) in sql.rows(connection, f"select {LINE} from {TABLE} where {repeated}")] if repeated else []
    )
    if lines:
        connection.execute(f"delete from {TABLE} where {repeated}")
    return replace(raw, headings=(*raw.headings, *lines))


def _repeats(raw: Raw, said: Sequence[str], row: Sequence[str]) -> str:
    """Whether a row is this line again, as SQL: asked first is the cell that hardly any other row has."""
    first = next(n for n, cell in enumerate(said) if cell)
    same = f"{raw.cells[first]} in {sql.texts(dict.fromkeys((row[first], said[first], BOM + said[first])))}"
    whole = [*said, *[""] * (len(raw.headers) - len(said))]
    rest = (
        f"trim({c}, {sql.text(BLANKS)}) = {sql.text(s)}"
        for c, s in zip(raw.cells, whole, strict=True)
        if c != raw.cells[first]
    )
    return f"({' and '.join([same, *rest])})"


def without_empty_and_duplicates(connection: Connection, raw: Raw) -> Raw:
    """The table without rows that have no cell and rows that repeat an earlier one in every cell, both counted."""
    cells = [raw.cell(header) for header in raw.data_headers]
    blank = " and ".join(f"trim({raw.cell(header)}, ' \t\u3000\u00a0') = ''" for header in raw.data_headers)
    first = f"{raw.cell(raw.data_headers[0])} <= ' '"  # nearly every row has a first cell: ask the cheap question first
    empty = sql.count(connection, f"select count(*) from {TABLE} where ({first} or {raw.cells[0]} > '~') and {blank}")
    if empty:
        connection.execute(f"delete from {TABLE} where {blank}")
    duplicates = _drop_duplicates(connection, cells)
    return replace(raw, empty=raw.empty + empty, duplicates=duplicates)


def _drop_duplicates(connection: Connection, cells: Sequence[str]) -> int:
    """Drop repetitions, cheaply where there are none: rows alike in their first cells are suspects, then those alike
    in a hash of all cells, and only they are compared cell by cell."""
    _suspect(connection, TABLE, cells[:FIRST_CELLS])
    if sql.count(connection, "select count(*) from suspects") and len(cells) > FIRST_CELLS:
        _suspect(connection, f"(select * from {TABLE} where {LINE} in (select {LINE} from suspects))", cells)
    if not sql.count(connection, "select count(*) from suspects"):
        return 0
    listed = ", ".join(cells)
    connection.execute(
        f"create or replace temp table {REPEATS} as select {LINE} from (select {LINE}, row_number() over "
        f"(partition by {listed} order by {LINE}) as n from {TABLE} where {LINE} in (select {LINE} from suspects)) "
        "where n > 1"
    )
    connection.execute(f"delete from {TABLE} where {LINE} in (select {LINE} from {REPEATS})")
    return sql.count(connection, f"select count(*) from {REPEATS}")


def _suspect(connection: Connection, source: str, cells: Sequence[str]) -> None:
    """The table ``suspects``: rows of the source that share the hash of these cells with another one."""
    hashed = f"select {LINE}, hash({', '.join(cells)}) as h from {source}"
    shared = f"select h from ({hashed}) group by h having count(*) > 1"
    connection.execute(f"create or replace temp table suspects as select {LINE} from ({hashed}) where h in ({shared})")


def marked_cells(connection: Connection, raw: Raw, reading: Reading) -> frozenset[str]:
    """The columns of the table with marks for nothing. Few have any; to ask for thirty marks wherever a cell is read
    makes queries long to plan and to run."""
    asked = ", ".join(f"bool_or({reading.is_mark(cell)})" for cell in raw.cells)
    found = sql.one(connection, f"select {asked} from {TABLE}")
    return frozenset(cell for cell, marks in zip(raw.cells, found, strict=True) if marks)


def text_batch(lines: Sequence[int], columns: Sequence[Sequence[str]]) -> pa.RecordBatch:
    """A batch of the scratch table from plain columns."""
    arrays = [pa.array(lines, pa.int64()), *(pa.array(column, pa.string()) for column in columns)]
    return pa.RecordBatch.from_arrays(arrays, names=[LINE, *(f"c{n}" for n in range(len(columns)))])
