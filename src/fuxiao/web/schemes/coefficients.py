"""How a grade becomes a coefficient, as a form edits it: a table, the score itself, a line in each grade, a payout curve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fuxiao.core.score.curve import parameters
from fuxiao.core.score.curves_payout import Payout
from fuxiao.web.schemes.fields import Field, Fields
from fuxiao.web.schemes.wording import choices
from fuxiao.web.words import t

KINDS = ("table", "score", "linear", "payout")


def kind_of(plain: Mapping[str, Any]) -> str:
    """How the scheme's coefficients are worked out."""
    rule = plain.get("coefficients")
    return str(rule.get("kind", "table")) if isinstance(rule, Mapping) else "table"


def coefficient_fields(top: Fields) -> list[Field]:
    """Which way, and what belongs to it beside the grades."""
    kind, rule = kind_of(top.values), top.below("coefficients")
    which = Fields("", {"coefficient_kind": kind}, ()).select(
        "coefficient_kind", choices("kind"), words=t("系数算法", "Coefficient")
    )
    if kind == "table":
        return [which]
    bounds = [
        rule.number("least", words=t("系数最低", "At least")),
        rule.number("most", words=t("系数最高", "At most")),
    ]
    return [which, *bounds, *(_payout(rule.below("curve")) if kind == "payout" else ())]


def _payout(curve: Fields) -> list[Field]:
    return [curve.number(name, words=t(*PAYOUT[name]), unit="%") for name in parameters(Payout)]


PAYOUT = {
    "threshold": ("起付得分", "Pays from a score of"), "threshold_pays": ("起付兑现", "pays there"),
    "target": ("目标得分", "Target score"), "target_pays": ("目标兑现", "pays there"),
    "most": ("封顶得分", "Highest score"), "most_pays": ("封顶兑现", "pays there"),
}  # fmt: skip


def coefficient_row(top: Fields, grade: str) -> list[Field]:
    """What one grade's row asks for."""
    kind, rule = kind_of(top.values), top.below("coefficients")
    if kind == "table":
        table = rule.below("table") if "kind" in rule.values else rule
        return [Fields("coefficients", table.values, top.issues).number(grade, words=t("系数", "Coefficient"))]
    if kind != "linear":
        return []
    ends = rule.below("bands").values.get(grade)
    pair = list(ends) if isinstance(ends, list) and len(ends) == 2 else [None, None]
    path = f"coefficients.bands.{grade}"
    words = (t("系数从", "Coefficient from"), t("到", "to"))
    lower, upper = (Fields("", {f"{path}[{n}]": pair[n]}, ()).number(f"{path}[{n}]", words=words[n]) for n in (0, 1))
    return [lower if lower.value or upper.value else _told(lower, top, path), upper]


def _told(field: Field, top: Fields, path: str) -> Field:
    """The field with what is wrong with the pair that it begins."""
    whole = Fields("", {path: field.value or None}, top.issues).number(path, words=field.label)
    return Field(field.name, field.label, field.kind, field.value, issues=whole.issues)


def with_coefficients(plain: Mapping[str, Any], sent: Mapping[str, Any], grades: Mapping[str, Any]) -> dict[str, Any]:
    """The rule as the form has it, for the grades that are left; the usual table where another way was chosen just now."""
    kind, given = str(sent.get("coefficient_kind", "table")), sent.get("coefficients") or {}
    if kind not in KINDS:
        kind = "table"
    if kind == "table":
        return {grade: given[grade] for grade in grades if grade in given} or _usual(plain, grades)
    rule: dict[str, Any] = {"kind": kind, **{name: given[name] for name in ("least", "most") if name in given}}
    if kind == "linear":
        bands = given.get("bands") or {}
        rule["bands"] = {grade: bands.get(grade, []) for grade in grades}
    if kind == "payout":
        rule["curve"] = {"type": "payout", **(given.get("curve") or {})}
    return rule


def _usual(plain: Mapping[str, Any], grades: Mapping[str, Any]) -> dict[str, Any]:
    """The table that the scheme had under its own way of working coefficients out, as far as it has one."""
    rule = plain.get("coefficients")
    table = rule.get("table", {}) if isinstance(rule, Mapping) else {}
    return {grade: table[grade] for grade in grades if grade in table}
