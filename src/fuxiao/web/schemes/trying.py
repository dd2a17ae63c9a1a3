"""Pages of a trial: a draft played over past periods, how far that is, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.actions import require
from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.core.errors import DefinitionError, InputError
from fuxiao.core.period import parse_period
from fuxiao.incentives.tasks import try_scheme
from fuxiao.metrics.models import RuleVersion
from fuxiao.metrics.rule_actions import begin_trial
from fuxiao.web.access import Request, allowed
from fuxiao.web.metrics.wording import formats
from fuxiao.web.org.positions import position_word
from fuxiao.web.pages import whole
from fuxiao.web.schemes.desk import scheme_desk
from fuxiao.web.schemes.wording import indicator_name
from fuxiao.web.words import language, t

MOST = 12
USUAL = 3
WAYS = {"winner": ("得分升", "gains", "good"), "loser": ("得分降", "loses", "bad"), "same": ("基本不变", "about the same", ""),
        "open": ("无法比较", "not comparable", "")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the report, ready to be shown."""

    name: str
    number: str
    role: str
    old: str
    new: str
    change: str
    grades: str
    amount: str
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a page shows of a replay."""

    periods: Sequence[str]
    people: Sequence[Person]
    counts: Mapping[str, int]
    teams: Sequence[Mapping[str, Any]]
    cliffs: Sequence[str]
    spread: Sequence[tuple[str, int, str, str]]
    grades: Sequence[tuple[str, int, int]]
    budget_old: str
    budget_new: str
    budget_change: str
    unpaid: str
    basis: str


@allowed(Permission.RULES_WRITE)
@require_POST
def begin(request: Request, key: str) -> HttpResponse:
    """Hand the draft to the worker; nothing of the rules changes by it."""
    require(request.viewer, Permission.RULES_WRITE)
    at = scheme_desk(key)
    if at.rule.draft is None:
        raise InputError("rules.no_draft")
    if at.checked.errors:
        raise DefinitionError("scheme", at.checked.issues)
    begin_trial(at.rule.draft, at=now())
    try_scheme.enqueue(at.rule.draft.pk, min(MOST, max(1, whole(request.POST.get("periods", ""), USUAL))))
    return redirect(reverse("scheme", args=[key]) + "#publish")


@allowed(Permission.PAY_READ)
@require_GET
def report(request: Request, key: str, number: int) -> HttpResponse:
    """Each person's change, the budget, teams, cliffs, and how many cannot be told apart. As a fragment: the state."""
    at = scheme_desk(key)
    version = at.rule.version(number)
    context = {"at": at, "version": version, "state": version.report, "problems": problems_of(version)}
    if request.htmx:
        return render(request, "schemes/whatif_panel.html", context | {"found": None})
    found = report_of(version.report.get("result"), at.names)
    return render(request, "schemes/report.html", context | {"found": found})


def problems_of(version: RuleVersion) -> list[str]:
    lines = version.report.get("problems", {}).get(language(), [])
    return [str(line) for line in lines]


def report_of(result: Mapping[str, Any] | None, names: Mapping[str, str]) -> Report | None:
    if not result:
        return None
    money = formats().money
    old, new = (_decimal(result[name]) for name in ("budget_old", "budget_new"))
    people = [_person(row) for row in sorted(result["people"], key=lambda row: _decimal(row["score"]) or Decimal(0))]
    ways = [str(row["way"]) for row in result["people"]]
    grades = dict.fromkeys([*result["grades_new"], *result["grades_old"]])
    return Report(
        [formats().period(parse_period(key)) for key in result["periods"]], people, {way: ways.count(way) for way in WAYS},
        [{**team, "score": signed(_decimal(team["score"]))} for team in result["teams"]],
        list(_cliffs(result["cliffs"], names)),
        [(position_word(row["role"]), row["people"], _percent(row["alike_old"]), _percent(row["alike_new"]))
         for row in result["spread"]],
        [(name or t("未评级", "not rated"), result["grades_old"].get(name, 0), result["grades_new"].get(name, 0))
         for name in sorted(grades, key=lambda name: (name == "", name != "S", name))],
        "" if old is None else money(old), "" if new is None else money(new),
        "" if old is None or new is None else _change_of(old, new), (result.get("unpaid") or {}).get(language(), ""),
        _basis(result),
    )  # fmt: skip


def _basis(result: Mapping[str, Any]) -> str:
    """What was played over, in a sentence."""
    cycles, regraded = result.get("cycles", 0), result.get("regraded", 0)
    if not cycles:
        return t(
            "还没有已结束的考核周期，用现有数据按过去的期间试算，与生效中的方案比较",
            "no review cycle is closed yet: played over past periods with the data as it is, against the scheme in force",
        )
    told = t(
        "重放 {n} 个已结束的考核周期（{sealed} 个已封存）：各用当时截止的数据、名单、目标和裁定，与当时的方案比较",
        "{n:closed review cycle/closed review cycles} played again ({sealed} sealed), each with its data at the cut-off, its people, targets and rulings, against the scheme it was closed with",
        n=cycles, sealed=result.get("sealed", 0),
    )  # fmt: skip
    beside = t(
        "；校准会改过的 {n} 个等级两边都不计",
        "; {n:grade/grades} changed by a committee count on neither side",
        n=regraded,
    )
    return told + (beside if regraded else "")


def _person(row: Mapping[str, Any]) -> Person:
    zh, en, tone = WAYS[row["way"]]
    amount = _decimal(row["amount"])
    moved = row["grade_old"] != row["grade_new"] and row["grade_old"]
    return Person(
        row["name"], row["person"], position_word(row["role"]), row["score_old"] or "—", row["score_new"] or "—",
        signed(_decimal(row["score"])), f"{row['grade_old']} → {row['grade_new']}" if moved else row["grade_new"],
        "" if amount is None else signed(amount), t(zh, en), tone,
    )  # fmt: skip


def _cliffs(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[str]:
    for row in rows:
        if row["kind"] == "grade":
            yield t(
                "等级 {name} 的下限 {at} 分：上下 1 分之内有 {n} 张评分卡，跨过去系数差 {jump}。",
                "Grade {name} from {at}: {n:scorecard/scorecards} within a point of it; crossing it moves the coefficient by {jump}.",
                name=row["name"], at=row["at"], n=row["people"], jump=row["jump"],
            )  # fmt: skip
        else:
            yield t(
                "{role} · {name} 在 {at} 处：差一点就差 {jump} 分，附近有 {n} 个结果。",
                "{role}, {name} at {at}: a hair's breadth is {jump:point/points}; {n:result/results} stood near it.",
                role=position_word(row["role"]), name=indicator_name(row["name"], names), at=row["at"],
                jump=f"{Decimal(row['jump']):.0f}", n=row["people"],
            )  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def signed(value: Decimal | None) -> str:
    """A change with its sign; nought without one."""
    if value is None:
        return "—"
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value):,f}"


def _percent(text: str | None) -> str:
    return "—" if text is None else f"{text}%"


def _change_of(old: Decimal, new: Decimal) -> str:
    share = f"（{(new - old) / old * 100:+.1f}%）" if old else ""
    return signed(new - old) + (share if language() == "zh" else share.replace("（", " (").replace("）", ")"))
