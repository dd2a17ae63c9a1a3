"""The columns that indicators want from a scan: for each its rows, the conditions of a row, and the aggregate."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace

import ibis
from ibis.expr import operations as ops
from ibis.expr import types as ir

from fuxiao.engine.definition import Indicator, Part, Spread
from fuxiao.engine.fact_tables import Kind
from fuxiao.engine.rows import Facts, Scope, conditions, contribution, every, excluded_flags

Conditions = Callable[[ir.Table], list[ir.BooleanValue]]
Make = Callable[[ir.Table, list[ir.BooleanValue]], ir.Value]


@dataclass(frozen=True, slots=True)
class Want:
    """One column wanted: its name, the rows it is taken from, which of them count, and what is made of those.

    With a ``share`` the column is that percentile of the values made, otherwise ``make`` gives the aggregate itself.
    Columns of one scan with the same ``rows`` have the same conditions.
    """

    code: str
    name: str
    part: Part
    rows: Hashable
    conditions: Conditions
    make: Make
    share: float | None = None

    @property
    def additive(self) -> bool:
        """Whether the figures of teams may be added up to those of the team above."""
        return self.share is None

    @property
    def column(self) -> str:
        return f"{self.code}__{self.name}"


def value_columns(indicator: Indicator, facts: Facts, scope: Scope, *, spreads: bool) -> Iterator[Want]:
    """Numerator (or percentile), denominator, counted facts and, with ``spreads``, the sum of squares of a mean."""

    def want(name: str, part: Part, make: Make, *, share: float | None = None) -> Want:
        counted = (part.where, part.exclusions, part.guard)
        return Want(
            indicator.code, name, part, counted, lambda rows: conditions(facts, part, rows, scope), make, share
        )  # fmt: skip

    above = indicator.numerator
    if indicator.percentile is not None:
        yield want("pct", above, _measured(above, facts, scope), share=float(indicator.percentile))
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


def _measured(part: Part, facts: Facts, scope: Scope) -> Make:
    def make(rows: ir.Table, where: list[ir.BooleanValue]) -> ir.Value:
        return _chosen(contribution(facts, part, rows, scope), where).cast("float64")

    return make


def exclusion_columns(indicator: Indicator, facts: Facts, scope: Scope) -> Iterator[Want]:
    """Each reason once: on the side that is divided by where that knows it, else on the other."""
    seen: set[str] = set()
    for part in (indicator.denominator or indicator.numerator, indicator.numerator):
        for place, reason in enumerate(part.exclusions):
            if reason not in seen:
                seen.add(reason)
                left_out = (part.where, part.exclusions, reason)
                yield Want(indicator.code, reason, part, left_out, _left_out(part, place, facts, scope), _count)


def _left_out(part: Part, place: int, facts: Facts, scope: Scope) -> Conditions:
    """Rows in the filter whose first reason is the one at ``place``."""
    bare = replace(part, exclusions=(), guard=None)

    def make(rows: ir.Table) -> list[ir.BooleanValue]:
        flags = list(excluded_flags(facts, part, rows).values())
        return [*conditions(facts, bare, rows, scope), flags[place], *(~flag for flag in flags[:place])]

    return make
