"""Carries what changed at the desk into the lake: one load a batch, and every change at least once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import ibis
import pyarrow as pa
from django.db.models import QuerySet

from fuxiao.datasets import folding
from fuxiao.datasets.store import Change, Store
from fuxiao.engine import schema
from fuxiao.service.models import FeedEntry
from fuxiao.service.records import READ, Record

SOURCE = "service desk"
MOST = 500
"""Entries of a batch."""


def publish(home: Path, *, at: datetime, carried_at: datetime) -> int:
    """Write the records of the oldest entries not carried yet as one load; how many entries that were.

    A kill before the end leaves the entries to be carried again, and a record that says the same as before is not
    written again: nothing is lost or doubled. ``StoreBusy`` where another writer is at work.
    """
    if not waiting().exists():
        return 0
    with Store.open(home) as store:
        # Rows are read while no other can write: an older state never comes after a newer one.
        with store.change() as change:
            entries = list(waiting().order_by("id")[:MOST])
            _write(store, change, records_of((each.dataset, each.key) for each in entries), at=at)
        FeedEntry.objects.filter(pk__in=[each.pk for each in entries]).update(carried_at=carried_at)
    return len(entries)


def waiting() -> QuerySet[FeedEntry]:
    """The entries that are not in the lake yet."""
    return FeedEntry.objects.filter(carried_at__isnull=True)


def records_of(named: Iterable[tuple[str, str]]) -> dict[str, list[Record]]:
    """The records, by dataset, that these pairs of dataset and key name."""
    keys: dict[str, dict[str, None]] = {}
    for dataset, key in named:
        keys.setdefault(dataset, {})[key] = None
    return {dataset: rows for dataset in sorted(keys) if (rows := READ[dataset](list(keys[dataset])))}


def _write(store: Store, change: Change, rows: Mapping[str, Sequence[Record]], *, at: datetime) -> None:
    load = change.begin_load(source=SOURCE, source_digest=_digest(rows), mapping_digest="", at=at)
    for name, found in rows.items():
        change.add_records(name, _table(store, name, found), load, unique=True)


def _table(store: Store, name: str, rows: Sequence[Record]) -> pa.Table:
    """The rows over what the lake holds under the same key: columns that the desk does not know are kept."""
    key = schema.dataset(name).key
    held = {tuple(row[column] for column in key): row for row in _held(store, name, rows)}
    whole = [held.get(tuple(row[column] for column in key), {}) | row for row in rows]
    columns = dict.fromkeys(column for row in whole for column in row)
    return pa.table({column: [row.get(column) for row in whole] for column in columns})


def _held(store: Store, name: str, rows: Sequence[Record]) -> list[Record]:
    if name not in store.manifest.records:
        return []
    first = schema.dataset(name).key[0]
    wanted = ibis.memtable(pa.table({first: sorted({row[first] for row in rows})}))
    found: list[Record] = store.execute(store.records(name).semi_join(wanted, first)).to_pylist()
    return found


folding.register(SOURCE)


def _digest(rows: Mapping[str, Sequence[Record]]) -> str:
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
