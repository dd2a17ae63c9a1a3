"""Opens DuckDB so that a large query spills to the disk instead of dying, and says UTC everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from fuxiao.core.errors import StoreError


def open_duckdb(*, memory: str, threads: int | None, spill: Path) -> duckdb.DuckDBPyConnection:
    """An empty database in memory with these limits; ``threads`` of ``None`` is one a core."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(spill),
        # Without this a large result is kept whole only to restore an order that nobody asked for.
        "preserve_insertion_order": False,
        # Nothing here outlives its connection: compressing passing tables costs more than it saves.
        "checkpoint_threshold": "1TB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads is not None:
        config["threads"] = threads
    raw = duckdb.connect(":memory:", config=config)
    raw.execute("SET GLOBAL TimeZone = 'UTC'").fetchall()
    return raw


@contextmanager
def disk_in_words(folder: Path) -> Iterator[None]:
    """A full disk or memory that does not suffice becomes a ``StoreError`` (``store.disk``) with the reason."""
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        reason = str(error).splitlines()[0]
        raise StoreError("store.disk", path=str(folder), reason=reason) from error
