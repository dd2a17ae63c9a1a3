"""How figures read, whatever face shows them: rounded as their unit is, with the unit, exclusions in words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from fuxiao.base.wording import say
from fuxiao.core.indicator import Standing, Value
from fuxiao.engine.definition import Indicator, Part, Statistic

PLACES = {"percent": 2, "minutes": 1, "hours": 2, "days": 2, "points": 2}


def rounded(value: Decimal | None, unit: str, money: int = 2) -> Decimal | None:
    """The figure at the places that its unit is shown with (``money``: those of the currency); half up.

    A whole count needs no places; a mean of counts does.
    """
    if value is None:
        return None
    if unit == "count" and value == value.to_integral_value():
        return value.to_integral_value()
    step = Decimal(1).scaleb(-(money if unit == "money" else PLACES.get(unit, 2)))
    return value.quantize(step, rounding=ROUND_HALF_UP)


def unit_text(unit: str, lang: str) -> str:
    """The unit as it stands behind a number."""
    return say(f"unit.{unit}", lang)


def formula_text(part: Part, lang: str) -> str:
    """What a side of an indicator adds up, or the condition on the rows that it counts."""
    formula = part.value or part.guard
    return formula.text if formula is not None else say("count_of_rows", lang)


def scale_text(indicator: Indicator) -> str:
    """The factor between the plain quotient and the unit (" ÷ 60"); none where the unit itself says it (per cent)."""
    scale = indicator.scale
    if scale == 1 or indicator.unit == "percent" or indicator.statistic is Statistic.COUNT:
        return ""
    return f" ÷ {scale.denominator}" if scale.numerator == 1 else f" × {scale.numerator}"


def is_hidden(value: Value) -> bool:
    """Whether the sample rule lets nobody see the figure."""
    return value.value is None or value.standing in (Standing.HIDDEN, Standing.EMPTY)


def interval_text(value: Value, unit: str, money: int = 2) -> str:
    """The 95 % interval, or nothing."""
    if value.interval is None or is_hidden(value):
        return ""
    return " – ".join(f"{rounded(end, unit, money):f}" for end in (value.interval.low, value.interval.high))


def exclusions_text(value: Value, lang: str) -> str:
    """What was left out, by reason."""
    left = (f"{say(f'exclusion.{code}', lang)} {count}" for code, count in sorted(value.exclusions.items()) if count)
    return "，".join(left) if lang == "zh" else ", ".join(left)
