"""The page of a calibration session: the grid of people by grade, before and after, and the minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fuxiao.base.actions import require
from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.wording import say_error
from fuxiao.core.cycle import Step
from fuxiao.core.errors import FuxiaoError, InputError, NotPermitted
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions import calibrating
from fuxiao.performance.cycles.models import Cycle, CycleMember, Rating
from fuxiao.report.tasks import recompute_cycle
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.performance.presenters import cycle_title
from fuxiao.web.performance.ratings import hands, scheme_of
from fuxiao.web.words import t

FEWEST = 3
"""A lead of fewer people is not compared."""


@dataclass(frozen=True, slots=True)
class Column:
    """A grade: how many have it by the figures and now, and who they are."""

    grade: str
    before: int
    after: int
    members: Sequence[CycleMember]


@dataclass(frozen=True, slots=True)
class Severity:
    """A lead's people: how many, their mean score, and how far it lies from everybody's."""

    lead: str
    people: int
    mean: Decimal
    gap: Decimal


@allowed(Permission.CYCLES_READ)
@require_http_methods(["GET", "POST"])
def session(request: Request, number: int) -> HttpResponse:
    """The grid, changes with their reasons, the leads beside each other, the minutes."""
    cycle = queries.cycle_of(request.viewer, number)
    problems: list[str] = []
    if request.method == "POST":
        try:
            _act(request, cycle)
        except NotPermitted:
            raise
        except FuxiaoError as refused:
            problems = say_error(refused, words.language())
        else:
            messages.success(request, t("已保存。", "Saved."))
            return redirect("calibration", number)
    members = list(calibrated(request.viewer, cycle))
    scheme = scheme_of(cycle)
    grades = scheme.grades.names
    rated = Rating.objects.filter(member__in=members).select_related("member")
    context = {
        "cycle": cycle, "title": cycle_title(cycle), "grades": grades, "columns": columns(cycle, members, grades),
        "members": members, "severities": severities(members), "changes": queries.grade_changes(cycle).filter(member__in=members),
        "hands": hands(list(rated), scheme), "evens": scheme.ratings.minimum if scheme.ratings.calibrate else 0,
        "minutes": cycle.minutes.all(), "problems": problems, "pending": cycle.is_behind,
        "may_change": request.viewer.may(Permission.CYCLES_WRITE) and cycle.at is Step.CALIBRATION and not request.viewer.read_only,
    }  # fmt: skip
    return render(request, "performance/calibration.html", context, status=400 if problems else 200)


def calibrated(viewer: Viewer, cycle: Cycle) -> QuerySet[CycleMember]:
    """The people in reach with their scorecards, oneself left out: nobody looks on while the own grade is discussed."""
    found = queries.members(viewer).filter(cycle=cycle, scorecard__isnull=False).exclude(person=viewer.own_number)
    return found.select_related("scorecard").defer("scorecard__result")


def columns(cycle: Cycle, members: Sequence[CycleMember], grades: Sequence[str]) -> list[Column]:
    """Best grade first; the unrated have no column."""
    first: dict[int, str] = {}
    for change in queries.grade_changes(cycle):
        first.setdefault(change.member_id, change.old)
    after = {m.pk: m.scorecard.grade for m in members if m.scorecard}
    before = {pk: first.get(pk, grade) for pk, grade in after.items()}
    return [
        Column(
            grade, sum(each == grade for each in before.values()), sum(each == grade for each in after.values()),
            sorted((m for m in members if after[m.pk] == grade), key=_best_first),
        )
        for grade in grades
    ]  # fmt: skip


def _best_first(member: CycleMember) -> tuple[Decimal, str]:
    """Those next to the bound of a grade stand at its edge."""
    score = member.scorecard.score if member.scorecard else None
    return (Decimal(0) if score is None else -score, member.person)


def severities(members: Sequence[CycleMember]) -> list[Severity]:
    """How the people of each lead score against everybody: a mild or a strict hand shows as a gap, and so does luck."""
    scores = {m.pk: m.scorecard.score for m in members if m.scorecard and m.scorecard.score is not None}
    if not scores:
        return []
    whole = fmean(scores.values())
    groups: dict[str, list[Decimal]] = {}
    for member in members:
        if member.pk in scores and member.lead:
            groups.setdefault(member.lead_name, []).append(scores[member.pk])
    found = [(lead, own, fmean(own)) for lead, own in groups.items() if len(own) >= FEWEST]
    rows = [Severity(lead, len(own), _two(mean), _two(mean - whole)) for lead, own, mean in found]
    return sorted(rows, key=lambda row: (-row.gap, row.lead))


def _two(number: float | Decimal) -> Decimal:
    return Decimal(number).quantize(Decimal("0.01"))


def _act(request: Request, cycle: Cycle) -> None:
    require(request.viewer, Permission.CYCLES_WRITE)
    if request.POST.get("act") == "minutes":
        given = {name: request.POST.get(name, "")[:8000] for name in ("attended", "text")}
        calibrating.write_minutes(request.viewer, cycle, at=now(), **given)
        return
    member = queries.member_of(request.viewer, cycle.pk, request.POST.get("person", ""))
    grade = request.POST.get("grade", "")
    if member.scorecard is not None and grade == member.scorecard.grade:
        raise InputError("cycle.same_grade", grade=grade)
    with transaction.atomic():
        calibrating.change_grade(request.viewer, member, grade, reason=request.POST.get("reason", "")[:2000], at=now())
        recompute_cycle.enqueue(cycle.pk)
