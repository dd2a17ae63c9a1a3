"""What decided reviews teach a threshold: how far to move it so that fewer honest people are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, sqrt

from fuxiao.core.gaming.signal import Limits, Number

FEWEST_DECIDED = 5
"""With fewer decided reviews nothing is proposed: two false alarms are no pattern."""
SIDE = frozenset({"fewest", "fewest_past", "p_at_most", "by_chance", "hours", "metres", "seconds"})
"""Numbers of a detector that say what is counted and how sure one must be, not how much is too much."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A finding whose review confirmed it or called it a false alarm, with its strength at today's thresholds."""

    strength: float
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """Thresholds ``factor`` times as strict, and what they would have done with the decided findings."""

    factor: float
    kept_confirmed: int
    lost_confirmed: int
    kept_false: int
    dropped_false: int


def propose(decided: Sequence[Decided], *, fewest: int = FEWEST_DECIDED) -> Proposal | None:
    """The factor that makes the fewest mistakes (false alarms kept and confirmed findings lost, weighed alike), the
    smallest of equals; ``None`` with too few decided reviews or where no stricter threshold does better."""
    if len(decided) < fewest:
        return None
    strengths = sorted({max(1.0, each.strength) for each in decided})
    # Between two neighbours, so that neither stands on the line itself.
    between = [sqrt(low * high) for low, high in pairwise(strengths)]
    tried = [_outcome(decided, factor) for factor in (1.0, *between, strengths[-1] * 1.05)]
    best = min(tried, key=lambda each: (each.kept_false + each.lost_confirmed, each.factor))
    return best if best.factor > 1 else None


def _outcome(decided: Sequence[Decided], factor: float) -> Proposal:
    kept = [each for each in decided if factor == 1.0 or each.strength >= factor]
    confirmed, right = sum(each.confirmed for each in decided), sum(each.confirmed for each in kept)
    wrong = len(kept) - right
    return Proposal(factor, right, confirmed - right, wrong, len(decided) - confirmed - wrong)


def main_numbers(limits: Limits) -> dict[str, Number]:
    """The thresholds that say how much is too much."""
    return {name: value for name, value in limits.numbers().items() if name not in SIDE}


def stricter(limits: Limits, factor: float) -> dict[str, Number]:
    """The main thresholds ``factor`` times as strict: findings of that strength are just at them.

    Whole numbers are rounded up, others to three places. A ``…_below`` moves away from one.
    """
    return {name: _moved(name, value, factor) for name, value in main_numbers(limits).items()}


def _moved(name: str, value: Number, factor: float) -> Number:
    if isinstance(value, int):
        return ceil(round(value * factor, 6))
    return round(_apart(name, _apart(name, value) * factor), 3)


def _apart(name: str, value: float) -> float:
    """How far from nothing unusual a threshold stands: from nought, or from one below."""
    return 1 - value if name.endswith("_below") else value


def at_present(strength: float, then: Mapping[str, float], limits: Limits) -> float:
    """A strength measured against the thresholds of ``then``, as it would be against these."""
    name, value = next(iter(main_numbers(limits).items()))
    return strength * _apart(name, float(then[name])) / _apart(name, float(value))
