"""The customers' voice on the demonstration's morning: something to see for checkers and whoever handles complaints."""

from __future__ import annotations

import pytest

from fuxiao.cli.server.demo_voice import fill_voice
from fuxiao.core.case_life import Verb
from fuxiao.service.actions.checks import Found, check
from fuxiao.service.actions.intake import Intake, take_in
from fuxiao.service.actions.life import Act, act
from fuxiao.service.models import Check, Complaint, Customer, Survey, Validity
from service.conftest import desk, minutes
from web.conftest import NOW

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def morning(desk):
    """Eleven repairs of eleven customers, the last three still at work."""
    for place in range(11):
        asked = Intake(
            title="不制冷", case_type="报修", category=desk.category, owner=desk.people[("E3", "E4")[place % 2]],
            customer=Customer.objects.create(number=f"K9{place}", name="某女士"),
        )  # fmt: skip
        case = take_in(desk.lead, asked, at=minutes(-900 + place))
        for after, verb in enumerate((Verb.ACCEPT, Verb.RESOLVE) if place < 8 else (Verb.ACCEPT,), 1):
            step = Act(verb=verb, resolution_code="repaired" if verb is Verb.RESOLVE else "")
            act((desk.engineer, desk.other)[place % 2], case.number, step, at=minutes(-900 + place + after))
    return fill_voice(at=NOW)


def test_customers_were_asked_and_most_answered(morning):
    answered = Survey.objects.filter(answered_at__isnull=False)
    assert (Survey.objects.filter(sent_at__isnull=False).count(), answered.count()) == (8, 6)


def test_a_complaint_stands_in_each_state(desk, morning):
    found = Complaint.objects.order_by("received_at")
    states = [(each.acknowledged_at is not None, each.resolved_at is not None, each.validity) for each in found]
    assert states == [
        (True, True, Validity.VALID), (True, True, Validity.PENDING), (True, False, Validity.PENDING),
        (False, False, Validity.PENDING),
    ]  # fmt: skip
    assert morning == len(states)
    assert desk.clients["manager"].get("/complaints/").status_code == 200


def test_samples_are_drawn_and_checked(desk, morning):
    assert [each.score for each in Check.objects.order_by("number")] == [100, 90]
    assert desk.clients["checker"].get("/checks/").status_code == 200


def test_a_case_judged_twice_shows_the_other_judgement(desk, morning):
    first = Check.objects.order_by("number")[0]
    marks = {**first.marks, "c5": False}
    found = Found(rubric=first.rubric, person=first.person, sampling=first.sampling, marks=marks, again=first)
    second = check(desk.checker, first.case, found, at=NOW)
    for shown, other in ((first, second), (second, first)):
        page = desk.clients["checker"].get(f"/checks/{shown.number}/").content.decode()
        assert f'href="/checks/{other.number}/"' in page


def test_it_is_not_played_twice(morning):
    assert (fill_voice(at=NOW), Check.objects.count()) == (0, 2)
