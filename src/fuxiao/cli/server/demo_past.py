"""A finished cycle of the demonstration company: reviewed, talked about, one appeal decided, final and sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django_tasks import task

from fuxiao.base.calendars import read_calendars
from fuxiao.base.clock import day_start, now, today
from fuxiao.base.models import Notice
from fuxiao.base.permissions import Permission, Reach, Role, Viewer
from fuxiao.cli.server.demo_cycles import give_pool
from fuxiao.core.cycle import Step
from fuxiao.core.period import Period, parse_period
from fuxiao.datasets.store import Store
from fuxiao.org.models import RoleGrant
from fuxiao.performance.cycles.actions import advancing, appealing, reviewing, talking
from fuxiao.performance.cycles.actions.opening import Opening
from fuxiao.performance.cycles.actions.reviewing import Review
from fuxiao.performance.cycles.models import Cycle, CycleMember
from fuxiao.report import by_calendar, running
from fuxiao.report.closing import indicators_of

Moment = TypeVar("Moment", date, datetime)
TALKS = 12
"""Every so many of the people had their talk written down."""
LAST = -10
"""The priority of what nobody waits for."""
CLOSED, SHARED, TALKED, WINDOW = 4, 3, 2, 1
"""Days ago: the data was closed, the scorecards shared, people talked; the last day to appeal. Final is today."""
STEPS = {Step.COMPUTED: CLOSED, Step.SELF_REVIEW: CLOSED, Step.LEAD_REVIEW: SHARED, Step.SHARED: 0}
"""How many days ago the cycle went on from each step."""


@task()
def fill_past(last: str, definitions: str) -> bool:
    """Take the cycle of the month ``last`` through all its steps; ``False`` where it is there or nobody can sign.

    Its data is what is known today; scheme and plan are named ``definitions``. In three tasks, so that what a visitor
    asks of the worker waits for one of them at most. Each of them, taken up again, does what is left.
    """
    if not _signers().exists():
        return False
    with Store.open(settings.HOME) as store:
        past = _Past.of(store)
        if Cycle.objects.filter(period=last).exclude(past.begun()).exists():
            return False
        number = past.computed(parse_period(last), definitions)
    review_past.using(priority=LAST).enqueue(number)
    return True


@task()
def review_past(number: int) -> None:
    """Reviewed, shared, talked about, made final."""
    with Store.open(settings.HOME) as store:
        _Past.of(store).reviewed(number)
    seal_past.using(priority=LAST).enqueue(number)


@task()
def seal_past(number: int) -> None:
    """Sealed."""
    with Store.open(settings.HOME) as store:
        past = _Past.of(store)
        running.seal(past.hr, store, number, at=past.at)


def _signers() -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(role=Role.HR.value).select_related("user").order_by("id")


@dataclass(frozen=True)
class _Past:
    store: Store
    hr: Viewer
    at: datetime

    @classmethod
    def of(cls, store: Store) -> _Past:
        signer = _signers()[:1].get()
        hr = Viewer(signer.user_id, signer.user.username, roles=frozenset({Role.OWNER}), reach=Reach.ALL,
                    permissions=frozenset(Permission))  # fmt: skip
        return cls(store, hr, now())

    def begun(self) -> Q:
        """What was opened here and is not scored: nobody else was there so many days ago."""
        return Q(opened_at__lte=_ago(self.at, TALKED), step__in=(Step.RUNNING, Step.CUT_OFF, Step.COMPUTED))

    def computed(self, period: Period, definitions: str) -> int:
        """The number of the cycle, whose data is closed and scored."""
        zone = self.store.settings.zone
        day, at = today(zone), _ago(self.at, CLOSED)
        opening = Opening(
            period=period, scheme=definitions, plan=definitions, cut_off_on=max(period.end, _ago(day, CLOSED))
        )  # fmt: skip
        begun = Cycle.objects.filter(self.begun(), period=period.key).first()
        number = (begun or by_calendar.open_with(self.hr, self.store, opening, at=at)).pk
        if not begun:
            give_pool(self.hr, number, at=at)
        by_calendar.close_due(self.store, as_of=_ago(day_start(zone), CLOSED), today=day, at=at)
        running.compute_cycle(self.store, number, at=at)
        return number

    def reviewed(self, number: int) -> None:
        """Every step on its day, to the last before the seal; what belongs to a step is there with it or not at all."""
        day = today(self.store.settings.zone)
        while (step := Cycle.objects.get(pk=number).at) in STEPS:
            with transaction.atomic():
                if step is Step.LEAD_REVIEW:
                    self._reviews(number)
                elif step is Step.SHARED:
                    self._answers(number, day)
                self._on(number, STEPS[step], window=_ago(day, WINDOW))
        Notice.objects.filter(at__lte=_ago(self.at, WINDOW), read_at=None).update(read_at=self.at)  # done and read

    def _on(self, number: int, days: int, *, window: date) -> None:
        cycle, day = Cycle.objects.get(pk=number), _ago(today(self.store.settings.zone), days)
        at = _ago(self.at, days)
        advancing.advance(self.hr, number, version=cycle.version, today=day, at=at, window_ends=window)

    def _reviews(self, number: int) -> None:
        """Each lead names the best line and the one to work on."""
        names = {code: each.name["zh"] for code, each in indicators_of(self.store).items()}
        for member in self._members(number):
            lines = [names[code] for code in _lines(member) if code in names]
            if member.lead and lines:
                said = Review(
                    strengths=f"{lines[0]}做得最好，经验可以在组内讲一讲。",
                    weaknesses=f"{lines[-1]}还有余地，下月一起看工单找原因。",
                )
            else:
                said = Review(strengths="本期按要求完成工作。", weaknesses="本期数据不多，下期再看。")
            reviewing.write_lead_review(self._lead(member), member, said, at=_ago(self.at, CLOSED))

    def _answers(self, number: int, day: date) -> None:
        """Everybody has seen the result; some talks are written down, and one appeal was refused with its reason."""
        members = [each for each in self._members(number) if each.scorecard_id]
        for member in members:
            reviewing.answer(_as(member.person, member.name), member, objection="", at=_ago(self.at, TALKED))
        for member in members[::TALKS]:
            self._talk(member, _ago(day, TALKED))
        for member in [each for each in members if each.position == "field_engineer" and _lines(each)][:1]:
            self._appeal(member, _ago(day, TALKED))

    def _talk(self, member: CycleMember, day: date) -> None:
        lead, person, at = self._lead(member), _as(member.person, member.name), _ago(self.at, TALKED)
        notes = talking.Notes(
            goal="下月保持等级，薄弱项回到目标以上。", reality="数据和工单已一起看过，主要差在预约改期和等配件。",
            options="提前一天确认配件；预约时留出路程。", will="每周五一起看十张工单。", upward="希望排班提前一周公布。",
        )  # fmt: skip
        agreed = [talking.Agreed(text="每周五复盘十张工单", help="班组长陪同", due_on=day + timedelta(days=28))]
        talking.hold_talk(lead, member, notes, agreed, held_on=day, at=at)
        talking.sign_talk(person, member, objection="", at=at)

    def _appeal(self, member: CycleMember, day: date) -> None:
        """About the weakest line, decided by somebody who neither scored nor leads the person."""
        code = _lines(member)[-1]
        name = indicators_of(self.store)[code].name["zh"]
        filing = appealing.Filing(
            indicator=code, name=name, kind="exclusion", text="有几单是客户临时改约，不应算在我头上。"
        )
        where, at = self.store.settings, _ago(self.at, TALKED)
        calendar = read_calendars(self.store.home, where)[where.calendar]
        made = appealing.file_appeal(
            _as(member.person, member.name), member, filing, calendar=calendar, today=day, at=at
        )  # fmt: skip
        appealing.receive(self.hr, made, at=at)
        reason = "已逐单核对：客户改约的三单本来就不计入，其余为当日漏打卡。维持原结果。"
        appealing.decide(self.hr, made, appealing.Decision(state="rejected", reason=reason), at=_ago(self.at, WINDOW))

    def _lead(self, member: CycleMember) -> Viewer:
        """Whom nobody leads is reviewed by somebody above the department: HR is to decide appeals."""
        return _as(member.lead, member.lead_name) if member.lead else replace(self.hr, account=None, name="总经理")

    def _members(self, number: int) -> list[CycleMember]:
        return list(CycleMember.objects.filter(cycle=number).select_related("cycle", "scorecard").order_by("person"))


def _ago(moment: Moment, days: int) -> Moment:
    return moment - timedelta(days=days)


def _as(person: str, name: str) -> Viewer:
    return Viewer(None, name, person=person, roles=frozenset({Role.OWNER}), reach=Reach.ALL,
                  permissions=frozenset(Permission))  # fmt: skip


def _lines(member: CycleMember) -> list[str]:
    """The codes of the person's own lines, the best first."""
    figures: Mapping[str, str] = member.scorecard.result["figures"] if member.scorecard else {}
    begins = f"score/{member.person}/"
    codes = {name.removeprefix("value/").removesuffix("/n") for name in figures if name.startswith("value/")}
    found = {code: Fraction(figures[begins + code]) for code in codes if begins + code in figures}
    return sorted(found, key=lambda code: (-found[code], code))
