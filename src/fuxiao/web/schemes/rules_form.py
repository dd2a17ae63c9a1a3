"""The form of what holds for every role: grades and coefficients, points, gates, vetoes, ratings, bounds, distribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fuxiao.core.errors import Issue
from fuxiao.metrics.library import Library
from fuxiao.web.org.positions import position_word
from fuxiao.web.schemes.coefficients import coefficient_fields, coefficient_row
from fuxiao.web.schemes.fields import Choice, Field, Fields, told
from fuxiao.web.schemes.wording import EVENTS, choices, event_name
from fuxiao.web.words import language, t

PARTS = ("names", "cycle", "small_sample", "ranks", "grades", "coefficients", "bonus", "deductions", "gates", "vetoes",
         "ratings", "limits", "tenure", "distribution")  # fmt: skip
SPARE = 1
"""So many empty rows stand below the rows of a list."""
MONTHS = 6


@dataclass(frozen=True, slots=True)
class Group:
    """A group of fields under a heading; ``rows`` where it is a list. ``again``: the field that changes what is asked."""

    key: str
    title: str
    help: str
    fields: Sequence[Field] = ()
    rows: Sequence[Sequence[Field]] = ()
    issues: Sequence[str] = ()
    again: str = ""


def rules_form(plain: Mapping[str, Any], issues: Sequence[Issue], library: Library) -> list[Group]:
    top = Fields("", plain, issues)
    grades = grade_names(plain)
    return [_head(top), _ladder(top, grades), *_events(top, grades, library), *_bounds(top, grades)]


def _head(top: Fields) -> Group:
    return Group("head", t("方案", "Scheme"), "", [
        top.below("names").text("zh"), top.below("names").text("en"), top.select("cycle", usual="month"),
        top.select("small_sample", usual="missing"), top.select("ranks", usual="competition"),
    ])  # fmt: skip


def _ladder(top: Fields, grades: Sequence[str]) -> Group:
    spare = Fields("ladder", {}, top.issues)
    points = t("分", "pts")
    rows = [
        [top.below("grades").number(name, words=t("{name} 级下限", "{name} from", name=name), unit=points), *coefficient_row(top, name)]
        for name in grades
    ]  # fmt: skip
    new = [
        spare.text("name", words=t("新的一级", "One grade more")),
        spare.number("lower", words=t("下限", "From"), unit=points),
    ]
    return Group(
        "grades", t("等级与系数", "Grades and coefficients"),
        t("等级下限含本数，从高到低；清空下限就去掉这一级。系数决定奖金乘多少。", "Lower bounds inclusive, best first; empty a bound to drop the grade. The coefficient multiplies the bonus."),
        coefficient_fields(top), [*rows, new], [*told(top.issues, "grades"), *told(top.issues, "coefficients")], "coefficient_kind",
    )  # fmt: skip


def _events(top: Fields, grades: Sequence[str], library: Library) -> list[Group]:
    known = [(each.code, f"{each.name[language()]} {each.code}") for each in library]
    points = t("分", "pts")
    return [
        Group("gates", t("门槛条件", "Gates"),
              t("某项指标不过线，等级或总分就到此为止；没有数据或样本太少时不算没过。", "Where an indicator is not met, grade or score go no further; missing data and small samples never count as not met."),
              rows=[_gate(row, grades, known, top) for row in _rows(top, "gates")]),
        Group("vetoes", t("一票否决", "Vetoes"),
              t("只有已核实、有证据、并由第二人批准的事件才生效；可以申诉。", "Counts only when confirmed, with evidence and a second approver; open to appeal."),
              rows=[_veto(row, grades) for row in _rows(top, "vetoes")]),
        Group("bonus", t("加分", "Bonus points"),
              t("按已核实的事件，或按指标超出多少；合计有上限。", "By confirmed events, or by how far an indicator goes beyond; capped together."),
              [top.below("bonus").number("cap", unit=points)], _point_rows(top.below("bonus"), known)),
        Group("deductions", t("减分", "Deductions"), t("只动浮动奖金对应的得分，从不扣工资。", "They move the score of the variable part only, never wages."),
              [top.below("deductions").number("cap", unit=points)], _point_rows(top.below("deductions"), known)),
    ]  # fmt: skip


def _bounds(top: Fields, grades: Sequence[str]) -> list[Group]:
    spread = top.below("distribution")
    return [
        Group("ratings", t("评分校准", "Evening raters out"),
              t("由人评价的项目：评满这么多人的评分人换算到同一尺度，原评分和换算后并排展示。", "For judged items: raters of so many people or more are brought to one scale; both figures are shown side by side."),
              [top.below("ratings").check("calibrate"), top.below("ratings").number("minimum", words=t("每位评分人至少评多少人", "Least people a rater"), help=t("不少于 8；空着就是 8。", "8 or more; empty means 8."))]),
        Group("limits", t("边界与缺数据", "Bounds and missing data"),
              t("缺失权重超过这个比例就不评级，系数按下面的数并标注。", "With more weight missing a person is not rated and gets the coefficient below, flagged."),
              [top.below("limits").number(name) for name in ("missing_share", "unrated_coefficient", "lowest", "highest")]),
        Group("tenure", t("学习期", "Learning period"),
              t("入职第几个月按目标的多少考核；1 是全额。", "Which part of the target is asked for in a month of service; 1 is all of it."),
              [_month(top, month) for month in range(1, MONTHS + 1)]),
        Group("distribution", t("强制分布", "Forced distribution"),
              t("默认关闭；少于 10 人的组不能用；末位不等于不能胜任，不能作为解除合同的依据。", "Off by default; never for groups under ten; being last is no proof of incompetence and no ground for dismissal."),
              [spread.check("enabled"), spread.number("minimum"),
               *(spread.below("shares").number(name, words=name, unit="%") for name in grades)],
              issues=[*told(top.issues, "distribution.shares"), *told(top.issues, "distribution")]),
    ]  # fmt: skip


def grade_names(plain: Mapping[str, Any]) -> list[str]:
    found = plain.get("grades")
    return [str(name) for name in found] if isinstance(found, Mapping) and found else list("SABCD")


def _rows(at: Fields, name: str, spare: int = SPARE) -> list[Fields]:
    given = at.values.get(name)
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
    path = f"{at.path}.{name}" if at.path else name
    return [Fields(f"{path}[{place}]", row, at.issues) for place, row in enumerate([*rows, *({},) * spare])]


def _gate(row: Fields, grades: Sequence[str], known: Sequence[Choice], top: Fields) -> list[Field]:
    roles = top.values.get("roles")
    everybody = [("", t("所有岗位", "every role"))]
    named = [(str(code), position_word(str(code))) for code in roles] if isinstance(roles, Mapping) else []
    held = row.values.get("roles")
    role = str(held[0]) if isinstance(held, list) and held else str(held or "")
    return [
        row.select("indicator", [("", "—"), *known]), row.number("least", words=t("不低于", "At least")),
        row.number("most", words=t("不高于", "At most")),
        row.select("mode", choices("gate_mode"), "grade_cap" if row.values else "", words=t("没过时", "Where not met")),
        row.select("grade", [("", "—"), *((name, name) for name in grades)]), row.number("limit", unit=t("分", "pts")),
        row.made("roles", "select", words=t("适用", "Holds for"), value=role, choices=[*everybody, *named]),
    ]  # fmt: skip


def _veto(row: Fields, grades: Sequence[str]) -> list[Field]:
    return [
        _event(row), row.select("mode", usual="grade_cap" if row.values else ""),
        row.select("grade", [("", "—"), *((name, name) for name in grades)]), row.number("limit", unit=t("分", "pts")),
    ]  # fmt: skip


def _point_rows(at: Fields, known: Sequence[Choice]) -> list[list[Field]]:
    """The rules of one side, an empty row for an event and one for an indicator."""
    *held, event, indicator = _rows(at, "rules", spare=2)
    rows = [_by_value(row, at.path, known) if "indicator" in row.values else _by_event(row) for row in held]
    return [*rows, _by_event(event), _by_value(indicator, at.path, known)]


def _by_event(row: Fields) -> list[Field]:
    return [_event(row), row.number("points", unit=t("分", "pts")), row.number("cap", unit=t("分", "pts"))]


def _by_value(row: Fields, side: str, known: Sequence[Choice]) -> list[Field]:
    curve, points = row.below("curve"), t("分", "pts")
    shared = [row.select("indicator", [("", "—"), *known]), curve.number("beyond"), curve.number("per"), curve.number("each", unit=points)]  # fmt: skip
    if side == "bonus":
        return [*shared, curve.number("cap", unit=points)]
    return [
        *shared, curve.number("worth", words=t("最多减", "At most"), unit=points), curve.select("rounding", usual="continuous"),
        curve.select("side", usual="above"),
    ]  # fmt: skip


def _event(row: Fields) -> Field:
    code = str(row.values.get("event") or "")
    known = [(each, event_name(each)) for each in EVENTS]
    return row.text("event", choices=known, help=event_name(code) if code in EVENTS else "")


def _month(top: Fields, month: int) -> Field:
    given = top.values.get("tenure")
    table = given if isinstance(given, Mapping) else {}
    held = table.get(month, table.get(str(month)))
    words = t("第 {n} 个月", "Month {n}", n=month)
    return Fields("tenure", {str(month): held}, top.issues).number(str(month), words=words)
