"""Many indicators in few scans: one aggregate for each fact table, anchor and credit, whatever the number of figures.

A result column of an indicator is named ``<CODE>__num``, ``__den``, ``__n`` (numerator, denominator, counted facts),
``__pct`` (percentile) or ``__sq`` (sum of squares); columns that would hold the same are computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ibis.expr import operations as ops
from ibis.expr import types as ir

from fuxiao.engine.definition import Indicator, Part
from fuxiao.engine.rows import PERIOD, Facts, Scope, columns_of, key_column, keys_of, placed
from fuxiao.engine.wanted import Want, exclusion_columns, value_columns

DIGITS = 6
"""Places of a percentile: below them two engines may differ."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One scan: ``expr`` gives a row a group and period; ``columns`` maps (code, part) to its column there."""

    expr: ir.Table
    keys: tuple[str, ...]
    columns: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The scans for all indicators; ``unanswered`` names those that have no such groups, with the reason's code."""

    plans: tuple[Plan, ...]
    unanswered: Mapping[str, str] = field(default_factory=dict)


def compile_values(indicators: Iterable[Indicator], facts: Facts, scope: Scope, *, spreads: bool = False) -> Compiled:
    """The scans that give numerator, denominator and n of every indicator for every group and period of ``scope``.

    With ``spreads`` also the sums of squares that intervals of means are made of.
    """
    return _compiled(indicators, facts, scope, lambda each: value_columns(each, facts, scope, spreads=spreads))


def compile_exclusions(indicators: Iterable[Indicator], facts: Facts, scope: Scope) -> Compiled:
    """The scans that count, for every indicator, the facts left out by each reason (the first one that matches).

    Columns are (code, reason): rows in the indicator's own filter that are left out for that reason.
    """
    return _compiled(indicators, facts, scope, lambda each: exclusion_columns(each, facts, scope))


def _compiled(
    indicators: Iterable[Indicator], facts: Facts, scope: Scope, wanted: Callable[[Indicator], Iterable[Want]]
) -> Compiled:
    wants: list[Want] = []
    unanswered = {}
    for indicator in (each.by(scope.keys) for each in indicators):
        reason = unanswerable(indicator, facts, scope)
        if reason is not None:
            unanswered[indicator.code] = reason
        else:
            wants.extend(wanted(indicator))
    return Compiled(tuple(_plans(wants, facts, scope)), unanswered)


def _parts(indicator: Indicator) -> tuple[Part, ...]:
    parts = (indicator.numerator, indicator.denominator, indicator.sample)
    return tuple(part for part in parts if part is not None)


def unanswerable(indicator: Indicator, facts: Facts, scope: Scope) -> str | None:
    """Why there is no such figure: a table is not there, or the credit names no person, or a column is unknown."""
    for part in _parts(indicator):
        if part.dataset not in facts.tables:
            return "values.no_table"
        table = facts.declared[part.dataset]
        for name in scope.keys:
            if name not in ("person", "team") and table.column(name) is None:
                return "values.no_column"
            if key_column(table, part, name) is None:
                return "values.no_person"
    return None


# Scans


def _plans(wants: Iterable[Want], facts: Facts, scope: Scope) -> Iterator[Plan]:
    groups: dict[tuple[object, ...], list[Want]] = {}
    for want in wants:
        groups.setdefault(_scan_of(want, facts, scope), []).append(want)
    for group in groups.values():
        yield _plan(group, facts, scope)


def _scan_of(want: Want, facts: Facts, scope: Scope) -> tuple[object, ...]:
    """What must be equal for two columns to come from one scan."""
    table = facts.declared[want.part.dataset]
    keys = tuple(key_column(table, want.part, name) for name in scope.keys)
    return want.part.dataset, want.part.period, keys, want.additive or not _rolls_up(facts, scope)


def _rolls_up(facts: Facts, scope: Scope) -> bool:
    return "team" in scope.keys and facts.team_paths is not None


