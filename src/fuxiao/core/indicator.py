"""What an indicator's value is: numerator, denominator, n, interval, exclusions; and how far it may be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"


class Standing(StrEnum):
    """How far a value may be used."""

    OK = "ok"  # n at or above the minimum sample: shown and scored
    SMALL = "small_sample"  # shown with a mark, never scored raw
    HIDDEN = "hidden"  # fewer than five: not shown
    EMPTY = "no_data"  # nothing counted


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval around a value, in the value's own unit."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Value:
    """One figure: an indicator for a subject (person, team, company, a dimension's member) in a period.

    ``value`` is in the indicator's unit (``%`` as 0-100, durations in the unit the definition names) and ``None`` where
    nothing counted. ``n`` is the number of counted facts. ``exclusions`` count the facts left out, by reason.
    """

    indicator: str
    subject: str
    period: str
    value: Decimal | None
    n: int
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    interval: Interval | None = None
    standing: Standing = Standing.OK
    provisional: bool = False
    exclusions: Mapping[str, int] = field(default_factory=dict)


def standing(n: int, *, minimum: int, hide_below: int = 5) -> Standing:
    """How far a value with ``n`` facts may be used, given the indicator's minimum sample.

    Below ``hide_below`` nothing is shown (unless the indicator's own minimum is lower still).
    """
    if n == 0:
        return Standing.EMPTY
    if n < min(hide_below, minimum):
        return Standing.HIDDEN
    return Standing.OK if n >= minimum else Standing.SMALL
