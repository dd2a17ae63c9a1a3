"""The period picker: which period a page shows, its neighbours, and the other lengths; all of it in the address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fuxiao.core.period import Period, PeriodKind, from_index, parse_period, period_of
from fuxiao.web.metrics.wording import formats
from fuxiao.web.words import t

HISTORY = 12
"""So many periods a trend shows, the chosen one included."""
NAMES = {
    PeriodKind.DAY: ("日", "Day"), PeriodKind.WEEK: ("周", "Week"), PeriodKind.MONTH: ("月", "Month"),
    PeriodKind.QUARTER: ("季", "Quarter"), PeriodKind.HALF: ("半年", "Half"), PeriodKind.YEAR: ("年", "Year"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picker:
    """The period shown, and where to go from it."""

    period: Period
    today: date

    @property
    def title(self) -> str:
        return title(self.period)

    @property
    def key(self) -> str:
        return self.period.key

    @property
    def previous(self) -> str:
        return self.period.previous().key

    @property
    def next(self) -> str:
        """Empty where the next period has not begun."""
        after = self.period.next()
        return after.key if after.start <= self.today else ""

    @property
    def kinds(self) -> Iterator[tuple[str, str, bool]]:
        """Each length: the key of the period of that length, its name, whether it is the one shown."""
        day = min(self.period.end - timedelta(days=1), max(self.today, self.period.start))
        for kind in PeriodKind:
            yield period_of(kind, day).key, t(*NAMES[kind]), kind is self.period.kind

    @property
    def first(self) -> Period:
        """The first of the periods that a trend shows."""
        return from_index(self.period.kind, self.period.index - HISTORY + 1)

    @property
    def series(self) -> list[Period]:
        return [from_index(self.period.kind, at) for at in range(self.first.index, self.period.index + 1)]

    @property
    def running(self) -> bool:
        """Whether the period is not over yet."""
        return self.today < self.period.end


def picker(asked: str, today: date, *, last: date | None = None) -> Picker:
    """The period asked for; without one the month before today, or the one of the ``last`` case where that is earlier.

    ``InputError`` for what is no period.
    """
    if asked:
        return Picker(parse_period(asked), today)
    before = period_of(PeriodKind.MONTH, today).previous()
    latest = period_of(PeriodKind.MONTH, last) if last else before
    return Picker(min(before, latest, key=lambda each: each.start), today)


def title(period: Period) -> str:
    """A period in words."""
    if period.kind is PeriodKind.WEEK:
        year, week = period.key.split("-W")
        return t("{year} 年第 {week} 周", "Week {week}, {year}", year=year, week=int(week))
    return formats().period(period)
