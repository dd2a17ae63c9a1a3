"""Files of records written again: several as one, or one without the rows of a load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from fuxiao.datasets.manifest import StoredFile, stored
from fuxiao.datasets.store import sql
from fuxiao.datasets.store.names import fold_stem, loads_in
from fuxiao.datasets.store.undo import meet


@dataclass(frozen=True, slots=True)
class Rewriter:
    """Writes for one change; ``fresh`` gives the path of a new file from the beginning of its name."""

    lake: Path
    raw: duckdb.DuckDBPyConnection
    generation: int
    fresh: Callable[[str], Path]

    def as_one(self, name: str, files: Sequence[StoredFile]) -> StoredFile:
        """All rows of these files in one, by load and line."""
        loads = range(loads_in(files[0].path).start, loads_in(files[-1].path).stop)
        path = self.fresh(fold_stem(name, loads, self.generation))
        self._copy(f"FROM {sql.scan([self.lake / each.path for each in files])}", path)
        return stored(self.lake, path, rows=sum(each.rows for each in files))

    def without(self, name: str, file: StoredFile, gone: range) -> StoredFile | None:
        """The file without the rows of these loads: itself where it has none of them, ``None`` where no row is left."""
        loads = loads_in(file.path)
        if not meet(loads, gone):
            return file
        if gone.start <= loads.start and loads.stop <= gone.stop:
            return None
        kept = f"FROM {sql.scan([self.lake / file.path])} WHERE {sql.LOAD} NOT BETWEEN {gone.start} AND {gone.stop - 1}"
        [(rows,)] = self.raw.execute(f"SELECT count(*) {kept}").fetchall()
        if rows in (0, file.rows):
            return file if rows else None
        path = self.fresh(fold_stem(name, loads, self.generation))
        self._copy(kept, path)
        return stored(self.lake, path, rows=rows)

    def _copy(self, query: str, path: Path) -> None:
        order = f"ORDER BY {sql.LOAD}, {sql.ROW}"
        self.raw.execute(f"COPY ({query} {order}) TO {sql.text(str(path))} ({sql.STORED})").fetchall()
