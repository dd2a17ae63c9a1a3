"""The same expressions on a stand-alone Spark cluster of one master and two workers on loopback."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pyarrow as pa

from bench.homes import MEMORY
from bench.values import SCOPE, compiled
from bench.way import Work
from fuxiao.datasets.spark import SparkStore, local_cluster, spark_store
from fuxiao.datasets.store import Store
from fuxiao.metrics.values import run


@cache
def started(home: Path) -> tuple[Store, SparkStore]:
    """A store, and the cluster's view of it, until the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    store = stack.enter_context(Store.open(home, memory=MEMORY))
    master = stack.enter_context(local_cluster(workers=2, memory="2g"))
    return store, stack.enter_context(spark_store(store, master))


def values(home: Path) -> Work:
    """Twenty indicators from the facts in the lake; the figures of both engines are compared cell by cell."""
    store, spark = started(home)
    expected = _rows(run(store, compiled(store).plans, SCOPE.keys))
    plans = compiled(spark).plans

    def work() -> dict[str, object]:
        found = _rows(run(spark, plans, SCOPE.keys))
        return {"rows": len(found), "rows that differ": sum(a != b for a, b in zip(found, expected, strict=True))}

    return work


def _rows(table: pa.Table) -> list[tuple[object, ...]]:
    names = sorted(table.column_names)
    return sorted(zip(*(table[name].to_pylist() for name in names), strict=True), key=repr)
