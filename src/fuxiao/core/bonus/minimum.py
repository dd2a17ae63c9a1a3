"""The minimum wage: a bonus can be small, but pay for full-time work does not go below the legal floor."""

from __future__ import annotations

from decimal import Decimal

from fuxiao.core.bonus.money import ZERO, shown
from fuxiao.core.explain import Trace


def top_up(*, wage: Decimal, variable: Decimal, minimum: Decimal) -> Trace:
    """What is added so that fixed wage plus variable pay reach the minimum of the place and period."""
    short = minimum - wage - variable
    if short <= 0:
        return Trace("bonus.top_up", ZERO, params={"minimum": minimum})
    formula = f"{shown(minimum)} − ({shown(wage)} + {shown(variable)})"
    return Trace("bonus.top_up", short, formula, {"minimum": minimum})
