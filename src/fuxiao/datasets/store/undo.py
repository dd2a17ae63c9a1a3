"""Whether a load can be taken out of the lake again, and which files stay without it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from fuxiao.core.errors import StoreError
from fuxiao.datasets.manifest import Load, Manifest, RecordSet, StoredFile

LOAD = re.compile(r"/load-0*(\d+)-")
"""The number of the load in the name of a file of records."""


def check(lake: Path, manifest: Manifest, number: int) -> Load:
    """The load, where undoing it leaves the lake as if it had never been.

    Raises ``StoreError``: ``undo.unknown`` for a load that does not stand, ``undo.sealed`` where a sealed period was
    computed from it, ``undo.built_on`` where a later load left out records because this one said the same: without it
    they would be in neither.
    """
    load = next((each for each in manifest.standing_loads() if each.number == number), None)
    if load is None:
        raise StoreError("undo.unknown", load=number)
    if periods := tuple(sorted(_sealed_with(lake, manifest, number))):
        raise StoreError("undo.sealed", source=load.source, periods=periods)
    if later := tuple(each.source for each in manifest.standing_loads() if _leans(each, load)):
        raise StoreError("undo.built_on", source=load.source, later=tuple(reversed(later)))
    return load


def _leans(later: Load, load: Load) -> bool:
    return later.number > load.number and any(later.unchanged.get(name) for name in load.datasets)


def files_without(records: RecordSet, number: int) -> tuple[StoredFile, ...]:
    """The files of a dataset that other loads brought."""
    return tuple(each for each in records.files if load_of(each.path) != number)


def load_of(path: str) -> int:
    """The number of the load that wrote a file of records."""
    found = LOAD.search(path)
    return int(found[1]) if found else 0


def _sealed_with(lake: Path, manifest: Manifest, number: int) -> Iterator[str]:
    """The sealed periods whose seals name a file of this load."""
    for path in manifest.seals:
        if path.endswith("/seal.json"):
            records = json.loads((lake / path).read_bytes())["records"].values()
            if any(load_of(each["path"]) == number for held in records for each in held["files"]):
                yield path.split("/")[1]