def _plan(wants: list[Want], facts: Facts, scope: Scope) -> Plan:
    part, additive = wants[0].part, wants[0].additive
    paths = facts.team_paths if "team" in scope.keys else None
    keep = [column for want in wants for column in columns_of(facts, want.part, scope)]
    rows = placed(facts, part, scope, keep=keep)
    if paths is not None and not additive:
        rows = with_ancestors(rows, paths, str(key_column(facts.declared[part.dataset], part, "team")))
    rows, own = _hoisted(rows, wants)
    columns: dict[tuple[str, str], str] = {}
    sums: dict[ops.Node, str] = {}
    shares: dict[ops.Node, dict[float, str]] = {}
    for want, mine in zip(wants, own, strict=True):
        made = want.make(rows, mine).op()
        if want.share is None:
            columns[want.code, want.name] = sums.setdefault(made, want.column)
        else:
            columns[want.code, want.name] = shares.setdefault(made, {}).setdefault(want.share, want.column)
    expr = _aggregated(rows, keys_of(facts, part, rows, scope), sums, shares)
    if paths is not None and additive:
        expr = _rolled_up(expr, paths, scope)
    if scope.only and scope.keys[:1] == ("team",):
        expr = expr.filter(expr.team.isin(scope.only))
    return Plan(expr, (*scope.keys, PERIOD), columns)


def _aggregated(
    rows: ir.Table,
    keys: Mapping[str, ir.Value],
    sums: Mapping[ops.Node, str],
    shares: Mapping[ops.Node, Mapping[float, str]],
) -> ir.Table:
    """The rows grouped; all percentiles of the same values come from one list of them, three times as fast."""
    lists = {f"pct_{at}": values for at, values in enumerate(shares)}
    aggregates = {name: op.to_expr() for op, name in sums.items()}
    arrays = {name: op.to_expr().quantile(list(shares[op])) for name, op in lists.items()}
    expr = rows.group_by(**keys).aggregate(**aggregates, **arrays)
    if not shares:
        return expr
    percentiles = {
        column: expr[name][at].round(DIGITS)
        for name, op in lists.items()
        for at, column in enumerate(shares[op].values())
    }
    return expr.select(*keys, *aggregates, **percentiles)


def _hoisted(rows: ir.Table, wants: list[Want]) -> tuple[ir.Table, list[list[ir.BooleanValue]]]:
    """The rows filtered by the conditions that all columns share, and the conditions left to each column."""
    before = _conditions(rows, wants)
    common = set.intersection(*({condition.op() for condition in mine} for mine in before))
    if not common:
        return rows, before
    rows = rows.filter(*(op.to_expr() for op in dict.fromkeys(c.op() for c in before[0]) if op in common))
    after = _conditions(rows, wants)
    return rows, [
        [new for old, new in zip(olds, news, strict=True) if old.op() not in common]
        for olds, news in zip(before, after, strict=True)
    ]


def _conditions(rows: ir.Table, wants: Iterable[Want]) -> list[list[ir.BooleanValue]]:
    """The conditions of each column, built once for all that have the same."""
    known: dict[Hashable, list[ir.BooleanValue]] = {}
    for want in wants:
        if want.rows not in known:
            known[want.rows] = want.conditions(rows)
    return [known[want.rows] for want in wants]


def with_ancestors(rows: ir.Table, paths: ir.Table, team: str) -> ir.Table:
    """Each row once for every team that its team is part of, itself included; a team nobody knows stays alone."""
    known = paths.select(path_team="team", path_ancestor="ancestor")
    joined = rows.left_join(known, rows[team] == known.path_team)
    return joined.mutate(**{team: joined.path_ancestor.coalesce(joined[team])}).drop("path_team", "path_ancestor")


def _rolled_up(expr: ir.Table, paths: ir.Table, scope: Scope) -> ir.Table:
    """Sums of teams become sums of the teams they are part of."""
    lifted = with_ancestors(expr, paths, "team")
    keys = (*scope.keys, PERIOD)
    return lifted.group_by(*keys).aggregate(**{c: lifted[c].sum() for c in lifted.columns if c not in keys})
