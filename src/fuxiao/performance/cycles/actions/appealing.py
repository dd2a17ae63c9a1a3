"""Appeals: filed by the person on a line, decided by somebody who did not score, heard by the next calculation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.calendar import WorkCalendar
from fuxiao.core.cycle import Step
from fuxiao.core.errors import CalculationError, Conflict, InputError, NotPermitted
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions import telling
from fuxiao.performance.cycles.actions.together import add_rulings
from fuxiao.performance.cycles.models import Appeal, Cycle, CycleMember
from fuxiao.performance.rulings import Ruling

KINDS = ("data", "attribution", "exclusion", "rule", "procedure")
ANSWER_DAYS, DECISION_DAYS = 2, 10
"""Working days until an appeal has to be received and decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What the person says: about which line, why, and which cases show it."""

    indicator: str
    name: str
    kind: str
    text: str
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided: ``state`` is ``accepted``, ``partly`` or ``rejected``; ``rulings`` what follows for figures."""

    state: str
    reason: str
    left_out: tuple[str, ...] = ()
    precedent: bool = False
    rulings: Sequence[Ruling] = ()


@transaction.atomic
def file_appeal(
    viewer: Viewer, member: CycleMember, filing: Filing, *, calendar: WorkCalendar, today: date, at: datetime
) -> Appeal:
    """Appeal against one line of the own scorecard, within the window; one open appeal a line."""
    require(viewer, Permission.SCORES_READ)
    if viewer.person != member.person:
        raise NotPermitted("cycle.own_only")
    cycle = member.cycle
    if cycle.at is not Step.SHARED or cycle.window_ends is None or today > cycle.window_ends:
        raise CalculationError("appeal.window_closed")
    if filing.kind not in KINDS or not filing.text.strip():
        raise InputError("appeal.say_why")
    made = _create(member, filing, calendar, today, at)
    telling.tell_filed(made, at=at)
    _tell(viewer, "appeal.filed", made, {"indicator": filing.indicator, "kind": filing.kind}, at=at)
    return made


def _create(member: CycleMember, filing: Filing, calendar: WorkCalendar, today: date, at: datetime) -> Appeal:
    try:
        with transaction.atomic():
            return Appeal.objects.create(
                member=member, indicator=filing.indicator, name=filing.name, kind=filing.kind,
                text=filing.text.strip(), cases=list(filing.cases), filed_at=at,
                answer_due=calendar.workday_after(today, ANSWER_DAYS),
                due_on=calendar.workday_after(today, DECISION_DAYS),
            )  # fmt: skip
    except IntegrityError as error:
        raise InputError("appeal.open_already", name=filing.name) from error


@transaction.atomic
def receive(viewer: Viewer, appeal: Appeal, *, at: datetime) -> None:
    """Tell the person that the appeal was received."""
    _free(viewer, appeal)
    Appeal.objects.filter(pk=appeal.pk, received_at=None).update(received_at=at, received_by=viewer.name)
    _tell(viewer, "appeal.received", appeal, {}, at=at)


@transaction.atomic
def withdraw(viewer: Viewer, appeal: Appeal, *, at: datetime) -> None:
    """The person takes the appeal back."""
    require(viewer, Permission.SCORES_READ)
    if viewer.person != appeal.member.person:
        raise NotPermitted("cycle.own_only")
    _end(appeal, {"state": "withdrawn"})
    _tell(viewer, "appeal.withdrawn", appeal, {}, at=at)


@transaction.atomic
def decide(viewer: Viewer, appeal: Appeal, decision: Decision, *, at: datetime) -> Cycle:
    """Decide with a reason. What is accepted joins the rulings of the period; the next calculation hears of it."""
    _free(viewer, appeal)
    if decision.state not in ("accepted", "partly", "rejected"):
        raise InputError("appeal.say_how")
    if not decision.reason.strip():
        raise InputError("appeal.reason_missing")
    _end(appeal, {
        "state": decision.state, "decision": decision.reason.strip(), "decided_at": at, "decided_by": viewer.name,
        "left_out": list(decision.left_out), "precedent": decision.precedent and decision.state != "rejected",
    })  # fmt: skip
    if decision.state != "rejected":
        add_rulings(appeal.member.cycle_id, decision.rulings)
    told: dict[str, object] = {"state": decision.state, "reason": decision.reason.strip()}
    told["left_out"] = list(decision.left_out)
    telling.tell_decided(appeal, at=at)
    _tell(viewer, "appeal.decided", appeal, told, at=at)
    return Cycle.objects.get(pk=appeal.member.cycle_id)


def _free(viewer: Viewer, appeal: Appeal) -> None:
    require(viewer, Permission.APPEALS_DECIDE)
    if not queries.may_decide(viewer, appeal):
        raise NotPermitted("appeal.involved")


def _end(appeal: Appeal, changed: dict[str, object]) -> None:
    taken = Appeal.objects.filter(pk=appeal.pk, state="open").update(version=F("version") + 1, **changed)
    if not taken:
        raise Conflict("appeal.decided_already")


def _tell(viewer: Viewer, action: str, appeal: Appeal, new: dict[str, object], *, at: datetime) -> None:
    member = appeal.member
    record(
        viewer, action, kind="appeal", key=str(appeal.pk), label=f"{member.name} {member.cycle.period}", at=at, new=new
    )
    announce("performance.scorecards", at=at)
