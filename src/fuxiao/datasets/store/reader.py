"""A home folder opened for reading: records, their history and facts as Ibis tables at one generation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import duckdb
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from fuxiao.base.settings import Settings, read_settings
from fuxiao.core.errors import StoreError, UnknownName
from fuxiao.datasets.manifest import Manifest, RecordSet, StoredFile, begin_manifest
from fuxiao.datasets.store import sql
from fuxiao.datasets.store.change import Change, query_of
from fuxiao.datasets.store.connect import disk_in_words, open_duckdb
from fuxiao.datasets.store.leases import Session, begin_session, sweep, writer_lock
from fuxiao.engine import schema

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


@cache
def _kind(words: str, nullable: bool) -> dt.DataType:  # noqa: FBT001 - part of a key
    """The type that DuckDB calls so."""
    from ibis.backends.sql.datatypes import DuckDBType

    found: dt.DataType = DuckDBType.from_string(words, nullable=nullable)
    return found


@lru_cache(maxsize=4096)
def _rows_in(path: Path, _size: int, _changed: int) -> int | None:
    """The rows of a Parquet file as its end tells them; ``None`` where it is no such file."""
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowInvalid, OSError):
        return None


MEMORY = "1500MB"
"""What DuckDB may keep in memory, so that the whole process stays below 2 GB."""
BUILDING = "33%"
"""The same while facts are built, of the machine's: joins that must spill take several times as long."""


