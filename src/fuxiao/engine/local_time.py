"""Local calendar days and months of moments, set by set: one join with a table of UTC days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
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


def with_anchors(table: ir.Table, days: ir.Table, anchors: Mapping[str, str]) -> ir.Table:
    """Add ``<anchor>_day`` and ``<anchor>_month`` of moment columns: int32, null where the moment is.

    ``anchors`` maps an anchor's name to the column of its moment.
    """
    made = {f"{name}_{part}" for name in anchors for part in ("day", "month")}
    keyed = table.mutate(**{f"utc_day_{name}": _[moment] // DAY_SECONDS for name, moment in anchors.items()})
    for name in anchors:
        renamed = days.rename({f"{column}_of_{name}": column for column in days.columns})
        keyed = keyed.left_join(renamed, [(f"utc_day_{name}", f"utc_day_of_{name}")])
    steps = {f"step_{name}": _step(name, moment) for name, moment in anchors.items()}
    columns = {key: value for name in anchors for key, value in _day_and_month(name).items()}
    kept = [column for column in table.columns if column not in made]
    return keyed.mutate(**steps).select(*kept, **columns)


def _step(name: str, moment: str) -> ir.Value:
    """How many days the local day lies from the UTC day: -1, 0 or 1."""
    second = _[moment] % DAY_SECONDS
    ahead = (second >= _[f"switch_of_{name}"]).ifelse(_[f"ahead_then_of_{name}"], _[f"ahead_of_{name}"])
    return (second + ahead) // DAY_SECONDS


def _day_and_month(name: str) -> dict[str, ir.Value]:
    step = _[f"step_{name}"]
    month = ibis.cases(
        (step == 0, _[f"month_0_of_{name}"]),
        (step > 0, _[f"month_p1_of_{name}"]),
        else_=_[f"month_m1_of_{name}"],
    )
    day = (_[f"utc_day_{name}"] + step).cast("int32")
    return {f"{name}_day": day, f"{name}_month": month.cast("int32")}


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
