"""What a gaming signal is: evidence against a threshold, for a person to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from fuxiao.core.explain import Scalar, Trace
from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.figures import exact, require

Number = float | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where a signal starts to ask for a review: starting values, to be set by the department.

    ``fewest``: under this many cases nothing is raised.
    """

    fewest: int = 20

    def numbers(self) -> dict[str, Number]:
        """All thresholds by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLimits(Limits):
    """Raised where a share passes ``share_above`` with a chance of at most ``p_at_most`` (1: the rule decides)."""

    share_above: float
    p_at_most: float = 1.0


@dataclass(frozen=True, slots=True)
class Signal:
    """One pattern looked for in one subject (a person, or a pair of units written ``a → b``).

    ``strength`` orders reviews: the effect in multiples of its threshold, 1 being just at it. ``p`` is the chance of
    evidence this strong or stronger from an honest subject, ``adjusted_p`` the same after many subjects were looked at;
    both ``None`` where the threshold is a rule and not a chance. ``ratio`` is the effect in plain terms (odds ratio,
    observed over expected, share). ``raised`` means that a review is due: it never lowers a score by itself.
    """

    code: str
    subject: str
    strength: float
    p: float | None
    ratio: float | None
    evidence: Mapping[str, Number]
    threshold: Mapping[str, Number]
    raised: bool
    adjusted_p: float | None = None

    @property
    def trace(self) -> Trace:
        """The strength, with evidence and thresholds."""
        params: dict[str, Scalar] = {"subject": self.subject, "raised": self.raised}
        params |= {name: exact(value) for name, value in self.evidence.items()}
        params |= {f"threshold_{name}": exact(value) for name, value in self.threshold.items()}
        chances = {"p": self.p, "adjusted_p": self.adjusted_p, "ratio": self.ratio}
        params |= {name: None if value is None else exact(value, 12) for name, value in chances.items()}
        return Trace(f"gaming.{self.code}", exact(self.strength), params=params)


def share(part: Number, whole: Number) -> float:
    """``part / whole``; 0 of nothing is 0. A part larger than its whole is refused."""
    require(0 <= part <= whole, "gaming.part_outside_whole", part=part, whole=whole)
    return part / whole if whole else 0.0


def over(effect: float, threshold: Number) -> float:
    """One number in multiples of another; infinite over nothing, 0 where both are nothing."""
    if threshold > 0:
        return effect / threshold
    return float("inf") if effect > 0 else 0.0


def share_signal(
    code: str, subject: str, *, hits: int, cases: int, usual: float | None, limits: ShareLimits, **facts: Number
) -> Signal:
    """The signal of a share of cases: raised past the threshold.

    ``usual`` is the share among peers, against which the chance is taken; without it, against the threshold itself.
    """
    found = share(hits, cases)
    p = float(law.binomial_at_least(hits, cases, limits.share_above if usual is None else usual))
    raised = found > limits.share_above and cases >= limits.fewest and p <= limits.p_at_most
    evidence = {"hits": hits, "cases": cases, "share": found, **facts}
    if usual is not None:
        evidence["usual"] = usual
    return Signal(code, subject, over(found, limits.share_above), p, found, evidence, limits.numbers(), raised)


def odds_ratio(hits: int, cases: int, other_hits: int, other_cases: int) -> float:
    """How many times higher the odds are; infinite where the other side has none, 1 where both have none."""
    up, down = hits * (other_cases - other_hits), (cases - hits) * other_hits
    return over(up, down) if up or down else 1.0
