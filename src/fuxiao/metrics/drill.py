"""The facts under a figure, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

import ibis
import pyarrow as pa
from ibis.expr import types as ir

from fuxiao.core.indicator import Direction
from fuxiao.core.period import from_index
from fuxiao.engine.definition import Indicator
from fuxiao.engine.drill import SIDES, compile_rows
from fuxiao.engine.fact_tables import Kind
from fuxiao.engine.rows import PERIOD, Scope
from fuxiao.metrics.source import FactStore, facts_in

PAGE = 100
NO_REASON = "none"
"""Stands for rows that nothing excludes and that add nothing: without an outcome yet, or not applicable."""


class Kept(StrEnum):
    """Which rows are listed: those that add to the figure, the others (excluded, or without an outcome yet), or all.

    Those that count under a rate are in its numerator (``yes``), or in its denominator alone (``no``).
    """

    ALL = "all"
    COUNTED = "counted"
    YES = "yes"
    NO = "no"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the rows under a figure; ``total`` counts all that were asked for, ``counted`` those that add to it,
    ``yes`` those that are in the numerator.

    ``rows`` has the columns of ``engine.drill.compile_rows``, the period as its key (``2026-10``). ``sums`` are those
    of all rows, not of the page: numerator, denominator and n of the figure. ``reasons`` counts the rows left out by
    reason, where those were asked for.
    """

    rows: pa.Table
    total: int
    sums: dict[str, Decimal]
    counted: int = 0
    left_out: int = 0
    yes: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


def drill_down(
    store: FactStore, indicator: Indicator, scope: Scope, *, members: Sequence[str] = (), kept: Kept = Kept.ALL,
    reason: str = "", offset: int = 0, limit: int = PAGE,
) -> Page:  # fmt: skip
    """The rows under the figures of ``scope``, ordered by period, group and record, from ``offset`` on. Two scans, and
    one more for the reasons of what was left out.

    ``members`` names one group by its member in each of the scope's groups, in their order. ``reason`` narrows what was
    left out.
    """
    rows = compile_rows(indicator, facts_in(store), scope)
    if rows is None:
        return Page(pa.table({}), 0, {side: Decimal(0) for side in SIDES})
    if members:
        rows = rows.filter(*(rows[key] == member for key, member in zip(scope.keys, members, strict=True)))
    adds, yes = _adds(rows), rows.numerator.coalesce(0) != 0
    whole = rows.aggregate(
        total=rows.count(), counted=rows.count(where=adds), yes=rows.count(where=yes),
        **{side: rows[side].sum() for side in SIDES},
    )  # fmt: skip
    sums = store.execute(whole).to_pylist()[0]
    every, counted, in_numerator = sums.pop("total"), sums.pop("counted"), sums.pop("yes")
    wanted = {
        Kept.ALL: rows, Kept.COUNTED: rows.filter(adds), Kept.YES: rows.filter(yes), Kept.NO: rows.filter(adds & ~yes),
        Kept.LEFT_OUT: rows.filter(~adds, *([_why(rows) == reason] if reason else [])),
    }[kept]  # fmt: skip
    page = store.execute(wanted.limit(limit, offset=offset))
    keys = [from_index(scope.kind, index).key for index in page[PERIOD].to_pylist()]
    page = page.set_column(page.schema.get_field_index(PERIOD), PERIOD, pa.array(keys, pa.string()))
    reasons = _reasons(store, rows.filter(~adds)) if kept is Kept.LEFT_OUT else {}
    left_out = every - counted
    totals = {
        Kept.ALL: every, Kept.COUNTED: counted, Kept.YES: in_numerator, Kept.NO: counted - in_numerator,
        Kept.LEFT_OUT: reasons.get(reason, 0) if reason else left_out,
    }  # fmt: skip
    return Page(
        page, totals[kept], {side: sums[side] or Decimal(0) for side in SIDES}, counted, left_out, in_numerator, reasons
    )


def splits(indicator: Indicator, groups: tuple[str, ...]) -> bool:
    """Whether each row that counts is in the numerator or not: a rate whose sides are taken from the same rows."""
    chosen = indicator.by(groups)
    above, below = chosen.numerator, chosen.denominator
    if below is None or (above.value is not None and above.value.kind is not Kind.FLAG):
        return False
    return replace(above, guard=None, value=None) == replace(below, guard=None, value=None)


def _adds(rows: ir.Table) -> ir.BooleanValue:
    """Whether a row adds to any side of the figure."""
    return rows.numerator.notnull() | rows.denominator.notnull() | rows.n.notnull()


def _why(rows: ir.Table) -> ir.StringValue:
    return rows.reason.coalesce(NO_REASON)


def _reasons(store: FactStore, left_out: ir.Table) -> dict[str, int]:
    """How many rows were left out by each reason, in the order of the reasons."""
    counts = left_out.group_by(why=_why(left_out)).agg(rows=left_out.count()).order_by("why")
    return {row["why"]: row["rows"] for row in store.execute(counts).to_pylist()}


def all_rows(store: FactStore, indicator: Indicator, scope: Scope) -> pa.Table:
    """All rows under the figures of ``scope`` at once, periods as numbers; no rows where there is no such figure."""
    rows = compile_rows(indicator, facts_in(store), scope)
    return pa.table({}) if rows is None else store.execute(rows)


def rows_of_cases(store: FactStore, indicator: Indicator, scope: Scope, cases: Collection[str]) -> pa.Table:
    """The rows of some cases under the figures of ``scope``; no rows where there is no such figure."""
    rows = compile_rows(indicator, facts_in(store), scope)
    return pa.table({}) if rows is None else store.execute(rows.filter(rows.case_id.isin(sorted(cases))))


def heaviest_rows(store: FactStore, indicator: Indicator, scope: Scope, *, most: int) -> pa.Table:
    """Of the rows with a case, for each member of the scope's first group those that cost the figure most.

    What was left out comes last; ``total`` is how many rows the member has. No rows where there is no such figure.
    """
    rows, group = compile_rows(indicator, facts_in(store), scope), scope.keys[0]
    if rows is None:
        return pa.table({})
    reason, weight = rows.reason.coalesce(""), rows.numerator.coalesce(0)
    kept = rows.filter(rows.case_id.notnull(), (rows.n.coalesce(0) != 0) | (reason != "") | (weight != 0))
    worst = weight if indicator.direction is Direction.HIGHER else ibis.desc(weight)
    order = ibis.window(group_by=group, order_by=[reason != "", worst, rows.case_id, rows.dataset, rows.record])
    ranked = kept.mutate(place=ibis.row_number().over(order), total=kept.count().over(ibis.window(group_by=group)))
    return store.execute(ranked.filter(ranked.place < most).order_by(group, "place"))
