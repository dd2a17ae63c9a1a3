"""What lies ahead in a running period: how many more facts, all good, reach a target, and how far some of them go."""

from __future__ import annotations

from fractions import Fraction
from math import ceil


def share_needs(good: Fraction, counted: Fraction, aim: Fraction, *, higher: bool) -> int | None:
    """How many of the next facts, all of them good, bring ``good ÷ counted`` to ``aim`` (0 to 1); ``None`` for never.

    Good ones count above and below where ``higher`` is better, and only below where lower is: a case without a fault.
    """
    if higher:
        short = aim * counted - good
        return 0 if short <= 0 else None if aim >= 1 else ceil(short / (1 - aim))
    if good <= aim * counted:
        return 0
    return None if aim <= 0 else ceil(good / aim - counted)


def share_after(good: Fraction, counted: Fraction, more: int, *, higher: bool) -> Fraction:
    """The share once ``more`` facts, all of them good, have come."""
    return (good + more if higher else good) / (counted + more)


def mean_needs(mean: Fraction, counted: Fraction, aim: Fraction, best: Fraction) -> int | None:
    """How many of the next facts, each of them ``best``, bring a mean to ``aim``; ``None`` where that is no better."""
    gap, step = mean - aim, aim - best
    if gap * step <= 0:
        return 0 if gap == 0 else None
    return ceil(gap * counted / step)


def mean_after(mean: Fraction, counted: Fraction, more: int, best: Fraction) -> Fraction:
    """The mean once ``more`` facts, each of them ``best``, have come."""
    return (mean * counted + best * more) / (counted + more)
