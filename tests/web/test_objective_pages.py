"""Objectives set, cascaded and followed by live figures."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fuxiao.performance.objectives.models import CheckIn, Objective
from web.rules_home import figures_home
from web.test_figure_pages import shown, text

pytestmark = [pytest.mark.django_db, pytest.mark.both]
FAST = {
    "title": "每个请求马上有人应", "why": "快是我们的招牌", "level": "company", "perspective": "customer",
    "period": "2026", "owner": "E2", "indicator0": "FRT", "baseline0": "25", "target0": "5",
}  # fmt: skip


@pytest.fixture(scope="module")
def lake_home(tmp_path_factory):
    return figures_home(tmp_path_factory.mktemp("objectives") / "home")


@pytest.fixture(autouse=True)
def _lake(lake_home, settings):
    settings.HOME = lake_home


def made(client, **changes: str) -> Objective:
    client.post("/objectives/new", {**FAST, **changes})
    return Objective.objects.order_by("-pk")[0]


def test_progress_comes_from_the_figure_of_last_month(owner):
    made(owner)
    page = shown(owner, "/objectives/")
    assert "每个请求马上有人应" in page
    assert "平均首次响应时长 25.0 分钟 → 15.1 分钟 → 5.0 分钟" in page
    assert " 50%" in page


def test_an_objective_is_cascaded_to_a_team_with_its_own_figure_and_contribution(owner):
    above = made(owner)
    made(owner, title="一组更快", level="team", subject="T1", parent=str(above.pk), contribution="60")
    page = shown(owner, f"/objectives/{above.pk}/")
    assert "分解 共占 60%" in page
    assert "25.0 分钟 → 10.0 分钟 → 5.0 分钟" in page
    assert "占上级 60%" in page


def test_more_than_the_whole_cannot_be_given_out(owner):
    above = made(owner)
    made(owner, title="一组", level="team", subject="T1", parent=str(above.pk), contribution="60")
    answer = owner.post("/objectives/new", {
        **FAST, "title": "二组", "level": "team", "subject": "T2", "parent": str(above.pk), "contribution": "50",
    })  # fmt: skip
    assert answer.status_code == 422
    assert "最多还能占 40%" in text(answer.content.decode())
    assert Objective.objects.count() == 2


def test_a_start_and_a_target_that_are_the_same_are_refused_and_the_words_stay(owner):
    answer = owner.post("/objectives/new", {**FAST, "baseline0": "5"})
    assert answer.status_code == 422
    assert 'value="每个请求马上有人应"' in answer.content.decode()
    assert Objective.objects.count() == 0


def test_a_key_result_that_is_no_number_is_refused_not_dropped(owner):
    for wrong in ({"target0": "9" * 40}, {"baseline0": "-1e500"}, {"target0": "快"}):
        answer = owner.post("/objectives/new", {**FAST, **wrong})
        assert answer.status_code == 422
        assert "不是数字" in answer.content.decode()
    assert not Objective.objects.exists()


def test_the_owner_of_an_objective_checks_in_and_others_do_not(owner, lead, engineer):
    number = made(owner).pk
    lead.post(f"/objectives/{number}/check-in", {"confidence": "near", "note": "人手不够"})
    assert engineer.post(f"/objectives/{number}/check-in", {"confidence": "bad"}).status_code == 403
    assert CheckIn.objects.count() == 1
    assert "有风险" in shown(owner, "/objectives/")
    assert "人手不够" in shown(lead, f"/objectives/{number}/")


def test_the_wizard_proposes_objectives_with_reasons_and_targets_and_sets_those_chosen(owner):
    page = shown(owner, "/objectives/wizard?way=fast")
    assert "首次响应是客户第一次感到快慢的地方" in page
    assert "平均首次响应时长 15.1 分钟 → 14.4 分钟" in page
    owner.post("/objectives/wizard", {"way": "fast", "take0": "1"})
    assert [each.title for each in Objective.objects.all()] == ["每个请求马上有人应"]
    assert "客户选我们，因为马上有人应" in shown(owner, "/objectives/")


def test_an_objective_is_closed_and_opened_again(owner):
    found = made(owner)
    owner.post(f"/objectives/{found.pk}/close", {"version": "1"})
    assert "还没有目标" in shown(owner, "/objectives/")
    assert owner.post(f"/objectives/{found.pk}/close", {"version": "1"}).status_code == 409
    owner.post(f"/objectives/{found.pk}/close", {"version": "2"})
    assert "每个请求马上有人应" in shown(owner, "/objectives/")


def test_the_map_asks_the_database_as_often_for_three_objectives_as_for_one(owner):
    counts = []
    for several in (1, 2):
        for _each in range(several):
            made(owner)
        owner.get("/objectives/")
        with CaptureQueriesContext(connection) as asked:
            owner.get("/objectives/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_first_page_shows_the_companys_objectives_to_whoever_may_read_the_rules(owner, engineer):
    above = made(owner)
    made(owner, title="一组更快", level="team", subject="T1", parent=str(above.pk), contribution="60")
    page = shown(owner, "/")
    assert ("每个请求马上有人应 50%" in page, "一组更快" in page) == (True, False)
    assert "每个请求马上有人应" not in shown(engineer, "/")
