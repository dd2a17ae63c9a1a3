"""Base amounts: base × factor × attendance × part of the period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.bonus.money import ONE, ZERO, money_of, shown
from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Trace

MONTHLY_PAY_DAYS = Decimal("21.75")  # (365 − 104) ÷ 12, the divisor of 劳社部发〔2008〕3号


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole, kept as two numbers so that a quotient is never rounded: 20 of 22 days."""

    of: Decimal = ONE
    got: Decimal = ONE

    @property
    def text(self) -> str:
        """As it stands in a formula; nothing where the part is the whole."""
        return "" if self.got == self.of else f" × {shown(self.got)} ÷ {shown(self.of)}"


WHOLE = Part()


def attendance(attended: Decimal | None, scheduled: Decimal | None, *, monthly_days: Decimal | None = None) -> Part:
    """The part of the period that a person was there; the whole where attendance is not known.

    By scheduled days: attended ÷ scheduled, at most 1. By monthly pay days (21.75): days missed are taken off the
    divisor, so full attendance pays in full whether the month has 20 or 23 working days.
    """
    if attended is None or scheduled is None:
        return WHOLE
    if attended < 0 or scheduled < 0:
        raise CalculationError("bonus.negative_days", attended=attended, scheduled=scheduled)
    if monthly_days is not None:
        missed = max(ZERO, scheduled - attended)
        return Part(monthly_days, max(ZERO, monthly_days - missed))
    return Part(scheduled, min(attended, scheduled)) if scheduled else Part(ONE, ZERO)


def base_pay(
    base: Decimal, *, factor: Decimal = ONE, present: Part = WHOLE, stay: Part = WHOLE, made_of: tuple[Trace, ...] = ()
) -> Trace:
    """base × factor × attendance × part of the period, unrounded; multiplied out before the one division.

    ``present`` counts only days on which the person belonged to the company, ``stay`` prorates for the others
    (joiner, leaver, transfer), so that no missing day is counted twice. ``made_of`` explains the factor.
    """
    value = base * factor
    if present is not WHOLE or stay is not WHOLE:
        value = value * (present.got * stay.got) / (present.of * stay.of)
    formula = f"{shown(base)} × {shown(factor)}{present.text}{stay.text}"
    return Trace("bonus.base", value, formula, inputs=made_of)


def joined(parts: Sequence[Trace], *, code: str) -> Trace:
    """Several stretches of one period (before and after a transfer) as one figure."""
    if len(parts) == 1:
        return parts[0]
    values = [money_of(part) for part in parts]
    return Trace(code, sum(values, ZERO), " + ".join(shown(value) for value in values), inputs=tuple(parts))


def daily_rate(monthly: Decimal, *, days: Decimal = MONTHLY_PAY_DAYS) -> Trace:
    """A monthly amount for one day of pay, unrounded."""
    return Trace("bonus.daily_rate", monthly / days, f"{shown(monthly)} ÷ {shown(days)}")
