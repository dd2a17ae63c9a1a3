"""What the customer may ask for beside a repair, as clocks: what holds, what will, what is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from fuxiao.core.warranty.cover import Repair, Warranty
from fuxiao.core.warranty.terms import Terms

Repairs: TypeAlias = Sequence[Repair]


class Right(StrEnum):
    """What may be asked for, by what it rests on."""

    RETURN = "return"  # within so many days of the sale
    EXCHANGE = "exchange"  # within so many days of the sale
    FAILED_REPAIRS = "failed_repairs"  # exchange: repaired so often, and broken again
    SLOW_REPAIR = "slow_repair"  # exchange: too long in repair by the repairer's fault
    NO_PARTS = "no_parts"  # exchange: too long without parts
    SHORT_LIVED = "short_lived"  # repaired, and broken again too soon


class Standing(StrEnum):
    HOLDS = "holds"
    COMING = "coming"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Claim:
    """One right: whether it holds; ``day`` is the last day of it (holds, over) or the first (coming, began)."""

    right: Right
    standing: Standing
    day: date


Claims: TypeAlias = tuple[Claim, ...]


def claims(
    terms: Terms, *, sold_on: date | None, repairs: Repairs, found: Warranty | None, on: date, broken: bool = True
) -> Claims:
    """The rights on a day. ``broken`` says that the thing does not work now: rights of repairs rest on that."""
    return (*_of_sale(terms, sold_on, on), *_of_repairs(terms, repairs, found, on, broken=broken))


def _of_sale(terms: Terms, sold_on: date | None, on: date) -> Claims:
    if sold_on is None or on < sold_on:
        return ()
    limits = ((Right.RETURN, terms.return_days), (Right.EXCHANGE, terms.exchange_days))
    lasts = ((right, sold_on + timedelta(days=days)) for right, days in limits)
    return tuple(Claim(right, Standing.HOLDS if on <= last else Standing.OVER, last) for right, last in lasts)


def _of_repairs(terms: Terms, repairs: Repairs, found: Warranty | None, on: date, *, broken: bool) -> Claims:
    known = sorted((each for each in repairs if _within(each, found, on)), key=lambda each: each.start)
    done = [each.end for each in known if each.fixed and each.end is not None and each.end <= on]
    going = next((each for each in reversed(known) if each.end is None or each.end > on), None)
    claimed: list[Claim] = []
    if broken and len(done) >= terms.failed_repairs:
        claimed.append(Claim(Right.FAILED_REPAIRS, Standing.HOLDS, done[terms.failed_repairs - 1]))
    if broken and done:
        last = max(done) + timedelta(days=terms.works_days)
        began = going.start if going else on
        claimed.append(Claim(Right.SHORT_LIVED, Standing.HOLDS if began <= last else Standing.OVER, last))
    return (*claimed, *_of_stay(terms, going, on)) if going else tuple(claimed)


def _within(repair: Repair, found: Warranty | None, on: date) -> bool:
    """Taken in by this day and within the warranty."""
    return found is not None and found.start <= repair.start < found.end and repair.start <= on


def _of_stay(terms: Terms, going: Repair, on: date) -> Claims:
    """Of the repair that is going on: days without parts are not the repairer's fault."""
    late = going.start + timedelta(days=terms.repair_days + going.waited + 1)
    without = going.start + timedelta(days=terms.parts_days + 1)
    due = [(Right.SLOW_REPAIR, late)] if not going.waited else [(Right.SLOW_REPAIR, late), (Right.NO_PARTS, without)]
    return tuple(Claim(right, Standing.HOLDS if on >= day else Standing.COMING, day) for right, day in due)
