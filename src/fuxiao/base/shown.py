"""How figures read, whatever face shows them: rounded as their unit is, with the unit, exclusions in words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from fuxiao.base.wording import say
from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.core.indicator import Standing, Value
from fuxiao.engine.definition import Indicator, Part, Statistic
from fuxiao.engine.fact_tables import Kind

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


def side_unit(indicator: Indicator, part: Part | None, lang: str, currency: str) -> str:
    """What a side of an indicator is added up in: seconds, the currency's smallest coin ("0.01 CNY"), the unit that the
    rows of a mean are measured in; nothing for what is only counted."""
    kind = part.value.kind if part is not None and part.value is not None else None
    if kind is Kind.DURATION:
        return unit_text("seconds", lang).strip()
    if kind is Kind.MONEY:
        places = MINOR_UNITS.get(currency, 2)
        return f"{Decimal(1).scaleb(-places):f} {currency}" if places else currency
    measured = indicator.statistic is Statistic.MEAN or indicator.unit.endswith("_per_day")
    if part is indicator.numerator and measured and indicator.scale == 1:
        return unit_text(indicator.unit.removesuffix("_per_day"), lang).strip()
    return ""


def with_unit(number: str, unit: str) -> str:
    """A number with what it counts: 600 s, 1250 × 0.01 CNY."""
    return f"{number} {'× ' if unit[:1].isdigit() else ''}{unit}".rstrip()


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
