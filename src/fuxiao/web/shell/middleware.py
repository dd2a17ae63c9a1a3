"""Language, viewer and errors of every request."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from fuxiao.base.clock import today
from fuxiao.base.queries import newest_announcement
from fuxiao.core.errors import FuxiaoError, InputError
from fuxiao.org.models import User
from fuxiao.org.queries import ANONYMOUS
from fuxiao.web.access import Request
from fuxiao.web.accounts.viewing import looked_through
from fuxiao.web.org.positions import read_once
from fuxiao.web.shell.home import organisation
from fuxiao.web.shell.kept import viewer_now
from fuxiao.web.shell.refusal import refusal
from fuxiao.web.shell.views import not_opened

Answer = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger("fuxiao.web")


class LanguageMiddleware:
    """The account's language; else the cookie's; else Chinese, which is the language of the product."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _ in settings.LANGUAGES}
        with translation.override(chosen if chosen in known else settings.LANGUAGE_CODE):
            response = self.answer(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response


class ViewerMiddleware:
    """Who looks: ``request.viewer``, and ``request.own`` whose account it is. Pages of people are never kept by a cache."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast("Request", request)
        asked.own = asked.viewer = ANONYMOUS
        if isinstance(request.user, User):
            asked.pulse = newest_announcement()
            asked.own = viewer_now(request.user, pulse=asked.pulse)
            asked.viewer = looked_through(asked, on=today(organisation().zone)) or asked.own
        response = self.answer(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class NamesOnceMiddleware:
    """The names of positions, which come from files, are looked up once a request."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with read_once():
            return self.answer(request)


class ErrorsInWordsMiddleware:
    """What the product refuses, as a page or a fragment that says what to do."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answer(request)
        if answer.status_code == 405 and request.method == "GET":
            return not_opened(request, allowed=answer.get("Allow", "POST"))
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        # What the database cannot hold (a text that is too long, a NUL, a number out of range) was sent, not computed.
        if isinstance(error, DataError):
            logger.warning("not storable", extra={"path": request.path}, exc_info=error)
            error = InputError("input.not_storable")
        return refusal(request, error) if isinstance(error, FuxiaoError) else None
