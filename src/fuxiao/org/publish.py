"""The organisation as records of the lake, so that facts credit the team of the day and scores know the positions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from fuxiao.core.period import EPOCH
from fuxiao.datasets import folding
from fuxiao.datasets.store import Added, Store
from fuxiao.engine import schema
from fuxiao.org.leave_rows import leave_rows
from fuxiao.org.models import Membership, Person, Team

SOURCE = "organisation"
Record = dict[str, Any]


def publish(home: Path, *, at: datetime) -> dict[str, Added]:
    """Write what changed as new versions of ``people``, ``teams``, ``memberships`` and ``attendance`` (of leave).

    How many of each were new.

    One load, none where nothing changed. Columns of the records that the organisation does not know are kept.
    """
    rows = {name: read() for name, read in READ.items()}
    with Store.open(home) as store:
        tables = {name: _table(store, name, found) for name, found in rows.items() if found}
        if filled := leave_rows(store, home):
            rows["attendance"], tables["attendance"] = filled, pa.Table.from_pylist(filled)
        with store.change() as change:
            load = change.begin_load(source=SOURCE, source_digest=_digest(rows), mapping_digest="", at=at)
            return {name: change.add_records(name, table, load, unique=True) for name, table in tables.items()}


def _people() -> list[Record]:
    return [
        {
            "person": each.number, "name": each.name, "hired_on": _number(each.hired_on),
            "left_on": _number(each.left_on), "wage": each.wage, "bonus_base": each.bonus_base,
        }
        for each in Person.objects.order_by("number")
    ]  # fmt: skip


def _teams() -> list[Record]:
    return [
        {
            "team": each.key, "name": each.name, "kind": each.kind or None,
            "parent": each.parent.key if each.parent else None, "lead": each.lead.number if each.lead else None,
        }
        for each in Team.objects.select_related("parent", "lead").order_by("key")
    ]  # fmt: skip


def _memberships() -> list[Record]:
    """Those taken back as well: they hold for no day, which tells the lake to forget them."""
    return [
        {
            "person": each.person.number, "team": each.team.key, "role": each.position,
            "valid_from": _number(each.valid_from), "valid_to": _number(each.valid_to), "bonus_base": each.bonus_base,
        }
        for each in Membership.objects.select_related("person", "team").order_by("person__number", "valid_from")
    ]  # fmt: skip


READ: Mapping[str, Callable[[], list[Record]]] = {"people": _people, "teams": _teams, "memberships": _memberships}


def _table(store: Store, name: str, rows: list[Record]) -> pa.Table:
    """The rows over what the lake holds under the same key."""
    key = schema.dataset(name).key
    held = {tuple(row[column] for column in key): row for row in store.execute(store.records(name)).to_pylist()}
    whole = [held.get(tuple(row[column] for column in key), {}) | row for row in rows]
    columns = dict.fromkeys(column for row in whole for column in row)
    return pa.table({column: [row.get(column) for row in whole] for column in columns})


folding.register(SOURCE)


def _number(day: date | None) -> int | None:
    return None if day is None else (day - EPOCH).days


def _digest(rows: Mapping[str, list[Record]]) -> str:
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
