"""Scoring and settling ten thousand people with eight indicators each: values in, amounts out."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

from bench.way import Work
from fuxiao.core.bonus.earner import Earner
from fuxiao.core.bonus.settle import settle
from fuxiao.core.indicator import Value
from fuxiao.core.score import Scheme, Scorecard, Subject, score_group
from fuxiao.incentives.settling import read_plan_text
from fuxiao.metrics.library import built_in
from fuxiao.performance.decisions import read_scheme_text
from fuxiao.performance.scoring import indicator_infos

PEOPLE, TEAM = 10_000, 20
SCHEME = """
scheme: bench
version: "1"
names: {zh: 测量, en: Bench}
cycle: month
grades: {S: 95, A: 85, B: 70, C: 60, D: 0}
coefficients: {S: 1.5, A: 1.2, B: 1.0, C: 0.8, D: 0.5}
roles:
  engineer:
    names: {zh: 工程师, en: Engineer}
    items:
      - {indicator: FRS, weight: 15, floor: 80, target: 90, stretch: 98}
      - {indicator: TRS, weight: 15, floor: 60, target: 80, stretch: 95}
      - {indicator: FTF, weight: 15, floor: 60, target: 75, stretch: 90}
      - {indicator: CSAT, weight: 15, floor: 70, target: 85, stretch: 95}
      - {indicator: RPR, weight: 10, floor: 12, target: 6, stretch: 2}
      - {indicator: HRR, weight: 10, floor: 12, target: 6, stretch: 2}
      - {indicator: FRQ, weight: 10, floor: 60, target: 80, stretch: 95}
      - {indicator: REO, weight: 10, floor: 10, target: 5, stretch: 1}
"""
PLAN = """
plan: bench
version: "1"
label: {zh: 测量, en: Bench}
valid_from: 2026-01-01
currency: CNY
cycle: month
jurisdiction: CN
defaults: {base: 2000.00}
attendance: {by: scheduled}
coefficients:
  by: grade
  bands: {S: 95, A: 85, B: 70, C: 60, D: 0}
  table: {S: 1.5, A: 1.2, B: 1.0, C: 0.8, D: 0.5}
  not_rated: 1.0
roles:
  "*":
    components:
      - {key: own, type: payout_curve, label: {zh: 个人, en: Own}, of: own, share: 0.5,
         curve: [{at: 60, gives: 50}, {at: 100, gives: 100}, {at: 120, gives: 150}]}
      - {key: team, type: payout_curve, label: {zh: 团队, en: Team}, of: team, share: 0.5,
         curve: [{at: 60, gives: 50}, {at: 100, gives: 100}, {at: 120, gives: 150}]}
"""
MONTH = "2026-10"


def score_and_settle(home: Path) -> Work:  # noqa: ARG001 -- nothing of a home folder is read
    """Scorecards of everybody and every team, and a payout for each person, with all traces."""
    scheme, plan = read_scheme_text(SCHEME, indicator_infos(built_in().indicators)), read_plan_text(PLAN)
    people, teams = subjects(scheme)

    def work() -> dict[str, object]:
        scores = score_group(scheme, people, period=MONTH, teams=teams)
        found = settle(plan, [_earner(card, scores.teams[card.team].total) for card in scores.cards], period=MONTH)
        return {"payouts": len(found.payouts)}

    return work


def subjects(scheme: Scheme) -> tuple[list[Subject], list[Subject]]:
    """People and their teams, each with an invented value for every indicator of the scheme."""
    dice = random.Random(7)
    names = [f"E{number:05d}" for number in range(PEOPLE)]
    people = [_subject(scheme, name, f"T{at // TEAM:03d}", dice) for at, name in enumerate(names)]
    return people, [_subject(scheme, f"T{at:03d}", "", dice) for at in range(PEOPLE // TEAM)]


def _subject(scheme: Scheme, name: str, team: str, dice: random.Random) -> Subject:
    values = {}
    for item in scheme.roles["engineer"].items:
        n = dice.randrange(30, 300)
        hits = dice.randrange(n // 2, n + 1) if item.indicator not in ("RPR", "HRR", "REO") else dice.randrange(n // 8)
        values[item.indicator] = Value(
            indicator=item.indicator, subject=name, period=MONTH, n=n, numerator=Decimal(hits), denominator=Decimal(n),
            value=(Decimal(100 * hits) / n).quantize(Decimal("0.000001")),
        )  # fmt: skip
    return Subject(id=name, role="engineer", values=values, team=team)


def _earner(card: Scorecard, team_score: Decimal | None) -> Earner:
    return Earner(
        person=card.subject, role=card.role.key, team=card.team, score=card.total, grade=card.grade,
        coefficient=card.coefficient, rated=card.rated, team_score=team_score,
        attended=Decimal(21), scheduled=Decimal(22),
    )  # fmt: skip
