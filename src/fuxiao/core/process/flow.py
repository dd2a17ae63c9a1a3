"""A whole log in figures: how much of the time somebody worked, how many ways the cases took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import fsum, log2

from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Trace, figure
from fuxiao.core.process.journey import NOTHING, Journey
from fuxiao.core.process.network import minutes


@dataclass(frozen=True, slots=True)
class Flow:
    """The sums of a log. ``efficiency`` is work over lead, as 0-1; ``None`` where no time passed.

    ``ping_pong`` and ``rework`` name the cases that went straight back, and that came to a unit twice.
    """

    cases: int
    work: timedelta
    lead: timedelta
    hand_offs: int
    loops: int
    ping_pong: tuple[str, ...]
    rework: tuple[str, ...]

    @property
    def efficiency(self) -> Decimal | None:
        return minutes(self.work) / minutes(self.lead) if self.lead else None

    @property
    def ping_pong_share(self) -> Decimal:
        return Decimal(len(self.ping_pong)) / self.cases

    @property
    def rework_share(self) -> Decimal:
        return Decimal(len(self.rework)) / self.cases

    @property
    def trace(self) -> Trace:
        work, lead = minutes(self.work), minutes(self.lead)
        params = {"cases": self.cases, "hand_offs": self.hand_offs, "loops": self.loops}
        formula = f"{figure(work)} ÷ {figure(lead)}"
        return Trace("process.flow_efficiency", self.efficiency, formula, {**params, "work": work, "lead": lead})


def flow(journeys: Sequence[Journey]) -> Flow:
    """Add up a log's journeys; at least one."""
    if not journeys:
        raise CalculationError("process.no_cases")
    return Flow(
        cases=len(journeys),
        work=sum((journey.work for journey in journeys), NOTHING),
        lead=sum((journey.lead for journey in journeys), NOTHING),
        hand_offs=sum(journey.hand_offs for journey in journeys),
        loops=sum(journey.loops for journey in journeys),
        ping_pong=tuple(sorted(journey.case for journey in journeys if journey.ping_pong)),
        rework=tuple(sorted(journey.case for journey in journeys if journey.loops)),
    )


@dataclass(frozen=True, slots=True)
class Variant:
    """One way through the units, and the share of cases that took it."""

    units: tuple[str, ...]
    cases: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Variants:
    """All ways, the most used first, equals by name. ``entropy`` in bits: 0 where all cases take one way."""

    ranked: tuple[Variant, ...]
    entropy: float

    def share_of_top(self, most: int) -> Decimal:
        """The share of cases on the ``most`` most used ways."""
        return sum((variant.share for variant in self.ranked[:most]), Decimal(0))


def variants(journeys: Sequence[Journey]) -> Variants:
    """Count the ways of a log's cases; at least one case."""
    if not journeys:
        raise CalculationError("process.no_cases")
    total = len(journeys)
    counted = Counter(journey.units for journey in journeys)
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    entropy = fsum(count / total * log2(total / count) for _, count in ranked)
    return Variants(tuple(Variant(units, count, Decimal(count) / total) for units, count in ranked), entropy)
