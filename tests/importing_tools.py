"""Small tools for the tests of the importer: a home, a file from text, an import in one call."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.run import ImportReport, import_file
from fuxiao.datasets.store import Store

AT = datetime(2026, 11, 1, tzinfo=UTC)
CASES = """
shape = "case"
[cases.columns]
case_id = "id"
opened_at = "opened"
first_response_at = "answered"
owner = "owner"
"""


def new_store(folder: Path, *, zone: str = "UTC") -> Store:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fuxiao.toml").write_text(f'name = "Test"\nzone = "{zone}"\n', encoding="utf-8")
    return Store.open(folder, memory="500MB", threads=1)


def put(store: Store, name: str, content: str | bytes) -> Path:
    path = store.home / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def bring(store: Store, content: str | bytes | Path, mapping: str = CASES, *, name: str = "file.csv") -> ImportReport:
    path = content if isinstance(content, Path) else put(store, name, content)
    return import_file(store, path, parse_mapping(mapping), at=AT)


def records(store: Store, dataset: str, *columns: str, order: str = "") -> list[tuple[Any, ...]]:
    """The current records, chosen columns, sorted."""
    table = store.execute(store.records(dataset).select(*columns))
    rows = [tuple(row[c] for c in columns) for row in table.to_pylist()]
    return sorted(rows, key=lambda row: tuple((v is None, v) for v in row))


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
