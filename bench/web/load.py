"""Many readers at once: each asks for the next page as soon as it has the one before, over a connection of its own."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass

NUMBERS = itertools.count()
WARM = 5
"""Requests before anything is measured."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: requests a second, latencies in milliseconds, the size of an answer in kilobytes."""

    a_second: float
    middle: float
    p95: float
    worst: float
    kilobytes: float


def measure(
    port: int, page: str, *, cookie: str = "", headers: str = "", readers: int = 50, seconds: float = 8
) -> Answered:
    """Ask for a page with so many readers for so long. ``RuntimeError`` for an answer that is not 200.

    ``{n}`` in the address is another number every time, so that no page is kept for the next reader.
    """
    head = f"GET {page} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n{headers}\r\n".encode()
    return asyncio.run(_measure(port, head, readers, seconds))


async def _measure(port: int, head: bytes, readers: int, seconds: float) -> Answered:
    for _ in range(WARM):
        await _read(port, head, until=0.0, least=1)
    began = time.perf_counter()
    found = await asyncio.gather(*(_read(port, head, until=began + seconds) for _ in range(readers)))
    spent = time.perf_counter() - began
    times = sorted(1000 * each for times, _ in found for each in times)
    return Answered(
        len(times) / spent, times[len(times) // 2], times[int(0.95 * (len(times) - 1))], times[-1], found[0][1] / 1000
    )


async def _read(port: int, head: bytes, *, until: float, least: int = 1) -> tuple[list[float], int]:
    """Seconds of each answer, and the size of the last."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times: list[float] = []
    size = 0
    while len(times) < least or time.perf_counter() < until:
        asked = time.perf_counter()
        writer.write(head.replace(b"{n}", b"%d" % next(NUMBERS)))
        size = await _answer(reader)
        times.append(time.perf_counter() - asked)
    writer.close()
    return times, size


async def _answer(reader: asyncio.StreamReader) -> int:
    """Bytes of the body; the status must be 200."""
    top = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in top[:20]:
        raise RuntimeError(top.decode("latin-1"))
    fields = {line.partition(b":")[0].lower(): line.partition(b":")[2].strip() for line in top.split(b"\r\n")}
    if b"content-length" in fields:
        return len(await reader.readexactly(int(fields[b"content-length"])))
    size = 0
    while length := int(await reader.readuntil(b"\r\n"), 16):
        size += len(await reader.readexactly(length + 2)) - 2
    await reader.readexactly(2)
    return size
