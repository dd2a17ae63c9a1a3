"""How a command shows its result: a table that fits the terminal, CSV, JSON or XLSX, all from the same sheet."""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fuxiao.datasets.export import defused, write_workbook

Cell = str | int | Decimal | bool | None


class Format(StrEnum):
    """What a result is written as."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its machine name (JSON, CSV), heading, and whether it is a number (right aligned)."""

    key: str
    heading: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A result: headings, rows of plain cells, and the notes that belong under it."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = field(default_factory=tuple)


def emit(sheets: Sequence[Sheet], shape: Format, output: Path | None) -> None:
    """Write the sheets to ``output`` (or the terminal) in the chosen shape."""
    if shape is Format.xlsx:
        _emit_workbook(sheets, output or Path("fuxiao.xlsx"))
    elif output is not None:
        with output.open("w", encoding="utf-8-sig" if shape is Format.csv else "utf-8", newline="") as stream:
            _write_text(sheets, shape, stream)
        Console(stderr=True).print(str(output), highlight=False)
    else:
        _write_text(sheets, shape, sys.stdout)


def _write_text(sheets: Sequence[Sheet], shape: Format, stream: object) -> None:
    if shape is Format.json:
        _write_json(sheets, stream)
    elif shape is Format.csv:
        for sheet in sheets:
            _write_csv(sheet, stream)
    else:
        console = Console(file=stream, highlight=False, soft_wrap=False)  # type: ignore[arg-type]
        for sheet in sheets:
            _print_table(sheet, console)


def _write_csv(sheet: Sheet, stream: object) -> None:
    writer = csv.writer(stream, lineterminator="\n")  # type: ignore[arg-type]
    writer.writerow([column.key for column in sheet.columns])
    writer.writerows([["" if cell is None else defused(_text(cell)) for cell in row] for row in sheet.rows])


def _write_json(sheets: Sequence[Sheet], stream: object) -> None:
    bodies = [_as_records(sheet) for sheet in sheets]
    body: object = bodies[0] if len(bodies) == 1 else {s.title: b for s, b in zip(sheets, bodies, strict=True)}
    json.dump(body, stream, ensure_ascii=False, indent=1, default=_text)  # type: ignore[arg-type]
    stream.write("\n")  # type: ignore[attr-defined]


def _as_records(sheet: Sheet) -> list[dict[str, Cell]]:
    keys = [column.key for column in sheet.columns]
    return [dict(zip(keys, row, strict=True)) for row in sheet.rows]


def _emit_workbook(sheets: Sequence[Sheet], path: Path) -> None:
    write_workbook(path, {s.title: ([c.heading for c in s.columns], s.rows) for s in sheets})
    Console(stderr=True).print(str(path), highlight=False)


def _text(cell: object) -> str:
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return str(cell)


def _print_table(sheet: Sheet, console: Console) -> None:
    table = Table(title=sheet.title or None, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in sheet.columns:
        table.add_column(
            column.heading, justify="right" if column.numeric else "left", overflow="fold", no_wrap=column.numeric
        )
    for row in sheet.rows:
        table.add_row(*(Text("" if cell is None else printable(_text(cell))) for cell in row))
    console.print(table)
    for note in sheet.notes:
        console.print(Text(printable(note), style="dim"))
    console.print()


def printable(text: str) -> str:
    """Text safe for a terminal: control characters from a log must not move the cursor or paint the screen."""
    return "".join("�" if unicodedata.category(c) == "Cc" and c not in "\n\t" else c for c in text)
