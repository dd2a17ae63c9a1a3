"""What the page of a case shows of the customer's voice and of quality: surveys, complaints, checks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from fuxiao.base.permissions import Permission
from fuxiao.service.actions.surveys import spared
from fuxiao.service.models import Case, Rubric
from fuxiao.service.queries.complaints import checks_in_reach, complaints_in_reach, surveys_in_reach
from fuxiao.web.access import Request
from fuxiao.web.shell.kept import known


def voice_of(request: Request, case: Case, held: Collection[str]) -> dict[str, Any]:
    """The context of ``voice/panel.html``: what the reader may see of each, and what they may add.

    ``held`` is what belongs to the case.
    """
    viewer = request.viewer
    surveys = list(surveys_in_reach(viewer).filter(case=case).order_by("-id")) if "surveys" in held else []
    checks = list(checks_in_reach(viewer).filter(case=case)) if "checks" in held else []
    return {
        "surveys": surveys, "spared": None if "surveys" in held else spared(case),
        "complaints": list(complaints_in_reach(viewer).filter(case=case).order_by("-id")) if "complaints" in held else [],
        "checks": checks,
        "may_pass_on": viewer.may(Permission.CASE_WRITE) and not viewer.read_only,
        "may_complain": viewer.may(Permission.COMPLAINTS_WRITE) and not viewer.read_only,
        "sees_checks": viewer.may(Permission.CHECKS_READ),
        "may_check": _may_check(request, case) and all(each.person_id != case.owner_id for each in checks),
    }  # fmt: skip


def _may_check(request: Request, case: Case) -> bool:
    """Nobody checks their own work, and there must be criteria and somebody whose work it was."""
    viewer = request.viewer
    if viewer.read_only or not viewer.may(Permission.CHECKS_WRITE):
        return False
    if case.owner is None or case.owner.number == viewer.person:
        return False
    return known(request, "rubrics", Rubric.objects.filter(active=True).exists)
