"""Who opens which scorecard and board of a review cycle, who reviews whom, and who takes a cycle on."""

from __future__ import annotations

import pytest

from fuxiao.base.permissions import Role
from fuxiao.performance.cycles.models import CycleMember
from web.conftest import account, signed_in
from web.test_cycles import company, cycle, lake, made_home, page, press, step
from web.test_figure_pages import shown

__all__ = ["company", "cycle", "lake", "made_home"]
pytestmark = [pytest.mark.django_db, pytest.mark.lake]
SCORECARDS = {
    "hr": {"E2": 200, "E3": 200, "E4": 200},
    "lead": {"E2": 200, "E3": 200, "E4": 404},
    "zhang": {"E2": 404, "E3": 200, "E4": 404},
    "li": {"E2": 404, "E3": 404, "E4": 200},
}


def test_nobody_opens_a_scorecard_that_is_not_theirs_to_see(company, cycle):
    press(company["hr"], cycle)
    for who, answers in SCORECARDS.items():
        for person, expected in answers.items():
            for address in ("", "item/FRT/"):
                assert company[who].get(page(cycle, person) + address).status_code == expected, (who, person, address)


def test_only_hr_and_the_owner_take_a_cycle_on(company, cycle):
    for who in ("lead", "zhang"):
        assert press(company[who], cycle).status_code == 403
        assert company[who].get("/performance/cycles/new/").status_code == 403
    assert step(cycle) == "running"
    assert company["zhang"].get("/performance/cycles/").status_code == 403


def test_the_board_of_a_lead_shows_the_own_team_alone(company, cycle):
    board = shown(company["lead"], f"/performance/cycles/{cycle.pk}/")
    assert "张伟" in board
    assert "李娜" not in board


def test_nobody_reviews_themselves_or_somebody_elses_people(company, cycle):
    hr = company["hr"]
    for _ in range(3):
        press(hr, cycle)
    assert step(cycle) == "lead_review"
    review = {"kind": "lead", "strengths": "好", "weaknesses": "无"}
    assert company["lead"].post(page(cycle, "E2") + "write/", review).status_code == 403
    assert company["lead"].post(page(cycle, "E4") + "write/", review).status_code == 404
    assert company["zhang"].post(page(cycle, "E3") + "write/", review).status_code == 403
    half = company["lead"].post(page(cycle, "E3") + "write/", review | {"weaknesses": " "})
    assert half.status_code == 400
    assert not CycleMember.objects.exclude(reviewed_at=None).exists()


def test_an_integrator_who_is_an_engineer_sees_no_more_scorecards_than_an_engineer(company, cycle):
    both = signed_in(account("both", Role.INTEGRATOR, Role.ENGINEER, person="E1"))
    assert both.get(page(cycle, "E3")).status_code == 404
    assert both.get(page(cycle, "E1")).status_code == 200
