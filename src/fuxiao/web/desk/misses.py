"""The record of promises that were missed or warned of: which, when, and who had the case then."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.permissions import Permission
from fuxiao.service.models.rules import Clock
from fuxiao.service.queries.misses import misses as found_misses
from fuxiao.web.access import Request, allowed
from fuxiao.web.desk.reading import priorities, today
from fuxiao.web.pages import page_of
from fuxiao.web.words import t


@allowed(Permission.CASE_READ)
@require_GET
def misses(request: Request) -> HttpResponse:
    """Missed promises of cases in reach; with ``?show=warned`` those that were only warned of."""
    missed, clock = request.GET.get("show") != "warned", request.GET.get("clock", "")
    clock = clock if clock in Clock.values else ""
    context = {
        "page": page_of(request, found_misses(request.viewer, on=today(), missed=missed, clock=clock)),
        "missed": missed, "clock": clock, "clocks": Clock.values,
        "priorities": priorities(request),
        "tabs": (("", t("已超时", "Missed"), missed), ("warned", t("只预警过", "Only warned of"), not missed)),
    }  # fmt: skip
    return render(request, "desk/misses.html", context)
