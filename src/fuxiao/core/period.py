"""Reporting periods: half-open ranges of local days, their text keys and the whole numbers that stored tables use."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from fuxiao.core.errors import CalculationError, InputError, UnknownName

EPOCH = date(1970, 1, 1)


class PeriodKind(StrEnum):
    """How long a period is; weeks are ISO weeks and begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


MONTHS_IN = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}
DAYS_IN = {PeriodKind.DAY: 1, PeriodKind.WEEK: 7}
# Day 0, 1970-01-01, was a Thursday; its week began three days earlier.
WEEK_SHIFT = {PeriodKind.DAY: 0, PeriodKind.WEEK: 3}


@dataclass(frozen=True, slots=True)
class Period:
    """The local days from ``start`` up to, and not including, ``end``.

    >>> parse_period("2026-Q3").end
    datetime.date(2026, 10, 1)
    """

    kind: PeriodKind
    start: date
    end: date

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The text that ``parse_period`` reads back: ``2026-10``, ``2026-Q3``, ``2026-W40`` …"""
        return KEYS[self.kind](self.start)

    @property
    def index(self) -> int:
        """The whole number of this period among its kind; neighbours differ by one.

        Day: days since 1970-01-01. Week: ``(day + 3) // 7``. Month: ``year * 12 + month - 1``.
        Quarter and half: the month's number ``// 3`` and ``// 6``. Year: the year.
        """
        return index_of(self.kind, self.start)

    @property
    def days(self) -> int:
        """How many local days it has."""
        return (self.end - self.start).days

    def next(self) -> Period:
        """The period of the same kind that begins where this one ends."""
        return from_index(self.kind, self.index + 1)

    def previous(self) -> Period:
        """The period of the same kind that ends where this one begins."""
        return from_index(self.kind, self.index - 1)

    def contains(self, day: date) -> bool:
        """Whether ``day`` lies in it; its own ``end`` does not."""
        return self.start <= day < self.end

    def months(self) -> tuple[Period, ...]:
        """The months it touches, in order: three for a quarter, one or two for a week."""
        first = index_of(PeriodKind.MONTH, self.start)
        last = index_of(PeriodKind.MONTH, self.end - timedelta(days=1))
        return tuple(from_index(PeriodKind.MONTH, i) for i in range(first, last + 1))

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Its first moment and the first moment after it, in UTC, where days are days of ``zone``.

        Where a clock change skips midnight, the day begins at the change.
        """
        place = zone_named(zone)
        start, end = (datetime.combine(d, time(), tzinfo=place).astimezone(UTC) for d in (self.start, self.end))
        return start, end


KEYS: dict[PeriodKind, Callable[[date], str]] = {
    PeriodKind.DAY: date.isoformat,
    PeriodKind.WEEK: lambda d: "{:04d}-W{:02d}".format(*d.isocalendar()),
    PeriodKind.MONTH: lambda d: f"{d.year:04d}-{d.month:02d}",
    PeriodKind.QUARTER: lambda d: f"{d.year:04d}-Q{(d.month + 2) // 3}",
    PeriodKind.HALF: lambda d: f"{d.year:04d}-H{(d.month + 5) // 6}",
    PeriodKind.YEAR: lambda d: f"{d.year:04d}",
}

FORMS: tuple[tuple[re.Pattern[str], PeriodKind, Callable[..., date]], ...] = (
    (re.compile(r"(\d{4})"), PeriodKind.YEAR, lambda y: date(y, 1, 1)),
    (re.compile(r"(\d{4})-H([12])"), PeriodKind.HALF, lambda y, h: date(y, h * 6 - 5, 1)),
    (re.compile(r"(\d{4})-Q([1-4])"), PeriodKind.QUARTER, lambda y, q: date(y, q * 3 - 2, 1)),
    (re.compile(r"(\d{4})-(\d{2})"), PeriodKind.MONTH, lambda y, m: date(y, m, 1)),
    (re.compile(r"(\d{4})-W(\d{2})"), PeriodKind.WEEK, lambda y, w: date.fromisocalendar(y, w, 1)),
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), PeriodKind.DAY, date),
)


def parse_period(text: str) -> Period:
    """Read ``2026``, ``2026-H2``, ``2026-Q3``, ``2026-10``, ``2026-W40`` or ``2026-10-05``.

    Anything else is an ``InputError`` with code ``period.unreadable``.

    >>> parse_period("2026-W40").start
    datetime.date(2026, 9, 28)
    """
    for form, kind, first_day in FORMS:
        if found := form.fullmatch(text.strip().upper()):
            try:
                return period_of(kind, first_day(*map(int, found.groups())))
            except ValueError as error:
                raise InputError("period.unreadable", text=text) from error
    raise InputError("period.unreadable", text=text)


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period of this kind that contains ``day``."""
    return from_index(kind, index_of(kind, day))


def from_index(kind: PeriodKind, index: int) -> Period:
    """The period with this number, the inverse of ``Period.index``.

    >>> from_index(PeriodKind.MONTH, 2026 * 12 + 9).key
    '2026-10'
    """
    try:
        return Period(kind, _first_day(kind, index), _first_day(kind, index + 1))
    except (ValueError, OverflowError) as error:
        raise CalculationError("period.out_of_range", kind=str(kind), index=index) from error


def index_of(kind: PeriodKind, day: date) -> int:
    """The number of the period of this kind that contains ``day`` (see ``Period.index``)."""
    if months := MONTHS_IN.get(kind):
        return (day.year * 12 + day.month - 1) // months
    return (day_number(day) + WEEK_SHIFT[kind]) // DAYS_IN[kind]


def _first_day(kind: PeriodKind, index: int) -> date:
    if months := MONTHS_IN.get(kind):
        year, month = divmod(index * months, 12)
        return date(year, month + 1, 1)
    return EPOCH + timedelta(days=index * DAYS_IN[kind] - WEEK_SHIFT[kind])


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def zone_named(name: str) -> ZoneInfo:
    """The time zone with this name of the tz database; ``UnknownName`` where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # a folder's name, such as "Asia", is an OSError
        raise UnknownName("zone", name, available_timezones()) from error


def local_day(at: int, zone: str) -> date:
    """The local date in ``zone`` at a moment given in epoch seconds."""
    return datetime.fromtimestamp(at, zone_named(zone)).date()
