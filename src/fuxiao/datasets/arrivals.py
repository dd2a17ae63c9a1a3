"""Who wants to know that records came in or went: capabilities above register what they do with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fuxiao.base.permissions import Viewer
from fuxiao.datasets.store import Store

Listener = Callable[[Viewer, Store, frozenset[str], datetime], None]
"""Called with whoever imported, the store with the new records, the names of the datasets, the moment."""
_listeners: dict[str, Listener] = {}


def register(key: str, listener: Listener) -> None:
    """Have this called after every load and every undo."""
    _listeners[key] = listener


def tell(viewer: Viewer, store: Store, datasets: frozenset[str], *, at: datetime) -> None:
    """Call everybody who registered, in the order of their keys."""
    for key in sorted(_listeners):
        _listeners[key](viewer, store, datasets, at)
