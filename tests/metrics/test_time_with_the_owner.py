"""The time to resolve of a person is the time the case was with them; that of a unit is the whole time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from facts_world import add, at, built, fact, make_home
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.engine.rows import Scope
from fuxiao.metrics.drill import all_rows
from fuxiao.metrics.ledgers import case_clocks
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, compute_values
from hand_facts import OCTOBER

CUT_OFF = at("2026-11-30 00:00")
HOUR = 3_600
MONDAY = "2026-10-12"


def log(case_id: str, *events: tuple[str, str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"case_id": case_id, "seq": seq, "at": at(f"{MONDAY} {clock}"), "type": kind, **more}
        for seq, (clock, kind, more) in enumerate(events)
    ]


PASSED_ON = log(
    "passed on",
    ("09:00", "created", {}),
    ("10:00", "assigned", {"to_person": "li"}),
    ("13:00", "transferred", {"actor": "li", "to_person": "wang"}),
    ("14:00", "pend_start", {"kind": "parts"}),
    ("16:00", "pend_end", {"kind": "parts"}),
    ("17:00", "resolved", {"actor": "wang"}),
)
"""Eight working hours: one with nobody, three with Li, four with Wang, of which two wait for parts."""
FROM_A_QUEUE = log(
    "from a queue",
    ("09:00", "created", {}),
    ("09:00", "assigned", {"to_person": "li"}),
    ("15:00", "transferred", {"actor": "li", "to_unit": "second line"}),
    ("18:00", "resolved", {"actor": "zhao"}),
)
"""Zhao takes it out of the queue of the second line, and no event says when."""
COLUMNS = [
    {"case_id": "assigned", "opened_at": at(f"{MONDAY} 09:00"), "assigned_at": at(f"{MONDAY} 11:00"),
     "resolved_at": at(f"{MONDAY} 12:00"), "owner": "chen"},
    {"case_id": "opened", "opened_at": at(f"{MONDAY} 09:00"), "resolved_at": at(f"{MONDAY} 11:00"), "owner": "sun"},
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = make_home(tmp_path_factory.mktemp("home"))
    logs = [PASSED_ON, FROM_A_QUEUE]
    cases = [{"case_id": rows[0]["case_id"], "opened_at": rows[0]["at"]} for rows in logs]
    with Store.open(home, threads=1) as made:
        add(made, cases=[*cases, *COLUMNS], case_events=[event for rows in logs for event in rows])
        built(made, cut_off=CUT_OFF)
        yield made


@pytest.mark.parametrize(
    ("case", "owner", "hours"),
    [
        pytest.param("passed on", "wang", 2, id="four hours with Wang, two of them waiting for parts"),
        pytest.param("from a queue", "zhao", 3, id="since the last hand-over, which was to a queue"),
        pytest.param("assigned", "chen", 1, id="no events: since it was assigned"),
        pytest.param("opened", "sun", 2, id="nothing but opening and resolution: since it was opened"),
    ],
)
def test_the_time_with_the_owner_begins_where_the_record_says_that_they_had_it(
    store: Store, case: str, owner: str, hours: int
) -> None:
    found = fact(store, case_id=case)
    assert (found["ao"], found["owner_held_business"]) == (owner, hours * HOUR)
    clocks = case_clocks(store, [case], as_of=datetime.fromtimestamp(CUT_OFF, UTC))
    assert clocks[case].ledgers["resolution_owner"].seconds == hours * HOUR


def test_a_unit_answers_for_the_whole_time_and_a_person_for_theirs(store: Store) -> None:
    def hours(code: str, **by: Any) -> dict[str | None, float]:
        request = Request(
            indicators=built_in().select([code]), first=parse_period("2026-10"), last=parse_period("2026-10"), **by
        )
        return {each.subject: float(each.value) for each in compute_values(store, request, as_of=date(2026, 11, 30))}

    # 8, 9, 3 and 2 hours from the opening on.
    assert hours("TTR", by=("company",)) == {"company": 5.5}
    for code in ("TTR", "TTR_P50", "TTR_P90"):
        assert hours(code, by=("person",)) == {"wang": 2, "zhao": 3, "chen": 1, "sun": 2}


def test_the_rows_under_the_figure_of_a_person_show_the_time_held(store: Store) -> None:
    scope = Scope(by=("person",), first=OCTOBER, last=OCTOBER)
    rows = all_rows(store, built_in().get("TTR"), scope).to_pylist()
    assert {(row["person"], row["case_id"]): int(row["numerator"]) for row in rows} == {
        ("wang", "passed on"): 2 * HOUR, ("zhao", "from a queue"): 3 * HOUR, ("chen", "assigned"): HOUR,
        ("sun", "opened"): 2 * HOUR,
    }  # fmt: skip


def test_in_wall_clock_time_it_is_what_was_held_too(tmp_path: Path) -> None:
    over_night = [{**event, "at": event["at"] + (86_400 if event["type"] == "resolved" else 0)} for event in PASSED_ON]
    with Store.open(make_home(tmp_path / "home"), threads=1) as made:
        add(made, cases=[{"case_id": "passed on", "opened_at": at(f"{MONDAY} 09:00")}], case_events=over_night)
        built(made, cut_off=CUT_OFF)
        found = fact(made, case_id="passed on")
    assert found["owner_held_calendar"] == 26 * HOUR
    assert found["owner_held_business"] == 11 * HOUR
