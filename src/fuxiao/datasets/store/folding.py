"""Many small files of records become few: which lie side by side, and which loads of a stream are told as one.

A busy service desk brings a load every few seconds. Every version of every record stays as it is, with the number of
its load; only the files and the entries become fewer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from fuxiao.datasets.manifest import Load, StoredFile

SMALL = 100_000
"""Files with at least so many rows stay as they are: each row is written again only so often."""
MANY = 32
"""So many small files, or so many loads of a day, are left lying."""


def due(files: Iterable[Collection[StoredFile]], loads: Sequence[Load], *, streams: Collection[str]) -> bool:
    """Whether folding is worth a look: some dataset has many small files, or the list of loads is long."""
    small = (sum(file.rows < SMALL for file in each) for each in files)
    flows = sum(not load.first and load.source in streams for load in loads)
    return flows > 2 * MANY or any(count > MANY for count in small)


def runs(
    files: Sequence[StoredFile], *, stays: Callable[[StoredFile], bool], many: int = MANY
) -> list[tuple[StoredFile, ...]]:
    """The small files side by side that shall become one each; none where there are few. What ``stays`` is left out."""
    kept = {file.path: file.rows >= SMALL or stays(file) for file in files}
    beside = [tuple(group) for large, group in groupby(files, key=lambda file: kept[file.path]) if not large]
    found = [run for run in beside if len(run) > 1]
    return found if sum(map(len, found)) > many else []


def put(files: Sequence[StoredFile], run: Sequence[StoredFile], made: StoredFile) -> tuple[StoredFile, ...]:
    """The files with one in the place of a run of them."""
    place = files.index(run[0])
    return (*files[:place], made, *files[place + len(run) :])


def told_as_one(loads: Sequence[Load], *, streams: Collection[str], day: Callable[[int], date]) -> tuple[Load, ...]:
    """The loads with those of a stream that follow each other on a day as one entry, under the last one's number."""
    told: list[Load] = []
    for load in loads:
        if told and _continues(told[-1], load, streams, day):
            told[-1] = _both(told[-1], load)
        else:
            told.append(load)
    return tuple(told)


def _continues(before: Load, load: Load, streams: Collection[str], day: Callable[[int], date]) -> bool:
    alike = (before.source, before.undone, load.undone) == (load.source, 0, 0) and load.source in streams
    return alike and before.number + 1 == load.numbers.start and day(before.at) == day(load.at)


def _both(before: Load, load: Load) -> Load:
    return replace(
        load,
        source_digest=hashlib.sha256(f"{before.source_digest} {load.source_digest}".encode()).hexdigest(),
        datasets=_sums(before.datasets, load.datasets),
        unchanged=_sums(before.unchanged, load.unchanged),
        rejected=before.rejected + load.rejected,
        first=before.numbers.start,
    )


def _sums(*counts: Mapping[str, int]) -> dict[str, int]:
    return {name: sum(each.get(name, 0) for each in counts) for name in _names(counts)}


def _names(counts: Iterable[Mapping[str, int]]) -> Iterator[str]:
    return iter(dict.fromkeys(name for each in counts for name in each))
