"""A recipe as one plain sentence, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fuxiao.base.wording import LIST, say
from fuxiao.engine.definition import SNAPSHOT
from fuxiao.engine.fact_tables import FactTable, Kind
from fuxiao.metrics.recipe import DURATION, LENGTHS, listed
from fuxiao.web.library.words import CREDIT_WORDS

Words = tuple[str, str]
OPS: Mapping[str, Words] = {
    "yes": ("{what}", "{what}"), "no": ("不是{what}", "not: {what}"), "known": ("{what}有值", "{what} is known"),
    "unknown": ("{what}为空", "{what} is empty"), "=": ("{what}是{value}", "{what} is {value}"),
    "!=": ("{what}不是{value}", "{what} is not {value}"), "in": ("{what}是{value}之一", "{what} is one of {value}"),
    "starts": ("{what}以{value}开头", "{what} begins with {value}"), ">": ("{what}大于{value}", "{what} is above {value}"),
    ">=": ("{what}不低于{value}", "{what} is at least {value}"), "<": ("{what}低于{value}", "{what} is below {value}"),
    "<=": ("{what}不超过{value}", "{what} is at most {value}"), "between": ("{what}在{value}之间", "{what} is between {value}"),
}  # fmt: skip
STATISTICS: Mapping[str, Words] = {
    "count": ("有多少{rows}", "how many {rows} there are"), "sum": ("{value}合计", "the sum of {value}"),
    "mean": ("{value}的平均值", "the mean of {value}"), "median": ("{value}的中位数", "the median of {value}"),
    "p90": ("{value}的第 90 百分位", "the 90th percentile of {value}"), "ratio": ("“{top}”所占的比例", "the share with: {top}"),
}  # fmt: skip
SPOKEN = {"d": "days", "h": "hours", "min": "minutes", "s": "seconds"}
FRAME = (
    "{anchor}在本期的{rows}{where}，算{what}；记给{credit}{out}；少于 {minimum} 条不计分。",
    "Of {rows} {anchor} in the period{where}: {what}; credited to {credit}{out}; fewer than {minimum} are not scored.",
)


def sentence(recipe: Mapping[str, Any], table: FactTable, lang: str) -> str:
    """What the figure is; for a formula the formula itself."""
    place = 0 if lang == "zh" else 1
    rows = table.zh if lang == "zh" else table.en.lower()
    where = conditions(recipe.get("where"), table, lang)
    if recipe.get("mode") == "formula":
        formula = recipe.get("formula") or {}
        what = " ÷ ".join(str(formula[name]) for name in ("measure", "numerator", "denominator") if formula.get(name))
        where = str(formula.get("where") or "")
    else:
        facts = {"rows": rows, "value": _column(str(recipe.get("value") or "—"), table, lang),
                 "top": conditions(recipe.get("top"), table, lang) or "—"}  # fmt: skip
        what = STATISTICS.get(str(recipe.get("statistic")), STATISTICS["count"])[place].format_map(facts)
    out = LIST[lang].join(say(f"exclusion.{code}", lang) for code in recipe.get("exclusions") or ())
    anchor = str(recipe.get("period") or "")
    opened = ("期末未解决", "still open") if anchor == SNAPSHOT else None
    return FRAME[place].format(
        rows=rows, anchor=opened[place] if opened else say(f"anchor.{anchor}", lang) if anchor else "—",
        where=(f"（{where}）" if place == 0 else f" ({where})") if where else "", what=what,
        credit=CREDIT_WORDS.get(str(recipe.get("credit")), ("—", "—"))[place],
        out=(f"；剔除{out}" if place == 0 else f"; left out: {out}") if out else "", minimum=recipe.get("minimum") or 0,
    )  # fmt: skip


def conditions(given: object, table: FactTable, lang: str) -> str:
    """Conditions in words; groups in brackets where there are several."""
    if not isinstance(given, Mapping):
        return ""
    groups = []
    for group in given.get("groups") or []:
        rows = [
            _row(row, table, lang) for row in group.get("rows") or [] if isinstance(row, Mapping) and row.get("column")
        ]
        if rows:
            groups.append(_join(group, lang).join(rows))
    if len(groups) < 2:
        return "".join(groups)
    return _join(given, lang).join(f"（{group}）" if lang == "zh" else f"({group})" for group in groups)


def _join(given: Mapping[str, Any], lang: str) -> str:
    words = {"and": ("且", " and "), "or": ("或", " or ")}
    return words["or" if given.get("join") == "or" else "and"][0 if lang == "zh" else 1]


def _row(row: Mapping[str, Any], table: FactTable, lang: str) -> str:
    value = str(row.get("value") or "—")
    shown = LIST[lang].join(listed(value)) if row.get("op") == "in" else _length(row, value, table, lang)
    words = OPS.get(str(row.get("op") or "="), OPS["="])[0 if lang == "zh" else 1]
    return words.format(what=_column(str(row["column"]), table, lang), value=shown)


def _length(row: Mapping[str, Any], value: str, table: FactTable, lang: str) -> str:
    """A duration with its unit in the language; minutes where none is named. Anything else as it stands."""
    column, found = table.column(str(row["column"])), DURATION.fullmatch(value.strip())
    if column is None or column.kind is not Kind.DURATION or found is None:
        return value
    return found[1] + say(f"unit.{SPOKEN[LENGTHS[found[2] or 'min']]}", lang)


def _column(name: str, table: FactTable, lang: str) -> str:
    column = table.column(name)
    return name if column is None else column.zh if lang == "zh" else column.en
