"""What a page says of a step from one period to the next."""

from __future__ import annotations

from decimal import Decimal

from fuxiao.core.indicator import Standing, Value
from fuxiao.metrics.library import built_in
from fuxiao.web.audit.mappings import mapping_changes
from fuxiao.web.metrics.presenters import change

STEADY = ("0.4", "0.6", "0.5", "0.4", "0.6", "0.5", "0.4", "0.6")


def last_change(code: str, *numbers: str):
    indicator = built_in().get(code)
    series = [
        Value(indicator=code, subject="", period=f"2026-{at:02d}", value=Decimal(x), n=500, standing=Standing.OK)
        for at, x in enumerate(numbers, 1)
    ]
    return change(series, indicator)


def test_a_step_that_is_level_is_no_signal_at_the_same_time():
    stopped = last_change("BKL", "54", "60", "57", "55", "61", "58", "12", "12")
    assert (stopped.text, stopped.word, stopped.tone) == ("持平", "", "")
    fell = last_change("BKL", "54", "60", "57", "55", "61", "58", "57", "12")
    assert (fell.text, fell.word, fell.tone) == ("−45", "信号", "good")


def test_a_value_that_reads_like_the_limit_it_is_beyond_is_told_with_more_digits():
    near = last_change("REO", *STEADY, "0.92")
    assert near.why == "信号：差于正常范围（0.12% 至 0.88%），本期 0.92%"


def test_a_value_far_from_the_limits_needs_no_more_digits():
    far = last_change("REO", *STEADY, "4")
    assert far.why == "信号：差于正常范围（0.1% 至 0.9%）"


def test_the_limits_of_a_share_end_where_a_share_does():
    low = last_change("CSAT", "97", "99", "96", "98", "97", "99", "97", "98", "60")
    assert low.why.endswith(" 至 100.0%）")
    high = last_change("REO", "0.2", "1", "0.1", "0.9", "0.2", "0.8", "0.1", "0.9", "9")
    assert "（0" in high.why


MAPPING = """shape = "case"
[cases.columns]
case_id = "工单号"
opened_at = {}
"""


def test_a_changed_mapping_is_told_by_the_columns_that_go_elsewhere():
    old, new = (MAPPING.format(opened) for opened in ('"报修时间"', '{columns = ["报修日期", "报修时刻"]}'))
    assert list(mapping_changes(old, new)) == [("工单 · 受理时间", "报修时间", "报修日期 + 报修时刻")]
    assert list(mapping_changes(old, old + "# 同上\n")) == [("列对应", "", "列不变，读法（格式、取值）有改动")]
    assert ("工单 · 工单号", "—", "工单号") in list(mapping_changes(None, old))
