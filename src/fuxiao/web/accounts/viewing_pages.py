"""Starting and ending to look through somebody else's eyes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.org import accounts
from fuxiao.org.models import User
from fuxiao.web.access import Request, allowed, signed_in
from fuxiao.web.accounts.viewing import KEY
from fuxiao.web.words import t


@allowed(Permission.VIEW_AS)
@require_POST
def view_as(request: Request, number: int) -> HttpResponse:
    """Look through the eyes of an account from now on."""
    user = get_object_or_404(User.objects.select_related("person"), pk=number)
    accounts.start_viewing(request.viewer, user, at=now())
    request.session[KEY] = user.pk
    return redirect("home")


@signed_in
@require_POST
def view_as_end(request: Request) -> HttpResponse:
    """Stop looking through somebody else's eyes."""
    number = request.session.pop(KEY, None)
    user = User.objects.select_related("person").filter(pk=number).first()
    if user is not None:
        accounts.end_viewing(request.own, user, at=now())
        messages.success(request, t("已结束，现在是您自己的身份。", "Ended: you see with your own eyes again."))
    return redirect("accounts" if request.own.may(Permission.ACCOUNTS_WRITE) else "home")
