"""What the page of a case shows of the customer's voice and of quality: surveys, complaints, checks."""

from __future__ import annotations

from typing import Any

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.service.models import Case, Rubric
from fuxiao.service.queries.complaints import checks_in_reach, complaints_in_reach, surveys_in_reach


def voice_of(viewer: Viewer, case: Case) -> dict[str, Any]:
    """The context of ``voice/panel.html``: what the viewer may see of each, and what they may add."""
    checks = list(checks_in_reach(viewer).filter(case=case))
    return {
        "surveys": list(surveys_in_reach(viewer).filter(case=case).order_by("-id")),
        "complaints": list(complaints_in_reach(viewer).filter(case=case).order_by("-id")), "checks": checks,
        "may_pass_on": viewer.may(Permission.CASE_WRITE) and not viewer.read_only,
        "may_complain": viewer.may(Permission.COMPLAINTS_WRITE) and not viewer.read_only,
        "sees_checks": viewer.may(Permission.CHECKS_READ),
        "may_check": _may_check(viewer, case) and all(each.person_id != case.owner_id for each in checks),
    }  # fmt: skip


def _may_check(viewer: Viewer, case: Case) -> bool:
    """Nobody checks their own work, and there must be criteria and somebody whose work it was."""
    if viewer.read_only or not viewer.may(Permission.CHECKS_WRITE):
        return False
    return case.owner is not None and case.owner.number != viewer.person and Rubric.objects.filter(active=True).exists()
