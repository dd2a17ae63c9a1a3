"""Language, viewer and errors of every request."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from fuxiao.base.clock import today
from fuxiao.base.wording import say_error
from fuxiao.core.errors import Conflict, FuxiaoError, NotPermitted, UnknownName
from fuxiao.org.models import User
from fuxiao.org.queries import ANONYMOUS, viewer_of
from fuxiao.web import words
from fuxiao.web.access import Request
from fuxiao.web.shell.home import organisation

logger = logging.getLogger("fuxiao.web")
Answer = Callable[[HttpRequest], HttpResponse]
STATUS: tuple[tuple[type[FuxiaoError], int], ...] = ((NotPermitted, 403), (Conflict, 409), (UnknownName, 404))


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
    """Who looks: ``request.viewer``. Pages of people are never kept by a cache."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast("Request", request)
        asked.viewer = ANONYMOUS
        if isinstance(request.user, User):
            asked.viewer = viewer_of(request.user, on=today(organisation().zone))
        response = self.answer(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class ErrorsInWordsMiddleware:
    """What the product refuses, as a page or a fragment that says what to do."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, FuxiaoError):
            return None
        status = next((number for kind, number in STATUS if isinstance(error, kind)), 400)
        logger.info("refused", extra={"code": error.code, "path": request.path, "status": status})
        lines = say_error(error, words.language())
        part = "shell/refused.html#lines" if cast("Request", request).htmx else "shell/refused.html"
        return render(request, part, {"lines": lines, "status": status}, status=status)
