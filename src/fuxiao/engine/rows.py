"""The rows behind a figure: which facts fall into a period, belong to whom, are left out why, and contribute what.

Values and drill-down are both made of these pieces, which is why the rows under a figure add up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_

import ibis
from ibis.expr import types as ir

from fuxiao.core.errors import CalculationError, UnknownName
from fuxiao.core.period import DAYS_IN, MONTHS_IN, WEEK_SHIFT, PeriodKind, day_number, from_index
from fuxiao.engine.definition import PERIOD_END, SNAPSHOT, Formula, Part
from fuxiao.engine.expression import build, names_in, parse
from fuxiao.engine.expression.nodes import Literal
from fuxiao.engine.fact_tables import FACT_TABLES, FactTable, Kind

PERIOD = "period"
NUMBER = "decimal(18,6)"
"""What a row contributes of a number: six places, so that sums are exact and the same on every engine."""


FIGURE = frozenset({
    PERIOD, "indicator", "subject", "value", "n", "numerator", "denominator", "low", "high", "standing", "provisional",
})  # fmt: skip
"""Columns that every figure has of its own: no facts are grouped by a column of such a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is asked for: groups, periods (numbers of one kind, both ends included) and the clock.

    ``by`` holds ``person``, ``team``, ``company`` or columns of the fact tables; several make finer groups.
    ``only`` keeps the named members of the first group.
    """

    by: tuple[str, ...] = ("company",)
    kind: PeriodKind = PeriodKind.MONTH
    first: int
    last: int
    clock: str = "business"
    only: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.by or len(set(self.by)) < len(self.by) or FIGURE.intersection(self.by):
            raise CalculationError("values.groups", by=", ".join(self.by))
        if self.first > self.last:
            first, last = (from_index(self.kind, index).key for index in (self.first, self.last))
            raise CalculationError("values.periods", first=first, last=last)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that name a group in results; the company is one group and needs none."""
        return tuple(name for name in self.by if name != "company")


@dataclass(frozen=True, slots=True)
class Facts:
    """The physical fact tables with their declarations (dimensions included), and the tree of teams.

    ``team_paths`` (team, ancestor) says which teams a team is part of, itself included; without it a team is
    only itself.
    """

    tables: Mapping[str, ir.Table]
    declared: Mapping[str, FactTable]
    team_paths: ir.Table | None = None

    def formula(self, formula: Formula, part: Part, rows: ir.Table, scope: Scope) -> ir.Value:
        """The expression of ``formula`` over ``rows``, under the clock asked for."""
        return build(formula.node, self.declared[part.dataset], rows, clock=scope.clock)


def facts_of(
    tables: Mapping[str, ir.Table], *, team_paths: ir.Table | None = None, known: Mapping[str, FactTable] = FACT_TABLES
) -> Facts:
    """Fact tables as they stand in the store; columns beyond the declaration are dimensions when they are text."""
    declared = {name: known[name].with_dimensions(_extra(known[name], rows)) for name, rows in tables.items()}
    return Facts(dict(tables), declared, team_paths)


def _extra(table: FactTable, rows: ir.Table) -> list[str]:
    mine = table.schema()
    return [name for name, dtype in rows.schema().items() if name not in mine and dtype.is_string()]


