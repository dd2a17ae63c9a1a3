"""Pages of a home, measured beside the bare framework's own in the same run; a line of the table for each."""

from __future__ import annotations

import argparse
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.web.load import Answered, measure
from bench.web.site import now_text, served

GOAL = "≥ 1/3, p95 < 150 ms"
ANEW = "made anew: "
HEAD = (
    "| page | requests/s | of bare | of a bare table | median ms | p95 ms | worst ms | first ms | kB | goal |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def compared(
    asked: argparse.Namespace, home: Path, cookie: str, pages: Sequence[tuple[str, str, str]]
) -> Iterator[str]:
    """A line for the bare framework's two pages and one for each of ours: a title, an address, headers."""
    many = {"readers": asked.readers, "seconds": asked.seconds}
    bare_settings = {"DJANGO_SETTINGS_MODULE": "bench.web.bare"}
    with served("bench.web.bare:application", asked.port, workers=asked.workers, **bare_settings) as port:
        bare = measure(port, "/", **many), measure(port, "/table", **many)
    yield _line("bare: a plain view", bare[0], bare, 0.0, "")
    yield _line("bare: a table of 50 rows", bare[1], bare, 0.0, "")
    with our_site(asked, home) as port:
        for title, page, headers in pages:
            first = _first(port, page, cookie)
            found = measure(port, page, cookie=cookie, headers=headers, **many)
            yield _line(title, found, bare, first, "" if ANEW in title else GOAL)


def _first(port: int, page: str, cookie: str) -> float:
    """Milliseconds of the first answer: nothing is kept of it yet."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{page}", headers={"Cookie": cookie})
    began = time.perf_counter()
    urllib.request.urlopen(request, timeout=120).close()  # noqa: S310 - our own server
    return 1000 * (time.perf_counter() - began)


def _line(title: str, found: Answered, bare: tuple[Answered, Answered], first: float, goal: str) -> str:
    print(f"{title}: {found.a_second:.0f} a second, p95 {found.p95:.0f} ms", file=sys.stderr, flush=True)
    ratios = f"{found.a_second / bare[0].a_second:.2f} | {found.a_second / bare[1].a_second:.2f}"
    times = f"{found.middle:.0f} | {found.p95:.0f} | {found.worst:.0f} | {first:.0f}"
    return f"| {title} | {found.a_second:.0f} | {ratios} | {times} | {found.kilobytes:.0f} | {goal} |"


@contextmanager
def our_site(asked: argparse.Namespace, home: Path) -> Iterator[int]:
    """The product's own server over a home."""
    ours = {"DJANGO_SETTINGS_MODULE": "fuxiao.config.settings", "FUXIAO_HOME": str(home), "FUXIAO_NOW": now_text()}
    with served("fuxiao.config.asgi:application", asked.port + 1, workers=asked.workers, **ours) as port:
        yield port
