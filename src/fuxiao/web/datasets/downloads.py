"""Files that people open in a spreadsheet: no text of theirs may become a formula there."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from fuxiao.datasets.export import defused

MARK = "\ufeff"


class _Line:
    """Takes what the writer writes and hands it back."""

    def write(self, line: str) -> str:
        return line


def defused_lines(path: Path) -> Iterator[str]:
    """The lines of a CSV, cell by cell as a spreadsheet may open them."""
    writer = csv.writer(_Line())
    yield MARK
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            yield writer.writerow([defused(cell) for cell in row])
