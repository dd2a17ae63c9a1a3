"""How customers are answered and asked: G4 survey selection, G7 hollow first reply, G10 hiding, G13 bursts."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.core.explain import Trace
from fuxiao.core.fairness import distributions as law
from fuxiao.core.fairness.figures import exact, facts, require
from fuxiao.core.gaming.signal import (
    Limits,
    Number,
    ShareLimits,
    Signal,
    odds_ratio,
    over,
    share,
    share_signal,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionLimits(Limits):
    """Raised where good outcomes are invited this much more often than bad ones, beyond chance."""

    gap_above: float = 0.10
    p_at_most: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLimits(Limits):
    """Raised past this share of template replies, or under this share of effective first replies."""

    template_above: float = 0.60
    effective_below: float = 0.70


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstLimits(Limits):
    """Raised from this many five-star answers from one device or address, or given under ``seconds`` after asking."""

    fewest: int = 1
    same_source: int = 3
    quick: int = 3
    seconds: float = 10


HIDDEN = ShareLimits(share_above=0.05)


@dataclass(frozen=True, slots=True)
class AnswerBounds:
    """Satisfaction as answered, and as it would be if all who kept silent were dissatisfied, or satisfied."""

    observed: float
    low: float
    high: float

    @property
    def trace(self) -> Trace:
        return Trace("gaming.answer_bounds", exact(self.observed), params=facts(self, "low", "high"))


def survey_selection(
    subject: str,
    *,
    good_invited: int,
    good: int,
    bad_invited: int,
    bad: int,
    limits: SelectionLimits = SelectionLimits(),
) -> Signal:
    """G4: surveys sent after good outcomes and spared after bad ones (Fisher's exact test)."""
    asked_good, asked_bad = share(good_invited, good), share(bad_invited, bad)
    p = law.fisher_two_sided(good_invited, good, bad_invited, bad)
    gap = asked_good - asked_bad
    raised = gap > limits.gap_above and p <= limits.p_at_most and good + bad >= limits.fewest
    counted = {"good_invited": good_invited, "good": good, "bad_invited": bad_invited, "bad": bad}
    evidence = {**counted, "share_good": asked_good, "share_bad": asked_bad, "gap": gap}
    ratio, strength = odds_ratio(good_invited, good, bad_invited, bad), max(0.0, over(gap, limits.gap_above))
    return Signal("G4", subject, strength, p, ratio, evidence, limits.numbers(), raised)


def non_response_bounds(*, satisfied: int, answered: int, delivered: int) -> AnswerBounds:
    """How far silence could move a satisfaction rate (worst and best case of Manski 1989)."""
    require(0 < answered <= delivered, "gaming.part_outside_whole", part=answered, whole=delivered)
    silent = delivered - answered
    low, high = satisfied / delivered, (satisfied + silent) / delivered
    return AnswerBounds(share(satisfied, answered), low, high)


def hollow_first_reply(
    subject: str,
    *,
    template_replies: int,
    replies: int,
    effective_replies: int | None = None,
    limits: ReplyLimits = ReplyLimits(),
) -> Signal:
    """G7: first replies that only stop the clock: mostly templates, or seldom followed by a real act."""
    template = share(template_replies, replies)
    evidence: dict[str, Number] = {"template_replies": template_replies, "replies": replies, "share": template}
    strength, hollow = over(template, limits.template_above), template > limits.template_above
    if effective_replies is not None:
        effective = share(effective_replies, replies)
        evidence |= {"effective_replies": effective_replies, "effective_share": effective}
        strength = max(strength, over(1 - effective, 1 - limits.effective_below))
        hollow = hollow or effective < limits.effective_below
    raised = hollow and replies >= limits.fewest
    return Signal("G7", subject, strength, None, template, evidence, limits.numbers(), raised)


def complaint_hiding(
    subject: str, *, recoded: int, complaints: int, usual: float | None = None, limits: ShareLimits = HIDDEN
) -> Signal:
    """G10: complaints re-coded as enquiries; ``complaints`` counts all as received, the re-coded ones among them."""
    return share_signal("G10", subject, hits=recoded, cases=complaints, usual=usual, limits=limits)


def unlogged_complaints(
    subject: str, *, found: int, call_backs: int, usual: float | None = None, limits: ShareLimits = HIDDEN
) -> Signal:
    """G10: call-backs that come upon a complaint nobody wrote down."""
    return share_signal("G10", subject, hits=found, cases=call_backs, usual=usual, limits=limits)


def rating_bursts(
    subject: str, *, largest_source: int, quick: int, five_stars: int, limits: BurstLimits = BurstLimits()
) -> Signal:
    """G13: five-star answers that the customer may not have given.

    ``largest_source`` is the most five-star answers from one device or address, ``quick`` those given within seconds of
    the invitation; both are part of ``five_stars``.
    """
    shares = {"share_of_source": share(largest_source, five_stars), "share_quick": share(quick, five_stars)}
    strength = max(over(largest_source, limits.same_source), over(quick, limits.quick))
    raised = strength >= 1 and five_stars >= limits.fewest
    evidence = {"largest_source": largest_source, "quick": quick, "five_stars": five_stars, **shares}
    return Signal("G13", subject, strength, None, max(shares.values()), evidence, limits.numbers(), raised)
