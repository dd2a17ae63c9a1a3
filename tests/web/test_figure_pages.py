"""Figures as each reader sees them, the rows behind them, and one case."""

from __future__ import annotations

import csv
import io
import re
import shutil
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from ibis import _
from openpyxl import load_workbook

from facts_world import add
from fuxiao.base.permissions import Role
from fuxiao.datasets.store import Store
from fuxiao.web.metrics.figures import memory
from fuxiao.web.warming import warm
from web.conftest import account, signed_in
from web.figures_home import figures_home

pytestmark = [pytest.mark.django_db, pytest.mark.lake]


@pytest.fixture(scope="module")
def lake_home(tmp_path_factory):
    return figures_home(tmp_path_factory.mktemp("figures") / "home")


@pytest.fixture(autouse=True)
def _lake(lake_home, settings):
    settings.HOME = lake_home


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return text(answer.content.decode())


def text(page: str) -> str:
    """What a reader reads, in one line."""
    bare = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(bare))


def line(page: str, start: str) -> str:
    """The text from ``start`` on, as far as a table row goes."""
    return page[page.index(start) :][:160]


def test_the_overview_shows_the_company_of_last_month_with_n_and_interval(owner):
    page = shown(owner, "/values/")
    assert "2026 年 10 月" in page
    found = line(page, "平均首次响应时长 FRT")
    assert "15.1 分钟" in found
    assert " 59 " in found


def test_an_engineer_sees_the_own_figures_with_the_companys_beside(engineer):
    found = line(shown(engineer, "/values/"), "平均首次响应时长 FRT")
    assert "10.0 分钟 15.1 分钟" in found


def test_a_lead_sees_the_own_team_first(lead):
    page = shown(lead, "/values/")
    assert "10.0 分钟 15.1 分钟" in line(page, "平均首次响应时长 FRT")
    assert "二组" not in page


def test_the_indicators_that_wait_for_data_say_for_what(owner):
    page = shown(owner, "/values/")
    waiting = page[page.index("等待数据的指标") :]
    assert re.search(r"质检 [^。]*质检得分", waiting)


def test_search_finds_by_pinyin_initials_and_keeps_to_the_section(owner):
    assert "平均首次响应时长 FRT" in shown(owner, "/values/?q=pjscxysc")
    assert "没有符合的指标" in shown(owner, "/values/?q=pjscxysc&section=field")


def test_a_period_that_is_none_is_refused_in_words(owner):
    answer = owner.get("/values/?period=2026-13")
    assert answer.status_code == 400
    assert "2026-13" in answer.content.decode()


def test_every_length_of_period_has_a_page(owner):
    for period in ("2026-10-12", "2026-W41", "2026-Q3", "2026-H2", "2026"):
        assert "FRT" in shown(owner, f"/values/FRT/?period={period}")


def test_the_people_of_an_indicator_are_placed_in_classes_and_not_ranked(owner):
    page = shown(owner, "/values/FRT/?by=person")
    assert page.index("张伟 E3") < page.index("李娜 E4")
    assert "10.0 分钟" in line(page, "张伟 E3")
    assert "20.0 分钟" in line(page, "李娜 E4")


def test_an_indicator_says_what_is_different_for_persons(owner):
    page = shown(owner, "/values/TTR/")
    assert "归属 责任单位，不计个人 个人：责任人（最后解决时的持有人）" in page
    assert "等待客户；个人另剔除：等待配件或第三方" in page
    assert "个人：分子 owner_held 个人：分母 owner_held owner_held 责任人持有时间" in page


def test_small_samples_stand_apart_at_the_end(owner):
    page = shown(owner, "/values/FRT/?by=product&period=2026-10-12")
    assert page.index("样本不足，不参与比较") > page.index("按产品")


def test_a_lead_cuts_the_own_team_by_product_and_by_person(lead):
    page = shown(lead, "/values/FRT/?by=product")
    assert " 15 " in line(page, "空调")
    people = shown(lead, "/values/FRT/?by=person")
    assert "张伟 E3" in people
    assert "李娜" not in people


def test_the_rows_add_up_to_the_figure_and_the_left_out_stand_apart(owner):
    counted = shown(owner, "/values/FRT/rows?by=person&who=E3")
    assert "计入 29 未计入 1" in counted
    assert "4 小时 50 分 ÷ 29 = 10.0 分钟" in counted
    assert "E3-10-00" not in counted
    left = shown(owner, "/values/FRT/rows?by=person&who=E3&part=left_out")
    assert "E3-10-00" in left
    assert "测试或垃圾单" in left


def test_a_company_cut_by_itself_is_the_whole_company(owner):
    whole = line(shown(owner, "/values/FRT/rows?of=company&period=2026-10"), "计入")
    assert line(shown(owner, "/values/FRT/rows?of=company&by=company&who=E3&period=2026-10"), "计入") == whole


