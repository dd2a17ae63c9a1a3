"""What the choices of the indicator builder come to: the rule in words, what is wrong, value and rows of last month."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fuxiao.base.plain_yaml import plain_yaml
from fuxiao.base.wording import say_error, say_issue
from fuxiao.core.errors import DefinitionError, FuxiaoError, Issue, did_you_mean
from fuxiao.core.period import parse_period
from fuxiao.engine.definition import Indicator
from fuxiao.engine.fact_tables import FACT_TABLES, FactTable
from fuxiao.engine.reading import read_indicator
from fuxiao.metrics.drill import Kept
from fuxiao.metrics.examples import Outcome, can_have_examples, try_example
from fuxiao.metrics.recipe import PARTS, definition_of
from fuxiao.metrics.rule_files import digest_of
from fuxiao.metrics.source import facts_in
from fuxiao.web.library.recipes import FORMULA, Recipe
from fuxiao.web.library.sentence import sentence
from fuxiao.web.metrics.cuts import COMPANY, Cut, Subject
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.presenters import Figure, figure
from fuxiao.web.metrics.rows import RowsPage, Slice, rows_page
from fuxiao.web.words import language, t

CODE = re.compile(r"[A-Z][A-Z0-9_]{1,15}")
SHOWN = 5
PLACES = {
    "code": ("代码", "Code"), "name": ("名称", "Name"), "measure": ("取值", "Measure"), "where": ("条件", "Where"),
    "numerator": ("分子", "Numerator"), "denominator": ("分母", "Denominator"), "unit": ("单位", "Unit"),
    "minimum": ("最小样本", "Minimum n"), "counter": ("制衡指标", "Counter-indicators"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What a recipe comes to: the rule in both languages, what is wrong, value and rows of last month, examples."""

    zh: str = ""
    en: str = ""
    issues: Sequence[str] = ()
    figure: Figure | None = None
    counted: RowsPage | None = None
    left_out: RowsPage | None = None
    outcomes: Sequence[tuple[str, bool]] = ()
    indicator: Indicator | None = None
    errors: Sequence[Issue] = field(default_factory=tuple)

    @property
    def failing(self) -> int:
        return sum(not holds for _, holds in self.outcomes)


def look(at: Desk, recipe: Recipe, examples: Sequence[Any], *, base: Mapping[str, Any]) -> Seen:
    """The rule in words, and the figure with its rows where it can be worked out."""
    tables = tables_of(at)
    table = table_of(recipe, tables)
    zh, en = sentence(recipe, table, "zh"), sentence(recipe, table, "en")
    raw = raw_of(recipe, table, base, zh=zh, en=en)
    errors = _issues(raw, tables)
    try:
        indicator = read_indicator({"section": "own", **raw, **_filled(raw)}, tables=tables)
    except DefinitionError:
        return Seen(zh, en, [_said(issue) for issue in errors], errors=errors)
    errors += tuple(_unknown_counters(at, indicator))
    shown = replace(indicator, code=f"{indicator.code}~{digest_of(plain_yaml(raw))[:8]}")
    month = parse_period(f"{at.day:%Y-%m}").previous()
    cut = Cut(Subject(COMPANY))
    counted, left = (
        rows_page(at, shown, cut, "", month, asked=Slice(kept, 0, SHOWN)) for kept in (Kept.COUNTED, Kept.LEFT_OUT)
    )
    return Seen(zh, en, [_said(i) for i in errors], figure(counted.value, shown), counted, left,
                list(_outcomes(at, indicator, table, examples)), indicator, errors)  # fmt: skip


def raw_of(recipe: Recipe, table: FactTable, base: Mapping[str, Any], *, zh: str, en: str) -> dict[str, Any]:
    """The definition of a recipe over what the one before says beyond the form (benchmark, persons, sources …)."""
    made, formula = definition_of(recipe, table), recipe.get("mode") == "formula"
    own = {*PARTS, *FORMULA} - ({"plain"} if formula else set())
    sides = {
        name: each for name, each in base.items() if isinstance(each, Mapping) and name in ("numerator", "denominator")
    }
    whole = {name: each for name, each in base.items() if name not in own} | (sides if formula else {}) | made
    whole.setdefault("plain", {"zh": zh, "en": en})
    names = whole.get("name") if isinstance(whole.get("name"), Mapping) else {}
    whole["name"] = {"zh": (names or {}).get("zh", ""), "en": (names or {}).get("en") or (names or {}).get("zh", "")}
    gaming = whole.get("gaming")
    if isinstance(gaming, Mapping) and set(gaming) != {"zh", "en"}:
        text = next(iter(gaming.values()), "")
        whole["gaming"] = {"zh": gaming.get("zh", text), "en": gaming.get("en", text)}
    return whole


def _issues(raw: Mapping[str, Any], tables: Mapping[str, FactTable]) -> tuple[Issue, ...]:
    try:
        read_indicator({"section": "own", **raw}, where=str(raw.get("code", "")), tables=tables)
    except DefinitionError as refused:
        return refused.issues
    return ()


def _filled(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Something for what a figure does not depend on, so that it can be seen before the indicator has a name."""
    names = raw.get("name") or {}
    return {
        "code": raw["code"] if CODE.fullmatch(str(raw.get("code", ""))) else "NEW",
        "name": names if all(names.get(lang) for lang in ("zh", "en")) else {"zh": "—", "en": "—"},
    }


def _unknown_counters(at: Desk, indicator: Indicator) -> list[Issue]:
    known = at.library.indicators
    return [
        Issue("counter", "indicator.unknown_counter", {"found": code, "near": tuple(did_you_mean(code, known))})
        for code in indicator.counter if code not in known
    ]  # fmt: skip


def _outcomes(at: Desk, indicator: Indicator, table: FactTable, examples: Sequence[Any]) -> list[tuple[str, bool]]:
    if not can_have_examples(indicator):
        return []
    month, made = parse_period(f"{at.day:%Y-%m}").previous(), []
    for each in examples:
        try:
            found = try_example(
                at.store,
                indicator,
                table,
                rows=str(each.get("rows", "")),
                expected=str(each.get("expected", "")),
                period=month,
            )
            made.append((_told(found), found.holds))
        except FuxiaoError as error:
            made.append((" ".join(say_error(error, language())), False))
    return made


def _told(found: Outcome) -> str:
    shown = {
        name: "—" if each is None else f"{each:f}" for name, each in (("got", found.value), ("want", found.expected))
    }
    return t("得 {got}，应为 {want}", "gives {got}, expected {want}", **shown)


def _said(issue: Issue) -> str:
    """An issue with the field that it is about, called as the form calls it."""
    name = issue.where.rpartition(".")[2] if "." in issue.where else ""
    where = t(*PLACES[name]) if name in PLACES else name
    if issue.code == "field.both_languages":  # a form has a place for each, no braces
        return t("{where}：至少写中文名。", "{where}: write a name in Chinese at least.", where=where)
    return say_issue(Issue(where, issue.code, issue.params), language())


def tables_of(at: Desk) -> Mapping[str, FactTable]:
    """The tables whose rows may be counted, with the columns that came with an import."""
    return {**FACT_TABLES, **facts_in(at.store).declared}


def table_of(recipe: Recipe, tables: Mapping[str, FactTable]) -> FactTable:
    """What a recipe counts; cases before that is chosen."""
    return tables.get(str(recipe.get("dataset")), tables["cases"])
