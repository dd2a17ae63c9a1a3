"""The first page: what each reader finds there, and the way in for newcomers."""

from __future__ import annotations

from datetime import date

import pytest

from fuxiao.base.permissions import Role
from fuxiao.performance.cycles.models import Cycle
from fuxiao.service.actions.intake import Intake, take_in
from service.conftest import desk
from web.conftest import NOW, account, signed_in
from web.test_figure_pages import lake_home, line, shown

__all__ = ["desk", "lake_home"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def _lake(lake_home, settings):
    settings.HOME = lake_home


@pytest.mark.usefixtures("_lake")
class TestWithFigures:
    def test_the_owner_sees_key_figures_of_last_month_and_the_latest_loads(self, owner):
        page = shown(owner, "/")
        assert "全公司 · 2026 年 10 月" in page
        assert "2.5 小时" in line(page, "解决时长中位数"), "ten to two, without the break at noon"
        assert "test.csv" in page

    def test_an_engineer_sees_the_own_figures_and_neither_loads_nor_checklist(self, engineer):
        page = shown(engineer, "/")
        assert "张伟 · 2026 年 10 月" in page
        assert "test.csv" not in page
        assert "从这里开始" not in page

    def test_a_lead_sees_the_team(self, lead):
        assert "一组 · 2026 年 10 月" in shown(lead, "/")

    def test_a_step_is_ticked_by_what_is_there(self, owner):
        assert "3 / 6" in shown(owner, "/")
        shown(owner, "/values/")
        assert "4 / 6" in shown(owner, "/")
        account("zhou", Role.HR)
        assert "5 / 6" in shown(owner, "/")
        Cycle.objects.create(period="2026-10", cut_off_on=date(2026, 11, 5), opened_at=NOW)
        assert "从这里开始" not in shown(owner, "/")

    def test_the_checklist_is_put_away_and_taken_out_again(self, owner):
        owner.post("/start/checklist")
        assert "从这里开始" not in shown(owner, "/")
        owner.post("/start/checklist", {"show": "1"})
        assert "从这里开始" in shown(owner, "/")

    def test_an_account_without_a_role_sees_no_figures(self, org):
        assert "解决时长" not in shown(signed_in(account("nobody")), "/")


def test_an_empty_installation_says_what_to_do_first(owner):
    page = shown(owner, "/")
    assert "1 / 6" in page
    assert "导入人员" in page
    assert "今日上门" not in page


def test_what_waits_stands_above_once_there_is_a_case(desk):
    assert "今日上门" not in shown(desk.clients["owner"], "/")
    take_in(desk.lead, Intake(title="不制冷", case_type="报修"), at=NOW)
    page = shown(desk.clients["owner"], "/")
    assert page.index("今日上门") < page.index("从这里开始")


def test_an_empty_installation_has_no_indicators_but_a_way_to_import(owner):
    page = shown(owner, "/values/")
    assert "还没有可以计算的指标" in page
    assert "导入数据" in page


@pytest.mark.usefixtures("_lake")
def test_with_cases_of_last_year_only_pages_begin_at_their_last_month(owner, monkeypatch):
    monkeypatch.setenv("FUXIAO_NOW", "2027-03-10T09:00:00+08:00")
    assert "全公司 · 2026 年 10 月" in shown(owner, "/")
    for address in ("/values/", "/library/", "/fair/", "/fair/time/", "/objectives/"):
        assert "2026 年 10 月" in shown(owner, address), address
    opening = shown(owner, "/performance/cycles/new/")
    assert "月度考核 · 2026 年 8 月" in opening
    assert "月度考核 · 2026 年 7 月" not in opening
    assert "家电上门服务" in opening
    chosen = owner.get("/performance/cycles/new/").content.decode()
    assert '<option value="2026-10" selected>' in chosen
