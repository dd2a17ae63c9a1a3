"""Figures as a page shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fuxiao.base.shown import exclusions_text, interval_text, is_hidden, rounded, unit_text
from fuxiao.base.wording import say
from fuxiao.core.indicator import Standing, Value
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.library import Library
from fuxiao.metrics.values import ValueTable


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure ready to be shown; ``text`` is empty where the sample rule hides it and ``note`` says why."""

    indicator: Indicator
    name: str
    text: str
    unit: str
    n: int
    interval: str
    note: str
    small: bool


def overview(table: ValueTable, library: Library, lang: str) -> Iterator[Figure]:
    for value in table:
        yield figure(value, library.get(value.indicator), lang)


def figure(value: Value, indicator: Indicator, lang: str) -> Figure:
    hidden = is_hidden(value)
    notes = [] if value.standing is Standing.OK else [say(f"standing.{value.standing.value}", lang)]
    notes += [say("value.provisional", lang)] if value.provisional else []
    notes += [text] if (text := exclusions_text(value, lang)) else []
    return Figure(
        indicator=indicator, name=indicator.name[lang], text="" if hidden else f"{rounded(value.value, indicator.unit):,f}",
        unit=unit_text(indicator.unit, lang).strip(), n=value.n, interval=interval_text(value, indicator.unit),
        note=("；" if lang == "zh" else "; ").join(notes), small=value.standing is Standing.SMALL,
    )  # fmt: skip
