"""Checks are drawn for all to see, count once, and are made by a rubric that keeps its versions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fuxiao.core.errors import InputError
from fuxiao.core.quality import drawn
from fuxiao.service.actions import checks
from fuxiao.service.models import Check, Sampling, SurveyPolicy
from fuxiao.service.publish import records_of
from service.conftest import minutes
from service.lake import resolved, taken
from service.test_voice import case
from web.conftest import NOW

__all__ = ["case"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]
RUBRIC = [
    {"key": "a", "zh": "问候", "en": "Greeting", "weight": 40, "critical": ""},
    {"key": "b", "zh": "合规", "en": "Rules kept", "weight": 60, "critical": "compliance"},
]


@pytest.fixture
def rubric(desk):
    return checks.save_rubric(desk.manager, "service", "服务质检", RUBRIC, pass_mark=Decimal(85), at=NOW)


def found(rubric, person, **given):
    return checks.Found(
        **({"rubric": rubric, "person": person, "sampling": Sampling.RANDOM, "marks": {"a": True, "b": True}} | given)
    )


def test_anybody_can_draw_the_same_cases_from_the_published_seed(desk, case, rubric):
    SurveyPolicy.objects.create(active=False)
    more = [resolved(desk, taken(desk, "E3", at=minutes(n)), at=minutes(n + 1)) for n in range(4)]
    made = checks.draw(desk.checker, "2026-11", desk.people["E3"], count=2, at=NOW)
    assert made.among == sorted(each.number for each in (case, *more))
    assert made.drawn == drawn(made.among, seed=made.seed, count=2)
    with pytest.raises(InputError, match=r"check\.drawn_already"):
        checks.draw(desk.checker, "2026-11", desk.people["E3"], count=2, at=NOW)
    page = desk.clients["engineer"].get(f"/checks/drawn/{made.pk}").content.decode()
    assert made.seed in page
    assert desk.clients["other"].get(f"/checks/drawn/{made.pk}").status_code == 404


def test_a_check_of_a_drawn_case_counts_and_one_made_twice_only_compares(desk, case, rubric):
    checks.draw(desk.checker, "2026-11", desk.people["E3"], count=1, at=NOW)
    person = desk.people["E3"]
    made = checks.check(desk.checker, case, found(rubric, person, marks={"a": True, "b": False}), at=NOW)
    assert (made.score, made.critical, made.passed) == (Decimal("40.00"), "compliance", False)
    with pytest.raises(InputError, match=r"check\.made_already"):
        checks.check(desk.checker, case, found(rubric, person), at=NOW)
    with pytest.raises(InputError, match=r"check\.not_by_the_same"):
        checks.check(desk.checker, case, found(rubric, person, again=made), at=NOW)
    twice = checks.check(desk.owner, case, found(rubric, person, again=made), at=NOW)
    [row] = records_of([("checks", made.number), ("checks", twice.number)])["checks"]
    assert (row["check_id"], row["score"], row["sampling"], row["passed"]) == (made.number, made.score, "random", False)
    [first, second] = desk.clients["checker"].get("/checks/").context["raters"]
    assert {(r.name, r.mean, r.away, r.percent) for r in (first, second)} == {
        ("checker", Decimal("40.0"), Decimal("-30.0"), "50%"), ("owner", Decimal("100.0"), Decimal("30.0"), "50%")
    }  # fmt: skip


def test_a_case_that_was_not_drawn_is_checked_with_a_reason_and_apart(desk, case, rubric):
    person = desk.people["E3"]
    with pytest.raises(InputError, match=r"check\.not_drawn"):
        checks.check(desk.checker, case, found(rubric, person), at=NOW)
    with pytest.raises(InputError, match=r"check\.no_reason"):
        checks.check(desk.checker, case, found(rubric, person, sampling=Sampling.TARGETED), at=NOW)
    asked = {"c-a": "1", "c-b": "na", "reason": "客户来电反映", "comment": ""}
    answer = desk.clients["checker"].post(f"/checks/case/{case.number}", asked)
    made = Check.objects.get()
    assert answer["Location"] == f"/checks/{made.number}/"
    assert (made.sampling, made.score, made.reason) == ("targeted", Decimal("100.00"), "客户来电反映")
    assert "合规" in desk.clients["engineer"].get(f"/checks/{made.number}/").content.decode()


def test_a_rubric_is_built_on_a_page_and_each_saving_is_a_version(desk, rubric):
    client = desk.clients["manager"]
    assert client.get("/checks/rubrics/service").status_code == 200
    sent = {
        "name": "服务质检", "pass_mark": "90", "key": ["a", "", ""], "zh": ["问候", "耐心", ""], "en": ["", "", ""],
        "weight": ["50", "50", ""], "critical": ["", "customer", ""],
    }  # fmt: skip
    assert client.post("/checks/rubrics/service", sent).status_code == 302
    newest = type(rubric).objects.get(version=2)
    assert [(each["key"], each["zh"], each["weight"]) for each in newest.criteria] == [
        ("a", "问候", 50),
        ("c1", "耐心", 50),
    ]
    assert client.post("/checks/rubrics/service", sent | {"weight": ["0", "50", ""]}).status_code == 422
    assert client.post("/checks/rubrics/service", sent | {"pass_mark": "101"}).status_code == 422
    assert type(rubric).objects.count() == 2
