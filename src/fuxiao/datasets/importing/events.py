"""Makes case events out of an event log: activities become event types, pauses and reopenings are completed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
LINE_BITS = 30
PLACE = f'("at" << {LINE_BITS}) + {LINE}'
"""The order of rows inside a case in one number: a moment (33 bits reach the year 2242), then the line of the file."""
NOTHING = "null::varchar"
Types = Mapping[str, tuple[EventType, ...]]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished dataset: its scratch table or view, and what was counted while making it.

    Events that are numbered only when they are stored name in ``rows`` what they are read from until then. ``view``
    says that it reads the filled rows whenever it is asked.
    """

    table: str
    items: tuple[Item, ...] = ()
    rows: str = ""
    view: bool = False


def events_from_log(connection: Connection, filled: Filled) -> Made:
    """``case_events`` from the filled rows of an event log.

    ``seq`` is the file's where each event is a row of it, else it is worked out: no two events have one number. A
    view, unless events are added: then they are looked at before they are stored.
    """
    mapping = filled.mapping
    columns = [c for c in filled.names if c not in {"seq", "type", "kind"}]
    added = bool(mapping.reopen_on or mapping.pause_ends)
    kept = "table" if added else "view"
    connection.execute(f"create or replace temp {kept} happened as {_happened(filled, columns)}")
    names = (*columns, *mapping.dimensions)
    items = [*_unknown(connection, filled), _add_reopenings(connection, mapping, names)]
    items.append(_end_pauses(connection, mapping, names))
    if "seq" in filled.names and not added and all(len(each) == 1 for each in mapping.types.values()):
        return Made(_with_numbers(connection, names, "given_seq", kept="view"), tuple(items), view=True)
    if not added:
        return Made(_number(connection, names, kept="view"), tuple(items), rows="happened", view=True)
    table = _number(connection, names, kept="table")
    connection.execute(f"drop {kept} happened")
    return Made(table, tuple(items))


def _happened(filled: Filled, columns: list[str]) -> str:
    """The query of all events: one for each row, and another for each further type that its activity stands for."""
    mapping = filled.mapping
    rest = ", ".join(map(sql.name, (LINE, *columns, *mapping.dimensions)))
    said = {name: name if name in filled.names else "null" for name in ("activity", "type", "kind", "seq")}
    again = f"coalesce({said['activity']} in {sql.texts(mapping.reopen_on)}, false) as again"
    types = list(each_type(said["activity"], mapping.types)) or [(NOTHING, NOTHING)]
    queries = [
        f"select {rest}, coalesce({type_}, {said['type']}, 'other') as type, coalesce({kind}, {said['kind']}) as kind, "
        f"{n} as ord, {said['seq']} as given_seq, {again} from {filled.table} where {n} = 0 or {type_} is not null"
        for n, (type_, kind) in enumerate(types)
    ]
    return " union all ".join(queries)


def each_type(word: str, types: Types) -> Iterator[tuple[str, str]]:
    """The first type and kind that a word of the file stands for, then the second, as long as one has so many; else
    null."""
    for n in range(max(map(len, types.values()), default=0)):
        known = {said: each[n] for said, each in types.items() if n < len(each)}
        kinds = [(said, each.kind) for said, each in known.items() if each.kind]
        yield (
            sql.lookup(word, [(said, each.type) for said, each in known.items()], otherwise=NOTHING),
            sql.lookup(word, kinds, otherwise=NOTHING),
        )


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
    first = sql.rows(connection, f"select {LINE} from ({query}) order by 1 limit 5") if found else []
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


def _number(connection: Connection, names: tuple[str, ...], *, kept: str) -> str:
    """The table or view ``case_events`` with ``seq`` counted in each case from 1."""
    return _with_numbers(connection, names, f"row_number() over (partition by case_id order by {ORDER})", kept=kept)


def _with_numbers(connection: Connection, names: tuple[str, ...], seq: str, *, kept: str) -> str:
    listed = ", ".join(sql.name(name) for name in names)
    query = f"select {LINE}, {listed}, type, kind, {seq} as seq from happened"
    connection.execute(f"create or replace temp {kept} {TABLE} as {query}")
    return TABLE
