"""Many indicators in few scans: one aggregate for each fact table, anchor and credit, whatever the number of figures.

A result column of an indicator is named ``<CODE>__num``, ``__den``, ``__n`` (numerator, denominator, counted facts),
``__pct`` (percentile) or ``__sq`` (sum of squares); columns that would hold the same are computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

import ibis
from ibis.expr import operations as ops
from ibis.expr import types as ir

from fuxiao.engine.definition import Indicator, Part, Spread
from fuxiao.engine.fact_tables import Kind
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


Conditions = Callable[[ir.Table], list[ir.BooleanValue]]
Make = Callable[[ir.Table, list[ir.BooleanValue]], ir.Value]


@dataclass(frozen=True, slots=True)
class _Want:
    """One column wanted: its name, the rows it is taken from, which of them count, and what is made of those."""

    code: str
    name: str
    part: Part
    conditions: Conditions
    make: Make
    additive: bool = True

    @property
    def column(self) -> str:
        return f"{self.code}__{self.name}"


def compile_values(indicators: Iterable[Indicator], facts: Facts, scope: Scope, *, spreads: bool = False) -> Compiled:
    """The scans that give numerator, denominator and n of every indicator for every group and period of ``scope``.

    With ``spreads`` also the sums of squares that intervals of means are made of.
    """
    return _compiled(indicators, facts, scope, lambda each: _wants(each, facts, scope, spreads=spreads))


def compile_exclusions(indicators: Iterable[Indicator], facts: Facts, scope: Scope) -> Compiled:
    """The scans that count, for every indicator, the facts left out by each reason (the first one that matches).

    Columns are (code, reason): rows in the indicator's own filter that are left out for that reason.
    """
    return _compiled(indicators, facts, scope, lambda each: _exclusion_wants(each, facts, scope))


def _compiled(
    indicators: Iterable[Indicator], facts: Facts, scope: Scope, wanted: Callable[[Indicator], Iterable[_Want]]
) -> Compiled:
    wants: list[_Want] = []
    unanswered = {}
    for indicator in (each.by(scope.keys) for each in indicators):
        reason = unanswerable(indicator, facts, scope)
        if reason is not None:
            unanswered[indicator.code] = reason
        else:
            wants.extend(wanted(indicator))
    return Compiled(tuple(_plans(wants, facts, scope)), unanswered)


def wide(plans: Sequence[Plan]) -> ir.Table:
    """All scans side by side: a row for each group and period that any of them knows."""
    return reduce(_joined, plans[1:], plans[0]).expr


def _joined(left: Plan, right: Plan) -> Plan:
    keys, columns = left.keys, {**left.columns, **right.columns}
    other = right.expr.rename({f"{key}_right": key for key in keys})
    both = left.expr.outer_join(other, [left.expr[key] == other[f"{key}_right"] for key in keys])
    # Ibis cannot join on a column computed in a join: the keys are merged in a projection of their own.
    merged = {key: both[key].coalesce(both[f"{key}_right"]) for key in keys}
    apart = both.mutate(**{f"{key}_merged": value for key, value in merged.items()})
    names = {**{key: f"{key}_merged" for key in keys}, **{c: c for c in columns.values()}}
    return Plan(apart.select(**{name: apart[source] for name, source in names.items()}), keys, columns)


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


def _wants(indicator: Indicator, facts: Facts, scope: Scope, *, spreads: bool) -> Iterator[_Want]:
    def want(name: str, part: Part, make: Make, *, additive: bool = True) -> _Want:
        return _Want(indicator.code, name, part, lambda rows: conditions(facts, part, rows, scope), make, additive)

    above = indicator.numerator
    if indicator.percentile is not None:
        yield want("pct", above, _percentile(indicator, facts, scope), additive=False)
    else:
        yield want("num", above, _total(above, facts, scope))
    if indicator.denominator is not None:
        yield want("den", indicator.denominator, _total(indicator.denominator, facts, scope))
    yield want("n", indicator.sample, _total(indicator.sample, facts, scope))
    if spreads and indicator.spread is Spread.MEAN:
        yield want("sq", above, _squares(above, facts, scope))


def _total(part: Part, facts: Facts, scope: Scope) -> Make:
    def make(rows: ir.Table, where: list[ir.BooleanValue]) -> ir.Value:
        if part.value is None:
            return _count(rows, where)
        if part.value.kind is Kind.FLAG:
            return _count(rows, [*where, facts.formula(part.value, part, rows, scope)])
        value = contribution(facts, part, rows, scope)
        return _chosen(value, where).sum()

    return make


def _count(rows: ir.Table, where: list[ir.BooleanValue]) -> ir.IntegerScalar:
    """How many rows; a count of ``CASE`` is a quarter faster than an aggregate's own filter, on every engine tried."""
    if not where:
        return rows.count()
    (alone, *others) = where
    if not others and isinstance(test := alone.op(), ops.NotNull):
        return test.arg.to_expr().count()
    return _chosen(ibis.literal(1), where).count()


