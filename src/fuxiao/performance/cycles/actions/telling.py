"""Who is told what: a step that asks something of people, a result, an appeal, and a reminder for whoever is late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet

from fuxiao.base.actions import notify
from fuxiao.base.permissions import Role
from fuxiao.core.cycle import Step
from fuxiao.org.queries import accounts_of, accounts_with
from fuxiao.performance.cycles.models import Appeal, Cycle, CycleMember, Panelist, Rating
from fuxiao.performance.cycles.queries import pools_missing, row_names

DAY = 86_400
SOON = timedelta(days=2)
"""So long before the days to appeal end, whoever has not answered is reminded."""


def tell_step(cycle: Cycle, *, today: date, at: datetime) -> None:
    """Tell those whom the step that has just begun concerns; nobody is reminded of it on the same day."""
    _is_first(cycle, today)
    if cycle.at is Step.SELF_REVIEW:
        _ask_themselves(cycle, cycle.members.all(), at)
    elif cycle.at is Step.LEAD_REVIEW:
        _ask_leads(cycle, cycle.members.all(), at)
    elif cycle.at is Step.SHARED:
        for account, link in _pages(cycle.members.all()):
            notify([account], "cycle.shared", at=at, link=link, period=cycle.period)


def remind(cycle: Cycle, *, today: date, at: datetime) -> None:
    """Remind whoever is late or soon will be, once a day however often the worker starts."""
    if not _is_first(cycle, today):
        return
    if cycle.at is Step.SELF_REVIEW:
        _ask_themselves(cycle, cycle.members.filter(self_reviewed_at=None), at)
    elif cycle.at is Step.LEAD_REVIEW:
        _ask_leads(cycle, cycle.members.filter(reviewed_at=None), at)
        _ask_panels(cycle, at)
    elif cycle.at is Step.SHARED and cycle.window_ends and cycle.window_ends - SOON <= today <= cycle.window_ends:
        for account, link in _pages(cycle.members.filter(answered_at=None)):
            day = cycle.window_ends.isoformat()
            notify([account], "cycle.answer_due", at=at, link=link, period=cycle.period, day=day)
    if cycle.at is Step.SHARED and pools_missing(cycle):
        link = f"/performance/pay/{cycle.pk}/amounts/"
        notify(accounts_with(Role.HR), "cycle.pools_due", at=at, link=link, period=cycle.period)


def _is_first(cycle: Cycle, today: date) -> bool:
    """Whether nobody was told of what the cycle asks on this day yet; from now on somebody was."""
    return cache.add(f"reminded:{cycle.pk}:{today}", "", DAY)


def tell_filed(appeal: Appeal, *, at: datetime) -> None:
    """Tell HR of an appeal, and until when it is to be decided."""
    link, day = f"/performance/appeals/{appeal.pk}/", appeal.due_on.isoformat()
    who, row = appeal.member.name, row_names(appeal.member, appeal.indicator)
    notify(accounts_with(Role.HR), "appeal.filed", at=at, link=link, name=who, row=row or appeal.name, day=day)


def tell_decided(appeal: Appeal, *, at: datetime) -> None:
    """Tell the person that the appeal was decided."""
    accounts = accounts_of([appeal.member.person]).values()
    row = row_names(appeal.member, appeal.indicator) or appeal.name
    notify(accounts, "appeal.decided", at=at, link=f"/performance/appeals/{appeal.pk}/", row=row)


def _ask_themselves(cycle: Cycle, members: Iterable[CycleMember], at: datetime) -> None:
    for account, link in _pages(members):
        notify([account], "cycle.self_due", at=at, link=link, period=cycle.period)


def _ask_leads(cycle: Cycle, members: QuerySet[CycleMember], at: datetime) -> None:
    """The leads, and those who stand in for one."""
    found = list(members.select_related("stand_in"))
    leads = accounts_of({member.lead for member in found if member.lead and member.named is None}).values()
    accounts = {*leads, *(member.named.account_id for member in found if member.named)}
    notify(accounts, "cycle.review_due", at=at, link=f"/performance/cycles/{cycle.pk}/", period=cycle.period)


def _ask_panels(cycle: Cycle, at: datetime) -> None:
    """The colleagues who were asked to rate somebody and did not."""
    rated = Rating.objects.filter(member=OuterRef("member"), rater=OuterRef("person"))
    waiting = Panelist.objects.filter(~Exists(rated), member__cycle=cycle).values_list("person", flat=True)
    notify(accounts_of(waiting).values(), "panel.due", at=at, link="/performance/rate/", period=cycle.period)


def _pages(members: Iterable[CycleMember]) -> Iterator[tuple[int, str]]:
    """The account and the scorecard's address of each of these people who has an account."""
    found = list(members)
    accounts = accounts_of(member.person for member in found)
    for member in found:
        if member.person in accounts:
            yield accounts[member.person], f"/performance/cycles/{member.cycle_id}/{member.person}/"
