"""Requests as the server hands them over: each is answered whole on one of a few threads that stay.

A thread that stays keeps its connection to the database, and a request goes through the rules and the view in one go
instead of being handed from thread to thread at every rule. Only what is streamed without an end, the live pages' names
of changes, stays in the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, cast
from wsgiref.headers import Headers

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix
from servestatic import ServeStaticASGI

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Pages(ASGIHandler):
    """Django with every rule run in order on the thread that answers."""

    def __init__(self, threads: int) -> None:
        self.load_middleware(is_async=False)
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        response = await self._aside(self._answer, scope, body)
        if not isinstance(response, StreamingHttpResponse):
            await self.send_response(response, send)
            return
        try:
            await self._stream(response, receive, send)
        finally:
            await self._aside(response.close)

    async def _aside(self, work: Callable[..., Any], *given: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, work, *given)

    def _answer(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """The answer; closed already, and with it what the request held, where it is not streamed."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refused = self.create_request(scope, body)
        response = self.get_response(request) if request is not None else cast("HttpResponseBase", refused)
        response._handler_class = type(self)  # type: ignore[attr-defined]  # noqa: SLF001 - as Django's handlers do
        if not response.streaming:
            response.close()
        return response

    async def _stream(self, response: StreamingHttpResponse, receive: Receive, send: Send) -> None:
        """Send part by part for as long as somebody listens."""
        if not response.is_async:
            response.streaming_content = self._parts(iter(response.streaming_content))  # type: ignore[arg-type]
        tasks = [asyncio.ensure_future(self.send_response(response, send)), asyncio.ensure_future(_gone(receive))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _parts(self, parts: object) -> AsyncIterator[bytes]:
        while (part := await self._aside(next, parts, None)) is not None:
            yield part


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def application() -> ServeStaticASGI:
    """Static files, whose names hold their digest, and the pages."""
    return ServeStaticASGI(
        Pages(settings.THREADS), root=settings.STATIC_ROOT, prefix=settings.STATIC_URL, add_headers_function=_safe
    )


def _safe(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
