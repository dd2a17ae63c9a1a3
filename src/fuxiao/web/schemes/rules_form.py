"""The form of what holds for every role: grades and coefficients, bonus points, vetoes, bounds, distribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fuxiao.core.errors import Issue
from fuxiao.web.schemes.fields import Field, Fields, told
from fuxiao.web.schemes.wording import EVENTS, event_name
from fuxiao.web.words import t

PARTS = ("names", "cycle", "small_sample", "ranks", "grades", "coefficients", "bonus", "deductions", "vetoes", "limits",
         "tenure", "distribution")  # fmt: skip
SPARE = 1
"""So many empty rows stand below the rows of a list."""
MONTHS = 6


@dataclass(frozen=True, slots=True)
class Group:
    """A group of fields under a heading; ``rows`` where it is a list."""

    key: str
    title: str
    help: str
    fields: Sequence[Field] = ()
    rows: Sequence[Sequence[Field]] = ()
    issues: Sequence[str] = ()


def rules_form(plain: Mapping[str, Any], issues: Sequence[Issue]) -> list[Group]:
    top = Fields("", plain, issues)
    grades = _grades(plain)
    return [
        Group("head", t("方案", "Scheme"), "", [
            top.below("names").text("zh"), top.below("names").text("en"), top.select("cycle", usual="month"),
            top.select("small_sample", usual="missing"), top.select("ranks", usual="competition"),
        ]),
        Group("grades", t("等级与系数", "Grades and coefficients"),
              t("等级下限含本数，从高到低；系数决定奖金乘多少。", "Lower bounds inclusive, best first; the coefficient multiplies the bonus."),
              rows=[_grade(top, name) for name in grades], issues=[*told(issues, "grades"), *told(issues, "coefficients")]),
        Group("vetoes", t("一票否决", "Vetoes"),
              t("只有已核实、有证据、并由第二人批准的事件才生效；可以申诉。", "Counts only when confirmed, with evidence and a second approver; open to appeal."),
              rows=[_veto(row, grades) for row in _rows(top, "vetoes")]),
        Group("bonus", t("加分", "Bonus points"), t("只数已核实的事件，合计有上限。", "Confirmed events only, capped together."),
              [top.below("bonus").number("cap", unit=t("分", "pts"))], [_points(row) for row in _rows(top.below("bonus"), "rules")]),
        Group("deductions", t("减分", "Deductions"), t("只动浮动奖金对应的得分，从不扣工资。", "They move the score of the variable part only, never wages."),
              [top.below("deductions").number("cap", unit=t("分", "pts"))],
              [_points(row) for row in _rows(top.below("deductions"), "rules")]),
        Group("limits", t("边界与缺数据", "Bounds and missing data"),
              t("缺失权重超过这个比例就不评级，系数按下面的数并标注。", "With more weight missing a person is not rated and gets the coefficient below, flagged."),
              [top.below("limits").number(name) for name in ("missing_share", "unrated_coefficient", "lowest", "highest")]),
        Group("tenure", t("学习期", "Learning period"),
              t("入职第几个月按目标的多少考核；1 是全额。", "Which part of the target is asked for in a month of service; 1 is all of it."),
              [_month(top, month) for month in range(1, MONTHS + 1)]),
        Group("distribution", t("强制分布", "Forced distribution"),
              t("默认关闭；少于 10 人的组不能用；末位不等于不能胜任，不能作为解除合同的依据。", "Off by default; never for groups under ten; being last is no proof of incompetence and no ground for dismissal."),
              [top.below("distribution").check("enabled"), top.below("distribution").number("minimum"),
               *(top.below("distribution").below("shares").number(name, words=name, unit="%") for name in grades)],
              issues=[*told(issues, "distribution.shares"), *told(issues, "distribution")]),
    ]  # fmt: skip


def _grades(plain: Mapping[str, Any]) -> list[str]:
    found = plain.get("grades")
    return [str(name) for name in found] if isinstance(found, Mapping) and found else list("SABCD")


def _grade(top: Fields, name: str) -> list[Field]:
    return [
        top.below("grades").number(name, words=t("{name} 级下限", "{name} from", name=name), unit=t("分", "pts")),
        top.below("coefficients").number(name, words=t("系数", "Coefficient")),
    ]


def _rows(at: Fields, name: str) -> list[Fields]:
    given = at.values.get(name)
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
    path = f"{at.path}.{name}" if at.path else name
    return [Fields(f"{path}[{place}]", row, at.issues) for place, row in enumerate([*rows, *({},) * SPARE])]


def _veto(row: Fields, grades: Sequence[str]) -> list[Field]:
    return [
        row.text("event", help=_event_help(row)), row.select("mode", usual="grade_cap" if row.values else ""),
        row.select("grade", [("", "—"), *((name, name) for name in grades)]), row.number("limit", unit=t("分", "pts")),
    ]  # fmt: skip


def _points(row: Fields) -> list[Field]:
    if "indicator" in row.values:
        curve = row.below("curve")
        return [
            row.text("indicator"),
            curve.text("type"),
            *(curve.number(name) for name in ("each", "cap", "per", "beyond")),
        ]
    return [
        row.text("event", help=_event_help(row)),
        row.number("points", unit=t("分", "pts")),
        row.number("cap", unit=t("分", "pts")),
    ]


def _event_help(row: Fields) -> str:
    code = str(row.values.get("event") or "")
    return event_name(code) if code in EVENTS else ""


def _month(top: Fields, month: int) -> Field:
    given = top.values.get("tenure")
    table = given if isinstance(given, Mapping) else {}
    held = table.get(month, table.get(str(month)))
    words = t("第 {n} 个月", "Month {n}", n=month)
    return Fields("tenure", {str(month): held}, top.issues).number(str(month), words=words)
