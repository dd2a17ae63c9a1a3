"""The same definition with the aggregate taken off: the rows under a figure, which add up to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce

import ibis
from ibis.expr import types as ir

from fuxiao.engine.compile import unanswerable, with_ancestors
from fuxiao.engine.definition import Indicator, Part
from fuxiao.engine.fact_tables import FactTable
from fuxiao.engine.rows import (
    PERIOD,
    Facts,
    Scope,
    columns_of,
    conditions,
    contribution,
    every,
    excluded_flags,
    key_column,
    keys_of,
    placed,
)

TOTAL = "decimal(38,6)"
SIDES = ("numerator", "denominator", "n")
FIRST = ("dataset", "record", "case_id")


def compile_rows(indicator: Indicator, facts: Facts, scope: Scope) -> ir.Table | None:
    """The facts under the figures of ``scope``, counted and left out; ``None`` where there is no such figure.

    Columns: ``dataset``; ``record`` (the row's own number there); ``case_id`` (null without a case); the group columns;
    ``period`` (a number, as in the figures); ``numerator``, ``denominator`` and ``n`` (what the row adds to each, null
    where it adds nothing; for a percentile ``numerator`` is the measured value); ``reason`` (why it is left out, null
    where it is not). Adding up a column over a group and period gives the figure's own.
    """
    chosen = indicator.by(scope.keys)
    if unanswerable(chosen, facts, scope) is not None:
        return None
    sides = {"numerator": chosen.numerator, "denominator": chosen.denominator, "n": chosen.sample}
    groups: dict[Part, dict[str, Part]] = {}
    for name, part in sides.items():
        if part is not None:
            groups.setdefault(replace(part, guard=None, value=None), {})[name] = part
    tables = [_rows(bare, parts, facts, scope) for bare, parts in groups.items()]
    made = reduce(lambda a, b: a.union(b), tables)
    return made.order_by(PERIOD, *scope.keys, "dataset", "record")


def _rows(bare: Part, parts: Mapping[str, Part], facts: Facts, scope: Scope) -> ir.Table:
    """The rows of one table that pass its filter, with what each adds to the sides taken from it."""
    table = facts.declared[bare.dataset]
    case = ("case_id",) if "case_id" in table.columns else ()
    read = (column for part in parts.values() for column in columns_of(facts, part, scope))
    rows = placed(facts, bare, scope, keep=[*table.id, *case, *read])
    if "team" in scope.keys and facts.team_paths is not None:
        rows = with_ancestors(rows, facts.team_paths, str(key_column(table, bare, "team")))
    where = every(conditions(facts, replace(bare, exclusions=()), rows, scope))
    rows = rows if where is None else rows.filter(where)
    shown = rows.select(
        dataset=ibis.literal(bare.dataset),
        record=_record(table, rows),
        case_id=rows.case_id if case else ibis.null("string"),
        **keys_of(facts, bare, rows, scope),
        **{name: _adds(parts.get(name), facts, rows, scope) for name in SIDES},
        reason=_reason(bare, facts, rows),
    )
    if scope.only and scope.keys[:1] == ("team",):
        shown = shown.filter(shown.team.isin(scope.only))
    return shown


def _record(table: FactTable, rows: ir.Table) -> ir.StringValue:
    return reduce(lambda a, b: a + "/" + b, (rows[name].cast("string") for name in table.id))


def _adds(part: Part | None, facts: Facts, rows: ir.Table, scope: Scope) -> ir.Value:
    if part is None:
        return ibis.null(TOTAL)
    counted = every(conditions(facts, part, rows, scope))
    value = contribution(facts, part, rows, scope).cast(TOTAL)
    return value if counted is None else counted.ifelse(value, ibis.null(TOTAL))


def _reason(part: Part, facts: Facts, rows: ir.Table) -> ir.StringValue:
    """The first reason that matches, as in the counts of exclusions."""
    flags = excluded_flags(facts, part, rows)
    if not flags:
        return ibis.null("string")
    return ibis.cases(*((flag, reason) for reason, flag in flags.items()), else_=ibis.null("string"))
