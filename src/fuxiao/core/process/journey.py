"""One case on its way through the units: who held it, how long it was worked on, where it went back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fuxiao.core.errors import CalculationError

Clock = Callable[[datetime, datetime], timedelta]
NOTHING = timedelta(0)


def calendar_time(start: datetime, end: datetime) -> timedelta:
    """Time as the wall clock counts it; pass a business clock instead where nights and holidays do not count."""
    return end - start


@dataclass(frozen=True, slots=True)
class Hold:
    """One unit working on one case from its first to its last act.

    ``progress``: a visit or a reply to the customer happened meanwhile, so that passing the case back is not ping-pong.
    """

    case: str
    unit: str
    start: datetime
    end: datetime
    progress: bool = False

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise CalculationError("process.ends_before_start", case=self.case, unit=self.unit)


@dataclass(frozen=True, slots=True)
class Journey:
    """A case's holds in order of time, neighbours of one unit put together.

    ``work`` is the time in which somebody acted (overlaps count once), ``lead`` from first to last act.
    """

    case: str
    holds: tuple[Hold, ...]
    work: timedelta
    lead: timedelta

    @property
    def units(self) -> tuple[str, ...]:
        """The variant: the units in order."""
        return tuple(hold.unit for hold in self.holds)

    @property
    def waiting(self) -> timedelta:
        return self.lead - self.work

    @property
    def hand_offs(self) -> int:
        return len(self.holds) - 1

    @property
    def loops(self) -> int:
        """How often the case came to a unit that had had it before."""
        return len(self.holds) - len(set(self.units))

    @property
    def ping_pong(self) -> bool:
        """Whether it went to another unit and straight back."""
        return any(True for _ in straight_back(self))


def journeys(holds: Iterable[Hold], *, clock: Clock = calendar_time) -> tuple[Journey, ...]:
    """The journeys of a log, by case; rows may come in any order.

    Plain tuples ``(case, unit, start, end)`` become holds by ``Hold(*row)``. ``clock`` measures a span of time.
    """
    by_case: defaultdict[str, list[Hold]] = defaultdict(list)
    for hold in holds:
        by_case[hold.case].append(hold)
    return tuple(_journey(case, by_case[case], clock) for case in sorted(by_case))


def straight_back(journey: Journey) -> Iterator[tuple[Hold, Hold, Hold]]:
    """Each stretch a-b-a of a journey in which b made no progress."""
    triples = zip(journey.holds, journey.holds[1:], journey.holds[2:], strict=False)
    return (three for three in triples if three[0].unit == three[2].unit and not three[1].progress)


def _journey(case: str, holds: list[Hold], clock: Clock) -> Journey:
    ordered = sorted(holds, key=lambda hold: (hold.start, hold.end, hold.unit))
    merged: list[Hold] = []
    for hold in ordered:
        if merged and merged[-1].unit == hold.unit:
            before = merged.pop()
            end, progress = max(before.end, hold.end), before.progress or hold.progress
            merged.append(replace(before, end=end, progress=progress))
        else:
            merged.append(hold)
    last = max(hold.end for hold in ordered)
    return Journey(case, tuple(merged), _worked(ordered, clock), clock(ordered[0].start, last))


def _worked(ordered: list[Hold], clock: Clock) -> timedelta:
    """The union of the acts."""
    total, start, end = NOTHING, ordered[0].start, ordered[0].end
    for hold in ordered[1:]:
        if hold.start > end:
            total, start = total + clock(start, end), hold.start
        end = max(end, hold.end)
    return total + clock(start, end)
