"""The one writer: adds records, facts and files aside, and makes them visible by one replacement of the manifest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from fuxiao.core.errors import StoreError
from fuxiao.core.period import local_day
from fuxiao.datasets.manifest import (
    Load,
    Manifest,
    RecordSet,
    Retired,
    StoredFile,
    epoch,
    is_whole,
    stored,
    write_manifest,
)
from fuxiao.datasets.store import folding, names, sql, undo
from fuxiao.datasets.store.rewriting import Rewriter
from fuxiao.engine import schema

Rows: TypeAlias = "duckdb.DuckDBPyRelation | pa.Table | pa.RecordBatchReader | Path"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the incoming records, counted by their key."""

    new: int
    replaced: int
    unchanged: int


class Change:
    """Everything one writer does between taking the lock and replacing the manifest."""

    def __init__(self, *, lake: Path, raw: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
        self._lake = lake
        self._raw = raw
        self._before = manifest
        self._generation = manifest.generation + 1
        self._records = dict(manifest.records)
        self._facts = dict(manifest.facts)
        self._facts_key = manifest.facts_key
        self._seals = dict(manifest.seals)
        self._known = manifest.loads
        self._same: dict[str, RecordSet] = {}
        self._loads: dict[int, Load] = {}
        self._written: list[Path] = []

    def begin_load(self, *, source: str, source_digest: str, mapping_digest: str, at: datetime | int) -> int:
        """Announce an import; its number marks the rows it brings. A load that brings nothing is not kept."""
        number = 1 + max((load.number for load in self._before.loads), default=0) + len(self._loads)
        moment = at if isinstance(at, int) else epoch(at)
        self._loads[number] = Load(number, source, source_digest, mapping_digest, moment)
        return number

    def note_rejected(self, load: int, count: int) -> None:
        """Say how many rows of the source could not be taken."""
        self._loads[load] = replace(self._loads[load], rejected=count)

    def undo_load(self, number: int, *, at: datetime | int) -> None:
        """Take a load out again: its records are gone, the versions they replaced are current once more.

        Raises ``StoreError`` where it cannot be undone (see ``undo.check``).
        """
        load = undo.check(self._lake, self._before, number)
        again = self._rewriter()
        for name in load.datasets:
            left = [again.without(name, each, load.numbers) for each in self._records.pop(name).files]
            if kept := tuple(each for each in left if each is not None):
                self._records[name] = self._record_set(name, kept)
        self._loads[number] = replace(load, undone=at if isinstance(at, int) else epoch(at))

    def fold(self, *, streams: Collection[str], held: Collection[str], zone: str, many: int = folding.MANY) -> int:
        """Write small files that lie side by side as one each, and tell a stream's loads of a day as one.

        Every version of every record stays with the number of its load, so no figure changes. Files that are ``held``,
        or not as they were written, stay. How many files there are less.
        """
        again, fewer = self._rewriter(), 0
        for name, records in self._before.records.items():
            files = records.files
            for run in folding.runs(files, stays=lambda file: self._stays(file, held), many=many):
                files = folding.put(files, run, again.as_one(name, run))
            if files is not records.files:
                fewer += len(records.files) - len(files)
                self._records[name] = self._same[name] = replace(records, files=files)
        if len(self._before.loads) > many:
            self._known = folding.told_as_one(self._known, streams=streams, day=_days(zone))
        return fewer

    def _stays(self, file: StoredFile, held: Collection[str]) -> bool:
        return file.path in held or not is_whole(self._lake, file)

    def _rewriter(self) -> Rewriter:
        return Rewriter(self._lake, self._raw, self._generation, self._path)

    def _record_set(self, name: str, files: tuple[StoredFile, ...]) -> RecordSet:
        """What there is to know about these files of a dataset, read from them."""
        paths = tuple(self._lake / each.path for each in files)
        held = self._raw.query(f"FROM {sql.scan(paths)} LIMIT 0").columns
        rows, keys = self._size(sql.Versions(name, (), paths))
        return RecordSet(files, overlap=rows != keys, dimensions=sql.dimensions_in(name, held))

    def add_records(self, name: str, rows: Rows, load: int, *, unique: bool = False) -> Added:
        """Add rows of a dataset: an Arrow table or reader, a Parquet file, or a relation of ``Store.scratch``.

        Columns may be missing; those beyond the contract are kept as text dimensions. ``_row`` is the line in the
        source, counted where it is not given. A row with the key of a stored record becomes its newest version, unless
        it says the same; within the rows the later line is the newer version. ``unique`` says that no key comes twice:
        the caller has looked.
        """
        relation = self._relation(rows)
        present = list(relation.columns)
        if missing := [key for key in schema.dataset(name).key if key not in present]:
            raise StoreError("records.key_missing", dataset=name, columns=tuple(missing))
        path = self._path(names.load_stem(name, load, self._generation))
        wanted = sql.typed(name, present, source=sql.INCOMING, load=load)
        _write(relation, wanted, path)
        return self._settle(sql.Versions(name, sql.dimensions_in(name, present), (path,)), load, unique=unique)

    def put_facts(self, table: str, rows: ir.Table | pa.Table | str, *, sort_by: Sequence[str] = ()) -> int:
        """Replace a fact table by these rows or those of this query, sorted by these columns; the number of rows."""
        path = self._path(names.facts_stem(table, self._generation))
        order = f" ORDER BY {sql.listed(sort_by)}" if sort_by else ""
        if isinstance(rows, pa.Table):
            _write(self._raw.from_arrow(rows), f"FROM {sql.INCOMING}{order}", path)
        else:
            query = rows if isinstance(rows, str) else query_of(rows)
            self._copy(query + order, path)
        count = self._count(path)
        self._facts[table] = stored(self._lake, path, rows=count)
        return count

    def facts_path(self, table: str) -> Path:
        """Where this change wrote a fact table, or an earlier one did."""
        return self._lake / self._facts[table].path

    def name_facts(self, key: str) -> None:
        """Note what the stored facts are made of (see ``Manifest.facts_key``)."""
        self._facts_key = key

    def put_file(self, path: str, content: bytes) -> None:
        """Put a file, such as a seal, below ``lake/seals``; ``path`` begins with ``seals/``. Never over another one."""
        pure = PurePosixPath(path)
        if pure.parts[:1] != ("seals",) or ".." in pure.parts or len(pure.parts) < 2:
            raise StoreError("file.outside", path=path)
        if path in self._seals:
            raise StoreError("file.exists", path=path)
        target = self._lake / pure
        target.parent.mkdir(parents=True, exist_ok=True)
        self._written.append(target)
        target.write_bytes(content)
        self._seals[path] = stored(self._lake, target, rows=0)

    def commit(self, gone: frozenset[str]) -> None:
        """Replace the manifest; nothing happens where nothing was written. ``gone`` are retired files now removed."""
        records_changed = self._records != {**self._before.records, **self._same}
        if not (records_changed or self._others_differ()):
            self.discard()
            return
        manifest = Manifest(
            generation=self._generation,
            records_generation=self._generation if records_changed else self._before.records_generation,
            loads=tuple(sorted(self._all_loads().values(), key=lambda load: load.number)),
            records=self._records,
            facts=self._facts,
            facts_key=self._facts_key,
            seals=self._seals,
        )
        write_manifest(self._lake, replace(manifest, retired=self._retired(manifest, gone)))

    def _all_loads(self) -> dict[int, Load]:
        """Those of before with those of this change in their place; a load that brought nothing is not kept."""
        brought = {number: load for number, load in self._loads.items() if load.datasets}
        return {load.number: load for load in self._known} | brought

    def discard(self) -> None:
        """Remove what was written; the manifest never named it."""
        for path in self._written:
            path.unlink(missing_ok=True)

    def _others_differ(self) -> bool:
        """Whether anything but what records say is another than before."""
        before = self._before
        now = (self._facts, self._facts_key, self._seals, self._known)
        return bool(self._same) or now != (before.facts, before.facts_key, before.seals, before.loads)

    def _retired(self, after: Manifest, gone: frozenset[str]) -> tuple[Retired, ...]:
        kept = {each.path for each in after.files()}
        left = tuple(each for each in self._before.retired if each.path not in gone)
        went = [each.path for each in self._before.files() if each.path not in kept]
        new = tuple(Retired(path, self._generation, names.came_with(path)) for path in went)
        return left + new

    def _settle(self, incoming: sql.Versions, load: int, *, unique: bool) -> Added:
        """Keep the incoming rows that say something new, and count them by their key."""
        name = incoming.name
        held = self._records.get(name, RecordSet())
        stored_before = sql.Versions(
            name, held.dimensions, tuple(self._lake / f.path for f in held.files), held.overlap
        )
        rows, keys = (self._count(incoming.paths[0]),) * 2 if unique else self._size(incoming)
        added = self._compare(stored_before, incoming) if held.files else Added(keys, 0, 0)
        before = self._loads[load]
        self._loads[load] = replace(before, unchanged={**before.unchanged, name: added.unchanged})
        kept = incoming
        if rows != keys or added.new != keys:
            kept = replace(incoming, paths=(self._path(names.load_stem(name, load, self._generation)),))
            self._copy(sql.distilled(stored_before, incoming), kept.paths[0])
        self._keep(held, kept, load, overlap=added.replaced > 0 or rows != keys)
        return added

    def _size(self, incoming: sql.Versions) -> tuple[int, int]:
        """How many rows there are, and how many different keys."""
        source = sql.scan(incoming.paths)
        key = sql.listed(schema.dataset(incoming.name).key)
        [(rows, keys)] = self._run(f"SELECT sum(n), count(*) FROM (SELECT count(*) AS n FROM {source} GROUP BY {key})")
        return int(rows or 0), int(keys)

    def _compare(self, held: sql.Versions, incoming: sql.Versions) -> Added:
        query = f"SELECT verdict, count(*) FROM ({sql.verdicts(held, incoming)}) GROUP BY verdict"
        counts: dict[str, int] = dict(self._run(query))
        return Added(counts.get("new", 0), counts.get("replaced", 0), counts.get("unchanged", 0))

    def _keep(self, held: RecordSet, kept: sql.Versions, load: int, *, overlap: bool) -> None:
        count = self._count(kept.paths[0])
        if not count:
            return
        self._records[kept.name] = RecordSet(
            files=(*held.files, stored(self._lake, kept.paths[0], rows=count)),
            overlap=held.overlap or overlap,
            dimensions=tuple(dict.fromkeys((*held.dimensions, *kept.dimensions))),
        )
        before = self._loads[load]
        counts = {**before.datasets, kept.name: before.datasets.get(kept.name, 0) + count}
        self._loads[load] = replace(before, datasets=counts)

    def _copy(self, query: str, path: Path) -> None:
        self._run(_into(path, query))

    def _relation(self, rows: Rows) -> duckdb.DuckDBPyRelation:
        if isinstance(rows, Path):
            return self._raw.read_parquet(str(rows))
        if isinstance(rows, pa.Table):
            return self._raw.from_arrow(_with_rows(rows))
        return self._raw.from_arrow(rows) if isinstance(rows, pa.RecordBatchReader) else rows

    def _path(self, stem: str) -> Path:
        """A new file's name; the number tells apart the files that one change writes for the same thing."""
        path = self._lake / f"{stem}-{len(self._written) + 1}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        self._written.append(path)
        return path

    def _count(self, path: Path) -> int:
        [(count,)] = self._run(f"SELECT count(*) FROM {sql.scan([path])}")
        return int(count)

    def _run(self, query: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._raw.execute(query).fetchall()
        return rows


def _write(relation: duckdb.DuckDBPyRelation, query: str, path: Path) -> None:
    """Write what the query makes of ``incoming``, which is the relation."""
    relation.query(sql.INCOMING, _into(path, query)).fetchall()


def _into(path: Path, query: str) -> str:
    return f"COPY ({query}) TO {sql.text(str(path))} ({sql.STORED})"


def _days(zone: str) -> Callable[[int], date]:
    return lambda moment: local_day(moment, zone)


def _with_rows(rows: pa.Table) -> pa.Table:
    """The rows with their place as ``_row``, so that their order survives parallel reading."""
    if sql.ROW in rows.column_names:
        return rows
    return rows.append_column(sql.ROW, pa.array(range(1, rows.num_rows + 1), pa.int64()))


def query_of(table: ir.Table) -> str:
    """The DuckDB SQL of an expression, with the types that it promises."""
    return _written(table.op())


@lru_cache(maxsize=512)
def _written(op: ops.Relation) -> str:
    # Equal expressions are equal SQL. Writing it takes longer than running it over a month, and the same questions
    # come again: of every subject of a closing, on every page.
    types = {name: str(kind) for name, kind in op.schema.items()}
    return sql.promised(str(ibis.to_sql(op.to_expr(), dialect="duckdb", pretty=False)), types)
