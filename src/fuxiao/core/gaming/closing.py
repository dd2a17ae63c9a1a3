"""How and when cases are closed: G2 close and reopen, G5 mass closing, G6 bunching, stopped clocks, G8 back-dating."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.figures import require
from fuxiao.core.gaming.signal import Limits, Number, ShareLimits, Signal, over, share, share_signal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenLimits(Limits):
    """Raised where the real rate passes the shown one by more than this many points (0.05 = five)."""

    gap_above: float = 0.05
    p_at_most: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioLimits(Limits):
    """Raised where something happens this many times as often as it should, beyond chance."""

    ratio: float = 2.0
    p_at_most: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseLimits(ShareLimits):
    """As for any share; ``by_chance`` of all pauses would start in the last tenth of the time if nobody minded it."""

    share_above: float = 0.20
    p_at_most: float = 0.01
    by_chance: float = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class BackDatingLimits(ShareLimits):
    """As for any share; an event counts as back-dated when recorded more than ``hours`` after it is said to be."""

    share_above: float = 0.10
    hours: float = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInLimits(ShareLimits):
    """As for any share; a check-in counts as far when more than ``metres`` from the site."""

    share_above: float = 0.10
    metres: float = 500


MASS_CLOSING = RatioLimits(p_at_most=0.001)


def close_and_reopen(
    subject: str,
    *,
    closed: int,
    reopened: int,
    new_same_device: int,
    usual: float | None = None,
    limits: ReopenLimits = ReopenLimits(),
) -> Signal:
    """G2: new cases on the same device within seven days that should have been re-openings.

    ``usual`` is the share of such new cases among peers, against which the chance is taken.
    """
    shown, real = share(reopened, closed), share(reopened + new_same_device, closed)
    gap = share(new_same_device, closed)
    p = float(law.binomial_at_least(new_same_device, closed, limits.gap_above if usual is None else usual))
    raised = gap > limits.gap_above and closed >= limits.fewest and p <= limits.p_at_most
    counted = {"closed": closed, "reopened": reopened, "new_same_device": new_same_device}
    evidence = {**counted, "shown": shown, "real": real, "gap": gap}
    return Signal("G2", subject, over(gap, limits.gap_above), p, real, evidence, limits.numbers(), raised)


def mass_closing(
    subject: str,
    *,
    closed: int,
    closed_late: int,
    late_days: int = 2,
    work_days: int = 22,
    reopened_late: int | None = None,
    limits: RatioLimits = MASS_CLOSING,
) -> Signal:
    """G5: closings heaped on the last working days of the period, against an even spread (binomial tail).

    ``reopened_late`` of the late batch, where known, shows whether those cases were really done.
    """
    require(0 < late_days < work_days, "gaming.late_days_outside", late_days=late_days, work_days=work_days)
    chance = late_days / work_days
    late, expected = share(closed_late, closed), closed * chance
    p, ratio = float(law.binomial_at_least(closed_late, closed, chance)), over(closed_late, expected)
    raised = ratio >= limits.ratio and p <= limits.p_at_most and closed >= limits.fewest
    evidence: dict[str, Number] = {"closed": closed, "closed_late": closed_late, "share": late, "expected": expected}
    evidence |= {"late_days": late_days, "work_days": work_days}
    if reopened_late is not None:
        evidence["reopened_share_of_late"] = share(reopened_late, closed_late)
    return Signal("G5", subject, over(ratio, limits.ratio), p, ratio, evidence, limits.numbers(), raised)


def deadline_bunching(
    subject: str, *, last_stretch: int, stretch_before: int, limits: RatioLimits = RatioLimits()
) -> Signal:
    """G6: resolutions in the last 5 % of the allowed time against the 5 % before; even odds are expected."""
    both = last_stretch + stretch_before
    p, ratio = float(law.binomial_at_least(last_stretch, both, 0.5)), over(last_stretch, stretch_before)
    raised = ratio >= limits.ratio and p <= limits.p_at_most and both >= limits.fewest
    evidence = {"last_stretch": last_stretch, "stretch_before": stretch_before}
    return Signal("G6", subject, over(ratio, limits.ratio), p, ratio, evidence, limits.numbers(), raised)


def clock_stopping(subject: str, *, late_pauses: int, pauses: int, limits: PauseLimits = PauseLimits()) -> Signal:
    """G6: pauses started in the last tenth of the allowed time, with no message of the customer within 24 hours."""
    return share_signal("G6", subject, hits=late_pauses, cases=pauses, usual=limits.by_chance, limits=limits)


def back_dating(
    subject: str,
    *,
    recorded_late: int,
    events: int,
    usual: float | None = None,
    limits: BackDatingLimits = BackDatingLimits(),
) -> Signal:
    """G8: events recorded hours after the time they claim."""
    return share_signal("G8", subject, hits=recorded_late, cases=events, usual=usual, limits=limits)


def far_check_ins(
    subject: str, *, far: int, check_ins: int, usual: float | None = None, limits: CheckInLimits = CheckInLimits()
) -> Signal:
    """G8: arrivals signed far from the site."""
    return share_signal("G8", subject, hits=far, cases=check_ins, usual=usual, limits=limits)
