"""What the frame of every page needs."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpRequest

from fuxiao.base.clock import demonstrated
from fuxiao.base.queries import unread_notices
from fuxiao.studio.sample import sample
from fuxiao.web import words
from fuxiao.web.access import Request
from fuxiao.web.shell import navigation
from fuxiao.web.shell.days import demo_clock
from fuxiao.web.shell.home import organisation
from fuxiao.web.shell.kept import known


def _unread(request: Request, account: int) -> int:
    return known(request, ("unread", account), lambda: unread_notices(account).count())


def shell(request: HttpRequest) -> dict[str, object]:
    asked = cast("Request", request)
    viewer = getattr(asked, "viewer", None)
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    theme = request.COOKIES.get("theme", "")
    return {
        "viewer": viewer,
        "sections": lambda: list(navigation.sections(viewer)) if signed_in and viewer else [],
        "here": navigation.here(viewer, request.path) if signed_in and viewer else "",
        "organisation": organisation(),
        "lang": "en" if words.language() == words.EN else "zh-CN",
        "theme": theme if theme in {"light", "dark"} else "",
        "sample": sample(settings.HOME) if signed_in else None,
        "demo_clock": demo_clock() if signed_in and demonstrated() else None,
        "unread_notices": _unread(asked, asked.own.account) if signed_in and asked.own.account else 0,
        "languages": settings.LANGUAGES,
        "sends_mail": bool(settings.EMAIL_HOST),
        "second_factor_demanded": bool(viewer and asked.own.roles & set(organisation().security.second_factor_roles)),
        "sign_in_elsewhere": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
