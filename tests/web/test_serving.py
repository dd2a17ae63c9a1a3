"""Answers as the server gets them: whole ones, downloads part by part, streams for as long as somebody listens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from fuxiao.web.shell.serving import Pages

ENDED = threading.Event()
THREADS: set[str] = set()


def plain(request):
    THREADS.add(threading.current_thread().name)
    return HttpResponse(request.method + request.body.decode() + request.GET.get("q", ""))


def parts(request):
    return StreamingHttpResponse(f"{number}\n" for number in range(3))


async def _endless() -> AsyncIterator[bytes]:
    try:
        while True:
            yield b"alive\n"
            await asyncio.sleep(0.01)
    finally:
        ENDED.set()


def stream(request):
    return StreamingHttpResponse(_endless(), content_type="text/event-stream")


urlpatterns = [path("plain", plain), path("parts", parts), path("stream", stream)]


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []


async def asked(pages: Pages, address: str, body: bytes = b"", leave_after: int = 100) -> tuple[int, list[bytes]]:
    """Status and parts of an answer; whoever asked is gone after so many parts."""
    sent, gone = [], asyncio.Event()
    requests = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        if requests:
            return requests.pop(0)
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)
        if len(sent) > leave_after:
            gone.set()

    target, _, query = address.partition("?")
    scope = {
        "type": "http",
        "method": "POST" if body else "GET",
        "path": target,
        "query_string": query.encode(),
        "headers": [],
    }
    await pages(scope, receive, send)
    return sent[0]["status"], [message["body"] for message in sent[1:] if message.get("body")]


def test_a_request_is_answered_with_what_it_sent():
    pages = Pages(2)
    assert asyncio.run(asked(pages, "/plain?q=%E4%BA%BA", b"x")) == (200, ["POSTx人".encode()])
    assert asyncio.run(asked(pages, "/nowhere"))[0] == 404


def test_a_download_comes_part_by_part():
    assert asyncio.run(asked(Pages(1), "/parts")) == (200, [b"0\n", b"1\n", b"2\n"])


def test_a_stream_ends_when_nobody_listens_any_more():
    ENDED.clear()
    status, heard = asyncio.run(asyncio.wait_for(asked(Pages(1), "/stream", leave_after=5), 120))
    assert (status, set(heard)) == (200, {b"alive\n"})
    assert ENDED.wait(120)


def test_requests_are_answered_by_threads_that_stay():
    THREADS.clear()
    pages = Pages(2)

    async def many():
        await asyncio.gather(*(asked(pages, "/plain") for _ in range(20)))

    asyncio.run(many())
    assert len(THREADS) <= 2
