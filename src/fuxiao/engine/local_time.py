"""Local calendar days and months of moments, set by set: one join with a table of UTC days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from fuxiao.core.period import EPOCH, PeriodKind, index_of, zone_named
from fuxiao.core.worktime import DAY_SECONDS


def local_day_table(zone: str, *, first_day: int, last_day: int) -> pa.Table:
    """For each UTC day: how far the zone is ahead in seconds, before and from second ``switch`` on; and the months.

    ``month_m1, month_0, month_p1`` are the months of the local days numbered one less, the same and one more.
    """
    place = zone_named(zone)
    rows = [_row(place, day) for day in range(first_day, last_day + 1)]
    names = ("utc_day", "ahead", "switch", "ahead_then", "month_m1", "month_0", "month_p1")
    return pa.table(
        {name: pa.array(column, pa.int64()) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    )


def with_anchor(table: ir.Table, days: ir.Table, *, moment: str, name: str) -> ir.Table:
    """Add ``<name>_day`` and ``<name>_month`` of a moment column: int32, null where the moment is."""
    kept = [column for column in table.columns if column not in {f"{name}_day", f"{name}_month"}]
    keyed = table.mutate(utc_day=_[moment] // DAY_SECONDS, second=_[moment] % DAY_SECONDS)
    ahead = (_.second >= _.switch).ifelse(_.ahead_then, _.ahead)
    shifted = keyed.left_join(days, "utc_day").mutate(step=(_.second + ahead) // DAY_SECONDS)
    month = (_.step == 0).ifelse(_.month_0, (_.step > 0).ifelse(_.month_p1, _.month_m1))
    return shifted.select(
        *kept, **{f"{name}_day": (_.utc_day + _.step).cast("int32"), f"{name}_month": month.cast("int32")}
    )


def with_month(table: ir.Table, days: ir.Table, *, day: str, name: str) -> ir.Table:
    """Add ``<name>_day`` and ``<name>_month`` of a column that already holds local days."""
    kept = [column for column in table.columns if column not in {f"{name}_day", f"{name}_month"}]
    joined = table.mutate(utc_day=_[day].cast("int64")).left_join(days.select("utc_day", "month_0"), "utc_day")
    return joined.select(*kept, **{f"{name}_day": _[day].cast("int32"), f"{name}_month": _.month_0.cast("int32")})


def _row(zone: ZoneInfo, day: int) -> tuple[int, ...]:
    start = day * DAY_SECONDS
    before, after = _ahead(zone, start), _ahead(zone, start + DAY_SECONDS - 1)
    switch = DAY_SECONDS if before == after else _switch(zone, start) - start
    return (day, before, switch, after, *(_month(day + step) for step in (-1, 0, 1)))


def _switch(zone: ZoneInfo, start: int) -> int:
    """The first second of this UTC day with the later offset; a zone changes at most once a day."""
    low, high = start, start + DAY_SECONDS - 1
    before = _ahead(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _ahead(zone, middle) == before else (low, middle)
    return high


def _ahead(zone: ZoneInfo, at: int) -> int:
    offset = datetime.fromtimestamp(at, UTC).astimezone(zone).utcoffset()
    return round((offset or timedelta()).total_seconds())


def _month(day: int) -> int:
    return index_of(PeriodKind.MONTH, EPOCH + timedelta(days=day))
