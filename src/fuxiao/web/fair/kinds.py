"""Kinds of cases and rates in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.base.waiting import column_words
from fuxiao.base.wording import LIST
from fuxiao.core.fairness.strata import OTHER, Stratum
from fuxiao.engine.definition import Indicator
from fuxiao.performance.fair.strata import Kind
from fuxiao.report.figures import number
from fuxiao.web.metrics.wording import formats
from fuxiao.web.words import language, t

YES_NO = {
    "in_warranty": {"true": ("保内", "in warranty"), "false": ("保外", "out of warranty")},
    "difficulty": {"easy": ("难度低", "easy"), "middling": ("难度中", "middling"), "hard": ("难度高", "hard")},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of case: its name, how many, how many went well, the own rate and the group's, how many were due."""

    name: str
    n: int
    hits: str
    rate: str
    group: str
    due: str


def rate_text(rate: float, indicator: Indicator) -> str:
    """A rate (0-1) in the indicator's unit, with it."""
    return str(formats().quantity(in_unit(rate, indicator), indicator.unit))


def in_unit(rate: float, indicator: Indicator) -> Decimal:
    return Decimal(str(round(rate * float(indicator.scale), 9)))


def amount(value: float, places: int | None = None) -> str:
    """A number of cases, also a part of one."""
    if places is None:
        places = 0 if float(value).is_integer() else 1
    return number(Decimal(str(round(value, 6))), places)


def factor_words(factors: Sequence[str]) -> str:
    """The factors that were adjusted for: 工单类型、难度系数、保内、区域."""
    return LIST[language()].join(column_words("cases", name, language()) for name in factors)


def kind_words(label: Stratum | None, factors: Sequence[str]) -> str:
    """A kind of case: 维修 · 难度 1.5 · 保内 · 华东. What was too rare to stand alone is "others"."""
    if label is None:
        return t("没有同类工单", "no such kind in the group")
    parts = [level_words(name, value) for name, value in zip(factors, label, strict=False)]
    return " · ".join(parts) or t("其他", "others")


def level_words(factor: str, value: str) -> str:
    """One property of a kind of case; what the organisation named stays as it is."""
    if value == OTHER:
        return t("其他", "others")
    if value in YES_NO.get(factor, {}):
        return t(*YES_NO[factor][value])
    if factor == "difficulty" and value.replace(".", "", 1).isdigit():
        return t("难度 {n}", "difficulty {n}", n=number(Decimal(value).normalize()))
    return value or t("（未填）", "(not given)")


def kind_lines(kinds: Sequence[Kind], factors: Sequence[str], indicator: Indicator) -> list[KindLine]:
    return [
        KindLine(
            kind_words(kind.label, factors), int(kind.n), amount(kind.successes),
            rate_text(kind.successes / kind.n, indicator), rate_text(kind.rate, indicator), amount(kind.expected, 1),
        )
        for kind in kinds
    ]  # fmt: skip
