"""How figures read: values with their unit, names of indicators, standings, roles, money."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from fuxiao.base.shown import (
    exclusions_text,
    interval_text,
    is_hidden,
    rounded,
    scale_text,
    side_unit,
    unit_text,
    with_unit,
)
from fuxiao.base.wording import catalogue, say
from fuxiao.cli.options import LANGUAGES
from fuxiao.cli.sheet import Cell, Shown
from fuxiao.core.errors import UnknownName, did_you_mean
from fuxiao.core.indicator import Standing, Value
from fuxiao.core.score.scheme import Role
from fuxiao.engine.definition import Indicator
from fuxiao.engine.fact_tables import FactTable

__all__ = ["exclusions_text", "figure_text", "heading", "interval_text", "money_text", "role_named", "role_text", "rounded",
           "scale_text", "short", "shown", "side_cells", "side_unit", "unit_text", "with_unit"]  # fmt: skip


def shown(value: Decimal | None, unit: str, money: int) -> Shown | None:
    """The figure for people at its unit's places, for programs with every digit."""
    return None if value is None else Shown(value, f"{rounded(value, unit, money):f}")


def side_cells(amount: Decimal | None, unit: str) -> tuple[Cell, Cell]:
    """A numerator or denominator, and its unit: people read it behind the number, programs in a column of its own."""
    plain = short(amount)
    return (None, "") if plain is None else (Shown(plain, with_unit(f"{plain:f}", unit)), unit)


def figure_text(value: Value, indicator: Indicator, lang: str, money: int) -> str:
    """The value with its unit, or the word for why it is not shown."""
    if is_hidden(value):
        return say(f"standing.{value.standing.value}", lang)
    mark = say("standing.small_sample.mark", lang) if value.standing is Standing.SMALL else ""
    return f"{rounded(value.value, indicator.unit, money):f}{unit_text(indicator.unit, lang)}{mark}"


def heading(name: str, tables: Mapping[str, FactTable], lang: str) -> str:
    """A column of facts as people call it; a dimension that a file brought by the file's own name."""
    if f"column.{name}" in catalogue():
        return say(f"column.{name}", lang)
    found = next((column for table in tables.values() if (column := table.column(name))), None)
    return name if found is None else found.zh if lang == "zh" else found.en


def role_text(key: str, roles: Mapping[str, Role], lang: str) -> str:
    """A role as the scheme names it; one that the scheme does not know in a common word, else by its key."""
    named = roles[key].names.get(lang) if key in roles else None
    return named or (say(f"role.{key}", lang) if f"role.{key}" in catalogue() else key)


def role_named(text: str, roles: Mapping[str, Role]) -> str:
    """The key of the role that a person wrote by its key or by its name in either language; ``UnknownName`` for none."""
    named = {role_text(key, roles, lang): key for lang in LANGUAGES for key in roles} | {key: key for key in roles}
    found = next((key for name, key in named.items() if name.casefold() == text.strip().casefold()), None)
    if found is None:
        raise UnknownName("role", text, named if did_you_mean(text, named) else roles)
    return found


def money_text(amount: Decimal) -> str:
    """An amount with separators: 12,345.60."""
    return f"{amount:,}"


def short(number: Decimal | None) -> Decimal | None:
    """The number without the zeros behind its last digit."""
    return None if number is None else Decimal(format(number.normalize(), "f"))
