"""Roles whose figures are not a person's own rates: a lead scored on the team, a dispatcher on a range."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from fuxiao.core.fairness.casemix import Adjusted
from fuxiao.core.indicator import Standing, Value
from fuxiao.core.score import Subject, score_group
from fuxiao.metrics.library import built_in
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.build.scorecard import make_scorecard
from fuxiao.report.model.scorecard import ScorecardPage
from fuxiao.report.render import render
from report_sample import PERIOD, TEAM_ROLES, counted, sample, scheme, team_subject


def measured(code: str, figure: str, n: int = 60, **facts: object) -> Value:
    return Value(code, "X", PERIOD.key, Decimal(figure), n, **facts)  # type: ignore[arg-type]


def rate(code: str, hits: int, n: int) -> Value:
    return counted(built_in().get(code), "T1", PERIOD.key, hits, n)


def page(subject: Subject, team_values: dict[str, Value], **more: object) -> ScorecardPage:
    """One person's page, whose team T1 also has the figures given."""
    team = team_subject(*TEAM_ROLES[0])
    team = replace(team, values={**team.values, **team_values})
    scores = score_group(scheme(), [subject], period=PERIOD.key, teams=[team])
    reporter = Reporter.of(replace(sample(), scores=scores, settlement=None, cases=None, **more), "zh")
    made = make_scorecard(reporter, scores.cards[0])
    assert render(made, "zh").startswith("<!doctype html>")
    return made


def test_a_lead_is_scored_on_the_team_and_reads_so():
    own = {"IMP": measured("IMP", "82"), "ONE": measured("ONE", "100"), "UPW": measured("UPW", "4.5", n=2)}
    made = page(Subject("E01", "lead", own, "T1"), {"CPR": rate("CPR", 3, 90)})
    rows = {row.anchor: row for row in made.rows}
    assert rows["i-TSC"].name == "团队得分"
    assert rows["i-TSC"].detail.arithmetic.startswith("团队综合得分 ")
    assert any("按整个团队的结果计分" in note for note in rows["i-TSC"].detail.notes)
    assert any("评价人数不足" in note for note in rows["i-UPW"].detail.notes)
    assert any("没有该指标的数据" in note for note in rows["i-TRN"].detail.notes)


def test_a_range_is_shown_with_both_its_ends():
    own = {
        "DSP": rate("DSP", 88, 100), "RSD": rate("RSD", 4, 100),
        "TPV": measured("TPV", "44", numerator=Decimal(2640), denominator=Decimal(60), provisional=True),
    }  # fmt: skip
    made = page(Subject("E01", "dispatcher", own, "T1"), {**own, "BLA": rate("BLA", 3, 60)})
    rows = {row.anchor: row for row in made.rows}
    assert rows["i-TPV"].target.startswith("15–40 (5…80)")
    assert rows["i-TPV"].detail.arithmetic == "2,640 ÷ 60 = 44.0 分钟"
    assert "周期尚未结束，数值仍可能变化。" in rows["i-TPV"].detail.notes


def test_fewer_than_five_records_are_neither_shown_nor_scored():
    hidden = replace(rate("FTF", 2, 3), standing=Standing.HIDDEN)
    beside = Adjusted("E01", 3, 2.0, 1.7, 0.67, 1.2, 0.7, 0.3, 1.0, 0.2, 2.0, 0.1, 3.0, 0.7)
    made = page(Subject("E01", "field_engineer", {"FTF": hidden}, "T1"), {}, adjusted={("E01", "FTF"): beside})
    row = made.rows[0]
    assert (row.detail.adjusted, made.items_total) == ("", "—"), "nor told by the comparison beside it"
    assert (row.actual.number, row.points, row.detail.arithmetic) == ("—", "—", "")
    assert any("少于 5 条记录" in note for note in row.detail.notes)


def test_a_newcomer_reads_what_share_of_the_target_is_asked_and_a_small_sample_what_was_scored():
    own = dict(next(p for p in [team_subject(*TEAM_ROLES[0])]).values)
    made = page(Subject("E01", "field_engineer", own, "T1", team_subject(*TEAM_ROLES[0]).targets, tenure_month=2), {})
    volume = next(row for row in made.rows if row.anchor == "i-VPD")
    assert volume.target.startswith("≥ 4.5")
    assert "学习期：目标按 75% 要求。" in volume.detail.notes
