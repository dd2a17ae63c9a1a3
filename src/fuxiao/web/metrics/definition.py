"""What an indicator means, in words: formula, credit, exclusions, benchmark, counter-indicators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fuxiao.base.waiting import column_words
from fuxiao.base.wording import LIST, say
from fuxiao.core.indicator import Direction
from fuxiao.engine.definition import PERIOD_END, SNAPSHOT, Indicator, Part, Statistic
from fuxiao.engine.expression import names_in
from fuxiao.engine.fact_tables import FactTable
from fuxiao.web.words import language, t

CREDITS = {
    "A1": ("首次响应人", "whoever answered first"), "AO": ("责任人（最后解决时的持有人）", "the owner: holder when last resolved"),
    "AF": ("首次解决时的持有人", "the holder when first resolved"), "AP": ("责任人", "the owner"),
    "AV": ("上门工程师", "the visiting engineer"), "AS": ("所有经手人，按份额", "everybody involved, by share"),
    "AX": ("经办人（转出人、拣货人）", "whoever did it: transferred, picked"), "AG": ("被评人或被检人", "the person rated or checked"),
    "AD": ("首次派工的人", "whoever assigned it first"), "AW": ("设了最长“等客户”的人", "whoever set the longest pause for the customer"),
    "AN": ("诊断人", "whoever made the diagnosis"), "AC": ("投诉责任人", "the person complained of"), "AU": ("责任单位，不计个人", "the unit, never a person"),
}  # fmt: skip
STATISTICS = {
    Statistic.RATIO: ("分子合计 ÷ 分母合计", "sum of numerators ÷ sum of denominators"), Statistic.MEAN: ("平均值", "mean"),
    Statistic.MEDIAN: ("中位数", "median"), Statistic.P50: ("中位数", "median"), Statistic.P90: ("第 90 百分位", "90th percentile"),
    Statistic.SUM: ("合计", "sum"), Statistic.COUNT: ("计数", "count"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """Numerator or denominator: its name and its expression, as the definition writes it."""

    name: str
    formula: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """The definition of an indicator as a page shows it."""

    plain: str
    statistic: str
    facts: str
    sides: Sequence[Side]
    terms: Sequence[tuple[str, str]]
    credit: str
    credit_person: str
    exclusions: Sequence[str]
    exclusions_person: Sequence[str]
    minimum: int
    maturation: int
    direction: str
    gaming: str
    counter: Sequence[str]
    benchmark: str
    source: str


def meaning(indicator: Indicator, table: FactTable) -> Meaning:
    lang = language()
    part, person = indicator.numerator, indicator.person or indicator
    own = person.numerator.credit
    return Meaning(
        plain=indicator.plain[lang],
        statistic=t(*STATISTICS[indicator.statistic]),
        facts=_facts(part, table),
        sides=list(_sides(indicator)),
        terms=list(_terms(indicator, table)),
        credit=_credit(part.credit),
        credit_person=_credit(own) if own != part.credit else "",
        exclusions=[say(f"exclusion.{code}", lang) for code in indicator.exclusions],
        exclusions_person=[
            say(f"exclusion.{code}", lang) for code in person.exclusions if code not in indicator.exclusions
        ],
        minimum=indicator.minimum,
        maturation=indicator.maturation,
        direction=_direction(indicator.direction, person.direction),
        gaming=indicator.gaming.get(lang, ""),
        counter=indicator.counter,
        benchmark=indicator.benchmark.text[lang] if indicator.benchmark else "",
        source=indicator.benchmark.source if indicator.benchmark else "",
    )


def _direction(whole: Direction, person: Direction) -> str:
    words = [say(f"direction.{each.value}", language()) for each in (whole, person)]
    return (
        words[0]
        if whole is person
        else t("{whole}；个人：{person}", "{whole}; persons: {person}", whole=words[0], person=words[1])
    )


def _credit(code: str) -> str:
    return t(*CREDITS[code]) if code in CREDITS else code


def _facts(part: Part, table: FactTable) -> str:
    if part.period == SNAPSHOT:
        return t("期末未解决的{what}", "{what} not resolved at the end of the period", what=_table(table))
    return t(
        "{what}，按{anchor}归入期间", "{what}, by {anchor}", what=_table(table), anchor=say(f"anchor.{part.period}", language())
    )  # fmt: skip


def _table(table: FactTable) -> str:
    return table.zh if language() == "zh" else table.en


def _sides(indicator: Indicator) -> Iterator[Side]:
    """The sides, and those that are others for single persons."""
    sides = list(_written(indicator))
    own = _written(indicator.person) if indicator.person else ()
    yield from sides
    yield from (
        Side(t("个人：{side}", "{side} for persons", side=each.name), each.formula) for each in own if each not in sides
    )


def _written(indicator: Indicator) -> Iterator[Side]:
    above, below = indicator.numerator, indicator.denominator
    yield Side(t("分子", "Numerator") if below else t("取值", "Measure"), _formula(above))
    if below is not None:
        yield Side(t("分母", "Denominator"), _formula(below))
    if above.where is not None:
        yield Side(t("条件", "Where"), above.where.text)


def _formula(part: Part) -> str:
    return part.value.text if part.value is not None else t("行数", "count of rows")


def _terms(indicator: Indicator, table: FactTable) -> Iterator[tuple[str, str]]:
    """The columns that the formulas name, with their meaning."""
    both = (indicator, indicator.person or indicator)
    parts = [part for each in both for part in (each.numerator, each.denominator) if part is not None]
    names = sorted({name for part in parts for f in part.formulas() for name in names_in(f.node)} - {PERIOD_END})
    for name in names:
        words = column_words(table.name, name, language())
        if words != name:
            yield name, words


def listed(words: Sequence[str]) -> str:
    return LIST[language()].join(words)
