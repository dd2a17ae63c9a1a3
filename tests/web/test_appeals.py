"""Appeals and talks: what people do with a shared result, and what follows for the figures."""

from __future__ import annotations

import pytest

from fuxiao.base.permissions import Role
from fuxiao.org.models import User
from fuxiao.performance.cycles.models import AgreedAction, Appeal, Cycle, CycleMember, Scorecard, Talk
from web.conftest import account, signed_in, signed_in_as
from web.test_cycles import STAFF, begun_once, lake, made_home, page, press, step
from web.test_figure_pages import shown, text

__all__ = ["lake", "made_home"]
pytestmark = pytest.mark.django_db
SLOW = "E3-10-05"


@pytest.fixture(scope="module")
def begun(standing, home, made_home):
    """A cycle without optional steps, its results shared: appeals are open for two working days."""
    assert step(begun_once(standing, made_home, stages=[], presses=2)) == "shared"


@pytest.fixture
def company(begun, db, lake):
    return signed_in_as(*STAFF)


@pytest.fixture
def shared(company):
    return Cycle.objects.get()


def card(person: str) -> Scorecard:
    return CycleMember.objects.get(person=person).scorecard


def row(person: str, code: str) -> dict[str, object]:
    return next(each for each in card(person).result["pages"]["zh"]["rows"] if each["anchor"] == f"i-{code}")


def file(company, cycle, **given):
    form = {"item": "FRT", "kind": "exclusion", "text": "客户要求改期，不应计入。", "case": [SLOW]} | given
    return company["zhang"].post(page(cycle, "E3") + "appeal/", form)


def decide(client, **given):
    form = {"state": "accepted", "reason": "客户改期属实。", "case": [SLOW]} | given
    return client.post(f"/performance/appeals/{Appeal.objects.get().pk}/", form)


@pytest.mark.lake
def test_an_accepted_appeal_computes_the_figure_again_for_those_it_touches_and_nobody_else(company, shared):
    others = {each.person: each.scorecard_id for each in CycleMember.objects.exclude(person="E3")}
    assert row("E3", "FRT")["detail"]["arithmetic"].startswith("17,400 ÷ 29")
    assert file(company, shared).status_code == 302
    answer = decide(company["hr"], precedent="on")
    assert answer.status_code == 302, text(answer.content.decode())
    assert row("E3", "FRT")["detail"]["arithmetic"].startswith("16,800 ÷ 28")
    assert (card("E3").n, card("E3").why) == (2, "appeal")
    assert Scorecard.objects.filter(member__person="E3", n=1).exists()
    assert {each.person: each.scorecard_id for each in CycleMember.objects.exclude(person="E3")} == others
    found = Appeal.objects.get()
    assert (found.state, found.precedent, found.left_out) == ("accepted", True, [SLOW])
    assert "成立" in shown(company["zhang"], "/performance/appeals/")


@pytest.mark.lake
def test_an_accepted_appeal_corrects_the_figures_of_teams_and_of_the_whole_company_too(company, shared):
    file(company, shared)
    decide(company["hr"])
    rulings = {each["subject"]: each for each in Cycle.objects.get().rulings}
    assert set(rulings) >= {"E3", ""}
    assert (rulings[""]["n"], rulings[""]["numerator"], rulings[""]["cases"]) == (1, rulings["E3"]["numerator"], [SLOW])


def test_a_rejected_appeal_changes_no_figure(company, shared):
    file(company, shared)
    decide(company["hr"], state="rejected")
    assert card("E3").n == 1
    assert Cycle.objects.get().rulings == []


def test_what_was_decided_is_sealed_with_the_period_and_verifies(company, shared, monkeypatch):
    file(company, shared)
    decide(company["hr"])
    monkeypatch.setenv("FUXIAO_NOW", "2026-11-11T09:00:00+08:00")
    press(company["hr"], shared)
    press(company["hr"], shared)
    assert step(shared) == "sealed"
    answer = text(company["hr"].post(f"/performance/cycles/{shared.pk}/verify/", follow=True).content.decode())
    assert "一致" in answer


def test_results_are_not_final_while_an_appeal_is_open(company, shared, monkeypatch):
    file(company, shared)
    monkeypatch.setenv("FUXIAO_NOW", "2026-11-11T09:00:00+08:00")
    assert "还有 1 件申诉没有裁定" in shown(company["hr"], f"/performance/cycles/{shared.pk}/")
    assert press(company["hr"], shared).status_code == 400
    company["zhang"].post(f"/performance/appeals/{Appeal.objects.get().pk}/", {"act": "withdraw"})
    press(company["hr"], shared)
    assert step(shared) == "final"


