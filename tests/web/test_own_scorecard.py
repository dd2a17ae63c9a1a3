"""Which scorecard "My scorecard" opens at a month's start, and what it says of those still being worked out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from fuxiao.base.clock import demonstrate, now
from fuxiao.performance.cycles.models import Cycle
from fuxiao.report.by_calendar import open_next
from fuxiao.web.performance import live
from fuxiao.web.performance.own import coming
from web.test_cycles import company, cycle, lake, made_home, page, press
from web.test_cycles_by_calendar import store
from web.test_figure_pages import shown

__all__ = ["company", "cycle", "lake", "made_home", "store"]
pytestmark = [pytest.mark.django_db, pytest.mark.lake]
WORKED_OUT = "2026 年 10 月正在后台算分"


def opened_at(client) -> str:
    """The period of the scorecard that the page opens."""
    return re.search(r"<title>[^<]*(2026 年 \d+ 月)", client.get("/performance/?wait").content.decode())[1]


@pytest.fixture
def november(cycle, store):
    """The month that runs, of which nothing is known yet."""
    Cycle.objects.update(repeats=True)
    [made] = open_next(store, today=date(2026, 11, 6), at=now())
    return made


def test_a_month_that_has_just_begun_does_not_hide_the_one_that_is_being_closed(company, cycle, november):
    zhang = company["zhang"]
    assert opened_at(zhang) == "2026 年 10 月", "the newest with a score"
    told = shown(zhang, "/performance/?wait")
    assert WORKED_OUT in told
    assert "2026 年 11 月 进行中" in told
    assert WORKED_OUT in shown(zhang, "/")
    press(company["hr"], cycle)
    assert WORKED_OUT not in shown(zhang, "/performance/?wait")


def test_a_shared_result_is_opened_before_the_running_month_until_its_person_has_answered(company, cycle, november):
    hr, lead, zhang = company["hr"], company["lead"], company["zhang"]
    for _ in range(3):
        press(hr, cycle)
    assert "2026 年 10 月 等您写评语 1 人" in shown(lead, "/performance/?wait")
    hr.post(f"/performance/cycles/{cycle.pk}/waive/", {"reason": "主管出差"})
    press(hr, cycle)
    assert opened_at(zhang) == "2026 年 10 月"
    assert "确认结果" in shown(zhang, "/performance/?wait")
    zhang.post(page(cycle, "E3") + "answer/")
    assert opened_at(zhang) == "2026 年 10 月", "November has no score to show"


def test_the_page_asks_again_by_itself_for_whatever_is_first_then(company, cycle, november):
    source = company["zhang"].get("/performance/?wait").content.decode()
    assert 'hx-get="/performance/" hx-trigger="changed"' in source
    fragment = company["zhang"].get("/performance/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert WORKED_OUT in fragment


def test_the_first_look_of_a_day_comes_at_once_and_asks_for_the_score(company, cycle):
    live._begun.clear()
    first = company["zhang"].get("/performance/").content.decode()
    assert "正在算您的得分" in first
    assert 'hx-trigger="changed, load"' in first
    then = company["zhang"].get("/performance/?page", headers={"HX-Request": "true"}).content.decode()
    assert '<main id="main"' in then
    assert "张伟" in then
    assert "正在算您的得分" not in shown(company["zhang"], "/performance/")


def test_an_older_month_that_is_scored_only_now_holds_up_nobody_who_has_a_newer_score(company, cycle):
    press(company["hr"], cycle)
    live._begun.clear()
    older = Cycle.objects.create(
        period="2026-09", scheme=cycle.scheme, scheme_text=cycle.scheme_text, step="cut_off", opened_at=now(),
        cut_off_on=date(2026, 10, 9),
    )  # fmt: skip
    older.members.create(person="E3", name="张伟")
    told = shown(company["zhang"], "/performance/")
    assert "正在算您的得分" not in told
    assert "2026 年 9 月正在后台算分" in told


def test_a_period_that_is_over_says_on_which_day_it_is_scored(cycle):
    cycle.cut_off_on = date(2026, 11, 9)
    [told] = coming([cycle.members.get(person="E3")], on=date(2026, 11, 6))
    assert "2026-11-09 截止" in told
    assert coming([cycle.members.get(person="E3")], on=date(2026, 10, 31)) == []


def test_who_is_in_no_cycle_is_shown_the_way_to_all_and_not_to_a_new_one(company, cycle):
    told = shown(company["hr"], "/performance/?wait")
    assert "看所有考核周期" in told
    assert "开始一个考核周期" not in told


def test_where_there_is_no_cycle_yet_a_demonstration_says_that_they_are_being_prepared(company, lake, monkeypatch):
    assert "还没有您的评分卡" in shown(company["zhang"], "/performance/?wait")
    monkeypatch.delenv("FUXIAO_NOW")
    monkeypatch.setenv("FUXIAO_HOME", str(lake))
    demonstrate(lake, datetime(2026, 11, 6, 1, tzinfo=UTC))
    for address in ("/performance/", "/"):
        assert "演示公司的考核正在后台准备" in shown(company["li"], address)
