"""Targets (floor, target, stretch) by role, team and person, effective-dated: which one holds for whom on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum
from itertools import pairwise

from fuxiao.core.errors import Issue
from fuxiao.core.explain import Trace, figure


class Level(IntEnum):
    """For whom a target was set; the higher number is the more specific and wins."""

    ROLE = 1
    TEAM = 2
    PERSON = 3


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for, in the indicator's own unit.

    ``norm`` is a person's own usual level; an item whose thresholds are stated as multiples of the own norm uses it.
    """

    floor: Decimal | None = None
    target: Decimal | None = None
    stretch: Decimal | None = None
    norm: Decimal | None = None

    @property
    def given(self) -> bool:
        """Whether any of floor, target and stretch is there (a norm alone is not)."""
        return self.floor is not None or self.target is not None or self.stretch is not None

    def text(self) -> str:
        """The numbers that are there, e.g. ``85 / 95 / 99``."""
        numbers = (self.floor, self.target, self.stretch)
        return " / ".join(figure(n) for n in numbers if n is not None)


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """One row of the target table: an indicator's target for a role, team or person in ``[valid_from, valid_to)``.

    ``decided_on`` is the day somebody fixed it; ``reason`` is asked for where that day lies inside the period.
    """

    indicator: str
    level: Level
    subject: str
    target: Target
    valid_from: date
    valid_to: date | None = None
    decided_on: date | None = None
    reason: str = ""

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def where(self) -> str:
        return f"targets.{self.level.name.lower()}.{self.subject}.{self.indicator}[{self.valid_from.isoformat()}]"


@dataclass(frozen=True, slots=True)
class Found:
    """The target that holds, and whose it is (``level`` ``None``: the scheme's own default)."""

    target: Target
    level: Level | None
    trace: Trace


@dataclass(frozen=True, slots=True)
class TargetBook:
    """All targets, ready for look-ups. Where rows of one subject overlap (an issue), the later start wins."""

    entries: tuple[TargetEntry, ...]
    _rows: dict[tuple[str, Level, str], list[TargetEntry]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows: dict[tuple[str, Level, str], list[TargetEntry]] = {}
        for entry in sorted(self.entries, key=lambda e: e.valid_from, reverse=True):
            rows.setdefault((entry.indicator, entry.level, entry.subject), []).append(entry)
        object.__setattr__(self, "_rows", rows)

    def entry(self, indicator: str, *, on: date, person: str, team: str = "", role: str = "") -> TargetEntry | None:
        """The row that holds on the day ``on``: the person's, else the team's, else the role's, else ``None``."""
        for level, subject in ((Level.PERSON, person), (Level.TEAM, team), (Level.ROLE, role)):
            for row in self._rows.get((indicator, level, subject), ()):
                if row.holds_on(on):
                    return row
        return None

    def targets(
        self, indicators: Iterable[str], *, on: date, person: str, team: str = "", role: str = ""
    ) -> dict[str, Target]:
        """The targets that hold for one person, by indicator; those left to the scheme's default are absent."""
        found = ((code, self.entry(code, on=on, person=person, team=team, role=role)) for code in indicators)
        return {code: row.target for code, row in found if row is not None}

    def find(
        self, indicator: str, *, on: date, person: str, team: str = "", role: str = "", default: Target | None = None
    ) -> Found | None:
        """The target that holds with its trace: person, then team, then role, then ``default``; else ``None``."""
        row = self.entry(indicator, on=on, person=person, team=team, role=role)
        if row is not None:
            return Found(row.target, row.level, _trace(row.target, row.level.name.lower(), row))
        return None if default is None else Found(default, None, _trace(default, "scheme", None))

    def issues(self, *, period: tuple[date, date] | None = None) -> tuple[Issue, ...]:
        """Everything wrong with the table: order, overlaps, unexplained changes inside ``period`` (half-open)."""
        found = [issue for entry in self.entries for issue in _shape_issues(entry)]
        found += [issue for rows in self._rows.values() for issue in _overlaps(rows)]
        if period is not None:
            found += [issue for entry in self.entries for issue in _late_issues(entry, period)]
        return tuple(found)


def _trace(target: Target, level: str, row: TargetEntry | None) -> Trace:
    params: dict[str, Decimal | int | str | bool | None] = {"level": level}
    if row is not None:
        params |= {"subject": row.subject, "valid_from": row.valid_from.isoformat()}
        params |= {"reason": row.reason} if row.reason else {}
    return Trace("target", target.target, formula=target.text(), params=params)


def _shape_issues(entry: TargetEntry) -> Iterator[Issue]:
    numbers = [n for n in (entry.target.floor, entry.target.target, entry.target.stretch) if n is not None]
    if not numbers and entry.target.norm is None:
        yield Issue(entry.where, "target.empty")
    rising, falling = sorted(set(numbers)), sorted(set(numbers), reverse=True)
    if numbers not in (rising, falling):
        yield Issue(entry.where, "target.order", {"numbers": entry.target.text()})
    if entry.valid_to is not None and entry.valid_to <= entry.valid_from:
        yield Issue(entry.where, "target.span_empty", {"valid_to": entry.valid_to.isoformat()})


def _overlaps(rows: list[TargetEntry]) -> Iterator[Issue]:
    for later, earlier in pairwise(rows):
        if earlier.holds_on(later.valid_from):
            yield Issue(later.where, "target.overlap", {"other": earlier.where})


def _late_issues(entry: TargetEntry, period: tuple[date, date]) -> Iterator[Issue]:
    """People are told their targets before the period: a row that starts, or was decided, later says why."""
    start, end = period
    late = [day for day in (entry.valid_from, entry.decided_on) if day is not None and start < day]
    touches = entry.valid_from < end and (entry.valid_to is None or start < entry.valid_to)
    if late and touches and not entry.reason.strip():
        params = {"day": max(late).isoformat(), "start": start.isoformat()}
        yield Issue(entry.where, "target.late_without_reason", params)
