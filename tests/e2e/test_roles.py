"""Each role's main way, on a desk in Chinese and on a phone in English: found by the navigation, readable, usable."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from e2e.conftest import Visitor
from e2e.test_every_page import violations


@dataclass(frozen=True)
class Stop:
    """A page on somebody's way: its address, its title in both languages, and what must stand on it."""

    address: str
    zh: str
    en: str
    there: str = "main"


FIGURES = Stop("/values/", "指标", "Indicators", "#values-found tbody tr")
PEOPLE = Stop("/org/people/", "人员", "People", "#people-list tbody tr")
DESK = Stop("/desk/", "工单", "Cases")
WAYS: dict[str, tuple[Stop, ...]] = {
    "owner": (Stop("/accounts/", "账号与权限", "Accounts", "main a[href^='/accounts/']"), FIGURES),
    "hr": (PEOPLE, Stop("/org/teams/", "组织架构", "Teams"), Stop("/performance/cycles/", "考核周期", "Review cycles")),
    "manager": (FIGURES, PEOPLE, Stop("/desk/today", "今日看板", "Today")),
    "lead": (PEOPLE, Stop("/visits/board/", "上门安排", "Visits"), FIGURES),
    "engineer": (Stop("/visits/mine/", "我的上门", "My visits"), FIGURES),
    "agent": (DESK, Stop("/customers/", "客户", "Customers")),
    "dispatcher": (Stop("/visits/board/", "上门安排", "Visits"), DESK),
    "checker": (Stop("/checks/", "质检", "Quality checks"), Stop("/complaints/", "投诉", "Complaints")),
    "parts": (Stop("/parts/", "备件", "Parts"), DESK),
    "finance": (Stop("/costs/", "费用与赔付", "Costs"), FIGURES),
    "auditor": (Stop("/audit/", "操作记录", "Audit trail", "main tbody tr"), PEOPLE),
    "integrator": (
        Stop("/data/", "数据来源", "Sources", "main tbody tr"),
        Stop("/data/import/", "导入数据", "Import data"),
    ),
}  # fmt: skip
WRITES = "main form[method=post]:not([action='/views/save']):not([action^='/views/'])"
LOOKS = {"zh-1440-light": ("zh-hans", 1440, "light"), "en-390-dark": ("en", 390, "dark")}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("role", WAYS)
def test_everybody_gets_where_they_work_by_the_navigation(company, visit, role, look):
    lang, width, theme = LOOKS[look]
    visitor = visit(company, width=width, theme=theme, lang=lang)
    visitor.sign_in(role)
    for stop in WAYS[role]:
        go(visitor, stop.address)
        title = visitor.page.inner_text("h1")
        assert title.startswith(stop.en if lang == "en" else stop.zh), (stop.address, title)
        assert visitor.page.locator(stop.there).count() > 0, stop
        assert not visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"), stop
        if role == "auditor":
            assert visitor.page.locator(WRITES).count() == 0, stop
    assert violations(visitor.page) == [], WAYS[role][-1]
    assert visitor.complaints == []


def go(visitor: Visitor, address: str) -> None:
    """To a page as somebody goes: by the navigation beside the page, on a phone by the tabs or what is behind More."""
    visitor.open("/")
    link = f"a[href='{address}']"
    wide = visitor.page.viewport_size["width"] > 500
    if wide or visitor.page.locator(f"nav.tabs-phone {link}").count():
        visitor.page.click(f"{'nav.side' if wide else 'nav.tabs-phone'} {link}")
    else:
        visitor.page.click("nav.tabs-phone a[href='/more']")
        visitor.page.click(f"main {link}")
    visitor.page.wait_for_url(f"**{address}*")
