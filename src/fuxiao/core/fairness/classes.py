"""Three classes of people instead of a league table: clearly above, not distinguishable, clearly below the group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from fuxiao.core.explain import Trace
from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.figures import (
    Flags,
    Floats,
    Many,
    counts,
    exact,
    facts,
    floats,
    require,
    same_length,
    total,
)
from fuxiao.core.fairness.funnel import judge_rates
from fuxiao.core.fairness.multiple import benjamini_hochberg
from fuxiao.core.indicator import Direction


class Class(StrEnum):
    """Where a person stands in the group, by merit: above is better, whichever way the indicator points."""

    ABOVE = "above"
    ALIKE = "alike"  # not distinguishable from the group
    BELOW = "below"
    TOO_FEW = "too_few"  # fewer cases than the indicator's minimum: not compared


@dataclass(frozen=True, slots=True)
class Placed:
    """One person's class, with the two-sided p and the p after the correction for comparing many people."""

    place: Class
    value: float
    centre: float
    n: int
    p: float
    adjusted_p: float

    @property
    def trace(self) -> Trace:
        params = facts(self, "centre", "p", "adjusted_p", "n", "place")
        return Trace("fairness.class", exact(self.value), params=params)


def classify_rates(
    successes: Many,
    trials: Many,
    *,
    minimum: int,
    direction: Direction = Direction.HIGHER,
    centre: float | None = None,
    factor: float = 1.0,
    error_rate: float = 0.05,
) -> tuple[Placed, ...]:
    """Place every person by the exact binomial test against the group's rate.

    ``minimum`` is the indicator's smallest sample; people under it are not compared and do not count as comparisons.
    ``centre`` defaults to the rate of all cases together, ``factor`` to no overdispersion; at most ``error_rate`` of
    those placed above or below are expected to be there by chance.
    """
    x, n = counts(successes, trials)
    require(total(n) > 0, "fairness.no_cases")
    middle = total(x) / total(n) if centre is None else centre
    tails = judge_rates(x, n, middle, factor=factor)
    value = np.divide(x, n, out=np.full(x.size, middle), where=n > 0)
    p = np.minimum(1.0, 2 * tails.p)
    more = _better(value - middle, direction)
    return _placed(value, n, p, centre=middle, enough=n >= minimum, better=more, rate=error_rate)


def classify_z(
    values: Many,
    z: Many,
    n: Many,
    *,
    minimum: int,
    centre: float,
    direction: Direction = Direction.HIGHER,
    error_rate: float = 0.05,
) -> tuple[Placed, ...]:
    """Place people by signed z values made elsewhere: case-mix adjusted rates, means, widened by overdispersion."""
    value, score, cases = floats(values), floats(z), floats(n)
    same_length(value, score, cases)
    p = np.minimum(1.0, 2 * law.normal_tail(np.abs(score)))
    more = _better(score, direction)
    return _placed(value, cases, p, centre=centre, enough=cases >= minimum, better=more, rate=error_rate)


def _better(gap: Floats, direction: Direction) -> Flags:
    """Whether a gap to the group is to the good."""
    require(direction is not Direction.RANGE, "fairness.range_has_no_better")
    return gap > 0 if direction is Direction.HIGHER else gap < 0


def _placed(
    value: Floats,
    n: Floats,
    p: Floats,
    *,
    centre: float,
    enough: Flags,
    better: Flags,
    rate: float,
) -> tuple[Placed, ...]:
    adjusted = np.ones(p.size)
    adjusted[enough] = benjamini_hochberg(p[enough])
    places = np.where(adjusted < rate, np.where(better, Class.ABOVE, Class.BELOW), Class.ALIKE)
    places = np.where(enough, places, Class.TOO_FEW)
    rows = zip(places.tolist(), value.tolist(), n.tolist(), p.tolist(), adjusted.tolist(), strict=True)
    return tuple(Placed(Class(c), v, centre, int(cases), raw, adj) for c, v, cases, raw, adj in rows)


def league(placed: Sequence[Placed]) -> dict[Class, int]:
    """How many people stand in each class, all classes named."""
    return {place: sum(one.place is place for one in placed) for place in Class}
