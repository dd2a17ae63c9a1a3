"""What the page of a case shows of field work: warranty with its reason, visits, parts, costs."""

from __future__ import annotations

from typing import Any

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.service.models import Case, PartLine, Visit
from fuxiao.service.queries.costs import costs
from fuxiao.service.rights import is_owner, leads, may_edit
from fuxiao.service.warranties import guarantee, local


def field_of(viewer: Viewer, case: Case) -> dict[str, Any]:
    """The context of ``desk/field.html``. In or out of warranty is told as of the day of the request."""
    opened = local(case.opened_at)
    may_plan = viewer.may(Permission.VISITS_PLAN) or (viewer.may(Permission.CASE_WRITE) and is_owner(viewer, case))
    seen = costs(viewer, on=opened).filter(case=case) if viewer.may(Permission.COSTS_READ) else case.costs.none()
    own = case.costs.filter(proposer=viewer.account) if viewer.account else case.costs.none()
    return {
        "guarantee": guarantee(case.device, on=opened, broken=case.is_open) if case.device else None,
        "visits": list(Visit.objects.filter(case=case).select_related("engineer").order_by("number")),
        "part_lines": list(PartLine.objects.filter(case=case).select_related("part", "location").order_by("id")),
        "costs": list((seen | own).select_related(None).order_by("id").distinct()),
        "may_plan": may_plan and case.is_open and not viewer.read_only,
        "may_ask": case.is_open and not viewer.read_only and (is_owner(viewer, case) or leads(viewer)),
        "may_spend": may_edit(viewer, case),
    }
