"""The topics of the bench, each a table: what was measured, and the parts of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

from bench.cycles.parts import Part, Whole, peak
from bench.web.beside import HEAD as PAGES_HEAD

HEAD = "| work | seconds | share | processor s | calls | notes |\n|---|--:|--:|--:|--:|---|"


def closing(asked: argparse.Namespace) -> str:
    from bench.cycles.closing import closed, home_of

    home = home_of(asked.keep, cases=asked.cases, people=asked.people)
    return "\n".join([HEAD, *_lines(closed(home)), f"| peak memory | | | | | {peak():.2f} GB |"])


def replay(asked: argparse.Namespace) -> str:
    from bench.cycles.replaying import replayed

    found = replayed(asked.keep, cases=asked.cases, people=asked.replayed)
    return "\n".join([HEAD, *_lines([found]), f"| peak memory | | | | | {peak():.2f} GB |"])


def pages(asked: argparse.Namespace) -> str:
    """The cycle is closed first where that was not measured."""
    from bench.cycles.closing import closed, home_of
    from bench.cycles.reading import read

    home = home_of(asked.keep, cases=asked.cases, people=asked.people)
    from fuxiao.performance.cycles.models import Cycle

    if not Cycle.objects.exists():
        list(closed(home))
    return "\n".join([f"{asked.readers} readers at once, {asked.workers} workers:", "", PAGES_HEAD, *read(asked, home)])


def _lines(works: Iterable[Whole]) -> Iterator[str]:
    for whole in works:
        print(f"{whole.title}: {whole.seconds:.2f} s", file=sys.stderr, flush=True)
        for part in whole.lines:
            yield _line(part, whole)


def _line(part: Part, whole: Whole) -> str:
    title = f"**{part.title}**" if part is whole else f"of that: {part.title}"
    share = "" if part is whole else f"{100 * part.seconds / whole.seconds:.0f} %"
    calls = part.calls if part.calls > 1 else ""
    return f"| {title} | {part.seconds:.2f} | {share} | {part.cpu:.2f} | {calls} | {part.note} |"


TOPICS: Mapping[str, Callable[[argparse.Namespace], str]] = {"closing": closing, "replay": replay, "pages": pages}
