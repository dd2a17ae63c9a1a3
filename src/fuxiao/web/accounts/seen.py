"""When and from where a session was last used, for the list of devices."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

EVERY = 300.0
"""Seconds between two notes of one session: a write with every request would have readers wait for one another."""
KEEP = 10_000


class SeenMiddleware:
    """Notes a session at its first request in this process, where its device or address changes, and now and then."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer
        self._noted: OrderedDict[tuple[str, str, str], float] = OrderedDict()
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated:
            device = request.headers.get("User-Agent", "")
            if self._is_due((key, str(get_adapter().get_client_ip(request)), device)):
                UserSession.objects.create_from_request(request)
        return self.answer(request)

    def _is_due(self, who: tuple[str, str, str]) -> bool:
        with self._lock:
            if time.monotonic() - self._noted.get(who, -EVERY) < EVERY:
                return False
            self._noted[who] = time.monotonic()
            while len(self._noted) > KEEP:
                self._noted.popitem(last=False)
        return True
