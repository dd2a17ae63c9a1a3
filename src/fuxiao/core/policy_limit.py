"""How much a cost may be without asking anybody: the most special limit decides, split sums count whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from fuxiao.core.span import as_of

NEVER_FREE: Final = frozenset({"refund", "compensation"})
"""Kinds that somebody has to approve where no limit says how much is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The amount in minor units that is allowed for a kind; ``None`` of category or product fits every case."""

    kind: str
    amount: int
    category: str | None = None
    product: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def limit_for(
    limits: Iterable[Limit], *, kind: str, category: str | None, product: str | None, on: date
) -> Limit | None:
    """The limit that holds on a day: one for the product before one for the category, then the newest, the lowest."""
    fitting = [
        each for each in as_of(limits, on)
        if each.kind == kind and each.category in (None, category) and each.product in (None, product)
    ]  # fmt: skip
    return max(fitting, key=_rank, default=None)


def needs_approval(limit: Limit | None, *, kind: str, amount: int, before: int) -> bool:
    """Whether somebody else has to approve; ``before`` is what the case cost already in this kind."""
    if limit is None:
        return kind in NEVER_FREE
    return before + amount > limit.amount


def _rank(limit: Limit) -> tuple[bool, bool, date, int]:
    return limit.product is not None, limit.category is not None, limit.valid_from or date.min, -limit.amount
