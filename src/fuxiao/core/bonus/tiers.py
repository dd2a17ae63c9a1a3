"""Tiered commission: a rate for each band of an amount, marginal or on the whole amount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from fuxiao.core.bonus.money import ZERO, shown
from fuxiao.core.bonus.reader import AMOUNT, Named
from fuxiao.core.errors import Issue
from fuxiao.core.explain import Trace


class TierMode(StrEnum):
    """What a tier's rate is applied to."""

    MARGINAL = "marginal"  # each band at its own rate, as in income tax: no cliffs
    WHOLE = "whole"  # the whole amount at the rate of the band it ends in: a cliff at each boundary


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A band: amounts above ``start`` (up to and including the next tier's start) at ``rate`` (0.03 = 3 %)."""

    start: Annotated[Decimal, AMOUNT, Named("from")]
    rate: Annotated[Decimal, AMOUNT]


def commission(amount: Decimal, *, tiers: Sequence[Tier], mode: TierMode = TierMode.MARGINAL) -> Trace:
    """Commission on ``amount``, unrounded, with one input for each band that paid; nothing for a negative amount."""
    pay = marginal if mode is TierMode.MARGINAL else whole_amount
    bands = tuple(pay(max(ZERO, amount), tiers))
    total = sum((value for value, _ in bands), ZERO)
    steps = tuple(Trace("bonus.tier", value, formula) for value, formula in bands)
    params = {"mode": mode.value, "amount": amount}
    return Trace("bonus.tiers", total, " + ".join(formula for _, formula in bands), params, steps)


def marginal(amount: Decimal, tiers: Sequence[Tier]) -> Iterator[tuple[Decimal, str]]:
    """Each band's part of the amount at the band's rate."""
    ends: list[Decimal | None] = [*(tier.start for tier in tiers[1:]), None]
    for tier, end in zip(tiers, ends, strict=True):
        top = amount if end is None else min(amount, end)
        if top > tier.start:
            yield (top - tier.start) * tier.rate, f"({shown(top)} − {shown(tier.start)}) × {shown(tier.rate)}"


def whole_amount(amount: Decimal, tiers: Sequence[Tier]) -> Iterator[tuple[Decimal, str]]:
    """The whole amount at the rate of the last band that it reaches into."""
    reached = [tier for tier in tiers if amount > tier.start]
    if reached:
        rate = reached[-1].rate
        yield amount * rate, f"{shown(amount)} × {shown(rate)}"


def tier_issues(tiers: Sequence[Tier], mode: TierMode, where: str) -> Iterator[Issue]:
    """Tiers must rise; whole-amount tiers are warned of with the jump at each boundary."""
    if not tiers:
        yield Issue(where, "definition.empty", {})
    for index, (low, high) in enumerate(pairwise(tiers), start=1):
        place = f"{where}[{index}]"
        if high.start <= low.start:
            yield Issue(f"{place}.from", "plan.not_rising", {"at": high.start, "before": low.start})
        elif mode is TierMode.WHOLE and high.rate != low.rate:
            params = {"at": high.start, "before": high.start * low.rate, "after": high.start * high.rate}
            yield Issue(place, "plan.cliff", params, severity="warning")
