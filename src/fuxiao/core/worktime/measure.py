"""Measures business time in one calendar by prefix sums over its day table."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fuxiao.core.calendar import WorkCalendar
from fuxiao.core.errors import CalculationError
from fuxiao.core.period import EPOCH, day_number
from fuxiao.core.worktime.intervals import Seconds, union
from fuxiao.core.worktime.table import DAY_SECONDS, DayRow, day_table

FIRST_DAY, LAST_DAY = day_number(date(1900, 1, 3)), day_number(date(2199, 12, 28))
GROW_DAYS = 400


@dataclass(frozen=True, slots=True)
class Pause:
    """A time for which a clock may stand still, half-open, in epoch seconds; ``end`` is ``None`` while it lasts."""

    kind: str
    start: int
    end: int | None = None


class WorkTime:
    """Business time in one calendar, in exact seconds.

    It keeps the part of the day table that was asked for and lengthens it when a moment lies outside; results never
    depend on what was asked before. Moments are epoch seconds between 1900 and 2199, else ``CalculationError``.
    """

    __slots__ = ("_first", "_pref", "_spans", "_total", "calendar")

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self._first = 0
        self._total = 0  # working seconds up to the end of the table
        self._pref: list[int] = []
        self._spans: list[tuple[Seconds, ...]] = []

    def business_seconds(self, start: int, end: int) -> int:
        """Working seconds from ``start`` to ``end``; negative where ``end`` comes first."""
        return self._worked(end) - self._worked(start)

    def net_seconds(self, start: int, end: int, pauses: Iterable[Pause], kinds: Collection[str]) -> int:
        """Business seconds less those inside pauses of these kinds; where pauses overlap, time counts once."""
        paused = union(
            (max(pause.start, start), end if pause.end is None else min(pause.end, end))
            for pause in pauses
            if pause.kind in kinds
        )
        return self.business_seconds(start, end) - sum(self.business_seconds(low, high) for low, high in paused)

    def add_business_seconds(self, at: int, seconds: int) -> int:
        """The earliest moment by which ``seconds`` of working time have passed since ``at``: the due moment.

        Zero seconds give ``at`` itself, also outside working time. Raises ``CalculationError`` for a negative amount,
        or where the calendar is not open long enough.
        """
        if seconds < 0:
            raise CalculationError("worktime.negative", seconds=seconds)
        if seconds == 0:
            return at
        goal = self._worked(at) + seconds
        while self._total < goal:
            self._lengthen()
        place = bisect_left(self._pref, goal) - 1
        missing = goal - self._pref[place]
        spans = iter(self._spans[place])
        begin, length = next(spans)
        while missing > length:
            missing -= length
            begin, length = next(spans)
        return (self._first + place) * DAY_SECONDS + begin + missing

    def spans(self, start: int, end: int) -> list[Seconds]:
        """The working time inside ``[start, end)``, sorted, touching spans joined (also across midnight UTC)."""
        found: list[Seconds] = []
        for day in range(start // DAY_SECONDS, (end - 1) // DAY_SECONDS + 1):
            midnight = day * DAY_SECONDS
            for begin, length in self._spans[self._place(day)]:
                low, high = max(midnight + begin, start), min(midnight + begin + length, end)
                if low >= high:
                    continue
                if found and found[-1][1] == low:
                    found[-1] = (found[-1][0], high)
                else:
                    found.append((low, high))
        return found

    def _worked(self, at: int) -> int:
        """Working seconds from a fixed moment to ``at``: the prefix sum that ``DayRow`` describes."""
        day, second = divmod(at, DAY_SECONDS)
        place = self._place(day)
        worked = self._pref[place]
        for begin, length in self._spans[place]:
            if second > begin:
                worked += min(second - begin, length)
        return worked

    def _place(self, day: int) -> int:
        place = day - self._first
        if 0 <= place < len(self._pref):
            return place
        self._cover(day)
        return day - self._first

    def _cover(self, day: int) -> None:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise CalculationError("worktime.out_of_range", calendar=self.calendar.key, day=day)
        if not self._pref:
            self._first = day
        if day < self._first:
            self._prepend(max(day - GROW_DAYS, FIRST_DAY))
        else:
            self._append(min(day + GROW_DAYS, LAST_DAY))

    def _lengthen(self) -> None:
        last = self._first + len(self._pref) - 1
        if last == LAST_DAY:
            raise CalculationError("calendar.never_open", calendar=self.calendar.key)
        # Doubling, so that a calendar with few open days does not make a long search slow.
        self._append(min(last + max(GROW_DAYS, len(self._pref)), LAST_DAY))

    def _append(self, last: int) -> None:
        rows = self._rows(self._first + len(self._pref), last)
        self._pref += [self._total + row.pref for row in rows]
        self._spans += [row.spans for row in rows]
        self._total += _total(rows)

    def _prepend(self, first: int) -> None:
        rows = self._rows(first, self._first - 1)
        # What was counted keeps its number, so a sum taken before the table grew stays comparable: the new part,
        # which lies earlier, gets smaller and if need be negative ones.
        base = self._pref[0] - _total(rows)
        self._pref[:0] = [base + row.pref for row in rows]
        self._spans[:0] = [row.spans for row in rows]
        self._first = first

    def _rows(self, first: int, last: int) -> list[DayRow]:
        return day_table(self.calendar, EPOCH + timedelta(days=first), EPOCH + timedelta(days=last))


def _total(rows: list[DayRow]) -> int:
    return rows[-1].pref + sum(length for _, length in rows[-1].spans)
