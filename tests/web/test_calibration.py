"""Calibration: grades change there, with a reason, and nowhere else; nobody reads the own one before the others."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fuxiao.base.permissions import Role
from fuxiao.org.models import RoleGrant, User
from fuxiao.performance.cycles.models import Cycle, CycleMember, GradeChange, Scorecard
from fuxiao.web.performance.calibration import columns
from web.conftest import NOW
from web.test_appeals import card
from web.test_cycles import OPEN, company, lake, made_home, page, press
from web.test_figure_pages import shown

__all__ = ["company", "lake", "made_home"]
pytestmark = [pytest.mark.django_db, pytest.mark.lake]


def test_a_grade_is_changed_in_calibration_with_a_reason_and_only_there(company):
    hr = company["hr"]
    hr.post("/performance/cycles/new/", OPEN | {"stages": ["calibration"]})
    cycle = Cycle.objects.get()
    press(hr, cycle)
    before = card("E3").grade
    address = f"/performance/cycles/{cycle.pk}/calibration/"
    change = {"person": "E3", "grade": "B", "reason": "与同组横向比较后一致认为。"}
    assert hr.post(address, change).status_code == 400
    press(hr, cycle)
    assert hr.post(address, change | {"reason": " "}).status_code == 400
    assert hr.post(address, change).status_code == 302
    assert (card("E3").grade, card("E3").why, card("E3").coefficient) == ("B", "calibration", Decimal("1.0000"))
    told = GradeChange.objects.get()
    assert (told.old, told.new) == (before, "B")
    assert f"{before} → B" in shown(hr, address)
    assert company["lead"].post(address, change).status_code == 403
    assert before in shown(company["zhang"], page(cycle, "E3"))
    assert card("E4").n == 1


def test_a_lead_does_not_read_the_own_grade_before_it_is_shared(company):
    hr = company["hr"]
    hr.post("/performance/cycles/new/", OPEN | {"stages": ["calibration"]})
    cycle = Cycle.objects.get()
    press(hr, cycle)
    press(hr, cycle)
    zhang, manager = User.objects.get(username="zhang"), company["zhang"]
    RoleGrant.objects.create(user=zhang, role=Role.MANAGER, granted_at=NOW)
    address = f"/performance/cycles/{cycle.pk}/"
    hr.post(address + "calibration/", {"person": "E3", "grade": "D", "reason": "只为测试。"})
    assert card("E3").grade == "D"
    for where in (address, address + "calibration/", page(cycle, "E3"), "/performance/"):
        assert "只为测试" not in shown(manager, where), where
    own = next(each for each in manager.get(f"{address}?page=1").context["page"] if each.member.person == "E3")
    assert (own.score, own.grade) == ("—", "")
    assert "E3" not in {each.person for each in manager.get(address + "calibration/").context["members"]}


def test_in_each_grade_those_with_the_most_points_stand_first():
    scores = {"E1": "88.00", "E2": "94.00", "E3": "91.50"}
    people = [
        CycleMember(pk=n, person=person, scorecard=Scorecard(grade="A", score=Decimal(score)))
        for n, (person, score) in enumerate(scores.items())
    ]
    [column] = columns(Cycle.objects.create(opened_at=NOW, cut_off_on=NOW.date()), people, ["A"])
    assert [each.person for each in column.members] == ["E2", "E3", "E1"]
