"""The start page tells each role what waits for them today, and counts nothing that they may not open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from fuxiao.core.cycle import Step
from fuxiao.org.calendar_text import known_years
from fuxiao.performance.cycles.models import Cycle, CycleMember
from fuxiao.service.actions import costs, visits
from fuxiao.service.actions.complaints import Given, take_complaint
from fuxiao.service.actions.costs import Asked
from fuxiao.service.actions.visits import Slot
from fuxiao.service.models import Case
from fuxiao.web.start.today import holidays_to_set, waiting_for
from service.conftest import minutes
from service.test_case_actions import given, taken
from web.conftest import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 6)
PRESSING = {"已超时", "即将到期"}


def waits(viewer) -> dict[str, int]:
    return {each.word: each.count for each in waiting_for(viewer, on=TODAY)}


@pytest.fixture
def day(desk):
    """A case that 张伟 is to go to and wants money for, one that nobody has and is late, and a complaint."""
    case = given(desk)
    visits.plan(desk.dispatcher, case.number, Slot(desk.people["E3"], minutes(60), minutes(120)), at=minutes(2))
    costs.propose(desk.engineer, case.number, Asked("refund", 9900, "安抚"), at=minutes(3))
    take_complaint(desk.dispatcher, Given(text="没有人来", case=case), at=minutes(4))
    late = taken(desk)
    Case.objects.update(next_due_at=NOW + timedelta(days=9))
    Case.objects.filter(pk=late.pk).update(next_due_at=NOW - timedelta(hours=1), owner=None)
    return case


def test_each_role_is_told_what_it_may_do_and_no_more(desk, day):
    own, all_ = "我的未完成工单", PRESSING | {"等待派工", "今日上门"}
    assert {name: set(waits(getattr(desk, name))) for name in desk.users} == {
        "owner": all_ | {"待审批费用", "待判责投诉", "待裁定申诉"},
        "manager": all_ | {own, "待审批费用", "待判责投诉", "待裁定申诉"}, "lead": all_ | {own},
        "engineer": PRESSING | {own, "今日上门"}, "other": PRESSING | {own, "今日上门"}, "dispatcher": all_,
        "checker": PRESSING | {"待判责投诉"}, "parts": PRESSING | {"待发备件", "低于最低库存", "待返还旧件"},
        "hr": {"待裁定申诉"}, "finance": {"待审批费用"},
        "auditor": PRESSING,
    }  # fmt: skip


def test_the_counts_are_those_of_the_pages_they_lead_to(desk, day):
    assert waits(desk.engineer) == {"我的未完成工单": 1, "已超时": 0, "即将到期": 0, "今日上门": 1}
    assert waits(desk.dispatcher) == {"已超时": 1, "即将到期": 0, "等待派工": 1, "今日上门": 1}
    assert waits(desk.finance) == {"待审批费用": 1}
    assert waits(desk.checker)["待判责投诉"] == 1
    for name, client in desk.clients.items():
        for each in waiting_for(getattr(desk, name), on=TODAY):
            assert client.get(each.href).status_code == 200, (name, each.href)


def test_nobody_is_sent_to_decide_on_their_own(desk, day):
    costs.propose(desk.manager, day.number, Asked("refund", 100, "再来"), at=minutes(5))
    assert waits(desk.manager)["待审批费用"] == 1
    assert waits(desk.owner)["待审批费用"] == 2


@pytest.mark.parametrize(
    ("step", "done", "told"),
    [
        (Step.SELF_REVIEW, {}, {"engineer": "写自评：2026 年 10 月"}),
        (Step.SELF_REVIEW, {"self_reviewed_at": NOW}, {}),
        (Step.LEAD_REVIEW, {}, dict.fromkeys(("owner", "hr", "manager", "lead"), "待写主管评语")),
        (Step.SHARED, {"talked_at": NOW}, {"engineer": "确认绩效结果：2026 年 10 月"}),
        (Step.SHARED, {"talked_at": NOW, "answered_at": NOW}, {}),
    ],
)  # fmt: skip
def test_a_step_of_a_review_waits_for_whose_turn_it_is(desk, step, done, told):
    cycle = Cycle.objects.create(period="2026-10", step=step, cut_off_on=TODAY, opened_at=NOW)
    CycleMember.objects.create(cycle=cycle, person="E3", name="张伟", team="T1", lead="E2", **done)
    words = {"写自评：2026 年 10 月", "待写主管评语", "确认绩效结果：2026 年 10 月"}
    found = {name: words & set(waits(getattr(desk, name))) for name in desk.users}
    assert {name: word for name, (word,) in ((n, w) for n, w in found.items() if w)} == told
    assert told.get("engineer", "") in desk.clients["engineer"].get("/").content.decode()


def test_the_block_asks_the_database_as_often_for_three_as_for_one(desk, day):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            waits(desk.manager)
        return len(queries)

    before = asked()
    for _ in range(2):
        case = given(desk)
        costs.propose(desk.engineer, case.number, Asked("refund", 9900, "安抚"), at=minutes(6))
        take_complaint(desk.dispatcher, Given(text="没有人来", case=case), at=minutes(7))
    assert asked() == before <= 19


def test_a_year_whose_holidays_nobody_set_is_told_from_december_on_until_they_are(desk, day, settings, monkeypatch):
    file = settings.HOME / "calendars" / "standard.yaml"
    before = file.read_text("utf-8")

    def told(*when: int) -> list[str]:
        return [each.word for each in holidays_to_set(desk.owner, on=date(*when))]

    last = max(known_years())
    assert told(last, 11, 30) == []
    assert told(last, 12, 1) == told(last + 1, 6, 1) == [f"待设 {last + 1} 年节假日"]
    assert list(holidays_to_set(desk.lead, on=date(last, 12, 1))) == []
    monkeypatch.setenv("FUXIAO_NOW", f"{last}-12-01T09:00:00+08:00")
    page = desk.clients["owner"].get("/").content.decode()
    [each] = holidays_to_set(desk.owner, on=date(last, 12, 1))
    assert escape(each.href) in page
    assert f"{last + 1} 年的安排尚未收录" in desk.clients["owner"].get(each.href).content.decode()
    try:
        file.write_text(before.replace("holidays:\n", f"holidays:\n  - {last + 1}-01-01\n"), "utf-8")
        assert told(last, 12, 1) == []
        file.write_text(before.partition("holidays:")[0], "utf-8")
        assert told(last, 12, 1) == [], "who names no holidays has none"
    finally:
        file.write_text(before, "utf-8")
