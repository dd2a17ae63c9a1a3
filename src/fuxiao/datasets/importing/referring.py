"""What a file names that is neither in the store nor in the file itself: kept, counted, listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fuxiao.datasets.importing import findings, sql
from fuxiao.datasets.importing.mapping import Expression
from fuxiao.datasets.importing.prepare import Prepared, with_places
from fuxiao.datasets.importing.quality import Item, QualityReport, ordered
from fuxiao.datasets.importing.raw import LINE
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.references import Reference, find_unfit, references
from fuxiao.datasets.store import Store
from fuxiao.datasets.store.sql import scan


def with_references(connection: Connection, store: Store, prepared: Prepared) -> Prepared:
    """The same with what the file names and nobody knows, looked for in the store as the import will leave it."""
    found = (with_places(prepared.raw, item) for item in _unknown(connection, store, prepared))
    items = [*prepared.quality.items, *found]
    return replace(prepared, quality=QualityReport(tuple(ordered(items))))


def _unknown(connection: Connection, store: Store, prepared: Prepared) -> Iterator[Item]:
    held = {name for name, records in store.manifest.records.items() if records.files}
    exist = {*held, *prepared.tables}
    for dataset, table in prepared.tables.items():
        columns = {name for name, *_ in sql.rows(connection, f"describe {table}")}
        for reference in references(dataset, among=exist):
            if reference.column in columns and not _same(prepared, reference):
                yield from _look(connection, store, prepared, reference)


def _same(prepared: Prepared, reference: Reference) -> bool:
    """Whether both come from the same cells of rows that all came in: then nothing can be missing."""
    target = prepared.mapping.table(reference.target)
    if target is None or target.when or prepared.rejected:
        return False
    mine = _expression(prepared, reference)
    return bool(mine.columns) and mine == target.columns.get(reference.key)


def _expression(prepared: Prepared, reference: Reference) -> Expression:
    table = prepared.mapping.table(reference.dataset)
    return table.columns.get(reference.column, Expression()) if table else Expression()


def _look(connection: Connection, store: Store, prepared: Prepared, reference: Reference) -> Iterator[Item]:
    column, key = sql.name(reference.column), sql.name(reference.key)
    named = f"select {column} as value, {LINE} as line from {prepared.tables[reference.dataset]}"
    there = [f"select {key} as value from {scan([path])}" for path in store.records_paths(reference.target)]
    if brought := prepared.tables.get(reference.target):
        there.append(f"select {key} as value from {brought}")
    nothing = "select null::varchar as value where false"
    found = find_unfit(connection, reference, named=named, there=" union all ".join([nothing, *there]))
    if found is None:
        return
    header = next(_expression(prepared, reference).sources(), reference.column)
    connection.execute(
        f"insert into {findings.TABLE} select line, {sql.text(reference.dataset)}, {sql.text(header)}, value, "
        f"{sql.text(reference.code)}, 'keep' from ({named}) semi join unfit using (value)"
    )
    yield Item(
        reference.code, reference.dataset, header, "keep", found.records, found.examples, found.lines, found.near
    )