def _chosen(value: ir.Value, where: list[ir.BooleanValue]) -> ir.Value:
    """The value where all conditions hold, else null, which no aggregate sees."""
    known = value.notnull().op()
    condition = every(each for each in where if each.op() != known)
    return value if condition is None else condition.ifelse(value, ibis.null(value.type()))


def _squares(part: Part, facts: Facts, scope: Scope) -> Make:
    # 64 bits are too few for the squares of seconds; a decimal of 38 digits holds them exactly on every engine.
    places = 12 if part.value is not None and part.value.kind is Kind.NUMBER else 0

    def make(rows: ir.Table, where: list[ir.BooleanValue]) -> ir.Value:
        value = contribution(facts, part, rows, scope)
        return _chosen((value * value).cast(f"decimal(38,{places})"), where).sum()

    return make


def _percentile(indicator: Indicator, facts: Facts, scope: Scope) -> Make:
    share = float(indicator.percentile or 0)

    def make(rows: ir.Table, where: list[ir.BooleanValue]) -> ir.Value:
        value = contribution(facts, indicator.numerator, rows, scope)
        return _chosen(value, where).cast("float64").quantile(share).round(DIGITS)

    return make


def _exclusion_wants(indicator: Indicator, facts: Facts, scope: Scope) -> Iterator[_Want]:
    """Each reason once: on the side that is divided by where that knows it, else on the other."""
    seen: set[str] = set()
    for part in (indicator.denominator or indicator.numerator, indicator.numerator):
        for place, reason in enumerate(part.exclusions):
            if reason not in seen:
                seen.add(reason)
                yield _Want(indicator.code, reason, part, _left_out(part, place, facts, scope), _count)


def _left_out(part: Part, place: int, facts: Facts, scope: Scope) -> Conditions:
    """Rows in the filter whose first reason is the one at ``place``."""
    bare = replace(part, exclusions=(), guard=None)

    def make(rows: ir.Table) -> list[ir.BooleanValue]:
        flags = list(excluded_flags(facts, part, rows).values())
        return [*conditions(facts, bare, rows, scope), flags[place], *(~flag for flag in flags[:place])]

    return make


# Scans


def _plans(wants: Iterable[_Want], facts: Facts, scope: Scope) -> Iterator[Plan]:
    groups: dict[tuple[object, ...], list[_Want]] = {}
    for want in wants:
        groups.setdefault(_scan_of(want, facts, scope), []).append(want)
    for group in groups.values():
        yield _plan(group, facts, scope)


def _scan_of(want: _Want, facts: Facts, scope: Scope) -> tuple[object, ...]:
    """What must be equal for two columns to come from one scan."""
    table = facts.declared[want.part.dataset]
    keys = tuple(key_column(table, want.part, name) for name in scope.keys)
    return want.part.dataset, want.part.period, keys, want.additive or not _rolls_up(facts, scope)


def _rolls_up(facts: Facts, scope: Scope) -> bool:
    return "team" in scope.keys and facts.team_paths is not None


def _plan(wants: list[_Want], facts: Facts, scope: Scope) -> Plan:
    part, additive = wants[0].part, wants[0].additive
    paths = facts.team_paths if "team" in scope.keys else None
    keep = [column for want in wants for column in columns_of(facts, want.part, scope)]
    rows = placed(facts, part, scope, keep=keep)
    if paths is not None and not additive:
        rows = with_ancestors(rows, paths, str(key_column(facts.declared[part.dataset], part, "team")))
    rows, own = _hoisted(rows, wants)
    made: dict[ops.Node, str] = {}
    columns = {}
    for want, mine in zip(wants, own, strict=True):
        value = want.make(rows, mine)
        columns[want.code, want.name] = made.setdefault(value.op(), want.column)
    grouped = rows.group_by(**keys_of(facts, part, rows, scope))
    expr = grouped.aggregate(**{name: op.to_expr() for op, name in made.items()})
    if paths is not None and additive:
        expr = _rolled_up(expr, paths, scope)
    if scope.only and scope.keys[:1] == ("team",):
        expr = expr.filter(expr.team.isin(scope.only))
    return Plan(expr, (*scope.keys, PERIOD), columns)


def _hoisted(rows: ir.Table, wants: list[_Want]) -> tuple[ir.Table, list[list[ir.BooleanValue]]]:
    """The rows filtered by the conditions that all columns share, and the conditions left to each column."""
    before = [want.conditions(rows) for want in wants]
    common = set.intersection(*({condition.op() for condition in mine} for mine in before))
    if not common:
        return rows, before
    rows = rows.filter(*(op.to_expr() for op in dict.fromkeys(c.op() for c in before[0]) if op in common))
    after = [want.conditions(rows) for want in wants]
    return rows, [
        [new for old, new in zip(olds, news, strict=True) if old.op() not in common]
        for olds, news in zip(before, after, strict=True)
    ]


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
