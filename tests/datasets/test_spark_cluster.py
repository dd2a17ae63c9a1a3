"""On a stand-alone Spark cluster every fact and every figure is the same to the last digit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import which
from typing import Any

import pyarrow as pa
import pytest

from facts_world import CALENDARS, CUT_OFF, SERVICE_LEVELS, START, add, built, make_home, random_case
from fuxiao.core.period import parse_period
from fuxiao.datasets.spark import SparkStore, local_cluster, spark_store
from fuxiao.datasets.store import Store
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, compute_values

pytestmark = [
    pytest.mark.spark, pytest.mark.slow, pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(which("java") is None, reason="Spark needs Java"),
]  # fmt: skip
CODES = ("VOL", "FRT", "FRT_P50", "FRT_P90", "FRS", "FRQ", "RES", "TTR", "TTR_P50", "TTR_P90", "TRS", "REO", "HRR",
         "RPR", "FTF", "CSAT", "CSAT_MEAN", "CPC", "BKL", "BLA")  # fmt: skip
QUICK = {"spark.sql.shuffle.partitions": "1", "spark.sql.codegen.wholeStage": "false",
         "spark.sql.codegen.factoryMode": "NO_CODEGEN"}  # fmt: skip
"""Two hundred cases are done before Java has compiled anything for them."""
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Nor has it the time to compile twice, or the room to look for garbage in several threads."""
MONTHS = parse_period("2026-03"), parse_period("2026-04")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Two hundred cases of any order of events, some sent in twice, with visits, surveys and costs."""
    pytest.importorskip("pyspark")
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", JAVA)
    dice = random.Random(3)
    drawn = [random_case(dice, number) for number in range(200)]
    cases = [
        {
            **case,
            "device_id": f"d{n % 40}",
            "customer_id": f"u{n % 25}",
            "category": f"k{n % 3}",
            "客户等级": f"{n % 2}",
        }
        for n, (case, _) in enumerate(drawn)
    ]
    ids = [case["case_id"] for case in cases]
    home = make_home(tmp_path / "home", calendars=CALENDARS, service_levels=SERVICE_LEVELS)
    with Store.open(home, threads=1) as opened:
        add(opened, cases=cases[:150], case_events=[event for _, log in drawn for event in log])
        add(
            opened,
            cases=cases[100:],
            visits=[{"case_id": i, "visit_no": 1, "engineer": "li", "arrived_at": START + 90_000 + n, "work_min": n,
                     "outcome": "fixed"} for n, i in enumerate(ids[::4])],
            surveys=[{"survey_id": f"s{n}", "case_id": i, "invited_at": START + 100_000, "csat": 1 + n % 5,
                      "answered_at": START + 200_000 + n} for n, i in enumerate(ids[::3])],
            costs=[{"cost_id": f"e{n}", "case_id": i, "spent_at": START + 100_000, "kind": "parts",
                    "amount": 100 + n, "approved_by": "wang"} for n, i in enumerate(ids[::5])],
            memberships=[{"person": "li", "team": "north", "role": "agent", "valid_from": 20_000, "valid_to": 20_540},
                         {"person": "li", "team": "south", "role": "agent", "valid_from": 20_540}],
            teams=[{"team": "north", "parent": "all"}, {"team": "south", "parent": "all"}, {"team": "all"}],
        )  # fmt: skip
        built(opened, cut_off=CUT_OFF)
        yield opened


def rows(table: pa.Table) -> list[str]:
    """Every cell as text with its type, in an order of its own."""
    names = sorted(table.column_names)
    return sorted(repr([(name, row[name]) for name in names]) for row in table.to_pylist())


def values(store: Any, by: str, *, whole: bool) -> list[str]:
    """The figures, with intervals and what was left out if they are to be ``whole``."""
    request = Request(
        indicators=built_in().select(CODES), first=MONTHS[0], last=MONTHS[1], by=(by,), spreads=whole, exclusions=whole
    )
    return rows(compute_values(store, request, as_of=date(2026, 4, 5), missing={}).table)


def same_facts(store: Store, spark: SparkStore) -> None:
    for name in store.manifest.facts:
        assert rows(store.execute(store.facts(name))) == rows(spark.execute(spark.facts(name))), name


def test_facts_and_values_of_a_cluster_are_those_of_duckdb(store: Store) -> None:
    with local_cluster(workers=2) as master, spark_store(store, master, settings=QUICK) as spark:
        counts = spark.build_facts(cut_off=datetime.fromtimestamp(CUT_OFF, UTC))
        assert counts == {name: file.rows for name, file in store.manifest.facts.items()}
        same_facts(store, spark)
        for by in ("person", "team"):
            assert values(spark, by, whole=by == "team") == values(store, by, whole=by == "team")
