"""The customers' voice on the demonstration's morning: surveys passed on and answered, complaints, quality checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from fuxiao.cli.server.prepare import SYSTEM

if TYPE_CHECKING:
    from fuxiao.base.permissions import Viewer
    from fuxiao.org.models import Person
    from fuxiao.service.models import Check, Complaint, Rubric, Survey

RUBRIC, PASS_MARK = "service", Decimal(85)
CRITERIA = (
    ("问候与身份说明", "Greeting and introduction", 10, ""),
    ("准确弄清问题", "Understood the problem", 20, ""),
    ("方案正确、有效", "The solution is right", 30, "customer"),
    ("记录完整", "The record is complete", 20, "business"),
    ("信息保密、合规收费", "Kept data private, charged by the rules", 20, "compliance"),
)
ANSWERS = (
    (5, 10, True, "师傅准时，讲得清楚"), (4, 8, True, ""), (2, 3, False, "修好一天又响了，要再约时间"), (5, 9, True, ""),
    (5, 10, True, "客服很耐心"), (3, 6, True, "等得有点久"),
)  # fmt: skip
"""Satisfaction, recommendation, solved, and what was written, by the order of the surveys."""
WORDS = (
    ("收费比报价高，要求说明", "12315", "high"),
    ("约好上午，师傅下午才到，没有提前打电话", "internal", "low"),
    ("上门两次都没带齐配件，耽误了两天", "platform", "medium"),
)
HANDLED = ("已退还差价并说明收费标准，客户接受", "已致歉并赠送一次保养", "已联系客户，配件明天到仓，约后天上门")
CHECKED = 6


def fill_voice(*, at: datetime) -> int:
    """Play what customers said since yesterday; how many complaints. Nothing where there is a rubric already."""
    from django.db import transaction

    from fuxiao.service.models import Rubric

    if Rubric.objects.exists():
        return 0
    with transaction.atomic():
        low = _surveys(at)
        _checks(at)
        return len(_complaints(low, at=at))


def _holders(position: str, at: datetime) -> list[Person]:
    from fuxiao.org.models import Membership
    from fuxiao.org.queries import current

    held = current(Membership.objects.filter(position=position), on=at.date())
    return [each.person for each in held.select_related("person").order_by("person__number")]


def _as(people: list[Person], place: int = 0) -> Viewer:
    """Somebody of these; the system where there is nobody."""
    if not people:
        return SYSTEM
    person = people[place % len(people)]
    return replace(SYSTEM, name=person.name, person=person.number)


def _surveys(at: datetime) -> list[Survey]:
    """Most of the links were passed on, and most of those customers answered; those who are not satisfied."""
    from fuxiao.service.actions.surveys import Answer, answer, passed_on
    from fuxiao.service.models import Survey

    waiting = list(Survey.objects.select_related("case__team", "case__owner").filter(due_at__lt=at).order_by("number"))
    passed = waiting[: len(ANSWERS) + 2]
    for survey in passed:
        passed_on(SYSTEM, survey, at=min(at, survey.due_at + timedelta(minutes=4)))
    for survey, (csat, nps, solved, comment) in zip(passed, ANSWERS, strict=False):
        said = Answer(csat=csat, nps=nps, solved=solved, comment=comment)
        answer(survey, said, ip="", at=min(at, survey.due_at + timedelta(minutes=35)))
    return list(Survey.objects.select_related("case__team", "customer").filter(csat__lt=3).order_by("number"))


def _complaints(low: list[Survey], *, at: datetime) -> list[Complaint]:
    """One of each: judged to be the process's fault, settled but not judged, being looked into, not yet answered."""
    from fuxiao.service.actions.complaints import Given, take_complaint
    from fuxiao.service.models import Case

    desk = _as(_holders("complaints", at))
    lately = Case.objects.filter(opened_at__gt=at - timedelta(days=2), owner__isnull=False, surveys__isnull=True)
    made = []
    for place, (case, words) in enumerate(zip(lately.order_by("number")[: len(WORDS)], WORDS, strict=False)):
        text, channel, severity = words
        given = Given(text=text, case=case, channel=channel, severity=severity)
        made.append(take_complaint(desk, given, at=at - timedelta(hours=24 - 3 * place)))
        _handled(desk, made[-1], place, at=at)
    for survey in low[:1]:
        said = Given(text=survey.comment, case=survey.case, customer=survey.customer, survey=survey)
        made.append(take_complaint(replace(SYSTEM, name="customer"), said, at=at - timedelta(minutes=25)))
    return made


def _handled(desk: Viewer, made: Complaint, place: int, *, at: datetime) -> None:
    from fuxiao.service.actions import complaints
    from fuxiao.service.actions.complaints import Decision
    from fuxiao.service.models import Validity

    called = made.received_at + timedelta(minutes=50)
    told = complaints.acknowledge(desk, made.number, version=made.version, at=called)
    step = complaints.settle if place < 2 else complaints.write
    done = step(desk, made.number, HANDLED[place], version=told.version, at=called + timedelta(hours=2))
    if not place:
        verdict = Decision(validity=Validity.VALID, reason="报价单没有列上门费，属流程缺失，不归个人")
        director = _as(_holders("director", at))
        complaints.decide(director, made.number, verdict, version=done.version, at=called + timedelta(hours=5))


def _checks(at: datetime) -> None:
    """Samples of some people, drawn by a published seed; most are checked, one was checked again by somebody else."""
    from fuxiao.service.actions.checks import draw, save_rubric
    from fuxiao.service.models import Case
    from fuxiao.service.terms import terms

    rows = [
        {"key": f"c{place}", "zh": zh, "en": en, "weight": weight, "critical": kind}
        for place, (zh, en, weight, kind) in enumerate(CRITERIA, 1)
    ]
    rubric = save_rubric(SYSTEM, RUBRIC, "服务质检表", rows, pass_mark=PASS_MARK, at=at - timedelta(days=2))
    checkers = _holders("qa", at)
    month = f"{terms().day(at):%Y-%m}"
    done = Case.objects.filter(resolved_at__lt=at, surveys__isnull=False).select_related("owner")
    owners = [case.owner for case in done]
    people = sorted({each for each in owners if each is not None and each not in checkers}, key=lambda who: who.number)
    for place, person in enumerate(people[:CHECKED]):
        drawn = draw(_as(checkers), month, person, count=2, at=at - timedelta(hours=2)).drawn
        if place < CHECKED - 2:
            _judge(rubric, drawn[0], person, checkers, place, at=at - timedelta(minutes=60 - 5 * place))


def _judge(rubric: Rubric, number: str, person: Person, checkers: list[Person], place: int, *, at: datetime) -> Check:
    """The first is faultless, the others miss one criterion each; the second is judged again for calibration."""
    from fuxiao.service.actions.checks import Found, check
    from fuxiao.service.models import Case, Sampling

    case = Case.objects.get(number=number)
    marks: dict[str, bool | None] = {each["key"]: True for each in rubric.criteria}
    if place:
        marks[f"c{place}"] = False
    found = Found(
        rubric=rubric, person=person, sampling=Sampling.RANDOM, marks=marks, comment="录音 02:10 处" if place else "",
    )  # fmt: skip
    made = check(_as(checkers), case, found, at=at)
    if place == 1 and len(checkers) > 1:
        other = replace(found, marks={**marks, "c2": None}, again=made, comment="问题在接通前已说明，不适用")
        check(_as(checkers, 1), case, other, at=at + timedelta(minutes=20))
    return made
