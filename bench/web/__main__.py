"""``python -m bench.web``: pages of a home with many cases under many readers, and the bare framework beside them.

Nothing fails on a figure: the table says how far each page is from its goal.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from pathlib import Path

from bench.table import machine, put_into
from bench.web.beside import ANEW, HEAD, compared
from bench.web.site import make_ready

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
