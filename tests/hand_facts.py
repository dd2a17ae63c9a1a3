"""Small fact tables written by hand, and a store that holds them in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr import types as ir

from fuxiao.datasets.beside import beside
from fuxiao.engine.fact_tables import FACT_TABLES
from fuxiao.engine.rows import Facts, facts_of

OCTOBER = 2026 * 12 + 9
"""The number of October 2026 among the months."""
DAY = 20_736
"""2026-10-10 in epoch days."""
PATHS = {"team": "string", "ancestor": "string"}


def table_of(name: str, rows: Iterable[Mapping[str, Any]], **dimensions: str) -> pa.Table:
    """Rows of a fact table; what is not written is null, an exclusion flag false."""
    schema = {**(FACT_TABLES[name].schema() if name in FACT_TABLES else PATHS), **dimensions}
    given = list(rows)
    unknown = {key for row in given for key in row} - set(schema)
    assert not unknown, unknown
    empty = {column: False if column in ("x1", "x2", "x3", "x7", "x9", "x10") else None for column in schema}
    arrow = ibis.schema(schema).to_pyarrow()
    columns = {c: _column([{**empty, **row}[c] for row in given], arrow.field(c).type) for c in schema}
    return pa.table(columns, schema=arrow)


def _column(cells: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(kind):
        cells = [None if cell is None else Decimal(str(cell)) for cell in cells]
    return pa.array(cells, kind)


class HandStore:
    """What ``metrics`` asks of a store, over tables in memory."""

    def __init__(self, **tables: Iterable[Mapping[str, Any]] | pa.Table) -> None:
        self.backend = ibis.duckdb.connect()
        made = {n: rows if isinstance(rows, pa.Table) else table_of(n, rows) for n, rows in tables.items()}
        self.tables = {name: ibis.memtable(rows) for name, rows in made.items()}
        self.manifest = SimpleNamespace(facts=dict.fromkeys(self.tables))

    def facts(self, name: str) -> ir.Table:
        return self.tables[name]

    def execute(self, expr: ir.Expr) -> pa.Table:
        return self.backend.to_pyarrow(expr)

    def beside(self, exprs: Sequence[ir.Table], keys: Sequence[str]) -> pa.Table:
        return beside(map(self.execute, exprs), keys)

    @property
    def all_facts(self) -> Facts:
        known = {name: rows for name, rows in self.tables.items() if name in FACT_TABLES}
        return facts_of(known, team_paths=self.tables.get("team_paths"))


def case(number: int, **columns: Any) -> dict[str, Any]:
    """A case opened and resolved in October 2026."""
    return {
        "case_id": f"C{number}", "opened_month": OCTOBER, "opened_day": DAY, "resolved_month": OCTOBER,
        "resolved_day": DAY, "judged_month": OCTOBER, "judged_day": DAY, "first_resolved_month": OCTOBER,
        "first_resolved_day": DAY, "resolved": True, "answered": True, "reopens": 0, "transfers": 0, "handoffs": 0,
        "contacts": 1, "visits": 0, **columns,
    }  # fmt: skip


def event(**columns: Any) -> dict[str, Any]:
    """A row of an event table in October 2026."""
    return {"event_month": OCTOBER, "event_day": DAY, **columns}
