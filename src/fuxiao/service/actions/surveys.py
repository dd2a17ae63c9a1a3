"""Customers are asked after a resolve, and answer once, by a click on the page: opening a link never does."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.crypto import salted_hmac

from fuxiao.base.actions import announce, notify, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import Conflict, InputError
from fuxiao.org.models import User
from fuxiao.service import feed
from fuxiao.service.models import Case, CaseNumbers, Survey, SurveyChannel, SurveyPolicy
from fuxiao.service.terms import terms

logger = logging.getLogger("fuxiao.service")
KIND = "service.survey"
SYSTEM = Viewer(account=None, name="system")
CUSTOMER = Viewer(account=None, name="customer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a customer said; what was not asked stays open."""

    csat: int
    nps: int | None = None
    ces: int | None = None
    solved: bool | None = None
    comment: str = ""


def policy() -> SurveyPolicy:
    """How customers are asked; the usual way before anybody decided."""
    return SurveyPolicy.objects.order_by("pk").first() or SurveyPolicy()


def token_of(number: str) -> str:
    """What the link of a survey carries: nobody can make it who lacks the installation's secret."""
    return salted_hmac("fuxiao.survey", number, algorithm="sha256").hexdigest()[:40]


def survey_of(token: str) -> Survey | None:
    """The survey that a link leads to."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    named = ("case__owner", "case__team__lead", "customer", "about")
    return Survey.objects.select_related(*named).filter(digest=digest).first()


def plan(case: Case, *, at: datetime) -> Survey | None:
    """Have the customer of a resolved case asked; nobody where they were asked lately, or nobody is to be asked.

    Must run inside the transaction of the resolve.
    """
    rules = policy()
    if not rules.active or case.is_test or case.duplicate_of_id is not None or _asked_lately(case, rules, at=at):
        return None
    number = next_number("S", at=at)
    due = at + timedelta(minutes=rules.delay_minutes)
    by_mail = bool(settings.EMAIL_HOST and case.customer and case.customer.email)
    return Survey.objects.create(
        number=number, digest=hashlib.sha256(token_of(number).encode()).hexdigest(), case=case, customer=case.customer,
        about=case.owner, channel=SurveyChannel.MAIL if by_mail else SurveyChannel.LINK,
        language="en" if rules.english else "zh", due_at=due, ends_at=due + timedelta(days=rules.open_days),
    )  # fmt: skip


def next_number(letter: str, *, at: datetime) -> str:
    """The next number of a series of the month, ``S2611-00042``. Must run inside the transaction that uses it."""
    month = f"{letter}{terms().day(at):%y%m}"
    CaseNumbers.objects.get_or_create(month=month)
    counter = CaseNumbers.objects.select_for_update().get(month=month)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{month}-{counter.last:05d}"


def _asked_lately(case: Case, rules: SurveyPolicy, *, at: datetime) -> bool:
    if case.customer_id is None:
        return Survey.objects.filter(case=case, withdrawn_at__isnull=True).exists()
    since = at - timedelta(days=rules.cap_days)
    asked = Survey.objects.filter(customer=case.customer_id, withdrawn_at__isnull=True)
    return asked.filter(Q(sent_at__gt=since) | Q(sent_at__isnull=True, due_at__gt=since)).exists()


def spared(case: Case) -> tuple[datetime, int] | None:
    """When the customer of a resolved case had been asked, so that they were not asked of this one, and for how many
    days that holds; ``None`` where that is not why."""
    if case.resolved_at is None or case.customer_id is None or not (rules := policy()).active:
        return None
    since = case.resolved_at - timedelta(days=rules.cap_days)
    asked = Survey.objects.filter(customer=case.customer_id, withdrawn_at__isnull=True).exclude(case=case)
    last = asked.filter(due_at__gt=since, due_at__lte=case.resolved_at).order_by("-due_at").first()
    return (last.sent_at or last.due_at, rules.cap_days) if last else None


def withdraw(case: Case, *, at: datetime) -> None:
    """The case is at work again: whoever was not asked yet is not asked now."""
    waiting = Survey.objects.filter(case=case, sent_at__isnull=True, answered_at__isnull=True)
    waiting.filter(withdrawn_at__isnull=True).update(withdrawn_at=at)


def send_due(send: Callable[[Survey, bool], None], *, at: datetime) -> int:
    """Mail what is due and remind once of what is not answered; ``send`` raises where that fails, then it is tried
    again the next time. How many were sent."""
    rules, sent = policy(), 0
    waiting = Survey.objects.select_related("case", "customer").filter(
        channel=SurveyChannel.MAIL, withdrawn_at__isnull=True, answered_at__isnull=True
    )  # fmt: skip
    for survey in waiting.filter(sent_at__isnull=True, due_at__lte=at).order_by("pk"):
        sent += _mailed(survey, send, at=at, again=False, ends=at + timedelta(days=rules.open_days))
    if rules.remind_days:
        since = at - timedelta(days=rules.remind_days)
        late = waiting.filter(sent_at__lte=since, reminded_at__isnull=True, ends_at__gt=at)
        for survey in late.order_by("pk"):
            sent += _mailed(survey, send, at=at, again=True, ends=survey.ends_at)
    return sent


def _mailed(
    survey: Survey, send: Callable[[Survey, bool], None], *, at: datetime, again: bool, ends: datetime
) -> int:  # fmt: skip
    try:
        send(survey, again)
    except OSError:
        logger.exception("survey not sent", extra={"survey": survey.number})
        return 0
    with transaction.atomic():
        values: dict[str, Any] = {"reminded_at": at} if again else {"sent_at": at, "ends_at": ends}
        Survey.objects.filter(pk=survey.pk).update(**values)
        if not again:
            feed.note("surveys", survey.number, at=at)
    return 1


@transaction.atomic
def passed_on(viewer: Viewer, survey: Survey, *, at: datetime) -> None:
    """Somebody gave the customer the link: from now on they count as asked."""
    require(viewer, Permission.CASE_WRITE)
    ends = at + timedelta(days=policy().open_days)
    waiting = Survey.objects.filter(pk=survey.pk, sent_at__isnull=True, withdrawn_at__isnull=True)
    if waiting.update(sent_at=at, ends_at=ends):
        record(viewer, "survey.passed_on", kind=KIND, key=survey.number, label=survey.case.number, at=at)
        feed.note("surveys", survey.number, at=at)
        announce("surveys", at=at)


@transaction.atomic
def answer(survey: Survey, given: Answer, *, ip: str, at: datetime) -> bool:
    """Keep what the customer said; whether this was the first answer. ``InputError`` once it is too late."""
    if survey.withdrawn_at is not None or at >= survey.ends_at:
        raise InputError("survey.over", number=survey.number)
    first = Survey.objects.filter(pk=survey.pk, answered_at__isnull=True).update(
        answered_at=at, sent_at=Coalesce(F("sent_at"), at), csat=given.csat, nps=given.nps, ces=given.ces,
        solved=given.solved, comment=given.comment, source_ip=ip,
    )  # fmt: skip
    if not first:
        return False
    case = survey.case
    new = {"csat": given.csat, "nps": given.nps, "ces": given.ces, "solved": given.solved}
    record(CUSTOMER, "survey.answered", kind=KIND, key=survey.number, label=case.number, at=at, new=new)
    feed.note("surveys", survey.number, at=at)
    for topic in ("cases", f"case:{case.number}", "surveys"):
        announce(topic, at=at)
    if given.csat <= policy().low_mark or given.solved is False:
        _tell_low(survey, given, at=at)
    return True


def _tell_low(survey: Survey, given: Answer, *, at: datetime) -> None:
    case = survey.case
    lead = case.team.lead_id if case.team else None
    people = {survey.about_id, case.owner_id, lead} - {None}
    accounts = User.objects.filter(person__in=people, is_active=True).values_list("pk", flat=True)
    notify(
        list(accounts), "survey.low", at=at, link=f"/desk/{case.number}/", number=case.number, title=case.title,
        csat=str(given.csat),
    )  # fmt: skip


@transaction.atomic
def save_policy(viewer: Viewer, given: Mapping[str, Any], *, version: int, at: datetime) -> SurveyPolicy:
    """Change how customers are asked; ``Conflict`` where somebody else did meanwhile."""
    require(viewer, Permission.DESK_WRITE)
    held = SurveyPolicy.objects.select_for_update().order_by("pk").first() or SurveyPolicy()
    if held.version != version:
        raise Conflict("survey.policy_changed", version=held.version)
    old = {name: getattr(held, name) for name in given}
    for name, value in given.items():
        setattr(held, name, value)
    held.version += 1
    held.save()
    record(viewer, "survey.policy_saved", kind="service.survey_policy", key="policy", at=at, old=old, new=dict(given))
    announce("surveys", at=at)
    return held
