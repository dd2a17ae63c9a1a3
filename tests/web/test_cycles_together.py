"""A period is paid and sealed as one: what is decided in one of its cycles counts in all of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from command_line import fuxiao
from fuxiao.base.permissions import Role
from fuxiao.org.models import RoleGrant, User
from fuxiao.performance.cycles.actions import advancing
from fuxiao.performance.cycles.models import Appeal, Cycle, CycleMember
from web.conftest import NOW, signed_in_as
from web.cycles_home import PLAN, cycles_home
from web.test_cycles import OPEN, STAFF, hire, lake, page, press, step
from web.test_figure_pages import shown, text
from web.test_pay import AFTER, give, money, paid

__all__ = ["lake"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]
SHARED = PLAN + "pools:\n  department: {weight: score_x_coefficient, label: {zh: 部门奖金池, en: Department pool}}\n"
"""Whose grade is changed gets another share of the pool, and so does everybody else."""
CASE = "E3-10-05"


@pytest.fixture(scope="module")
def made_home(tmp_path_factory):
    home = cycles_home(tmp_path_factory.mktemp("together") / "home")
    (home / "plans" / "small.yaml").write_text(SHARED, encoding="utf-8")
    return home


@pytest.fixture
def company(org, lake):
    hire()
    return signed_in_as(*STAFF)


def begin(hr, team: str, *stages: str, presses: int = 0) -> Cycle:
    """A cycle of one team, taken on by so many presses of its button."""
    answer = hr.post("/performance/cycles/new/", OPEN | {"stages": stages, "teams": [team]})
    assert answer.status_code == 302, text(answer.content.decode())
    cycle = Cycle.objects.latest("id")
    for _ in range(presses):
        press(hr, cycle)
    return cycle


def regrade(hr, cycle, person: str, grade: str) -> None:
    change = {"person": person, "grade": grade, "reason": "与同组横向比较后一致认为。"}
    assert hr.post(f"/performance/cycles/{cycle.pk}/calibration/", change).status_code == 302


def appeal(company, cycle) -> None:
    """张伟 appeals against his first response times: the customer had put one of these cases off."""
    form = {"item": "FRT", "kind": "exclusion", "text": "客户要求改期，不应计入。", "case": [CASE]}
    assert company["zhang"].post(page(cycle, "E3") + "appeal/", form).status_code == 302


def decide(company, *cases: str):
    form = {"state": "accepted", "reason": "客户改期属实。", "case": cases}
    return company["hr"].post(f"/performance/appeals/{Appeal.objects.get().pk}/", form)


def pool(hr, cycle) -> dict[str, Decimal]:
    """What people of a cycle get of the department's pool."""
    return {who: money(row, "部门奖金池") for who, row in paid(hr, cycle).items()}


def seal(hr, *cycles) -> None:
    """One after the other is made final, then sealed; every figure and row is found again."""
    for _ in ("final", "sealed"):
        for cycle in cycles:
            press(hr, cycle)
    for cycle in cycles:
        assert step(cycle) == "sealed"
        assert "一致" in text(hr.post(f"/performance/cycles/{cycle.pk}/verify/", follow=True).content.decode())


@pytest.mark.parametrize("first", ["T1", "T2"])
def test_what_one_cycle_decides_counts_in_the_other_and_both_are_sealed_in_either_order(
    company, lake, monkeypatch, first
):
    hr = company["hr"]
    one, two = begin(hr, "T1", "calibration", presses=2), begin(hr, "T2", presses=2)
    give(hr, two, pool__department__="900")
    before = pool(hr, two)

    # A grade is lowered in calibration of the one: in the other the share of the pool grows, and that is all.
    regrade(hr, one, "E3", "D")
    after = pool(hr, two)
    assert after["E4"] > before["E4"]
    card = CycleMember.objects.get(person="E4").scorecard
    assert (card.why, card.grade) == ("amounts", CycleMember.objects.get(person="E4").scorecards.get(n=1).grade)

    # An appeal of the one is heard: the other waits for it, then neither can change any more.
    press(hr, one)
    appeal(company, one)
    monkeypatch.setenv("FUXIAO_NOW", AFTER)
    assert "同一期间还有 1 个周期没到能定案的一步" in shown(hr, f"/performance/cycles/{two.pk}/")
    assert press(hr, two).status_code == 400
    assert decide(company, CASE).status_code == 302
    assert [each.rulings for each in Cycle.objects.all()] == [Cycle.objects.get(pk=one.pk).rulings] * 2
    assert sum(pool(hr, one).values()) + sum(pool(hr, two).values()) == 900
    seal(hr, *((one, two) if first == "T1" else (two, one)))
    assert fuxiao("verify", home=lake).code == 0


