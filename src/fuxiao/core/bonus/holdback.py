"""Hold-back: a part of a bonus paid later, under the quarter's own coefficient."""

from __future__ import annotations

from decimal import Decimal

from fuxiao.core.bonus.money import CNY, ZERO, Currency, payslip, shown
from fuxiao.core.explain import Trace


def hold(earned: Decimal, *, rate: Decimal, room: Decimal | None = None, currency: Currency = CNY) -> Trace:
    """What is held back of ``earned``, rounded: rate × earned, never more than ``room``.

    ``room`` is the distance from what would be paid to the minimum wage: money is not held back below it.
    """
    wanted = payslip(earned * rate, currency=currency)
    if room is None or wanted <= room:
        return Trace("bonus.hold", wanted, f"{shown(earned)} × {shown(rate)}")
    held = max(ZERO, room)
    return Trace("bonus.hold", held, f"min({shown(wanted)}, {shown(held)})", {"wanted": wanted, "room": room})


def release(held: Decimal, *, coefficient: Decimal, currency: Currency = CNY) -> Trace:
    """What is paid of money held back: held × the coefficient of the quarter, rounded."""
    value = payslip(held * coefficient, currency=currency)
    return Trace("bonus.release", value, f"{shown(held)} × {shown(coefficient)}")
