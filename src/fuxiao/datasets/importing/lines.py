"""Line numbers of records: steps over refused records and counts line breaks inside quoted cells."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.int64]]


class LineNumbers:
    """Numbers the rows of a stream of batches.

    ``refused`` is the growing list ``(record number, text)`` that the parser fills; it is always ahead of the batches.
    A record number counts records; a line number counts lines, so every line break inside a cell moves what follows.
    """

    def __init__(self, first: int, refused: list[tuple[int, str]]) -> None:
        self._record = first
        self._refused = refused
        self._seen = 0
        self._records: list[Numbers] = []
        self._breaks: list[Numbers] = []
        self._shift = 0

    def of_batch(self, size: int, inner: Numbers | None) -> Numbers:
        """The lines of the next ``size`` accepted rows, of which ``inner`` counts the line breaks inside."""
        numbers = self._next(size)
        lines = numbers + self._shift + self._refused_breaks(numbers)
        if inner is not None:
            lines = lines + np.cumsum(inner) - inner
            with_breaks = np.flatnonzero(inner)
            self._records.append(numbers[with_breaks])
            self._breaks.append(inner[with_breaks])
            self._shift += int(inner.sum())
        return lines

    def of_record(self, number: int) -> int:
        """The line of a refused record; to be asked when the stream has ended."""
        accepted = sum(int(b[r < number].sum()) for r, b in zip(self._records, self._breaks, strict=True))
        return number + accepted + sum(breaks for n, breaks in self._refused_with_breaks if n < number)

    @cached_property
    def _refused_with_breaks(self) -> list[tuple[int, int]]:
        """The refused records of several lines; gathered once, as a file may have any number of refused ones."""
        return [(n, text.count("\n")) for n, text in self._refused if "\n" in text]

    def _next(self, size: int) -> Numbers:
        numbers = np.empty(size, dtype=np.int64)
        filled = 0
        while filled < size:
            self._step_over_refused()
            free = size - filled
            if self._seen < len(self._refused):
                free = min(free, self._refused[self._seen][0] - self._record)
            numbers[filled : filled + free] = np.arange(self._record, self._record + free)
            filled, self._record = filled + free, self._record + free
        return numbers

    def _step_over_refused(self) -> None:
        while self._seen < len(self._refused) and self._refused[self._seen][0] == self._record:
            self._seen += 1
            self._record += 1

    def _refused_breaks(self, numbers: Numbers) -> Numbers:
        """For each record the line breaks inside the refused records before it."""
        added = np.zeros(len(numbers), dtype=np.int64)
        for number, text in self._refused[: self._seen]:
            if "\n" in text:
                added += np.where(numbers > number, text.count("\n"), 0)
        return added


class SourceLines:
    """The lines of a file as they stand in it, to be asked for from its beginning to its end."""

    def __init__(self, path: Path) -> None:
        self._lines = _lines(path)
        self._next = 1

    def text(self, first: int, count: int) -> str:
        """So many lines from this one on."""
        found = "".join(islice(self._lines, first - self._next, first - self._next + count))
        self._next = first + count
        return found


def _lines(path: Path) -> Iterator[str]:
    """Opened when it is asked for: hardly any file needs it."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        yield from file
