"""Examples kept with an indicator: a few rows and the value they have to give, computed by the engine itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr import types as ir

from fuxiao.core.errors import InputError
from fuxiao.core.period import Period
from fuxiao.datasets.store import Store
from fuxiao.engine.compile import compile_values
from fuxiao.engine.definition import SNAPSHOT, Indicator
from fuxiao.engine.fact_tables import FactTable, Kind
from fuxiao.engine.rows import Scope, facts_of
from fuxiao.metrics.recipe import cell_of, example_rows


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an example gave, and whether that is what was expected (``None`` both where no row counts)."""

    value: Decimal | None
    expected: Decimal | None

    @property
    def holds(self) -> bool:
        return self.value == self.expected


def try_example(
    store: Store, indicator: Indicator, table: FactTable, *, rows: str, expected: str, period: Period
) -> Outcome:
    """The indicator over these rows alone, placed in ``period``. ``InputError`` for rows that cannot be read."""
    facts = facts_of({table.name: _table(table, rows, period)})
    scope = Scope(by=("company",), kind=period.kind, first=period.index, last=period.index, clock="business")
    compiled = compile_values([indicator], facts, scope, spreads=False)
    found: dict[str, Any] = {}
    for plan in compiled.plans:
        answer = store.execute(plan.expr).to_pylist()
        for (_code, part), name in plan.columns.items():
            found[part] = answer[0][name] if answer else None
    return Outcome(_value(indicator, found), _expected(expected))


def _value(indicator: Indicator, found: Mapping[str, Any]) -> Decimal | None:
    above = found.get("pct") if indicator.percentile is not None else found.get("num")
    below = found.get("den") if indicator.denominator is not None else 1
    if not found.get("n") or not below:
        return None
    scaled = Decimal(str(above or 0)) / Decimal(str(below)) * indicator.scale.numerator / indicator.scale.denominator
    return round(scaled, 2)


def _expected(text: str) -> Decimal | None:
    bare = text.strip().rstrip("%％").strip()
    try:
        return round(Decimal(bare), 2) if bare else None
    except ArithmeticError as error:
        raise InputError("rules.example_value", value=text) from error


def _table(table: FactTable, text: str, period: Period) -> ir.Table:
    """A fact table of the example's rows; what they do not say is unknown, nothing is excluded unless they say so."""
    schema = {**table.schema(), **dict.fromkeys(table.dimensions, "string")}
    rows = [_numbered(table, place) | _row(table, row, period, schema) for place, row in enumerate(example_rows(text))]
    arrow = ibis.schema(schema).to_pyarrow()
    columns = {name: pa.array([row[name] for row in rows], arrow.field(name).type) for name in schema}
    return ibis.memtable(pa.table(columns, schema=arrow))


def _row(table: FactTable, given: Mapping[str, str], period: Period, schema: Mapping[str, str]) -> dict[str, Any]:
    numbered = {name for name in table.id if name in schema}
    made: dict[str, Any] = dict.fromkeys(name for name in schema if name not in numbered)
    for anchor in table.anchors:
        made |= {f"{anchor}_day": _day(period), f"{anchor}_month": period.start.year * 12 + period.start.month - 1}
    flags = [name for name, column in table.columns.items() if column.kind is Kind.FLAG and name.startswith("x")]
    made |= dict.fromkeys(flags, False)
    for name, text in given.items():
        column = table.column(name)
        if column is None or column.physical("business") not in schema:
            raise InputError("rules.example_column", name=name, known=table.names()[:12])
        try:
            made[column.physical("business")] = cell_of(text, column.kind)
        except ArithmeticError as error:
            raise InputError("rules.example_cell", name=name, value=text) from error
    return made


def _numbered(table: FactTable, place: int) -> dict[str, Any]:
    """Rows have a number of their own, as in the lake."""
    known = ((name, table.column(name)) for name in table.id)
    return {name: str(place) if column and column.kind is Kind.TEXT else place for name, column in known}


def _day(period: Period) -> int:
    return (period.start - type(period.start)(1970, 1, 1)).days


def can_have_examples(indicator: Indicator) -> bool:
    """Of one table and not of what is open at the end of a period."""
    below = indicator.denominator
    return indicator.numerator.period != SNAPSHOT and (below is None or below.dataset == indicator.numerator.dataset)
