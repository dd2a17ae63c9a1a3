"""Open cases of the lake come to the desk, at the press of a button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from fuxiao.base.actions import require
from fuxiao.base.permissions import Permission
from fuxiao.service.tasks import adopt_for
from fuxiao.web.access import Request, allowed
from fuxiao.web.words import t


@allowed(Permission.DESK_WRITE)
@require_POST
def adopt(request: Request) -> HttpResponse:
    """Have a worker do it: there may be hundreds of thousands of customers."""
    require(request.viewer, Permission.DESK_WRITE)
    if request.viewer.account is not None:
        adopt_for.enqueue(request.viewer.account)
    messages.success(
        request, t("正在接手，完成后通知您。", "They are being taken over; you will be told when it is done.")
    )
    return redirect("desk_rules")
