"""The builder's form: what was sent as a recipe, a definition that exists as one, and the fields for either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fuxiao.base.wording import say
from fuxiao.core.indicator import Direction
from fuxiao.engine.definition import SNAPSHOT
from fuxiao.engine.fact_tables import FactTable
from fuxiao.metrics.recipe import OPERATORS as BY_KIND
from fuxiao.metrics.recipe import PARTS, columns_of, measurable
from fuxiao.web.library.presenters import KINDS
from fuxiao.web.library.words import CREDIT_WORDS, OPERATORS, STATISTICS, UNITS, worded
from fuxiao.web.schemes.fields import Field, Fields
from fuxiao.web.schemes.sent import plain_of
from fuxiao.web.words import language, t

Recipe = dict[str, Any]
FORMULA = ("where", "measure", "statistic", "numerator", "denominator")
BLANK: Recipe = {
    "dataset": "cases", "period": "resolved", "credit": "AO", "statistic": "ratio", "unit": "percent", "direction": "higher",
    "kind": "quality", "minimum": 20, "where": {"groups": [{"rows": [{}]}]}, "top": {"groups": [{"rows": [{}]}]},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupForm:
    """A group of conditions: how they are joined, and a line each."""

    path: str
    join: Field
    rows: Sequence[Sequence[Field]]


@dataclass(frozen=True, slots=True)
class ConditionsForm:
    path: str
    title: str
    join: Field
    groups: Sequence[GroupForm]


@dataclass(frozen=True, slots=True)
class BuilderForm:
    """All fields of the builder by section; ``top`` only for a share, ``value`` only where something is added up."""

    names: Sequence[Field]
    source: Sequence[Field]
    measure: Sequence[Field]
    where: ConditionsForm
    top: ConditionsForm | None
    out: Sequence[tuple[str, str, bool]]
    limits: Sequence[Field]
    honest: Sequence[Field]
    formula: Sequence[Field]
    is_formula: bool
    examples: Sequence[Sequence[Field]]


DIGITS = 9


def recipe_of(sent: Mapping[str, Any]) -> Recipe:
    """What the form sent."""
    made: Recipe = dict(plain_of(sent.items()))
    made["exclusions"] = [str(code) for code in (made.pop("out", None) or {}).values()]
    if isinstance(made.get("counter"), str):
        made["counter"] = [
            code.strip().upper() for code in made["counter"].replace("，", ",").replace("、", ",").split(",")
        ]
    for name in ("minimum", "maturation"):
        if name in made:
            made[name] = int(made[name]) if _short(str(made[name])) else str(made[name])
    return made


def _short(text: str) -> bool:
    """Whether this is a whole number of a size that somebody means."""
    return text.isdecimal() and len(text) <= DIGITS


def recipe_from(raw: Mapping[str, Any]) -> Recipe:
    """A definition that was written, as a formula; sides with a table of their own stay out of the form."""
    made: Recipe = {name: raw[name] for name in PARTS if name in raw}
    made["mode"] = "formula"
    made["formula"] = {
        name: str(raw[name]).lower() if isinstance(raw[name], bool) else str(raw[name])
        for name in FORMULA if name in raw and not isinstance(raw[name], Mapping)
    }  # fmt: skip
    return made


def rearranged(recipe: Recipe, do: str) -> Recipe:
    """After a button: ``row:where:0`` adds a condition to a group, ``group:where`` a group, ``drop:where:0:1`` takes one."""
    word, _, rest = do.partition(":")
    side, *places = rest.split(":")
    if word not in ("row", "group", "drop") or side not in ("where", "top") or not all(_short(p) for p in places):
        return recipe
    groups = recipe.setdefault(side, {}).setdefault("groups", [])
    if word == "group":
        groups.append({"rows": [{}]})
    elif places and int(places[0]) < len(groups):
        rows = groups[int(places[0])].setdefault("rows", [])
        if word == "row":
            rows.append({})
        elif len(places) == 2 and int(places[1]) < len(rows):
            del rows[int(places[1])]
    return recipe


def builder_form(
    recipe: Recipe, table: FactTable, tables: Mapping[str, FactTable], examples: Sequence[Any]
) -> BuilderForm:
    top = Fields("", {**recipe, "counter": ", ".join(recipe.get("counter") or ())})
    names, gaming, formula = top.below("name"), top.below("gaming"), top.below("formula")
    statistic = str(recipe.get("statistic") or "ratio")
    return BuilderForm(
        names=[
            names.text("zh"), names.text("en"),
            top.text("code", words=t("代码", "Code"), help=t("大写字母，例如 VIP_FRT", "capitals, for example VIP_FRT")),
            top.select("kind", worded(KINDS), words=t("性质", "Kind")),
            top.select("unit", worded(UNITS), words=t("单位", "Unit")),
            top.select("direction", [(str(d), say(f"direction.{d}", language())) for d in Direction], words=t("方向", "Direction")),
        ],
        source=[
            top.select("dataset", [(name, _table_word(each)) for name, each in tables.items()], words=t("数据", "Data")),
            top.select("period", [(anchor, _anchor(anchor)) for anchor in _anchors(table)], words=t("按哪个时间归期", "Falls into the period by")),
            top.select("credit", [(code, t(*CREDIT_WORDS.get(code, (code, code)))) for code in table.credits], words=t("记给谁", "Credited to")),
        ],
        measure=[
            top.select("statistic", worded(STATISTICS), words=t("算什么", "What is worked out")),
            *([] if statistic in ("ratio", "count") else [
                top.select("value", [(c.name, _column(c.name, table)) for c in measurable(table)], words=t("哪个数", "Of what"))
            ]),
        ],
        where=_conditions(recipe, "where", table, t("只看哪些（可不填）", "Which ones (may be empty)")),
        top=_conditions(recipe, "top", table, t("其中算达成的", "Of these, which count")) if statistic == "ratio" else None,
        out=[(code, say(f"exclusion.{code}", language()), code in (recipe.get("exclusions") or ())) for code in table.exclusions],
        limits=[
            top.number("minimum", words=t("最小样本", "Minimum n"), help=t("少于这个数不计分", "fewer are not scored")),
            top.number("maturation", words=t("几天后定稿", "Firm after days")),
        ],
        honest=[
            top.text("counter", words=t("制衡指标代码", "Counter-indicators"), help=t("时效和产量指标必须有，例如 REO, QA", "speed and volume need one, e.g. REO, QA")),
            gaming.text("zh", words=t("可能怎样作弊", "How it can be gamed (Chinese)")), gaming.text("en", words=t("可能怎样作弊（英文）", "How it can be gamed")),
        ],
        formula=[formula.text(name, "area", words=label) for name, label in (
            ("where", t("条件", "Where")), ("measure", t("取值", "Measure")), ("statistic", t("统计", "Statistic")),
            ("numerator", t("分子", "Numerator")), ("denominator", t("分母", "Denominator")),
        )],
        is_formula=recipe.get("mode") == "formula",
        examples=[_example(place, each) for place, each in enumerate([*examples, {}])],
    )  # fmt: skip


def _example(place: int, given: Any) -> list[Field]:
    at = Fields(f"examples[{place}]", given if isinstance(given, Mapping) else {})
    return [
        at.text("rows", "area", words=t("几行数据（第一行是字段名）", "A few rows (column names first)")),
        at.text("expected", words=t("应得的数", "Expected value")),
    ]  # fmt: skip


def _conditions(recipe: Recipe, side: str, table: FactTable, title: str) -> ConditionsForm:
    given = recipe.get(side) if isinstance(recipe.get(side), Mapping) else {}
    at = Fields(side, given or {})
    groups = (given or {}).get("groups") or [{"rows": [{}]}]
    return ConditionsForm(
        side, title, _join(at), [_group(f"{side}.groups[{n}]", each, table) for n, each in enumerate(groups)]
    )


def _group(path: str, given: Mapping[str, Any], table: FactTable) -> GroupForm:
    at = Fields(path, given)
    rows = given.get("rows") or [{}]
    return GroupForm(path, _join(at), [_row(Fields(f"{path}.rows[{n}]", row), table) for n, row in enumerate(rows)])


def _join(at: Fields) -> Field:
    return at.select(
        "join",
        [("and", t("全部满足", "all of these")), ("or", t("满足任一", "any of these"))],
        words=t("怎样合起来", "Joined by"),
    )


def _row(at: Fields, table: FactTable) -> list[Field]:
    """The choices of a condition; what a column may be compared with is asked once there is one."""
    offered = [("", t("选字段…", "column…")), *((c.name, _column(c.name, table)) for c in columns_of(table))]
    chosen = at.select("column", offered, words=t("字段", "Column"))
    column = table.column(str(at.values.get("column") or ""))
    if column is None:
        return [chosen]
    return [
        chosen,
        at.select("op", [(op, t(*OPERATORS[op])) for op in BY_KIND.get(column.kind, ())], words=t("关系", "Is")),
        at.text("value", words=t("值", "Value")),
    ]  # fmt: skip


def _anchors(table: FactTable) -> list[str]:
    snapshot = {"opened", "resolved"} <= set(table.anchors)
    return [*table.anchors, *([SNAPSHOT] if snapshot else [])]


def _anchor(anchor: str) -> str:
    return t("期末未解决", "open at the period's end") if anchor == SNAPSHOT else say(f"anchor.{anchor}", language())


def _table_word(table: FactTable) -> str:
    return table.zh if language() == "zh" else table.en


def _column(name: str, table: FactTable) -> str:
    column = table.column(name)
    return name if column is None else column.zh if language() == "zh" else column.en
