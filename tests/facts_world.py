"""A small home folder for tests of the store and of facts: write settings, add records, build, read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from fuxiao.datasets.build import BuildReport, build_facts
from fuxiao.datasets.store import Added, Store
from fuxiao.engine.schema import DATASETS, Type

ARROW = {
    Type.TEXT: pa.string(), Type.MOMENT: pa.int64(), Type.DAY: pa.int32(), Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.decimal128(18, 4), Type.MONEY: pa.int64(), Type.FLAG: pa.bool_(),
}  # fmt: skip
WEEKDAYS_9_TO_6 = """
key: desk
zone: Asia/Shanghai
week: {mon-fri: ['09:00-18:00']}
"""


def make_home(
    folder: Path, *, settings: str = "", calendars: Sequence[str] = (WEEKDAYS_9_TO_6,), service_levels: str = ""
) -> Path:
    """A home folder with these files; the default calendar is ``desk``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fuxiao.toml").write_text(settings or 'name = "Test"\ncalendar = "desk"\n', encoding="utf-8")
    (folder / "calendars").mkdir(exist_ok=True)
    for number, text in enumerate(calendars):
        (folder / "calendars" / f"{number}.yaml").write_text(text, encoding="utf-8")
    if service_levels:
        (folder / "service_levels.yaml").write_text(service_levels, encoding="utf-8")
    return folder


def table_of(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of a dataset as Arrow: contract columns typed, others as text."""
    contract = DATASETS[name]
    given = list(dict.fromkeys(key for row in rows for key in row))
    types = {column.name: ARROW[column.type] for column in contract.columns}
    return pa.table({key: pa.array([row.get(key) for row in rows], types.get(key, pa.string())) for key in given})


def add(store: Store, **datasets: Sequence[Mapping[str, Any]]) -> dict[str, Added]:
    """Import rows of several datasets in one change."""
    with store.change() as change:
        load = change.begin_load(source="test.csv", source_digest="s", mapping_digest="m", at=0)
        return {name: change.add_records(name, table_of(name, rows), load) for name, rows in datasets.items()}


def at(text: str) -> int:
    """Epoch seconds of a Shanghai wall-clock time such as ``2026-10-05 09:00``."""
    return int(datetime.fromisoformat(f"{text}+08:00").timestamp())


def built(store: Store, *, cut_off: int) -> BuildReport:
    """Build the facts as of an epoch second."""
    return build_facts(store, cut_off=datetime.fromtimestamp(cut_off, UTC))


def facts(store: Store, name: str, *key: str) -> list[dict[str, Any]]:
    """The rows of a fact table, ordered by these columns."""
    table = store.facts(name)
    return store.execute(table.order_by(list(key)) if key else table).to_pylist()


def fact(store: Store, name: str = "cases", **where: Any) -> dict[str, Any]:
    """The one row of a fact table with these values."""
    found = [row for row in facts(store, name) if all(row[key] == value for key, value in where.items())]
    assert len(found) == 1, f"{len(found)} rows of {name} with {where}"
    return found[0]
