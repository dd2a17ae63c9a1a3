"""Whether a thing is in warranty on a day: its beginning, its end moved by days in repair, anew after an exchange."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from fuxiao.core.warranty.terms import Terms

ENDLESS: Final = date.max
SINCE_EVER: Final = date.min
"""Stands for a beginning that nobody knows, where only the end is on record."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A stay in repair from the day of taking in to before the day of giving back (``None``: not yet).

    ``waited`` are the days of it without parts; ``fixed`` says whether it was given back as repaired; ``case`` names
    the case that tells of it.
    """

    start: date
    end: date | None = None
    fixed: bool = True
    waited: int = 0
    case: str = ""

    def days(self, on: date) -> int:
        """How many days it lasted until that day."""
        return max(0, (min(self.end or on, on) - self.start).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a warranty rests on: sale, installation, months promised; ``declared`` days go before those worked out.

    ``exchanged_on`` is the day on which this thing was handed over in exchange for another one.
    """

    sold_on: date | None = None
    installed_on: date | None = None
    months: int | None = None
    declared_start: date | None = None
    declared_end: date | None = None
    exchanged_on: date | None = None


class Origin(StrEnum):
    """What the beginning of a warranty was taken from."""

    EXCHANGE = "exchange"
    DECLARED = "declared"
    INSTALLED = "installed"
    SOLD = "sold"


@dataclass(frozen=True, slots=True)
class Warranty:
    """From ``start`` to before ``end``; ``promised_end`` is the end before ``repair_days`` moved it."""

    start: date
    end: date
    promised_end: date
    repair_days: int
    origin: Origin


class State(StrEnum):
    IN = "in"
    OUT = "out"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Cover:
    """In or out of warranty on a day, and the warranty that says so (``None`` where nothing is known)."""

    state: State
    on: date
    warranty: Warranty | None = None


def warranty(basis: Basis, repairs: Sequence[Repair], *, on: date, terms: Terms | None) -> Warranty | None:
    """The warranty as it is known on a day; ``None`` without a beginning or an end to count from."""
    began = _start(basis, terms)
    if began is None:
        return None
    start, origin = began
    promised = _promised(basis, start, origin)
    if promised is None:
        return None
    end, days = promised, 0
    if terms is not None and terms.repair_extends:
        end, days = _extended(start, promised, repairs, on)
    return Warranty(start, end, promised, days, origin)


def cover(found: Warranty | None, *, on: date) -> Cover:
    """Whether that warranty covers a day."""
    if found is None:
        return Cover(State.UNKNOWN, on)
    if on < found.start:
        return Cover(State.NOT_YET, on, found)
    return Cover(State.IN if on < found.end else State.OUT, on, found)


def _start(basis: Basis, terms: Terms | None) -> tuple[date, Origin] | None:
    if basis.exchanged_on and terms is not None and terms.exchange_restarts:
        return basis.exchanged_on, Origin.EXCHANGE
    for day, origin in (
        (basis.declared_start, Origin.DECLARED), (basis.installed_on, Origin.INSTALLED), (basis.sold_on, Origin.SOLD),
    ):  # fmt: skip
        if day is not None:
            return day, origin
    return None if basis.declared_end is None else (SINCE_EVER, Origin.DECLARED)


def _promised(basis: Basis, start: date, origin: Origin) -> date | None:
    """The end that was promised: a declared one unless the exchange began a new warranty."""
    if basis.declared_end is not None and origin is not Origin.EXCHANGE:
        return basis.declared_end
    return None if basis.months is None else months_later(start, basis.months)


def _extended(start: date, end: date, repairs: Sequence[Repair], on: date) -> tuple[date, int]:
    """The end moved by each day in repair within the warranty; days of overlapping stays count once."""
    total, counted = 0, start
    for repair in sorted(repairs, key=lambda each: (each.start, each.end or ENDLESS)):
        if not start <= repair.start < end or repair.start > on:
            continue
        until = min(repair.end or on, on)
        days = max(0, (until - max(repair.start, counted)).days)
        counted = max(counted, until)
        total, end = total + days, end + timedelta(days=days)
    return end, total


def months_later(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where it is shorter: 31 January + 1 = 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
