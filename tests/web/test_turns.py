"""A lead goes through the own waiting reviews and talks without going back to the board."""

from __future__ import annotations

import pytest

from fuxiao.org.models import User
from fuxiao.performance.cycles.models import Cycle, CycleMember
from web.conftest import signed_in_as
from web.test_cycles import OPEN, STAFF, begun_once, lake, made_home, page, press, step
from web.test_figure_pages import shown

__all__ = ["lake", "made_home"]
pytestmark = [pytest.mark.django_db, pytest.mark.lake]
REVIEW = {"kind": "lead", "strengths": "快。", "weaknesses": "重开偏多。"}


@pytest.fixture(scope="module")
def begun(standing, home, made_home):
    """A cycle in which 王芳 reviews 张伟, whom she leads, and 李娜, in the place of her lead."""
    cycle = begun_once(standing, made_home, stages=OPEN["stages"], presses=3)
    assert step(cycle) == "lead_review"
    asked = {"reviewer": User.objects.get(username="lead").pk, "reason": "主管出差"}
    assert signed_in_as("hr")["hr"].post(page(cycle, "E4") + "reviewer/", asked).status_code == 302


@pytest.fixture
def company(begun, db, lake):
    return signed_in_as(*STAFF)


@pytest.fixture
def reviewing(company):
    return Cycle.objects.get()


def test_reviews_are_written_one_after_the_other_with_how_many_are_left(company, reviewing):
    lead, board = company["lead"], f"/performance/cycles/{reviewing.pk}/"
    assert "写评语（2 人）" in shown(lead, board)
    first = page(reviewing, "E3")
    assert f'href="{first}"' in lead.get(board).content.decode()
    told = lead.get(first).content.decode()
    assert "等您写评语的还有 2 人" in told
    assert told.count(f'href="{page(reviewing, "E4")}"') == 2, "the one before and the one after are the same here"
    answer = lead.post(first + "write/", REVIEW | {"then": "next"})
    assert answer.url == page(reviewing, "E4")
    assert "等您写评语的还有 1 人" in shown(lead, answer.url)
    assert lead.post(answer.url + "write/", REVIEW | {"then": "next"}).url == board
    assert "您的评语都写完了" in shown(lead, first)
    assert "写评语（" not in shown(lead, board)


def test_whoever_saves_without_going_on_stays_and_a_refused_review_stays_too(company, reviewing):
    lead, first = company["lead"], page(reviewing, "E3")
    refused = lead.post(first + "write/", REVIEW | {"weaknesses": " ", "then": "next"})
    assert (refused.status_code, CycleMember.objects.exclude(reviewed_at=None).count()) == (400, 0)
    assert lead.post(first + "write/", REVIEW).url == first


def test_who_reviews_nobody_is_shown_no_turns(company, reviewing):
    assert "等您写评语" not in shown(company["hr"], page(reviewing, "E3"))
    assert "写评语（" not in shown(company["hr"], f"/performance/cycles/{reviewing.pk}/")


def test_talks_are_written_down_one_after_the_other(company, reviewing):
    lead, hr = company["lead"], company["hr"]
    for person in ("E3", "E4"):
        lead.post(page(reviewing, person) + "write/", REVIEW)
    hr.post(f"/performance/cycles/{reviewing.pk}/waive/", {"reason": "其他人没有主管"})
    press(hr, reviewing)
    assert step(reviewing) == "shared"
    assert "我的面谈（2 人）" in shown(lead, f"/performance/cycles/{reviewing.pk}/")
    talk = {"will": "回访", "action": ["回访"], "help": [""], "due": ["2026-12-10"], "then": "next"}
    answer = lead.post(page(reviewing, "E3") + "talk/", talk)
    assert answer.url == page(reviewing, "E4") + "talk/"
    assert "等您面谈的还有 1 人" in shown(lead, answer.url)
    assert "等您面谈" not in shown(company["zhang"], page(reviewing, "E3") + "talk/")
