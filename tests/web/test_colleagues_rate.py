"""Colleagues of one level rate beside the lead: asked by the reviewer, without a look at the result."""

from __future__ import annotations

import pytest

from fuxiao.base.clock import now
from fuxiao.base.models import AuditEntry, Notice
from fuxiao.performance.cycles.actions.telling import remind
from fuxiao.performance.cycles.models import CycleMember, Panelist, Rating
from web.test_cycles import lake, page
from web.test_figure_pages import shown
from web.test_ratings import begun, company, cycle, made_home, panel, rated, row

__all__ = ["begun", "company", "cycle", "lake", "made_home", "panel"]
pytestmark = pytest.mark.django_db


def ask(client, cycle, person: str, *people: str):
    return client.post(f"{page(cycle, person)}panel/", {"people": people})


def give(client, cycle, person: str, points: str, why: str = ""):
    return client.post(f"{page(cycle, person)}rate/", {"rate-learning": points, "why-learning": why})


@pytest.fixture
def asked(company, panel):
    """李娜 of the other team, in the same position, is asked to rate 张伟."""
    assert ask(company["lead"], panel, "E3", "E4").status_code == 302
    return panel


def test_a_colleague_is_told_and_finds_it_under_today_and_rates_without_seeing_the_result(company, asked):
    li = company["li"]
    told = Notice.objects.get(kind="panel.asked")
    assert (told.account.username, told.link) == ("li", f"{page(asked, 'E3')}rate/")
    assert "待给同事评分 1" in shown(li, "/")
    assert li.get("/performance/rate/")["Location"] == f"{page(asked, 'E3')}rate/"
    form = shown(li, f"{page(asked, 'E3')}rate/")
    assert "给张伟评分" in form
    assert "80 分 有求必应" in form
    assert "团队协作" not in form  # the lead's own item
    score = CycleMember.objects.get(person="E3").scorecard.score
    assert f"{score:.2f}" not in form
    assert "奖金" not in form.replace("看不到对方的得分和奖金", "")
    assert li.get(page(asked, "E3")).status_code == 404  # the scorecard stays out of reach

    assert give(li, asked, "E3", "80").status_code == 302
    assert "待给同事评分" not in shown(li, "/")
    assert "80" in shown(li, f"{page(asked, 'E3')}rate/")
    assert give(li, asked, "E3", "100", "带新人学会了两种机型。").status_code == 302  # changed
    assert list(Rating.objects.values_list("rater", "item", "points")) == [("E4", "learning", 100)]
    assert "李娜 已评" in shown(company["lead"], page(asked, "E3"))


def test_the_mean_of_lead_and_colleague_counts_and_the_person_reads_no_name(company, asked):
    hr, zhang = company["hr"], company["zhang"]
    give(company["li"], asked, "E3", "100", "带新人学会了两种机型。")
    rated(company["lead"], asked, "E3", "lead", teamwork="80", learning="80")
    rated(hr, asked, "E4", "lead", teamwork="80", learning="80")
    assert row(CycleMember.objects.get(person="E3"))["points"] == "90.00"
    item = f"{page(asked, 'E3')}item/learning/"
    assert zhang.get(item).status_code == 404  # not told before results are shared
    asked.refresh_from_db()
    hr.post(f"/performance/cycles/{asked.pk}/advance/", {"version": asked.version})
    read = shown(zhang, item)
    assert "同事 100 主动带新人 带新人学会了两种机型。" in read
    assert "李娜" not in read
    assert "李娜 100" in shown(company["lead"], item)


def test_a_colleague_who_rates_after_the_last_review_is_heard_at_once(company, asked):
    rated(company["lead"], asked, "E3", "lead", teamwork="80", learning="80")
    rated(company["hr"], asked, "E4", "lead", teamwork="80", learning="80")
    assert row(CycleMember.objects.get(person="E3"))["points"] == "—"  # one of a panel of two is shown only
    give(company["li"], asked, "E3", "100", "带新人学会了两种机型。")
    assert row(CycleMember.objects.get(person="E3"))["points"] == "90.00"


def test_only_who_is_asked_rates_and_only_who_reviews_asks(company, asked):
    assert give(company["zhang"], asked, "E3", "80").status_code == 404  # oneself
    assert give(company["zhang"], asked, "E4", "80").status_code == 404  # not asked
    assert ask(company["zhang"], asked, "E4", "E3").status_code == 403
    assert ask(company["lead"], asked, "E4", "E3").status_code == 404  # people of others
    for nobody in ("E3", "E2", "E99"):  # oneself, the lead, somebody who is not there
        assert ask(company["lead"], asked, "E3", nobody).status_code == 422
    assert list(Panelist.objects.values_list("member__person", "person")) == [("E3", "E4")]
    assert Rating.objects.count() == 0


def test_whoever_is_no_longer_asked_is_taken_off_but_a_rating_given_stays(company, asked):
    ask(company["lead"], asked, "E3")
    assert give(company["li"], asked, "E3", "80").status_code == 404
    ask(company["lead"], asked, "E3", "E4")
    give(company["li"], asked, "E3", "80")
    ask(company["lead"], asked, "E3")
    assert Panelist.objects.count() == Rating.objects.count() == 1
    told = AuditEntry.objects.filter(action="scorecard.panel").order_by("id")
    assert [each.new["panel"] for each in told] == [["李娜"], [], ["李娜"], ["李娜"]]


def test_a_colleague_who_did_not_rate_is_reminded_and_holds_nothing_up(company, asked):
    later = now().date().replace(day=28)
    remind(asked, today=later, at=now())
    assert [each.account.username for each in Notice.objects.filter(kind="panel.due")] == ["li"]
    rated(company["lead"], asked, "E3", "lead", teamwork="80", learning="80")
    rated(company["hr"], asked, "E4", "lead", teamwork="80", learning="80")
    assert "还有" not in shown(company["hr"], f"/performance/cycles/{asked.pk}/").partition("人员进度")[0]
