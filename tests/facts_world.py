"""A small home folder for tests of the store and of facts: write settings, add records, build, read back."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from fuxiao.datasets.build import PATIENCE, BuildReport, build_facts
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

CALENDARS = (
    "key: desk\nzone: Asia/Shanghai\nweek: {mon-fri: ['09:00-12:00', '13:30-18:00'], sat: ['10:00-14:00']}\n",
    "key: night\nzone: Europe/Berlin\nweek: {mon-sat: ['22:00-06:00']}\nholidays: [2026-03-30]\n",
)
SERVICE_LEVELS = """
policies:
- {key: all, calendar: desk, first_response_minutes: 45, resolution_minutes: 600}
- {key: urgent, calendar: night, priority: P1, first_response_minutes: 15, resolution_minutes: 240}
- {key: repair, calendar: desk, case_type: repair, resolution_minutes: 1500, valid_from: 2026-03-28}
"""
START = 1_774_000_000  # 2026-03-20: the summer time of Berlin begins within the generated weeks
CUT_OFF = START + 16 * 86_400
PEOPLE = ("li", "wang", "zhao", None)
UNITS = ("desk", "field", None)
TYPES = (
    "assigned", "accepted", "responded", "transferred", "transferred", "pend_start", "pend_start", "pend_end",
    "resolved", "resolved", "closed", "reopened", "merged", "cancelled", "other",
)  # fmt: skip
KINDS = ("customer", "parts", "third_party", None)


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


def add(store: Store, source: str = "test.csv", **datasets: Sequence[Mapping[str, Any]]) -> dict[str, Added]:
    """Import rows of several datasets in one change."""
    with store.change() as change:
        load = change.begin_load(source=source, source_digest="s", mapping_digest="m", at=0)
        return {name: change.add_records(name, table_of(name, rows), load) for name, rows in datasets.items()}


def at(text: str) -> int:
    """Epoch seconds of a Shanghai wall-clock time such as ``2026-10-05 09:00``."""
    return int(datetime.fromisoformat(f"{text}+08:00").timestamp())


def built(store: Store, *, cut_off: int, patience: float = PATIENCE) -> BuildReport:
    """Build the facts as of an epoch second."""
    return build_facts(store, cut_off=datetime.fromtimestamp(cut_off, UTC), patience=patience)


def facts(store: Store, name: str, *key: str) -> list[dict[str, Any]]:
    """The rows of a fact table, ordered by these columns."""
    table = store.facts(name)
    return store.execute(table.order_by(list(key)) if key else table).to_pylist()


def fact(store: Store, name: str = "cases", **where: Any) -> dict[str, Any]:
    """The one row of a fact table with these values."""
    found = [row for row in facts(store, name) if all(row[key] == value for key, value in where.items())]
    assert len(found) == 1, f"{len(found)} rows of {name} with {where}"
    return found[0]


def random_case(dice: random.Random, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A case with up to a dozen events in any order that the world could bring, ties included."""
    opened = START + dice.randrange(12 * 86_400)
    case = {
        "case_id": f"C{number}", "opened_at": opened, "priority": dice.choice(["P1", "P2"]),
        "case_type": dice.choice(["repair", "advice"]),
    }  # fmt: skip
    moment, events = opened, []
    for seq in range(dice.randrange(13)):
        kind = "created" if seq == 0 else dice.choice(TYPES)
        events.append({
            "case_id": case["case_id"], "seq": seq, "at": moment, "type": kind, "actor": dice.choice(PEOPLE),
            "to_person": dice.choice(PEOPLE) if kind in {"assigned", "accepted", "transferred"} else None,
            "to_unit": dice.choice(UNITS) if kind in {"assigned", "transferred"} else None,
            "kind": dice.choice(KINDS) if kind.startswith("pend") else None,
            "wrong": kind == "transferred" and dice.random() < 0.3,
        })  # fmt: skip
        moment += dice.choice([0, 60, 3600, 20_000, 90_000, dice.randrange(200_000)])
    return case, events
