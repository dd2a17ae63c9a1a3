"""What the product refuses, as a page or a fragment that says what to do."""

from __future__ import annotations

import logging
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fuxiao.base.wording import say_error
from fuxiao.core.errors import Conflict, FuxiaoError, NotPermitted, UnknownName
from fuxiao.web import words
from fuxiao.web.access import Request

logger = logging.getLogger("fuxiao.web")
STATUS: tuple[tuple[type[FuxiaoError], int], ...] = ((NotPermitted, 403), (Conflict, 409), (UnknownName, 404))


def refusal(request: HttpRequest, error: FuxiaoError) -> HttpResponse:
    """The error in the reader's language under its status; 400 where the kind of error has none of its own."""
    status = next((number for kind, number in STATUS if isinstance(error, kind)), 400)
    logger.info("refused", extra={"code": error.code, "path": request.path, "status": status})
    lines = say_error(error, words.language())
    part = "shell/refused.html#lines" if cast("Request", request).htmx else "shell/refused.html"
    return render(request, part, {"lines": lines, "status": status}, status=status)
