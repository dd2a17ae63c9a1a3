"""The stretch of local days that an analysis looks at, and the base set of facts in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import ibis.expr.types as ir
from ibis import _

from fuxiao.core.period import EPOCH, Period, PeriodKind, day_number, from_index, index_of, zone_named
from fuxiao.datasets.store import Store

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Window:
    """The local days from ``start`` up to, not including, ``end``."""

    start: date
    end: date

    @property
    def first(self) -> int:
        """The number of the first day, as facts hold days."""
        return day_number(self.start)

    @property
    def last(self) -> int:
        """The number of the last day."""
        return day_number(self.end) - 1

    def holds(self, day: ir.Value) -> ir.BooleanValue:
        """Whether a column of local days lies in the window."""
        return day.between(self.first, self.last)

    def before(self, months: int) -> Window:
        """The months that end where this window begins."""
        first = index_of(PeriodKind.MONTH, self.start) - months
        return Window(from_index(PeriodKind.MONTH, first).start, self.start)

    def moments(self, zone: str) -> tuple[int, int]:
        """The first second of the window and the first one after it."""
        place = zone_named(zone)
        start, end = (datetime(d.year, d.month, d.day, tzinfo=place) for d in (self.start, self.end))
        return int(start.timestamp()), int(end.timestamp())


def window_of(period: Period, *, months: int = 0) -> Window:
    """The period; with ``months``, the whole months that end with it where they reach further back."""
    last = index_of(PeriodKind.MONTH, period.end - timedelta(days=1))
    reach = from_index(PeriodKind.MONTH, last - months + 1).start if months else period.start
    return Window(min(period.start, reach), period.end)


def counted(store: Store, table: str, anchor: str, window: Window) -> ir.Table:
    """The rows of a fact table in the window that count: no test, spam or duplicate, no force majeure."""
    rows = store.facts(table)
    return rows.filter(window.holds(rows[f"{anchor}_day"]), ~_.x1, ~_.x2, ~_.x7)


def rows_of(store: Store, expr: ir.Expr) -> list[dict[str, object]]:
    """The rows of a small result as plain data."""
    found: list[dict[str, object]] = store.execute(expr).to_pylist()
    return found


def moment_of(day: object, zone: str) -> int:
    """The first second of a local day given by its number."""
    at = EPOCH + timedelta(days=int(str(day)))
    return int(datetime(at.year, at.month, at.day, tzinfo=zone_named(zone)).timestamp())
