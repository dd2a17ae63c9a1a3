"""Pages kept in this process for as long as nothing that they are made of changes.

What they are made of is all in the key: the address, the reader with every right, the language and the theme, the day,
the files of the home folder by their state, and the database by its newest announcement, for no change is without one.
So a page is never stale, and nobody is shown what another may see: a kept page is only for the reader it was made for.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import wraps
from http.cookies import SimpleCookie
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar, cast

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token

from fuxiao.base.clock import today
from fuxiao.base.permissions import Viewer
from fuxiao.base.settings import FILE
from fuxiao.org.models import User
from fuxiao.org.queries import viewer_of
from fuxiao.studio.sample import FILE as SAMPLE
from fuxiao.web.access import Request, View
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import language

Thing = TypeVar("Thing")
MARKS = (b'csrfmiddlewaretoken" value="', b'"X-CSRFToken": "')
LENGTH = 64
"""What stands before a token, and how long one is."""
FILES = (FILE, SAMPLE, "targets.yaml", "events.yaml", "lake/manifest.json")
FOLDERS = ("indicators", "schemes")
"""Schemes give positions their names."""


class Shelf(Generic[Thing]):
    """The things that were asked for last, at most so many."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: OrderedDict[Hashable, Thing] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Thing | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Hashable, thing: Thing) -> Thing:
        with self._lock:
            self._held[key] = thing
            while len(self._held) > self.most:
                self._held.popitem(last=False)
        return thing

    def clear(self) -> None:
        with self._lock:
            self._held.clear()


@dataclass(frozen=True, slots=True)
class Page:
    """A page without the token that protects its forms: what stands between the places of the token."""

    parts: list[bytes]
    kind: str
    cookies: SimpleCookie


_pages: Shelf[Page] = Shelf(256)
_viewers: Shelf[Viewer] = Shelf(4096)
_known: Shelf[Any] = Shelf(1024)


def forget() -> None:
    """Start anew."""
    _pages.clear()
    _viewers.clear()
    _known.clear()


def viewer_now(user: User, *, pulse: int) -> Viewer:
    """Who this account is today; ``pulse`` is the newest announcement, so a right that was taken is gone at once."""
    on = today(organisation().zone)
    key = (user.pk, user.is_active, user.username, user.person_id, on, pulse)
    return _viewers.get(key) or _viewers.put(key, viewer_of(user, on=on))


def known(request: Request, what: Hashable, make: Callable[[], Thing]) -> Thing:
    """What ``make`` reads of the database alone, for as long as that is in the same state; ``what`` says all that it depends
    on. A request that writes reads for itself: the state it came in is not the one it shows."""
    if request.method != "GET":
        return make()
    key = (what, request.pulse)
    found = _known.get(key)
    return cast("Thing", _known.put(key, make()) if found is None else found)


def kept(view: View) -> View:
    """Give the page that was made for this reader, unless anything has changed since.

    Only for views that read nothing but the database, the home folder and the day. Inside the rule of the address.
    """

    @wraps(view)
    def answer(request: Request, *args: Any, **named: Any) -> HttpResponseBase:
        if request.method != "GET" or len(get_messages(request)):
            return view(request, *args, **named)
        key = _key(request)
        if (found := _pages.get(key)) is not None:
            return _put_together(request, found)
        response = view(request, *args, **named)
        if (page := _taken_apart(response)) is not None:
            _pages.put(key, page)
        return response

    return cast("Callable[..., HttpResponseBase]", answer)


def _key(request: Request) -> Hashable:
    return (
        request.get_full_path(), bool(request.htmx), language(), request.COOKIES.get("theme", ""),
        today(organisation().zone), request.own, request.viewer, request.pulse, tuple(_files(settings.HOME)),
    )  # fmt: skip


def _files(home: Path) -> Iterator[tuple[str, int, int]]:
    """Every file of the home folder that pages are made of, with what tells one state of it from another."""
    many = (path for folder in FOLDERS for path in sorted((home / folder).glob("*.yaml")))
    for path in (*(home / name for name in FILES), *many):
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        yield str(path), found.st_mtime_ns, found.st_ino


def _taken_apart(response: HttpResponseBase) -> Page | None:
    """The page without its token; ``None`` for what is no page (a download, a refusal, a way to somewhere else), or says
    that it is for now only."""
    kind = response.headers.get("Content-Type", "")
    if not isinstance(response, HttpResponse) or response.status_code != 200 or not kind.startswith("text/html"):
        return None
    if "no-store" in response.headers.get("Cache-Control", ""):
        return None
    tokens = {part[:LENGTH] for mark in MARKS for part in response.content.split(mark)[1:]}
    if len(tokens) > 1:
        return None
    parts = response.content.split(tokens.pop()) if tokens else [response.content]
    return Page(parts, kind, SimpleCookie(response.cookies.output(header="")))


def _put_together(request: Request, page: Page) -> HttpResponse:
    token = get_token(request).encode() if len(page.parts) > 1 else b""
    response = HttpResponse(token.join(page.parts), content_type=page.kind)
    response.cookies.update(page.cookies)
    return response
