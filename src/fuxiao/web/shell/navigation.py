"""What there is to go to, by section; each reader sees what is permitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from django.urls import reverse

from fuxiao.base.permissions import Permission, Role, Viewer
from fuxiao.web.words import t


@dataclass(frozen=True, slots=True)
class Page:
    """A place in the navigation: the name of its address, an icon, its two names, what it needs, a key after ``g``.

    ``holds`` are beginnings of other addresses whose pages belong to it.
    """

    address: str
    icon: str
    zh: str
    en: str
    needs: Permission | None = None
    key: str = ""
    phone: bool = False
    holds: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return t(self.zh, self.en)

    @property
    def roots(self) -> list[str]:
        """The addresses under which its pages are."""
        return [self.href, *self.holds]

    @property
    def href(self) -> str:
        return _address(self.address)


@cache
def _address(name: str) -> str:
    return reverse(name)


@dataclass(frozen=True, slots=True)
class Section:
    zh: str
    en: str
    pages: tuple[Page, ...]

    @property
    def title(self) -> str:
        return t(self.zh, self.en)


AT_HAND = {
    Role.ENGINEER: frozenset({"home", "my_scorecard", "desk", "my_visits"}),
    Role.PARTS: frozenset({"home", "my_scorecard", "desk", "parts"}),
}
"""What somebody needs at hand who works on their feet; the others get the first pages for phones."""
SECTIONS = (
    Section("工作台", "Work", (
        Page("home", "home", "首页", "Home", key="h", phone=True),
        Page("month_now", "activity", "我的本月", "My month", Permission.VALUES_READ, "n"),
        Page("values", "chart-bar", "指标", "Indicators", Permission.VALUES_READ, "v"),
    )),
    Section("绩效", "Performance", (
        Page("my_scorecard", "gauge", "我的绩效", "My scorecard", Permission.SCORES_READ, "m", phone=True),
        Page("cycles", "calendar-stats", "考核周期", "Review cycles", Permission.CYCLES_READ, "r"),
        Page("fair", "chart-dots", "公平对比", "Fair comparison", Permission.CYCLES_READ, "f"),
        Page("time_spent", "hourglass", "时间花在哪", "Where time goes", Permission.VALUES_READ),
        Page("pays", "wallet", "奖金发放", "Pay", Permission.PAY_READ),
        Page("appeals", "gavel", "申诉", "Appeals", Permission.SCORES_READ),
        Page("score_events", "star", "加减分与否决", "Score events", Permission.EVENTS_READ),
        Page("signals", "search", "信号复核", "Signal reviews", Permission.SIGNALS_READ),
    )),
    Section("服务台", "Service desk", (
        Page("desk", "inbox", "工单", "Cases", Permission.CASE_READ, "o", phone=True),
        Page("desk_today", "clock", "今日看板", "Today", Permission.CASE_READ, "y", holds=("/desk/misses",)),
        Page("desk_board", "layout-kanban", "工单看板", "Board", Permission.CASE_READ, "w"),
        Page("surveys", "mood-smile", "满意度", "Surveys", Permission.CASE_READ),
        Page("complaints", "message-report", "投诉", "Complaints", Permission.COMPLAINTS_READ),
        Page("checks", "list-check", "质检", "Quality checks", Permission.CHECKS_READ, "q"),
        Page("desk_rules", "adjustments", "服务台规则", "Desk rules", Permission.DESK_WRITE,
             holds=("/desk/options", "/desk/levels/")),
    )),
    Section("规则", "Rules", (
        Page("objectives", "target", "战略目标", "Objectives", Permission.RULES_READ, "j"),
        Page("library", "book", "指标库", "Indicator library", Permission.VALUES_READ, "b"),
        Page("targets", "target-arrow", "目标", "Targets", Permission.RULES_READ, "x"),
        Page("schemes", "scale", "考核方案", "Schemes", Permission.RULES_READ, "s"),
    )),
    Section("上门与备件", "Field service", (
        Page("my_visits", "route", "我的上门", "My visits", Permission.CASE_WRITE, phone=True),
        Page("visits_board", "calendar-event", "上门安排", "Visits", Permission.VISITS_PLAN, "e"),
        Page("parts", "packages", "备件", "Parts", Permission.PARTS_READ),
        Page("costs_waiting", "coin", "费用与赔付", "Costs", Permission.COSTS_READ),
    )),
    Section("客户", "Customers", (
        Page("customers", "address-book", "客户", "Customers", Permission.CASE_READ, "k"),
        Page("devices", "device-desktop", "设备", "Devices", Permission.CASE_READ),
        Page("products", "box", "型号与故障", "Products and faults", Permission.DESK_WRITE, holds=("/faults/",)),
    )),
    Section("组织", "Organisation", (
        Page("people", "users", "人员", "People", Permission.ORG_READ, "p", phone=True),
        Page("teams", "sitemap", "组织架构", "Teams", Permission.ORG_READ, "t"),
        Page("leave", "calendar-off", "请假", "Leave", Permission.ORG_READ, "u"),
        Page("calendars", "calendar", "工作日历", "Calendars", Permission.SETTINGS_WRITE, "c"),
        Page("accounts", "key", "账号与权限", "Accounts", Permission.ACCOUNTS_WRITE, "a"),
    )),
    Section("数据", "Data", (
        Page("import_begin", "file-import", "导入数据", "Import data", Permission.DATA_WRITE, "i"),
        Page("sources", "database", "数据来源", "Sources", Permission.DATA_READ, "d", phone=True),
        Page("audit", "history", "操作记录", "Audit trail", Permission.AUDIT_READ, "l"),
    )),
)  # fmt: skip


def sections(viewer: Viewer) -> Sequence[tuple[Section, Sequence[Page]]]:
    """The sections with the pages that this reader may open; none without any."""
    return _sections(viewer.permissions)


@lru_cache(maxsize=256)
def _sections(permissions: frozenset[Permission]) -> tuple[tuple[Section, tuple[Page, ...]], ...]:
    found = ((each, tuple(page for page in each.pages if page.needs in {None, *permissions})) for each in SECTIONS)
    return tuple((section, pages) for section, pages in found if pages)


def pages(viewer: Viewer) -> Sequence[Page]:
    return _pages(viewer.permissions)


@lru_cache(maxsize=256)
def _pages(permissions: frozenset[Permission]) -> tuple[Page, ...]:
    return tuple(page for _, found in _sections(permissions) for page in found)


def tabs(viewer: Viewer) -> list[Page]:
    """The four pages at hand on a phone; whoever goes out has their visits among them."""
    wanted = frozenset[str]().union(*(AT_HAND.get(role, ()) for role in viewer.roles))
    found = [page for page in pages(viewer) if page.phone or page.address in wanted]
    return sorted(found, key=lambda page: page.address not in wanted)[:4]


def here(viewer: Viewer, path: str) -> str:
    """The page of the navigation that this address belongs to, its own pages below included; none for others."""
    if path == _address("more"):
        return "more"
    above = [
        (root, page) for page in pages(viewer) for root in page.roots
        if path == root or (root != "/" and path.startswith(root))
    ]  # fmt: skip
    return max(above, key=lambda found: len(found[0]))[1].address if above else ""
