"""Calibration: grades changed together, each with a written reason; the minutes of the session."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.errors import CalculationError, InputError
from fuxiao.performance.cycles.actions.together import add_rulings
from fuxiao.performance.cycles.models import Cycle, CycleMember, GradeChange, Minutes
from fuxiao.performance.rulings import Ruling, RulingKind


@transaction.atomic
def change_grade(viewer: Viewer, member: CycleMember, grade: str, *, reason: str, at: datetime) -> GradeChange:
    """Give somebody another grade. The next calculation checks it against vetoes and works out what follows."""
    require(viewer, Permission.CYCLES_WRITE)
    _in_session(member.cycle)
    held = member.scorecard
    if held is None or held.score is None:
        raise CalculationError("score.unrated_has_no_grade", subject=member.name)
    if not reason.strip():
        raise CalculationError("score.grade_change_needs_reason", subject=member.name, grade=grade)
    ruling = Ruling(kind=RulingKind.GRADE, subject=member.person, grade=grade, reason=reason.strip(), by=viewer.name)
    add_rulings(member.cycle_id, [ruling])
    made = GradeChange.objects.create(
        member=member, old=held.grade, new=grade, reason=reason.strip(), by_name=viewer.name, at=at
    )
    record(
        viewer, "scorecard.regraded", kind="scorecard", key=f"{member.cycle_id}/{member.person}", label=member.name,
        at=at, old={"grade": held.grade}, new={"grade": grade, "reason": reason.strip()},
    )  # fmt: skip
    announce("performance.cycles", at=at)
    return made


@transaction.atomic
def write_minutes(viewer: Viewer, cycle: Cycle, *, attended: str, text: str, at: datetime) -> Minutes:
    """What was said in the session."""
    require(viewer, Permission.CYCLES_WRITE)
    _in_session(cycle)
    if not attended.strip() or not text.strip():
        raise InputError("cycle.minutes_empty")
    made = Minutes.objects.create(
        cycle=cycle, attended=attended.strip()[:500], text=text.strip(), by_name=viewer.name, at=at
    )
    record(viewer, "cycle.minutes", kind="cycle", key=str(cycle.pk), label=cycle.period, at=at,
           new={"attended": made.attended})  # fmt: skip
    announce("performance.cycles", at=at)
    return made


def _in_session(cycle: Cycle) -> None:
    if cycle.at is not Step.CALIBRATION:
        raise CalculationError("cycle.not_now", step=cycle.step)
