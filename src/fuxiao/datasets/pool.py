"""Open stores for a process that serves many readers at once: borrowed, brought up to date, given back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

from fuxiao.datasets.store import Store


class StorePool:
    """Stores of one home folder. A DuckDB connection serves one thread at a time, so each borrower has its own."""

    def __init__(self, home: Path, *, most: int = 4, memory: str = "1GB") -> None:
        self.home = home
        self.memory = memory
        self._free: SimpleQueue[Store] = SimpleQueue()
        self._places = threading.BoundedSemaphore(most)

    @contextmanager
    def borrow(self) -> Iterator[Store]:
        """A store that sees the newest generation; waits where all are in use. ``StoreError`` without a home."""
        with self._places:
            store = self._take()
            try:
                store.refresh()
                yield store
            except BaseException:
                store.close()
                raise
            self._free.put(store)

    def _take(self) -> Store:
        try:
            return self._free.get_nowait()
        except Empty:
            return Store.open(self.home, memory=self.memory, threads=2)

    def close(self) -> None:
        """Close what is not lent."""
        while True:
            try:
                self._free.get_nowait().close()
            except Empty:
                return