def test_beside_the_rows_stands_the_way_to_an_appeal_and_nothing_of_days_that_are_over(company, shared):
    address = page(shared, "E3")
    way = (
        company["zhang"].get(address).content.decode().partition('class="card cycle-way"')[2].partition("</section>")[0]
    )
    assert f'href="{address}appeal/"' in way
    assert "剩余的天数" not in shown(company["zhang"], address)
    assert "appeal/" not in company["hr"].get(address).content.decode()


def test_the_bar_under_the_thumb_leads_to_the_rows_and_goes_once_the_result_is_acknowledged(company, shared):
    address = page(shared, "E3")
    bar = company["zhang"].get(address).content.decode().partition('class="thumb-bar"')[2]
    assert f'href="{address}appeal/"' in bar
    assert f'action="{address}answer/"' in bar
    assert 'href="?item=FRT"' in company["zhang"].get(f"{address}appeal/").content.decode()
    assert company["zhang"].get(f"{address}appeal/?item=NONE").status_code == 404
    Cycle.objects.update(window_ends=None)
    assert "结果公布以后才受理申诉" in company["zhang"].get(f"{address}appeal/").content.decode()
    company["zhang"].post(f"{address}answer/")
    assert "thumb-bar" not in company["zhang"].get(address).content.decode()


def test_after_the_window_nobody_appeals(company, shared, monkeypatch):
    monkeypatch.setenv("FUXIAO_NOW", "2026-11-11T09:00:00+08:00")
    assert file(company, shared).status_code == 400
    assert not Appeal.objects.exists()


@pytest.mark.both
def test_one_appeal_a_line_is_open_at_a_time(company, shared):
    assert file(company, shared).status_code == 302
    assert file(company, shared).status_code == 400
    assert Appeal.objects.count() == 1


def test_whoever_reviewed_or_leads_the_person_does_not_decide(company, shared):
    member = CycleMember.objects.get(person="E3")
    CycleMember.objects.filter(pk=member.pk).update(lead="E1")
    file(company, shared)
    manager = signed_in(account("chief", Role.MANAGER, person="E1"))
    assert decide(manager).status_code == 403
    assert Appeal.objects.get().state == "open"


def test_nobody_reads_an_appeal_that_is_not_theirs(company, shared):
    file(company, shared)
    number = Appeal.objects.get().pk
    for who, expected in (("hr", 200), ("zhang", 200), ("lead", 404), ("li", 404)):
        assert company[who].get(f"/performance/appeals/{number}/").status_code == expected, who
    assert "平均首次响应时长" not in shown(company["lead"], "/performance/appeals/")
    assert company["li"].post(page(shared, "E3") + "appeal/", {"item": "FRT"}).status_code == 404


def test_a_talk_is_written_by_the_lead_signed_by_both_and_followed_up(company, shared):
    lead, zhang, address = company["lead"], company["zhang"], page(shared, "E3") + "talk/"
    notes = {
        "goal": "重开率降到 5%", "will": "结案前回访", "action": ["每单结案前回访", "", ""], "help": ["给话术", "", ""],
        "due": ["2026-12-10", "", ""],
    }  # fmt: skip
    begun = shown(company["hr"], page(shared, "E4") + "talk/")
    assert "情境：2026 年 10 月，平均首次响应时长。事实：36,000 ÷ 30" in begun
    assert lead.post(address, notes | {"action": ["", "", ""]}).status_code == 400
    assert zhang.post(address, notes).status_code == 403
    assert lead.post(address, notes).status_code == 302
    assert zhang.post(address, {"act": "sign", "objection": "样本少"}).status_code == 302
    talk = Talk.objects.get()
    assert (talk.objection, talk.person_signed_at is not None, AgreedAction.objects.count()) == ("样本少", True, 1)
    assert lead.post(address, notes).status_code == 400
    assert "每单结案前回访" in shown(zhang, address)
    assert company["li"].get(address).status_code == 404


def test_a_notice_names_the_row_in_the_language_of_whoever_reads_it(company, shared):
    file(company, shared)
    User.objects.filter(username="hr").update(language="en")
    assert "张伟 appeals against “Average first response time”" in shown(company["hr"], "/notices/")
