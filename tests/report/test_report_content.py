"""What the pages say, on an invented department scored and settled by the core."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import ceil

import pytest
from openpyxl import load_workbook

from fuxiao.core.gaming.signal import Signal
from fuxiao.core.score import Status
from fuxiao.report.build.index import make_index
from fuxiao.report.build.overview import make_overview
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.build.scorecard import make_scorecard
from fuxiao.report.drawing import charts, small
from fuxiao.report.drawing.scale import steps
from fuxiao.report.model.scorecard import Row, ScorecardPage
from fuxiao.report.publish import publish
from fuxiao.report.render import render
from fuxiao.report.source import RankShown, ReportInput
from fuxiao.report.workbook import sheets
from report_sample import HOSTILE, PERIOD, sample


def page(person: str, lang: str = "zh", source: ReportInput | None = None) -> ScorecardPage:
    reporter = Reporter.of(source or sample(), lang)
    return make_scorecard(reporter, reporter.source.scores.card(person))


def row(person: str, code: str, lang: str = "zh") -> Row:
    return next(each for each in page(person, lang).rows if each.anchor == f"i-{code}")


def test_the_first_row_tells_score_grade_coefficient_and_the_way_to_the_next_grade():
    hero = page("E01").hero
    card = sample().scores.card("E01")
    assert (hero.score, hero.grade, hero.grade_name, hero.coefficient) == (f"{card.total}", "A", "优秀", "1.2")
    assert hero.distance == f"距 S 级还差 {card.distance} 分"
    assert hero.standing is not None
    assert hero.standing.place == str(card.rank)
    assert sum(bar.own for bar in hero.standing.bars) == 1


def test_a_place_among_colleagues_is_shown_as_far_as_the_house_allows():
    share = replace(sample(), rank_shown=RankShown.PERCENTILE)
    nobody = replace(sample(), rank_shown=RankShown.NONE)
    standing = page("E02", source=share).hero.standing
    assert standing is not None
    assert standing.place.startswith("前 ")
    assert standing.note == ""
    assert page("E02", source=nobody).hero.standing is None
    assert page("E04").hero.standing is None  # three desk agents: too few to show a place without naming people


@pytest.mark.parametrize(
    ("lang", "label", "people"), [("zh", "同岗位得分分布", "共 {} 人"), ("en", "Scores in role", "{} people")]
)
def test_the_lower_half_sees_where_it_is_and_no_percentile_the_last_one_too(lang, label, people):
    share = replace(sample(), rank_shown=RankShown.PERCENTILE)
    ranked = sorted(
        (card for card in share.scores.cards if card.rank_of >= 5 and card.rank), key=lambda card: card.rank
    )
    last = ranked[-1]
    assert last.rank == last.rank_of
    standing = page(last.subject, lang, source=share).hero.standing
    assert (standing.label, standing.place, standing.note) == (label, "", people.format(last.rank_of))
    assert sum(bar.own for bar in standing.bars) == 1
    assert "%" not in standing.bars_text
    full = page(last.subject, lang).hero.standing
    assert (full.place, full.note) == (str(last.rank_of), f"/ {last.rank_of}")


def test_somebody_not_rated_reads_why_and_has_neither_grade_nor_ladder():
    hero = page("E09").hero
    assert (hero.score, hero.ladder, hero.grade_name) == ("—", None, "未评级")
    assert "超过方案上限 40%" in hero.unrated
    assert "系数按 1 计" in hero.unrated


def test_a_veto_is_told_where_the_grade_stands_and_in_the_way_to_the_score():
    vetoed = page("E11")
    assert (vetoed.hero.grade, vetoed.hero.distance) == ("D", "等级已由人工决定")
    assert any("安全事故" in step.label and "AQ-17" in step.label for step in vetoed.sums)
    assert vetoed.bonus is not None
    assert "触发门槛：安全事故" in vetoed.bonus.flags


def test_bonus_points_stand_between_the_items_and_the_score():
    labels = [step.label for step in page("E02").sums]
    assert labels[:2] == ["加分：合理化建议被采纳", "加分：主动救援同事工单"]
    assert labels[-1] == "综合得分"


def test_an_indicator_shows_definition_arithmetic_and_what_was_left_out():
    line = next(each for each in sample().scores.card("E01").items if each.indicator == "FTF")
    value = line.value
    assert value is not None
    detail = row("E01", "FTF").detail
    assert detail.arithmetic == f"{value.numerator} ÷ {value.denominator} = {row('E01', 'FTF').actual}"
    assert detail.curve.endswith(f"= {line.points}")
    assert detail.result == f"加权：{line.points} × 20% = {row('E01', 'FTF').weighted}"
    assert {fact.label for fact in detail.exclusions} <= {"测试或垃圾单", "首响前客户撤销"}
    assert any("95% 区间" in note for note in detail.notes)
    assert any("门槛 70（60 分）· 目标 80（100 分）· 挑战 88（120 分）" in note for note in detail.notes)
    assert detail.counters.startswith("制衡指标：")
    assert detail.version == "口径 FTF · 版本 9f2c51d07ab3 · 数据截至 2026-11-06 02:00"


def test_a_move_is_called_noise_or_signal_by_the_own_earlier_figures():
    moves = {row("E01", code).detail.trend.text for code in ("FTF", "CSAT") if row("E01", code).detail.trend}
    assert moves <= {"正常波动", "信号"}
    assert "前 8 期" in row("E01", "FTF").detail.trend_text


def test_the_case_mix_adjusted_figure_is_shown_where_one_was_worked_out():
    assert "调整后" in row("E01", "FTF").detail.adjusted
    assert row("E01", "ONT").detail.adjusted == ""


def test_a_small_sample_is_marked_and_its_weight_goes_to_the_others():
    few = row("E06", "CSAT")
    assert (few.small, few.status, few.points, few.weighted, few.effective) == (True, "missing", "—", "—", "0%")
    assert any("少于最少 20 条" in note for note in few.detail.notes)
    assert any("权重分给其余项目" in note for note in few.detail.notes)


def test_the_records_behind_a_figure_carry_their_contribution_and_the_ledger_of_their_clock():
    bad, good, out = row("E01", "RPR").detail.cases
    assert (bad.contribution.text, bad.contribution.tone) == ("计入", "bad")
    assert (good.contribution.text, good.contribution.tone) == ("未发生", "ok")
    assert out.contribution.text == "不计：首响前客户撤销"
    clock = bad.clocks[0]
    assert (clock.name, clock.total, clock.arithmetic) == (
        "解决",
        "8 小时",
        "工作时间 9 小时 − 暂停：等客户 1 小时 = 8 小时",
    )
    assert [line.reason for line in clock.lines] == ["计入", "暂停：等客户", "计入", "非工作时间", "计入"]


def test_what_would_raise_the_score_is_sorted_and_told_in_points_and_cases():
    source, shown = sample(), page("E05").rises
    points = [Decimal(rise.points.removeprefix("+")) for rise in shown]
    assert points == sorted(points, reverse=True)
    line = next(each for each in source.scores.card("E05").items if each.indicator == "FTF")
    value = line.value
    assert value is not None
    assert value.numerator is not None
    assert value.denominator is not None
    missing = ceil((value.denominator * 80 - value.numerator * 100) / 100)
    assert next(rise.gap for rise in shown if rise.name == "一次修复率") == f"约再多 {missing} 单达成"


def test_a_correction_says_which_period_it_belongs_to_and_why():
    bonus = page("E01").bonus
    assert bonus is not None
    correction = next(line for line in bonus.lines if line.kind == "adjustment")
    assert (correction.amount, correction.formula) == ("−¥120.00", "2026-09 · 重复计件")
    assert [line.kind for line in bonus.lines] == ["component", "pool", "subtotal", "adjustment", "total"]


def test_a_sealed_period_is_called_final():
    sealed = page("E01", source=replace(sample(), sealed=True))
    assert (sealed.frame.state.text, sealed.frame.notice) == ("已封存", "")
    assert sealed.bonus is not None
    assert sealed.bonus.state.text == "已锁定"
    assert page("E01").frame.state.text == "未封存 · 预估"


def test_statuses_are_counted_as_on_the_card():
    card = sample().scores.card("E05")
    missed = sum(line.status is Status.MISSED for line in card.items)
    assert f"{missed} 未达标" in [chip.text for chip in page("E05").tallies]


def test_a_report_of_scores_alone_still_renders():
    full = sample()
    bare = ReportInput(
        period=PERIOD, made_at=full.made_at, zone=full.zone, roster=full.roster, scores=full.scores,
        indicators=full.indicators,
    )  # fmt: skip
    reporter = Reporter.of(bare, "en")
    text = render(make_scorecard(reporter, full.scores.card("E01")), "en")
    assert "No bonus has been settled" in text
    assert "Shown once two periods have a score" in text
    assert "Signals were not looked for" in render(make_overview(reporter), "en")


def test_the_overview_compares_people_in_classes_ordered_by_name():
    comparison = next(c for c in make_overview(Reporter.of(sample(), "zh")).comparisons if c.name == "一次修复率")
    for group in comparison.groups:
        names = [one.name for one in group.people]
        assert names == sorted(names)
    below = next(group for group in comparison.groups if group.tone == "bad")
    assert [one.file for one in below.people] == ["scorecard-E05.html"]


def test_the_overview_adds_up_money_and_names_signals_and_the_bottleneck():
    overview = make_overview(Reporter.of(sample(), "zh"))
    money, process = overview.money, overview.process
    assert money is not None
    assert process is not None
    settlement = sample().settlement
    assert settlement is not None
    assert money.total == f"¥{settlement.total:,}"
    assert (money.pools[0].shared, money.pools[0].left) == ("¥12,000.00", "¥0.00")
    assert money.payroll.text == "暂不可发放"
    assert [(s.code, s.subject) for s in overview.signals] == [("G1", "杨帆"), ("G2", "黄丽")]
    assert process.hand_offs[0].bottleneck
    assert process.sentence.startswith("等待最多的交接：华东服务一部 → 配件库")
    assert overview.cost is not None
    assert overview.cost.total == "¥23,010.50"


def test_evidence_reads_in_words_money_and_per_cent():
    numbers = {"paid": 9_150_000, "expected": 3_640_200.5, "payments": 29, "excess": 1.5137}
    paid = Signal("P3", "E05", 7.6, 1e-9, 1.5, numbers, {}, raised=True)
    mean = Signal("G1", "E05", 1.5, 1e-9, 1.5, {"picked": 1253, "z": -6.84805}, {}, raised=True)
    source = replace(sample(), signals=(paid, mean))
    over = {row.code: row for row in make_overview(Reporter.of(source, "zh")).signals}
    assert (over["P3"].name, over["P3"].evidence) == (
        "超额赔付", "赔付 ¥91,500.00 · 预期 ¥36,402.00 · 笔数 29 · 超出 151.4%",
    )  # fmt: skip
    assert "通常的金额" in over["P3"].meaning
    assert over["G1"].evidence == "自选 1,253 · z 值 −6.85"


def test_the_index_lists_everybody_once():
    index = make_index(Reporter.of(sample(), "zh"))
    files = [one.file for team in index.teams for one in team.people]
    assert len(files) == len(set(files)) == 18


def test_the_workbook_has_six_sheets_with_numbers_as_numbers_and_texts_as_texts(tmp_path):
    made = publish(sample(), tmp_path, lang="zh")
    assert made.index.exists()
    assert made.overview.exists()
    assert all(path.exists() for path in made.scorecards.values())
    book = load_workbook(made.workbook)
    assert book.sheetnames == ["总览", "评分卡", "指标明细", "奖金", "作弊信号", "数据质量"]
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    cards = [[cell.value for cell in line] for line in book["评分卡"].iter_rows(min_row=2)]
    assert next(line for line in cards if line[0] == "E03")[1] == HOSTILE
    scores = {line[0]: line[5] for line in cards}
    assert Decimal(str(scores["E01"])) == sample().scores.card("E01").total
    weighted = [[cell.value for cell in line] for line in book["指标明细"].iter_rows(min_row=2)]
    own = sum((Decimal(str(line[15])) for line in weighted if line[0] == "E01"), Decimal(0))
    assert own == sample().scores.card("E01").total
    assert {line[13] for line in weighted} <= {"可用", "小样本，仅供参考", "无数据", "不足 5 条，不显示", ""}


def test_a_report_that_stops_half_way_leaves_the_earlier_one_as_it_was(tmp_path):
    publish(sample(), tmp_path, lang="zh")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    source = sample()
    cards = source.scores.cards
    broken = replace(source, scores=replace(source.scores, cards=(*cards[:-1], replace(cards[-1], grade="?"))))
    with pytest.raises(ValueError, match="not in tuple"):
        publish(broken, tmp_path, lang="en")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_workbook_names_parts_of_a_bonus_as_the_plan_does_and_adds_up_to_what_is_paid():
    reporter = Reporter.of(sample(), "zh")
    _, rows = sheets(reporter)["奖金"]
    settlement = reporter.source.settlement
    assert {line[4] for line in rows} == {"", "部门奖金池", "绩效奖金", "计件奖金", "前期更正"}
    assert sum(line[6] for line in rows if line[3] == "本期发放合计") == settlement.total


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [(72, 97, [70, 75, 80, 85, 90, 95, 100]), (5, 5, [5, 6]), (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1])],
)
def test_axis_marks_are_round_numbers_around_the_figures(low, high, marks):
    found = steps(low, high, most=6 if high > 50 else 5)
    assert found[0] <= low
    assert found[-1] >= high
    assert found == pytest.approx(marks) or low == high


def test_pictures_need_at_least_two_figures():
    assert small.spark([Decimal(1)], None) is None
    assert charts.trend([charts.TrendPoint("a", Decimal(90), None)], threshold=None) is None


def test_labels_at_the_end_of_a_trend_do_not_print_over_each_other():
    points = [charts.TrendPoint(str(at), Decimal(90), Decimal("90.1")) for at in range(3)]
    picture = charts.trend(points, threshold=None)
    assert picture is not None
    assert picture.team_label is not None
    assert abs(picture.own_label.at - picture.team_label.at) >= 15
