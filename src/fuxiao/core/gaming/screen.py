"""Many subjects at once: a signal stays raised only if it also survives the correction for looking at everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from fuxiao.core.fairness.multiple import benjamini_hochberg
from fuxiao.core.gaming.signal import Signal


def screen(signals: Iterable[Signal], *, error_rate: float = 0.01) -> tuple[Signal, ...]:
    """The same signals in the same order with ``adjusted_p``, those that chance explains no longer raised.

    Give all subjects that were looked at, not only the raised ones. Each code is one family of comparisons (Benjamini
    and Hochberg 1995): among the people flagged at most ``error_rate`` are expected to be honest; it is stricter than
    the usual 5 %, because a review weighs on the person. Signals by rule (without ``p``) pass unchanged.
    """
    given = list(signals)
    families: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, signal in enumerate(given):
        if signal.p is not None:
            families[signal.code].append((at, signal.p))
    for members in families.values():
        adjusted = benjamini_hochberg([p for _, p in members]).tolist()
        for (at, _), p in zip(members, adjusted, strict=True):
            given[at] = replace(given[at], adjusted_p=p, raised=given[at].raised and p <= error_rate)
    return tuple(given)


def for_review(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """The raised signals, strongest first; equals by code, then subject."""
    raised = (signal for signal in signals if signal.raised)
    return tuple(sorted(raised, key=lambda signal: (-signal.strength, signal.code, signal.subject)))
