"""What an indicator is: read and validated from plain data (YAML), every expression parsed and typed.

One form covers all: a **numerator** and, for a rate or a mean, a **denominator**, each a `Part`: rows of one fact
table, placed in a period by an anchor, credited to somebody, filtered, and one number taken from each row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from fuxiao.core.indicator import Direction
from fuxiao.engine.expression import Node, needed_names
from fuxiao.engine.fact_tables import Kind

SNAPSHOT = "snapshot"
PERIOD_END = "period_end"
"""Name of the last day of the period in the expressions of a snapshot indicator."""
PERCENTILES: Mapping[str, Decimal] = {"median": Decimal("0.5"), "p50": Decimal("0.5"), "p90": Decimal("0.9")}
KINDS = ("speed", "volume", "quality", "voice", "cost", "safety", "people")


class Statistic(StrEnum):
    """How the rows of a measure become one figure; a definition with a numerator is a ``ratio``."""

    RATIO = "ratio"
    MEAN = "mean"
    MEDIAN = "median"
    P50 = "p50"
    P90 = "p90"
    SUM = "sum"
    COUNT = "count"


class Spread(StrEnum):
    """Which interval is honest for a figure."""

    NONE = "none"
    PROPORTION = "proportion"  # Wilson: so many of so many
    MEAN = "mean"  # Student's t from the sum and the sum of squares
    PERCENTILE = "percentile"  # order statistics


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression with its text, tree and type; equal trees are equal whatever the spacing."""

    text: str = field(compare=False)
    node: Node
    kind: Kind = field(compare=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One side of an indicator.

    A row counts when it is not excluded, ``where`` is true and ``guard`` holds (true for a flag, known for a number).
    It contributes ``value``: 1 or 0 for a flag, the number itself otherwise; ``None`` counts rows.
    """

    dataset: str
    period: str
    credit: str
    exclusions: tuple[str, ...]
    where: Formula | None = None
    guard: Formula | None = None
    value: Formula | None = None

    def formulas(self) -> tuple[Formula, ...]:
        return tuple(formula for formula in (self.where, self.guard, self.value) if formula is not None)

    def needs(self) -> frozenset[str]:
        """Columns without which the part has no meaning."""
        return frozenset().union(*(needed_names(formula.node) for formula in self.formulas()))


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What others reach: a text, the number in the indicator's unit where there is one, and who says so."""

    text: Mapping[str, str]
    value: Decimal | None = None
    source: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A definition that passed validation.

    The figure is ``numerator ÷ denominator × scale`` (without a denominator ``numerator × scale``); percentiles are
    taken of the numerator's values. ``sample`` says how facts are counted where that is not the number of rows.
    ``person`` is the definition that holds for single persons where it differs.
    """

    code: str
    name: Mapping[str, str]
    plain: Mapping[str, str]
    section: str
    kind: str
    unit: str
    scale: Fraction
    direction: Direction
    minimum: int
    maturation: int
    statistic: Statistic
    spread: Spread
    numerator: Part
    denominator: Part | None
    sample: Part
    needs: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    counter: tuple[str, ...] = ()
    gaming: Mapping[str, str] = field(default_factory=dict)
    benchmark: Benchmark | None = None
    sources: tuple[str, ...] = ()
    person: Indicator | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def by(self, keys: tuple[str, ...]) -> Indicator:
        """The definition that holds for these groups."""
        return self.person if self.person is not None and "person" in keys else self

    @property
    def percentile(self) -> Decimal | None:
        return PERCENTILES.get(self.statistic)
