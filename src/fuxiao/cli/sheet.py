"""A result on its way out of a command: columns, rows of plain cells, notes; and how a cell becomes text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Shown:
    """What people read rounded or in words, and programs exactly or as a code."""

    exact: Decimal | str | None
    text: str


Plain = str | int | Decimal | bool | None
Cell = Plain | Shown

_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_KEPT = frozenset("\n\t\u200c\u200d")
"""Line breaks, and the joiners that some scripts and emoji are written with."""


class Format(StrEnum):
    """What a result is written as."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


class Places(StrEnum):
    """Where a column belongs: in tables that people read, in data that programs read, or in both."""

    BOTH = "both"
    TABLE = "table"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its machine name (JSON, CSV), heading, whether it is a number (right aligned), where it belongs.

    ``detail`` ranks what a narrow terminal leaves out of a table, the highest first; columns of rank 0 stay. CSV, JSON
    and XLSX always have every column.
    """

    key: str
    heading: str
    numeric: bool = False
    detail: int = 0
    places: Places = Places.BOTH


@dataclass(frozen=True, slots=True)
class Sheet:
    """A result: headings, rows of plain cells, and the notes that belong under it.

    ``key`` is its machine name where a command answers with several sheets: JSON is then an object of these.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = field(default_factory=tuple)
    key: str = ""

    def data(self) -> tuple[list[Column], list[list[Plain]]]:
        """Columns and rows for programs: exact numbers, nothing that only a table shows."""
        at = [at for at, column in enumerate(self.columns) if column.places is not Places.TABLE]
        return [self.columns[i] for i in at], [[_exact(row[i]) for i in at] for row in self.rows]


def _exact(cell: Cell) -> Plain:
    return cell.exact if isinstance(cell, Shown) else cell


def text_of(cell: object) -> str:
    """A cell as text: decimals without an exponent."""
    if isinstance(cell, Shown):
        return cell.text
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def printable(text: str) -> str:
    """Text safe for a terminal: control and direction characters from a log must not move, hide or paint anything."""
    return "".join("�" if unicodedata.category(c) in _INVISIBLE and c not in _KEPT else c for c in text)
