"""Writes the raw files: CSV row by row in the encoding of each file, one workbook, the mappings."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

import xlsxwriter

from fuxiao.simulate.arrays import DAY, NONE, Ints
from fuxiao.simulate.calendar_days import EPOCH
from fuxiao.simulate.layout import File

FIXED_DATE = datetime(2026, 1, 1)  # noqa: DTZ001 - the workbook's own property has no zone; it makes equal bytes


class CsvFile:
    """A CSV file being written; ``line`` is the number of the last line written, the header being line 1."""

    def __init__(self, folder: Path, file: File) -> None:
        self.file = file
        self.line = 1
        self._out = (folder / file.name).open("w", encoding=file.encoding, newline="")
        self._writer = csv.writer(self._out, lineterminator="\r\n" if file.encoding == "gb18030" else "\n")
        self._writer.writerow(file.headers())

    def rows(self, columns: Mapping[str, Sequence[str]]) -> None:
        """Write the columns (by header) as rows."""
        ordered = [columns[header] for header in self.file.headers()]
        self._writer.writerows(zip(*ordered, strict=True))
        self.line += len(ordered[0])

    def row(self, cells: Sequence[str]) -> int:
        """Write one row as it is; returns its line."""
        self._writer.writerow(cells)
        self.line += 1
        return self.line

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._out.close()


class Clock:
    """Turns local seconds into text, by a table of days and a table of seconds of the day."""

    def __init__(self, first: int, last: int) -> None:
        self._first = first
        self._dates = [datetime.fromordinal(EPOCH.toordinal() + day) for day in range(first, last)]
        self._days: dict[str, list[str]] = {}
        self._times = [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY)]

    def texts(self, moments: Ints, form: str, *, empty: str = "") -> list[str]:
        """One text a moment in this ``strftime`` form (date first, ``%H:%M:%S`` last); ``NONE`` becomes ``empty``."""
        days, times = self._table(form.removesuffix("%H:%M:%S")), self._times
        numbers = (moments // DAY - self._first).tolist()
        seconds = (moments % DAY).tolist()
        if (moments != NONE).all():
            return [days[d] + times[s] for d, s in zip(numbers, seconds, strict=True)]
        blank = (moments == NONE).tolist()
        return [empty if b else days[d] + times[s] for d, s, b in zip(numbers, seconds, blank, strict=True)]

    def dates(self, days: Ints) -> list[str]:
        """``YYYY-MM-DD`` of epoch days."""
        table = self._table("%Y-%m-%d")
        return [table[day] for day in (days - self._first).tolist()]

    def _table(self, form: str) -> list[str]:
        if form not in self._days:
            self._days[form] = [date.strftime(form) for date in self._dates]
        return self._days[form]


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> None:
    """Write a workbook whose bytes depend on nothing but the sheets; the first row of each is its header."""
    with xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": FIXED_DATE, "author": "", "title": path.stem})
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.set_column(0, 12, 14)
            sheet.freeze_panes(1, 0)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(r, c, cell, day)
                    elif cell is not None:
                        sheet.write(r, c, cell, bold if r == 0 else None)


def mapping_text(file: File, zone: str) -> str:
    """The mapping file (TOML) that reads this file through the ordinary import."""
    lines = [f'name = "{file.stem}"', 'shape = "case"', f'zone = "{zone}"', "", "[file]"]
    lines += [f'sheet = "{file.sheet}"'] if file.sheet else [f'encoding = "{file.encoding}"', 'delimiter = ","']
    lines += ["", f"[{file.dataset}.columns]"]
    for column in file.columns:
        if column.target:
            lines.append(f"{column.target} = {_expression(file, column.header, column.values, moment=column.moment)}")
    if file.types:
        lines.append(f"type = {_expression(file, '操作', file.types, moment=False)}")
    extra = [column.header for column in file.columns if not column.target]
    if extra:
        lines += ["", f"[{file.dataset}.dimensions]", *(f'"{name}" = "{name}"' for name in extra)]
    return "\n".join(lines) + "\n"


def _expression(file: File, header: str, values: Mapping[str, str], *, moment: bool) -> str:
    if moment:
        return f'{{ column = "{header}", format = "{file.moments}" }}'
    if values:
        pairs = ", ".join(f'"{word}" = "{meaning}"' for word, meaning in values.items())
        return f'{{ column = "{header}", values = {{ {pairs} }} }}'
    return f'"{header}"'
