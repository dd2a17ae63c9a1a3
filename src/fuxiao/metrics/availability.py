"""Which indicators a home's data can answer at all, and which columns the others wait for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from ibis.expr import operations as ops
from ibis.expr import types as ir

from fuxiao.engine.compile import unanswerable
from fuxiao.engine.definition import PERIOD_END, SNAPSHOT, Indicator, Part
from fuxiao.engine.fact_tables import FACT_TABLES, FactTable
from fuxiao.engine.rows import Facts, Scope, anchor_columns, columns_of, key_column
from fuxiao.metrics.source import TEAM_PATHS, FactStore, facts_in


def available(
    indicators: Iterable[Indicator], store: FactStore, *, scope: Scope | None = None
) -> Mapping[str, tuple[str, ...]]:
    """For each indicator the columns it needs that hold nothing at all, as ``table.column``; none: it can be computed.

    With ``scope`` the column that the groups come from is needed too (``cases.a1`` for persons).
    """
    facts = facts_in(store)
    needs = {each.code: _needs(each.by(scope.keys if scope else ()), facts, scope) for each in indicators}
    empty = _empty_columns(store, facts, {column for needed in needs.values() for column in needed})
    return {code: tuple(f"{t}.{c}" for t, c in needed if (t, c) in empty) for code, needed in needs.items()}


Column = tuple[str, str]


def columns_read(indicators: Iterable[Indicator], facts: Facts, scope: Scope) -> dict[str, set[str]]:
    """All columns of the fact tables, as far as they are there, that ``compute_values`` may read for these values."""
    wanted: dict[str, set[str]] = {}
    for indicator in (each.by(scope.keys) for each in indicators):
        needed = set(_needs(indicator, facts, scope))
        if unanswerable(indicator, facts, scope) is None:
            for part in parts_of(indicator):
                names = [*columns_of(facts, part, scope), *anchor_columns(part, scope)]
                needed |= {(part.dataset, name) for name in names}
        for dataset, column in needed:
            wanted.setdefault(dataset, set()).add(column)
    if "team" in scope.keys and facts.team_paths is not None:
        wanted[TEAM_PATHS] = set(facts.team_paths.columns)
    there = {**facts.tables, TEAM_PATHS: facts.team_paths}
    return {
        name: found
        for name, columns in wanted.items()
        if (table := there.get(name)) is not None and (found := columns & set(table.columns))
    }


def parts_of(indicator: Indicator) -> list[Part]:
    """Numerator, denominator and sample, as far as there are any."""
    return [part for part in (indicator.numerator, indicator.denominator, indicator.sample) if part is not None]


def _needs(indicator: Indicator, facts: Facts, scope: Scope | None) -> list[Column]:
    """The physical columns without which the indicator has no meaning, in a steady order."""
    parts = parts_of(indicator)
    found: dict[Column, None] = {}
    for part in parts:
        table = facts.declared.get(part.dataset, FACT_TABLES[part.dataset])
        extra = indicator.needs if part is parts[0] else ()
        names = sorted(name for name in {*part.needs(), *extra} if name != PERIOD_END)
        anchor = "opened" if part.period == SNAPSHOT else part.period
        columns = [f"{anchor}_month", *(_physical(table, name, scope) for name in names)]
        columns += [table.exclusions[r] for r in part.exclusions if table.exclusions[r] in table.columns]
        if scope is not None and unanswerable(indicator, facts, scope) is None:
            columns += [str(key_column(table, part, name)) for name in scope.keys]
        found.update(dict.fromkeys((part.dataset, column) for column in columns))
    return list(found)


def _physical(table: FactTable, name: str, scope: Scope | None) -> str:
    column = table.column(name)
    return column.physical(scope.clock if scope else "calendar") if column else name


def _empty_columns(store: FactStore, facts: Facts, columns: set[Column]) -> set[Column]:
    """Those of ``columns`` that are not there or hold no value; one scan a table."""
    empty: set[Column] = set()
    for name in sorted({table for table, _ in columns}):
        wanted = sorted(column for table, column in columns if table == name)
        there = [c for c in wanted if name in facts.tables and c in facts.tables[name].columns]
        empty |= {(name, c) for c in wanted if c not in there}
        if there:
            counts = store.execute(_counts(facts.tables[name].op(), tuple(there))).to_pylist()[0]
            empty |= {(name, c) for c in there if not counts[c]}
    return empty


@lru_cache(maxsize=128)
def _counts(table: ops.Relation, columns: tuple[str, ...]) -> ir.Table:
    """How many values each column has; the question is the same in every store with such a table."""
    rows = table.to_expr()
    return rows.aggregate(**{column: rows[column].count() for column in columns})
