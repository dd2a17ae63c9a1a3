"""The facts of one case at a time: the expressions of all cases, run by SQLite, where a small query takes microseconds.

DuckDB plans a query for milliseconds before it reads the first row, which is right for ten million cases and wrong for
one. The expressions are the same, so what is derived here is what a rebuild would derive.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa
import sqlglot
from sqlglot.optimizer.eliminate_subqueries import eliminate_subqueries

from fuxiao.base.calendars import read_calendars, read_policies
from fuxiao.core.worktime import DAY_SECONDS
from fuxiao.datasets.build import fact_rules
from fuxiao.datasets.days import AFTER_DAYS, BEFORE_DAYS, lookup_tables
from fuxiao.datasets.fact_queries import FactQueries, WrittenStage
from fuxiao.datasets.making import GIVEN, Shape, columns_of
from fuxiao.datasets.store import Store
from fuxiao.engine import schema
from fuxiao.engine.facts import CUT_OFF, FactPlan, FactRules, StageList
from fuxiao.engine.facts.repeats import repeat_gaps

Row = Mapping[str, Any]
Records = Mapping[str, Sequence[Row]]
"""The records of a case by dataset."""

PER_CASE = tuple(name for name, dataset in schema.DATASETS.items() if "case_id" in dataset.names())
EXPECTED = ("case_events", "visits", "surveys", "complaints", "checks", "part_lines")
"""Of these the first record may come while the month is open. Costs of cases are unknown before there are any."""
NEAR = {
    "case_id": "string", "opened_at": "int64", "resolved_at": "int64", "device_id": "string", "customer_id": "string",
    "category": "string", "fault_group": "string", "fault_code": "string", "x1": "boolean", "x2": "boolean",
}  # fmt: skip
"""What of a case decides which case is a repetition of which."""
GAPS = ("same_fault_gap", "device_gap", "customer_gap")


@dataclass(frozen=True, slots=True)
class _Filled:
    """A kept table as SQLite has it: the statement that fills it, and its columns."""

    name: str
    fill: str
    schema: ibis.Schema


class OneCase:
    """Derives the fact rows of single cases, over the calendars, service levels and memberships of a store."""

    def __init__(
        self,
        store: Store,
        *,
        moments: tuple[int, int],
        tables: Mapping[str, Collection[str]],
        present: Iterable[str],
    ) -> None:
        """``moments``: between these (epoch seconds) lie all that records name; ``tables`` are the wanted facts with
        their columns.

        ``present`` are the datasets that there are records of.
        """
        from ibis.backends.sqlite import udf

        self._lite = sqlite3.connect(":memory:", isolation_level=None, cached_statements=1000, check_same_thread=False)
        udf.register_all(self._lite)
        self._records = columns_of(store)
        for name, columns in self._records.items():
            self._create(GIVEN + name, columns.names)
        for name in ("memberships", "people", "teams"):
            self._insert(GIVEN + name, self._records[name].names, store.execute(store.records(name)).to_pylist())
        shape = self._shape(store, moments, frozenset({*present, *EXPECTED}))
        self._stages: list[_Filled] = []
        self._facts = self._prepared(shape.queries(in_sqlite), tables)
        self._create("near", tuple(NEAR))
        self._gap_stages = [self._filled(stage) for stage in FactQueries("gaps", _gap_plan, in_sqlite).whole()]

    def close(self) -> None:
        self._lite.close()

    def derive(self, records: Records, *, now: int) -> dict[str, list[dict[str, Any]]]:
        """The fact rows of one case as of ``now`` (epoch seconds), by table, from all its records.

        Gaps to following cases are null: they need those cases, see ``gaps``.
        """
        for name in PER_CASE:
            self._lite.execute(f"DELETE FROM {GIVEN}{name}")
            if rows := records.get(name):
                self._insert(GIVEN + name, self._records[name].names, rows)
        for stage in self._stages:
            self._refill(stage, now)
        return {name: list(self._read(stage)) for name, stage in self._facts.items()}

    def gaps(self, near: Iterable[Row], *, now: int) -> dict[str, dict[str, Any]]:
        """The gaps from each of these cases to the next among them, by case; rows have the columns of ``NEAR``."""
        self._lite.execute("DELETE FROM near")
        self._insert("near", tuple(NEAR), near)
        for stage in self._gap_stages:
            self._refill(stage, now)
        return {row["case_id"]: row for row in self._read(self._gap_stages[-1])}

    def _shape(self, store: Store, moments: tuple[int, int], present: frozenset[str]) -> Shape:
        """What the queries depend on, with the tables of days put where they read them."""
        calendars = read_calendars(store.home, store.settings)
        rules: FactRules = fact_rules(store.settings, read_policies(store.home, calendars), cut_off=CUT_OFF)
        days = moments[0] // DAY_SECONDS - BEFORE_DAYS, moments[1] // DAY_SECONDS + AFTER_DAYS
        found = lookup_tables(calendars, rules, zone=store.settings.zone, span=days)
        for name, table in found.tables.items():
            self._look_up(GIVEN + name, table)
        return Shape.of(self._records, rules, found, present=present)

    def _look_up(self, name: str, table: pa.Table) -> None:
        """A table of days as a table here, found by its first column."""
        # Typed: SQLite leaves an index of untyped columns aside where a cast is compared with them.
        self._create(name, table.column_names, kind="INTEGER")
        self._insert(name, table.column_names, table.to_pylist())
        self._lite.execute(f'CREATE INDEX by_{name} ON {name} ("{table.column_names[0]}")')

    def _prepared(self, queries: FactQueries, wanted: Mapping[str, Collection[str]]) -> dict[str, _Filled]:
        """All stages that the wanted tables need; what no case changes is computed now and never again."""
        moving = {GIVEN + name for name in PER_CASE}
        filled = {}
        for stage in queries.only(wanted):
            filled[stage.name] = made = self._filled(stage)
            if moving.intersection(stage.sources):
                moving.add(stage.name)
                self._stages.append(made)
            else:
                self._refill(made, 0)
                self._index(made, "person")
        return {name: filled[queries.tables[name].name] for name in wanted}

    def _filled(self, stage: WrittenStage) -> _Filled:
        self._create(stage.name, tuple(stage.types))
        query = re.sub(rf"\b{CUT_OFF}\b", ":now", stage.query)
        return _Filled(stage.name, f"INSERT INTO {stage.name} {query}", ibis.schema(stage.types))

    def _index(self, stage: _Filled, column: str) -> None:
        if column in stage.schema.names:
            self._lite.execute(f"CREATE INDEX by_{stage.name} ON {stage.name} ({column})")

    def _refill(self, stage: _Filled, now: int) -> None:
        self._lite.execute(f"DELETE FROM {stage.name}")
        self._lite.execute(stage.fill, {"now": now} if ":now" in stage.fill else {})

    def _read(self, stage: _Filled) -> Iterator[dict[str, Any]]:
        readers = [_reader(kind) for kind in stage.schema.types]
        for row in self._lite.execute(f"SELECT * FROM {stage.name}"):
            yield {
                name: None if value is None else read(value)
                for name, read, value in zip(stage.schema.names, readers, row, strict=True)
            }

    def _create(self, name: str, columns: Sequence[str], *, kind: str = "") -> None:
        self._lite.execute(f"CREATE TABLE {name} ({', '.join(f'{_quoted(column)} {kind}' for column in columns)})")

    def _insert(self, name: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        marks = ", ".join("?" * len(columns))
        values = ([_plain(row.get(column)) for column in columns] for row in rows)
        self._lite.executemany(f"INSERT INTO {name} VALUES ({marks})", values)


def in_sqlite(table: ir.Table) -> str:
    """SQL that SQLite does not refuse as nested too deep: queries inside queries are named, side by side."""
    nested = sqlglot.parse_one(str(ibis.to_sql(table, dialect="sqlite")), read="sqlite")
    return eliminate_subqueries(nested).sql(dialect="sqlite")


def _gap_plan() -> FactPlan:
    """The gaps from each of the cases of ``near`` to the next among them."""
    stages = StageList("near")
    near = ibis.table(NEAR, name="near")
    gaps = near.select("case_id")
    for found in repeat_gaps(stages.keep, near):
        gaps = gaps.left_join(found, "case_id").drop("case_id_right")
    stages.keep("gaps", gaps)
    return FactPlan(tuple(stages), {"gaps": stages.last})


def _reader(kind: dt.DataType) -> Callable[[object], object]:
    """How a value of SQLite becomes one of the type again; decimals have so few digits that floats hold them."""
    if kind.is_boolean():
        return bool
    if isinstance(kind, dt.Decimal):
        step = Decimal(1).scaleb(-(kind.scale or 0))
        return lambda value: Decimal(repr(value)).quantize(step)
    return lambda value: value


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
