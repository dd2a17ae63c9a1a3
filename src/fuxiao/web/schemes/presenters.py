"""A scheme as pages show it: its lines in the list, its roles, its ladder, its versions, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from fuxiao.base.wording import say_issue
from fuxiao.core.errors import FuxiaoError, Issue
from fuxiao.core.score import TEAM_SCORE, Curve, build_curve
from fuxiao.metrics.models import RuleState, RuleVersion
from fuxiao.metrics.rule_queries import Rule
from fuxiao.performance.scheme_text import differences
from fuxiao.web.org.positions import position_word
from fuxiao.web.schemes.desk import SchemeDesk, plain_or_empty, title_of
from fuxiao.web.schemes.drawing import CurvePicture, picture
from fuxiao.web.schemes.fed import codes_of, unfed
from fuxiao.web.schemes.role_form import threshold_unit
from fuxiao.web.schemes.wording import choices, curve_name, event_name, indicator_name, label, sentences
from fuxiao.web.words import language, t


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """A scheme in the list."""

    key: str
    title: str
    roles: Sequence[str]
    in_force: int
    draft: RuleVersion | None
    pending: RuleVersion | None = None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item as it is read: name, weight, thresholds, a small picture."""

    name: str
    code: str
    weight: Decimal
    text: str
    drawn: CurvePicture | None
    team: bool
    small: str
    unit: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class RoleLines:
    key: str
    name: str
    items: Sequence[ItemLine]
    total: Decimal
    team_share: str
    errors: int


@dataclass(frozen=True, slots=True)
class Problem:
    """An issue with a link to its field."""

    sentence: str
    href: str
    error: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    version: RuleVersion
    word: str
    tone: str
    changes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Overview:
    roles: Sequence[RoleLines]
    ladder: Sequence[tuple[str, str, str]]
    points: Sequence[tuple[str, str]]
    vetoes: Sequence[tuple[str, str]]
    problems: Sequence[Problem]
    changes: Sequence[str]
    versions: Sequence[VersionLine]
    since: date
    """From when a published draft holds, unless one says otherwise: where nothing holds yet, from today."""

    @property
    def errors(self) -> int:
        return sum(each.error for each in self.problems)


def line_of(rule: Rule) -> SchemeLine:
    plain = plain_or_empty(rule.shown)
    roles = plain.get("roles") or {}
    return SchemeLine(
        rule.key,
        title_of(plain, rule.key),
        [position_word(code) for code in roles],
        rule.number,
        rule.draft,
        rule.pending,
    )


def overview(at: SchemeDesk, *, on: date) -> Overview:
    plain = at.plain
    problems = [_problem(at.key, issue, at.names) for issue in at.checked.issues]
    return Overview(
        [_role(at, code, role) for code, role in (plain.get("roles") or {}).items() if isinstance(role, Mapping)],
        _ladder(plain), list(_points(plain)), [*_gates(plain, at.names), *_vetoes(plain)], problems, changes_of(at), _versions(at, on),
        (on.replace(day=28) + timedelta(days=4)).replace(day=1) if at.rule.text else on,
    )  # fmt: skip


def changes_of(at: SchemeDesk) -> list[str]:
    """The draft against what is in force, in words; nothing without a draft or without a scheme in force."""
    if at.rule.draft is None or not at.rule.text:
        return []
    return sentences(differences(plain_or_empty(at.rule.text), at.plain), at.names)


def _role(at: SchemeDesk, code: str, role: Mapping[str, Any]) -> RoleLines:
    waiting = unfed(codes_of(at.plain))
    items = [_item(row, at, waiting) for row in role.get("items") or [] if isinstance(row, Mapping)]
    share = role.get("share") or {}
    team = f"{share['team']}" if isinstance(share, Mapping) and "team" in share else ""
    errors = sum(issue.where.startswith(f"roles.{code}") for issue in at.checked.errors)
    return RoleLines(code, position_word(code), items, sum((i.weight for i in items), Decimal(0)), team, errors)


def _item(row: Mapping[str, Any], at: SchemeDesk, waiting: frozenset[str]) -> ItemLine:
    if "rubric" in row:
        return _judged(row, at.names)
    code, weight, curve = str(row.get("indicator") or ""), row.get("weight"), _curve(row.get("curve"))
    return ItemLine(
        indicator_name(code, at.names), "" if code == TEAM_SCORE else code, Decimal(weight) if isinstance(weight, int | Decimal) else Decimal(0),
        curve.text() if curve else "", picture(curve) if curve else None, row.get("scope") == "team" or code == TEAM_SCORE,
        curve_name(curve.key) if curve else t("还没有计分方式", "no curve yet"),
        threshold_unit(at.library.indicators.get(code), row) if curve and curve.text() else "", code in waiting,
    )  # fmt: skip


def _judged(row: Mapping[str, Any], names: Mapping[str, str]) -> ItemLine:
    """An item that people judge: who rates, and the points of its levels."""
    code, weight, levels = str(row.get("indicator") or ""), row.get("weight"), row.get("rubric")
    points = (
        [f"{level.get('points', '')}" for level in levels if isinstance(level, Mapping)]
        if isinstance(levels, list)
        else []
    )
    who = dict(choices("rated_by")).get(str(row.get("rated_by", "lead")), "")
    return ItemLine(
        name=names.get(code, code), code="", weight=Decimal(weight) if isinstance(weight, int | Decimal) else Decimal(0),
        text=" / ".join(points), drawn=None, team=False, small=t("由人评价：{who}", "judged by: {who}", who=who),
    )  # fmt: skip


