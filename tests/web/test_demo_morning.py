"""The morning of the demonstration company in the field: something to see for everybody, and played only once."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from fuxiao.cli.server.demo_desk import CLOSES, OPENS, asked_at, at_work
from fuxiao.cli.server.demo_field import fill_field
from fuxiao.cli.server.demo_objectives import fill_objectives
from fuxiao.cli.server.demo_promises import fill_promises
from fuxiao.performance.objectives.models import Objective, Stance
from fuxiao.service.actions.intake import Intake, take_in
from fuxiao.service.models import (
    Contract,
    Cost,
    CostState,
    Customer,
    Device,
    EscalationRule,
    PartLine,
    Product,
    Stock,
    Visit,
)  # fmt: skip
from service.conftest import desk, minutes
from web.conftest import NOW
from web.test_figure_pages import lake_home

__all__ = ["desk", "lake_home"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(desk):
    """Nine open repairs, of two engineers in turn."""
    for place in range(9):
        asked = Intake(
            title="不制冷", case_type="报修", category=desk.category, device=desk.device,
            owner=desk.people[("E3", "E4")[place % 2]],
        )  # fmt: skip
        take_in(desk.lead, asked, at=minutes(-300 + place))
    return fill_field(at=NOW)


def test_everybody_in_the_field_finds_a_day_to_look_at(desk, morning):
    mine = Visit.objects.filter(engineer__number="E3")
    assert (morning, mine.count(), mine.filter(arrived_at__isnull=False, left_at__isnull=True).count()) == (9, 5, 1)
    waiting = PartLine.objects.filter(issued_at__isnull=True, cancelled_at__isnull=True)
    assert {line.part.name for line in waiting} == {"室内机主板", "变频驱动模块"}
    assert Stock.objects.filter(balance__gt=0).count() > 20
    assert Product.objects.get().warranty_months == 72
    pages = {"/visits/mine/": "engineer", "/visits/board/": "dispatcher", "/parts/": "parts", "/costs/": "manager"}
    assert {there: desk.clients[who].get(there).status_code for there, who in pages.items()} == dict.fromkeys(
        pages, 200
    )


def test_two_costs_wait_for_somebody_else(morning):
    waiting = Cost.objects.filter(state=CostState.WAITING).order_by("kind")
    assert [(cost.kind, cost.amount) for cost in waiting] == [("compensation", 15000), ("refund", 26000)]


def test_it_is_not_played_twice(morning):
    assert (fill_field(at=NOW), Visit.objects.count()) == (0, 9)


def test_what_the_company_wants_is_taken_from_its_own_figures_and_once(org, lake_home, settings):
    settings.HOME = lake_home
    assert fill_objectives.call("2026-10", "fast") == Objective.objects.count() > 0
    assert Stance.objects.get().kind == "fast"
    results = [each for objective in Objective.objects.filter(level="company") for each in objective.results.all()]
    assert "FRT" in {each.indicator for each in results}
    assert all(each.baseline != each.target for each in results)
    assert (fill_objectives.call("2026-10", "fast"), Stance.objects.count()) == (0, 1)


def test_two_shops_have_contracts_and_late_urgent_cases_have_rules(desk):
    for number in ("K9", "K8", "K7"):
        shop = Customer.objects.create(number=number, name=f"店 {number}", segment="小微商户")
        Device.objects.create(serial=f"SN-{number}", product=desk.product, customer=shop)
    for _twice in range(2):
        fill_promises(at=NOW)
    held = Contract.objects.order_by("number").values_list("customer__number", "level", "valid_to")
    assert list(held) == [("K7", "金牌", date(2027, 4, 20)), ("K8", "标准", date(2026, 11, 26))]
    assert "HT-2026-001" in desk.clients["dispatcher"].get("/customers/K7/").content.decode()
    rules = EscalationRule.objects.values_list("clock", "missed", "priority", "tell_lead")
    assert list(rules) == [("first_response", False, "紧急", True), ("resolution", True, "紧急", True)]


def test_customers_seldom_write_at_night_and_nobody_answers_then():
    dice, morning = Random(3), NOW
    asked = [asked_at(dice, morning) for _ in range(400)]
    night = sum(not OPENS <= each.time() < CLOSES for each in asked)
    assert 0 < night < 40
    answered = [at_work(dice, each) for each in asked]
    assert all(OPENS <= each.time() < CLOSES for each in answered)
    assert all(each >= before for each, before in zip(answered, asked, strict=True))
