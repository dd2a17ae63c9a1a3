"""A review cycle from opening to the seal, as those who take part in it see it."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fuxiao.base.models import AuditEntry
from fuxiao.base.permissions import Role
from fuxiao.performance.cycles.models import Cycle, CycleMember, Scorecard
from fuxiao.report.tasks import take_up_cycles
from fuxiao.web.performance import live
from fuxiao.web.shell import kept
from web.conftest import account, department, signed_in, signed_in_as
from web.cycles_home import cycles_home
from web.test_figure_pages import shown, text

pytestmark = pytest.mark.django_db
OPEN = {"period": "2026-10", "scheme": "small", "plan": "small", "rank_shown": "percentile", "appeal_days": "2",
        "cut_off_on": "2026-11-02", "stages": ["self_review", "lead_review"]}  # fmt: skip
STAFF = {"hr": (Role.HR, None), "lead": (Role.LEAD, "E2"), "zhang": (Role.ENGINEER, "E3"), "li": (Role.ENGINEER, "E4")}


@pytest.fixture(scope="module")
def made_home(tmp_path_factory):
    return cycles_home(tmp_path_factory.mktemp("cycles") / "home")


@pytest.fixture
def lake(made_home, tmp_path, settings):
    """The home folder of this test alone: seals stay apart."""
    settings.HOME = shutil.copytree(made_home, tmp_path / "home")
    return settings.HOME


@pytest.fixture
def company(org, lake):
    """The accounts: HR, 王芳 who leads 一组, 张伟 of 一组, 李娜 of 二组."""
    hire()
    return signed_in_as(*STAFF)


def hire() -> None:
    for name, (role, person) in STAFF.items():
        account(name, role, person=person)


@pytest.fixture
def cycle(company):
    return opened(company["hr"], OPEN)


def opened(hr, form) -> Cycle:
    answer = hr.post("/performance/cycles/new/", form)
    assert answer.status_code == 302, text(answer.content.decode())
    return Cycle.objects.get()


def begun_once(standing, home, *, stages: list[str], presses: int) -> Cycle:
    """A cycle of this home, taken on by so many presses of its button: what all tests of a file begin with."""
    standing.setattr(settings, "HOME", home)
    department()
    hire()
    hr = signed_in_as("hr")["hr"]
    cycle = opened(hr, OPEN | {"stages": stages})
    for _ in range(presses):
        press(hr, cycle)
    return cycle


def press(client, cycle, *, version: int | None = None):
    """The button of the next step."""
    now = Cycle.objects.get(pk=cycle.pk)
    return client.post(f"/performance/cycles/{cycle.pk}/advance/", {"version": version or now.version})


def step(cycle) -> str:
    return Cycle.objects.get(pk=cycle.pk).step


def page(cycle, person: str) -> str:
    return f"/performance/cycles/{cycle.pk}/{person}/"


@pytest.mark.lake
def test_a_cycle_without_a_bonus_plan_scores_everybody_and_says_that_no_bonus_hangs_on_it(company):
    hr, zhang = company["hr"], company["zhang"]
    assert hr.post("/performance/cycles/new/", {**OPEN, "plan": "", "stages": []}).status_code == 302
    cycle = Cycle.objects.get()
    assert "张伟" in shown(hr, f"/performance/cycles/{cycle.pk}/")
    live = shown(zhang, "/performance/?wait")
    assert "实时" in live
    assert "这个周期没有关联奖金方案" in live
    press(hr, cycle)
    assert CycleMember.objects.get(person="E3").scorecard.score is not None
    press(hr, cycle)
    assert step(cycle) == "shared"
    assert "这个周期没有关联奖金方案" in shown(zhang, page(cycle, "E3"))


@pytest.mark.lake
def test_the_first_board_of_a_cycle_comes_at_once_and_asks_for_the_scores(company, cycle):
    hr, board = company["hr"], f"/performance/cycles/{cycle.pk}/"
    live._begun.clear()
    first = hr.get(board).content.decode()
    assert 'hx-trigger="changed, load"' in first
    assert "正在算实时得分" in first
    fragment = hr.get(board, headers={"HX-Request": "true"}).content.decode()
    assert "正在算实时得分" not in fragment
    again = hr.get(board).content.decode()
    assert 'hx-trigger="changed"' in again
    assert "张伟" in first
    scores = re.findall(r"<b>([\d.]+)</b>", fragment)
    assert scores == re.findall(r"<b>([\d.]+)</b>", again) != []


def test_a_month_from_opening_to_the_verified_seal(company, cycle, monkeypatch):
    hr, lead, zhang = company["hr"], company["lead"], company["zhang"]

    # It runs: everybody sees the own score as it stands.
    live = shown(zhang, "/performance/?wait")
    assert "张伟" in live
    assert "实时" in live
    assert "平均首次响应时长" in live

    # HR closes the data; the worker scores everybody at once.
    press(hr, cycle)
    assert step(cycle) == "computed"
    score = CycleMember.objects.get(person="E3").scorecard.score
    assert f"{score:.2f}" in shown(zhang, "/performance/?wait")

    # Reviews from both sides.
    press(hr, cycle)
    zhang.post(page(cycle, "E3") + "write/", {"kind": "self", "text": "响应快，返修还要少。"})
    press(hr, cycle)
    lead.post(page(cycle, "E3") + "write/", {"kind": "lead", "strengths": "十分钟内响应。", "weaknesses": "重开偏多。"})
    assert "重开偏多" not in shown(zhang, page(cycle, "E3"))

    # Shared: the person reads the review and acknowledges.
    press(hr, cycle)
    assert step(cycle) == "shared"
    assert "重开偏多" in shown(zhang, page(cycle, "E3"))
    assert "待面谈 1" in shown(lead, "/")
    assert '<p class="on-paper">澜川电器 · 2026 年 10 月</p>' in zhang.get(page(cycle, "E3")).content.decode()
    zhang.post(page(cycle, "E3") + "answer/")
    assert CycleMember.objects.get(person="E3").answered_at is not None

    # The window to appeal is open for two working days; after it HR makes the results final and seals them.
    assert press(hr, cycle).status_code == 400
    monkeypatch.setenv("FUXIAO_NOW", "2026-11-11T09:00:00+08:00")
    press(hr, cycle)
    press(hr, cycle)
    sealed = Cycle.objects.get(pk=cycle.pk)
    assert (sealed.step, sealed.final_by, len(sealed.seal)) == ("sealed", "hr", 64)

    # Anybody with the right verifies it: every figure is computed again.
    answer = hr.post(f"/performance/cycles/{cycle.pk}/verify/", follow=True)
    assert "一致" in text(answer.content.decode())


def test_a_stored_scorecard_that_somebody_changed_is_named_by_verify_and_on_its_page(company, cycle):
    press(company["hr"], cycle)
    card = Scorecard.objects.get(member__person="E3")
    changed = json.loads(json.dumps(card.result).replace(f"{card.score:.2f}", "99.99"))
    Scorecard.objects.filter(pk=card.pk).update(result=changed)
    answer = text(company["hr"].post(f"/performance/cycles/{cycle.pk}/verify/", follow=True).content.decode())
    assert "张伟 E3" in answer
    assert "李娜" not in answer
    assert "被改动过" in shown(company["zhang"], page(cycle, "E3"))


@pytest.mark.lake
def test_the_rows_of_a_scorecard_add_up_to_its_score(company, cycle):

    press(company["hr"], cycle)
    for card in Scorecard.objects.exclude(score=None):
        shown_page = card.result["pages"]["zh"]
        weighted = [Decimal(row["weighted"]) for row in shown_page["rows"] if row["weighted"] != "—"]
        assert sum(weighted) == Decimal(shown_page["items_total"]) == card.score
    assert Scorecard.objects.exclude(score=None).count() == 2


@pytest.mark.both
def test_a_step_that_somebody_took_meanwhile_is_not_taken_twice(company, cycle):
    version = Cycle.objects.get().version
    press(company["hr"], cycle, version=version)
    before = AuditEntry.objects.filter(kind="cycle").count()
    assert press(company["hr"], cycle, version=version).status_code == 409
    assert (step(cycle), AuditEntry.objects.filter(kind="cycle").count()) == ("computed", before)


@pytest.mark.both
def test_a_calculation_whose_worker_died_is_taken_up_and_done_once(company, cycle, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    press(company["hr"], cycle)
    assert (step(cycle), Scorecard.objects.count()) == ("cut_off", 0)
    assert take_up_cycles.call() == 1
    assert take_up_cycles.call() == 0
    assert (step(cycle), Scorecard.objects.count()) == ("computed", 4)


@pytest.mark.both
def test_a_cycle_is_opened_once_a_period(company, cycle):
    answer = company["hr"].post("/performance/cycles/new/", OPEN)
    assert answer.status_code == 400
    assert "已在 2026-10 的另一个周期里" in text(answer.content.decode())
    assert Cycle.objects.count() == 1


@pytest.mark.lake
def test_my_scorecard_opens_where_something_waits_for_me(company, cycle):
    hr, zhang = company["hr"], company["zhang"]
    hr.post("/performance/cycles/new/", OPEN | {"period": "2026-11", "cut_off_on": "2026-12-07"})
    assert "2026 年 11 月" in shown(zhang, "/performance/?wait")
    press(hr, cycle)
    press(hr, cycle)
    assert "2026 年 10 月" in shown(zhang, "/performance/?wait")
    zhang.post(page(cycle, "E3") + "write/", {"kind": "self", "text": "响应快。"})
    assert "2026 年 11 月" in shown(zhang, "/performance/?wait")


def test_the_data_is_not_closed_before_the_day(company):
    company["hr"].post("/performance/cycles/new/", OPEN | {"cut_off_on": "2026-11-09"})
    cycle = Cycle.objects.get()
    assert "数据截止日是 2026-11-09" in shown(company["hr"], f"/performance/cycles/{cycle.pk}/")
    assert press(company["hr"], cycle).status_code == 400
    assert step(cycle) == "running"


def test_without_a_day_the_data_closes_so_many_workdays_after_the_period_as_the_settings_say(company, lake):
    settings = lake / "fuxiao.toml"
    told = settings.read_text("utf-8").replace("cut_off_workdays = 5 ", "cut_off_workdays = 3 ")
    settings.write_text(told, "utf-8")
    assert "期间结束后第 3 个工作日" in shown(company["hr"], "/performance/cycles/new/")
    company["hr"].post("/performance/cycles/new/", OPEN | {"cut_off_on": ""})
    assert Cycle.objects.get().cut_off_on == date(2026, 11, 4)  # the 1st is a Sunday


def test_the_board_has_the_teams_as_their_names_are_spoken(company, cycle):
    names = {"E1": "天越组", "E2": "客服二组", "E3": "客服一组", "E4": "调度组"}
    for person, team in names.items():
        CycleMember.objects.filter(cycle=cycle, person=person).update(team=f"{team}", team_name=team)
    board = shown(company["hr"], f"/performance/cycles/{cycle.pk}/")
    places = [board.index(team) for team in ("调度组", "客服一组", "客服二组", "天越组") if team in board]
    assert len(places) > 1
    assert places == sorted(places)


def test_the_board_asks_the_database_as_often_for_one_person_as_for_four(company, cycle):
    press(company["hr"], cycle)
    address = f"/performance/cycles/{cycle.pk}/"
    company["hr"].get(address)
    kept.forget()
    with CaptureQueriesContext(connection) as four:
        assert len(company["hr"].get(address).context["page"]) == 4
    CycleMember.objects.update(scorecard=None)
    CycleMember.objects.exclude(person="E3").delete()
    kept.forget()
    with CaptureQueriesContext(connection) as one:
        assert len(company["hr"].get(address).context["page"]) == 1
    assert len(four) == len(one)


@pytest.mark.lake
def test_a_case_that_the_reader_cannot_open_is_named_without_a_link(company, cycle):
    press(company["hr"], cycle)
    card = CycleMember.objects.get(person="E3").scorecard
    shown_cases = card.result["pages"]["zh"]["rows"][0]["detail"]["cases"]
    own = shown_cases[0]["id"]
    shown_cases.append({**shown_cases[0], "id": "E4-10-01"})  # as under a figure of the whole team
    card.save()
    for who, opens in (("zhang", False), ("hr", True)):
        content = company[who].get(page(cycle, "E3")).content.decode()
        assert f'href="/cases/{own}/"' in content
        assert "E4-10-01" in content
        assert ('href="/cases/E4-10-01/"' in content) is opens
        assert ("没有链接的工单" in content) is not opens


@pytest.mark.lake
def test_a_row_that_the_scorecard_does_not_have_is_not_found(company, cycle):
    assert company["zhang"].get(f"{page(cycle, 'E3')}item/FRT/").status_code == 200
    assert company["zhang"].get(f"{page(cycle, 'E3')}item/NO-SUCH/").status_code == 404
    assert company["zhang"].get(f"/performance/cycles/{'9' * 20}/E3/").status_code == 404


def test_the_trail_of_a_cycle_names_its_fields_in_words(company, cycle):
    told = shown(signed_in(account("owner", Role.OWNER)), "/audit/")
    assert "期间 空 → 2026-10" in told
    assert "方案 空 → small" in told


@pytest.mark.lake
def test_a_board_of_many_people_is_read_a_page_at_a_time_and_counts_them_all(company, cycle):
    press(company["hr"], cycle)
    one = CycleMember.objects.get(person="E3")
    many = [
        CycleMember(**{**plain_of(one), "person": f"N{number:03d}", "name": f"新人{number}"}) for number in range(120)
    ]
    CycleMember.objects.bulk_create(many)
    kept.forget()
    first = shown(company["hr"], f"/performance/cycles/{cycle.pk}/")
    assert "人员 124" in first
    assert "共 124 条" in first
    assert "新人99" not in first
    assert "新人119" in shown(company["hr"], f"/performance/cycles/{cycle.pk}/?page=2")


def plain_of(member: CycleMember) -> dict[str, object]:
    """The columns of a row that another one may have too."""
    return {
        field.attname: getattr(member, field.attname)
        for field in CycleMember._meta.concrete_fields
        if not field.primary_key
    }


@pytest.mark.lake
def test_the_first_page_shows_everybody_the_own_score_as_far_as_it_is_told_and_hr_how_far_people_are(company, cycle):
    hr, zhang, li = company["hr"], company["zhang"], company["li"]
    assert "我的得分" not in shown(zhang, "/"), "nobody is scored yet"
    press(hr, cycle)
    scores = dict(CycleMember.objects.values_list("person", "scorecard__score"))
    assert (f"{scores['E3']:.2f}" in shown(zhang, "/"), f"{scores['E4']:.2f}" in shown(li, "/")) == (True, True)
    assert f"{scores['E3']:.2f}" not in shown(li, "/")
    assert "奖金预估" in shown(zhang, "/")
    press(hr, cycle)
    assert "已自评 0/4" in shown(hr, "/")
    zhang.post(page(cycle, "E3") + "write/", {"kind": "self", "text": "响应快。"})
    assert "已自评 1/4" in shown(hr, "/")
    assert "已自评" not in shown(zhang, "/")
    press(hr, cycle)
    card = Scorecard.objects.get(member__person="E3")
    card.result["pages"]["zh"]["hero"]["score"] = "1.00"
    card.pk, card.n, card.why = None, 2, "calibrated"
    card.save()
    CycleMember.objects.filter(person="E3").update(scorecard=card)
    assert f"{scores['E3']:.2f}" in shown(zhang, "/"), "what a committee changes is told when it is shared"
