"""How a command shows its result: a table that fits the terminal, CSV, JSON or XLSX, all from the same sheets."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from fuxiao.base.files import whole
from fuxiao.cli.options import t
from fuxiao.cli.sheet import Cell, Column, Format, Places, Plain, Sheet, Shown, printable, text_of
from fuxiao.cli.table import print_table
from fuxiao.core.errors import InputError

__all__ = [
    "Cell",
    "Column",
    "Format",
    "Places",
    "Sheet",
    "Shown",
    "emit",
    "print_line",
    "printable",
    "to_standard_output",
    "writing",
]


def emit(sheets: Sequence[Sheet], shape: Format, output: Path | None) -> None:
    """Write the sheets to ``output`` (or the terminal) in the chosen shape.

    ``InputError`` (``file.not_written``) where the file cannot be written.
    """
    if shape is not Format.table:
        _say_notes(sheets)
    path = output or (Path("fuxiao.xlsx") if shape is Format.xlsx else None)
    if path is None:
        with to_standard_output():
            _write(sheets, shape, sys.stdout)
        return
    with writing(str(path)):
        _write_files(sheets, shape, path)


@contextmanager
def writing(path: str) -> Iterator[None]:
    """What cannot be written there is an ``InputError`` (``file.not_written``) with the path and the reason."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read it has seen enough
    except OSError as error:
        raise InputError("file.not_written", path=path, reason=error.strerror or str(error)) from error


@contextmanager
def to_standard_output() -> Iterator[None]:
    """What is printed here has been written at the end, or is refused like a file that cannot be."""
    with writing(t("标准输出", "standard output")):
        yield
        sys.stdout.flush()


def print_line(text: str) -> None:
    """A result that is one line, or some: a path, a digest."""
    with to_standard_output():
        sys.stdout.write(printable(text) + "\n")


def _say_notes(sheets: Sequence[Sheet]) -> None:
    """The notes have no place in data: they go to the person, beside it."""
    for note in (note for sheet in sheets for note in sheet.notes):
        sys.stderr.write(printable(note) + "\n")


def _write_files(sheets: Sequence[Sheet], shape: Format, path: Path) -> None:
    """One file; as CSV, which has no sheets, one file for each of them: ``name.csv``, ``name-2.csv`` …"""
    path.parent.mkdir(parents=True, exist_ok=True)
    if shape is Format.xlsx:
        with whole(path) as aside:
            _write_workbook(sheets, aside)
        _announce(path)
        return
    parts = [[sheet] for sheet in sheets] if shape is Format.csv else [list(sheets)]
    for at, part in enumerate(parts, start=1):
        target = path if at == 1 else path.with_name(f"{path.stem}-{at}{path.suffix}")
        # The byte order mark makes Excel read UTF-8.
        coding = "utf-8-sig" if shape is Format.csv else "utf-8"
        with whole(target) as aside, aside.open("w", encoding=coding, newline="") as stream:
            _write(part, shape, stream)
        _announce(target)


def _announce(path: Path) -> None:
    sys.stderr.write(printable(str(path)) + "\n")


def _write(sheets: Sequence[Sheet], shape: Format, stream: TextIO) -> None:
    if shape is Format.json:
        _write_json(sheets, stream)
        return
    for at, sheet in enumerate(sheets):
        if shape is Format.csv:
            stream.write("\n" if at else "")
            _write_csv(sheet, stream)
        else:
            print_table(sheet, stream)


def _write_csv(sheet: Sheet, stream: TextIO) -> None:
    from fuxiao.datasets.export import defused

    writer = csv.writer(stream, lineterminator="\n")
    columns, rows = sheet.data()
    writer.writerow([defused(column.key) for column in columns])
    writer.writerows([["" if cell is None else defused(text_of(cell)) for cell in row] for row in rows])


def _write_json(sheets: Sequence[Sheet], stream: TextIO) -> None:
    """A list of rows; an object of such lists by key where the command answers with several sheets."""
    keyed = len(sheets) != 1 or bool(sheets[0].key)
    body = {_key(s, at): _as_records(s) for at, s in enumerate(sheets, start=1)} if keyed else _as_records(sheets[0])
    json.dump(body, stream, ensure_ascii=False, indent=1, default=text_of)
    stream.write("\n")


def _key(sheet: Sheet, at: int) -> str:
    return sheet.key or f"sheet_{at}"


def _as_records(sheet: Sheet) -> list[dict[str, Plain]]:
    columns, rows = sheet.data()
    return [dict(zip((column.key for column in columns), row, strict=True)) for row in rows]


def _write_workbook(sheets: Sequence[Sheet], path: Path) -> None:
    from fuxiao.datasets.export import write_workbook

    titles = [sheet.title or sheet.key for sheet in sheets]
    names = [title if titles.count(title) == 1 else f"{at} {title}" for at, title in enumerate(titles, start=1)]
    contents = [([c.heading for c in columns], rows) for columns, rows in (sheet.data() for sheet in sheets)]
    write_workbook(path, dict(zip(names, contents, strict=True)))
