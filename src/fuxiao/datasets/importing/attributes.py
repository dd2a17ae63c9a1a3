"""What a file that has several rows a case says of its cases: the last value that is not empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

import pyarrow as pa

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.by_case import Cases
from fuxiao.datasets.importing.events import LINE_BITS
from fuxiao.datasets.importing.fill import Filled
from fuxiao.datasets.importing.raw import LINE, TABLE
from fuxiao.datasets.importing.sql import Connection

KEPT = "attributes"


class Attributes:
    """The table ``attributes`` of a file's cases: a row for each, with its last line and its last values.

    ``filled`` is what the file says of cases, ``rows`` are the same rows as events, in whose order "the last" is meant.
    """

    def __init__(self, filled: Filled, rows: Filled) -> None:
        self.filled = filled
        self.changed: Counter[str] = Counter()
        """Inside how many cases the value of a column changes."""
        self.rows = rows
        self.told = False
        """Whether the table has what the events tell of each case, too (see ``told``)."""
        self._kept = False

    @property
    def names(self) -> list[str]:
        return [name for name in (*self.filled.names, *self.filled.mapping.dimensions) if name != "case_id"]

    @cached_property
    def beside_events(self) -> bool:
        """Whether every row is both an event and of a case, of the same number: one pass is enough for both."""
        one = self.rows.mapping.columns["case_id"] == self.filled.mapping.columns["case_id"]
        return one and bool(self.rows.values and self.filled.values)

    def together(self, names: list[str]) -> tuple[str, dict[str, str]]:
        """A table and, as SQL over it, these columns of events, with the attributes of their cases beside them where
        that can be."""
        if not self.beside_events:
            return self.rows.table, {LINE: LINE, **{name: sql.name(name) for name in names}}
        events = {name: self.rows.values[name] for name in names}
        cases = {_under(n): self.filled.values[name] for n, name in enumerate(self.names)}
        return TABLE, {LINE: LINE, **events, **cases}

    def keep(self, connection: Connection) -> None:
        """Make the table, if it was not made in one pass with the events.

        Most say the same in every row of a case: only for the others does it matter which row is the last.
        """
        if self._kept:
            return
        some = [f"any_value({sql.name(n)}) as {sql.name(n)}" for n in self.names]
        moved = [f"min({_said(n)}) <> max({_said(n)}) as _moved_{i}" for i, n in enumerate(self.names)]
        listed = ", ".join(["case_id", f"max({LINE}) as {LINE}", *some, *moved])
        connection.execute(
            f"create or replace temp table {KEPT} as select {listed} from {self.filled.table} group by case_id"
        )
        if self.names:
            counted = ", ".join(f"count(*) filter (where _moved_{i})" for i in range(len(self.names)))
            self.changed.update(
                dict(zip(self.names, sql.one(connection, f"select {counted} from {KEPT}"), strict=True))
            )
        if names := [name for name, count in self.changed.items() if count]:
            replaced = ", ".join(f"latest.{sql.name(name)} as {sql.name(name)}" for name in names)
            connection.execute(
                f"create or replace temp table latest as select a.* replace ({replaced}) "
                f"from {KEPT} a join ({self._last(names)}) as latest using (case_id)"
            )
            connection.execute(f"drop table {KEPT}")
            connection.execute(f"alter table latest rename to {KEPT}")

    def _last(self, names: Sequence[str]) -> str:
        """The query of each case's last values that are not empty."""
        place = "seq" if "seq" in self.rows.names else '"at"'
        order = f"(coalesce(place, 0) << {LINE_BITS}) + {LINE}"
        quoted = [sql.name(name) for name in names]
        last = ", ".join(f"arg_max({n}, {order}) filter (where {n} is not null) as {n}" for n in quoted)
        return (
            f"select case_id, {last} from {self.filled.table} "
            f"left join (select {LINE}, {place} as place from {self.rows.table}) using ({LINE}) group by case_id"
        )

    def of(self, cases: Cases, events: Mapping[str, pa.Array]) -> pa.Table:
        """A row for each of these cases, with what ``events`` tell of it; notes what changes inside of them."""
        self._kept, self.told = True, bool(events)
        columns = {LINE: cases.highest(LINE), "case_id": cases["case_id"].take(pa.array(cases.starts))}
        for n, name in enumerate(self.names):
            columns[name], count = cases.last(_under(n))
            self.changed[name] += count
        return pa.table(columns | {told(name): value for name, value in events.items()})


def told(name: str) -> str:
    """The name of a column of cases as their events tell it, beside what the file says."""
    return f"_told_{name}"


def _under(n: int) -> str:
    """The name of an attribute beside the columns of events."""
    return f"_attribute_{n}"


def _said(name: str) -> str:
    """A number that differs where the value does: far cheaper to compare than the texts."""
    value = sql.name(name)
    return f"case when {value} is not null then hash({value}) end"
