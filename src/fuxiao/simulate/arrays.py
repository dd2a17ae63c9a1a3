"""Array types and small vector helpers; ``NONE`` stands for an absent person, unit or moment."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

NONE = -1
DAY = 86400
HOUR = 3600
MINUTE = 60


def blank(size: int) -> Ints:
    """``size`` times ``NONE``."""
    return np.full(size, NONE, dtype=np.int64)


def rank_in_group(group: Ints) -> Ints:
    """The running number, from 0, of each element among those of the same group, in the order given."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(group) else blank(0)
    lengths = np.diff(np.concatenate((starts, [len(group)])))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, lengths)
    return rank


def sum_in_group(group: Ints, values: Ints) -> Ints:
    """The running sum of the values among elements of the same group, in the order given, each one included."""
    order = np.argsort(group, kind="stable")
    total = np.cumsum(values[order])
    rank = rank_in_group(group)[order]
    start = np.maximum.accumulate(np.where(rank == 0, np.arange(len(group)), 0)) if len(group) else order
    summed = np.empty(len(group), dtype=np.int64)
    summed[order] = total - (total - values[order])[start]
    return summed


def lognormal_seconds(rng: np.random.Generator, size: int, *, median: float, spread: float) -> Ints:
    """Whole seconds, log-normal around ``median`` seconds with ``spread`` on the log scale."""
    drawn = median * np.exp(rng.standard_normal(size) * spread)
    return np.asarray(np.rint(drawn), dtype=np.int64)


def logit_shift(chance: Floats, shift: Floats) -> Floats:
    """The chance after moving its log-odds by ``shift``."""
    odds = chance / (1 - chance) * np.exp(shift)
    moved: Floats = odds / (1 + odds)
    return moved
