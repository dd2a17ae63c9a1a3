"""Makes case events out of states: each row of a case is compared with the row before it."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.events import TABLE, Made, Types, each_type, unknown_item
from fuxiao.datasets.importing.fill import Filled
from fuxiao.datasets.importing.quality import Item
from fuxiao.datasets.importing.raw import LINE
from fuxiao.datasets.importing.sql import Connection

DONE = frozenset({"resolved", "closed", "cancelled"})
ENTERED = "(is_first or status is distinct from old_status)"
OTHER_UNIT = "coalesce(new_unit <> old_unit, false)"
"""The row names another unit than the last one known."""
MOVES = ("to_person", "from_unit", "to_unit")


def events_from_states(connection: Connection, filled: Filled) -> Made:
    """The view ``case_events`` from rows that each say how a case stood when it was touched.

    The first row of a case gives ``created``; a first owner ``assigned``, another owner or unit ``transferred``; a
    status that is entered its types; a pausing status that is left ``pend_end``; work after an end ``reopened``.
    A row that differs in none of these gives no event and is counted.
    """
    rules = [*_moves(), *_statuses({status: types for status, types in filled.mapping.types.items() if types})]
    _compare(connection, filled, rules)
    _step(connection, rules)
    _happen(connection, filled, rules)
    return Made(TABLE, (_unknown(connection, filled), _unchanged(connection)))


@dataclass(frozen=True, slots=True)
class _Rule:
    """When a row gives an event, and of which type; ``moves`` says that it names who has the case from now on."""

    type: str
    where: str
    kind: str = "null::varchar"
    moves: bool = False


def _moves() -> list[_Rule]:
    """Events of a new row, a new owner or another unit."""
    assigned = f"new_owner is not null and old_owner is null and not {OTHER_UNIT}"
    transferred = f"not is_first and ({OTHER_UNIT} or new_owner <> old_owner)"
    return [
        _Rule("'created'", "is_first"),
        _Rule("'assigned'", assigned, moves=True),
        _Rule("'transferred'", transferred, moves=True),
    ]


def _statuses(types: Types) -> list[_Rule]:
    """Events of entering and leaving a status; one that stands for several types gives several."""
    pauses = {status: tuple(t for t in each if t.type == "pend_start") for status, each in types.items()}
    done = sql.texts(status for status, each in types.items() if DONE & {t.type for t in each})
    again = f"not is_first and old_status in {done} and coalesce(status not in {done}, true)"
    unknown = f"not is_first and status is not null and status not in {sql.texts(types)}"
    left = [
        _Rule("'pend_end'", f"{ENTERED} and {old} is not null", kind) for old, kind in each_type("old_status", pauses)
    ]
    reached = [
        _Rule(new, f"{ENTERED} and case when is_first then {new} <> 'created' else {new} is not null end", kind)
        for new, kind in each_type("status", types)
    ]
    return [
        *left,
        _Rule("'reopened'", f"{ENTERED} and {again}"),
        *reached,
        _Rule("'other'", f"{ENTERED} and {unknown}"),
    ]


def _compare(connection: Connection, filled: Filled, rules: list[_Rule]) -> None:
    """The table ``compared``: each row with what the row before it said, a bit for each rule that gives an event, and
    how many events of its case come ``before`` it."""
    over = f'over (partition by case_id order by "at", {LINE})'
    owner = "owner" if "owner" in filled.names else "null::varchar"
    unit = "unit" if "unit" in filled.names else "null::varchar"
    kept = ", ".join([LINE, *_kept(filled), "status"])
    beside = (
        f"select {kept}, lag(status) {over} as old_status, {owner} as new_owner, {unit} as new_unit, "
        f"lag({owner} ignore nulls) {over} as old_owner, lag({unit} ignore nulls) {over} as old_unit, "
        f"row_number() {over} = 1 as is_first from {filled.table}"
    )
    events = " | ".join(f"(case when {rule.where} then {1 << n} else 0 end)" for n, rule in enumerate(rules))
    moves = (
        f"new_owner as to_person, case when {OTHER_UNIT} then old_unit end as from_unit, "
        "case when new_unit is distinct from old_unit then new_unit end as to_unit"
    )
    connection.execute(
        "create or replace temp table compared as "
        f"select *, sum(bit_count(events)) {over} - bit_count(events) as before from "
        f"(select {kept}, old_status, {moves}, {events} as events from ({beside}))"
    )


def _kept(filled: Filled) -> list[str]:
    """The columns that an event has from its row as they are."""
    said = {"status", "owner", "unit", *MOVES}
    return [sql.name(n) for n in (*(n for n in filled.names if n not in said), *filled.mapping.dimensions)]


def _step(connection: Connection, rules: list[_Rule]) -> None:
    """The table ``steps``: which rules each of the few patterns of ``events`` has, counted from 1."""
    numbers = ", ".join(f"({n})" for n in range(len(rules)))
    connection.execute(
        "create or replace temp table steps as select events, rule, "
        "row_number() over (partition by events order by rule) as nth from (select distinct events from compared) "
        f"join (values {numbers}) as t(rule) on (events >> rule) & 1 = 1"
    )


def _happen(connection: Connection, filled: Filled, rules: list[_Rule]) -> None:
    """The view ``case_events``: a row for each event of each row."""
    moving = ", ".join(str(n) for n, rule in enumerate(rules) if rule.moves)
    moves = ", ".join(f"case when rule in ({moving}) then {name} end as {name}" for name in MOVES)
    types = " ".join(f"when {n} then {rule.type}" for n, rule in enumerate(rules))
    kinds = " ".join(f"when {n} then {rule.kind}" for n, rule in enumerate(rules))
    listed = ", ".join([LINE, *_kept(filled)])
    connection.execute(
        f"create or replace temp view {TABLE} as select {listed}, status as activity, {moves}, "
        f"case rule {types} end as type, case rule {kinds} end as kind, cast(before + nth as bigint) as seq "
        "from compared join steps using (events)"
    )


def _unknown(connection: Connection, filled: Filled) -> Item:
    header = next(filled.mapping.columns["status"].sources(), "status")
    where = f"status is not null and status not in {sql.texts(filled.mapping.types)}"
    return unknown_item(connection, f"select status as value, {LINE} from {filled.table} where {where}", header)


def _unchanged(connection: Connection) -> Item:
    count, lines = sql.one(connection, f"select count(*), min({LINE}, 5) from compared where events = 0")
    return Item("no_change", TABLE, "", "drop", count, (), tuple(lines or ()))
