"""Rows that hold for a while (memberships, policies): look-up as of a day, cuts, overlaps, proration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from fuxiao.core.errors import CalculationError


class Spanned(Protocol):
    """A row valid from ``valid_from`` up to, not including, ``valid_to``; ``None`` is open on that side."""

    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


Row = TypeVar("Row", bound=Spanned)


@dataclass(frozen=True, slots=True)
class Piece(Generic[Row]):
    """The part of a row that lies in a range of days, half-open."""

    row: Row
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def holds(row: Spanned, day: date) -> bool:
    """Whether the row is valid on ``day``: the first day counts, the end does not."""
    return _from(row) <= day and (row.valid_to is None or day < row.valid_to)


def as_of(rows: Iterable[Row], day: date) -> list[Row]:
    """The rows valid on ``day``, in the order given."""
    return [row for row in rows if holds(row, day)]


def pieces(rows: Iterable[Row], start: date, end: date) -> list[Piece[Row]]:
    """Each row cut to ``[start, end)``, rows outside left out, ordered by first day."""
    cut = [Piece(row, max(_from(row), start), min(row.valid_to or end, end)) for row in rows]
    return sorted((piece for piece in cut if piece.start < piece.end), key=lambda piece: piece.start)


def split(rows: Iterable[Row], start: date, end: date) -> list[tuple[date, date, tuple[Row, ...]]]:
    """Cut ``[start, end)`` wherever a row begins or ends; each stretch with the rows valid all through it.

    The stretches tile the range: days on which no row is valid come with an empty tuple.
    """
    cut = pieces(rows, start, end)
    edges = sorted({start, end, *(p.start for p in cut), *(p.end for p in cut)}) if start < end else []
    return [(low, high, tuple(p.row for p in cut if p.start <= low and high <= p.end)) for low, high in pairwise(edges)]


def overlaps(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> list[tuple[Row, Row]]:
    """Pairs of rows with equal ``key`` valid on a common day: each row that clashes, after the one it meets."""
    groups: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return [pair for group in groups.values() for pair in _clashes(sorted(group, key=_from))]


def prorated(row: Spanned, start: date, end: date) -> Fraction:
    """The part of the days of ``[start, end)`` on which the row is valid, between 0 and 1.

    Raises ``CalculationError`` for a range without days.
    """
    if start >= end:
        raise CalculationError("span.no_days", start=start, end=end)
    return Fraction(sum(piece.days for piece in pieces([row], start, end)), (end - start).days)


def _clashes(ordered: list[Row]) -> list[tuple[Row, Row]]:
    found: list[tuple[Row, Row]] = []
    longest: Row | None = None  # the earlier row that reaches furthest: only it can decide whether the next one clashes
    for row in ordered:
        if longest is not None and (longest.valid_to is None or _from(row) < longest.valid_to):
            found.append((longest, row))
        if longest is None or _to(row) > _to(longest):
            longest = row
    return found


def _from(row: Spanned) -> date:
    return row.valid_from or date.min


def _to(row: Spanned) -> date:
    return row.valid_to or date.max
