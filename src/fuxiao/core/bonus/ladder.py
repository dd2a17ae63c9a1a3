"""The points ladder: grades, ideas, knowledge and praise add up to eligibility for the next level."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from fuxiao.core.errors import UnknownName
from fuxiao.core.explain import Trace


class Deed(StrEnum):
    """What gives points besides a grade."""

    IDEA = "idea"  # an accepted idea
    ARTICLE = "article"  # a knowledge article, by the number of times it was used again
    PRAISE = "praise"  # a commendation that was upheld


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderRules:
    """The ladder as a company sets it."""

    grades: Mapping[str, int] = field(default_factory=lambda: {"S": 10, "A": 6, "B": 3, "C": 0, "D": -2})
    deeds: Mapping[Deed, int] = field(default_factory=lambda: {Deed.IDEA: 2, Deed.ARTICLE: 1, Deed.PRAISE: 1})
    uses_for_a_point: int = 10
    needed: int = 60
    window_months: int = 12
    life_months: int = 24


LADDER = LadderRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointEvent:
    """A grade of a period, or a deed, on its day. ``times`` counts deeds; for an article, how often it was used."""

    on: date
    grade: str | None = None
    deed: Deed | None = None
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where somebody stands: points still alive, points of the window, whether the next level is open."""

    balance: int
    recent: int
    eligible: bool
    expired: int
    trace: Trace


def standing(events: Iterable[PointEvent], *, on: date, rules: LadderRules = LADDER) -> Standing:
    """The ladder on a day, after the events before or on it. Points are whole; the ledger is kept, never a balance."""
    ledger = sorted(((event, points_of(event, rules)) for event in events if event.on <= on), key=order)
    alive_from, recent_from = months_back(on, rules.life_months), months_back(on, rules.window_months)
    alive = [(event, points) for event, points in ledger if event.on > alive_from]
    recent = sum(points for event, points in alive if event.on > recent_from)
    balance = sum(points for _, points in alive)
    eligible = recent >= rules.needed
    return Standing(
        balance=balance,
        recent=recent,
        eligible=eligible,
        expired=sum(points for _, points in ledger) - balance,
        trace=ladder_trace(alive, balance, {"recent": recent, "needed": rules.needed, "eligible": eligible}),
    )


def points_of(event: PointEvent, rules: LadderRules = LADDER) -> int:
    """The points of one event; an unknown grade is refused."""
    points = 0
    if event.grade is not None:
        if event.grade not in rules.grades:
            raise UnknownName("grade", event.grade, rules.grades)
        points += rules.grades[event.grade]
    if event.deed is not None:
        times = event.times // rules.uses_for_a_point if event.deed is Deed.ARTICLE else event.times
        points += rules.deeds[event.deed] * times
    return points


def ladder_trace(ledger: list[tuple[PointEvent, int]], balance: int, facts: Mapping[str, int | bool]) -> Trace:
    """The balance with one input for each event that is still alive."""
    rows = tuple(
        Trace("ladder.event", points, params={"on": event.on.isoformat(), "grade": event.grade, "deed": event.deed})
        for event, points in ledger
    )
    return Trace("ladder.balance", balance, " + ".join(str(points) for _, points in ledger), facts, rows)


def order(entry: tuple[PointEvent, int]) -> tuple[date, str, str, int]:
    """An order of the ledger that does not depend on how the events were given."""
    event, points = entry
    return (event.on, event.grade or "", event.deed or "", points)


def months_back(on: date, months: int) -> date:
    """The same day so many months earlier; the last day of a month that is too short."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(on.day, last))
