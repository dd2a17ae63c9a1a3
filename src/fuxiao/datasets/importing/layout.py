"""How the cells of a file are laid out: delimiter, quotes, the line of the header, the sheet."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Literal

from fuxiao.core.errors import InputError

DELIMITERS = (",", "\t", ";", "|", "^", "~", "\x01", "\x1f")
"""The last two are those of data warehouses."""
SAMPLE = 256 << 10
LOOK = 30
"""The header stands among the first so many lines."""
DATA_LIKE = re.compile(r"\s*[-+]?[¥$]?\d[\d.,:/\-% T]*\s*")
MARKS = ("_file", "_line", "_column", "_reason")
"""The columns by which a file of rejected rows is known."""
REPORT_COLUMNS = (*MARKS, "_extra")
"""Columns of a file of rejected rows; ignored when it is imported again."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The ``[file]`` part of a mapping; what is empty is found out by itself.

    ``header`` is the line of the column names counted from 1; 0 says that the file has none.
    """

    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    header: int | None = None
    sheet: str = ""
    member: str = ""

    @property
    def several(self) -> bool:
        """Whether it says that several tables are read as one."""
        return is_pattern(self.sheet) or is_pattern(self.member)


UNKNOWN = Layout()
"""Everything is found out."""
ALL = "*"
"""Every sheet of a workbook, or every file of an archive."""


def is_pattern(name: str) -> bool:
    """Whether this names several tables: ``*`` stands for any characters, ``?`` for one."""
    return "*" in name or "?" in name


def is_named(name: str, pattern: str) -> bool:
    """Whether the pattern names this table."""
    return fnmatchcase(name, pattern.replace("[", "[[]"))


Row = tuple[int, int, Sequence[str]]
"""First line, last line, cells."""


@dataclass(frozen=True, slots=True)
class Header:
    """The column names, and the line of the file after which the data begins.

    ``above`` are the lines above the data as they stand: titles and the header itself.
    """

    names: tuple[str, ...]
    line: int
    last_line: int
    above: tuple[tuple[str, ...], ...] = ()

    def repeats(self, cells: Iterable[str]) -> bool:
        """Whether a row below is one of the lines above again."""
        return bare(cells) in map(bare, self.above)


def sniff_delimiter(path: Path, quote: str = '"') -> str:
    """The delimiter that cuts the first lines into the most columns of equal number."""
    sample = sample_of(path)
    marks = [mark for mark in DELIMITERS if mark in sample]
    return max(marks, key=lambda mark: _agreement(sample, mark, quote), default=DELIMITERS[0])


def _agreement(sample: str, delimiter: str, quote: str) -> tuple[int, int]:
    widths = Counter(len(cells) for _, _, cells in _numbered(sample, delimiter, quote) if cells)
    width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1] * (item[0] - 1)), default=(1, 0))
    return (times * (width - 1), width) if width > 1 else (0, 0)


def delimited_header(path: Path, *, delimiter: str, quote: str, header: int | None) -> Header:
    """The header of a CSV: the line given, or the one found."""
    rows = islice(_numbered(sample_of(path), delimiter, quote), max(LOOK, (header or 0) + 1))
    return pick_header(list(rows), header)


def _numbered(sample: str, delimiter: str, quote: str) -> Iterator[tuple[int, int, list[str]]]:
    """The rows of a sample with their first and last line, as far as they can be read."""
    lines = io.StringIO(sample, newline=None)  # a lone carriage return ends a line too
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote or None, quoting=quoting(quote))
    before = 0
    while True:
        try:
            cells = next(reader)
        except (StopIteration, csv.Error):
            return
        yield before + 1, reader.line_num, cells
        before = reader.line_num


def quoting(quote: str) -> Literal[0, 3]:
    """How Python's reader treats this quote; an empty one is none."""
    return csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE


def pick_header(rows: Sequence[tuple[int, int, Sequence[str]]], header: int | None) -> Header:
    """The header among numbered rows ``(first line, last line, cells)``.

    Without a line given it is the first row as wide as most rows; where that row reads as data, there is none.
    ``InputError`` where nothing stands in the line given.
    """
    filled = [(first, last, cells) for first, last, cells in rows if any(cell.strip() for cell in cells)]
    width = max((len(cells) for _, _, cells in filled), default=0)
    if header == 0 or not filled:
        return Header(unique_names([""] * width), 0, 0)
    if header is not None:
        chosen = next((n for n, row in enumerate(filled) if row[0] == header), None)
        if chosen is None:
            raise InputError("header.nothing", line=header, first=filled[0][0])
        return _named(filled, chosen)
    usual = min(Counter(_width(cells) for _, _, cells in filled).most_common(1)[0][0], 0.8 * width)
    chosen = next((n for n in range(len(filled)) if _width(_whole(filled, n)[1]) >= usual), 0)
    first, _, cells = filled[chosen]
    if _is_data(cells):
        return Header(unique_names([""] * len(cells)), 0, first - 1, _above(filled[:chosen]))
    return _named(filled, chosen)


