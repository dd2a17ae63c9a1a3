"""What the page of a case shows of field work: warranty with its reason, visits, parts, costs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.service.models import Case, Cost
from fuxiao.service.queries.costs import costs
from fuxiao.service.rights import is_owner, leads, may_edit
from fuxiao.service.warranties import guarantee, local
from fuxiao.web.access import Request
from fuxiao.web.parts.known import known_parts


def field_of(request: Request, case: Case, held: Collection[str]) -> dict[str, Any]:
    """The context of ``desk/field.html``; ``held`` is what belongs to the case. In or out of warranty is told as of the day of the request."""
    viewer = request.viewer
    may_ask = case.is_open and not viewer.read_only and (is_owner(viewer, case) or leads(viewer))
    opened = local(case.opened_at)
    may_plan = viewer.may(Permission.VISITS_PLAN) or (viewer.may(Permission.CASE_WRITE) and is_owner(viewer, case))
    return {
        "guarantee": guarantee(case.device, on=opened, broken=case.is_open) if case.device else None,
        "visits": list(case.visits.select_related("engineer").order_by("number")) if "visits" in held else [],
        "part_lines": list(case.part_lines.select_related("part", "location").order_by("id"))
        if "part_lines" in held
        else [],
        "costs": _costs(viewer, case, on=opened) if "costs" in held else [],
        "may_plan": may_plan and case.is_open and not viewer.read_only,
        "may_ask": may_ask,
        "known_parts": known_parts(request) if may_ask else "",
        "may_spend": may_edit(viewer, case),
    }


def _costs(viewer: Viewer, case: Case, *, on: date) -> list[Cost]:
    """Those that the viewer may read, and the own ones."""
    seen = costs(viewer, on=on).filter(case=case) if viewer.may(Permission.COSTS_READ) else case.costs.none()
    own = case.costs.filter(proposer=viewer.account) if viewer.account else case.costs.none()
    return list((seen | own).select_related(None).order_by("id").distinct())
