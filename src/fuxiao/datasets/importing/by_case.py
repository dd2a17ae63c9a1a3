"""The rows of a table case by case and in order, as Arrow tables: the database sorts, NumPy looks at the row before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.raw import LINE
from fuxiao.datasets.importing.sql import Connection

PART = 128 << 20
"""Bytes of rows that are sorted and taken out of the database at once, however long the file is."""
PIECE = 200_000
"""Rows that are looked at together, beside others where the database has several threads."""
SAMPLE = 10_000
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Places = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Cases:
    """All rows of some cases; those of one case follow each other in their order."""

    columns: dict[str, pa.Array]

    def __getitem__(self, name: str) -> pa.Array:
        """The column; empty texts where the file has none of this name."""
        return self.columns[name] if name in self.columns else pa.nulls(len(self.first), pa.string())

    @cached_property
    def first(self) -> Mask:
        """Whether a row is the first of its case."""
        return _first(self.columns["case_id"])

    @cached_property
    def starts(self) -> Places:
        """The place of the first row of each case."""
        return np.flatnonzero(self.first)

    @cached_property
    def case(self) -> Places:
        """The case of each row, counted from 0."""
        return np.cumsum(self.first) - 1

    @cached_property
    def start(self) -> Places:
        """The place of the first row of each row's case."""
        return self.starts[self.case]

    def before(self, name: str) -> pa.Array:
        """What the last row before this one that says anything in this column says, in the same case."""
        said = np.where(filled_in(self[name]), np.arange(len(self.first)), -1)
        known = np.maximum.accumulate(np.concatenate([[-1], said]))[:-1]
        return self[name].take(pa.array(known, mask=known < self.start))

    def highest(self, name: str) -> Places:
        """The highest number of each case in this column."""
        numbers = self[name].to_numpy(zero_copy_only=False)
        highest: Places = np.maximum.reduceat(numbers, self.starts) if len(numbers) else numbers
        return highest

    def place(self, rows: Mask, *, last: bool) -> pa.Array:
        """The place of the first or the last of these rows in each case; null where it has none."""
        found = np.flatnonzero(rows)
        place = np.full(len(self.starts), -1)
        in_turn = found if last else found[::-1]
        place[self.case[in_turn]] = in_turn  # of several rows of a case the one that comes last here stays
        return pa.array(place, mask=place < 0)

    def last(self, name: str) -> tuple[pa.Array, int]:
        """What the last row of each case that says anything in this column says; in how many cases it changes."""
        said = filled_in(self[name])
        values, case = self[name].drop_null(), self.case[said]
        follows = case[1:] == case[:-1]
        changed = case[1:][follows & differ(values[1:], values[:-1])]
        count = int(np.count_nonzero(np.diff(changed, prepend=-1)))
        return self[name].take(self.place(said, last=True)), count


def keep_by_case(
    connection: Connection, source: str, columns: Mapping[str, str], make: Callable[[Cases], Mapping[str, pa.Table]]
) -> None:
    """Scratch tables of what is made of the rows of a table: ``columns`` are SQL over it, among them case, moment and
    line. Of columns that are the same only one is sorted and taken out. What all fits into one part stays as it was
    made: the database reads it from there. See ``forget``."""
    names = {value: f"_{n}" for n, value in enumerate(dict.fromkeys(columns.values()))}
    query = f"select {', '.join(f'{value} as {name}' for value, name in names.items())} from {source}"
    same = {column: names[value] for column, value in columns.items()}
    parts = _parts(connection, query, [same[key] for key in ("case_id", "at", LINE)])
    threads = sql.count(connection, "select current_setting('threads')")
    for n, part in enumerate(parts):
        with ThreadPoolExecutor(threads) as pool:
            made = list(pool.map(make, _pieces(connection.sql(part).to_arrow_table(), same)))
        for table in made[0]:
            rows = pa.concat_tables([each[table] for each in made])
            if len(parts) == 1:
                connection.register(table, rows)
                continue
            connection.register("made", rows)
            into = f"insert into {table}" if n else f"create or replace temp table {table} as"
            connection.execute(f"{into} from made")
            connection.unregister("made")


def forget(connection: Connection, table: str) -> None:
    """Drop a table that was kept by case: its memory is needed by what comes next."""
    connection.unregister(table)
    connection.execute(f"drop table if exists {table}")


def _parts(connection: Connection, query: str, order: list[str]) -> list[str]:
    """At least one query, each of all rows of its cases, which ``order`` begins with."""
    sample = connection.sql(f"{query} limit {SAMPLE}").to_arrow_table()
    rows = sql.count(connection, f"select count(*) from ({query})")
    parts = 1 + rows * sample.nbytes // (max(sample.num_rows, 1) * PART)
    shares = [f"where hash({order[0]}) % {parts} = {part} " if parts > 1 else "" for part in range(parts)]
    return [f"from ({query}) {share}order by {', '.join(order)}" for share in shares]


def _pieces(rows: pa.Table, same: Mapping[str, str]) -> Iterator[Cases]:
    """At least one, each with all rows of its cases; ``same`` names the column of the rows that each of them is."""
    starts = np.flatnonzero(_first(_whole(rows.column(same["case_id"]))))
    nearest = np.unique(np.searchsorted(starts, np.arange(PIECE, rows.num_rows, PIECE)))
    cuts = starts[nearest[nearest < len(starts)]]
    for start, end in pairwise([0, *cuts.tolist(), rows.num_rows]):
        piece = rows.slice(start, end - start)
        whole = {name: _whole(piece.column(name)) for name in rows.column_names}
        yield Cases({column: whole[name] for column, name in same.items()})


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _first(case: pa.Array) -> Mask:
    """Whether another case begins."""
    return np.concatenate([np.ones(min(1, len(case)), dtype=np.bool_), differ(case[1:], case[:-1])])


def filled_in(values: pa.Array) -> Mask:
    """Where the value says something."""
    return _mask(values.is_valid())


def differ(values: pa.Array, others: pa.Array) -> Mask:
    """Where both say something, and not the same."""
    return _mask(pc.fill_null(pc.not_equal(values, others), fill_value=False))


def _mask(flags: pa.BooleanArray) -> Mask:
    found: Mask = flags.to_numpy(zero_copy_only=False)
    return found
