"""The lake as pages read it: one pool a process, and figures kept for as long as nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from fuxiao.datasets.pool import StorePool
from fuxiao.datasets.store import Store


@lru_cache(maxsize=4)
def _pool(home: Path) -> StorePool:
    return StorePool(home)


@lru_cache(maxsize=4)
def _closed(home: Path) -> StorePool:
    return StorePool(home, most=2)


@contextmanager
def closed_lake(home: Path) -> Iterator[Store]:
    """A store of a home folder that stands still."""
    with _closed(home).borrow() as store:
        yield store


@contextmanager
def lake() -> Iterator[Store]:
    """A store of the installation's home folder."""
    with _pool(settings.HOME).borrow() as store:
        yield store
