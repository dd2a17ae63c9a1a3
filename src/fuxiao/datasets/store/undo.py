"""Whether a load can be taken out of the lake again, and which files stay without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fuxiao.core.errors import StoreError
from fuxiao.datasets.manifest import Load, Manifest
from fuxiao.datasets.store.holding import sealed_files
from fuxiao.datasets.store.names import loads_in


def check(lake: Path, manifest: Manifest, number: int) -> Load:
    """The load, where undoing it leaves the lake as if it had never been.

    Raises ``StoreError``: ``undo.unknown`` for a load that does not stand, ``undo.sealed`` where a sealed period was
    computed from it, ``undo.built_on`` where a later load left out records because this one said the same: without it
    they would be in neither.
    """
    load = next((each for each in manifest.standing_loads() if each.number == number), None)
    if load is None:
        raise StoreError("undo.unknown", load=number)
    if periods := tuple(sorted(_sealed_with(lake, manifest, load))):
        raise StoreError("undo.sealed", source=load.source, periods=periods)
    if later := tuple(each.source for each in manifest.standing_loads() if _leans(each, load)):
        raise StoreError("undo.built_on", source=load.source, later=tuple(reversed(later)))
    return load


def _leans(later: Load, load: Load) -> bool:
    return later.number > load.number and any(later.unchanged.get(name) for name in load.datasets)


def _sealed_with(lake: Path, manifest: Manifest, load: Load) -> Iterator[str]:
    """The sealed periods whose seals name a file with rows of this load."""
    for path, file in manifest.seals.items():
        if any(meet(loads_in(each), load.numbers) for each in sealed_files(lake, path, file.sha256)):
            yield path.split("/")[1]


def meet(some: range, others: range) -> bool:
    """Whether two stretches of numbers have one in common."""
    return some.start < others.stop and others.start < some.stop