def test_the_whole_company_is_a_figure_for_all_and_rows_for_those_who_see_all(owner, engineer):
    assert "计入 59" in shown(owner, "/values/FRT/rows?of=company")
    refused = engineer.get("/values/FRT/rows?of=company")
    assert refused.status_code == 403
    assert "E3-10" not in refused.content.decode()


def test_what_the_page_of_the_companys_figure_offers_is_open_to_its_reader(owner, engineer, lead):
    for client in (owner, engineer, lead):
        page = client.get("/values/FRT/?of=company&period=2026-10").content.decode()
        cuts = re.findall(r'<option value="(\w+)"', re.search(r'<select[^>]*name="by".*?</select>', page, re.DOTALL)[0])
        rows = [unescape(link) for link in re.findall(r'href="(/values/FRT/rows[^"]*)"', page)]
        offered = [*rows, *(f"/values/FRT/?of=company&by={each}&period=2026-10" for each in cuts)]
        assert [link for link in offered if client.get(link).status_code != 200] == []
        assert ("product" in cuts) == (client is owner)


STOLEN = (
    "/values/?of=person:E4", "/values/?of=team:T2", "/values/FRT/?of=person:E4", "/values/FRT/?of=team:T2&by=person",
    "/values/FRT/?of=company&by=product", "/values/FRT/rows?of=person:E4",
    "/values/FRT/rows?by=person&of=company&who=E4",
    "/values/FRT/rows?by=team&of=company&who=T2", "/values/FRT/rows?of=company&by=product&who=空调",
    "/values/FRT/rows?of=team:T2&by=product&who=空调&form=csv", "/cases/E4-10-01/",
)  # fmt: skip


@pytest.mark.parametrize("address", STOLEN)
def test_nobody_reads_what_is_out_of_reach(engineer, lead, address):
    for client in (engineer, lead):
        answer = client.get(address)
        assert answer.status_code in (403, 404), answer.status_code
        page = text(answer.content.decode())
        assert "E4-10" not in page
        assert "故障" not in page
        assert "李娜" not in page


def test_a_case_shows_its_clocks_and_who_is_credited(engineer):
    page = shown(engineer, "/cases/E3-10-01/")
    ledger = page[page.index("解决计时") :]
    assert "挂起：等客户 — " in ledger  # what stands still counts nothing
    assert "首次响应计时 0:10:00" in page
    assert "张伟 一组" in page


def test_a_clock_that_nothing_stopped_does_not_run_on_after_its_case(engineer):
    page = shown(engineer, "/cases/E3-10-01/")
    assert "没有停表事件，计到工单结束" in page
    assert "仍在计时" not in page


@pytest.fixture
def corrected(lake_home, tmp_path, settings):
    """Two later files: one changes the product, the owner and when it was resolved; one says the same again."""
    home = Path(shutil.copytree(lake_home, tmp_path / "home"))
    with Store.open(home, threads=1) as store:
        [case] = store.execute(store.records("cases").filter(_.case_id == "E3-10-01")).to_pylist()
        [event] = store.execute(
            store.records("case_events").filter((_.case_id == "E3-10-01") & (_.type == "resolved"))
        ).to_pylist()
        add(store, source="更正.csv", cases=[case | {"product": "冰箱", "owner": "E4", "in_warranty": True}],
            case_events=[event | {"at": event["at"] + 3600}])  # fmt: skip
        add(store, source="又一遍.csv", cases=[case | {"product": "冰箱", "owner": "E4", "in_warranty": True}])
    settings.HOME = home


def test_a_case_that_a_later_import_changed_shows_what_it_was(corrected, owner, engineer):
    page = shown(owner, "/cases/E3-10-01/")
    history = page[page.index("更正记录") :]
    resolved = "解决：发生时间 2026-10-13 14:00:01 → 2026-10-13 15:00:01"
    for said in ("产品 空调 → 冰箱", "责任人 张伟 → 李娜", "保内 — → 是", resolved):
        assert said in history, said
    assert history.index("更正.csv") < history.index("最初导入")
    assert "又一遍.csv" not in history
    assert "产品 空调 → 冰箱" in shown(engineer, "/cases/E3-10-01/"), "whoever sees the case sees what it was"
    assert "更正记录" not in shown(owner, "/cases/E3-10-02/")


@pytest.fixture
def often_corrected(lake_home, tmp_path, settings):
    """Twenty-four later files, each of which has the product otherwise."""
    home = Path(shutil.copytree(lake_home, tmp_path / "home"))
    with Store.open(home, threads=1) as store:
        [case] = store.execute(store.records("cases").filter(_.case_id == "E3-10-01")).to_pylist()
        for n in range(1, 25):
            add(store, source=f"更正{n:02}.csv", cases=[case | {"product": f"型号{n}"}])
    settings.HOME = home


def test_of_many_corrections_those_between_unfold_and_the_first_import_stays_in_sight(often_corrected, owner):
    page = shown(owner, "/cases/E3-10-01/")
    history = page[page.index("更正记录") :]
    assert [n for n in range(1, 25) if f"产品 {'空调' if n == 1 else f'型号{n - 1}'} → 型号{n} " not in history] == []
    order = ("更正24.csv", "更正05.csv", "中间还有 4 次导入", "更正04.csv", "最初导入")
    places = [history.index(each) for each in order]
    assert places == sorted(places)


