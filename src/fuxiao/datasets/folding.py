"""Keeps the lake small in files: what came in many small loads is folded in the background; no figure changes."""

from __future__ import annotations

from fuxiao.datasets.store import Store, folding, holding

_streams: set[str] = set()


def register(source: str) -> None:
    """Loads of this source are a stream: a department's own records, carried in all day long."""
    _streams.add(source)


def is_stream(source: str) -> bool:
    """Whether loads of this source come from this installation itself."""
    return source in _streams


def is_due(store: Store) -> bool:
    """Whether there are many small files, or many loads of streams."""
    held = store.manifest
    return folding.due((each.files for each in held.records.values()), held.loads, streams=_streams)


def fold(store: Store) -> int:
    """Fold what is due; how many files there are less. ``StoreBusy`` where another writer is at work."""
    if not is_due(store):
        return 0
    with store.change() as change:
        held = holding.held(store.lake, store.manifest)
        return change.fold(streams=_streams, held=held, zone=store.settings.zone)
