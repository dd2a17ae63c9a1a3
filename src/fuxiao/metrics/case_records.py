"""What the running month must know of single cases: their records, and which other cases share device or customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fuxiao.datasets.one_case import GAPS, NEAR, PER_CASE
from fuxiao.datasets.store import Store
from fuxiao.engine import schema

Row = Mapping[str, Any]
Own = dict[str, list[Row]]


class CaseRecords:
    """The records of the cases that are at work, by case; those of another case are fetched when it is touched."""

    def __init__(self, store: Store, case_ids: pa.Table) -> None:
        self._store = store
        self._known = set(case_ids["case_id"].to_pylist())
        self._kept = {name: _Sorted(self._of(name, case_ids)) for name in PER_CASE if name in store.manifest.records}
        self._changed: dict[str, Own] = {}

    @property
    def earliest(self) -> int | None:
        """The earliest moment at which a kept case was opened."""
        cases = self._kept.get("cases")
        return None if cases is None or not len(cases.table) else int(pc.min(cases.table["opened_at"]).as_py())

    def add(self, case_id: str, dataset: str, rows: Iterable[Row]) -> Own:
        """All records of the case after these came in; one with the key of another takes its place."""
        own = self._changed.get(case_id) or self._found(case_id)
        key = schema.dataset(dataset).key
        held = {tuple(row.get(name) for name in key): row for row in own.get(dataset, ())}
        held |= {tuple(row.get(name) for name in key): row for row in rows}
        own[dataset] = list(held.values())
        self._changed[case_id] = own
        return own

    def _found(self, case_id: str) -> Own:
        if case_id in self._known:
            return {name: table.rows(case_id) for name, table in self._kept.items()}
        only = pa.table({"case_id": pa.array([case_id], pa.string())})
        return {name: list(self._of(name, only).to_pylist()) for name in self._kept}

    def _of(self, name: str, case_ids: pa.Table) -> pa.Table:
        """The current records of these cases, in order of the case."""
        records = self._store.records(name)
        wanted = ibis.memtable(case_ids)
        return self._store.execute(records.semi_join(wanted, "case_id").order_by("case_id"))


class _Sorted:
    """A table in order of the case, with the place of each case."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        codes = table["case_id"].combine_chunks().dictionary_encode()
        # In order of the case the codes only grow, so that each begins where the one before ends.
        starts = np.searchsorted(codes.indices.to_numpy(zero_copy_only=False), np.arange(len(codes.dictionary) + 1))
        self._starts = starts
        self._place = {case_id: place for place, case_id in enumerate(codes.dictionary.to_pylist())}

    def rows(self, case_id: str) -> list[Row]:
        place = self._place.get(case_id)
        if place is None:
            return []
        start, end = int(self._starts[place]), int(self._starts[place + 1])
        return list(self.table.slice(start, end - start).to_pylist())


class Neighbours:
    """The cases at work by device and customer, with what decides which of them repeats which."""

    def __init__(self, table: pa.Table) -> None:
        """``table`` has the columns of ``NEAR`` and the gaps as they were built."""
        self._table = table
        self._place = {case_id: place for place, case_id in enumerate(table["case_id"].to_pylist())}
        self._changed: dict[str, Row] = {}
        self._gaps: dict[str, Row] = {}
        self._sharing: dict[str, dict[str, list[str]]] = {}
        for column in ("device_id", "customer_id"):
            groups = self._sharing[column] = {}
            for case_id, value in zip(table["case_id"].to_pylist(), table[column].to_pylist(), strict=True):
                if value is not None:
                    groups.setdefault(value, []).append(case_id)

    def put(self, row: Row) -> None:
        """The case as it is now."""
        case_id = row["case_id"]
        for column, groups in self._sharing.items():
            if row[column] is not None and case_id not in (group := groups.setdefault(row[column], [])):
                group.append(case_id)
        self._changed[case_id] = row

    def around(self, case_id: str) -> tuple[list[Row], list[Row]]:
        """The cases whose gaps this one can change (itself first), and all that their gaps depend on."""
        affected = [self._row(other) for other in self._with(case_id)]
        base = {other: self._row(other) for row in affected for other in self._with(row["case_id"])}
        return affected, list(base.values())

    def gaps(self, case_id: str) -> Row:
        """The gaps from this case to the next, as last known."""
        if case_id in self._gaps:
            return self._gaps[case_id]
        place = self._place.get(case_id)
        return dict.fromkeys(GAPS) if place is None else {n: self._table[n][place].as_py() for n in GAPS}

    def keep_gaps(self, case_id: str, gaps: Row) -> None:
        self._gaps[case_id] = gaps

    def _with(self, case_id: str) -> list[str]:
        row = self._row(case_id)
        shared = (groups.get(row[column], ()) for column, groups in self._sharing.items())
        return list(dict.fromkeys([case_id, *(other for group in shared for other in group)]))

    def _row(self, case_id: str) -> Row:
        if case_id in self._changed:
            return self._changed[case_id]
        place = self._place[case_id]
        return {name: self._table[name][place].as_py() for name in NEAR}
