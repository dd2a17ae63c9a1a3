"""Where the time of cases went: every second is charged once, to who could have shortened it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from facts_world import add, at, built, make_home
from fuxiao.core.clock import Reason
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.metrics.ledgers import case_clocks
from fuxiao.performance.process.charged import Cause, TimeSpent, Whose, by_person, charged_cases, time_spent
from fuxiao.performance.window import window_of

MARCH = window_of(parse_period("2026-03"))
HOUR = 3600
PEOPLE = {"ann": "north", "amy": "north", "bo": "south", "cy": "desk"}
Step = tuple[str, str, str | None]
CASES: dict[str, Sequence[Step]] = {
    # An hour until somebody has it, an hour with Ann, two for the customer, one for parts, an hour with Ann.
    "C1": (("09:00", "created", None), ("10:00", "assigned", "ann"), ("11:00", "pend_start", "customer"),
           ("13:00", "pend_end", "customer"), ("13:00", "pend_start", "parts"), ("14:00", "pend_end", "parts"),
           ("15:00", "resolved", None)),
    # Bo has it for three hours before he passes it to Ann; Amy has it for one on the way.
    "C2": (("09:00", "created", None), ("09:00", "assigned", "bo"), ("12:00", "assigned", "amy"),
           ("13:00", "assigned", "ann"), ("15:00", "resolved", None)),
    # Said to be resolved at ten, reopened at twelve.
    "C3": (("09:00", "created", None), ("09:00", "assigned", "ann"), ("10:00", "resolved", None),
           ("12:00", "reopened", None), ("13:00", "resolved", None)),
    # Nobody handed it out: whoever resolved it had it from the beginning.
    "C5": (("09:00", "created", None), ("11:00", "resolved", None)),
    "C4": (("09:00", "created", None), ("09:00", "assigned", "bo"), ("11:00", "resolved", None)),
}  # fmt: skip


def events_of(case: str) -> Iterator[dict[str, Any]]:
    holder: str | None = "cy" if case == "C5" else None
    for seq, (clock, kind, who) in enumerate(CASES[case]):
        holder = who if kind == "assigned" else holder
        yield {
            "case_id": case, "seq": seq, "at": at(f"2026-03-02 {clock}"), "type": kind, "actor": holder,
            "to_person": who if kind == "assigned" else None, "kind": who if kind.startswith("pend") else None,
        }  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = make_home(tmp_path_factory.mktemp("time") / "home", settings='calendar = "always"\n', calendars=())
    opened = Store.open(home, threads=1)
    rows = [{"case_id": case, "opened_at": at("2026-03-02 09:00")} for case in CASES]
    members = [{"person": p, "team": team, "role": "any", "valid_from": 0} for p, team in PEOPLE.items()]
    teams = [{"team": team, "parent": None, "name": team} for team in ("north", "south", "desk")]
    add(opened, cases=rows, case_events=[event for case in CASES for event in events_of(case)], memberships=members,
        teams=teams)  # fmt: skip
    built(opened, cut_off=at("2026-04-02 09:00"))
    yield opened
    opened.close()


def hours(found: TimeSpent) -> dict[tuple[str, str], float]:
    return {(str(each.cause), each.owner): each.seconds / HOUR for each in found.charges}


def test_a_persons_time_is_told_apart_from_that_of_everybody_else(store: Store) -> None:
    found = time_spent(store, MARCH, Whose(person="ann"))
    assert hours(found) == {
        ("own", ""): 6, ("unit", "south"): 3, ("customer", ""): 2, ("at_rest", ""): 2, ("parts", ""): 1,
        ("colleagues", ""): 1, ("queue", ""): 1,
    }  # fmt: skip
    assert (found.cases, found.seconds, found.of(Cause.OWN)) == (3, 16 * HOUR, 6 * HOUR)
    assert sum(each.share for each in found.charges) == 1
    assert found.share(Cause.OWN) * 16 == 6


def test_for_the_team_a_colleagues_time_is_its_own(store: Store) -> None:
    found = hours(time_spent(store, MARCH, Whose(units=frozenset({"north"}))))
    assert (found["own", ""], found["unit", "south"]) == (7, 3)
    assert ("colleagues", "") not in found


def test_the_company_has_no_other_units_each_team_is_named(store: Store) -> None:
    found = hours(time_spent(store, MARCH, Whose()))
    assert (found["unit", "north"], found["unit", "south"], found["unit", "desk"]) == (7, 5, 2)


def test_each_owner_by_itself_adds_up_to_the_whole(store: Store) -> None:
    found = by_person(store, MARCH, Whose())
    assert {person: each.cases for person, each in found.items()} == {"ann": 3, "bo": 1, "cy": 1}
    assert hours(found["bo"]) == hours(found["cy"]) == {("own", ""): 2}
    assert hours(found["ann"]) == hours(time_spent(store, MARCH, Whose(person="ann")))
    assert sum(each.seconds for each in found.values()) == time_spent(store, MARCH, Whose()).seconds


def test_the_cases_under_a_charge_add_up_to_it_the_longest_first(store: Store) -> None:
    found = charged_cases(store, MARCH, Whose(person="ann"), cause=Cause.OWN)
    assert found.rows == [("C1", 2 * HOUR), ("C2", 2 * HOUR), ("C3", 2 * HOUR)]
    assert (found.total, found.seconds) == (3, 6 * HOUR)
    second = charged_cases(store, MARCH, Whose(person="ann"), cause=Cause.OWN, offset=1, limit=1)
    assert (second.rows, second.total) == ([("C2", 2 * HOUR)], 3)
    south = charged_cases(store, MARCH, Whose(person="ann"), cause=Cause.UNIT, owner="south")
    assert south.rows == [("C2", 3 * HOUR)]


def test_what_is_charged_is_what_the_clock_ledger_of_the_cases_says(store: Store) -> None:
    clocks = case_clocks(store, CASES, as_of=datetime(2026, 4, 2, tzinfo=UTC), clocks=("resolution_person",))
    found = time_spent(store, MARCH, Whose())
    ledgers = [clocks[case].ledgers["resolution_person"] for case in CASES]
    for cause, reason in (
        (Cause.CUSTOMER, Reason.CUSTOMER),
        (Cause.PARTS, Reason.PARTS),
        (Cause.AT_REST, Reason.RESOLVED),
    ):
        assert found.of(cause) == sum(ledger.seconds_of(reason) for ledger in ledgers)
    counted = sum(ledger.seconds for ledger in ledgers)
    assert found.of(Cause.UNIT) + found.of(Cause.QUEUE) == counted


def test_a_month_without_resolved_cases_has_no_time(store: Store) -> None:
    found = time_spent(store, window_of(parse_period("2026-01")), Whose())
    assert (found.cases, found.seconds, found.charges, found.share(Cause.OWN)) == (0, 0, (), 0)
    assert by_person(store, window_of(parse_period("2026-01")), Whose()) == {}
    assert found.trace.value == 0


def test_a_case_without_events_is_its_owners_since_it_was_handed_out(tmp_path) -> None:
    """One that an import tells the owner and the assignment of, at ten, and no more; another was never assigned."""
    home = make_home(tmp_path / "home", settings='calendar = "always"\n', calendars=())
    told = {"opened_at": at("2026-03-02 09:00"), "resolved_at": at("2026-03-02 14:00"), "owner": "ann"}
    rows = [{"case_id": "A", "assigned_at": at("2026-03-02 10:00"), **told}, {"case_id": "B", **told}]
    with Store.open(home, threads=1) as opened:
        add(opened, cases=rows)
        built(opened, cut_off=at("2026-04-02 09:00"))
        found = time_spent(opened, MARCH, Whose(person="ann"))
        assert hours(found) == {("own", ""): 9, ("queue", ""): 1}
        assert charged_cases(opened, MARCH, Whose(person="ann"), cause=Cause.QUEUE).rows == [("A", HOUR)]