@pytest.mark.parametrize("opened", ["before", "after"])
def test_a_cycle_that_is_scored_after_the_other_decided_knows_it_from_the_first_version_on(
    company, lake, monkeypatch, opened
):
    """Whether it was opened before that or after."""
    hr = company["hr"]
    two = begin(hr, "T2") if opened == "before" else None
    one = begin(hr, "T1", "calibration", presses=2)
    give(hr, one, pool__department__="900")
    regrade(hr, one, "E3", "D")
    two = two or begin(hr, "T2")
    press(hr, two)
    held = Cycle.objects.get(pk=two.pk)
    assert (held.step, held.is_behind, CycleMember.objects.get(person="E4").scorecard.n) == ("computed", False, 1)
    assert sum(pool(hr, one).values()) + sum(pool(hr, two).values()) == 900
    press(hr, one)
    press(hr, two)
    monkeypatch.setenv("FUXIAO_NOW", AFTER)
    seal(hr, two, one)


def test_no_cycle_joins_a_period_whose_results_are_final(company, lake, monkeypatch):
    hr = company["hr"]
    one = begin(hr, "T1", presses=2)
    give(hr, one, pool__department__="900")
    monkeypatch.setenv("FUXIAO_NOW", AFTER)
    press(hr, one)
    assert step(one) == "final"
    answer = hr.post("/performance/cycles/new/", OPEN | {"stages": [], "teams": ["T2"]})
    assert (answer.status_code, Cycle.objects.count()) == (400, 1)
    assert "这些班组从下一期间参加" in text(answer.content.decode())


def test_an_appeal_after_the_other_cycle_is_final_is_heard_without_changing_what_stands(company, lake, monkeypatch):
    """An earlier version made cycles final each on its own: the case is corrected at its source, and paid later."""
    hr = company["hr"]
    one, two = begin(hr, "T1", presses=2), begin(hr, "T2", presses=2)
    give(hr, one, pool__department__="900")
    appeal(company, one)
    Cycle.objects.filter(pk=two.pk).update(step="final", final_by="人事", final_at="2026-11-11T09:00:00+08:00")
    refused = decide(company, CASE)
    assert "随下一期发放" in text(refused.content.decode())
    assert (Appeal.objects.get().state, Cycle.objects.get(pk=one.pk).rulings) == ("open", [])
    assert decide(company).status_code == 302
    monkeypatch.setenv("FUXIAO_NOW", AFTER)
    press(hr, one)
    for cycle in (one, two):
        press(hr, cycle)
        assert step(cycle) == "sealed"


def test_whoever_is_in_the_one_cycle_learns_nothing_of_the_own_result_from_the_pay_of_the_other(company, lake):
    """What the others get of a pool tells what is left for oneself."""
    hr, chief = company["hr"], company["zhang"]
    RoleGrant.objects.create(user=User.objects.get(username="zhang"), role=Role.HR, granted_at=NOW)
    one, two = begin(hr, "T1", "calibration", presses=2), begin(hr, "T2", presses=2)
    give(hr, one, pool__department__="900")
    regrade(hr, one, "E3", "D")
    assert pool(chief, two) == {"E4": 0}, "as first computed"
    assert pool(hr, two)["E4"] > 0
    press(hr, one)
    assert pool(chief, two) == pool(hr, two)


def test_whether_the_others_are_decided_costs_the_same_however_many_they_are(db, django_assert_num_queries):
    """One of each kind that is not ready to be final, and some that are."""
    kept = {"period": "2026-10", "cut_off_on": NOW.date(), "opened_at": NOW}
    over = {"step": "shared", "window_ends": NOW.date() - timedelta(days=1)}
    mine = Cycle.objects.create(scope="T0", **kept, **over)
    with CaptureQueriesContext(connection) as alone:
        assert advancing.standing_of(mine, today=NOW.date()).undecided == 0
    open_ones = {"step": "running"}, over | {"window_ends": NOW.date()}, over | {"calculation": 1, "amounts_given": 1}
    others = [over, *open_ones, over, {"step": "final"}, {"step": "sealed"}]
    made = [Cycle.objects.create(scope=f"T{n}", **kept, **each) for n, each in enumerate(others, start=1)]
    member = CycleMember.objects.create(cycle=made[0], person="E3", name="张伟")
    due = {"filed_at": NOW, "answer_due": NOW.date(), "due_on": NOW.date()}
    Appeal.objects.create(member=member, indicator="FRT", kind="data", text="客户改期", **due)
    with django_assert_num_queries(len(alone)):
        assert advancing.standing_of(mine, today=NOW.date()).undecided == 4
