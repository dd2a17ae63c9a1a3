"""What an indicator means, in words: formula, credit, exclusions, benchmark, counter-indicators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fuxiao.base.shown import formula_text
from fuxiao.base.waiting import column_words
from fuxiao.base.wording import LIST, say
from fuxiao.core.indicator import Direction
from fuxiao.engine.definition import PERIOD_END, SNAPSHOT, Indicator, Part
from fuxiao.engine.expression import names_in
from fuxiao.engine.fact_tables import FactTable
from fuxiao.web.words import language, t

CODES = ("A1", "AO", "AF", "AP", "AV", "AS", "AX", "AG", "AD", "AW", "AN", "AC", "AU")
CREDITS = {code: (say(f"credit.{code}", "zh"), say(f"credit.{code}", "en")) for code in CODES}


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
        statistic=say(f"statistic.{indicator.statistic.value}", lang),
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
        source=indicator.benchmark.source.get(lang, "") if indicator.benchmark else "",
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
    yield Side(t("分子", "Numerator") if below else t("取值", "Measure"), formula_text(above, language()))
    if below is not None:
        yield Side(t("分母", "Denominator"), formula_text(below, language()))
    if above.where is not None:
        yield Side(t("条件", "Where"), above.where.text)


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
