"""Makes case events out of states: each row of a case is compared with the row before it."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.events import TABLE, Made, number_events, types_query, unknown_item
from fuxiao.datasets.importing.fill import Filled
from fuxiao.datasets.importing.quality import Item
from fuxiao.datasets.importing.raw import LINE
from fuxiao.datasets.importing.sql import Connection

DONE = "('resolved', 'closed', 'cancelled')"


def events_from_states(connection: Connection, filled: Filled) -> Made:
    """The table ``case_events`` from rows that each say how a case stood when it was touched.

    The first row of a case gives ``created``; a first owner ``assigned``, another owner or unit ``transferred``; a
    status that is entered its types; a pausing status that is left ``pend_end``; work after an end ``reopened``.
    A row that differs in none of these gives no event and is counted.
    """
    _compare(connection, filled)
    names = tuple(c for c in filled.names if c not in {"status", "owner", "unit", "to_person", "from_unit", "to_unit"})
    kept = (*names, *filled.mapping.dimensions)
    produced = ("activity", "to_person", "from_unit", "to_unit")
    connection.execute(f"create or replace temp table happened as {_events(filled, kept)}")
    items = (*_unknown(connection, filled), _unchanged(connection))
    connection.execute("drop table compared")
    table = number_events(connection, (*kept, *produced))
    connection.execute("drop table happened")
    return Made(table, items)


def _compare(connection: Connection, filled: Filled) -> None:
    """The table ``compared``: each row with what the row before it said, and the types of both statuses."""
    over = f'over (partition by case_id order by "at", {LINE})'
    owner = "owner" if "owner" in filled.names else "null::varchar"
    unit = "unit" if "unit" in filled.names else "null::varchar"
    connection.execute(
        f"create or replace temp table compared as select *, lag(status) {over} as old_status, "
        f"lag({owner} ignore nulls) {over} as old_owner, {owner} as new_owner, "
        f"lag({unit} ignore nulls) {over} as old_unit, {unit} as new_unit, "
        f"row_number() {over} = 1 as is_first from {filled.table}"
    )


NOBODY = ("null::varchar", "null::varchar", "null::varchar")


@dataclass(frozen=True, slots=True)
class _Rule:
    """When a row gives an event, and of which type; ``order`` sorts the events of one row."""

    type: str
    order: int | str
    where: str
    kind: str = "null::varchar"
    join: str = ""
    to: tuple[str, str, str] = NOBODY

    def query(self, kept: tuple[str, ...]) -> str:
        listed = ", ".join(f"c.{sql.name(name)}" for name in kept)
        person, from_unit, to_unit = self.to
        return (
            f"select c.{LINE}, {listed}, c.status as activity, {person} as to_person, {from_unit} as from_unit, "
            f"{to_unit} as to_unit, {self.type} as type, {self.kind} as kind, {self.order} as ord, "
            f"null::bigint as given_seq from compared c {self.join} where {self.where}"
        )


def _events(filled: Filled, kept: tuple[str, ...]) -> str:
    """All events of all rows."""
    types = f"({types_query(filled.mapping)})"
    return " union all ".join(rule.query(kept) for rule in (*_moves(), *_statuses(types)))


def _moves() -> list[_Rule]:
    """Events of a new row, a new owner or another unit."""
    other_unit = "(new_unit is not null and old_unit is not null and new_unit <> old_unit)"
    new_owner = "(new_owner is not null and (old_owner is null or new_owner <> old_owner))"
    moved = f"(({new_owner} and old_owner is not null) or {other_unit})"
    from_unit = f"case when {other_unit} then old_unit end"
    to_unit = "case when new_unit is distinct from old_unit then new_unit end"
    to = ("new_owner", from_unit, to_unit)
    return [
        _Rule("'created'", -4, "is_first"),
        _Rule("'assigned'", -3, f"{new_owner} and old_owner is null and not {other_unit}", to=to),
        _Rule("'transferred'", -3, f"not is_first and {moved}", to=to),
    ]


def _statuses(types: str) -> list[_Rule]:
    """Events of entering and leaving a status."""
    entered = "(is_first or status is distinct from old_status)"
    ended = f"exists (select 1 from {types} o where o.activity = c.old_status and o.type in {DONE})"
    at_work = f"not exists (select 1 from {types} n where n.activity = c.status and n.type in {DONE})"
    unknown = f"status is not null and not exists (select 1 from {types} t where t.activity = status)"
    left = f"join {types} o on o.activity = old_status"
    reached = f"join {types} t on t.activity = status"
    return [
        _Rule("'pend_end'", -2, f"{entered} and o.type = 'pend_start'", kind="o.kind", join=left),
        _Rule("'reopened'", -1, f"{entered} and not is_first and {ended} and {at_work}"),
        _Rule("t.type", "t.ord", f"{entered} and not (is_first and t.type = 'created')", kind="t.kind", join=reached),
        _Rule("'other'", 0, f"{entered} and not is_first and {unknown}"),
    ]


def _unknown(connection: Connection, filled: Filled) -> list[Item]:
    header = next(filled.mapping.columns["status"].sources(), "status")
    where = f"status is not null and status not in {sql.texts(filled.mapping.types)}"
    return [unknown_item(connection, f"select status as value, {LINE} from {filled.table} where {where}", header)]


def _unchanged(connection: Connection) -> Item:
    idle = f"compared anti join happened using ({LINE})"
    count, lines = sql.one(connection, f"select count(*), min({LINE}, 5) from {idle}")
    return Item("no_change", TABLE, "", "drop", count, (), tuple(lines or ()))
