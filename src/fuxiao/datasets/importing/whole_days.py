"""Moments of which a log tells only the day, beside one before them that has a time: they count at the end of the day.

At midnight a solution would come before the opening of the same morning. At the end of its day it has happened for
certain, and no time that leads to it is taken for shorter than it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fuxiao.datasets.importing import moments, rules, sql
from fuxiao.datasets.importing.raw import LINE
from fuxiao.datasets.importing.sql import Connection

LIKELY, TOLD = "likely_days", "told_days"


@dataclass(frozen=True, slots=True)
class WholeDays:
    """SQL over the values ``_v0``… and the texts ``_t0``… of a dataset. ``zones`` are those of its moments by name,
    ``place`` says which number a column has, ``now`` is the moment of the import; of ``bare`` columns every cell says
    midnight and means the day. ``counts`` tells of which columns only the day is told, and how often.
    """

    dataset: str
    zones: Mapping[str, str]
    place: Mapping[str, int]
    now: int
    bare: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)

    def likely(self, connection: Connection, checked: str) -> bool:
        """Note the rows that may tell only a day, in a table that was filled as if none did: a moment lies at midnight,
        or before what it must follow. Whether there are any."""
        asked = [f"_early & {1 << self.place[name]} <> 0 or {self._begins_day(name)}" for name in self._names()]
        if not asked:
            return False
        connection.execute(
            f"create or replace temp table {LIKELY} as select {LINE} from {checked} where {' or '.join(asked)}"
        )
        return sql.count(connection, f"select count(*) from {LIKELY}") > 0

    def looked_for(self, connection: Connection, checked: str, rows: str) -> WholeDays:
        """The same once it is known what the likely ``rows`` tell."""
        connection.execute(f"create or replace temp table {TOLD} as select * from ({rows})")
        bare = frozenset(name for name in self._names() if self._is_bare(connection, checked, name))
        days = replace(self, bare=bare)
        counts = ((name, f"select count(*) from {TOLD} where {days.told(name)}") for name in self._names())
        return replace(days, counts={name: n for name, query in counts if (n := sql.count(connection, query))})

    def _names(self) -> list[str]:
        return [name for name, before in self._order().items() if {name, before} <= self.zones.keys()]

    def _order(self) -> Mapping[str, str]:
        return rules.ORDER.get(self.dataset, {})

    def _begins_day(self, name: str) -> str:
        return moments.at_midnight(sql.name(name), self.zones[name])

    def _midnight(self, name: str) -> str:
        return moments.at_midnight(self._value(name), self.zones[name])

    def values(self) -> dict[str, str]:
        """Every column as it counts."""
        return {name: self._counted(name) if name in self.counts else f"_v{n}" for name, n in self.place.items()}

    def told(self, name: str) -> str:
        """The condition under which the cell tells only the day and the moment before it a time."""
        before = self._value(self._order()[name])
        text = f"_t{self.place[name]}"
        day = "true" if name in self.bare else f"not regexp_matches({text}, {sql.text(moments.CLOCK)})"
        begins = moments.at_midnight(before, self.zones[self._order()[name]])
        return f"(case when {self._midnight(name)} then {day} and not {begins} else false end)"

    def _counted(self, name: str) -> str:
        """The end of the day, or what came afterwards at a known time of that day; today it is not later than now."""
        value, before = self._value(name), self._value(self._order()[name])
        later = [each for each in rules.AFTERWARDS.get(self.dataset, {}).get(name, ()) if each in self.zones]
        after = [
            f"case when {v} > {value} and {v} >= {before} then {v} end"
            for v in [*map(self._value, later), str(self.now)]
        ]
        latest = f"least({', '.join([moments.end_of_day(value, self.zones[name]), *after])})"
        return f"(case when {self.told(name)} then {latest} else {value} end)"

    def _is_bare(self, connection: Connection, checked: str, name: str) -> bool:
        """Whether every cell says 00:00 and one of them the day of the moment before it: the column tells days. All
        rows are asked last, where the likely ones leave it open."""
        value, before = self._value(name), self._value(self._order()[name])

        def any_row(table: str, condition: str) -> bool:
            return bool(sql.rows(connection, f"select 1 from {table} where {condition} limit 1"))

        return (
            any_row(TOLD, f"{value} < {before} and {before} < {value} + 86400")
            and not any_row(TOLD, f"{value} is not null and not {self._midnight(name)}")
            and not any_row(checked, f"{sql.name(name)} is not null and not {self._begins_day(name)}")
        )

    def _value(self, name: str) -> str:
        return f"_v{self.place[name]}"
