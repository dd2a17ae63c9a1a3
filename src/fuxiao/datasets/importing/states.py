"""Makes case events out of states: each row of a case is compared with the row before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.attributes import KEPT, Attributes
from fuxiao.datasets.importing.by_case import Cases, Mask, filled_in, keep_by_case
from fuxiao.datasets.importing.derive import MOMENTS, told_by_events
from fuxiao.datasets.importing.events import TABLE, Made, Types, each_type, unknown_item
from fuxiao.datasets.importing.fill import Filled
from fuxiao.datasets.importing.quality import Item
from fuxiao.datasets.importing.raw import LINE
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.standing import Happened, Rule, States

DONE = frozenset({"resolved", "closed", "cancelled"})
MOVES = ("to_person", "from_unit", "to_unit")
RESPONDER = "first_responder"


def events_from_states(connection: Connection, filled: Filled, cases: Attributes) -> Made:
    """The view ``case_events`` from rows that each say how a case stood when it was touched.

    The first row of a case gives ``created``; a first owner ``assigned``, another owner or unit ``transferred``; a
    status that is entered its types; a pausing status that is left ``pend_end``; work after an end ``reopened``.
    A row that differs in none of these gives no event and is counted. What the rows say of ``cases`` is kept in the
    same pass where that can be.
    """
    rules = [*_moves(), *_statuses({status: types for status, types in filled.mapping.types.items() if types})]
    _compare(connection, filled, cases, rules)
    _step(connection, rules)
    _happen(connection, filled, rules)
    return Made(TABLE, (_unknown(connection, filled), _unchanged(connection)))


def _moves() -> list[Rule]:
    """Events of a new row, a new owner or another unit."""
    return [
        Rule("created", lambda s: s.first),
        Rule("assigned", lambda s: s.taken & ~s.other_unit, moves=True),
        Rule("transferred", lambda s: ~s.first & (s.other_unit | s.other_owner), moves=True),
    ]


def _statuses(types: Types) -> list[Rule]:
    """Events of entering and leaving a status; one that stands for several types gives several."""
    pauses = {status: tuple(t for t in each if t.type == "pend_start") for status, each in types.items()}
    done = [status for status, each in types.items() if DONE & {t.type for t in each}]
    left = [
        Rule("pend_end", _leaving([status for status, each in pauses.items() if n < len(each)]), kind)
        for n, (_, kind) in enumerate(each_type("_old_status", pauses))
    ]
    reached = []
    for n, (_, kind) in enumerate(each_type("status", types)):
        entered = {status: each[n].type for status, each in types.items() if n < len(each)}
        reached.append(Rule("", _entering(entered), kind, types=entered))
    again = Rule("reopened", lambda s: s.entered & ~s.first & s.among(s.old_status, done) & ~s.among(s.status, done))
    unknown = Rule("other", lambda s: s.entered & ~s.first & (s.status >= 0) & ~s.among(s.status, types))
    return [*left, again, *reached, *([unknown] if types else [])]


def _leaving(pauses: list[str]) -> Callable[[States], Mask]:
    return lambda s: s.entered & s.among(s.old_status, pauses)


def _entering(types: dict[str, str]) -> Callable[[States], Mask]:
    """A case is created by its first row, whatever that says."""
    others = [status for status, type_ in types.items() if type_ != "created"]
    return lambda s: s.entered & np.where(s.first, s.among(s.status, others), s.among(s.status, types))


def _compare(connection: Connection, filled: Filled, cases: Attributes, rules: list[Rule]) -> None:
    """The table ``compared``: each row with what the row before it said, a bit for each rule that gives an event, and
    how many events of its case come before it; and what rows and events say of the cases, where that can be."""
    said = [name for name in ("status", "owner", "unit") if name in filled.names]
    kept = [LINE, *_kept(filled), "status"]
    asked = told_by_events(cases, people="actor" in filled.names).keys()
    told = asked if asked <= {*MOMENTS, RESPONDER} else ()  # whoever had a case last is found among its events

    def make(rows: Cases) -> dict[str, pa.Table]:
        happened = Happened(States(rows), rules)
        made = {"compared": _compared(happened, kept)}
        return made | {KEPT: cases.of(rows, _told(happened, told))} if cases.beside_events else made

    keep_by_case(connection, *cases.together([*_kept(filled), *said]), make)


def _told(happened: Happened, names: Iterable[str]) -> dict[str, pa.Array]:
    """What the events tell of each case: moments, and who answered first."""
    rows, columns = happened.states.cases, {}
    for name in names:
        how, types = MOMENTS["first_response_at" if name == RESPONDER else name]
        found = happened.of(types) if types else rows.first
        if name == RESPONDER:
            found = found & filled_in(rows["actor"])
        said = rows["actor" if name == RESPONDER else "at"]
        columns[name] = said.take(rows.place(found, last=how == "max"))
    return columns


def _compared(happened: Happened, kept: list[str]) -> pa.Table:
    """The rows of some cases for the table ``compared``."""
    states, cases = happened.states, happened.states.cases
    events = sum(mask.astype(np.int64) << n for n, mask in enumerate(happened.masks))
    count = np.sum(happened.masks, axis=0)
    before = np.cumsum(count) - count
    unit, old_unit = cases["unit"], states.old_unit
    moved = pc.fill_null(pc.not_equal(unit, old_unit), fill_value=True)
    return pa.table({
        **{name: cases[name] for name in kept},
        "_old_status": states.words.dictionary.take(pa.array(states.old_status, mask=states.old_status < 0)),
        "to_person": cases["owner"],
        "from_unit": pc.if_else(pa.array(states.other_unit), old_unit, None),
        "to_unit": pc.if_else(moved, unit, None),
        "_events": events,
        "_before": before - before[cases.start],
    })  # fmt: skip


def _kept(filled: Filled) -> list[str]:
    """The columns that an event has from its row as they are."""
    said = {"status", "owner", "unit", *MOVES}
    return [*(name for name in filled.names if name not in said), *filled.mapping.dimensions]


def _step(connection: Connection, rules: list[Rule]) -> None:
    """The table ``steps``: which rules each of the few patterns of ``_events`` has, counted from 1."""
    numbers = ", ".join(f"({n})" for n in range(len(rules)))
    connection.execute(
        "create or replace temp table steps as select _events, rule, "
        "row_number() over (partition by _events order by rule) as nth from (select distinct _events from compared) "
        f"join (values {numbers}) as t(rule) on (_events >> rule) & 1 = 1"
    )


def _happen(connection: Connection, filled: Filled, rules: list[Rule]) -> None:
    """The view ``case_events``: a row for each event of each row."""
    moving = ", ".join(str(n) for n, rule in enumerate(rules) if rule.moves)
    moves = ", ".join(f"case when rule in ({moving}) then {name} end as {name}" for name in MOVES)
    types = " ".join(f"when {n} then {rule.typed}" for n, rule in enumerate(rules))
    kinds = " ".join(f"when {n} then {rule.kind}" for n, rule in enumerate(rules))
    listed = ", ".join(map(sql.name, (LINE, *_kept(filled))))
    connection.execute(
        f"create or replace temp view {TABLE} as select {listed}, status as activity, {moves}, "
        f"case rule {types} end as type, case rule {kinds} end as kind, cast(_before + nth as bigint) as seq "
        "from compared join steps using (_events)"
    )


def _unknown(connection: Connection, filled: Filled) -> Item:
    header = next(filled.mapping.columns["status"].sources(), "status")
    where = f"status is not null and status not in {sql.texts(filled.mapping.types)}"
    return unknown_item(connection, f"select status as value, {LINE} from compared where {where}", header)


def _unchanged(connection: Connection) -> Item:
    count, lines = sql.one(connection, f"select count(*), min({LINE}, 5) from compared where _events = 0")
    return Item("no_change", TABLE, "", "drop", count, (), tuple(lines or ()))
