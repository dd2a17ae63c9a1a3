"""Business time set by set: working seconds before a moment, and the moment by which they have passed.

The working seconds before a moment are a prefix sum: ``W(t) = pref + Σ clamp(t mod 86400 − s, 0, l)`` over the spans of
its UTC day, so business seconds from a to b are ``W(b) − W(a)``: two joins with a table of a few thousand days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from fuxiao.core.calendar import WorkCalendar
from fuxiao.core.period import EPOCH
from fuxiao.core.worktime import DAY_SECONDS, DayRow, day_table

BUCKET = 3600
"""Working seconds are looked up backwards in buckets of this size."""
KEY_DAYS = 1_000_000
"""A calendar's number times this plus the UTC day is the key of a day: one whole number joins fastest."""


@dataclass(frozen=True, slots=True)
class WorkTables:
    """The look-up tables of all calendars; ``numbers`` maps a calendar's key to its number in the tables.

    ``days``: ``day_key, pref, s0, l0, s1, l1 …``. ``spans``: ``bucket_key, span_start, after, upto``: during this span,
    W runs from ``after`` to ``upto``.
    """

    numbers: Mapping[str, int]
    days: ir.Table
    spans: ir.Table
    width: int


def calendar_tables(
    calendars: Iterable[WorkCalendar], *, first_day: int, last_day: int
) -> tuple[dict[str, int], pa.Table, pa.Table]:
    """Numbers by key, days and spans of these calendars as Arrow tables, for UTC epoch days, both included."""
    ordered = sorted(calendars, key=lambda calendar: calendar.key)
    numbers = {calendar.key: number for number, calendar in enumerate(ordered, start=1)}
    first, last = EPOCH + timedelta(days=first_day), EPOCH + timedelta(days=last_day)
    tables = {numbers[calendar.key]: _rows(calendar, first, last) for calendar in ordered}
    return numbers, _days(tables), _spans(tables)


def span_columns(width: int) -> list[str]:
    """``s0, l0, s1, l1 …``: start and length of each working span of a day."""
    return [f"{part}{place}" for place in range(width) for part in ("s", "l")]


def width_of(days: pa.Table) -> int:
    """How many spans a day can have in this table of days."""
    return int(days.num_columns - 2) // 2


def with_worked(table: ir.Table, work: WorkTables, columns: Mapping[str, str]) -> ir.Table:
    """Add ``W`` of moment columns: ``columns`` maps a moment's column to the new one.

    The table has ``calendar_no``. Null where the moment is null or outside the tables.
    """
    keyed = table.mutate(
        **{f"day_key_{name}": _day_key(moment) for moment, name in columns.items()},
        **{f"second_{name}": _[moment] % DAY_SECONDS for moment, name in columns.items()},
    )
    for name in columns.values():
        days = work.days.rename({f"{column}_of_{name}": column for column in work.days.columns})
        keyed = keyed.left_join(days, [(f"day_key_{name}", f"day_key_of_{name}")])
    return keyed.select(*table.columns, **{name: _worked(work, name) for name in columns.values()})


def _day_key(moment: str) -> ir.Value:
    return _.calendar_no.cast("int64") * KEY_DAYS + _[moment] // DAY_SECONDS


def _worked(work: WorkTables, name: str) -> ir.Value:
    # Where there is no day, pref is null and with it the sum, whatever greatest and least make of nulls.
    second = _[f"second_{name}"]
    total = _[f"pref_of_{name}"]
    for place in range(work.width):
        start, length = _[f"s{place}_of_{name}"], _[f"l{place}_of_{name}"]
        total = total + ibis.least(ibis.greatest(second - start, 0), length)
    return total


def with_moment_of(table: ir.Table, work: WorkTables, *, worked: str, name: str) -> ir.Table:
    """Add the earliest moment by which ``worked`` seconds have passed, the inverse of ``W``.

    Null where ``worked`` is null or beyond the tables.
    """
    kept = list(table.columns)
    bucket = _.calendar_no.cast("int64") * (KEY_DAYS * DAY_SECONDS) + (_[worked] - 1) // BUCKET
    left = table.mutate(bucket_key=bucket)
    fits = [
        left.bucket_key == work.spans.bucket_key,
        left[worked] > work.spans.after,
        left[worked] <= work.spans.upto,
    ]
    return left.left_join(work.spans, fits).select(*kept, **{name: _.span_start + _[worked] - _.after})


def _rows(calendar: WorkCalendar, first: date, last: date) -> list[DayRow]:
    return day_table(calendar, first, last)


def _days(tables: Mapping[int, Sequence[DayRow]]) -> pa.Table:
    width = max((len(row.spans) for rows in tables.values() for row in rows), default=0)
    columns: dict[str, list[int]] = {name: [] for name in ("day_key", "pref", *span_columns(width))}
    for number, rows in tables.items():
        for row in rows:
            padded = (*row.spans, *((0, 0),) * (width - len(row.spans)))
            values = (number * KEY_DAYS + row.day, row.pref, *(part for span in padded for part in span))
            for name, value in zip(columns, values, strict=True):
                columns[name].append(value)
    return pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()})


def _spans(tables: Mapping[int, Sequence[DayRow]]) -> pa.Table:
    rows = [
        (number * KEY_DAYS * DAY_SECONDS + bucket, row.day * DAY_SECONDS + start, after, after + length)
        for number, table in tables.items()
        for row in table
        for start, length, after in _with_sums(row)
        for bucket in range(after // BUCKET, (after + length - 1) // BUCKET + 1)
    ]
    names = ("bucket_key", "span_start", "after", "upto")
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)})


def _with_sums(row: DayRow) -> Iterable[tuple[int, int, int]]:
    """``(start second, length, W at the start)`` of the day's spans."""
    after = row.pref
    for start, length in row.spans:
        yield start, length, after
        after += length