def period_of_rows(rows: ir.Table, anchor: str, kind: PeriodKind) -> ir.IntegerColumn:
    """The number of the period each row falls into, null where the anchor is not known."""
    if months := MONTHS_IN.get(kind):
        month = rows[f"{anchor}_month"]
        return month.cast("int32") if months == 1 else (month // months).cast("int32")
    day = rows[f"{anchor}_day"]
    return ((day + WEEK_SHIFT[kind]) // DAYS_IN[kind]).cast("int32")


def _within(rows: ir.Table, anchor: str, scope: Scope) -> ir.BooleanColumn:
    """The bare column between two numbers, which a Parquet reader can use to skip files."""
    if months := MONTHS_IN.get(scope.kind):
        return rows[f"{anchor}_month"].between(scope.first * months, scope.last * months + months - 1)
    days, shift = DAYS_IN[scope.kind], WEEK_SHIFT[scope.kind]
    return rows[f"{anchor}_day"].between(scope.first * days - shift, scope.last * days + days - 1 - shift)


def key_column(table: FactTable, part: Part, name: str) -> str | None:
    """The physical column that groups ``part`` by ``name``; ``None`` where its credit names no person."""
    if name == "person":
        return table.credits[part.credit].person
    if name == "team":
        return table.credits[part.credit].team
    if table.column(name) is None:
        raise UnknownName("column", name, table.names())
    return name


def columns_of(facts: Facts, part: Part, scope: Scope) -> list[str]:
    """The physical columns that the part reads, its groups included."""
    table = facts.declared[part.dataset]
    nodes = [formula.node for formula in part.formulas()] + [parse(table.exclusions[r]) for r in part.exclusions]
    names = sorted(frozenset().union(*(names_in(node) for node in nodes)) - {PERIOD_END})
    known = [column.physical(scope.clock) for name in names if (column := table.column(name)) is not None]
    return list(dict.fromkeys([*known, *(str(key_column(table, part, name)) for name in scope.keys)]))


def anchor_columns(part: Part, scope: Scope) -> list[str]:
    """The physical columns that place the part's rows in periods."""
    anchors = ("opened", "ended") if part.period == SNAPSHOT else (part.period,)
    return [f"{anchor}_{'month' if scope.kind in MONTHS_IN else 'day'}" for anchor in anchors]


def placed(facts: Facts, part: Part, scope: Scope, *, keep: Iterable[str] = ()) -> ir.Table:
    """The rows of the part's table in the periods and groups asked for; for a snapshot a row for each period end.

    Rows nobody is credited with belong to no group. They have the columns that the part reads and those of ``keep``:
    the time that an expression takes to build and to compile grows with the columns it carries along.
    """
    needed = dict.fromkeys([*columns_of(facts, part, scope), *keep])
    rows = facts.tables[part.dataset].select(*dict.fromkeys([*needed, *anchor_columns(part, scope)]))
    table = facts.declared[part.dataset]
    columns = {name: str(key_column(table, part, name)) for name in scope.keys}
    wanted = [rows[column].notnull() for name, column in columns.items() if name in ("person", "team")]
    if scope.only and scope.keys[:1] not in ((), ("team",)):
        wanted.append(_member(rows[columns[scope.keys[0]]], scope.keys[0]).isin(scope.only))
    if part.period != SNAPSHOT:
        return rows.filter(_within(rows, part.period, scope), *wanted)
    return _crossing(rows.filter(*wanted) if wanted else rows, scope, needed)


def keys_of(facts: Facts, part: Part, rows: ir.Table, scope: Scope) -> dict[str, ir.Column]:
    """The group columns and ``period`` of placed rows, by name; an unknown member of a dimension is ``""``."""
    table = facts.declared[part.dataset]
    keys = {name: _member(rows[str(key_column(table, part, name))], name) for name in scope.keys}
    period = rows[PERIOD] if part.period == SNAPSHOT else period_of_rows(rows, part.period, scope.kind)
    return {**keys, PERIOD: period}


def _member(column: ir.Column, name: str) -> ir.StringColumn:
    """The name of a group as text."""
    text = column if column.type().is_string() else column.cast("string")
    return text if name in ("person", "team") else text.fill_null("")


def _crossing(rows: ir.Table, scope: Scope, keep: Iterable[str]) -> ir.Table:
    """One row for each period end at which a case was open: only cases that cross several are multiplied."""
    since = period_of_rows(rows, "opened", scope.kind)
    until = period_of_rows(rows, "ended", scope.kind).fill_null(scope.last + 1)
    rows = rows.filter(since < until, since <= scope.last, until > scope.first)
    rows = rows.select(*keep, **{PERIOD: _ends(since, until, scope)})
    return rows.mutate(**{PERIOD_END: _last_day(rows[PERIOD], scope)})


def _ends(since: ir.IntegerColumn, until: ir.IntegerColumn, scope: Scope) -> ir.IntegerValue:
    """The periods asked for from ``since`` up to before ``until``, each in a row of its own."""
    if scope.first == scope.last:
        return ibis.literal(scope.first, type="int32")
    first = (since < scope.first).ifelse(scope.first, since)
    last = (until > scope.last).ifelse(scope.last + 1, until)
    return ibis.range(first, last).unnest().cast("int32")


def _last_day(period: ir.IntegerColumn, scope: Scope) -> ir.IntegerValue:
    """The epoch day on which a period ends (its last day); months are looked up, being of unequal length."""
    if scope.kind not in MONTHS_IN:
        return (period + 1) * DAYS_IN[scope.kind] - WEEK_SHIFT[scope.kind] - 1
    ends = [day_number(from_index(scope.kind, index).end) - 1 for index in range(scope.first, scope.last + 1)]
    return ibis.literal(ends, type="array<int64>")[period - scope.first]


def excluded_flags(facts: Facts, part: Part, rows: ir.Table) -> dict[str, ir.BooleanValue]:
    """For each reason of the part, in order, whether a row is left out for it (never null)."""
    table = facts.declared[part.dataset]
    flags = {reason: build(parse(table.exclusions[reason]), table, rows) for reason in part.exclusions}
    return {
        reason: flag if table.exclusions[reason] in table.columns else flag.fill_null(ibis.literal(value=False))
        for reason, flag in flags.items()
    }


def conditions(facts: Facts, part: Part, rows: ir.Table, scope: Scope) -> list[ir.BooleanValue]:
    """What must be true of a row for it to count: not excluded, in the filter, and the guard (``1`` counts all)."""
    made: list[ir.BooleanValue] = [~flag for flag in excluded_flags(facts, part, rows).values()]
    if part.where is not None:
        made.append(facts.formula(part.where, part, rows, scope))
    if part.guard is not None and not _always(part.guard):
        guard = facts.formula(part.guard, part, rows, scope)
        made.append(guard if part.guard.kind is Kind.FLAG else guard.notnull())
    return made


def _always(guard: Formula) -> bool:
    return isinstance(guard.node, Literal) and guard.node.value not in (None, False)


def contribution(facts: Facts, part: Part, rows: ir.Table, scope: Scope) -> ir.NumericValue:
    """What a counted row adds: 1 or 0 for a flag (unknown: 0), whole seconds or minor units, or six places."""
    if part.value is None:
        return ibis.literal(1, type="int64")
    value = facts.formula(part.value, part, rows, scope)
    if part.value.kind is Kind.FLAG:
        return value.ifelse(1, 0).cast("int64")
    return value.cast(NUMBER) if part.value.kind is Kind.NUMBER else value.cast("int64")


def every(conditions: Iterable[ir.BooleanValue]) -> ir.BooleanValue | None:
    """All of them at once; ``None`` for no condition."""
    found = list(conditions)
    return reduce(and_, found) if found else None
