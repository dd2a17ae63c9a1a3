"""``python -m bench``: draws a service log, measures every way in a process of its own, prints one table.

Nothing fails on a figure: the table says how far each is from its goal.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bench.data import Log, write_home
from bench.homes import with_facts
from bench.lines import FROM_FACTS, LINES, Line
from bench.table import machine, put_into, table
from bench.way import Timing, run_apart


def main(arguments: list[str]) -> None:
    asked = _parser().parse_args(arguments)
    lines = [line for line in LINES if not asked.only or {line.topic, line.way} & set(asked.only.split(","))]
    with tempfile.TemporaryDirectory(prefix="fuxiao-bench-", dir=asked.folder) as passing:
        home = (asked.keep or Path(passing)) / f"cases-{asked.cases}"
        write_home(home, Log.of(asked.cases))
        if {line.topic for line in lines} & FROM_FACTS:
            with_facts(home)
        found = measured(lines, home, asked.repeats)
    made = f"    python -m bench {shlex.join(arguments)}\n\n{machine(asked.cases)}\n\n{table(lines, found)}"
    print(f"\n{made}")
    for page in asked.page or ():
        put_into(page, made)


def measured(lines: Iterable[Line], home: Path, repeats: int | None) -> dict[str, Timing | str]:
    """Each way once, however many lines name it; of one that did not end well, why."""
    found: dict[str, Timing | str] = {}
    for line in lines:
        try:
            timing = run_apart(line.way, home, repeats=repeats or line.repeats, warm=line.warm)
        except RuntimeError as error:
            found[line.way] = str(error)
        else:
            found[line.way] = timing
        said = found[line.way]
        print(f"{line.way}: {said if isinstance(said, str) else f'{said.seconds:.3f} s'}", file=sys.stderr, flush=True)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="how many cases the log has")
    parser.add_argument("--only", default="", help="topics or ways to measure, with commas between")
    parser.add_argument("--repeats", type=int, help="how often each way is measured")
    parser.add_argument("--folder", type=Path, help="where the log is written; removed at the end")
    parser.add_argument("--keep", type=Path, help="keep the log in this folder, and use one that is there")
    parser.add_argument("--page", type=Path, action="append", help="a page that shall show the table from now on")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
