"""What somebody who uses the desk by hand is told, is shown, and can take back."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from fuxiao.core.case_life import Verb
from fuxiao.core.clock import PauseKind
from fuxiao.service.actions import checks, talk, visits
from fuxiao.service.actions.life import Act, act
from fuxiao.service.actions.visits import Slot
from fuxiao.service.models import Case, CaseLink, Device, FaultCode, Link, Miss, Rubric, Survey, Visit
from service.conftest import minutes
from service.test_case_actions import given, taken
from service.test_desk_pages import page
from web.conftest import NOW, queries_of

pytestmark = pytest.mark.django_db
FIELD = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
WINDOW = {"day": "2026-11-07", "start": "09:00", "end": "11:00"}
LIT = re.compile(r'<a href="([^"]+)"[^>]*aria-current="page"')


@pytest.mark.parametrize(
    ("address", "lit"), [("/desk/options", "/desk/rules"), ("/faults/", "/products/"), ("/desk/misses", "/desk/today")]
)
def test_the_navigation_lights_the_page_that_another_belongs_to(desk, address, lit):
    menu = page(desk.clients["manager"], address).partition("<main")[0]
    assert LIT.findall(menu)[:1] == [lit]


class TestAdispatchersMorning:
    def test_shows_what_nobody_has_and_who_is_free_and_leads_back(self, desk):
        case = taken(desk, team=desk.teams["T1"], title="没人管")
        given(desk)
        client = desk.clients["dispatcher"]
        text = page(client, "/")
        assert f"/desk/{case.number}/do/assign?back=/" in text
        assert "在手 1" in text
        assert "没人管" not in page(desk.clients["checker"], "/")
        sent = {"version": case.version, "person": "E3", "team": "T1", "back": "/"}
        assert client.post(f"/desk/{case.number}/do/assign", sent)["Location"] == "/"
        assert f"{case.number} 已派工" in page(client, "/")

    def test_asks_the_database_as_often_for_three_cases_as_for_one(self, desk):
        client, found = desk.clients["dispatcher"], []
        for _ in range(3):
            taken(desk, team=desk.teams["T1"])
            found.append(queries_of(client, "/"))
        assert found[0] == found[1] == found[2]


WAITS = Act(verb=Verb.PEND, kind=PauseKind.PARTS, reason="缺主板")


class TestTakingBack:
    def test_a_pause_from_the_board_is_ended_by_the_toast(self, desk):
        case, client = given(desk), desk.clients["engineer"]
        sent = {"version": case.version, "kind": "parts", "reason": "缺主板", "back": "/desk/board"}
        client.post(f"/desk/{case.number}/do/pend", sent)
        toast = page(client, "/desk/board").partition('class="toasts"')[2]
        assert f'action="/desk/{case.number}/do/resume"' in toast
        fields = dict(re.findall(r'name="(version|back)" value="([^"]*)"', toast))
        assert client.post(f"/desk/{case.number}/do/resume", fields)["Location"] == "/desk/board"
        case.refresh_from_db()
        assert case.state == "accepted"

    def test_a_case_that_was_resumed_waits_again_for_the_same_reason(self, desk):
        case, client = given(desk), desk.clients["engineer"]
        made = act(
            desk.engineer, case.number, Act(verb=Verb.PEND, kind=PauseKind.PARTS, reason="缺主板"), at=minutes(3)
        )
        client.post(f"/desk/{case.number}/do/resume", {"version": made.version, "back": "/desk/board"})
        toast = page(client, "/desk/board").partition('class="toasts"')[2]
        client.post(f"/desk/{case.number}/do/pend", dict(FIELD.findall(toast)))
        last = case.events.order_by("-seq").first()
        assert (last.type, last.kind, last.reason) == ("pend_start", "parts", "缺主板")

    def test_what_never_waited_is_not_resumed_and_the_reason_is_said(self, desk):
        case = given(desk)
        answer = desk.clients["engineer"].post(f"/desk/{case.number}/do/resume", {"version": case.version})
        assert answer.status_code == 422
        assert "工单没有挂起，不用恢复。" in answer.content.decode()

    def test_a_visit_that_was_dragged_goes_back_to_where_it_was(self, desk):
        case, client = given(desk), desk.clients["dispatcher"]
        visits.plan(desk.dispatcher, case.number, Slot(desk.people["E3"], minutes(60), minutes(120)), at=minutes(2))
        before = Visit.objects.get()
        put = {
            "visit": before.key,
            "engineer": "E4",
            "day": "2026-11-06",
            "start": "14:00",
            "end": "16:00",
            "why": "planning",
        }
        client.post("/visits/put/", put | {"version": before.version})
        toast = page(client, "/visits/board/?day=2026-11-06").partition('class="toasts"')[2]
        client.post("/visits/put/", dict(FIELD.findall(toast)))
        after = Visit.objects.get()
        assert (after.engineer.number, after.window_start, after.window_end) == (
            "E3",
            before.window_start,
            before.window_end,
        )
        assert after.moves.count() == 2


def test_nobody_is_accused_or_said_to_have_asked_for_it_unless_somebody_says_so(desk):
    case = given(desk)
    visits.plan(desk.dispatcher, case.number, Slot(desk.people["E3"], minutes(60), minutes(120)), at=minutes(2))
    there = f"/visits/{case.number}/1/move/"
    sent = {
        "engineer": "E3",
        "day": "2026-11-07",
        "start": "09:00",
        "end": "11:00",
        "version": Visit.objects.get().version,
    }
    page(desk.clients["dispatcher"], there)
    answer = desk.clients["dispatcher"].post(there, sent | {"why": ""})
    assert answer.status_code == 422
    assert Visit.objects.get().moves.count() == 0
    from fuxiao.service.actions.complaints import Given, take_complaint

    made = take_complaint(desk.dispatcher, Given(text="没有人来", case=case), at=minutes(4))
    text = page(desk.clients["manager"], f"/complaints/{made.number}/")
    assert re.search(r'<option value="" selected>—</option>\s*<option value="valid">', text)


def test_the_clocks_of_a_complaint_say_whether_they_were_kept(desk):
    from fuxiao.service.actions import complaints

    made = complaints.take_complaint(desk.dispatcher, complaints.Given(text="没有人来", case=given(desk)), at=NOW)
    address = f"/complaints/{made.number}/"
    assert page(desk.clients["manager"], address).count("计时中") == 2
    complaints.acknowledge(
        desk.manager, made.number, version=made.version, at=made.acknowledge_due_at + timedelta(hours=1)
    )
    text = page(desk.clients["manager"], address)
    assert (text.count("计时中"), text.count("已超时")) == (1, 1)


class TestCasesThatBelongTogether:
    def test_say_how_from_both_sides_and_can_be_parted(self, desk):
        first, second = given(desk), given(desk)
        client = desk.clients["dispatcher"]
        there = f"/desk/{first.number}/link"
        client.post(there, {"other": second.number, "kind": "related"})
        client.post(there, {"other": second.number, "kind": "caused_by"})
        assert CaseLink.objects.get().kind == Link.CAUSED_BY
        assert "本单由它引起" in page(client, f"/desk/{first.number}/")
        assert "由本单引起" in page(client, f"/desk/{second.number}/")
        answer = client.post(f"/desk/{second.number}/link", {"other": first.number, "gone": "1"})
        assert answer["Location"] == f"/desk/{second.number}/#links"
        assert not CaseLink.objects.exists()

    def test_of_one_out_of_reach_the_number_is_told_and_no_more(self, desk):
        mine = taken(desk, team=desk.teams["T1"], owner=desk.people["E3"])
        theirs = taken(desk, team=desk.teams["T2"], owner=desk.people["E4"])
        Case.objects.filter(pk=theirs.pk).update(title="别人家的事")
        desk.clients["dispatcher"].post(f"/desk/{mine.number}/link", {"other": theirs.number, "kind": "related"})
        text = page(desk.clients["engineer"], f"/desk/{mine.number}/")
        assert theirs.number in text
        assert f"/desk/{theirs.number}/" not in text
        assert "别人家的事" not in text
        assert "别人家的事" in page(desk.clients["dispatcher"], f"/desk/{mine.number}/")

    def test_a_merged_one_leads_to_the_other(self, desk):
        first, second = given(desk), given(desk)
        act(desk.lead, second.number, Act(verb=Verb.MERGE, into=first, reason="同一件事"), at=minutes(9))
        text = page(desk.clients["lead"], f"/desk/{second.number}/")
        assert re.search(rf'请到这里继续处理：<a href="/desk/{first.number}/"', text)


def test_what_somebody_may_not_do_is_refused_before_they_write_anything(desk):
    case = given(desk)
    page(desk.clients["dispatcher"], f"/desk/{case.number}/do/merge", status=403)
    page(desk.clients["lead"], f"/desk/{case.number}/do/merge")


def test_whoever_writes_a_comment_is_told_who_heard_of_it(desk):
    case, client = given(desk), desk.clients["engineer"]
    client.post(f"/desk/{case.number}/comment", {"text": "@王芳 请看", "to": "colleagues"})
    assert "备注已保存，已提醒王芳。" in page(client, f"/desk/{case.number}/")
    assert [each.name for each in talk.Comment.objects.get().mentions.all()] == ["王芳"]


def test_who_takes_a_case_in_sees_what_the_customer_waits_for_already(desk):
    case = given(desk)
    assert f'已有未完成工单：<a href="/desk/{case.number}/"' in page(
        desk.clients["dispatcher"], "/desk/new?customer=K1"
    )
    case.owner, case.opened_by, case.team = desk.people["E4"], desk.people["E4"], desk.teams["T2"]
    case.save()
    assert case.number not in page(desk.clients["engineer"], "/desk/new?customer=K1"), "it is not theirs to read"


class TestAdevice:
    @pytest.fixture
    def repaired(self, desk):
        Device.objects.update(sold_on=date(2026, 1, 1), warranty_start=date(2026, 1, 1), warranty_end=date(2027, 1, 1))
        fault = FaultCode.objects.create(code="K01", zh="不制冷", en="Does not cool")
        case = given(desk)
        act(
            desk.engineer,
            case.number,
            Act(verb=Verb.RESOLVE, resolution_code="repaired", fault_code=fault),
            at=minutes(3 * 1440),
        )
        return case

    def test_names_the_repair_that_moved_the_end_of_its_warranty(self, desk, repaired):
        text = page(desk.clients["manager"], "/devices/SN-0001/?on=2026-11-20")
        assert "2027-01-04" in text
        assert re.search(
            rf'<a href="/desk/{repaired.number}/">{repaired.number}</a> 2026-11-06 – 2026-11-09 · 3 天', text
        )

    def test_names_no_case_to_whoever_may_not_read_it(self, desk, repaired):
        taken(desk, team=desk.teams["T1"], owner=desk.people["E4"])
        text = page(desk.clients["other"], "/devices/SN-0001/?on=2026-11-20")
        assert repaired.number not in text
        assert "2026-11-06 – 2026-11-09 · 3 天" in text

    def test_says_why_each_clock_runs_and_stops_them_with_an_exchange(self, desk, repaired):
        client = desk.clients["manager"]
        assert "2026-01-01 售出或换出，7 日内" in page(client, "/devices/SN-0001/")
        client.post("/devices/SN-0001/exchange/", {"serial": "SN-9", "on": "2026-11-06", "reason": "修不好"})
        assert "已换出，时限随新机 SN-9 计算" in page(client, "/devices/SN-0001/")
        new = page(client, "/devices/SN-9/")
        assert "2026-11-06 售出或换出，7 日内" in new
        assert "SN-0001 换为 SN-9" in new


def test_a_miss_is_on_record_with_who_had_the_case_then(desk):
    case = given(desk)
    Miss.objects.create(case=case, clock="resolution", policy="normal", due_at=NOW, warned_at=NOW, missed_at=NOW,
                        owner=desk.people["E3"], team=desk.teams["T1"])  # fmt: skip
    other = given(desk)
    Miss.objects.create(case=other, clock="first_response", policy="normal", due_at=NOW, warned_at=NOW)
    text = page(desk.clients["lead"], "/desk/misses")
    assert (case.number in text, other.number in text, "张伟" in text) == (True, False, True)
    assert other.number in page(desk.clients["lead"], "/desk/misses?show=warned")
    assert case.number not in page(desk.clients["other"], "/desk/misses")


class TestRubrics:
    def test_a_second_one_is_chosen_for_a_check_and_retired(self, desk):
        rows = [{"key": "c1", "zh": "问候", "en": "Greeting", "weight": 10, "critical": ""}]
        for key, name in (("service", "服务"), ("service-2", "电话")):
            checks.save_rubric(desk.manager, key, name, rows, pass_mark=85, at=NOW)
        case, checker = given(desk), desk.clients["checker"]
        there = f"/checks/case/{case.number}"
        assert 'href="?rubric=service-2"' in page(checker, there)
        assert "电话 v1" in page(checker, f"{there}?rubric=service-2")
        assert "/checks/rubrics/service-3" in page(desk.clients["manager"], "/checks/rubrics")
        desk.clients["manager"].post("/checks/rubrics/service/used", {"active": "0"})
        assert "电话 v1" in page(checker, there)
        assert [each.active for each in Rubric.objects.order_by("key")] == [False, True]


def test_a_case_says_why_its_customer_was_not_asked_again(desk):
    resolve = Act(verb=Verb.RESOLVE, resolution_code="repaired")
    first, second = (given(desk) for _ in range(2))
    act(desk.engineer, first.number, resolve, at=minutes(30))
    act(desk.engineer, second.number, resolve, at=minutes(60))
    assert [each.case for each in Survey.objects.all()] == [first]
    assert "2026-11-06 已邀请过这位客户，7 天内不再打扰" in page(desk.clients["lead"], f"/desk/{second.number}/")
    assert "不再打扰" not in page(desk.clients["lead"], f"/desk/{first.number}/")
