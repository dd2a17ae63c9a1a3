"""Makes case events out of an event log: activities become event types, pauses and reopenings are completed."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.fill import Filled
from fuxiao.datasets.importing.mapping import EventType, TableMapping
from fuxiao.datasets.importing.quality import Item
from fuxiao.datasets.importing.raw import LINE
from fuxiao.datasets.importing.sql import Connection

TABLE = "case_events"
ORDER = f'"at", {LINE}, ord'
"""Events of a case in order: by time; at the same time as the file has them; of one row as the mapping lists them."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished dataset: its scratch table or view, and what was counted while making it."""

    table: str
    items: tuple[Item, ...] = ()


def events_from_log(connection: Connection, filled: Filled) -> Made:
    """The table ``case_events`` from the filled rows of an event log (``seq`` is worked out where it is not given)."""
    mapping = filled.mapping
    columns = [c for c in filled.names if c not in {"seq", "type", "kind"}]
    rest = ", ".join(f"f.{sql.name(c)}" for c in (*columns, *mapping.dimensions))
    type_ = "coalesce(m.type, f.type, 'other')" if "type" in filled.names else "coalesce(m.type, 'other')"
    kind = "coalesce(m.kind, f.kind)" if "kind" in filled.names else "m.kind"
    activity = "f.activity" if "activity" in filled.names else "null"
    seq = "f.seq" if "seq" in filled.names else "null"
    kept = "table" if mapping.reopen_on or mapping.pause_ends else "view"  # a table where events will be added to it
    connection.execute(
        f"create or replace temp {kept} happened as select f.{LINE}, {rest}, {type_} as type, {kind} as kind, "
        f"coalesce(m.ord, 0) as ord, {seq} as given_seq, "
        f"coalesce({activity} in {sql.texts(mapping.reopen_on)}, false) as again "
        f"from {filled.table} f left join ({types_query(mapping)}) m on m.activity = {activity}"
    )
    names = (*columns, *mapping.dimensions)
    items = [*_unknown(connection, filled), _add_reopenings(connection, mapping, names)]
    items.append(_end_pauses(connection, mapping, names))
    table = number_events(connection, names)
    connection.execute(f"drop {kept} happened")
    return Made(table, tuple(items))


def types_query(mapping: TableMapping) -> str:
    """The mapping's types as a table ``(activity, type, kind, ord)``."""
    rows = [
        f"({sql.text(activity)}, {sql.text(each.type)}, {_kind(each)}, {n})"
        for activity, types in mapping.types.items()
        for n, each in enumerate(types)
    ]
    listed = ", ".join(rows) or "(null::varchar, null::varchar, null::varchar, 0)"
    return f"select * from (values {listed}) as t(activity, type, kind, ord)"


def _kind(type_: EventType) -> str:
    return f"{sql.text(type_.kind)}" if type_.kind else "null::varchar"


def _unknown(connection: Connection, filled: Filled) -> list[Item]:
    if "activity" not in filled.names or "type" in filled.names:
        return []
    known = sql.texts(filled.mapping.types)
    where = f"activity is not null and activity not in {known}" if filled.mapping.types else "activity is not null"
    header = next(filled.mapping.columns["activity"].sources(), "activity")
    return [unknown_item(connection, f"select activity as value, {LINE} from {filled.table} where {where}", header)]


def unknown_item(connection: Connection, query: str, header: str) -> Item:
    """Activities or statuses that the mapping does not know, with the most frequent ones."""
    found = sql.rows(connection, f"select value, count(*) as n from ({query}) group by value order by n desc, value")
    first = sql.rows(connection, f"select {LINE} from ({query}) order by 1 limit 5")
    lines = tuple(line for (line,) in first)
    return Item("unknown_activity", TABLE, header, "keep", sum(n for _, n in found), tuple(found[:5]), lines)


def _add_reopenings(connection: Connection, mapping: TableMapping, names: tuple[str, ...]) -> Item:
    """Before the first event of ``reopen_on`` after a resolve comes an added ``reopened`` at the same moment."""
    if not mapping.reopen_on:
        return Item("reopened_added", TABLE, "", "keep", 0)
    before = f"over (partition by case_id order by {ORDER} rows between unbounded preceding and 1 preceding)"
    mark = "case when type in ('resolved') then 1 when again or type = 'reopened' then 0 end"
    listed = ", ".join(sql.name(name) for name in names)
    added = (
        f"select {LINE}, {listed}, 'reopened' as type, null as kind, -1 as ord, null as given_seq, false as again "
        "from ("
        f"select *, last_value({mark} ignore nulls) {before} as state from happened) where again and state = 1"
    )
    connection.execute(f"create or replace temp table added as {added}")
    connection.execute("insert into happened select * from added")
    return _counted(connection, "reopened_added", "keep")


def _end_pauses(connection: Connection, mapping: TableMapping, names: tuple[str, ...]) -> Item:
    """With ``pause_ends = "next_event"`` a pause ends where the case's next row begins."""
    if mapping.pause_ends != "next_event":
        return Item("pause_closed", TABLE, "", "keep", 0)
    following = f"over (partition by case_id order by {ORDER})"
    listed = ", ".join(
        'next_at as "at"' if name == "at" else "next_actor as actor" if name == "actor" else sql.name(name)
        for name in names
    )
    actor = "lead(actor)" if "actor" in names else "lead(null)"
    added = (
        f"select next_row as {LINE}, {listed}, 'pend_end' as type, kind, -2 as ord, null as given_seq, false as again "
        "from ("
        f'select *, lead("at") {following} as next_at, lead({LINE}) {following} as next_row, '
        f"{actor} {following} as next_actor, "
        f"lead(type) {following} as next_type from happened) "
        "where type = 'pend_start' and next_at is not null and next_type <> 'pend_end'"
    )
    connection.execute(f"create or replace temp table added as {added}")
    connection.execute("insert into happened select * from added")
    return _counted(connection, "pause_closed", "keep")


def _counted(connection: Connection, code: str, treatment: str) -> Item:
    found = sql.rows(connection, f"select {LINE} from added order by 1 limit 5")
    count = sql.count(connection, "select count(*) from added")
    return Item(code, TABLE, "", treatment, count, (), tuple(line for (line,) in found))


def number_events(connection: Connection, names: tuple[str, ...]) -> str:
    """The table ``case_events`` with ``seq`` counted in each case from 1."""
    listed = ", ".join(sql.name(name) for name in names)
    counted = f"row_number() over (partition by case_id order by {ORDER})"
    connection.execute(
        f"create or replace temp table {TABLE} as select {LINE}, {listed}, type, kind, "
        f"coalesce(given_seq, {counted}) as seq from happened"
    )
    return TABLE
