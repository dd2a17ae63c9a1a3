"""Multipliers: several factors (own, team, quality, company) as one, with cap and floor beside the formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from fuxiao.core.bonus.money import ONE, ZERO, money_of, shown
from fuxiao.core.bonus.reader import AMOUNT, TEXT, choice, list_of, map_of
from fuxiao.core.errors import Issue
from fuxiao.core.explain import Trace


class Combine(StrEnum):
    """How several factors become one."""

    PRODUCT = "product"  # 1.1 × 1.3
    ADDITIVE = "additive"  # 0.7 × 1.3 + 0.3 × 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiplier:
    """Which factors multiply an amount. ``factors`` for a product, ``weights`` (adding up to 1) for a weighted sum."""

    mode: Annotated[Combine, choice(Combine)] = Combine.PRODUCT
    factors: Annotated[tuple[str, ...], list_of(TEXT)] = ()
    weights: Annotated[Mapping[str, Decimal], map_of(AMOUNT)] = field(default_factory=dict)
    cap: Annotated[Decimal | None, AMOUNT] = None
    floor: Annotated[Decimal | None, AMOUNT] = None

    @property
    def names(self) -> tuple[str, ...]:
        """The factors used, in the order of the definition."""
        return self.factors if self.mode is Combine.PRODUCT else tuple(self.weights)

    def check(self, where: str) -> Iterator[Issue]:
        """Floor under cap; weights that add up to 1; no list that the mode ignores."""
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            yield Issue(f"{where}.floor", "plan.floor_over_cap", {"floor": self.floor, "cap": self.cap})
        if self.mode is Combine.PRODUCT and self.weights:
            yield Issue(f"{where}.weights", "plan.weights_without_effect", {"mode": self.mode.value})
        if self.mode is Combine.ADDITIVE and self.factors:
            yield Issue(f"{where}.factors", "plan.factors_without_effect", {"mode": self.mode.value})
        if self.mode is Combine.ADDITIVE and sum(self.weights.values(), ZERO) != ONE:
            params = {"sum": sum(self.weights.values(), ZERO)}
            yield Issue(f"{where}.weights", "plan.weights_not_one", params)


def combine(factors: Mapping[str, Trace], *, multiplier: Multiplier) -> Trace:
    """One factor out of several, cut to floor and cap; no factor at all is 1."""
    used = tuple(factors[name] for name in multiplier.names)
    values = [money_of(trace) for trace in used]
    if multiplier.mode is Combine.PRODUCT:
        raw, formula = product(values)
    else:
        raw, formula = weighted(values, list(multiplier.weights.values()))
    limited = limit(raw, floor=multiplier.floor, cap=multiplier.cap)
    params = {"uncapped": raw, "cap": multiplier.cap, "floor": multiplier.floor} if limited != raw else {}
    return Trace("bonus.multiplier", limited, formula, params, used)


def product(values: list[Decimal]) -> tuple[Decimal, str]:
    """The product and its text."""
    result = ONE
    for value in values:
        result *= value
    return result, " × ".join(shown(value) for value in values)


def weighted(values: list[Decimal], weights: list[Decimal]) -> tuple[Decimal, str]:
    """The weighted sum and its text."""
    pairs = list(zip(weights, values, strict=True))
    total = sum((weight * value for weight, value in pairs), ZERO)
    return total, " + ".join(f"{shown(weight)} × {shown(value)}" for weight, value in pairs)


def limit(value: Decimal, *, floor: Decimal | None, cap: Decimal | None) -> Decimal:
    """The value cut to what is allowed; the cap wins over a floor above it."""
    if floor is not None and value < floor:
        value = floor
    return cap if cap is not None and value > cap else value
