"""The same fact expressions on Apache Spark give the same cells."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from facts_world import CALENDARS, CUT_OFF, SERVICE_LEVELS, add, built, facts, make_home, random_case
from fuxiao.base.calendars import read_calendars, read_policies
from fuxiao.datasets.build import fact_rules
from fuxiao.datasets.days import lookup_tables
from fuxiao.datasets.store import Store
from fuxiao.engine.business_time import WorkTables, width_of
from fuxiao.engine.facts import SORTED_BY, Inputs, fact_tables
from fuxiao.engine.schema import DATASETS

pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """An Ibis backend over a Spark in this process; skipped without Java or pyspark."""
    pyspark = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("no Java")
    import ibis

    session = (
        pyspark.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    yield ibis.pyspark.connect(session)
    session.stop()


class Lake:
    """Tables of Spark over Parquet files in a folder."""

    def __init__(self, spark: Any, folder: Path) -> None:
        self.spark = spark
        self.folder = folder
        folder.mkdir()

    def put(self, name: str, table: pa.Table) -> ir.Table:
        pq.write_table(table, self.folder / f"{name}.parquet")
        return self.spark.read_parquet(str(self.folder / f"{name}.parquet"), table_name=name)

    def keep(self, name: str, table: ir.Table) -> ir.Table:
        path = str(self.folder / f"kept_{name}")
        self.spark._session.sql(str(self.spark.compile(table))).write.mode("overwrite").parquet(path)
        return self.spark.read_parquet(path, table_name=f"kept_{name}")


def test_every_fact_table_is_the_same_on_spark(tmp_path: Path, spark: Any) -> None:
    dice = random.Random(7)
    cases, logs = zip(*(random_case(dice, number) for number in range(300)), strict=True)
    home = make_home(tmp_path / "home", calendars=CALENDARS, service_levels=SERVICE_LEVELS)
    with Store.open(home, threads=1) as store:
        add(store, cases=cases, case_events=[event for log in logs for event in log])
        built(store, cut_off=CUT_OFF)
        given = spark_inputs(store, Lake(spark, tmp_path / "lake"))
        tables = fact_tables(given)
        name, table = next(tables)
        while True:
            stored = given.keep(name, table)
            expected = facts(store, name, *SORTED_BY[name])
            found = spark.to_pyarrow(stored).to_pylist()
            key = sorted(expected[0]) if expected else []
            assert sorted(map(repr, (ordered(row, key) for row in found))) == sorted(
                map(repr, (ordered(row, key) for row in expected))
            ), name
            try:
                name, table = tables.send(stored)
            except StopIteration:
                break


def ordered(row: dict[str, Any], key: list[str]) -> list[tuple[str, Any]]:
    return [(name, row[name]) for name in key]


def spark_inputs(store: Store, lake: Lake) -> Inputs:
    calendars = read_calendars(store.home, store.settings)
    rules = fact_rules(store.settings, read_policies(store.home, calendars), cut_off=CUT_OFF)
    span = (CUT_OFF // 86_400 - 40, CUT_OFF // 86_400 + 800)
    lookups = lookup_tables(calendars, rules, zone=store.settings.zone, span=span)
    made = {name: lake.put(name, table) for name, table in lookups.tables.items()}
    records = {name: lake.put(f"records_{name}", store.execute(store.records(name))) for name in DATASETS}
    return Inputs(
        records=records.__getitem__,
        present=frozenset(store.manifest.records),
        keep=lake.keep,
        work=WorkTables(
            numbers=lookups.numbers, days=made["days"], spans=made["spans"], width=width_of(lookups.tables["days"])
        ),
        local_days=made["local_days"],
        rules=rules,
    )
