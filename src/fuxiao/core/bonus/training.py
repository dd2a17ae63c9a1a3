"""Training from gaps: what a person's scorecard says they should learn next, worst loss first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.bonus.money import shown
from fuxiao.core.explain import Trace

HUNDRED = Decimal(100)
PASS_POINTS = Decimal(60)  # the points of an item at its floor


@dataclass(frozen=True, slots=True)
class ItemResult:
    """An item of a scorecard: ``score`` in points (``None`` = not scored), ``weight`` in per cent."""

    indicator: str
    score: Decimal | None
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Need:
    """A course for a gap: ``lost`` are the points of the total that the item costs against 100."""

    indicator: str
    courses: tuple[str, ...]
    lost: Decimal
    trace: Trace


def needs(
    items: Iterable[ItemResult],
    *,
    catalogue: Mapping[str, Sequence[str]],
    below: Decimal = PASS_POINTS,
    most: int = 3,
) -> tuple[Need, ...]:
    """The courses for items scored below ``below``, by points lost, at most ``most`` of them.

    A gap without a course in the catalogue is listed with none: somebody has to write one. An item that was not
    scored is no gap.
    """
    gaps = [need(item, item.score, catalogue) for item in items if item.score is not None and item.score < below]
    return tuple(sorted(gaps, key=lambda gap: (-gap.lost, gap.indicator))[:most])


def need(item: ItemResult, score: Decimal, catalogue: Mapping[str, Sequence[str]]) -> Need:
    """One gap: weight × (100 − score) ÷ 100 points are lost."""
    lost = item.weight * (HUNDRED - score) / HUNDRED
    formula = f"{shown(item.weight)} × (100 − {shown(score)}) ÷ 100"
    courses = tuple(catalogue.get(item.indicator, ()))
    return Need(item.indicator, courses, lost, Trace("training.need", lost, formula, {"indicator": item.indicator}))
