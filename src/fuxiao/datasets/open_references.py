"""The references of a whole store that fit nothing, as it is now: what came later has closed some of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from fuxiao.core.errors import UnknownName
from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.run import kept_report
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.references import Reference, Unfit, find_unfit, references
from fuxiao.datasets.store import Store
from fuxiao.datasets.store.change import query_of
from fuxiao.datasets.store.sql import LOAD, ROW, newest
from fuxiao.engine.schema import DATASETS, Column, Type


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A record whose reference fits nothing: its key, what it names, where it came from, and what may be meant."""

    key: tuple[str, ...]
    value: str
    near: str
    file: str
    line: int


def open_references(store: Store) -> list[Unfit]:
    """What the current records name and nobody knows, the most records first."""
    with _scratch(store) as connection:
        found = [_look(connection, store, each) for each in known_references(store)]
    return sorted((each for each in found if each), key=lambda each: (-each.records, each.reference.name))


def open_rows(store: Store, reference: Reference) -> list[OpenRow]:
    """The records behind one of them, in the order in which they came."""
    contract = DATASETS[reference.dataset]
    keys = ", ".join(_readable(contract.column(key)) for key in contract.key)
    with _scratch(store) as connection:
        if _look(connection, store, reference) is None:
            return []
        rows = sql.rows(
            connection,
            f"select {keys}, value, coalesce(near, ''), {LOAD}, r.line "
            f"from ({_current(store, reference)}) r join unfit using (value) order by {LOAD}, r.line",
        )
    loads = {number: load for load in store.manifest.loads for number in load.numbers}
    tables = {number: kept_report(store.home, loads[number]).tables for number in {row[-2] for row in rows}}
    return [
        OpenRow(tuple(key), value, near, *_place(loads[load].source, tables[load], line))
        for *key, value, near, load, line in rows
    ]


def _place(file: str, tables: Sequence[Mapping[str, object]], line: int) -> tuple[str, int]:
    """The file and the line there; of a file with several tables that were read as one, the table's."""
    starts = [(str(table["name"]), int(str(table["before"]))) for table in tables]
    name, before = next((each for each in reversed(starts) if line > each[1]), ("", 0))
    return f"{file}/{name}" if name else file, line - before


def _readable(key: Column) -> str:
    cell = sql.name(key.name)
    return f"('1970-01-01'::date + {cell})::varchar" if key.type is Type.DAY else f"{cell}::varchar"


def open_reference(store: Store, name: str) -> Reference:
    """The reference that is called ``complaints.case_id``; ``UnknownName`` where there is none."""
    found = {each.name: each for each in known_references(store)}
    if name not in found:
        raise UnknownName("reference", name, found)
    return found[name]


def known_references(store: Store) -> Iterator[Reference]:
    """Every reference that records of this store can make."""
    held = [name for name, records in store.manifest.records.items() if records.files]
    return (reference for dataset in held for reference in references(dataset, among=held))


def _look(connection: Connection, store: Store, reference: Reference) -> Unfit | None:
    there = f"select {sql.name(reference.key)} as value from ({query_of(store.history(reference.target))})"
    every = f"select {sql.name(reference.column)} as value, {ROW} as line from {_history(store, reference)}"
    found = find_unfit(connection, reference, named=every, there=there)
    if found is None or not store.manifest.records[reference.dataset].overlap:
        return found
    # An older version may have named something else: only where any did is it worth looking for the newest ones.
    return find_unfit(connection, reference, named=_current(store, reference), there=there)


def _current(store: Store, reference: Reference) -> str:
    """The current versions of the records that name, or once named, a value of the table ``unfit``."""
    keys = ", ".join(map(sql.name, DATASETS[reference.dataset].key))
    column = sql.name(reference.column)
    history = _history(store, reference)
    touched = f"select {keys} from {history} where {column} in (select value from unfit)"
    return (
        f"select {keys}, {column} as value, {ROW} as line, {LOAD} from {history} semi join ({touched}) using ({keys}) "
        f"qualify {newest(reference.dataset)} = 1"
    )


def _history(store: Store, reference: Reference) -> str:
    return f"({query_of(store.history(reference.dataset))})"


@contextmanager
def _scratch(store: Store) -> Iterator[Connection]:
    connection = store.scratch()
    try:
        yield connection
    finally:
        connection.close()
