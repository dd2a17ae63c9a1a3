"""The facts under a figure, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from fuxiao.core.period import from_index
from fuxiao.engine.definition import Indicator
from fuxiao.engine.drill import SIDES, compile_rows
from fuxiao.engine.rows import PERIOD, Scope
from fuxiao.metrics.source import FactStore, facts_in

PAGE = 100


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the rows under a figure; ``total`` counts all of them.

    ``rows`` has the columns of ``engine.drill.compile_rows``, the period as its key (``2026-10``). ``sums`` are those
    of all rows, not of the page: numerator, denominator and n of the figure.
    """

    rows: pa.Table
    total: int
    sums: dict[str, Decimal]


def drill_down(store: FactStore, indicator: Indicator, scope: Scope, *, offset: int = 0, limit: int = PAGE) -> Page:
    """The rows under the figures of ``scope``, ordered by period, group and record, from ``offset`` on."""
    rows = compile_rows(indicator, facts_in(store), scope)
    if rows is None:
        return Page(pa.table({}), 0, {side: Decimal(0) for side in SIDES})
    whole = rows.aggregate(total=rows.count(), **{side: rows[side].sum() for side in SIDES})
    sums = store.execute(whole).to_pylist()[0]
    page = store.execute(rows.limit(limit, offset=offset))
    keys = [from_index(scope.kind, index).key for index in page[PERIOD].to_pylist()]
    page = page.set_column(page.schema.get_field_index(PERIOD), PERIOD, pa.array(keys, pa.string()))
    return Page(page, sums.pop("total"), {side: sums[side] or Decimal(0) for side in SIDES})


def all_rows(store: FactStore, indicator: Indicator, scope: Scope) -> pa.Table:
    """All rows under the figures of ``scope`` at once, periods as numbers; no rows where there is no such figure."""
    rows = compile_rows(indicator, facts_in(store), scope)
    return pa.table({}) if rows is None else store.execute(rows)
