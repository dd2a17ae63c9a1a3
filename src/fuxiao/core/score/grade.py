"""Grades from a score, and the performance coefficient from a grade or a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fuxiao.core.explain import Trace, figure
from fuxiao.core.score.curves_payout import Payout
from fuxiao.core.score.exact import round_coefficient, shown

HELD = ("veto", "gate")
"""What holds a grade below what the score alone would give."""


@dataclass(frozen=True, slots=True)
class Band:
    """A grade and the lowest score that earns it; the bound itself belongs to the band."""

    grade: str
    lower: Decimal


@dataclass(frozen=True, slots=True)
class Grades:
    """The ladder of grades, best first; the last band catches everything below."""

    bands: tuple[Band, ...]

    def of(self, total: Decimal) -> str:
        """The grade of a rounded score."""
        return next((b.grade for b in self.bands if total >= b.lower), self.worst)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(b.grade for b in self.bands)

    @property
    def worst(self) -> str:
        return self.bands[-1].grade

    def worse(self, one: str, other: str) -> str:
        """The lower of two grades."""
        return max(one, other, key=self.names.index)

    def span(self, grade: str, *, top: Decimal) -> tuple[Decimal, Decimal]:
        """Where a band begins and ends; the best one ends at ``top``, the highest possible score."""
        at = self.names.index(grade)
        return self.bands[at].lower, self.bands[at - 1].lower if at else top

    def basis(self, total: Decimal, grade: str, *, by: str, top: Decimal) -> Decimal:
        """The score a coefficient is worked out from: where something holds the grade, at most its band's upper end."""
        return min(total, self.span(grade, top=top)[1]) if by in HELD else total

    def next_above(self, grade: str) -> Band | None:
        """The next better band, ``None`` at the top."""
        at = self.names.index(grade)
        return self.bands[at - 1] if at else None


@dataclass(frozen=True, slots=True)
class CoefficientRule:
    """How a coefficient comes from a score and its grade.

    ``kind``: ``table`` (one number a grade), ``score`` (score ÷ 100), ``linear`` (straight from the first to the
    second number across the grade's band) or ``payout`` (a payout curve over the score). ``least`` and ``most``
    bound the result.
    """

    kind: str
    table: Mapping[str, Decimal]
    across: Mapping[str, tuple[Decimal, Decimal]]
    payout: Payout | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    def of(self, total: Decimal, grade: str, *, grades: Grades, top: Decimal) -> tuple[Decimal, str]:
        """The coefficient, rounded by ``round_coefficient``, and its arithmetic."""
        raw, formula = self._raw(total, grade, grades.span(grade, top=top))
        return round_coefficient(self._bounded(raw)), formula

    def trace(self, total: Decimal, grade: str, *, grades: Grades, top: Decimal) -> Trace:
        coefficient, formula = self.of(total, grade, grades=grades, top=top)
        return Trace("score.coefficient", coefficient, formula, {"kind": self.kind, "grade": grade})

    def _bounded(self, raw: Fraction) -> Fraction:
        raw = raw if self.least is None else max(raw, Fraction(self.least))
        return raw if self.most is None else min(raw, Fraction(self.most))

    def _raw(self, total: Decimal, grade: str, band: tuple[Decimal, Decimal]) -> tuple[Fraction, str]:
        if self.payout is not None:
            return self.payout.points(total) / 100, f"({self.payout.formula(total)}) ÷ 100"
        if self.kind == "table":
            return Fraction(self.table[grade]), f"{grade} → {figure(self.table[grade])}"
        if self.kind == "score":
            return Fraction(total) / 100, f"{shown(total)} ÷ 100"
        (low, high), (first, last) = band, self.across[grade]
        inside = min(high, max(low, total))
        share = (Fraction(inside) - Fraction(low)) / (Fraction(high) - Fraction(low))
        step = f"({shown(inside)} − {figure(low)}) ÷ ({figure(high)} − {figure(low)}) × {figure(last - first)}"
        return Fraction(first) + share * Fraction(last - first), f"{figure(first)} + {step}"
