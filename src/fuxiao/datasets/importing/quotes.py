"""Quotation marks as other programs write them: single ones around cells, and a backslash before one inside a cell."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

from fuxiao.datasets.importing.encoding import PIECE, TextFile
from fuxiao.datasets.importing.layout import sample_of

ESCAPED = re.compile(rb"\\([\"\\])")


def quote_of(path: Path, delimiter: str) -> str:
    """The mark around cells: a single one where all names of the header stand in such."""
    header = next((line for line in sample_of(path).splitlines() if line.strip()), "")
    cells = header.strip().split(delimiter)
    single = len(cells) > 1 and all(re.fullmatch("'[^']+'", cell.strip()) for cell in cells)
    return "'" if single else '"'


def with_doubled_quotes(file: TextFile, workspace: Path, delimiter: str) -> TextFile:
    r"""The file with ``""`` for each ``\"``, where more of its rows fit together then."""
    sample = sample_of(file.path)
    if '\\"' not in sample or _fitting(_doubled(sample.encode()).decode(), delimiter) <= _fitting(sample, delimiter):
        return file
    target = workspace / "quotes" / file.path.name
    target.parent.mkdir(exist_ok=True)
    with file.path.open("rb") as source, target.open("wb") as out:
        rest = b""
        while piece := source.read(PIECE):
            whole = rest + piece
            end = len(whole) - (len(whole) - len(whole.rstrip(b"\\")))  # what a backslash stands before comes next
            out.write(_doubled(whole[:end]))
            rest = whole[end:]
        out.write(_doubled(rest))
    return replace(file, path=target)


def _doubled(text: bytes) -> bytes:
    return ESCAPED.sub(lambda found: b'""' if found[1] == b'"' else b"\\", text)


def _fitting(sample: str, delimiter: str) -> int:
    """How many rows of a sample are as wide as its first."""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error:
        return 0
    return sum(width == widths[0] for width in widths) if widths else 0
