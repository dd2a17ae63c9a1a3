"""The rows under a figure as a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from fuxiao.base.wording import say
from fuxiao.cli.options import t
from fuxiao.cli.session import Session
from fuxiao.cli.sheet import Cell, Column, Sheet
from fuxiao.cli.shown import heading, scale_text, short, side_cells, with_unit
from fuxiao.cli.value_sheet import side_columns
from fuxiao.core.period import Period
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.drill import Page

DETAILS = {"record": 1, "period": 2, "dataset": 3}
"""Columns of rows that a narrow terminal leaves out: the title says the period, most records are a case."""


def rows_sheet(now: Session, indicator: Indicator, at: Period, page: Page) -> Sheet:
    """The rows of a page, what each adds to the figure and in which unit, and how all of them make it."""
    units = dict(zip(("numerator", "denominator"), now.side_units(indicator), strict=True))
    columns: list[Column] = []
    for name in page.rows.column_names:
        columns += _columns(now, indicator, name, numeric=name in page.sums, sided=name in units)
    lines = [
        [
            each
            for name, cell in row.items()
            for each in (side_cells(cell, units[name]) if name in units else [_cell(cell)])
        ]
        for row in page.rows.to_pylist()
    ]
    return Sheet(f"{indicator.code} {at.key}", columns, lines, list(_arithmetic(now, indicator, page, units)))


def _columns(now: Session, indicator: Indicator, name: str, *, numeric: bool, sided: bool) -> list[Column]:
    """A column of the rows; a side of the figure has its unit beside it, for programs."""
    words = heading(name, now.declared, now.lang)
    if name == "numerator" and indicator.percentile is not None:
        words = t("值", "value")
    if sided:
        return list(side_columns(name, words, words + t("单位", " in")))
    return [Column(name, words, numeric=numeric, detail=DETAILS.get(name, 0))]


def _arithmetic(now: Session, indicator: Indicator, page: Page, units: Mapping[str, str]) -> Iterator[str]:
    """How many rows there are, and how they make the figure."""
    rows = {"total": page.total, "shown": page.rows.num_rows}
    facts = {"scale": scale_text(indicator), "unit": now.unit(indicator)}
    if indicator.percentile is not None:
        statistic = say(f"statistic.{indicator.statistic.value}", now.lang)
        yield now.context.say("rows.percentile", **rows, **facts, n=f"{short(page.sums['n']):f}", statistic=statistic)
        return
    sums = {side: with_unit(f"{short(page.sums[side]):f}", unit) for side, unit in units.items()}
    if indicator.denominator is None:
        yield now.context.say("rows.sum", **rows, sum=sums["numerator"])
        return
    yield now.context.say("rows.sums", **rows, **sums)
    if page.sums["denominator"] and facts["scale"]:
        yield now.context.say("rows.scale", **facts)


def _cell(cell: object) -> Cell:
    if isinstance(cell, Decimal):
        return short(cell)
    return cell if isinstance(cell, str | int | bool) or cell is None else str(cell)
