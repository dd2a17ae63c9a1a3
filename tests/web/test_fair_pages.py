"""Fair comparison and the time of cases, as each reader sees them."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from fuxiao.base.permissions import Role
from fuxiao.org import actions
from web.conftest import NOW, SYSTEM, account, signed_in
from web.fair_home import fair_home, people

pytestmark = [pytest.mark.django_db, pytest.mark.lake]
OCTOBER = "period=2026-10"


@pytest.fixture(scope="module")
def lake_home(tmp_path_factory):
    return fair_home(tmp_path_factory.mktemp("fair") / "home")


@pytest.fixture(autouse=True)
def crowd(org, lake_home, settings):
    settings.HOME = lake_home
    actions.adopt(SYSTEM, **people(), at=NOW)


def text(page: str) -> str:
    bare = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(bare))


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return text(answer.content.decode())


def part(page: str, start: str, end: str) -> str:
    return page[page.index(start) :].partition(end)[0]


def test_one_sentence_says_who_stands_out_and_that_the_others_do_not(owner):
    page = shown(owner, f"/fair/?{OCTOBER}")
    assert "9 人里 1 人明显差于预期，其余 8 人分不出高低。另有 1 人样本太少，不作判断。" in page
    assert "一次修复率" in page
    in_english = signed_in(account("jo", Role.OWNER, language="en"))
    told = "Of 9 people, 1 clearly worse than expected; the other 8 cannot be told apart. 1 more with too few cases"
    assert told in shown(in_english, f"/fair/?{OCTOBER}")


def test_who_is_slow_at_every_kind_of_case_is_below(owner):
    below = part(shown(owner, f"/fair/?{OCTOBER}"), "明显差于预期 先看", "分不出高低 差别")
    assert "吴慢 一组 52.0%" in below
    assert "张伟" not in below


def test_a_terrible_month_of_six_cases_is_not_called_below_and_gets_no_figure(owner):
    page = shown(owner, f"/fair/?{OCTOBER}")
    assert "钱新 小样本 6 单，还差 14 单" in page
    assert "16.7%" not in page
    one = shown(owner, f"/fair/FTF/person/N1/?{OCTOBER}")
    assert "样本太少：这么几单，运气好坏就能差出几成" in one
    assert "调整后" not in one
    assert "N1-1-000" in one


def test_whoever_has_the_hard_cases_is_cleared_by_the_adjustment(owner):
    alike = part(shown(owner, f"/fair/?{OCTOBER}"), "分不出高低 差别", "怎么判断的")
    for name in ("张伟", "何一", "何二", "何三"):
        assert f"{name} 一组 原始看似较差，调整后分不出 63.0%" in alike
    assert alike.index("何一") < alike.index("李娜") < alike.index("孙二") < alike.index("张伟")


def test_the_page_of_one_shows_the_arithmetic_the_kinds_and_the_cases_that_add_up(owner):
    page = shown(owner, f"/fair/FTF/person/E3/?{OCTOBER}")
    assert "200 单里计入 126 单" in page
    totals = re.search(r"合计 200 126 63.0% ([\d.]+) 工单", page)
    assert totals
    assert f"(126 − {totals[1]}) ÷ 200" in page
    assert "维修 · 难度 2 · 保内 · 华东 180 108 60.0%" in page
    assert "共 200 条" in page


def test_teams_are_compared_as_well(owner):
    page = shown(owner, f"/fair/?{OCTOBER}&by=team")
    assert "2 个班组" in page
    assert "一组" in shown(owner, f"/fair/FTF/team/T1/?{OCTOBER}")


def test_a_lead_sees_the_own_people_of_that_time_and_nobody_else(lead):
    page = shown(lead, f"/fair/?{OCTOBER}")
    assert "5 人里 1 人明显差于预期，其余 4 人分不出高低。" in page
    assert "另有 4 个不在你的查看范围" in page
    for name in ("李娜", "孙二", "周调"):
        assert name not in page
    whole = lead.get(f"/fair/?{OCTOBER}").content.decode()
    assert not re.search(r"\bE4\b", whole), "in no link either; a random token may hold the letters"
    assert lead.get(f"/fair/FTF/person/E4/?{OCTOBER}").status_code == 404


def test_who_came_to_the_team_later_was_not_the_leads_to_see_then(lead):
    assert lead.get(f"/fair/FTF/person/S1/?{OCTOBER}").status_code == 404
    assert lead.get(f"/fair/time/?of=person:S1&{OCTOBER}").status_code == 404
    assert lead.get("/fair/FTF/person/S1/?period=2026-11").status_code == 200


def test_an_engineer_sees_only_the_own_place(engineer):
    page = shown(engineer, f"/fair/?{OCTOBER}")
    assert "你与同岗位在同类工单上的水平分不出高低。" in page
    assert "吴慢" not in page
    assert engineer.get(f"/fair/FTF/person/W1/?{OCTOBER}").status_code == 404
    assert engineer.get(f"/fair/FTF/team/T1/?{OCTOBER}").status_code == 404
    assert "/fair/FTF/person/W1" not in engineer.get(f"/fair/?{OCTOBER}").content.decode()


def test_the_funnel_leads_from_each_dot_to_the_cases_and_is_told_in_words(owner):
    page = owner.get(f"/fair/?{OCTOBER}").content.decode()
    funnel = re.search(r'<svg class="funnel".*?</svg>', page, re.DOTALL)
    assert funnel
    assert len(re.findall(r'<a href="/fair/FTF/person/\w+/\?[^"]+" aria-label="[^"]+"><circle', funnel[0])) == 10
    assert 'class="bad"' in funnel[0]
    assert 'aria-label="漏斗图：10 个的实际水平与样本量，其中 1 个' in funnel[0]
    assert "style=" not in page


def test_three_months_together_and_a_month_without_cases(owner):
    assert "没有可比的" in shown(owner, "/fair/?period=2026-12")
    assert "9 人里 1 人" in shown(owner, "/fair/?period=2026-12&months=3")
    assert "2026 年 10 月 – 2026 年 12 月" in shown(owner, "/fair/?period=2026-12&months=3")


def test_what_cannot_be_compared_is_said_in_words(owner):
    answer = owner.get(f"/fair/?indicator=FRT&{OCTOBER}")
    assert answer.status_code == 400
    assert "不是比率" in answer.content.decode()
    assert owner.get(f"/fair/?indicator=NOPE&{OCTOBER}").status_code in (400, 404)
    assert "没有可比的" in shown(owner, f"/fair/?indicator=CSAT&{OCTOBER}")


def test_the_table_leaves_as_a_file_with_what_it_means(owner):
    rows = list(csv.reader(io.StringIO(owner.get(f"/fair/?{OCTOBER}&form=csv").content.decode("utf-8-sig"))))
    assert any("Benjamini" in cell for row in rows for cell in row)
    found = {row[0]: row for row in rows if row}
    assert found["吴慢"][1:5] == ["W1", "一组", "明显差于预期", "200"]
    assert found["钱新"][3:9] == ["样本太少", "6", "16.7%", "3.0% – 56.4%", "", ""]
    book = load_workbook(io.BytesIO(owner.get(f"/fair/time/?{OCTOBER}&form=xlsx").content))
    assert book.worksheets[0]["A1"].value == "时间去向"


def test_a_persons_time_is_charged_to_its_owners(engineer):
    page = shown(engineer, f"/fair/time/?{OCTOBER}")
    assert "张伟的 200 张工单从受理到解决共 2,000 工作小时，自己手上的占 20%" in page
    assert "自己手上 张伟 400 20% 200 单" in page
    assert "其他班组手上 二组 200 10% 200 单" in page
    assert "等待客户 客户 6.0 <1% 2 单" in page
    assert "缺件等待 备件 4.0 <1% 2 单" in page
    assert "等待派工或接手 派工与排队 1,390 70% 200 单" in page
    assert "合计 2,000 100% 200 单" in page


def test_the_cases_behind_a_charge_are_one_click_away_the_longest_first(engineer):
    page = shown(engineer, f"/fair/time/cases/?of=person:E3&cause=customer&{OCTOBER}")
    assert "2 张工单共 6.0 小时" in page
    assert "E3-1-000" in page
    assert engineer.get(f"/fair/time/cases/?of=person:E3&cause=weather&{OCTOBER}").status_code == 404


def test_a_lead_sees_the_time_of_the_team_and_of_each_of_its_people(lead):
    page = shown(lead, f"/fair/time/?{OCTOBER}")
    assert "一组的 1,006 张工单" in page
    people = page[page.index("每个人") :]
    assert people.index("何一") < people.index("吴慢") < people.index("张伟 20% 2,000 200")
    assert "李娜" not in page


def test_nobody_reads_the_time_of_others(engineer, lead):
    for client, of in ((engineer, "person:E4"), (engineer, "team:T1"), (lead, "team:T2"), (lead, "person:E4")):
        assert client.get(f"/fair/time/?of={of}&{OCTOBER}").status_code == 404
        assert client.get(f"/fair/time/cases/?of={of}&cause=own&{OCTOBER}").status_code == 404
    assert "二组" not in shown(engineer, f"/fair/time/?of=company&{OCTOBER}")
    assert engineer.get(f"/fair/time/cases/?of=company&cause=unit&owner=T2&{OCTOBER}").status_code == 404


def test_a_month_without_resolved_cases_says_so(owner):
    assert "这段时间没有解决的工单" in shown(owner, "/fair/time/?period=2026-12")


def test_the_pages_ask_the_database_as_often_for_one_person_as_for_ten(owner, engineer):
    for address in (f"/fair/?{OCTOBER}", f"/fair/time/?{OCTOBER}"):
        counts = []
        for client in (engineer, owner):
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(address)
            counts.append(len(asked))
        assert counts[1] <= counts[0] + 2, (address, counts)
        assert counts[1] < 20


def test_scorecard_library_and_values_lead_to_the_comparison(owner):
    for address in ("/values/FTF/?by=person&" + OCTOBER, "/library/FTF/?" + OCTOBER):
        assert "/fair/?indicator=FTF" in owner.get(address).content.decode(), address
    assert "/fair/?indicator=FRT" not in owner.get("/library/FRT/?" + OCTOBER).content.decode()


def test_the_page_of_one_person_and_the_move_of_the_same_figure_lead_to_each_other(owner):
    moved = "/values/FTF/moved?of=person:E3&amp;period=2026-10"
    one = owner.get(f"/fair/FTF/person/E3/?{OCTOBER}").content.decode()
    assert f'href="{moved}"' in one, re.findall(r'href="([^"]*moved[^"]*)"', one)
    back = owner.get(moved.replace("&amp;", "&")).content.decode()
    assert "/fair/FTF/person/E3/?indicator=FTF&amp;period=2026-10" in back
    duration = owner.get("/values/FRT/moved?of=person:E3&period=2026-10").content.decode()
    assert "/fair/" not in re.sub(r"<nav.*?</nav>", "", duration, flags=re.DOTALL)
