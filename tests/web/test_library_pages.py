"""The library of indicators as a manager reads it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from web.figures_home import figures_home
from web.test_figure_pages import line, shown, text

pytestmark = [pytest.mark.django_db, pytest.mark.lake]


@pytest.fixture(scope="module")
def lake_home(tmp_path_factory):
    return figures_home(tmp_path_factory.mktemp("library") / "home")


@pytest.fixture(autouse=True)
def _lake(lake_home, settings):
    settings.HOME = lake_home


def test_the_library_tells_each_indicators_meaning_and_the_figure_of_last_month(owner):
    found = line(shown(owner, "/library/"), "平均首次响应时长 FRT")
    assert "从受理到首次人工响应的平均时长" in found
    assert "时效 15.1 分钟" in found


def test_indicators_are_found_by_the_initials_of_their_names_and_by_kind(owner):
    assert "一次修复率 FTF" in shown(owner, "/library/?q=ycxfl")
    voice = shown(owner, "/library/?kind=voice")
    assert "满意度" in voice
    assert "平均首次响应时长" not in voice


def test_an_indicator_shows_who_is_credited_what_is_gamed_who_uses_it_and_every_team(owner):
    page = shown(owner, "/library/FRT/")
    for told in ("首次响应人", "先发一句“已收到”应付计时", "有效首响率", "家电上门服务 · 客服专员 20%",
                 "一组 10.0 分钟", "二组 20.0 分钟"):  # fmt: skip
        assert told in page


def test_a_lead_sees_the_own_team_and_an_engineer_no_team_at_all(lead, engineer):
    assert "一组 10.0 分钟" in shown(lead, "/library/FRT/")
    assert "二组" not in shown(lead, "/library/FRT/")
    assert "一组 10.0 分钟" not in shown(engineer, "/library/FRT/")


def test_nothing_found_says_what_to_do(owner):
    assert "没有找到" in shown(owner, "/library/?q=zzzzz")


def test_an_unknown_code_names_the_nearest(owner):
    answer = owner.get("/library/FTFF/")
    assert answer.status_code == 404
    assert "FTF" in text(answer.content.decode())


def test_the_library_asks_the_database_as_often_for_one_indicator_as_for_all(owner):
    counts = []
    for query in ("?q=FTF", ""):
        owner.get(f"/library/{query}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            owner.get(f"/library/{query}")
        counts.append(len(asked))
    assert counts[0] == counts[1]
