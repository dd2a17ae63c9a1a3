"""The pages of the desk as each role meets them."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fuxiao.service.actions.editing import edit
from fuxiao.service.models import AssignmentRule, Case
from service.conftest import minutes
from service.test_case_actions import given, taken
from web.conftest import NOW, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def page(client, address, status=200, **more):
    answer = client.get(address, **more)
    assert answer.status_code == status, (answer.status_code, address)
    return answer.content.decode()


def numbers(text):
    return re.findall(r'data-row href="/desk/([^/]+)/"', text)


def test_a_case_is_taken_in_found_and_opened(desk):
    dispatcher = desk.clients["dispatcher"]
    assert "没有未完成的工单" in page(dispatcher, "/desk/")
    asked = {
        "title": "开机异响",
        "customer": "K1",
        "device": "SN-0001",
        "priority": "普通",
        "person": "E3",
        "team": "T1",
    }
    answer = dispatcher.post("/desk/new", asked)
    assert answer["Location"] == "/desk/2611-00001/"
    for search in ("2611-00001", "sn-0001", "1234", "zhou", "zns", "周女士", "异响"):
        assert numbers(page(dispatcher, f"/desk/?q={search}")) == ["2611-00001"], search
    assert numbers(page(dispatcher, "/desk/?q=9999")) == []
    shown = page(desk.clients["engineer"], "/desk/2611-00001/")
    assert "13800001234" in shown
    assert "天河路 1 号" in shown
    assert 'href="tel:13800001234"' in page(dispatcher, "/desk/2611-00001/")
    assert "13800001234" not in page(desk.clients["parts"], "/desk/2611-00001/")


@pytest.mark.parametrize("rare", [1_000, 0], ids=["found by their signs", "met by reading"])
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("异响", [3, 1]), ("响", [3, 1]), ("空调异响", [3]), ("调异", [3]), ("响异", []), ("制冷", [2]),
        ("Mi-Air", [2]), ("不制冷 air", [2]), ("AIR 2 x", []), ("2", []), ("不_冷", []), ("%", []), ("“异", []),
    ],
)  # fmt: skip
def test_words_in_the_middle_of_a_title_are_found_however_many_titles_have_them(desk, monkeypatch, rare, search, found):
    for place, title in enumerate(("开机异响", "mi-air 2 不制冷", "空调异响，响得厉害")):
        taken(desk, title=title, at=minutes(place))
    monkeypatch.setattr("fuxiao.service.queries.searching.RARE", rare)
    text = page(desk.clients["dispatcher"], f"/desk/?{urlencode({'show': 'all', 'q': search})}")
    assert numbers(text) == [f"2611-{n:05d}" for n in found]


def test_a_title_that_was_changed_is_found_by_what_it_says_now(desk):
    case = taken(desk, title="开机异响")
    edit(desk.dispatcher, case.number, {"title": "漏水"}, version=case.version, at=minutes(1))
    dispatcher = desk.clients["dispatcher"]
    assert numbers(page(dispatcher, "/desk/?q=漏水")) == [case.number]
    assert numbers(page(dispatcher, "/desk/?q=异响")) == []


def test_of_cases_out_of_reach_no_title_is_told(desk):
    taken(desk, title="开机异响", owner=desk.people["E3"])
    assert numbers(page(desk.clients["engineer"], "/desk/?q=异响")) == ["2611-00001"]
    assert numbers(page(desk.clients["other"], "/desk/?q=异响")) == []


def test_the_form_keeps_what_was_written_and_says_what_is_wrong(desk):
    answer = desk.clients["lead"].post("/desk/new", {"title": "漏水", "device": "NO-SUCH", "new_name": "赵先生"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "没有这台设备" in text
    assert "赵先生" in text
    assert not Case.objects.exists()


def test_a_search_of_callers_finds_customers_devices_and_open_cases_without_their_telephone(desk):
    taken(desk, by="lead")
    text = page(desk.clients["engineer"], "/desk/find?find=1234")
    assert "周女士" in text
    assert "2611-00001" in text
    assert "13800001234" not in text


def test_a_day_of_a_case_through_its_page(desk):
    engineer, case = desk.clients["engineer"], taken(desk, team=desk.teams["T1"], owner=desk.people["E3"])
    address = f"/desk/{case.number}/"

    def press(verb, **more):
        version = re.search(rf'{verb}".*?name="version" value="(\d+)"', page(engineer, address), re.DOTALL)
        answer = engineer.post(f"{address}do/{verb}", {"version": version[1], **more})
        assert answer.status_code == 302, answer.content.decode()

    press("accept")
    engineer.post(f"{address}comment", {"text": "明天上午到", "to": "customer"})
    press("pend", kind="parts", reason="缺压缩机")
    assert "等配件" in page(engineer, address)
    press("resume")
    press("resolve", resolution_code="repaired", note="换了压缩机")
    case.refresh_from_db()
    assert (case.state, case.resolution_code, case.first_response_at) == ("resolved", "repaired", NOW)
    desk.clients["lead"].post(f"{address}do/close", {"version": case.version})
    case.refresh_from_db()
    assert case.state == "closed"
    text = page(engineer, address)
    assert text.index("换了压缩机") < text.index("明天上午到")


def test_whoever_comes_second_sees_both_versions_and_may_insist(desk):
    case = given(desk)
    form = {"category": "空调", "case_type": "报修", "version": case.version}
    desk.clients["engineer"].post(f"/desk/{case.number}/edit", {**form, "title": "主板坏"})
    late = desk.clients["lead"].post(f"/desk/{case.number}/edit", {**form, "title": "风机坏"})
    text = late.content.decode()
    assert late.status_code == 409
    assert "主板坏" in text
    assert "风机坏" in text
    case.refresh_from_db()
    assert case.title == "主板坏"
    version = re.findall(r'name="version" value="(\d+)"', text)[-1]
    desk.clients["lead"].post(f"/desk/{case.number}/edit", {**form, "title": "风机坏", "version": version})
    case.refresh_from_db()
    assert case.title == "风机坏"


def test_owner_and_priority_are_changed_in_the_list(desk):
    case = taken(desk, team=desk.teams["T1"])
    back = "/desk/?show=waiting"
    answer = desk.clients["dispatcher"].post(
        f"/desk/{case.number}/set", {"person": "张伟"}, headers={"referer": f"http://testserver{back}"}
    )
    assert answer["Location"] == back
    case.refresh_from_db()
    assert case.owner.number == "E3"
    answer = desk.clients["dispatcher"].post(f"/desk/{case.number}/set", {"priority": "紧急", "version": case.version})
    assert answer["Location"] == f"/desk/{case.number}/"
    case.refresh_from_db()
    assert case.priority == "紧急"


@pytest.mark.parametrize("address", ["/desk/", "/desk/board"])
def test_lists_and_boards_name_the_priority_to_those_who_only_read_it(desk, address):
    taken(desk, team=desk.teams["T1"], owner=desk.people["E3"], priority="紧急")
    desk.users["engineer"].language = "en"
    desk.users["engineer"].save()
    text = page(desk.clients["engineer"], address)
    assert re.search(r"<(td[^>]*|span class=\"chip\")>urgent</", text)


def test_the_next_page_begins_where_the_last_one_ended(desk):
    from fuxiao.service.queries.cases import Wanted, listed, page_of
    from fuxiao.service.queries.reach import scope_of

    at = {"scope": scope_of(desk.owner, on=NOW.date()), "now": NOW}
    made = [taken(desk, priority=("紧急", "普通")[n % 2]).number for n in range(5)]
    for order in ("new", "due"):
        found = listed(desk.owner, Wanted(order=order), **at)
        seen, cursor = [], ""
        while True:
            part = page_of(desk.owner, Wanted(order=order), after=cursor, size=2, **at)
            seen += [case.number for case in part.rows]
            if not (cursor := part.after):
                break
        assert sorted(seen) == sorted(made), order
        assert seen == [case.number for case in found], order


@pytest.mark.parametrize("address", ["/desk/", "/desk/board", "/desk/today", "/desk/?order=due&show=all"])
def test_a_list_asks_the_database_as_often_for_three_cases_as_for_one(desk, address):
    given(desk)
    one = queries_of(desk.clients["lead"], address)
    given(desk)
    given(desk)
    assert queries_of(desk.clients["lead"], address) == one <= 20


def test_the_case_page_asks_as_often_for_three_comments_as_for_one_and_not_at_all_for_none(desk):
    engineer, address = desk.clients["engineer"], f"/desk/{given(desk).number}/"
    none = queries_of(engineer, address)
    found = []
    for text in ("一", "二", "三"):
        engineer.post(f"{address}comment", {"text": text, "to": "colleagues"})
        found.append(queries_of(engineer, address))
    assert found == [none + 1] * 3
    assert none <= 12


def test_the_board_offers_only_what_each_may_do(desk):
    case = given(desk)
    assert f"/desk/{case.number}/do/pend" in page(desk.clients["engineer"], "/desk/board")
    assert f"/desk/{case.number}/do/" not in page(desk.clients["checker"], "/desk/board")
    answer = desk.clients["engineer"].post(
        f"/desk/{case.number}/do/resolve",
        {"version": case.version, "resolution_code": "repaired", "back": "/desk/board"},
    )
    assert answer["Location"] == "/desk/board"


def test_only_whom_a_case_was_given_to_is_offered_to_accept_it(desk):
    case = taken(desk, team=desk.teams["T1"], owner=desk.people["E3"])
    for name, offered in (("engineer", True), ("lead", False), ("dispatcher", False), ("manager", False)):
        assert (f"/desk/{case.number}/do/accept" in page(desk.clients[name], f"/desk/{case.number}/")) is offered, name


def test_a_column_that_is_too_long_leads_to_the_list_of_its_cases_as_filtered(desk, monkeypatch):
    monkeypatch.setattr("fuxiao.web.desk.board.MOST", 1)
    made = [taken(desk, team=desk.teams["T1"]).number for _ in range(2)]
    client = desk.clients["dispatcher"]
    text = page(client, "/desk/board?team=T1")
    assert [number in text for number in made] == [True, False]
    rest = re.search(r'<a href="(/desk/\?[^"]+)">1\+</a>', text)[1].replace("&amp;", "&")
    assert numbers(page(client, rest)) == made


def test_the_day_shows_what_waits_and_who_is_free(desk):
    given(desk)
    taken(desk, team=desk.teams["T1"], title="没人管")
    text = page(desk.clients["lead"], "/desk/today")
    assert "没人管" in text
    in_hand = re.compile(r"张伟</span><span class=\"[^\"]*\">在手 1</span>")
    assert in_hand.search(text)
    back = desk.clients["lead"].post("/desk/away", {"person": "E3", "away": "1", "back": "/desk/today?team=T1"})
    assert back["Location"] == "/desk/today?team=T1"
    assert "今天不接单" in page(desk.clients["lead"], "/desk/today?team=T1")
    assert "没人管" in page(desk.clients["dispatcher"], "/desk/today")  # in no team: sees the day of all
    assert re.search(
        r"张伟 <span class=\"chip near\">今天不接单</span></span><span class=\"[^\"]*\">在手 1</span>",
        page(desk.clients["dispatcher"], "/desk/today"),
    )


def test_the_day_of_whoever_sees_only_their_own_cases_begins_with_those_and_the_own_team(desk):
    given(desk)
    taken(desk, team=desk.teams["T2"])
    assert '<option value="T1" selected>' in page(desk.clients["lead"], "/desk/today")
    mine = page(desk.clients["engineer"], "/desk/today")
    assert " selected>" not in mine
    assert '<option value="">我的和本班组</option>' in mine
    assert "全部班组" not in mine
    free = mine.partition("谁有空")[2]
    assert "张伟" in free
    assert "李娜" not in free  # of 二组
    assert "李娜" in page(desk.clients["dispatcher"], "/desk/today").partition("谁有空")[2]


def test_files_are_kept_and_given_back_harmless(desk):
    case = given(desk)
    address = f"/desk/{case.number}/file"
    desk.clients["engineer"].post(address, {"file": SimpleUploadedFile("现场.png", PNG)})
    desk.clients["engineer"].post(address, {"file": SimpleUploadedFile("x.svg", b"<svg onload=alert(1)>")})
    desk.clients["engineer"].post(address, {"file": SimpleUploadedFile("x.exe", b"MZ\x00\x01")})
    kept = {file.name: file for file in case.attachments.all()}
    assert {name: file.content_type for name, file in kept.items()} == {
        "现场.png": "image/png", "x.svg": "text/plain; charset=utf-8",
    }  # fmt: skip
    answer = desk.clients["engineer"].get(f"{address}/{kept['x.svg'].pk}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"<svg onload=alert(1)>"
    assert b"".join(desk.clients["engineer"].get(f"{address}/{kept['现场.png'].pk}").streaming_content) == PNG


def test_a_form_sent_twice_makes_one_case(desk):
    once = re.search(r'name="once" value="([^"]+)"', page(desk.clients["lead"], "/desk/new"))[1]
    answers = [desk.clients["lead"].post("/desk/new", {"title": "漏水", "once": once}) for _ in range(5)]
    assert {answer["Location"] for answer in answers} == {"/desk/2611-00001/"}
    stranger = Client()
    once = re.search(r'name="once" value="([^"]+)"', page(stranger, "/request/"))[1]
    asked = {"title": "不制冷", "name": "吴先生", "phone": "13900005678", "consent": "on", "once": once}
    assert len({stranger.post("/request/", asked)["Location"] for _ in range(5)}) == 1
    assert Case.objects.count() == 2


def test_the_palette_finds_open_cases_in_reach(desk):
    case = given(desk)
    assert f"/desk/{case.number}/" in page(desk.clients["engineer"], "/find?q=不制冷")
    assert f"/desk/{case.number}/" not in page(desk.clients["other"], "/find?q=不制冷")


def test_a_rule_is_made_changed_and_removed_on_its_page(desk):
    manager = desk.clients["manager"]
    form = {"name": "空调", "order": "10", "team": desk.teams["T1"].pk, "category": desk.category.pk, "pick": "on",
            "active": "on", "version": "0"}  # fmt: skip
    manager.post("/desk/rules/assign/new", form)
    rule = AssignmentRule.objects.get()
    assert "空调" in page(manager, "/desk/rules")
    manager.post(f"/desk/rules/assign/{rule.pk}", {**form, "name": "空调组", "version": rule.version})
    rule.refresh_from_db()
    assert rule.name == "空调组"
    stale = manager.post(f"/desk/rules/assign/{rule.pk}", {**form, "name": "旧", "version": "1"})
    assert stale.status_code == 409
    manager.post("/desk/skills", {"person": "E3", "skills": "空调，冰箱"})
    assert "冰箱" in page(manager, "/desk/rules")
    case = take_by_rule(desk)
    assert "规则“空调组”" in page(desk.clients["lead"], f"/desk/{case.number}/")
    manager.post(f"/desk/rules/assign/{rule.pk}/remove")
    assert not AssignmentRule.objects.exists()
    page(desk.clients["lead"], "/desk/rules", status=403)


def take_by_rule(desk):
    return taken(desk, category=desk.category)


def test_the_list_is_downloaded_as_it_is_filtered(desk):
    given(desk)
    taken(desk, title="=1+1")
    text = desk.clients["owner"].get("/desk/?form=csv").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 3
    assert "'=1+1" in text or "\t=1+1" in text
    assert "13800001234" in text
    assert "13800001234" not in desk.clients["checker"].get("/desk/?form=csv").content.decode("utf-8-sig")
    assert desk.clients["owner"].get("/desk/?form=xlsx&q=不制冷").content[:2] == b"PK"


DATA = (
    "中文 澜川电器 空调不制冷 服务部 一组 二组 张伟 王芳 李娜 赵强 周女士 普通 紧急 报修 空调 天河区 天河路 号 "
    "服 张 王 李 赵"
)
"""Chinese that is the organisation's own, and the switch of languages."""


