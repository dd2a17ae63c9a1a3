"""Sets of moments: half-open ``(start, end)`` pairs of epoch seconds, and their union, intersection and difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Seconds: TypeAlias = tuple[int, int]


def union(intervals: Iterable[Seconds]) -> list[Seconds]:
    """The same moments as sorted pairs that neither overlap nor touch; empty and backward pairs vanish."""
    merged: list[Seconds] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def cut(intervals: Iterable[Seconds], start: int, end: int) -> list[Seconds]:
    """The parts inside ``[start, end)``, in the order given."""
    return [(max(low, start), min(high, end)) for low, high in intervals if max(low, start) < min(high, end)]


def intersect(left: Sequence[Seconds], right: Iterable[Seconds]) -> list[Seconds]:
    """The moments in both; both are sorted and free of overlaps, as ``union`` gives them."""
    return [piece for start, end in right for piece in cut(left, start, end)]


def subtract(left: Sequence[Seconds], right: Iterable[Seconds]) -> list[Seconds]:
    """The moments of ``left`` that are not in ``right``; both as ``union`` gives them."""
    rest: list[Seconds] = []
    holes = list(right)
    for low, high in left:
        begin = low
        for start, end in cut(holes, low, high):
            if begin < start:
                rest.append((begin, start))
            begin = end
        if begin < high:
            rest.append((begin, high))
    return rest


def total(intervals: Iterable[Seconds]) -> int:
    """The length of all pairs together, in seconds."""
    return sum(end - start for start, end in intervals)
