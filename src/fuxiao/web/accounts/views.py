"""Accounts: who may sign in, as what, and what becomes of it."""

from __future__ import annotations

import logging
import secrets

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.queries import history_of
from fuxiao.core.errors import InputError
from fuxiao.org import accounts as actions
from fuxiao.org.models import User
from fuxiao.web.access import Request, allowed, public, signed_in
from fuxiao.web.accounts import presenters
from fuxiao.web.accounts.forms import AccountForm, RolesForm
from fuxiao.web.pages import page_of
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import t

logger = logging.getLogger("fuxiao.web")
HISTORY = 20


@allowed(Permission.ACCOUNTS_WRITE)
@require_GET
def accounts(request: Request) -> HttpResponse:
    """All accounts; a few letters of a name, pinyin or number narrow them down."""
    search = request.GET.get("q", "").strip()[:80]
    page = page_of(request, presenters.accounts(search))
    part = "account/accounts.html#list" if request.htmx else "account/accounts.html"
    return render(request, part, {"page": page, "search": search})


@allowed(Permission.ACCOUNTS_WRITE)
@require_http_methods(["GET", "POST"])
def new_account(request: Request) -> HttpResponse:
    """Open an account; the link to set its password is shown once."""
    number = request.GET.get("person", "")
    form = AccountForm(
        request.POST or None, viewer=request.viewer, on=today(organisation().zone),
        initial={"person": number, "username": number},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        token = secrets.token_urlsafe(32)
        try:
            user = actions.open_account(request.viewer, **form.cleaned_data, token=token, at=now())
        except InputError as refused:
            form.add_error("username" if refused.code == "org.account_taken" else "person", _said(refused))
        else:
            return _show_link(request, user, token)
    ticked = set(form.cleaned_data.get("roles", [])) if form.is_bound else set()
    choices = presenters.role_choices(request.viewer, ticked)
    return render(request, "account/new.html", {"form": form, "choices": choices})


@allowed(Permission.ACCOUNTS_WRITE)
@require_GET
def account(request: Request, number: int) -> HttpResponse:
    """One account: its state, its roles, what was done to it."""
    user = get_object_or_404(presenters.accounts(""), pk=number)
    held = actions.roles_of(user)
    return render(request, "account/account.html", {
        "account": user, "state": presenters.state_of(user, at=now()),
        "choices": presenters.role_choices(request.viewer, held),
        "history": history_of(actions.KIND, str(user.pk))[:HISTORY],
        "touchable": actions.touchable(request.viewer, held), "is_self": user.pk == request.viewer.account,
        "sees_as": request.viewer.may(Permission.VIEW_AS),
    })  # fmt: skip


@allowed(Permission.ACCOUNTS_WRITE)
@require_POST
def roles(request: Request, number: int) -> HttpResponse:
    user = _found(number)
    form = RolesForm(request.POST)
    if form.is_valid():
        actions.grant_roles(request.viewer, user, form.cleaned_data["roles"], at=now())
        _keep_own_session(request, user)
        messages.success(request, t("角色已更新，立即生效。", "The roles are changed and hold at once."))
    return redirect("account", number)


@allowed(Permission.ACCOUNTS_WRITE)
@require_POST
def link(request: Request, number: int) -> HttpResponse:
    """A new link to set the password by; the earlier one is void."""
    user, token = _found(number), secrets.token_urlsafe(32)
    actions.invite_again(request.viewer, user, token=token, at=now())
    return _show_link(request, user, token)


@allowed(Permission.ACCOUNTS_WRITE)
@require_POST
def state(request: Request, number: int) -> HttpResponse:
    """Close an account or open it again."""
    user, active = _found(number), request.POST.get("active") == "1"
    actions.set_active(request.viewer, user, active=active, at=now())
    messages.success(
        request,
        t("账号已启用。", "The account is enabled.") if active
        else t("账号已停用，所有登录立即失效。", "The account is disabled and signed out everywhere."),
    )  # fmt: skip
    return redirect("account", number)


@allowed(Permission.ACCOUNTS_WRITE)
@require_POST
def second_factor(request: Request, number: int) -> HttpResponse:
    """Forget the second factor of somebody who lost it."""
    user = _found(number)
    actions.reset_second_factor(request.viewer, user, at=now())
    _keep_own_session(request, user)
    messages.success(request, t("两步验证已重置。", "The second factor is reset."))
    return redirect("account", number)


@signed_in
@require_POST
def end_session(request: Request, number: int) -> HttpResponse:
    """Sign out another device of one's own."""
    get_object_or_404(UserSession, pk=number, user=request.user.pk).end()
    messages.success(request, t("那台设备已退出登录。", "That device is signed out."))
    return redirect("usersessions_list")


@public
def closed(request: HttpRequest) -> HttpResponse:
    """An address of the sign-in library that is not in use here."""
    raise Http404


def _found(number: int) -> User:
    return get_object_or_404(User.objects.select_related("person"), pk=number)


def _keep_own_session(request: Request, user: User) -> None:
    """Whoever changes the own account stays signed in on this device."""
    if user.pk == request.user.pk:
        update_session_auth_hash(request, user)


def _said(error: InputError) -> str:
    from fuxiao.base.wording import say_error
    from fuxiao.web import words

    return say_error(error, words.language())[0]


def _show_link(request: Request, user: User, token: str) -> HttpResponse:
    """The link, once: it is nowhere else but in the mail. A mail that fails is said, and the link still holds."""
    link = request.build_absolute_uri(reverse("invitation", args=[token]))
    mailed = bool(settings.EMAIL_HOST and user.email) and _mail(user, link)
    return render(request, "account/link.html", {"account": user, "link": link, "mailed": mailed}, status=201)


def _mail(user: User, link: str) -> bool:
    facts = {"user": user, "link": link, "organisation": organisation()}
    try:
        send_mail(
            t("[{name}] 账号邀请", "[{name}] Your account", name=organisation().name or "Fuxiao"),
            render_to_string("account/email/invitation.txt", facts), None, [user.email],
        )  # fmt: skip
    except OSError as error:  # refused, unreachable, too slow: all of smtplib's errors are of this kind
        logger.warning("mail was not sent: %s", error)
        return False
    return True
