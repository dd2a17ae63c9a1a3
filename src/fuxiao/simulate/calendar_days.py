"""The days of the simulated horizon: weekday, public holidays, make-up workdays, volume of each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
import numpy as np

from fuxiao.simulate.arrays import Flags, Floats, Ints
from fuxiao.simulate.catalogue import VOLUME

EPOCH = date(1970, 1, 1)
WEEKDAY_VOLUME = (1.14, 1.04, 1.0, 1.0, 1.02, 0.98, 0.86)
HOLIDAY_VOLUME = 0.62
YEARLY_GROWTH = 0.04
TYPHOONS = ((9, 21, 3), (7, 8, 2))
"""Month, day and length of storms; each strikes in one of two years."""
KNOWN_YEARS = (2004, 2026)
"""Years whose public holidays the calendar library holds; other years have none."""


@dataclass(frozen=True, slots=True)
class Days:
    """Consecutive local days; all arrays have one element a day.

    ``first`` is the epoch day of element 0. ``holiday`` marks public holidays (weekends inside them included),
    ``makeup`` the weekend days worked in exchange (调休), ``office`` the days an office works, ``storm`` typhoon days.
    """

    first: int
    weekday: Ints
    month: Ints
    holiday: Flags
    makeup: Flags
    office: Flags
    volume: Floats
    storm: Flags

    def __len__(self) -> int:
        return len(self.weekday)

    def on(self, index: int) -> date:
        return EPOCH + timedelta(days=self.first + index)

    def index(self, day: date) -> int:
        return (day - EPOCH).days - self.first


def holiday_kind(day: date) -> str:
    """``holiday`` (public holiday), ``makeup`` (weekend worked in exchange) or nothing."""
    if not KNOWN_YEARS[0] <= day.year <= KNOWN_YEARS[1]:
        return ""
    off, name = chinese_calendar.get_holiday_detail(day)
    if name is None:
        return ""
    return "holiday" if off else "makeup" if day.weekday() >= 5 else ""


def days_between(first: date, last: date) -> Days:
    """The days from ``first`` to ``last``, both included."""
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    kinds = [holiday_kind(day) for day in days]
    weekday = np.array([day.weekday() for day in days], dtype=np.int64)
    holiday = np.array([kind == "holiday" for kind in kinds])
    makeup = np.array([kind == "makeup" for kind in kinds])
    month = np.array([day.month for day in days], dtype=np.int64)
    return Days(
        first=(first - EPOCH).days,
        weekday=weekday,
        month=month,
        holiday=holiday,
        makeup=makeup,
        office=((weekday < 5) | makeup) & ~holiday,
        volume=_volume(weekday, month, holiday),
        storm=_storm(days),
    )


def _volume(weekday: Ints, month: Ints, holiday: Flags) -> Floats:
    """Cases of a day against the average day: season, weekday, holidays, and growth from the first day on."""
    season = np.array(VOLUME)[month - 1] * np.array(WEEKDAY_VOLUME)[weekday]
    growth = 1 + YEARLY_GROWTH * np.arange(len(weekday)) / 365
    volume: Floats = season * np.where(holiday, HOLIDAY_VOLUME, 1.0) * growth
    return volume


def _storm(days: list[date]) -> Flags:
    """Days of approved force majeure."""
    struck = np.zeros(len(days), dtype=bool)
    for index, day in enumerate(days):
        for month, first, length in TYPHOONS:
            if (day.month, day.day) == (month, first) and (day.year + month) % 2:
                struck[index : index + length] = True
    return struck


def add_months(day: date, months: int) -> date:
    """The first day of the month that is ``months`` after the month of ``day``."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
