"""The arithmetic of a total: weights (re-weighted where items are missing), team share, points, caps, veto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fuxiao.core.score.event import NO_POINTS, Points, Veto, veto_total
from fuxiao.core.score.exact import round_score
from fuxiao.core.score.gate import Gate, gate_total
from fuxiao.core.score.scheme import Limits, Role

Percents = Sequence[Fraction | None]
NONE_MISSING = Fraction(0)


def effective_weights(shares: Sequence[int], percents: Percents) -> tuple[Fraction, ...]:
    """Each item's share of the total: weights normalised over the items that have a score, nought for the others."""
    present = [0 if percent is None else share for share, percent in zip(shares, percents, strict=True)]
    base = sum(present)
    return tuple(Fraction(share, base or 1) for share in present)


def missing_share(shares: Sequence[int], percents: Percents) -> Fraction:
    """The part of the weight (0 to 1) whose items have no score."""
    if None not in percents:
        return NONE_MISSING
    missing = sum(share for share, percent in zip(shares, percents, strict=True) if percent is None)
    return Fraction(missing, sum(shares))


def weighted_mean(shares: Sequence[int], percents: Percents) -> Fraction | None:
    """The weighted mean of the scores that are there; ``None`` where none is. Summed in whole numbers."""
    top, bottom, base = 0, 1, 0
    for share, percent in zip(shares, percents, strict=True):
        if percent is not None:
            below = percent.denominator
            top = top * below + share * percent.numerator * bottom
            bottom *= below
            base += share
    return Fraction(top, bottom * base) if base else None


@dataclass(frozen=True, slots=True)
class Extras:
    """What comes on top of the items: the team's score, bonus and deduction points, gates, vetoes."""

    team_score: Decimal | None = None
    bonus: Points = NO_POINTS
    deductions: Points = NO_POINTS
    vetoes: tuple[Veto, ...] = ()
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """A total step by step, exact until ``score``, the one rounded figure."""

    own: Fraction
    with_team: Fraction
    with_points: Fraction
    capped: Fraction
    gated: Fraction
    after_veto: Fraction
    score: Decimal


def sum_up(own: Fraction, extras: Extras, *, role: Role, limits: Limits) -> Total:
    """From the weighted mean of the items to the score, in order: team, points, caps, gates, veto, rounding."""
    with_team = own
    if role.team_share and extras.team_score is not None:
        with_team = (1 - role.team_share) * own + role.team_share * Fraction(extras.team_score)
    with_points = with_team
    if extras.bonus is not NO_POINTS or extras.deductions is not NO_POINTS:
        with_points = with_team + extras.bonus.total - extras.deductions.total
    capped = min(max(with_points, Fraction(limits.lowest)), Fraction(limits.highest))
    gated = gate_total(capped, extras.gates)
    after_veto = veto_total(gated, extras.vetoes)
    return Total(own, with_team, with_points, capped, gated, after_veto, round_score(after_veto))