@pytest.mark.parametrize("address", ["", "board", "today", "new", "2611-00001/", "2611-00001/do/pend"])
def test_pages_speak_english(desk, address):
    given(desk)
    desk.users["lead"].language = "en"
    desk.users["lead"].save()
    text = page(desk.clients["lead"], f"/desk/{address}")
    hidden = re.compile(r"<(script|style|option|datalist)[^>]*>.*?</\1>|<[^>]+>", re.DOTALL)
    visible = hidden.sub(" ", text)
    for known in DATA.split():
        visible = visible.replace(known, "")
    assert re.findall(r"[\u4e00-\u9fff]+", visible) == []


def test_a_merge_proposes_open_cases_of_the_same_device_or_customer(desk):
    first, second = taken(desk, title="空调漏水"), taken(desk, title="空调又漏水", device=None)
    taken(desk, title="很久以前", at=minutes(-60 * 24 * 20))
    taken(desk, title="别人的", customer=None, device=None)
    now = taken(desk)
    form = page(desk.clients["lead"], f"/desk/{now.number}/do/merge")
    proposed = re.findall(
        r'<option value="(2[^"]+)">([^<]+)</option>', form.split('id="cases-alike"')[1].split("</datalist>")[0]
    )
    assert proposed == [(first.number, "空调漏水 · 11-06 · 待派工"), (second.number, "空调又漏水 · 11-06 · 待派工")]
    assert 'list="cases-alike"' in form
    asked = {"into": second.number, "reason": "同一件事", "version": now.version}
    assert desk.clients["lead"].post(f"/desk/{now.number}/do/merge", asked).status_code == 302
    assert Case.objects.get(pk=now.pk).duplicate_of == second
