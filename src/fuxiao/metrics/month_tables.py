"""The facts of one month in memory, replaced case by case while the month runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from fuxiao.core.period import Period
from fuxiao.datasets.one_case import GAPS, NEAR
from fuxiao.datasets.store import Store
from fuxiao.engine.facts import SORTED_BY
from fuxiao.engine.rows import Facts, facts_of
from fuxiao.metrics.month_facts import table_of
from fuxiao.metrics.source import TEAM_PATHS

ALONE = ("complaint_id", "cost_id", "check_id", "line_id")
"""What names a record that may belong to no case."""
GAPS_TABLE = table_of("near")
Values = Mapping[str, Any]


class MonthTables:
    """The month's rows of the fact tables, each as wide as is asked of it, on a connection of their own."""

    def __init__(self, store: Store, month: Period, wanted: Mapping[str, Iterable[str]]) -> None:
        """``wanted`` names the columns of each fact table; the tree of teams is kept whole."""
        self._store, self._month = store, month
        self.raw = store.scratch()
        """The connection, for those who ask in SQL."""
        self._with_case: dict[str, set[str]] = {}
        self.names = tuple(wanted)
        if TEAM_PATHS in wanted:
            self._keep(table_of(TEAM_PATHS), store.facts(TEAM_PATHS))
        schemas = {name: self._load(name, columns) for name, columns in wanted.items() if name != TEAM_PATHS}
        self.columns = {name: held.names for name, held in schemas.items()}
        """The columns of each fact table that are kept."""
        self.facts: Facts = facts_of({name: ibis.table(held, name=table_of(name)) for name, held in schemas.items()})

    def case_ids(self) -> pa.Table:
        """The cases that are in any of the tables."""
        tables = [table_of(name) for name, columns in self.columns.items() if "case_id" in columns]
        union = " UNION ".join(f"SELECT case_id FROM {table}" for table in tables)
        return self._read(f"SELECT case_id FROM ({union}) WHERE case_id IS NOT NULL")

    def near(self) -> pa.Table:
        """What decides which case repeats which, with the gaps as they were built."""
        return self._read(f"SELECT * FROM {GAPS_TABLE}")

    def set_gaps(self, case_id: str, gaps: Mapping[str, int | None]) -> None:
        """Other gaps from a case to the next one."""
        if held := {name: gap for name, gap in gaps.items() if name in self.columns["cases"]}:
            self._update(case_id, held)

    def replace_case(self, name: str, case_id: str, rows: Sequence[Values]) -> None:
        """The rows of a case in a table, in as few statements as will do: each takes a millisecond."""
        known = self._with_case[name]
        if name == "cases" and rows and case_id in known:
            self._update(case_id, {column: rows[0][column] for column in self.columns[name] if column != "case_id"})
        elif rows or case_id in known:
            self.replace(name, case_id, rows)
            (known.add if rows else known.discard)(case_id)

    def replace(self, name: str, key: str, rows: Sequence[Values], *, by: str = "case_id") -> None:
        """The rows of a table whose column ``by`` is ``key``."""
        columns = self.columns[name]
        self.raw.execute(f"DELETE FROM {table_of(name)} WHERE {by} = ?", [key])
        if rows:
            marks = ", ".join(["(" + ", ".join("?" * len(columns)) + ")"] * len(rows))
            values = [row[column] for row in rows for column in columns]
            self.raw.execute(f"INSERT INTO {table_of(name)} VALUES {marks}", values)

    def _load(self, name: str, columns: Iterable[str]) -> ibis.Schema:
        rows, kept_as = self._store.facts(name), table_of(name)
        declared = [column for column in columns if column in rows.columns]
        own = [column for column in ("case_id", *ALONE) if column in rows.columns]
        kept = rows.filter(_live(rows, self._month.index)).order_by([c for c in SORTED_BY[name] if c in rows.columns])
        table = kept.select(*dict.fromkeys([*own, *declared]))
        self._keep(kept_as, table)
        if name == "cases":
            self._keep(GAPS_TABLE, kept.select(*NEAR, *GAPS))
        if "case_id" in own:
            self.raw.execute(f"CREATE INDEX {kept_as}_by_case ON {kept_as} (case_id)")
            self._with_case[name] = set(self._read(f"SELECT case_id FROM {kept_as}")["case_id"].to_pylist())
        return table.schema()

    def _keep(self, name: str, table: ir.Table) -> None:
        self.raw.register("incoming_live", self._store.execute(table))
        self.raw.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming_live")
        self.raw.unregister("incoming_live")

    def _update(self, case_id: str, values: Values) -> None:
        marks = ", ".join(f"{name} = ?" for name in values)
        self.raw.execute(f"UPDATE {table_of('cases')} SET {marks} WHERE case_id = ?", [*values.values(), case_id])

    def _read(self, query: str) -> pa.Table:
        return self.raw.sql(query).to_arrow_table()


def _live(rows: ir.Table, month: int) -> ir.BooleanValue:
    """Placed in the month by any anchor, or not resolved yet."""
    anchors = [rows[name] == month for name in rows.columns if name.endswith("_month")]
    unresolved = [rows.resolved_at.isnull()] if "resolved_at" in rows.columns else []
    return reduce(lambda a, b: a | b, [*(each.fill_null(ibis.literal(value=False)) for each in anchors), *unresolved])
