"""The facts under a figure, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import ibis
import pyarrow as pa
from ibis.expr import types as ir

from fuxiao.core.indicator import Direction
from fuxiao.core.period import from_index
from fuxiao.engine.definition import Indicator
from fuxiao.engine.drill import SIDES, compile_rows
from fuxiao.engine.rows import PERIOD, Scope
from fuxiao.metrics.source import FactStore, facts_in

PAGE = 100


class Kept(StrEnum):
    """Which rows are listed: those that add to the figure, the others (excluded, or without an outcome yet), or all."""

    ALL = "all"
    COUNTED = "counted"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the rows under a figure; ``total`` counts all that were asked for, ``counted`` those that add to it.

    ``rows`` has the columns of ``engine.drill.compile_rows``, the period as its key (``2026-10``). ``sums`` are those
    of all rows, not of the page: numerator, denominator and n of the figure.
    """

    rows: pa.Table
    total: int
    sums: dict[str, Decimal]
    counted: int = 0
    left_out: int = 0


def drill_down(
    store: FactStore, indicator: Indicator, scope: Scope, *, members: Sequence[str] = (), kept: Kept = Kept.ALL,
    offset: int = 0, limit: int = PAGE,
) -> Page:  # fmt: skip
    """The rows under the figures of ``scope``, ordered by period, group and record, from ``offset`` on. Two scans.

    ``members`` names one group by its member in each of the scope's groups, in their order.
    """
    rows = compile_rows(indicator, facts_in(store), scope)
    if rows is None:
        return Page(pa.table({}), 0, {side: Decimal(0) for side in SIDES})
    if members:
        rows = rows.filter(*(rows[key] == member for key, member in zip(scope.keys, members, strict=True)))
    adds = _adds(rows)
    whole = rows.aggregate(
        total=rows.count(), counted=rows.count(where=adds), **{side: rows[side].sum() for side in SIDES}
    )
    sums = store.execute(whole).to_pylist()[0]
    every, counted = sums.pop("total"), sums.pop("counted")
    page = store.execute(_only(rows, adds, kept).limit(limit, offset=offset))
    keys = [from_index(scope.kind, index).key for index in page[PERIOD].to_pylist()]
    page = page.set_column(page.schema.get_field_index(PERIOD), PERIOD, pa.array(keys, pa.string()))
    totals = {Kept.ALL: every, Kept.COUNTED: counted, Kept.LEFT_OUT: every - counted}
    return Page(page, totals[kept], {side: sums[side] or Decimal(0) for side in SIDES}, counted, every - counted)


def _adds(rows: ir.Table) -> ir.BooleanValue:
    """Whether a row adds to any side of the figure."""
    return rows.numerator.notnull() | rows.denominator.notnull() | rows.n.notnull()


def _only(rows: ir.Table, adds: ir.BooleanValue, kept: Kept) -> ir.Table:
    if kept is Kept.ALL:
        return rows
    return rows.filter(adds if kept is Kept.COUNTED else ~adds)


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
