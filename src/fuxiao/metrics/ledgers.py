"""The clock ledger of single cases: every counted, paused and closed interval, as ``core.clock`` tells it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ibis import _

from fuxiao.base.calendars import read_calendars, read_policies
from fuxiao.core.clock import CLOCKS, CaseHistory, Entry, Event, EventType, Ledger, case_history, run_clock
from fuxiao.core.period import local_day
from fuxiao.core.service_level import policy_for
from fuxiao.core.worktime import WorkTime
from fuxiao.datasets.store import Store

MARKS = (
    ("opened_at", EventType.CREATED, None), ("assigned_at", EventType.ASSIGNED, "owner"),
    ("accepted_at", EventType.ACCEPTED, "owner"), ("first_response_at", EventType.RESPONDED, "first_responder"),
    ("resolved_at", EventType.RESOLVED, "owner"), ("reopened_at", EventType.REOPENED, None),
    ("closed_at", EventType.CLOSED, None),
)  # fmt: skip
"""Moments on the case itself stand in for events of a type that the case has none of: column, type, who did it."""
KNOWN = {kind.value: kind for kind in EventType}
"""Types of the log that no clock knows (a contact, an escalation) change nobody's clock, and neither does a template
text: it answers nobody."""


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """One case: its history and the ledgers of its clocks, by rule."""

    case_id: str
    history: CaseHistory
    ledgers: Mapping[str, Ledger]
    calendar: str


def case_clocks(
    store: Store, case_ids: Iterable[str], *, as_of: datetime, clocks: Collection[str] = tuple(CLOCKS)
) -> dict[str, CaseClocks]:
    """The clocks of these cases as of a moment; unknown cases are absent. Two look-ups, however many cases."""
    wanted = sorted(set(case_ids))
    cases = {str(row["case_id"]): row for row in _rows(store, "cases", wanted)}
    events: dict[str, list[Event]] = {case: [] for case in cases}
    for row in _rows(store, "case_events", wanted):
        if row["case_id"] in events:
            events[str(row["case_id"])].append(_event(row))
    calendars = read_calendars(store.home, store.settings)
    policies = read_policies(store.home, calendars)
    works: dict[str, WorkTime] = {}
    found = {}
    for case, row in cases.items():
        day = local_day(int(str(row["opened_at"])), store.settings.zone)
        policy = policy_for(
            policies, on=day, priority=_text(row, "priority"), case_type=_text(row, "case_type"), contract=None
        )
        key = policy.calendar if policy else store.settings.calendar
        work = works.setdefault(key, WorkTime(calendars[key]))
        history = case_history(_whole(events[case], row), as_of=int(as_of.timestamp()))
        ran = {each: run_clock(history, CLOCKS[each], work, as_of=int(as_of.timestamp())) for each in clocks}
        ledgers = {each: ledger for each, ledger in ran.items() if ledger is not None}
        found[case] = CaseClocks(case, history, ledgers, key)
    return found


def abridged(entries: Sequence[Entry], *, most: int) -> tuple[Sequence[Entry], Sequence[Entry], Sequence[Entry]]:
    """The first entries, those in the middle that a page has no room for, and the last few.

    A clock that nothing stopped has a line for every shift of years: nobody reads them, and each costs space.
    """
    if len(entries) <= most:
        return entries, (), ()
    last = most // 4
    return entries[: most - last], entries[most - last : -last], entries[-last:]


def _whole(events: Sequence[Event], case: Mapping[str, object]) -> list[Event]:
    """The events, completed by the moments on the case for types that have none."""
    there = {event.type for event in events}
    made = list(events)
    for column, kind, who in MARKS:
        at = case.get(column)
        if isinstance(at, int) and kind not in there:
            made.append(
                Event(at=at, seq=-1 if kind is EventType.CREATED else len(made), type=kind, actor=_text(case, who))
            )
    return sorted(made, key=lambda event: (event.at, event.seq))


def _event(row: Mapping[str, object]) -> Event:
    return Event(
        at=int(str(row["at"])),
        seq=int(str(row["seq"])),
        type=EventType.OTHER if row.get("template") else KNOWN.get(str(row["type"]), EventType.OTHER),
        actor=_text(row, "actor"),
        to_person=_text(row, "to_person"),
        from_unit=_text(row, "from_unit"),
        to_unit=_text(row, "to_unit"),
        kind=_text(row, "kind"),
    )


def _rows(store: Store, name: str, cases: Sequence[str]) -> list[dict[str, object]]:
    table = store.records(name).filter(_.case_id.isin(cases))
    order = ["case_id", "at", "seq"] if name == "case_events" else ["case_id"]
    rows: list[dict[str, object]] = store.execute(table.order_by(order)).to_pylist()
    return rows


def _text(row: Mapping[str, object], column: str | None) -> str | None:
    value = row.get(column) if column else None
    return None if value is None else str(value)
