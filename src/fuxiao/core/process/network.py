"""Hand-offs between units: how many, how long they waited, which way back.

Pairs of units come first. A network of persons is for the lead alone, from twenty cases on, and never a score.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from fuxiao.core.explain import Scalar, Trace
from fuxiao.core.process.journey import NOTHING, Clock, Journey, calendar_time, straight_back

Pair = tuple[str, str]
FEWEST_CASES = 20


@dataclass(frozen=True, slots=True)
class Edge:
    """All hand-offs from one unit to another: ``count`` of them in ``cases`` cases, and how long they waited.

    A wait runs from the sender's last act to the receiver's first; 0 where the two overlap.
    """

    sender: str
    receiver: str
    count: int
    cases: int
    total: timedelta
    p50: timedelta
    p90: timedelta

    @property
    def pair(self) -> Pair:
        return self.sender, self.receiver

    @property
    def trace(self) -> Trace:
        """The total wait in minutes."""
        params: dict[str, Scalar] = {"sender": self.sender, "receiver": self.receiver}
        params |= {"count": self.count, "cases": self.cases, "p50": minutes(self.p50), "p90": minutes(self.p90)}
        return Trace("process.edge", minutes(self.total), params=params)


@dataclass(frozen=True, slots=True)
class Network:
    """The edges, worst bottleneck first: by total wait, not by the mean, then by name."""

    edges: tuple[Edge, ...]

    @property
    def hand_offs(self) -> int:
        return sum(edge.count for edge in self.edges)

    @property
    def bottleneck(self) -> Edge | None:
        """The edge where most waiting happens; ``None`` without hand-offs."""
        return self.edges[0] if self.edges else None

    def count(self, sender: str, receiver: str) -> int:
        """Hand-offs from one unit to another."""
        return sum(edge.count for edge in self.edges if edge.pair == (sender, receiver))

    def sent(self, unit: str) -> int:
        """Hand-offs out of a unit."""
        return sum(edge.count for edge in self.edges if edge.sender == unit)

    def received(self, unit: str) -> int:
        """Hand-offs into a unit."""
        return sum(edge.count for edge in self.edges if edge.receiver == unit)

    def reciprocity(self, one: str, other: str) -> Decimal:
        """The smaller count of the two directions over the larger: 1 is as much back as forth, 0 one way or none."""
        there, back = self.count(one, other), self.count(other, one)
        return Decimal(min(there, back)) / max(there, back, 1)

    def with_cases(self, fewest: int = FEWEST_CASES) -> Network:
        """Only the edges seen in enough cases to be shown of persons."""
        return Network(tuple(edge for edge in self.edges if edge.cases >= fewest))


def network(journeys: Iterable[Journey], *, clock: Clock = calendar_time) -> Network:
    """The hand-offs of a log."""
    waits: defaultdict[Pair, list[timedelta]] = defaultdict(list)
    cases: defaultdict[Pair, set[str]] = defaultdict(set)
    for journey in journeys:
        for one, other in pairwise(journey.holds):
            wait = clock(one.end, other.start) if other.start > one.end else NOTHING
            waits[one.unit, other.unit].append(wait)
            cases[one.unit, other.unit].add(journey.case)
    edges = (_edge(pair, sorted(waits[pair]), len(cases[pair])) for pair in waits)
    return Network(tuple(sorted(edges, key=lambda edge: (-edge.total, edge.pair))))


def _edge(pair: Pair, waits: list[timedelta], cases: int) -> Edge:
    total = sum(waits, NOTHING)
    return Edge(*pair, len(waits), cases, total, percentile(waits, Decimal("0.5")), percentile(waits, Decimal("0.9")))


def percentile(ordered: Sequence[timedelta], share: Decimal) -> timedelta:
    """The linear percentile of ascending durations, to the microsecond."""
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * float(place - low)


def returns(
    journeys: Iterable[Journey], *, within: timedelta | None = None, clock: Clock = calendar_time
) -> dict[Pair, int]:
    """How often each pair (a, b) sent a case a-b-a: the hits of the ping-pong signal, over ``Network.count(a, b)``.

    ``within`` is the longest time away that counts (five working days with a business clock), from a's last act to its
    next; stretches in which b visited or replied do not count.
    """
    found: defaultdict[Pair, int] = defaultdict(int)
    for journey in journeys:
        for away, middle, back in straight_back(journey):
            if within is None or clock(away.end, back.start) <= within:
                found[away.unit, middle.unit] += 1
    return dict(sorted(found.items()))


def minutes(span: timedelta) -> Decimal:
    """A duration in minutes, exactly."""
    return Decimal(span // timedelta(microseconds=1)) / 60_000_000
