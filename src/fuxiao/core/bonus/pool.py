"""A pool shared out: largest remainder to the cent, and with a cap by water filling."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.bonus.money import CNY, ZERO, Currency, shown
from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Trace


@dataclass(frozen=True, slots=True)
class Split:
    """A pool shared out. ``shares`` and ``undistributed`` add up to ``amount`` exactly.

    Something stays undistributed only where nobody carries weight or where everybody is at the cap.
    ``rounded_up`` are those whose share was completed by one smallest unit, ``capped`` those cut at the cap.
    """

    amount: Decimal
    weights: Mapping[str, Decimal]
    shares: Mapping[str, Decimal]
    undistributed: Decimal
    cap: Decimal | None = None
    rounded_up: frozenset[str] = frozenset()
    capped: frozenset[str] = frozenset()

    @property
    def weight(self) -> Decimal:
        """The sum of all weights."""
        return sum(self.weights.values(), ZERO)

    @property
    def per_weight(self) -> Decimal | None:
        """Money for one unit of weight, to four digits (the value of a point); ``None`` without weight."""
        return (self.amount / self.weight).quantize(Decimal("0.0001")) if self.weight else None


def split(
    amount: Decimal, weights: Mapping[str, Decimal], *, cap: Decimal | None = None, currency: Currency = CNY
) -> Split:
    """Share ``amount`` in proportion to ``weights`` so that the shares add up to it exactly.

    Largest remainder method (Hamilton): everyone gets the whole units of the exact share, the units that are left
    go to the largest remainders, and equal remainders to the smaller key, so the order of ``weights`` is of no
    matter. With ``cap`` nobody gets more than that; what is cut off flows to the others by weight (water filling)
    until nobody is above. Integer arithmetic throughout: no quotient is ever rounded.
    Raises ``CalculationError`` for a negative pool or weight and for a pool finer than the smallest unit.
    """
    whole = whole_weights(weights)
    units = whole_units(amount, currency)
    limit = units if cap is None else int(cap / currency.step)
    at_cap, open_units = fill(units, whole, limit)
    open_weights = {who: weight for who, weight in whole.items() if weight and who not in at_cap}
    given, lucky = largest_remainder(open_units, open_weights)
    shares = {who: limit if who in at_cap else given.get(who, 0) for who in sorted(weights)}
    left = open_units if not open_weights else 0
    return Split(
        amount=amount,
        weights=weights,
        shares={who: share * currency.step for who, share in shares.items()},
        undistributed=left * currency.step,
        cap=cap,
        rounded_up=lucky,
        capped=at_cap,
    )


def whole_weights(weights: Mapping[str, Decimal]) -> dict[str, int]:
    """The same proportions in whole numbers."""
    for who, weight in weights.items():
        if weight < 0:
            raise CalculationError("bonus.negative_weight", person=who, weight=weight)
    ratios = {who: weight.as_integer_ratio() for who, weight in weights.items()}
    common = math.lcm(*{below for _, below in ratios.values()})
    return {who: above * (common // below) for who, (above, below) in ratios.items()}


def whole_units(amount: Decimal, currency: Currency) -> int:
    """The pool in smallest units (cents)."""
    if amount < 0:
        raise CalculationError("bonus.negative_pool", amount=amount)
    units = amount.scaleb(currency.minor_units)
    if units != int(units):
        raise CalculationError("bonus.pool_finer_than_unit", amount=amount, minor_units=currency.minor_units)
    return int(units)


def fill(units: int, weights: Mapping[str, int], limit: int) -> tuple[frozenset[str], int]:
    """Who stands at the limit, and the units that are left for the others.

    Each round fixes those whose proportional share is above the limit; the rest is shared again among the others.
    """
    rest = {who: weight for who, weight in weights.items() if weight}
    fixed: set[str] = set()
    while rest:
        total = sum(rest.values())
        over = [who for who, weight in rest.items() if units * weight > limit * total]
        if not over:
            break
        fixed.update(over)
        units -= limit * len(over)
        for who in over:
            del rest[who]
    return frozenset(fixed), units


def largest_remainder(units: int, weights: Mapping[str, int]) -> tuple[dict[str, int], frozenset[str]]:
    """Whole shares that add up to ``units``, and who got one more than the whole part of the exact share."""
    total = sum(weights.values())
    shares = {who: units * weight // total for who, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda who: (-(units * weights[who] % total), who))
    lucky = by_remainder[: units - sum(shares.values())] if weights else []
    for who in lucky:
        shares[who] += 1
    return shares, frozenset(lucky)


def share_trace(result: Split, who: str, *, total: str) -> Trace:
    """One person's share with its arithmetic; ``total`` is the sum of weights as text (worked out once a pool)."""
    return Trace(
        "bonus.pool.share",
        result.shares[who],
        f"{shown(result.amount)} × {shown(result.weights[who])} ÷ {total}",
        {"rounded_up": who in result.rounded_up, "capped": who in result.capped, "cap": result.cap},
    )
