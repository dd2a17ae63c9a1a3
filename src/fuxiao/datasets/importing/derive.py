"""Makes cases out of their events: the moments of a case from event types, its attributes from its rows."""

from __future__ import annotations

from fuxiao.datasets.importing import rules, sql
from fuxiao.datasets.importing.attributes import KEPT, Attributes, told
from fuxiao.datasets.importing.by_case import forget
from fuxiao.datasets.importing.events import PLACE, Made
from fuxiao.datasets.importing.fill import Filled
from fuxiao.datasets.importing.quality import Item
from fuxiao.datasets.importing.raw import LINE
from fuxiao.datasets.importing.sql import Connection

TABLE = "derived_cases"
MOMENTS = {
    "opened_at": ("min", ()),
    "assigned_at": ("min", ("assigned", "transferred")),
    "accepted_at": ("min", ("accepted",)),
    "first_response_at": ("min", ("responded", "contacted")),
    "on_site_at": ("min", ("visit_start",)),
    "resolved_at": ("max", ("resolved",)),
    "closed_at": ("max", ("closed",)),
    "reopened_at": ("min", ("reopened",)),
    "cancelled_at": ("max", ("cancelled",)),
}
"""The first or the last event of these types; of all events where there are none."""
PEOPLE = {
    "first_responder": "arg_min(actor, place) filter (where type in ('responded', 'contacted') and actor is not null)",
    "owner": "coalesce(arg_max(actor, place) filter (where type = 'resolved' and actor is not null), "
    "arg_max(holder, place) filter (where type not in ('closed', 'other') and holder is not null))",
}
ADDED = frozenset({"created", "assigned", "transferred", "reopened"})
"""Types that events may have without the mapping naming them."""


def cases_from_events(connection: Connection, said: Attributes, *, events: Made, event_names: tuple[str, ...]) -> Made:
    """One row a case: what is ``said`` of it in the file, the rest from its events."""
    filled, attributes = said.filled, said.names
    derived = told_by_events(said, people="actor" in event_names)
    if not said.told:
        _keep_milestones(connection, derived, events, event_names)
        said.keep(connection)
    chosen = [f"{told(n)} as {sql.name(n)}" for n in derived if n not in attributes]
    chosen += [_checked(filled, n) for n in attributes]
    kept, source = ("view", KEPT) if said.told else ("table", f"milestones join {KEPT} using (case_id)")
    connection.execute(
        f"create or replace temp {kept} {TABLE} as select {LINE}, case_id, {', '.join(chosen)} from {source}"
    )
    items = (*(_changed(filled, name, count) for name, count in said.changed.items()), _alone(connection))
    for table in () if said.told else ("milestones", KEPT):
        forget(connection, table)
    return Made(TABLE, items)


def told_by_events(said: Attributes, *, people: bool) -> dict[str, str]:
    """The columns of cases that follow from events, each with its aggregate; the opening always."""
    known = {**_moments(said.rows), **(PEOPLE if people else {})}
    return {name: how for name, how in known.items() if name == "opened_at" or name not in said.names}


def _keep_milestones(
    connection: Connection, derived: dict[str, str], events: Made, event_names: tuple[str, ...]
) -> None:
    """The table ``milestones``: what the events tell of each case."""
    holder = "coalesce(to_person, actor)" if "to_person" in event_names else "actor"
    holder = holder if "actor" in event_names else "null"
    figures = ", ".join(f"{how} as {told(name)}" for name, how in derived.items())
    connection.execute(
        f"create or replace temp table milestones as select case_id, {figures} "
        f"from (select *, {holder} as holder, {PLACE if events.rows else 'seq'} as place "
        f"from {events.rows or events.table}) group by case_id"
    )


def _moments(rows: Filled) -> dict[str, str]:
    """The moments that the file's events can tell of, each with its aggregate."""
    known = ADDED | {each.type for types in rows.mapping.types.values() for each in types}
    return {
        name: f'{how}("at")' + (f" filter (where type in {sql.texts(types)})" if types else "")
        for name, (how, types) in MOMENTS.items()
        if not types or "type" in rows.names or known.intersection(types)
    }


def _checked(filled: Filled, name: str) -> str:
    """A moment the file states may not come before the derived opening either."""
    quoted = sql.name(name)
    if rules.ORDER["cases"].get(name) != "opened_at" or "opened_at" in filled.names:
        return quoted
    return f"(case when {quoted} >= {told('opened_at')} then {quoted} end) as {quoted}"


def _changed(filled: Filled, name: str, count: int) -> Item:
    expression = filled.mapping.columns.get(name)
    header = filled.mapping.dimensions.get(name) or (next(expression.sources(), name) if expression else name)
    return Item("changed_inside_case", "cases", header, "keep", count)


def _alone(connection: Connection) -> Item:
    """Cases whose events were all refused: without an opening there is no case."""
    count = sql.count(connection, f"select (select count(*) from attributes) - (select count(*) from {TABLE})")
    return Item("case_without_events", "cases", "", "drop", count)
