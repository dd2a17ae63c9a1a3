"""A home folder seen through Spark: record and fact files as Spark tables, expressions run by a cluster."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.expr import operations as ops

from fuxiao.base.calendars import read_calendars, read_policies
from fuxiao.core.errors import StoreError, UnknownName
from fuxiao.datasets.beside import beside
from fuxiao.datasets.build import fact_rules
from fuxiao.datasets.days import lookup_tables, span_of
from fuxiao.datasets.making import inputs_of
from fuxiao.datasets.manifest import Manifest, epoch
from fuxiao.datasets.store import Store
from fuxiao.datasets.store.sql import LOAD, ROW
from fuxiao.engine import schema
from fuxiao.engine.facts import Inputs, fact_tables

if TYPE_CHECKING:
    from ibis.backends.pyspark import Backend

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.adaptive.enabled": "true",
}
"""What makes the digits the same, and a small cluster quick; a cluster's own settings come on top."""


@contextmanager
def spark_store(store: Store, master: str, *, settings: dict[str, str] | None = None) -> Iterator[SparkStore]:
    """The facts of ``store`` on the cluster at ``master`` (``spark://host:port`` or ``local[2]``).

    The cluster must see the home folder under the same path. Raises ``StoreError`` (``spark.missing``) without
    pyspark or Java, ``spark.unreachable`` where no cluster answers.
    """
    session = _session(master, settings or {})
    try:
        with tempfile.TemporaryDirectory(prefix="spark-", dir=store.lake) as folder:
            yield SparkStore(store, ibis.pyspark.connect(session), Path(folder))
    finally:
        session.stop()


class SparkStore:
    """Satisfies ``metrics.source.FactStore``: the facts last built, by DuckDB into the lake or here by Spark."""

    def __init__(self, store: Store, backend: Backend, folder: Path) -> None:
        """``folder`` takes intermediate tables and Spark's own facts; the cluster must see it."""
        self._store = store
        self._backend = backend
        self._folder = folder
        self._own: dict[str, Path] = {}
        self._views: dict[Path, ir.Table] = {}

    @property
    def manifest(self) -> Manifest:
        return self._store.manifest

    def facts(self, name: str) -> ir.Table:
        """A fact table as it was last built; ``UnknownName`` for one that was not."""
        return self._view(self._own.get(name) or self._store.facts_path(name), f"facts_{name}")

    def records(self, name: str) -> ir.Table:
        """The current version of every record, as ``Store.records`` gives it."""
        held = self.manifest.records.get(name)
        paths = self._store.records_paths(name)
        if held is None or not paths:
            return self._put(f"records_{name}", self._store.execute(self._store.records(name)))
        frame = self._spark.read.option("mergeSchema", "true").parquet(*map(str, paths))
        frame.createOrReplaceTempView(f"versions_{name}")
        versions = self._backend.table(f"versions_{name}")
        current = _current(versions, name, overlap=held.overlap)
        promised = self._store.records(name).schema()  # columns that no file has are null
        return current.select(
            **{each: current[each] if each in current.columns else ibis.null(kind) for each, kind in promised.items()}
        )

    def build_facts(self, *, cut_off: datetime) -> dict[str, int]:
        """Make all fact tables on the cluster and use them from here on; rows by table. The lake keeps its own."""
        making = fact_tables(self._inputs(cut_off))
        name, table = next(making)
        while True:
            kept = self._keep(name, table)
            self._own[name] = self._folder / name
            try:
                name, table = making.send(kept)
            except StopIteration:
                return {name: self._spark.read.parquet(str(path)).count() for name, path in self._own.items()}

    def execute(self, expr: ir.Expr) -> pa.Table:
        """Run an expression over this store's tables; Arrow all the way."""
        table = expr.as_table()
        for node in table.op().find(ops.InMemoryTable):
            path = self._folder / f"memory_{node.name}.parquet"
            pq.write_table(node.data.to_pyarrow(node.schema), path)
            self._spark.read.parquet(str(path)).createOrReplaceTempView(node.name)
        found = self._spark.sql(str(self._backend.compile(table))).toArrow()
        return found.cast(table.schema().to_pyarrow())

    def beside(self, exprs: Sequence[ir.Table], keys: Sequence[str]) -> pa.Table:
        """Run expressions and lay the results side by side, see ``Store.beside``."""
        return beside(map(self.execute, exprs), keys)

    @property
    def _spark(self) -> Any:  # noqa: ANN401 -- pyspark's session, a package that need not be there
        return self._backend._session  # noqa: SLF001 -- Ibis has no other way to it

    def _inputs(self, cut_off: datetime) -> Inputs:
        store = self._store
        calendars = read_calendars(store.home, store.settings)
        rules = fact_rules(store.settings, read_policies(store.home, calendars), cut_off=epoch(cut_off))
        found = lookup_tables(calendars, rules, zone=store.settings.zone, span=span_of(store, rules.cut_off))
        return inputs_of(
            found,
            rules,
            records=cache(self.records),
            present=frozenset(store.manifest.records),
            put=self._put,
            keep=lambda name, table: self._keep(f"stage_{name}", table),
        )

    def _keep(self, name: str, table: ir.Table) -> ir.Table:
        """Compute a table once, into files."""
        path = self._folder / name
        self._spark.sql(str(self._backend.compile(table))).write.mode("overwrite").parquet(str(path))
        self._views.pop(path, None)
        return self._view(path, f"kept_{name}")

    def _put(self, name: str, table: pa.Table) -> ir.Table:
        path = self._folder / f"{name}.parquet"
        pq.write_table(table, path)
        return self._view(path, f"put_{name}")

    def _view(self, path: Path, name: str) -> ir.Table:
        if path not in self._views:
            self._spark.read.parquet(str(path)).createOrReplaceTempView(name)
            self._views[path] = self._backend.table(name)
        return self._views[path]


def _current(versions: ir.Table, name: str, *, overlap: bool) -> ir.Table:
    """The newest version of each record: of the last load, and there of the last line."""
    if not overlap:
        return versions
    newest = ibis.window(
        group_by=list(schema.dataset(name).key), order_by=[versions[LOAD].desc(), versions[ROW].desc()]
    )
    ranked = versions.mutate(version_place=ibis.row_number().over(newest))
    return ranked.filter(ranked.version_place == 0)


def _session(master: str, settings: dict[str, str]) -> Any:  # noqa: ANN401 -- see SparkStore._spark
    if not master.startswith(("spark://", "local")):
        raise UnknownName("engine", master, ("spark://host:port", "local[2]"))
    try:
        from pyspark.errors.exceptions.base import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise StoreError("spark.missing", reason="pyspark") from error
    builder = SparkSession.builder.appName("fuxiao").master(master)
    for key, value in {**SETTINGS, **_loopback(master), **settings}.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise StoreError("spark.missing", reason="Java") from error
    except Exception as error:
        raise StoreError("spark.unreachable", master=master) from error


def _loopback(master: str) -> dict[str, str]:
    """A cluster on this machine answers to this machine only."""
    if not any(name in master for name in ("127.0.0.1", "localhost", "local")):
        return {}
    return {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