class Store:
    """The lake of one home folder, seen at the generation that was newest when it was opened or last refreshed."""

    def __init__(
        self, home: Path, settings: Settings, session: Session, raw: duckdb.DuckDBPyConnection, limits: tuple[str, str]
    ) -> None:
        self.home = home
        self.settings = settings
        self._session = session
        self._raw = raw
        self._views: dict[tuple[str, str], ir.Table] = {}
        self._stages: list[Path] = []
        self._staged: dict[str, str] = {}
        self._memory, self._building = limits
        self.connection: Backend = ibis.duckdb.from_connection(raw)
        """The Ibis backend that all tables of this store belong to."""

    @classmethod
    def open(
        cls, home: Path | str, *, memory: str = MEMORY, building: str = BUILDING, threads: int | None = None
    ) -> Store:
        """Open a home folder; ``StoreError`` where it is missing, damaged or of another version.

        ``memory`` bounds what DuckDB keeps in memory (``2GB`` or a part of the machine's, ``25%``), ``building`` while
        facts are built; beyond it, it spills into the lake.
        """
        home = Path(home).resolve()
        settings = read_settings(home)
        with suppress(OSError):  # whoever may not write reads what there is
            (home / "lake").mkdir(exist_ok=True)
        session = begin_session(home / "lake")
        raw = open_duckdb(memory=memory, threads=threads, spill=session.spill)
        return cls(home, settings, session, raw, (memory, building))

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    @property
    def manifest(self) -> Manifest:
        """What the lake holds at the generation this store sees."""
        return self._session.manifest

    @property
    def writable(self) -> bool:
        return self._session.writable

    def must_be_writable(self) -> None:
        """Raises ``StoreError`` (``store.read_only``)."""
        if not self.writable:
            raise StoreError("store.read_only", path=str(self.home))

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give up the connection and the hold on the files."""
        self._raw.close()
        self._session.close()

    def refresh(self) -> Manifest:
        """See the newest generation; tables taken before keep theirs, but their files are no longer held."""
        return self._session.refresh()

    def scratch(self) -> duckdb.DuckDBPyConnection:
        """A connection for reading files in: same limits, own temporary tables."""
        return self._raw.cursor()

    def records(self, name: str) -> ir.Table:
        """The current version of every record: the contract's columns (missing ones as typed nulls), dimensions."""
        return self._view(f"records_{name}", self._versions(name).current())

    def history(self, name: str) -> ir.Table:
        """All versions of every record, with ``_load`` and ``_row`` (line in the source)."""
        return self._view(f"history_{name}", self._versions(name).all())

    def facts(self, name: str) -> ir.Table:
        """A fact table as it was last built; ``UnknownName`` for one that was not."""
        path = self.facts_path(name)
        return self._view(f"facts_{name}", f"SELECT * FROM {sql.scan([path])}")

    def facts_path(self, name: str) -> Path:
        """The Parquet file of a fact table, for another engine to read."""
        if name not in self.manifest.facts:
            raise UnknownName("facts", name, self.manifest.facts)
        return self._table_file(self.manifest.facts[name])

    @property
    def facts_stand(self) -> bool:
        """Whether the files of all stored facts are there and whole."""
        return all(self._stands(each) for each in self.manifest.facts.values())

    def records_paths(self, name: str) -> tuple[Path, ...]:
        """The Parquet files with all versions of a dataset, for another engine to read."""
        return self._versions(name).paths

    def file(self, path: str) -> bytes:
        """A file put by ``Change.put_file``; ``UnknownName`` where there is none."""
        if path not in self.manifest.seals:
            raise UnknownName("file", path, self.manifest.seals)
        return self._there(path).read_bytes()

    def execute(self, expr: ir.Expr) -> pa.Table:
        """Run an expression over this store's tables."""
        if not isinstance(expr, ir.Table) or expr.op().find(ops.InMemoryTable):
            return self.connection.to_pyarrow(expr)
        return self.scratch().sql(query_of(expr)).to_arrow_table().cast(expr.schema().to_pyarrow())

    def beside(self, exprs: Sequence[ir.Table], keys: Sequence[str]) -> pa.Table:
        """Run expressions at once and lay the results side by side: a row for each combination of ``keys`` that any
        of them has, in the order of the keys. Each has one row a combination, and no key is null."""
        found = self.scratch().sql(sql.beside([query_of(expr) for expr in exprs], keys)).to_arrow_table()
        kinds = {field.name: field.type for expr in exprs for field in expr.schema().to_pyarrow()}
        return found.cast(pa.schema([(name, kinds[name]) for name in found.column_names]))

    def batches(self, expr: ir.Table, *, rows: int = 50_000) -> pa.RecordBatchReader:
        """Run an expression and hand out its rows batch by batch, for results that need not fit into memory."""
        reader: pa.RecordBatchReader = self.scratch().sql(query_of(expr)).to_arrow_reader(rows)
        return reader

    def temporary(self, name: str, expr: ir.Table | pa.Table) -> ir.Table:
        """Compute a table once and keep it until ``forget`` or the end.

        It lies on the disk, not in memory: an intermediate table may be larger than that.
        """
        self._session.stages.mkdir(exist_ok=True)
        path = self._session.stages / f"{len(self._stages) + 1:03d}-{name}.parquet"
        self._stages.append(path)
        if isinstance(expr, pa.Table):
            pq.write_table(expr, path)
        else:
            source = query_of(expr)
            self._run(f"COPY ({source}) TO {sql.text(str(path))} ({sql.STAGE})")
        return self.written(path)

    def stage(self, name: str, query: str, *, in_memory: bool) -> None:
        """Compute a stage, for expressions that read it by its name, until ``drop`` or ``forget``.

        In memory DuckDB writes to the disk only what does not fit; in a file it takes less room and more time.
        """
        if in_memory:
            self._run(f"CREATE TABLE {sql.quoted(name)} AS {query}")
            self._staged[name] = "TABLE"
            return
        self._session.stages.mkdir(exist_ok=True)
        path = self._stage_path(name)
        self._run(f"COPY ({query}) TO {sql.text(str(path))} ({sql.STAGE})")
        self.show(name, path)

    def rename(self, table: ir.Table, name: str) -> None:
        """Let expressions read a table of this store by this name, until ``drop`` or ``forget``."""
        self._run(f"CREATE VIEW {sql.quoted(name)} AS {self.connection.compile(table)}")
        self._staged[name] = "VIEW"

    def show(self, name: str, path: Path) -> None:
        """Let expressions read a Parquet file as the stage of this name."""
        self._run(f"CREATE VIEW {sql.quoted(name)} AS SELECT * FROM {sql.scan([path])}")
        self._staged[name] = "VIEW"

    def drop(self, name: str) -> None:
        """Let go of a stage."""
        self._run(f"DROP {self._staged.pop(name)} {sql.quoted(name)}")
        self._stage_path(name).unlink(missing_ok=True)

    def _stage_path(self, name: str) -> Path:
        return self._session.stages / f"{name}.parquet"

    def written(self, path: Path) -> ir.Table:
        """A Parquet file of this process as a table."""
        return self._view(f"file {path.parent.name}/{path.stem}", f"SELECT * FROM {sql.scan([path])}")

    def forget(self) -> None:
        """Remove all temporary tables and stages."""
        for name in tuple(self._staged):
            self.drop(name)
        for path in self._stages:
            path.unlink(missing_ok=True)
        self._stages.clear()
        self._views = {key: view for key, view in self._views.items() if not key[0].startswith("file ")}

    @contextmanager
    def change(self, *, patience: float = 0) -> Iterator[Change]:
        """Be the one writer for a while.

        Everything written becomes visible together when the block ends, to this store too; an exception or a kill
        leaves the lake as it was. ``StoreError`` (``store.locked``) where another writer is still at work after
        ``patience`` seconds, and (``store.read_only``) where the lake cannot be written.
        """
        self.must_be_writable()
        with writer_lock(self.lake, patience=patience), disk_in_words(self.lake):
            gone = sweep(self.lake, begin_manifest(self.lake, self.refresh()))
            change = Change(lake=self.lake, raw=self._raw, manifest=self.manifest)
            try:
                yield change
            except BaseException:
                change.discard()
                raise
            change.commit(gone)
        self.refresh()

    @contextmanager
    def aside(self) -> Iterator[Change]:
        """Facts for this store alone, whose lake cannot be written: they lie in the folder of its session."""
        change = Change(lake=self._session.folder, raw=self._raw, manifest=self.manifest)
        yield change
        change.commit(frozenset())
        self._session.own()

    @contextmanager
    def building(self) -> Iterator[None]:
        """Allow the memory that building facts may take, for as long as the block lasts."""
        self._run(f"SET memory_limit = {sql.text(self._building)}")
        try:
            yield
        finally:
            self._run(f"SET memory_limit = {sql.text(self._memory)}")

    def _versions(self, name: str) -> sql.Versions:
        schema.dataset(name)
        held = self.manifest.records.get(name, RecordSet())
        paths = tuple(self._table_file(each) for each in held.files)
        return sql.Versions(name, held.dimensions, paths, held.overlap)

    def _table_file(self, file: StoredFile) -> Path:
        """A Parquet file with the rows that the manifest says: a torn one, or another under its name, is none."""
        path = self._there(file.path)
        if not self._stands(file):
            raise StoreError("store.file_damaged", path=str(path))
        return path

    def _stands(self, file: StoredFile) -> bool:
        path = self.lake / file.path
        try:
            found = path.stat()
        except OSError:
            return False
        return _rows_in(path, found.st_size, found.st_mtime_ns) == file.rows

    def _there(self, path: str) -> Path:
        whole = self.lake / path
        if not whole.is_file():
            raise StoreError("store.file_missing", path=str(whole))
        return whole

    def _view(self, name: str, body: str) -> ir.Table:
        # Without the generation in its name it is called the same in every store: the same question is the same SQL,
        # written once a process. In a store that saw a newer generation the older one keeps the name.
        if (name, body) not in self._views:
            before = sum(known == name for known, _ in self._views)
            view = f"{name}_{before}" if before else name
            self._run(f"CREATE OR REPLACE VIEW {sql.quoted(view)} AS {body}")
            self._views[name, body] = self._table(view)
        return self._views[name, body]

    def _table(self, name: str) -> ir.Table:
        # What Ibis' own `table` gives, which reads the words of every type anew.
        told = self._raw.execute(f"DESCRIBE {sql.quoted(name)}").fetchall()
        columns = {column: _kind(words, null == "YES") for column, words, null, *_ in told}
        return ops.DatabaseTable(name, schema=ibis.schema(columns), source=self.connection).to_expr()

    def _run(self, query: str) -> None:
        # A result that nobody fetched would block the connection.
        self._raw.execute(query).fetchall()
