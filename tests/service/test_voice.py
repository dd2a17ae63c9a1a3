"""Surveys are answered once, by a click; complaints are judged by nobody accused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from fuxiao.base.models import AuditEntry, Notice
from fuxiao.core.case_life import Verb
from fuxiao.core.errors import Conflict, InputError, NotPermitted
from fuxiao.service.actions import complaints, surveys
from fuxiao.service.actions.life import Act, act
from fuxiao.service.models import Complaint, FeedEntry, Survey, SurveyPolicy, Validity
from fuxiao.service.publish import records_of
from fuxiao.service.survey_mail import mail as send
from service.conftest import minutes
from service.lake import resolved, taken
from web.conftest import NOW

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
