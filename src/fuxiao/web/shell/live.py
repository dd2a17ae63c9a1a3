"""Live pages: the names of what changed, pushed as server-sent events; the page asks again for what it may see.

Each process reads the announcements four times a second for all its readers together, so it works the same whether one
process or ten serve, and on either database.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import close_old_connections
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from fuxiao.base.queries import announced_since, heard_by, newest_announcement
from fuxiao.web.access import SIGNED_IN, Request
from fuxiao.web.pages import whole

Found = TypeVar("Found")
PERIOD = 0.25
BEAT = 15.0
"""Seconds between signs of life, so that proxies keep a quiet connection."""
MOST = 3_600.0
"""A stream ends after this many seconds; the browser opens the next, and rights are looked at again."""


_reader = ThreadPoolExecutor(1, thread_name_prefix="announcements")


async def _read(query: Callable[..., Found], *given: int) -> Found:
    """Ask the database beside the loop; all streams of a process share one connection."""

    def read() -> Found:
        close_old_connections()
        return query(*given)

    return await asyncio.get_running_loop().run_in_executor(_reader, read)


class Hub:
    """All open streams of this process, and the one reader that feeds them while there are any."""

    def __init__(self) -> None:
        self.queues: set[asyncio.Queue[tuple[int, str]]] = set()
        self.reader: asyncio.Task[None] | None = None

    def join(self) -> asyncio.Queue[tuple[int, str]]:
        queue: asyncio.Queue[tuple[int, str]] = asyncio.Queue(maxsize=1_000)
        self.queues.add(queue)
        if self.reader is None or self.reader.done():
            self.reader = asyncio.create_task(self._read())
        return queue

    def leave(self, queue: asyncio.Queue[tuple[int, str]]) -> None:
        self.queues.discard(queue)

    async def _read(self) -> None:
        last = await _read(newest_announcement)
        while self.queues:
            await asyncio.sleep(PERIOD)
            for number, topic in await _read(announced_since, last):
                self._tell(number, topic)
                last = number

    def _tell(self, number: int, topic: str) -> None:
        for queue in self.queues:
            if not queue.full():
                queue.put_nowait((number, topic))


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop."""
    return _hubs.setdefault(id(asyncio.get_running_loop()), Hub())


def stream(request: Request) -> HttpResponseBase:
    """The names of what changes from now on, or since the page was made; 401 without an account."""
    account = request.own.account
    if account is None:
        return HttpResponse(status=401)
    seen = whole(request.headers.get("Last-Event-ID", "") or request.GET.get("since", ""), -1)
    response = StreamingHttpResponse(_events(seen, account), content_type="text/event-stream")
    response["Cache-Control"], response["X-Accel-Buffering"] = "no-store", "no"
    return response


stream.rule = SIGNED_IN  # type: ignore[attr-defined]


async def _events(seen: int, account: int) -> AsyncIterator[bytes]:
    """First what a reader missed since ``seen`` (below nought: nothing), before the stream or cut off; then what comes."""
    queue = hub().join()
    loop = asyncio.get_running_loop()
    end = loop.time() + MOST
    try:
        yield b"retry: 2000\n\n"
        if seen >= 0:
            for number, topic in await _read(announced_since, seen):
                yield _event(number, topic, account)
        while loop.time() < end:
            try:
                number, topic = await asyncio.wait_for(queue.get(), BEAT)
                yield _event(number, topic, account)
            except TimeoutError:
                yield b": alive\n\n"
    finally:
        hub().leave(queue)


def _event(number: int, topic: str, account: int) -> bytes:
    """What the browser hears; of what is meant for another account only a sign of life."""
    heard = heard_by(topic, account)
    return f"id: {number}\nevent: changed\ndata: {heard}\n\n".encode() if heard else b": \n\n"
