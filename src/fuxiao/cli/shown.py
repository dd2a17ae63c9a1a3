"""How figures read: values with their unit, names of indicators, standings, money."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from fuxiao.base.wording import say
from fuxiao.cli.sheet import Shown
from fuxiao.core.indicator import Standing, Value
from fuxiao.engine.definition import Indicator

PLACES = {"percent": 2, "minutes": 1, "hours": 2, "days": 2, "points": 2, "money": 2, "count": 0}


def rounded(value: Decimal | None, unit: str) -> Decimal | None:
    """The figure at the places that its unit is shown with; half up."""
    if value is None:
        return None
    step = Decimal(1).scaleb(-PLACES.get(unit, 2))
    return value.quantize(step, rounding=ROUND_HALF_UP)


def shown(value: Decimal | None, unit: str) -> Shown | None:
    """The figure for people at its unit's places, for programs with every digit."""
    return None if value is None else Shown(value, f"{rounded(value, unit):f}")


def figure_text(value: Value, indicator: Indicator, lang: str) -> str:
    """The value with its unit, or the word for why it is not shown."""
    if value.value is None or value.standing in (Standing.HIDDEN, Standing.EMPTY):
        return say(f"standing.{value.standing.value}", lang)
    mark = say("standing.small_sample.mark", lang) if value.standing is Standing.SMALL else ""
    return f"{rounded(value.value, indicator.unit):f}{unit_text(indicator.unit, lang)}{mark}"


def unit_text(unit: str, lang: str) -> str:
    """The unit as it stands behind a number."""
    return say(f"unit.{unit}", lang)


def interval_text(value: Value, unit: str) -> str:
    """The 95 % interval, or nothing."""
    if value.interval is None or value.standing in (Standing.HIDDEN, Standing.EMPTY):
        return ""
    return f"{rounded(value.interval.low, unit):f} – {rounded(value.interval.high, unit):f}"


def exclusions_text(value: Value, lang: str) -> str:
    """What was left out, by reason."""
    left = (f"{say(f'exclusion.{code}', lang)} {count}" for code, count in sorted(value.exclusions.items()) if count)
    return "，".join(left) if lang == "zh" else ", ".join(left)


def money_text(amount: Decimal) -> str:
    """An amount with separators: 12,345.60."""
    return f"{amount:,}"


def short(number: Decimal | None) -> Decimal | None:
    """The number without the zeros behind its last digit."""
    return None if number is None else Decimal(format(number.normalize(), "f"))
