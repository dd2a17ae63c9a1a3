"""``python -m bench.cycles``: a month of many people closed, a draft played over a year, a scorecard under many readers.

Nothing fails on a figure; every figure stands beside the parts that it is made of.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shlex
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.cycles.topics import TOPICS
from bench.table import machine, put_into
from bench.web.site import now_text


def main(arguments: list[str]) -> None:
    asked = _parser().parse_args(arguments)
    os.environ["FUXIAO_NOW"] = now_text()
    with tempfile.TemporaryDirectory(prefix="fuxiao-bench-", dir=asked.folder) as passing:
        asked.keep = asked.keep or Path(passing)
        wanted = [topic for topic in TOPICS if topic in asked.only.split(",")]
        tables = [_apart(topic, asked) for topic in wanted]
    command = f"    python -m bench.cycles {shlex.join(arguments)}"
    made = "\n\n".join([command, f"{machine(asked.cases)} · {asked.people:,} people", *tables])
    print(f"\n{made}")
    for page in asked.page or ():
        put_into(page, made)


def _apart(topic: str, asked: argparse.Namespace) -> str:
    """A topic in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(TOPICS[topic], asked).result()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.cycles", description=__doc__)
    parser.add_argument(
        "--cases", type=int, default=1_000_000, help="cases of the month that is closed, and of the year"
    )
    parser.add_argument("--people", type=int, default=10_000, help="people of the cycle that is closed")
    parser.add_argument("--replayed", type=int, default=1_000, help="people of the year that a draft is played over")
    parser.add_argument("--only", default=",".join(TOPICS), help="topics to measure, with commas between")
    parser.add_argument("--readers", type=int, default=50, help="how many ask at once")
    parser.add_argument("--seconds", type=float, default=8, help="how long each page is asked for")
    parser.add_argument("--workers", type=int, default=2, help="processes of each server")
    parser.add_argument("--port", type=int, default=8207, help="this port and the next are used, on this machine only")
    parser.add_argument("--folder", type=Path, help="where the lakes are written; removed at the end")
    parser.add_argument("--keep", type=Path, help="keep the homes in this folder, and use those that are there")
    parser.add_argument("--page", type=Path, action="append", help="a page that shall show the tables from now on")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
