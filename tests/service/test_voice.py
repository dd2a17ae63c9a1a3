"""Surveys are answered once, by a click; complaints are judged by nobody accused; checks are drawn for all to see."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from fuxiao.base.models import AuditEntry, Notice
from fuxiao.core.case_life import Verb
from fuxiao.core.errors import Conflict, InputError, NotPermitted
from fuxiao.core.quality import drawn
from fuxiao.service.actions import checks, complaints, surveys
from fuxiao.service.actions.life import Act, act
from fuxiao.service.models import Check, Complaint, Draw, FeedEntry, Sampling, Survey, SurveyPolicy, Validity
from fuxiao.service.publish import records_of
from fuxiao.service.survey_mail import mail as send
from service.conftest import minutes
from service.lake import resolved, taken
from web.conftest import NOW, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]
GOOD = surveys.Answer(csat=5, nps=9, solved=True)


@pytest.fixture
def case(desk):
    """A case that 张伟 took and resolved half an hour later."""
    return resolved(desk, taken(desk, "E3", at=NOW - timedelta(hours=2)), at=NOW - timedelta(hours=1))


@pytest.fixture
def survey(case):
    return Survey.objects.get(case=case)


def address(survey) -> str:
    return f"/s/{surveys.token_of(survey.number)}/"


def later(days: float):
    return NOW + timedelta(days=days)


def test_a_resolve_asks_the_customer_about_whoever_had_the_case(desk, case, survey):
    assert (survey.about, survey.customer, survey.channel) == (desk.people["E3"], desk.customer, "link")
    act(desk.lead, case.number, Act(verb=Verb.REOPEN, reason="又坏了"), at=NOW)
    survey.refresh_from_db()
    assert survey.withdrawn_at == NOW
    with pytest.raises(InputError, match=r"survey\.over"):
        surveys.answer(survey, GOOD, ip="", at=NOW)


def test_a_customer_is_asked_once_within_the_days_of_the_policy(desk, case, survey):
    for minute, asked in ((10, 1), (20, 1)):
        resolved(desk, taken(desk, "E3", at=minutes(minute)), at=minutes(minute + 5))
        assert Survey.objects.count() == asked
    SurveyPolicy.objects.create(cap_days=0)
    resolved(desk, taken(desk, "E3", at=minutes(30)), at=minutes(35))
    assert Survey.objects.count() == 2
    SurveyPolicy.objects.update(active=False)
    resolved(desk, taken(desk, "E3", at=minutes(40)), at=minutes(45))
    assert Survey.objects.count() == 2


def test_a_hundred_fetches_by_scanners_record_nothing(survey):
    scanner = Client(enforce_csrf_checks=True)
    for visit in range(50):
        assert scanner.get(address(survey), {"csat": "1", "utm": visit}).status_code == 200
        assert scanner.head(address(survey), headers={"Purpose": "prefetch"}).status_code == 200
    assert scanner.post(address(survey), {"csat": "1"}).status_code == 403  # without the page's token
    survey.refresh_from_db()
    assert (survey.answered_at, survey.csat, survey.sent_at) == (None, None, None)
    assert not FeedEntry.objects.filter(dataset="surveys").exists()


def test_a_double_click_records_one_answer_and_the_second_changes_nothing(survey, case):
    customer = Client()
    first = customer.post(address(survey), {"csat": "5", "nps": "9", "solved": "yes", "comment": "很好"})
    second = customer.post(address(survey), {"csat": "1", "solved": "no"})
    assert "谢谢您的评价" in first.content.decode()
    assert "谢谢您的评价" in second.content.decode()
    survey.refresh_from_db()
    assert (survey.csat, survey.nps, survey.solved, survey.comment) == (5, 9, True, "很好")
    assert FeedEntry.objects.filter(dataset="surveys").count() == 1
    assert AuditEntry.objects.filter(action="survey.answered").count() == 1
    [row] = records_of([("surveys", survey.number)])["surveys"]
    assert (row["csat"], row["nps"], row["solved"], row["about_person"], row["delivered"]) == (5, 9, True, "E3", True)
    assert row["invited_at"] == row["answered_at"] == int(NOW.timestamp())
    assert surveys.answer(survey, GOOD, ip="", at=NOW) is False


def test_a_late_or_invented_link_and_a_missing_mark_record_nothing(survey, monkeypatch):
    customer = Client()
    invented = customer.get("/s/" + "0" * 40 + "/")
    assert invented.status_code == 404
    assert "链接可能不完整，或已经失效。" in invented.content.decode()
    assert "权限" not in invented.content.decode()  # a customer has none
    refused = customer.post(address(survey), {"comment": "hm"})
    assert refused.status_code == 422
    assert "请选一项。" in refused.content.decode()
    monkeypatch.setenv("FUXIAO_NOW", later(30).isoformat())
    assert "评价已结束" in customer.post(address(survey), {"csat": "5"}).content.decode()
    survey.refresh_from_db()
    assert survey.answered_at is None


def test_the_page_speaks_the_customers_language_and_can_be_switched(survey):
    assert "请评价这次服务" in Client().get(address(survey)).content.decode()
    assert "How was this service?" in Client().get(address(survey), {"lang": "en"}).content.decode()
    Survey.objects.update(language="en")
    page = Client().get(address(survey))
    assert "How was this service?" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Referrer-Policy"] == "same-origin"  # with none at all a browser's form would come from nowhere


def test_a_low_mark_is_told_to_the_owner_and_the_lead_and_stands_in_the_timeline(desk, case, survey):
    Client().post(address(survey), {"csat": "2", "solved": "no", "comment": "还是不凉"})
    told = set(Notice.objects.filter(kind="survey.low").values_list("account__username", flat=True))
    assert told == {"engineer", "lead"}
    page = desk.clients["lead"].get(f"/desk/{case.number}/").content.decode()
    assert "还是不凉" in page
    assert "2 / 5" in page


def test_mail_asks_and_reminds_once_in_the_customers_words(desk, settings):
    settings.EMAIL_HOST, settings.ADDRESS = "mail", "https://service.example"
    desk.customer.email = "zhou@example.com"
    desk.customer.save()
    case = resolved(desk, taken(desk, "E3", at=NOW), at=minutes(5))
    survey = Survey.objects.get(case=case)
    assert survey.channel == "mail"
    assert surveys.send_due(send, at=minutes(1)) == 0  # not due
    assert surveys.send_due(send, at=minutes(6)) == 1
    assert surveys.send_due(send, at=minutes(7)) == 0
    assert surveys.send_due(send, at=later(3)) == 1
    assert surveys.send_due(send, at=later(4)) == 0
    first, reminder = mail.outbox
    assert first.to == reminder.to == ["zhou@example.com"]
    assert f"https://service.example{address(survey)}" in first.body
    assert reminder.subject.startswith("提醒")
    survey.refresh_from_db()
    assert (survey.sent_at, survey.reminded_at) == (minutes(6), later(3))


def test_the_policy_is_changed_on_a_page_and_two_at_once_are_shown_both(desk):
    page = desk.clients["manager"].get("/surveys/rules")
    given = {"active": "on", "delay_minutes": 30, "cap_days": 14, "remind_days": 0, "open_days": 5, "low_mark": 3}
    version = page.context["form"].initial["version"]
    answer = desk.clients["manager"].post("/surveys/rules", given | {"version": version})
    assert answer.status_code == 302
    held = surveys.policy()
    assert (held.delay_minutes, held.cap_days, held.ask_nps, held.low_mark) == (30, 14, False, 3)
    assert desk.clients["owner"].post("/surveys/rules", given | {"version": version}).status_code == 409
    assert desk.clients["lead"].get("/surveys/rules").status_code == 403


def complaint_of(desk, case, **given) -> Complaint:
    return complaints.take_complaint(desk.dispatcher, complaints.Given(text="修了两次还坏", case=case, **given), at=NOW)


def decision(validity=Validity.VALID, reason="更换了错误的零件", **given):
    return complaints.Decision(validity=validity, reason=reason, **given)


def test_a_complaint_goes_from_the_survey_page_to_the_closing_that_the_customer_agrees_with(desk, case, survey):
    customer = Client()
    customer.post(address(survey), {"csat": "1"})
    sent = customer.post(f"{address(survey)}complain", {"text": "修了两次还坏"})
    assert "已收到您的投诉" in customer.get(sent["Location"]).content.decode()
    made = Complaint.objects.get()
    assert (made.case, made.survey, made.customer, made.team) == (case, survey, desk.customer, case.team)
    assert (made.acknowledge_due_at - NOW, made.closing_due_at - NOW) == (
        timedelta(hours=24),
        timedelta(days=8),
    )  # working days
    lead = desk.lead
    again = customer.get(f"{address(survey)}complain").context["once"]
    for _press in range(2):
        customer.post(f"{address(survey)}complain", {"text": "还有一件", "once": again})
    assert Complaint.objects.filter(text="还有一件").count() == 1
    answered = customer.get(address(survey)).content.decode()
    assert "您的投诉已登记" in answered
    assert "提交投诉" not in answered
    made = complaints.acknowledge(lead, made.number, version=1, at=minutes(5))
    assert (made.acknowledged_at, made.owner) == (minutes(5), desk.people["E2"])
    made = complaints.settle(lead, made.number, "免费更换", version=2, at=minutes(60))
    made = complaints.confirm(lead, made.number, agrees=False, version=3, at=minutes(70))
    assert (made.resolved_at, made.confirmed) == (None, False)
    made = complaints.settle(lead, made.number, "换新机", version=4, at=minutes(80))
    made = complaints.confirm(lead, made.number, agrees=True, version=5, at=minutes(90))
    assert [step.kind for step in made.steps.all()] == [
        "received", "acknowledged", "settled", "not_agreed", "settled", "confirmed"
    ]  # fmt: skip
    [row] = records_of([("complaints", made.number)])["complaints"]
    assert (row["resolved_at"], row["confirmed"], row["validity"]) == (int(minutes(80).timestamp()), True, "pending")


def test_only_somebody_who_is_not_accused_decides_and_says_why(desk, case):
    made = complaint_of(desk, case)
    person = desk.people["E3"]
    for viewer in (desk.engineer, desk.other, desk.dispatcher, desk.hr, desk.lead, desk.auditor):
        with pytest.raises(NotPermitted):
            complaints.decide(viewer, made.number, decision(person=person), version=1, at=NOW)
    with pytest.raises(InputError, match=r"complaint\.no_reason"):
        complaints.decide(desk.manager, made.number, decision(reason=" "), version=1, at=NOW)
    with pytest.raises(NotPermitted, match=r"complaint\.accused"):
        complaints.decide(desk.manager, made.number, decision(person=desk.people["E1"]), version=1, at=NOW)
    with pytest.raises(NotPermitted, match=r"complaint\.accused"):  # 赵强 leads the department
        complaints.decide(desk.manager, made.number, decision(team=desk.teams["D"]), version=1, at=NOW)
    with pytest.raises(Conflict):
        complaints.decide(desk.manager, made.number, decision(person=person), version=7, at=NOW)
    made.refresh_from_db()
    assert (made.validity, made.version) == (Validity.PENDING, 1)
    complaints.decide(desk.manager, made.number, decision(person=person), version=1, at=NOW)
    [row] = records_of([("complaints", made.number)])["complaints"]
    assert (row["validity"], row["cause_person"], row["cause_unit"]) == ("valid", "E3", None)
    complaints.decide(desk.checker, made.number, decision(Validity.INVALID, "客户误操作"), version=2, at=NOW)
    [row] = records_of([("complaints", made.number)])["complaints"]
    assert (row["validity"], row["cause_person"]) == ("invalid", None)


def test_whoever_worked_on_the_case_sees_that_they_cannot_judge(desk, case):
    made = complaint_of(desk, case)
    act(desk.lead, case.number, Act(verb=Verb.REOPEN, reason="又坏了"), at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=made.pk).update(validity="valid")  # the database wants the reason too
    answer = desk.clients["manager"].post(
        f"/complaints/{made.number}/decide", {"version": 1, "validity": "valid", "person": "E1", "reason": "x"}
    )
    assert answer.status_code == 403
    assert "不能判责" in answer.content.decode()


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
