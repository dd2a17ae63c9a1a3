"""The demonstration company: brought in with one click, and taken out again."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.studio import sample, tasks
from fuxiao.web.access import Request, allowed
from fuxiao.web.lake import lake
from fuxiao.web.words import t

__all__ = ["fill", "progress", "remove", "tasks"]


@allowed(Permission.ORG_WRITE)
@require_POST
def fill(request: Request) -> HttpResponse:
    """Have it brought in."""
    with lake() as store:
        sample.begin(request.viewer, store, at=now())
    return redirect("home")


@allowed(Permission.ORG_WRITE)
@require_GET
def progress(request: Request) -> HttpResponse:
    """How far it is; the whole page again once it is in."""
    found = sample.sample(settings.HOME)
    if not request.htmx:
        return redirect("home")
    if found is None or found.state != sample.FILLING:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "start/sample.html#progress", {"sample": found})


@allowed(Permission.ORG_WRITE)
@require_POST
def remove(request: Request) -> HttpResponse:
    """Take it out again; one's own data stays."""
    with lake() as store:
        sample.remove(request.viewer, store, at=now())
    messages.success(request, t("示例数据已全部移除，指标正在更新。", "The sample data is gone; figures follow."))
    return redirect("home")
