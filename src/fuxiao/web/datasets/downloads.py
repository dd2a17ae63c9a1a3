"""Files that people open in a spreadsheet: no text of theirs may become a formula there."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fuxiao.datasets.export import defused, write_workbook
from fuxiao.web.words import t

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


def workbook_of(path: Path) -> bytes:
    """The CSV as a workbook of texts: 007 stays 007 where a spreadsheet would make a 7 of it in a CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file, tempfile.TemporaryDirectory() as folder:
        rows = csv.reader(file)
        book = Path(folder) / "rejected.xlsx"
        write_workbook(book, {t("拒收行", "Refused rows"): (next(rows), rows)})
        return book.read_bytes()
