"""Figures of many people put together: numerators and denominators are added, never means averaged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from fuxiao.core.explain import Trace

Amount: TypeAlias = int | Fraction


@dataclass(frozen=True, slots=True)
class Pooled:
    """A numerator over a denominator; both may be fractions, because credit is shared."""

    numerator: Fraction
    denominator: Fraction

    @property
    def ratio(self) -> Fraction | None:
        """The exact quotient, ``None`` where nothing was counted."""
        return self.numerator / self.denominator if self.denominator else None

    def percent(self, places: int = 2) -> Decimal | None:
        """The quotient as a percentage with ``places`` decimals, half up; ``None`` where nothing was counted.

        >>> pool([(18, 20), (95, 100), (5, 10)]).percent()
        Decimal('90.77')
        """
        if self.ratio is None:
            return None
        scaled = self.ratio * 100 * 10**places
        # Half up means away from zero, in whole numbers: no digit is lost on the way to the decimal.
        whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
        return Decimal(whole if scaled >= 0 else -whole).scaleb(-places)

    def trace(self) -> Trace:
        """The quotient in per cent with its arithmetic."""
        return Trace("pooled", self.percent(), formula=f"{self.numerator} ÷ {self.denominator} × 100")


def pool(parts: Iterable[tuple[Amount, Amount]]) -> Pooled:
    """Add up ``(numerator, denominator)`` pairs of the members of a unit."""
    numerator, denominator = Fraction(0), Fraction(0)
    for above, below in parts:
        numerator, denominator = numerator + above, denominator + below
    return Pooled(numerator, denominator)
