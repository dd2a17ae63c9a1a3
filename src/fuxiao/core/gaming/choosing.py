"""Who takes, passes on and re-labels which cases: G1 cherry picking, G3 ping-pong, G11 difficulty inflation."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.figures import require
from fuxiao.core.gaming.signal import (
    Limits,
    ShareLimits,
    Signal,
    odds_ratio,
    over,
    share,
    share_signal,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PickingLimits(Limits):
    """Raised where the odds of an easy case are this many times the queue's, beyond chance."""

    odds_ratio: float = 2.0
    p_at_most: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyLimits(Limits):
    """Raised where the mean difficulty of picked cases is under this share of the queue's, beyond chance."""

    ratio_below: float = 0.85
    p_at_most: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class InflationLimits(Limits):
    """Raised where own cases are re-coded as harder this many times as often as the peers' are, beyond chance."""

    ratio: float = 2.0
    p_at_most: float = 0.01


PING_PONG = ShareLimits(share_above=0.10)


def cherry_picking(
    subject: str,
    *,
    easy_picked: int,
    picked: int,
    easy_offered: int,
    offered: int,
    limits: PickingLimits = PickingLimits(),
) -> Signal:
    """G1: easy cases among those a person picked against those in the queue at the time (Fisher's exact test).

    Cases that were assigned do not count as picked.
    """
    own, queue = share(easy_picked, picked), share(easy_offered, offered)
    p = law.fisher_two_sided(easy_picked, picked, easy_offered, offered)
    ratio = odds_ratio(easy_picked, picked, easy_offered, offered)
    raised = ratio >= limits.odds_ratio and p <= limits.p_at_most and picked >= limits.fewest
    evidence = {"easy_picked": easy_picked, "picked": picked, "easy_offered": easy_offered, "offered": offered}
    facts = {**evidence, "share_picked": own, "share_offered": queue}
    return Signal("G1", subject, over(ratio, limits.odds_ratio), p, ratio, facts, limits.numbers(), raised)


def picking_by_difficulty(
    subject: str,
    *,
    mean_picked: float,
    mean_offered: float,
    sd_offered: float,
    picked: int,
    limits: DifficultyLimits = DifficultyLimits(),
) -> Signal:
    """G1 where cases carry a difficulty: the mean of the picked cases against the queue's, as a z value."""
    require(sd_offered > 0 and picked > 0 and mean_offered > 0, "gaming.no_spread_offered")
    z = (mean_picked - mean_offered) / (sd_offered / sqrt(picked))
    p, ratio = float(law.normal_tail(-z)), mean_picked / mean_offered
    raised = ratio < limits.ratio_below and p <= limits.p_at_most and picked >= limits.fewest
    strength = max(0.0, over(1 - ratio, 1 - limits.ratio_below))
    facts = {
        "mean_picked": mean_picked,
        "mean_offered": mean_offered,
        "sd_offered": sd_offered,
        "picked": picked,
        "z": z,
    }
    return Signal("G1", subject, strength, p, ratio, facts, limits.numbers(), raised)


def ping_pong(
    pair: tuple[str, str],
    *,
    returns: int,
    hand_offs: int,
    usual: float | None = None,
    limits: ShareLimits = PING_PONG,
) -> Signal:
    """G3: cases sent from a to b and straight back to a, per hand-off from a to b.

    ``returns`` come from ``process.returns`` (within five working days, no visit and no reply in between). The signal
    is the pair's, never a person's.
    """
    subject = f"{pair[0]} → {pair[1]}"
    return share_signal("G3", subject, hits=returns, cases=hand_offs, usual=usual, limits=limits)


def difficulty_inflation(
    subject: str,
    *,
    raised_own: int,
    own: int,
    raised_peers: int,
    peers: int,
    limits: InflationLimits = InflationLimits(),
) -> Signal:
    """G11: the handler's own cases re-coded as harder, against those of peers (Fisher's exact test)."""
    mine, theirs = share(raised_own, own), share(raised_peers, peers)
    p = law.fisher_two_sided(raised_own, own, raised_peers, peers)
    ratio = over(mine, theirs)
    raised = ratio >= limits.ratio and p <= limits.p_at_most and own >= limits.fewest
    evidence = {"raised_own": raised_own, "own": own, "raised_peers": raised_peers, "peers": peers}
    facts = {**evidence, "share_own": mine, "share_peers": theirs}
    return Signal("G11", subject, over(ratio, limits.ratio), p, ratio, facts, limits.numbers(), raised)
