"""The SQL of the record tables: typed columns, versions, the current version of each record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fuxiao.engine.schema import DATASETS, Dataset, Type

TYPES = {
    Type.TEXT: "VARCHAR",
    Type.MOMENT: "BIGINT",
    Type.DAY: "INTEGER",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DECIMAL(18,4)",
    Type.MONEY: "BIGINT",
    Type.FLAG: "BOOLEAN",
}
LOAD, ROW = "_load", "_row"
SYSTEM = (LOAD, ROW)
FORMER = "_hash"
"""A column of files from the time when the contents' number was stored; nothing reads it."""
STORED = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 8192"
"""A column of more different values than this gains nothing from a dictionary; a higher level takes a sixth more time
and saves nothing then. The second version keeps numbers as differences: a tenth less to write, half to read them."""
STAGE = "FORMAT parquet, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 1"
"""A stage is read once or twice: looking for repeated values would cost more than it saves."""
INCOMING = "incoming"
"""The name under which a query reads what Python hands over."""


def quoted(name: str) -> str:
    """A column's name as SQL reads it, whatever letters it has."""
    return '"' + name.replace('"', '""') + '"'


def listed(names: Iterable[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def scan(paths: Sequence[Path]) -> str:
    """Read these Parquet files as one table; columns are matched by name, missing ones are null."""
    return f"read_parquet([{', '.join(text(str(path)) for path in paths)}], union_by_name=true)"


def columns(name: str, dimensions: Iterable[str]) -> tuple[str, ...]:
    """The columns of a record: those of the contract, then the dimensions."""
    return (*DATASETS[name].names(), *dimensions)


def typed(name: str, present: Sequence[str], *, source: str, load: int) -> str:
    """The incoming rows in the contract's types; all else they bring becomes a text dimension.

    Columns of the contract that they do not bring are left out: writing nulls costs nearly as much as writing values.
    """
    contract = DATASETS[name]
    dimensions = dimensions_in(name, present)
    exprs = [_column(contract, each, present) for each in contract.names() if each in present]
    exprs += [f"{quoted(each)}::VARCHAR AS {quoted(each)}" for each in dimensions]
    row = f"{quoted(ROW)}::BIGINT" if ROW in present else "row_number() OVER ()"
    return f"SELECT {load}::INTEGER AS {LOAD}, {row} AS {ROW}, {', '.join(exprs)} FROM {source}"


def dimensions_in(name: str, present: Iterable[str]) -> tuple[str, ...]:
    """The columns that the contract does not know, in the order they came."""
    known = {*DATASETS[name].names(), *SYSTEM, FORMER}
    return tuple(each for each in present if each not in known)


def content(names: Iterable[str]) -> str:
    """A number that tells two versions of a record apart."""
    return f"hash({listed(names)})"


@dataclass(frozen=True, slots=True)
class Versions:
    """Stored versions of one dataset's records: the files, and the dimensions that at least one of them has."""

    name: str
    dimensions: tuple[str, ...]
    paths: tuple[Path, ...]
    overlap: bool = False

    def all(self, *, dimensions: Sequence[str] | None = None) -> str:
        """All versions with the system columns; with other ``dimensions``, those unknown here are null."""
        wanted = self.dimensions if dimensions is None else dimensions
        contract = listed(DATASETS[self.name].names())
        none = f"SELECT {_nulls(self.name, wanted)} WHERE false"
        if not self.paths:
            return none
        extra = [quoted(each) if each in self.dimensions else _null(each) for each in wanted]
        source = f"{none} UNION ALL BY NAME FROM {scan(self.paths)}"  # columns that no file has are null
        return f"SELECT {', '.join([contract, *extra, *SYSTEM])} FROM ({source})"

    def current(self, *, dimensions: Sequence[str] | None = None) -> str:
        """The newest version of each record; a plain scan where no record has two."""
        wanted = self.dimensions if dimensions is None else dimensions
        qualify = f" QUALIFY {newest(self.name)} = 1" if self.overlap else ""
        return f"SELECT {listed(columns(self.name, wanted))} FROM ({self.all(dimensions=wanted)}){qualify}"


def newest(name: str) -> str:
    """1 for the newest version of a record: of the last load, and there of the last line."""
    return f"row_number() OVER (PARTITION BY {listed(DATASETS[name].key)} ORDER BY {LOAD} DESC, {ROW} DESC)"


def verdicts(held: Versions, incoming: Versions) -> str:
    """For each key that comes in: is its record ``new``, ``replaced`` or ``unchanged``?

    Contents are compared over the dimensions of both sides: one that a file does not have is the same as an empty one.
    """
    key = listed(DATASETS[held.name].key)
    both = tuple(dict.fromkeys((*held.dimensions, *incoming.dimensions)))
    said = content(columns(held.name, both))
    there = f"SELECT {key}, {said} AS there FROM ({held.current(dimensions=both)})"
    here = f"SELECT {key}, {said} AS here FROM ({replace(incoming, overlap=True).current(dimensions=both)})"
    verdict = "CASE WHEN there IS NULL THEN 'new' WHEN there = here THEN 'unchanged' ELSE 'replaced' END"
    return f"SELECT {key}, {verdict} AS verdict FROM ({here}) LEFT JOIN ({there}) USING ({key})"


def distilled(held: Versions, incoming: Versions) -> str:
    """The incoming rows without those of unchanged records; a version that comes twice is kept once."""
    key = listed(DATASETS[held.name].key)
    changed = f"SELECT {key} FROM ({verdicts(held, incoming)}) WHERE verdict <> 'unchanged'"
    said = content(columns(incoming.name, incoming.dimensions))
    once = f"row_number() OVER (PARTITION BY {key}, {said} ORDER BY {ROW} DESC) = 1"
    return f"SELECT * FROM ({incoming.all()}) SEMI JOIN ({changed}) USING ({key}) QUALIFY {once}"


def _column(contract: Dataset, name: str, present: Sequence[str]) -> str:
    kind = TYPES[contract.column(name).type]
    value = quoted(name) if name in present else "NULL"
    return f"{value}::{kind} AS {quoted(name)}"


def _nulls(name: str, dimensions: Iterable[str]) -> str:
    contract = DATASETS[name]
    system = f"NULL::INTEGER AS {LOAD}, NULL::BIGINT AS {ROW}"
    typed_nulls = [_column(contract, each, ()) for each in contract.names()]
    return ", ".join([*typed_nulls, *(_null(each) for each in dimensions), system])


def _null(dimension: str) -> str:
    return f"NULL::VARCHAR AS {quoted(dimension)}"


def beside(queries: Iterable[str], keys: Sequence[str]) -> str:
    """The results side by side: a row for each combination of keys that any of them has, in the order of the keys."""
    first, *others = (f"({query})" for query in queries)
    joined = "".join(f" FULL JOIN {other} USING ({listed(keys)})" for other in others)
    return f"SELECT * FROM {first}{joined} ORDER BY {listed(keys)}"


def promised(body: str, types: Mapping[str, str]) -> str:
    """The query with whole numbers as wide as the expression promised: DuckDB gives sums 128 bits, others do not."""
    narrow = [f"{quoted(name)}::BIGINT AS {quoted(name)}" for name, kind in types.items() if kind == "int64"]
    return f"SELECT * REPLACE ({', '.join(narrow)}) FROM ({body})" if narrow else body
