"""Figures as pages ask for them: computed once for a state of the lake, then kept in this process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import TypeVar, cast

from fuxiao.datasets.store import Store
from fuxiao.metrics.library import Library, read_library
from fuxiao.metrics.source import facts_in

Found = TypeVar("Found")
KEEP = 256


@dataclass(frozen=True, slots=True)
class Key:
    """A state of the lake and what was asked of it."""

    home: str
    generation: int
    day: date
    asked: Hashable


class Memory:
    """The last figures that were asked for; a newer state of the lake has other keys, older ones fall out."""

    def __init__(self, keep: int = KEEP) -> None:
        self.keep = keep
        self._found: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """What is remembered under ``key``, or made now. Two readers may make the same at once: it is the same."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return cast("Found", self._found[key])
        made = make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > self.keep:
                self._found.popitem(last=False)
        return made


memory = Memory()


def library_of(store: Store) -> Library:
    """Built-in and own indicators, with the dimensions that the organisation's files brought."""
    folder = store.home / "indicators"
    files = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.yaml")))
    key = ("library", str(store.home), store.manifest.generation, files)
    return memory.get(key, lambda: read_library(folder, tables=facts_in(store).declared))
