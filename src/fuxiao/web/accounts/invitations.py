"""Pages for whoever has no password yet: the first start, and an invitation."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fuxiao.base.clock import now, today
from fuxiao.org import accounts
from fuxiao.org.models import User
from fuxiao.org.queries import viewer_of
from fuxiao.service.actions.options import USUAL, begin_with_usual
from fuxiao.studio.packs import PACKS, make_home
from fuxiao.web import words
from fuxiao.web.access import public
from fuxiao.web.accounts.forms import PasswordForm, SetupForm
from fuxiao.web.shell.home import is_set_up
from fuxiao.web.words import later

PACK_WORDS = {
    "appliance": (
        later("家电与设备制造", "Appliances and equipment"),
        later("上门维修、配件、返修与预约", "Visits, parts, repeat failures, appointments"), "device-mobile",
    ),
    "ecommerce": (
        later("电商客服", "E-commerce customer service"),
        later("在线应答、满意度、退换货", "Chats, satisfaction, returns"), "users",
    ),
    "saas": (
        later("软件与 IT 服务台", "SaaS and IT help desk"),
        later("分级响应、升级与解决时限", "Response by priority, escalation, resolution"), "device-laptop",
    ),
}  # fmt: skip


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """The first start: the organisation and its owner. Gone for good once there is an account."""
    if User.objects.exists():
        return redirect("home")
    form = SetupForm(request.POST or None)
    if is_set_up():
        for name in ("company", "pack", "zone", "currency"):
            del form.fields[name]
    if request.method == "POST" and form.is_valid():
        try:
            user = _begin(form)
        except ValidationError as refused:
            form.add_error("password", refused)
        else:
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("home")
    packs = [(key, *PACK_WORDS[key]) for key in PACKS] if "pack" in form.fields else []
    return render(request, "account/setup.html", {"form": form, "packs": packs})


@transaction.atomic
def _begin(form: SetupForm) -> User:
    """The owner and the home folder, both or neither."""
    given = form.cleaned_data
    user = accounts.create_owner(
        username=given["username"], password=given["password"], email=given["email"], at=now()
    )  # fmt: skip
    if not is_set_up():
        make_home(
            settings.HOME, pack=given["pack"], name=given["company"], zone=given["zone"],
            currency=given["currency"], language=words.language(),
        )  # fmt: skip
        begin_with_usual(viewer_of(user, on=today(given["zone"])), USUAL, at=now())
    return user


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody invited sets the password and is signed in; a second factor is still asked for where there is one."""
    user = accounts.invitation_of(token, at=now()).user
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = accounts.accept(token, password=form.cleaned_data["password"], at=now())
        except ValidationError as refused:
            form.add_error("password", refused)
        else:
            answer: HttpResponse = perform_login(request, user)
            return answer
    return render(request, "account/invitation.html", {"form": form, "user_name": user.username})