def _named(filled: Sequence[Row], chosen: int) -> Header:
    last, cells = _whole(filled, chosen)
    above = _above(row for row in filled if row[1] <= last)
    return Header(unique_names(_as_wide(cells, filled)), filled[chosen][0], last, above)


def _above(rows: Iterable[Row]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cells) for _, _, cells in rows)


def bare(cells: Iterable[str]) -> tuple[str, ...]:
    """The cells without blanks around them, and without empty ones at the end."""
    stripped = [cell.strip(" \t\u3000\u00a0\ufeff") for cell in cells]
    while stripped and not stripped[-1]:
        stripped.pop()
    return tuple(stripped)


def _whole(filled: Sequence[Row], n: int) -> tuple[int, Sequence[str]]:
    """The last line and the cells of the header that begins with a row: with the next one's, where that goes on.

    Of merged cells a file has the text once, in the first of them: a group of columns has its name there and theirs
    below, a column of no group has its name above and nothing below.
    """
    _, last, upper = filled[n]
    if n + 2 >= len(filled) or filled[n + 1][0] != last + 1:
        return last, upper
    _, end, lower = filled[n + 1]
    if len(lower) != len(upper) or _has_data(upper) or _has_data(lower) or not _has_data(filled[n + 2][2]):
        return last, upper
    pairs = list(zip(map(str.strip, upper), map(str.strip, lower), strict=True))
    lowest = [below for _, below in pairs]
    grouped = any(below and not above for above, below in pairs)
    named = _below(pairs)
    alike = len(lowest) - len(set(lowest))
    # A header by itself: what stands above is a title, and tells no two columns of a name from each other.
    complete = all(lowest) and (not alike or len(named) - len(set(named)) == alike)
    if complete or not grouped or not all(above or below for above, below in pairs):
        return last, upper
    return end, named


def _below(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The lower name of each column, with that of its group where two groups have a column of that name."""
    listed, group = list(pairs), ""
    often = Counter(below for _, below in listed)
    names = []
    for above, below in listed:
        group = above or group
        names.append(f"{group} {below}" if below and often[below] > 1 else below or above)
    return names


def _as_wide(cells: Sequence[str], filled: Sequence[tuple[int, int, Sequence[str]]]) -> list[str]:
    """The header, one nameless column wider where every row ends with a delimiter and the header does not."""
    after = [row for _, _, row in filled if row is not cells]
    if after and all(len(row) == len(cells) + 1 and not row[-1].strip() for row in after[-5:]):
        return [*cells, ""]
    return list(cells)


def _has_data(cells: Sequence[str]) -> bool:
    return any(DATA_LIKE.fullmatch(cell) and any(map(str.isdigit, cell)) for cell in cells)


def _width(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _is_data(cells: Sequence[str]) -> bool:
    """A header has words in it; data has at least a third numbers or dates."""
    like = sum(1 for cell in cells if DATA_LIKE.fullmatch(cell) and any(map(str.isdigit, cell)))
    return like * 3 >= len(cells) and like >= 1


def unique_names(cells: Iterable[str]) -> tuple[str, ...]:
    """Names that differ: nameless ones become ``column_3``, a second ``Variant`` becomes ``Variant_2``.

    Upper and lower case count as the same. A real ``Variant_2`` in the file keeps its name.
    """
    wanted = [" ".join(cell.replace("\ufeff", "").split()) or f"column_{n}" for n, cell in enumerate(cells, start=1)]
    reserved = {name.casefold() for name in wanted}
    taken: set[str] = set()
    names: list[str] = []
    for name in wanted:
        unique, n = name, 1
        while unique.casefold() in taken or (n > 1 and unique.casefold() in reserved):
            n += 1
            unique = f"{name}_{n}"
        taken.add(unique.casefold())
        names.append(unique)
    return tuple(names)


def sample_of(path: Path) -> str:
    """How a text begins."""
    with path.open("rb") as file:
        return file.read(SAMPLE).decode("utf-8", errors="replace")
