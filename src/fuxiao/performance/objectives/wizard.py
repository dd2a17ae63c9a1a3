"""What a service stands for, and the objectives and indicators that follow from it, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from fuxiao.base.fast_yaml import load_plain
from fuxiao.core.indicator import Direction
from fuxiao.engine.definition import Indicator
from fuxiao.performance.objectives.models import Perspective

Words = tuple[str, str]
BETTER = Decimal("1.05")
"""Without a benchmark a proposal asks for a twentieth more than now."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """An objective with the indicators that show it, and why both belong to this way to win."""

    perspective: Perspective
    title: Words
    why: Words
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to win (定位)."""

    name: Words
    sentence: Words
    objectives: tuple[Proposed, ...]


@cache
def ways() -> Mapping[str, Way]:
    """The ways that ship with the product, by key."""
    text = resources.files("fuxiao.performance.objectives").joinpath("ways.yaml").read_text(encoding="utf-8")
    return {key: _way(raw) for key, raw in load_plain(text).items()}


def _way(raw: Mapping[str, Any]) -> Way:
    made = (
        Proposed(
            Perspective(each["perspective"]), _words(each["title"]), _words(each["why"]), tuple(each["indicators"])
        )
        for each in raw["objectives"]
    )
    return Way(_words(raw["name"]), _words(raw["sentence"]), tuple(made))


def _words(raw: Mapping[str, str]) -> Words:
    return raw["zh"], raw["en"]


def aim(indicator: Indicator, start: Decimal) -> Decimal:
    """The benchmark where it is better than now, else a little better than now; per cents stay below a hundred."""
    lower = indicator.direction is Direction.LOWER
    mark = indicator.benchmark.value if indicator.benchmark else None
    if mark is not None and (mark < start if lower else mark > start):
        return mark
    better = start / BETTER if lower else start * BETTER
    return min(better, Decimal(100)) if indicator.unit == "percent" else better
