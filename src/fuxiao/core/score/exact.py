"""Exact numbers for scores: fractions inside, one named rounding at the end, and how a number stands in a formula."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from fuxiao.core.explain import figure

FULL = Decimal(100)
NEAR = Decimal(60)


def half_up(value: Fraction, places: int) -> Decimal:
    """``value`` at ``places`` decimals; a half goes away from zero, as on every payslip."""
    top, bottom = value.numerator, value.denominator
    steps = (2 * abs(top) * 10**places + bottom) // (2 * bottom)
    return Decimal(-steps if top < 0 else steps).scaleb(-places)


def round_score(total: Fraction) -> Decimal:
    """THE rounding of a score: once, at the end, to two decimals, half up. Nothing before it is rounded."""
    return half_up(total, 2)


def round_coefficient(coefficient: Fraction) -> Decimal:
    """A performance coefficient at four decimals, half up, without trailing zeros beyond the second."""
    exact = half_up(coefficient, 4)
    short = exact.quantize(Decimal("0.01"))
    return short if short == exact else exact


def as_decimal(value: Fraction) -> Decimal:
    """A fraction as a decimal of 28 digits, for a trace; exact wherever the fraction terminates within them."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def shown(value: Fraction | Decimal | int) -> str:
    """A number as it stands in a formula: exact up to four decimals, else cut there and marked with ``…``."""
    scaled = Fraction(value) * 10_000
    if scaled.denominator == 1:
        return figure(Decimal(scaled.numerator).scaleb(-4))
    return f"{figure(half_up(Fraction(value), 4))}…"


def largest_remainder(shares: Sequence[Fraction], total: int) -> list[int]:
    """Split ``total`` whole units by ``shares`` (any scale): whole parts first, what is left to the largest remainders.

    Equal remainders go to the earlier share (Hamilton's method). The result sums to ``total``.
    """
    base = sum(shares)
    quotas = [share * total / base for share in shares]
    whole = [int(quota) for quota in quotas]
    left = total - sum(whole)
    order = sorted(range(len(shares)), key=lambda i: (whole[i] - quotas[i], i))
    for i in order[:left]:
        whole[i] += 1
    return whole
