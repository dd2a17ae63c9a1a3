"""Rows of another database on their way: a Parquet file of texts, as the importer reads any other file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fuxiao.datasets.connecting.mark import higher


@dataclass(frozen=True, slots=True)
class Staged:
    """So many rows were written; ``high`` is the highest value of the column behind the last header."""

    rows: int
    high: object


def stage(
    batches: Iterable[Sequence[Sequence[Any]]], headers: Sequence[str], path: Path, *, marked: bool,
    tell: Callable[[int], None] = lambda _: None,
) -> Staged:  # fmt: skip
    """Write the rows batch by batch. ``marked``: each row has one cell more, of the column that only grows."""
    schema = pa.schema([pa.field(name, pa.string()) for name in headers])
    rows, high, width = 0, None, len(headers)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            columns = [pa.array([text(row[n]) for row in batch], pa.string()) for n in range(width)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            rows += len(batch)
            for row in batch if marked else ():
                high = higher(high, row[width])
            tell(rows)
    return Staged(rows, high)


def text(value: object) -> str | None:
    """A cell as a file would have it."""
    if value is None or isinstance(value, str):
        return value
    return next((write(value) for types, write in WRITERS if isinstance(value, types)), str(value))


WRITERS: tuple[tuple[tuple[type, ...], Callable[[Any], str]], ...] = (
    ((bool,), lambda value: "true" if value else "false"),
    ((datetime,), lambda value: value.isoformat(sep=" ")),
    ((date, time), lambda value: value.isoformat()),
    ((Decimal,), lambda value: f"{value:f}"),
    ((bytes, bytearray, memoryview), lambda value: bytes(value).hex()),
    ((dict, list), lambda value: json.dumps(value, ensure_ascii=False, default=str)),
)
"""How values that are no texts are written; the first that fits."""
