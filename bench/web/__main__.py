"""``python -m bench.web``: pages of a home with many cases under many readers, and the bare framework beside them.

Nothing fails on a figure: the table says how far each page is from its goal.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.table import machine, put_into
from bench.web.load import Answered, measure
from bench.web.site import make_ready, now_text, served

GOAL = "≥ 1/3, p95 < 150 ms"
ANEW = "made anew: "
HTMX = "HX-Request: true\r\n"
PAGES = (
    ("values of all indicators", "/values/?period=2026-09", ""),
    ("the same as a fragment", "/values/?period=2026-09&q=first", HTMX),
    ("one indicator by person", "/values/FRT/?period=2026-09&by=person", ""),
    ("the rows under a figure", "/values/FRT/rows?period=2026-09&of=&by=person&who=P00007", ""),
    ("people, a page of 50", "/org/people/", ""),
    ("people, a fragment", "/org/people/?q=P0001", HTMX),
    (f"{ANEW}values of all indicators", "/values/?period=2026-09&n={n}", ""),
    (f"{ANEW}one indicator by person", "/values/FRT/?period=2026-09&by=person&n={n}", ""),
    (f"{ANEW}the rows under a figure", "/values/FRT/rows?period=2026-09&of=&by=person&who=P00007&n={n}", ""),
    (f"{ANEW}people, a page of 50", "/org/people/?n={n}", ""),
    (f"{ANEW}people, a fragment", "/org/people/?q=P0001&n={n}", HTMX),
)
HEAD = (
    "| page | requests/s | of bare | of a bare table | median ms | p95 ms | worst ms | first ms | kB | goal |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def main(arguments: list[str]) -> None:
    asked = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fuxiao-bench-", dir=asked.folder) as passing:
        home = (asked.keep or Path(passing)) / f"web-{asked.cases}"
        cookie = make_ready(home, asked.cases)
        lines = list(compared(asked, home, cookie, PAGES))
    command = f"    python -m bench.web {shlex.join(arguments)}"
    facts = f"{machine(asked.cases)} · {asked.readers} readers at once, {asked.workers} workers"
    made = "\n".join([command, "", facts, "", HEAD, *lines])
    print(f"\n{made}")
    for page in asked.page or ():
        put_into(page, made)


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
    ours = {"DJANGO_SETTINGS_MODULE": "fuxiao.config.settings", "FUXIAO_HOME": str(home), "FUXIAO_NOW": now_text()}
    with served("fuxiao.config.asgi:application", asked.port + 1, workers=asked.workers, **ours) as port:
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.web", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="how many cases the lake has")
    parser.add_argument("--readers", type=int, default=50, help="how many ask at once")
    parser.add_argument("--seconds", type=float, default=8, help="how long each page is asked for")
    parser.add_argument("--workers", type=int, default=2, help="processes of each server")
    parser.add_argument("--port", type=int, default=8207, help="this port and the next are used, on this machine only")
    parser.add_argument("--folder", type=Path, help="where the lake is written; removed at the end")
    parser.add_argument("--keep", type=Path, help="keep the lake in this folder, and use one that is there")
    parser.add_argument("--page", type=Path, action="append", help="a page that shall show the table from now on")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