def _curve(spec: object) -> Curve | None:
    if not isinstance(spec, Mapping):
        return None
    try:
        return build_curve(str(spec.get("type")), {name: each for name, each in spec.items() if name != "type"})
    except FuxiaoError:
        return None


def _ladder(plain: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Grades, where they begin, and the coefficient of each, or how it is worked out."""
    grades, rule = plain.get("grades") or {}, plain.get("coefficients") or {}
    found = (
        rule.get("table", {})
        if rule.get("kind") == "table"
        else rule.get("bands", {})
        if rule.get("kind") == "linear"
        else rule
    )
    how = dict(choices("kind")).get(str(rule.get("kind")), "") if rule.get("kind") in ("score", "payout") else ""
    return [(str(name), f"{bound}", how or _coefficient(found.get(name))) for name, bound in grades.items()]


def _coefficient(given: object) -> str:
    return "–".join(f"{each}" for each in given) if isinstance(given, list) else "" if given is None else f"{given}"


def _points(plain: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for side, sign in (("bonus", "+"), ("deductions", "−")):
        part = plain.get(side) or {}
        for rule in part.get("rules") or []:
            name = event_name(str(rule.get("event"))) if rule.get("event") else str(rule.get("indicator"))
            found.append((name, f"{sign}{rule.get('points', '')}"))
        if part.get("cap") is not None and part.get("rules"):
            found.append((t("{side}合计封顶", "{side} together at most", side=label(side)), f"{sign}{part['cap']}"))
    return found


def _gates(plain: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each gate: what is asked for, and what follows where it is not met."""
    modes = dict(choices("gate_mode"))
    for row in plain.get("gates") or []:
        bounds = [f"≥ {row['least']}"] if row.get("least") is not None else []
        bounds += [f"≤ {row['most']}"] if row.get("most") is not None else []
        code, mode = str(row.get("indicator")), modes.get(str(row.get("mode", "grade_cap")), "")
        asked = f"{indicator_name(code, names)} {', '.join(bounds)}"
        yield asked, t("否则{mode} {at}", "else {mode} {at}", mode=mode, at=row.get("grade") or row.get("limit") or "")


def _vetoes(plain: Mapping[str, Any]) -> list[tuple[str, str]]:
    modes = dict(choices("mode"))
    return [
        (event_name(str(row.get("event"))), f"{modes.get(str(row.get('mode', 'grade_cap')), '')} {row.get('grade') or row.get('limit') or ''}")
        for row in plain.get("vetoes") or []
    ]  # fmt: skip


def _problem(key: str, issue: Issue, names: Mapping[str, str]) -> Problem:
    params = {**issue.params, **_in_words(issue.params, names)}
    sentence = say_issue(Issue("", issue.code, params, issue.severity), language())
    parts = issue.where.split(".")
    page = _page_of(key, parts)
    where = position_word(parts[1]) + t("：", ": ") if parts[0] == "roles" and len(parts) > 1 else ""
    anchor = "f-" + issue.where.replace("[", "-").replace("]", "").replace(".", "-")
    return Problem(where + sentence, f"{page}#{anchor}", issue.severity == "error")


def _in_words(params: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    """The indicator by its name; of a reason that a template gives in both languages (``中文 / English``) the own."""
    found: dict[str, object] = {}
    if (code := params.get("indicator")) in names:
        found["indicator"] = names[str(code)]
    zh, parted, en = str(params.get("reason", "")).partition(" / ")
    if parted and not zh.isascii() and en.isascii():
        found["reason"] = t(zh, en)
    return found


def _page_of(key: str, parts: Sequence[str]) -> str:
    """Where the thing at a path is changed."""
    if parts[0] != "roles" or len(parts) < 2:
        return reverse("scheme_rules", args=[key])
    if parts[2:] and parts[2].startswith("positions"):
        return reverse("scheme_positions", args=[key])
    return reverse("scheme_role", args=[key, parts[1]])


def _versions(at: SchemeDesk, on: date) -> list[VersionLine]:
    made, held = [], at.rule.number
    for place, version in enumerate(at.rule.versions):
        before = next(iter(at.rule.versions[place + 1 : place + 2]), None)
        word, tone = _state(version, held, on)
        steps = differences(plain_or_empty(before.text), plain_or_empty(version.text)) if before else []
        made.append(VersionLine(version, word, tone, sentences(steps, at.names)[:4]))
    return made


def _state(version: RuleVersion, held: int, on: date) -> tuple[str, str]:
    if version.state == RuleState.DRAFT:
        return t("草稿", "Draft"), "near"
    if version.state == RuleState.DISCARDED:
        return t("已放弃", "Put away"), ""
    if version.number == held:
        return t("生效中", "In force"), "good"
    if version.effective_from and version.effective_from > on:
        return t("{day} 起生效", "From {day}", day=version.effective_from), "accent"
    return t("已替换", "Replaced"), ""
