"""What waits for the reader today: a count and a way to each, as far as they are permitted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission, Role, Viewer
from fuxiao.core.cycle import Place, Step
from fuxiao.org.leave import asked_for
from fuxiao.performance.cycles import panels
from fuxiao.performance.cycles import queries as cycles
from fuxiao.service.models import Validity
from fuxiao.service.queries import costs, parts, visits
from fuxiao.service.queries.cases import Wanted, counts, listed
from fuxiao.service.queries.complaints import complaints_in_reach
from fuxiao.service.queries.reach import scope_of
from fuxiao.web.desk import labels
from fuxiao.web.org.hours import known_calendars
from fuxiao.web.performance.presenters import cycle_title
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import t

AHEAD = timedelta(days=31)
"""So long before a year begins its holidays are asked for."""
LATEST = 12
"""So many of the own cycles are looked through for a step that is due."""
DUE = {
    Place.SELF_DUE: ("写自评：{period}", "Write your self-review: {period}"),
    Place.ANSWER_DUE: ("确认绩效结果：{period}", "Confirm your result: {period}"),
}

PRESSING = (("overdue", "alert-triangle", "bad"), ("soon", "clock", "near"), ("waiting", "user-plus", "near"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work: how much of it there is, and where. ``tone`` only where there is any."""

    icon: str
    word: str
    href: str
    count: int
    tone: str = ""


def waiting_for(viewer: Viewer, *, on: date) -> list[Waiting]:
    """Everything that waits, the own review first. The number of queries depends on the permissions alone."""
    found = (
        _own_review(viewer),
        _desk(viewer, on=on),
        _visits(viewer, on=on),
        _parts(viewer, on=on),
        _decisions(viewer, on=on),
    )
    return list(chain.from_iterable(found))


def _own_review(viewer: Viewer) -> Iterator[Waiting]:
    if viewer.person and viewer.may(Permission.SCORES_READ):
        mine = cycles.own_memberships(viewer).select_related(None).select_related("cycle")[:LATEST]
        for member in mine:
            if word := DUE.get(cycles.place_of(member)):
                told = t(*word, period=cycle_title(member.cycle))
                yield Waiting("gauge", told, reverse("scorecard", args=[member.cycle_id, member.person]), 1, "near")
        if n := panels.still_to_rate(viewer).count():
            yield Waiting("scale", t("待给同事评分", "Colleagues to rate"), reverse("panel_next"), n, "near")
    if viewer.may(Permission.SCORES_REVIEW):
        led = cycles.members(viewer).filter(cycle__step=Step.LEAD_REVIEW, reviewed_at=None)
        n = led.exclude(person=viewer.own_number).count()
        if n:
            yield Waiting("edit", t("待写主管评语", "Lead reviews to write"), reverse("cycles"), n, "near")
        talks = cycles.members(viewer).filter(cycle__step=Step.SHARED, talk__isnull=True)
        if n := talks.exclude(person=viewer.own_number).count():
            yield Waiting("message-2", t("待面谈", "Talks to hold"), reverse("cycles"), n, "near")


def _desk(viewer: Viewer, *, on: date) -> Iterator[Waiting]:
    """The own open cases, and of all in reach those that press."""
    if not viewer.may(Permission.CASE_READ):
        return
    at, desk = now(), reverse("desk")
    if viewer.person and viewer.may(Permission.CASE_WRITE):
        n = listed(viewer, Wanted(owner="me"), scope=scope_of(viewer, on=on), now=at).count()
        yield Waiting("inbox", t("我的未完成工单", "My open cases"), f"{desk}?owner=me", n)
    numbers = counts(viewer, on=on, now=at)
    for show, icon, tone in PRESSING:
        if show != "waiting" or viewer.may(Permission.CASE_ASSIGN):
            n = numbers[show]
            yield Waiting(icon, str(labels.SHOWS[show]), f"{desk}?show={show}", n, tone if n else "")


def _visits(viewer: Viewer, *, on: date) -> Iterator[Waiting]:
    """Whoever plans sees the visits of everybody in reach, whoever goes out the own ones."""
    word = t("今日上门", "Visits today")
    if viewer.may(Permission.VISITS_PLAN):
        yield Waiting("calendar-event", word, reverse("visits_board"), visits.visits_on(viewer, on).count())
    elif viewer.person and viewer.may(Permission.CASE_WRITE):
        yield Waiting("route", word, reverse("my_visits"), len(visits.own_visits(viewer, on)))


def _parts(viewer: Viewer, *, on: date) -> Iterator[Waiting]:
    """What a storekeeper has to issue, to order and to get back."""
    if Role.PARTS not in viewer.roles or not viewer.may(Permission.PARTS_WRITE):
        return
    for word, address, icon, found in (
        (t("待发备件", "Parts to issue"), reverse("parts"), "package", parts.waiting(viewer, on=on)),
        (t("低于最低库存", "Below the minimum"), f"{reverse('parts_stock')}?low=1", "packages", parts.stock(low=True)),
        (
            t("待返还旧件", "Old parts due"),
            reverse("parts_returns"),
            "arrow-back-up",
            parts.old_parts_due(viewer, on=on),
        ),
    ):
        n = found.count()
        yield Waiting(icon, word, address, n, "near" if n else "")


def _decisions(viewer: Viewer, *, on: date) -> Iterator[Waiting]:
    """What others wait for; nobody decides on what is their own."""
    if viewer.may(Permission.COSTS_APPROVE):
        n = costs.waiting(viewer, on=on).exclude(proposer=viewer.account).count()
        yield Waiting("coin", t("待审批费用", "Costs to approve"), reverse("costs_waiting"), n, "near" if n else "")
    if viewer.may(Permission.COMPLAINTS_DECIDE):
        n = complaints_in_reach(viewer).filter(validity=Validity.PENDING).count()
        address = f"{reverse('complaints')}?state=undecided"
        yield Waiting("message-report", t("待判责投诉", "Complaints to decide"), address, n, "near" if n else "")
    if viewer.may(Permission.LEAVE_GRANT) and (n := asked_for(viewer, on=on).count()):
        yield Waiting("calendar-off", t("待批请假", "Leave to decide"), reverse("leave"), n, "near")
    if viewer.may(Permission.APPEALS_DECIDE):
        me = viewer.own_number
        n = cycles.appeals(viewer).filter(state="open").exclude(Q(member__person=me) | Q(member__lead=me)).count()
        yield Waiting("gavel", t("待裁定申诉", "Appeals to decide"), reverse("appeals"), n, "near" if n else "")


def holidays_to_set(viewer: Viewer, *, on: date) -> Iterator[Waiting]:
    """A company calendar that names holidays and none of the year to come: they would be timed as working days."""
    if not viewer.may(Permission.SETTINGS_WRITE):
        return
    key, year = organisation().calendar, (on + AHEAD).year
    calendar = known_calendars().get(key)
    if calendar and calendar.holidays and max(calendar.holidays).year < year:
        word = t("待设 {year} 年节假日", "Holidays of {year} to set", year=year)
        yield Waiting(
            "calendar-off", word, f"{reverse('calendars')}?{urlencode({'key': key, 'year': year})}", 1, "near"
        )
