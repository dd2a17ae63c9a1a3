"""What is billed and fitted: G9 order splitting, G12 part-swap padding."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.figures import require
from fuxiao.core.gaming.signal import Limits, ShareLimits, Signal, over, share_signal


@dataclass(frozen=True, slots=True, kw_only=True)
class PaddingLimits(Limits):
    """Raised where this many times the expected parts are used, beyond chance; ``fewest`` counts repairs."""

    ratio: float = 1.5
    p_at_most: float = 0.01


SPLITTING = ShareLimits(share_above=0.05)


def order_splitting(
    subject: str, *, split_days: int, days: int, usual: float | None = None, limits: ShareLimits = SPLITTING
) -> Signal:
    """G9: days on which one customer's one device got more than one paid order, of all such days with a paid order."""
    return share_signal("G9", subject, hits=split_days, cases=days, usual=usual, limits=limits)


def part_padding(
    subject: str, *, parts: int, expected: float, repairs: int, limits: PaddingLimits = PaddingLimits()
) -> Signal:
    """G12: parts used against those expected for the same faults (Poisson tail).

    ``expected`` adds up, over the person's repairs, the company's mean number of parts for the fault.
    """
    require(parts >= 0 and expected > 0, "gaming.nothing_expected", expected=expected)
    p, ratio = float(law.poisson_at_least(parts, expected)), parts / expected
    raised = ratio >= limits.ratio and p <= limits.p_at_most and repairs >= limits.fewest
    evidence = {"parts": parts, "expected": expected, "repairs": repairs}
    return Signal("G12", subject, over(ratio, limits.ratio), p, ratio, evidence, limits.numbers(), raised)
