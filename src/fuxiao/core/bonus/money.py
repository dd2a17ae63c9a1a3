"""Money: currencies, their smallest units, and the one place where an amount is rounded."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

from fuxiao.core.errors import CalculationError, did_you_mean
from fuxiao.core.explain import Trace

ZERO = Decimal(0)
ONE = Decimal(1)
SIX = Decimal("0.000001")

# Wide enough that a quotient inside a formula never decides a cent; independent of the caller's own context.
EXACT = Context(prec=40, rounding=ROUND_HALF_UP)

# ISO 4217: digits after the point. A currency that is missing here is named in the plan with its ``minor_units``.
MINOR_UNITS = {
    "AED": 2, "AUD": 2, "BHD": 3, "BRL": 2, "CAD": 2, "CHF": 2, "CLP": 0, "CNY": 2, "EUR": 2, "GBP": 2, "HKD": 2,
    "IDR": 2, "INR": 2, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "MOP": 2, "MXN": 2, "MYR": 2, "NZD": 2,
    "OMR": 3, "PHP": 2, "PLN": 2, "RUB": 2, "SAR": 2, "SEK": 2, "SGD": 2, "THB": 2, "TND": 3, "TRY": 2, "TWD": 2,
    "USD": 2, "VND": 0, "ZAR": 2,
}  # fmt: skip
SPOKEN = {"CNH": "CNY", "NTD": "TWD", "RMB": "CNY", "STG": "GBP"}
"""Names in daily use that are no codes, with the code that is meant: the nearest in spelling is another country's."""


class Rounding(StrEnum):
    """How a payslip line is rounded to the smallest unit."""

    HALF_UP = "half_up"  # 0.125 -> 0.13, the commercial rule
    HALF_EVEN = "half_even"  # 0.125 -> 0.12, the bankers' rule


MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN}


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency as a plan uses it: code, digits after the point, rounding of a line."""

    code: str = "CNY"
    minor_units: int = 2
    rounding: Rounding = Rounding.HALF_UP
    step: Decimal = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "step", ONE.scaleb(-self.minor_units))


CNY = Currency()


def currency_meant(name: str) -> tuple[str, ...]:
    """The codes that somebody may have meant by what is none."""
    spoken = SPOKEN.get(name.strip().upper())
    return (spoken,) if spoken else tuple(did_you_mean(name, MINOR_UNITS))


def payslip(amount: Decimal, *, currency: Currency = CNY) -> Decimal:
    """The amount as it stands on a payslip line: rounded once, to the currency's smallest unit."""
    return amount.quantize(currency.step, rounding=MODES[currency.rounding])


def shown(value: Decimal) -> str:
    """A figure as it stands in a formula: six digits after the point at most; the exact one is the trace's value."""
    text = format(value, "f")
    whole, point, digits = text.partition(".")
    if not point:
        return text
    if len(digits) > 6:
        whole, _, digits = format(value.quantize(SIX), "f").partition(".")
    digits = digits.rstrip("0")
    return f"{whole}.{digits}" if digits else whole


def money_of(trace: Trace) -> Decimal:
    """The amount a trace stands for; ``CalculationError`` where it stands for something else."""
    if isinstance(trace.value, Decimal):
        return trace.value
    raise CalculationError("bonus.not_an_amount", trace=trace.code)


def line(exact: Trace, *, currency: Currency = CNY) -> Trace:
    """The rounded figure of a payslip line over the exact one."""
    amount = money_of(exact)
    return Trace("bonus.line", payslip(amount, currency=currency), shown(amount), inputs=(exact,))
