"""Writes a whole report into a folder: one page a person, the overview, the index, the workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from fuxiao.report.build.index import make_index
from fuxiao.report.build.overview import make_overview
from fuxiao.report.build.reporter import INDEX, OVERVIEW, Reporter
from fuxiao.report.build.scorecard import make_scorecard
from fuxiao.report.render import render
from fuxiao.report.source import ReportInput
from fuxiao.report.workbook import write_report_workbook

WORKBOOK = "report.xlsx"


@dataclass(frozen=True, slots=True)
class Published:
    """Where the report went."""

    index: Path
    overview: Path
    scorecards: dict[str, Path]
    workbook: Path


def publish(source: ReportInput, folder: Path, *, lang: str) -> Published:
    """Write everything; files of an earlier report of the same names are replaced. Same input, same bytes.

    All is written aside first: whoever stops it while it is worked out leaves the earlier report as it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".unfinished-") as aside:
        for name, text in pages(source, lang=lang):
            (Path(aside) / name).write_text(text, encoding="utf-8", newline="\n")
        write_report_workbook(source, Path(aside) / WORKBOOK, lang=lang)
        for made in sorted(Path(aside).iterdir()):
            made.replace(folder / made.name)
    reporter = Reporter.of(source, lang)
    people = {card.subject: folder / reporter.file(card.subject) for card in source.scores.cards}
    return Published(folder / INDEX, folder / OVERVIEW, people, folder / WORKBOOK)


def pages(source: ReportInput, *, lang: str) -> Iterator[tuple[str, str]]:
    """Every HTML file as (name, text), one at a time."""
    reporter = Reporter.of(source, lang)
    yield INDEX, render(make_index(reporter), lang)
    yield OVERVIEW, render(make_overview(reporter), lang)
    for card in source.scores.cards:
        yield reporter.file(card.subject), render(make_scorecard(reporter, card), lang)
