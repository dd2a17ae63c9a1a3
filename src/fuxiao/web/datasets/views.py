"""Where data comes from: loads, rows, freshness."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fuxiao.base.permissions import Permission
from fuxiao.web.access import Request, allowed
from fuxiao.web.lake import lake


@allowed(Permission.DATA_READ)
@require_GET
def sources(request: Request) -> HttpResponse:
    """Every load, newest first."""
    with lake() as store:
        loads = sorted(store.manifest.loads, key=lambda load: -load.number)
    shown = [(load, datetime.fromtimestamp(load.at, UTC), sum(load.datasets.values())) for load in loads]
    return render(request, "datasets/sources.html", {"loads": shown})
