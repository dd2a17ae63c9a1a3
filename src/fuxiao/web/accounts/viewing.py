"""Looking through somebody else's eyes: whose, what that closes, and the second factor that a role may demand."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, cast

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from requests import RequestException

from fuxiao.base.permissions import Permission, Role, Viewer
from fuxiao.core.errors import NotPermitted
from fuxiao.org.models import User
from fuxiao.org.queries import viewer_of
from fuxiao.web.access import SAFE, Request
from fuxiao.web.shell.home import organisation
from fuxiao.web.shell.refusal import refusal

logger = logging.getLogger("fuxiao.web")
KEY = "view_as"
"""Under this name the session keeps the number of the account looked through."""
OPEN = {"account_reauthenticate", "account_logout", "language", "healthz"}
"""Open to whoever still has to set up a second factor, besides the pages that set it up."""


def looked_through(request: Request, *, on: date) -> Viewer | None:
    """The read-only viewer whose eyes this session borrows; ``None`` for nobody's, or where the right is gone."""
    number = request.session.get(KEY)
    if number is None:
        return None
    user = User.objects.select_related("person").filter(pk=number, is_active=True).first()
    seen = viewer_of(user, on=on) if user else None
    if seen is None or not _may_look(request.own, seen):
        del request.session[KEY]
        return None
    return replace(seen, read_only=True)


def _may_look(own: Viewer, seen: Viewer) -> bool:
    return own.may(Permission.VIEW_AS) and (Role.OWNER not in seen.roles or Role.OWNER in own.roles)


class AccountRulesMiddleware:
    """Nothing is written with borrowed eyes, and no page comes before the second factor that a role demands."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, named: object
    ) -> HttpResponse | None:
        asked = cast("Request", request)
        address = (request.resolver_match.url_name if request.resolver_match else "") or ""
        if asked.viewer.read_only and address != "view_as_end":
            return _while_looking(asked, view)
        if lacks_second_factor(asked) and address not in OPEN and not address.startswith("mfa_"):
            return HttpResponse(status=204, headers={"HX-Redirect": "/"}) if asked.htmx else redirect("mfa_index")
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A sign-in elsewhere whose system does not answer is no defect of ours: the page says to try again."""
        if not isinstance(error, RequestException):
            return None
        logger.warning("the system to sign in with does not answer: %s", error)
        return render(request, "socialaccount/authentication_error.html", status=502)


def _while_looking(request: Request, view: Callable[..., Any]) -> HttpResponse | None:
    if request.method not in SAFE:
        return refusal(request, NotPermitted("permission.read_only"))
    if view.__module__.startswith("allauth."):
        return refusal(request, NotPermitted("view_as.own_pages"))
    return None


def lacks_second_factor(request: Request) -> bool:
    """Whether a role of the account demands a second factor that it does not have yet."""
    demanded = request.own.roles & set(organisation().security.second_factor_roles)
    return bool(demanded) and not is_mfa_enabled(request.user)
