"""The one table that a run of the bench ends with, as Markdown, with the machine and the versions it was made on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.lines import Line
from bench.way import Timing

PACKAGES = ("duckdb", "ibis-framework", "pyarrow", "numpy", "polars", "pandas", "pyspark")
MARKS = ("<!-- measured -->", "<!-- end -->")
HEAD = (
    "| work | way | seconds | processor s | peak GB | ratio | of processor s | goal | notes |\n"
    "|---|---|--:|--:|--:|--:|--:|--:|---|"
)


def table(lines: Iterable[Line], timings: Mapping[str, Timing | str]) -> str:
    """A row for each line, or why there is none; the second ratio, of processor seconds, holds on a machine that others use as well."""
    return "\n".join([HEAD, *(_row(line, timings) for line in lines)])


def _row(line: Line, timings: Mapping[str, Timing | str]) -> str:
    timing = timings[line.way]
    if isinstance(timing, str):
        return f"| {line.topic} | {line.title} | – | – | – | – | – | {line.goal} | {timing.splitlines()[-1]} |"
    base = timings.get(line.against)
    ratios = ("", "")
    if isinstance(base, Timing):
        ratios = f"{timing.seconds / base.seconds:.2f}", f"{timing.cpu / base.cpu:.2f}"
    notes = ", ".join([*(f"{name} {value}" for name, value in timing.notes.items()), *filter(None, [line.remark])])
    spent = _short(timing.seconds), _short(timing.cpu), f"{timing.peak:.2f}"
    cells = (line.topic, line.title, *spent, *ratios, line.goal)
    return f"| {' | '.join(cells)} | {notes} |"


def _short(seconds: float) -> str:
    return f"{seconds:.4f}" if seconds < 0.1 else f"{seconds:.3f}" if seconds < 1 else f"{seconds:.2f}"


def put_into(page: Path, made: str) -> None:
    """Replace what the page shows between its two marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    page.write_text(f"{before}{MARKS[0]}\n\n{made}\n\n{MARKS[1]}{after}", encoding="utf-8")


def machine(cases: int = 0) -> str:
    """When, how many cases where they matter, on what, with which versions."""
    cores, memory = len(os.sched_getaffinity(0)), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {f'{cases:,} cases · ' if cases else ''}{_processor()}, {cores} cores, {memory:.0f} GiB · "
        f"{platform.system()} {platform.release()} · Python {platform.python_version()}, {packages}"
    )


def _processor() -> str:
    described = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").is_file() else ""
    names = [line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()
