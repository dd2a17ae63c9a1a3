"""Figures as pages ask for them: computed once for a state of the lake and a day, then kept in this process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import TypeVar, cast

from fuxiao.base.permissions import Viewer
from fuxiao.datasets.store import Store
from fuxiao.metrics.library import Library, read_library
from fuxiao.metrics.queries import authorised
from fuxiao.metrics.source import facts_in
from fuxiao.metrics.values import Request, ValueTable, compute_values
from fuxiao.performance.roster import read_names

Found = TypeVar("Found")
KEEP = 256


@dataclass(frozen=True, slots=True)
class Key:
    """A state of the lake and of the definitions, and what was asked of it."""

    home: str
    state: tuple[int, str]
    definitions: Hashable
    asked: Hashable


class Memory:
    """The last figures that were asked for; a newer state of the lake has other keys, older ones fall out.

    What one reader is waiting for, another who asks meanwhile waits for too, instead of computing it again.
    """

    def __init__(self, keep: int = KEEP) -> None:
        self.keep = keep
        self._found: OrderedDict[Hashable, object] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """What is remembered under ``key``, or made now."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return cast("Found", self._found[key])
            turn = self._making.setdefault(key, Lock())
        with turn:
            if key in self._found:
                return cast("Found", self._found[key])
            try:
                return self._keep(key, make())
            finally:
                self._making.pop(key, None)

    def _keep(self, key: Hashable, made: Found) -> Found:
        with self._lock:
            self._found[key] = made
            while len(self._found) > self.keep:
                self._found.popitem(last=False)
        return made

    def remembered(self) -> list[Hashable]:
        """What is remembered, oldest first."""
        with self._lock:
            return list(self._found)

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._found.clear()


memory = Memory()


def library_of(store: Store) -> Library:
    """Built-in and own indicators, with the dimensions that the organisation's files brought."""
    folder = store.home / "indicators"
    currency = store.settings.currency
    return memory.get(
        definitions_key(store, ("library", currency)),
        lambda: read_library(folder, tables=facts_in(store).declared, currency=currency),
    )


def figures_for(
    viewer: Viewer, store: Store, request: Request, *, day: date, people: frozenset[str] = frozenset()
) -> ValueTable:
    """The values of ``request`` as far as they are the viewer's to see; ``NotPermitted`` where none are."""
    allowed = authorised(viewer, request, people)
    codes = tuple(each.code for each in allowed.indicators)
    key = definitions_key(store, ("values", day, codes, allowed.scope, allowed.spreads, allowed.exclusions))
    return memory.get(key, lambda: compute_values(store, allowed, as_of=day))


def remembered(store: Store, asked: Hashable, make: Callable[[], Found]) -> Found:
    """What ``make`` makes of this state of the lake; ``asked`` must say everything else that it depends on."""
    return memory.get(definitions_key(store, asked), make)


def recorded_names(store: Store) -> Mapping[str, str]:
    """Names of people and teams by their key, as the records tell them."""
    return memory.get(definitions_key(store, "names"), lambda: read_names(store))


def facts_key(store: Store, asked: Hashable) -> Key:
    """The key of what is made from the facts and indicators alone: records that came in are not in it until facts are
    made of them."""
    whole = definitions_key(store, asked)
    return replace(whole, state=(0, store.manifest.facts_key))


def definitions_key(store: Store, asked: Hashable) -> Key:
    """The key of what is made from this state of the lake and of the indicators."""
    folder = store.home / "indicators"
    files = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.yaml")))
    return Key(str(store.home), (store.manifest.records_generation, store.manifest.facts_key), files, asked)
