"""The page of one case: what is known of it, what happened, how its clocks ran, who is credited."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.clock import day_start
from fuxiao.base.permissions import Permission
from fuxiao.datasets.queries import jobs_by_load
from fuxiao.metrics.cases import case_for
from fuxiao.web.access import Request, allowed
from fuxiao.web.cases.presenters import presented
from fuxiao.web.metrics.desk import desk
from fuxiao.web.shell.home import organisation


@allowed(Permission.ROWS_READ)
@require_GET
def case(request: Request, case_id: str) -> HttpResponse:
    """One case; 404 as well where it is not in the reader's reach."""
    with desk(request) as at:
        found = case_for(
            request.viewer, at.store, case_id, as_of=day_start(organisation().zone), people=at.people
        )  # fmt: skip
        if found is None:
            raise Http404
        sees_imports = found.versions and request.viewer.may(Permission.DATA_READ)
        shown = presented(found, at.names, jobs_by_load(request.viewer) if sees_imports else {})
    return render(request, "cases/case.html", {"case": shown, "case_id": case_id})
