"""Reads CSV and TSV with Arrow: streamed, every row with its line number, ragged rows set aside."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from fuxiao.core.errors import InputError
from fuxiao.datasets.importing.encoding import TextFile, read_text_file
from fuxiao.datasets.importing.layout import Header, Layout, delimited_header, quoting, sniff_delimiter
from fuxiao.datasets.importing.lines import LineNumbers, SourceLines
from fuxiao.datasets.importing.progress import Stage, Watch
from fuxiao.datasets.importing.quotes import quote_of, with_doubled_quotes
from fuxiao.datasets.importing.raw import (
    LINE,
    NOTHING,
    Beside,
    Ragged,
    Raw,
    Stored,
    Worked,
    nothing_beside,
    store_batches,
    text_batch,
)
from fuxiao.datasets.importing.sql import Connection

BLOCK = 1 << 20
WHOLE = 1 << 30
"""A file with a quote that is never closed is read in one block if it is no bigger."""
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]


def read_delimited(
    connection: Connection, path: Path, workspace: Path, layout: Layout, *, watch: Watch,
    beside: Beside = nothing_beside,
) -> Raw:  # fmt: skip
    """Load a CSV into the scratch table, with values ``beside``; duplicates and empty rows are still in it.

    Raises ``InputError``: ``file.empty``, ``file.unreadable`` (with the parser's words).
    """
    file = read_text_file(path, workspace, encoding=layout.encoding, watch=watch)
    delimiter = layout.delimiter or sniff_delimiter(file.path, layout.quote)
    quote = layout.quote if layout.quote != '"' else quote_of(file.path, delimiter)
    if quote == '"':
        file = with_doubled_quotes(file, workspace, delimiter)
    header = delimited_header(file.path, delimiter=delimiter, quote=quote, header=layout.header)
    if not header.names:
        raise InputError("file.empty", path=path.name)
    values = beside(header.names)
    reading = _read(connection, file, header, marks=(delimiter, quote), watch=watch, beside=values)
    return Raw(
        headers=header.names,
        read=reading.stored.rows + len(reading.ragged) + reading.blank + len(reading.headings),
        empty=reading.blank,
        duplicates=0,
        ragged=tuple(reading.ragged),
        mendable=reading.stored.mendable,
        encoding=file.encoding,
        delimiter=delimiter,
        quote=quote,
        header_line=header.line,
        replaced=file.replaced,
        trailing=reading.trailing,
        beside=frozenset(values.values),
        above=header.above,
        headings=tuple(reading.headings),
    )


def _read(
    connection: Connection, file: TextFile, header: Header, *, marks: tuple[str, str], watch: Watch,
    beside: Worked,
) -> _Reading:  # fmt: skip
    """One pass; a row that cannot be cut costs a second one, in the file's order, to learn its number; a quote that is
    never closed a third one, in one block."""
    delimiter, quote = marks
    quoted = bool(quote) and (file.quoted or quote != '"')
    whole = min(file.path.stat().st_size + 1, WHOLE)
    for block, threads in ((BLOCK, True), (BLOCK, False), (whole, False)):
        reading = _Reading(file, header, delimiter, quote if quoted else "", block, watch, threads)
        try:
            batches, width = reading.batches(), len(header.names)
            reading.stored = store_batches(connection, batches, width=width, watch=watch, beside=beside)
        except pa.ArrowInvalid as error:
            failure = error
        else:
            return reading
    if "Could not skip initial" in str(failure):  # Arrow's words for a header that nothing follows
        raise InputError("file.empty", path=file.path.name) from failure
    raise InputError("file.unreadable", path=file.path.name, reason=str(failure)) from failure


@dataclass
class _Reading:
    """One pass over the file: numbers Arrow's batches, collects the rows it refuses and mends what can be mended."""

    file: TextFile
    header: Header
    delimiter: str
    quote: str
    block: int
    watch: Watch
    threads: bool
    stored: Stored = NOTHING
    blank: int = 0
    trailing: int = 0
    ragged: list[Ragged] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def width(self) -> int:
        return len(self.header.names)

    def batches(self) -> Iterator[pa.RecordBatch]:
        numbers, rows, done = LineNumbers(self.header.last_line + 1, self.refused), 0, 0
        source = SourceLines(self.file.path)
        total = self.file.path.stat().st_size
        broken: list[tuple[int, str]] = []
        for batch in self._stream():
            inner = self._newlines(batch) if self.quote else None
            lines = numbers.of_batch(batch.num_rows, inner)
            rows, done = rows + batch.num_rows, min(total, done + self.block)
            self.watch.step(Stage.READ, rows=rows, done=done, total=total)
            swallowed = self._swallowed(batch, lines, inner, source) if inner is not None else {}
            broken.extend((int(lines[n]), text) for n, text in swallowed.items())
            yield self._kept(batch, lines, list(swallowed))
        wrong = [*((numbers.of_record(number), text) for number, text in self.refused), *broken]
        yield from self._salvaged(sorted(wrong))

    def _stream(self) -> Iterator[pa.RecordBatch]:
        names = [f"c{n}" for n in range(self.width)]
        try:
            yield from arrow_csv.open_csv(
                self.file.path,
                read_options=arrow_csv.ReadOptions(
                    use_threads=self.threads, block_size=self.block, column_names=names, skip_rows=self.header.last_line
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.delimiter,
                    quote_char=self.quote or False,
                    newlines_in_values=bool(self.quote),
                    ignore_empty_lines=False,
                    invalid_row_handler=self._refuse,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), check_utf8=self.file.forced
                ),
            )
        except pa.ArrowInvalid as error:
            if "Empty CSV" not in str(error):
                raise

    def _refuse(self, row: arrow_csv.InvalidRow) -> str:
        if self.threads:
            return "error"  # several threads do not know the number of a row
        self.refused.append((row.number, row.text))
        return "skip"

    def _newlines(self, batch: pa.RecordBatch) -> Numbers | None:
        """The line breaks inside each row's cells; ``None`` where there is none in the batch."""
        found = [column for column in batch.columns if b"\n" in column.buffers()[2].to_pybytes()]
        if not found:
            return None
        counted: Numbers = sum(
            pc.count_substring(column, "\n").to_numpy(zero_copy_only=False).astype(np.int64) for column in found
        )
        return counted

    def _kept(self, batch: pa.RecordBatch, lines: Numbers, swallowed: Sequence[int]) -> pa.RecordBatch:
        """The numbered batch without rows whose quote swallowed other rows."""
        names = [LINE, *(f"c{n}" for n in range(self.width))]
        numbered = pa.RecordBatch.from_arrays([pa.array(lines, pa.int64()), *batch.columns], names=names)
        if not swallowed:
            return numbered
        keep: Mask = np.ones(batch.num_rows, dtype=np.bool_)
        keep[swallowed] = False
        return numbered.filter(pa.array(keep))

    def _swallowed(self, batch: pa.RecordBatch, lines: Numbers, inner: Numbers, source: SourceLines) -> dict[int, str]:
        """Rows with a cell of several lines whose quote was never closed, and their text in the file.

        Either a line of the cell is a whole row, or the quote ends at one that opens a cell of the next row: Arrow
        takes what follows it for more of the cell, and the rest of that row for the rest of this one.
        """
        found = {}
        for n in np.flatnonzero(inner).tolist():
            cells = [column[n].as_py() for column in batch.columns]
            long = [cell for cell in cells if "\n" in cell]
            below = (line for cell in long for line in cell.split("\n")[1:])
            whole = self.width > 1 and any(line.count(self.delimiter) >= self.width - 1 for line in below)
            if whole or any(self.quote in cell for cell in long):
                text = source.text(int(lines[n]), int(inner[n]) + 1)
                if self._bare(text) != self._bare(self.delimiter.join(cells)):  # lines that are counted otherwise
                    text = self._as_text(cells)
                if whole or not self._paired(text):
                    found[n] = text
        return found

    def _bare(self, text: str) -> str:
        return text.replace(self.quote, "").replace("\r", "").rstrip("\n")

    def _as_text(self, cells: Sequence[str]) -> str:
        return self.delimiter.join(self.quote + cell if "\n" in cell else cell for cell in cells)

    def _salvaged(self, wrong: list[tuple[int, str]]) -> Iterator[pa.RecordBatch]:
        """What can be read of the refused text; the rest is ragged."""
        lines, rows = [], []
        listed = [each for first, text in wrong for each in enumerate(text.rstrip("\r\n").split("\n"), start=first)]
        for line, piece in self._pieces(listed):
            cells = self._cells(piece.rstrip("\r"))
            if cells is not None:
                lines.append(line)
                rows.append(cells)
            elif self.header.repeats(self._split(piece)):
                self.headings.append(line)
            elif piece.strip():
                self.ragged.append(self._as_ragged(line, piece))
            else:
                self.blank += 1
        if rows:
            yield text_batch(lines, list(zip(*rows, strict=True)))

    def _pieces(self, listed: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        """The refused lines, those of a cell of several lines together."""
        n = 0
        while n < len(listed):
            end = self._end(listed, n)
            yield listed[n][0], "\n".join(text for _, text in listed[n:end])
            n = end

    def _end(self, listed: Sequence[tuple[int, str]], n: int) -> int:
        """Where the row ends that begins with a line: with that line, unless a quote is open there that a later one
        closes so that all quotes pair, and none of the lines between is a row by itself."""
        first, text = listed[n]
        opened = self._open_quote(text)
        for end in range(n + 1, len(listed) if opened else 0):
            line, more = listed[end]
            if line != first + end - n or self._is_row(more):
                break
            opened ^= self._open_quote(more)
            if not opened and self._paired("\n".join(text for _, text in listed[n : end + 1])):
                return end + 1
        return n + 1

    def _is_row(self, line: str) -> bool:
        return len(self._split(line)) >= self.width and not self._open_quote(line)

    def _paired(self, text: str) -> bool:
        """Whether the text is one row, each quote of which opens or closes a cell."""
        try:
            return len(list(self._reader(io.StringIO(text, newline=""), strict=True))) == 1
        except csv.Error:
            return False

    def _cells(self, piece: str) -> list[str] | None:
        """The cells of one line if it has as many as the header, give or take empty ones at the end."""
        cells = self._split(piece)
        if len(cells) < self.width or any(cell.strip() for cell in cells[self.width :]) or self._open_quote(piece):
            return None
        self.trailing += len(cells) > self.width
        return cells[: self.width]

    def _open_quote(self, piece: str) -> bool:
        return bool(self.quote) and piece.count(self.quote) % 2 == 1

    def _split(self, piece: str) -> list[str]:
        try:
            rows = list(self._reader([piece]))
        except csv.Error:
            return [piece]
        return rows[0] if rows else []

    def _reader(self, lines: Iterable[str], *, strict: bool = False) -> Iterator[list[str]]:
        quote = self.quote or None
        return csv.reader(lines, delimiter=self.delimiter, quotechar=quote, quoting=quoting(self.quote), strict=strict)

    def _as_ragged(self, line: int, piece: str) -> Ragged:
        cells: Sequence[str] = self._split(piece)
        few_or_many = "ragged_few" if len(cells) < self.width else "ragged_many"
        code = "unclosed_quote" if self._open_quote(piece) else few_or_many
        return Ragged(line, tuple(cells), code, piece)