def test_the_customer_is_for_those_who_keep_customers(owner, engineer):
    hr = signed_in(account("hr", Role.HR))
    assert "13812344408" in shown(owner, "/cases/E3-10-01/")
    for reader in (engineer, hr):
        page = shown(reader, "/cases/E3-10-01/")
        assert "13812344408" not in page
        assert "钟女士" not in page


def test_a_lead_who_reads_data_of_everybody_as_well_sees_customers_of_the_own_team_only(org):
    both = signed_in(account("both", Role.LEAD, Role.INTEGRATOR, person="E2"))
    assert "13812344408" in shown(both, "/cases/E3-10-01/")
    other = shown(both, "/cases/E4-10-01/")
    assert "E4-10-01" in other
    assert "客户号" not in other


def test_a_lead_sees_a_case_of_the_team_and_a_manager_all_below(lead, org):
    manager = signed_in(account("zhao", Role.MANAGER, person="E1"))
    assert lead.get("/cases/E3-10-01/").status_code == 200
    assert manager.get("/cases/E3-10-01/").status_code == 200
    assert manager.get("/cases/E4-10-01/").status_code == 200


def test_a_case_there_is_not_is_not_found(owner):
    assert owner.get("/cases/NOBODY/").status_code == 404


def test_the_csv_has_the_rows_on_screen_what_was_chosen_and_no_formula(owner):
    answer = owner.get("/values/FRT/rows?by=person&who=E3&form=csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = dict(lines[: lines.index([])])
    assert told["期间"] == "2026-10"
    assert told["对象"] == "张伟"
    assert told["导出时间"] == "2026-11-06 09:00"
    heads, *rows = lines[lines.index([]) + 1 :]
    assert len(rows) == 29
    assert sum(Decimal(row[heads.index("分子")]) for row in rows) == 29 * 600
    assert {row[heads.index("产品")] for row in rows} == {"空调", "'=热水器"}


def test_the_workbook_has_the_lines_on_screen_and_a_sheet_that_says_what_they_are(owner):
    answer = owner.get("/values/FRT/?by=product&form=xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    data, about = book.worksheets
    names = [row[0].value for row in data.iter_rows(min_row=2)]
    assert sorted(names) == ["=热水器", "空调"]
    assert all(cell.data_type != "f" for row in data.iter_rows() for cell in row)
    assert ["期间", "2026-10"] in [[cell.value for cell in row] for row in about.iter_rows()]


def test_an_unknown_form_of_download_is_not_found(owner):
    assert owner.get("/values/?form=exe").status_code == 404


def test_unknown_indicators_and_groups_are_not_found(owner):
    assert owner.get("/values/NOPE/").status_code == 404
    assert owner.get("/values/FRT/?by=nope").status_code == 404


def test_every_page_reads_in_english(org):
    english = signed_in(account("ann", Role.OWNER, language="en"))
    for address in ("/values/", "/values/FRT/", "/values/FRT/rows", "/cases/E3-10-01/"):
        page = english.get(address).content.decode()
        assert not re.search("全公司|计入|期间|归因|明细", text(page)), address


@pytest.mark.parametrize("address", ["/values/", "/values/FRT/"])
def test_figures_are_computed_once_and_then_remembered(owner, address, monkeypatch):
    owner.get(address)
    scans = []
    whole = Store.execute
    monkeypatch.setattr(Store, "execute", lambda self, expr: scans.append(1) or whole(self, expr))
    owner.get(f"{address}?again=1")
    assert scans == []


def test_rows_cost_the_same_scans_and_queries_whatever_their_number(owner, monkeypatch):
    scans = []
    whole = Store.execute
    monkeypatch.setattr(Store, "execute", lambda self, expr: scans.append(1) or whole(self, expr))
    monkeypatch.setattr("fuxiao.web.metrics.desk.remembered", lambda store, asked, make: make())
    counts = []
    for who in ("E3", "E4"):
        for period in ("2026-10", "2026-10-12"):
            owner.get(f"/values/FRT/rows?by=person&who={who}&period={period}")
            scans.clear()
            with CaptureQueriesContext(connection) as queries:
                owner.get(f"/values/FRT/rows?by=person&who={who}&period={period}&again=1")
            counts.append((len(scans), len(queries)))
    assert len(set(counts)) == 1
    assert counts[0][0] == 4  # the days there are, which is kept; the sums, the page, what its cases are


def test_what_is_worked_out_ahead_is_what_the_first_pages_ask_for(owner, lake_home):
    def tables() -> int:
        return sum(key.asked[0] == "values" for key in memory.remembered())

    memory.forget()
    with Store.open(lake_home, threads=1) as store:
        warm(store, date(2026, 11, 6))
    assert tables() == 2
    shown(owner, "/values/")
    shown(owner, "/")
    assert tables() == 2
