"""Surveys, complaints and checks as each role reaches them: lists, single ones, the page of the case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from fuxiao.service.actions import checks
from fuxiao.service.models import Complaint, Draw, Sampling, Survey, SurveyPolicy
from service.conftest import minutes
from service.lake import resolved, taken
from service.test_checks import found, rubric
from service.test_voice import case, complaint_of, survey
from web.conftest import NOW, queries_of

__all__ = ["case", "rubric", "survey"]
pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_lists_take_as_many_queries_for_three_rows_as_for_one(desk, case, rubric):
    SurveyPolicy.objects.create(active=True, cap_days=0)
    client = desk.clients["owner"]
    pages = ("/surveys/", "/complaints/", "/checks/")

    def more(minute: int) -> None:
        other = resolved(desk, taken(desk, "E3", at=minutes(minute)), at=minutes(minute + 1))
        complaint_of(desk, other)
        checks.check(
            desk.checker, other, found(rubric, desk.people["E3"], sampling=Sampling.TARGETED, reason="x"), at=NOW
        )

    more(1)
    counts = {page: queries_of(client, page) for page in pages}
    more(3)
    more(5)
    assert {page: queries_of(client, page) for page in pages} == counts


ROUTES = {
    "/surveys/": {"owner", "manager", "lead", "engineer", "other", "dispatcher", "checker", "parts", "auditor"},
    "/complaints/": {"owner", "manager", "lead", "dispatcher", "checker", "auditor"},
    "/complaints/new": {"owner", "manager", "lead", "dispatcher", "checker"},
    "/checks/": {"owner", "manager", "lead", "engineer", "other", "dispatcher", "checker", "auditor"},
    "/checks/rubrics": {"owner", "manager"},
    "/surveys/rules": {"owner", "manager"},
}
REACH = {
    "survey": {"owner", "manager", "lead", "engineer", "checker", "auditor"},
    "complaint": {"owner", "manager", "lead", "dispatcher", "checker", "auditor"},
    "check": {"owner", "manager", "lead", "engineer", "checker", "auditor"},
}


def test_role_by_role_everybody_opens_what_is_theirs_and_nothing_else(desk, case, survey, rubric):
    made = complaint_of(desk, case)
    check = checks.check(
        desk.checker, case, found(rubric, desk.people["E3"], sampling=Sampling.TARGETED, reason="x"), at=NOW
    )
    one = {
        "survey": f"/surveys/{survey.number}/", "complaint": f"/complaints/{made.number}/",
        "check": f"/checks/{check.number}/",
    }  # fmt: skip
    wrong = []
    for who, client in desk.clients.items():
        for address, allowed in ROUTES.items():
            status = client.get(address).status_code
            if (status == 200) is not (who in allowed):
                wrong.append((who, address, status))
        for kind, address in one.items():
            status = client.get(address).status_code
            if (status == 200) is not (who in REACH[kind]):
                wrong.append((who, address, status))
    assert wrong == []
    for address in (*ROUTES, *one.values()):
        assert Client().get(address).status_code == 302
    assert Draw.objects.count() == 0


def test_the_page_of_a_case_leads_to_its_survey_its_complaints_and_its_check(desk, case, survey, rubric):
    address = f"/desk/{case.number}/"
    ways = {
        "survey": f"/surveys/{survey.number}/", "complain": f"/complaints/new?case={case.number}",
        "check": f"/checks/case/{case.number}",
    }  # fmt: skip
    pages = {who: desk.clients[who].get(address).content.decode() for who in ("lead", "engineer", "checker", "auditor")}
    offered = {who: {name for name, way in ways.items() if f'"{way}"' in page} for who, page in pages.items()}
    assert offered == {
        "lead": {"survey", "complain"}, "engineer": {"survey"}, "checker": set(ways), "auditor": {"survey"},
    }  # fmt: skip
    made = complaint_of(desk, case)
    check = checks.check(
        desk.checker, case, found(rubric, desk.people["E3"], sampling=Sampling.TARGETED, reason="x"), at=NOW
    )
    after = desk.clients["checker"].get(address).content.decode()
    assert f"/complaints/{made.number}/" in after
    assert f"/checks/{check.number}/" in after
    assert ways["check"] not in after, "it was checked already"
    assert f"/complaints/{made.number}/" not in desk.clients["engineer"].get(address).content.decode()


def test_a_customer_finds_the_way_to_complain_on_the_page_of_the_request(desk, case):
    way = f"/request/case/{case.token}/complain"
    assert f'href="{way}"' in Client().get(f"/request/case/{case.token}").content.decode()
    Client().post(way, {"text": "没有人来"})
    assert Complaint.objects.get(case=case).text == "没有人来"


def test_a_survey_that_ran_out_says_so_and_waits_for_nobody(desk, survey):
    client = desk.clients["owner"]
    page = f"/surveys/{survey.number}/"
    assert "已过期" not in client.get(page).content.decode()
    Survey.objects.update(ends_at=NOW - timedelta(days=400), sent_at=None)
    assert "已过期，客户不能再答" in client.get(page).content.decode()
    found = {
        state: client.get(f"/surveys/?state={state}").content.decode() for state in ("waiting", "open", "over", "")
    }
    assert {state: survey.number in page for state, page in found.items()} == {
        "waiting": False, "open": False, "over": True, "": True,
    }  # fmt: skip
    assert 'class="chip">已过期' in found[""]
