"""The store: the one door to the lake and to DuckDB. Many readers, one writer, and no half-written state."""

from fuxiao.datasets.store.change import Added, Change
from fuxiao.datasets.store.connect import disk_in_words
from fuxiao.datasets.store.reader import Store

__all__ = ["Added", "Change", "Store", "disk_in_words"]
