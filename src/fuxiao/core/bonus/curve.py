"""Curves: straight lines between named points, for payout curves and for factors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from fuxiao.core.bonus.money import ZERO, shown
from fuxiao.core.bonus.reader import AMOUNT, NUMBER
from fuxiao.core.errors import Issue
from fuxiao.core.explain import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """A named point of a curve: ``at`` this value it ``gives`` that much."""

    at: Annotated[Decimal, NUMBER]
    gives: Annotated[Decimal, AMOUNT]


def read_along(knots: Sequence[Knot], x: Decimal) -> Trace:
    """What the curve gives at ``x``: straight between two knots, level beyond the ends."""
    first, last = knots[0], knots[-1]
    if x <= first.at:
        return Trace("bonus.curve", first.gives, params={"at": x})
    if x >= last.at:
        return Trace("bonus.curve", last.gives, params={"at": x})
    low, high = next(pair for pair in pairwise(knots) if x <= pair[1].at)
    value = low.gives + (x - low.at) * (high.gives - low.gives) / (high.at - low.at)
    rise = f"({shown(high.gives)} − {shown(low.gives)})"
    run = f"({shown(high.at)} − {shown(low.at)})"
    formula = f"{shown(low.gives)} + ({shown(x)} − {shown(low.at)}) × {rise} ÷ {run}"
    return Trace("bonus.curve", value, formula, {"at": x})


def payout(knots: Sequence[Knot], attainment: Decimal) -> Trace:
    """The payout curve of incentive practice: nothing below the threshold, straight in between, level at the top.

    Attainment and payout are per cent. Threshold 80 pays 50, target 100 pays 100, top 120 pays 150.
    """
    if attainment < knots[0].at:
        return Trace("bonus.curve", ZERO, params={"at": attainment, "threshold": knots[0].at})
    return read_along(knots, attainment)


def knots_issues(knots: Sequence[Knot], where: str) -> Iterator[Issue]:
    """A curve needs two knots at least, in rising order."""
    if len(knots) < 2:
        yield Issue(where, "plan.curve_too_short", {"knots": len(knots)})
    for index, (low, high) in enumerate(pairwise(knots)):
        if high.at <= low.at:
            yield Issue(f"{where}[{index + 1}].at", "plan.not_rising", {"at": high.at, "before": low.at})
