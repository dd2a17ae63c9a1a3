"""Figures that count for whoever did it: who assigned, who let it wait, who picked, who made the diagnosis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from facts_world import add, at, built, make_home
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, compute_values

CUT_OFF = at("2026-11-30 00:00")


def moment(clock: str) -> int:
    return at(f"2026-10-12 {clock}")


def case(case_id: str, *events: tuple[str, str, dict[str, Any]], **columns: Any) -> dict[str, Any]:
    log = [
        {"case_id": case_id, "seq": seq, "at": moment(clock), "type": kind, **more}
        for seq, (clock, kind, more) in enumerate(events)
    ]
    return {"case": {"case_id": case_id, "opened_at": moment("09:00"), **columns}, "log": log}


CUSTOMER = {"kind": "customer"}
LOGS = [
    case(
        "late",
        ("09:00", "created", {}),
        ("09:30", "responded", {"actor": "desk"}),
        ("11:30", "assigned", {"actor": "dispatcher", "to_person": "li"}),
        ("12:00", "pend_start", {**CUSTOMER, "actor": "desk"}),
        ("12:30", "pend_end", CUSTOMER),
        ("13:00", "pend_start", {**CUSTOMER, "actor": "li"}),
        ("17:00", "pend_end", CUSTOMER),
        ("18:00", "resolved", {"actor": "li"}),
    ),
    case(
        "in time",
        ("09:00", "created", {}),
        ("09:30", "responded", {"actor": "desk"}),
        ("10:00", "assigned", {"actor": "dispatcher", "to_person": "wang"}),
        ("12:00", "resolved", {"actor": "wang"}),
    ),
    case(
        "by itself",
        ("09:00", "created", {}),
        ("09:30", "responded", {"actor": "desk"}),
        ("10:00", "assigned", {"to_person": "wang"}),
        ("12:00", "resolved", {"actor": "wang"}),
    ),
]
"""In the last one the record does not say who assigned it."""


def visit(case_id: str, engineer: str, outcome: str, **more: str) -> dict[str, Any]:
    return {"case_id": case_id, "visit_no": 1, "engineer": engineer, "arrived_at": moment("11:00"),
            "outcome": outcome, **more}  # fmt: skip


VISITS = [
    visit("late", "li", "wrong_diagnosis", diagnosed_by="desk"),
    visit("in time", "wang", "fixed", diagnosed_by="desk"),
    visit("by itself", "wang", "no_fault_found"),
]


def line(line_id: str, correct: bool | None, reason: str | None = None, diagnosed_by: str | None = None) -> Any:
    return {"line_id": line_id, "part_no": "P", "requested_at": moment("11:00"), "requested_by": "li",
            "issued_at": moment("12:00"), "picker": "store", "correct": correct, "wrong_reason": reason,
            "diagnosed_by": diagnosed_by}  # fmt: skip


LINES = [
    line("1", True), line("2", True), line("3", False, "picking"), line("4", False),
    line("5", False, "request"), line("6", False, "request", "desk"), line("7", None, "request"),
]  # fmt: skip
"""Two were right, two were picked wrong (one without a reason), two were asked for wrong, one was not checked."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(make_home(tmp_path_factory.mktemp("home")), threads=1) as made:
        events = [event for each in LOGS for event in each["log"]]
        add(made, cases=[each["case"] for each in LOGS], case_events=events, visits=VISITS, part_lines=LINES)
        built(made, cut_off=CUT_OFF)
        yield made


def fractions(store: Store, code: str, by: str = "person") -> Mapping[str | None, tuple[int, int]]:
    month = parse_period("2026-10")
    request = Request(indicators=built_in().select([code]), first=month, last=month, by=(by,))
    found = compute_values(store, request, as_of=date(2026, 11, 30))
    return {each.subject: (int(each.numerator), int(each.denominator)) for each in found}


def test_dispatch_in_time_counts_for_whoever_assigned_and_without_a_name_for_the_first_responder(store: Store) -> None:
    assert fractions(store, "DSP") == {"dispatcher": (1, 2), "desk": (1, 1)}


def test_the_wait_for_the_customer_counts_for_whoever_set_the_longest_pause(store: Store) -> None:
    # Four hours and a half of nine, of which four were set by Li; Wang never let anything wait.
    assert fractions(store, "PND") == {"li": (16_200, 32_400), "wang": (0, 21_600)}


def test_a_wrong_diagnosis_counts_for_who_made_it_and_not_for_who_had_to_drive(store: Store) -> None:
    assert fractions(store, "NFF") == {"desk": (1, 2), "wang": (1, 1)}


def test_the_picker_is_charged_with_what_was_picked_wrong_and_not_with_what_was_asked_for_wrong(store: Store) -> None:
    assert fractions(store, "WPR") == {"store": (2, 6)}
    assert fractions(store, "WPR", by="company") == {"company": (4, 6)}


def test_a_wrong_request_counts_for_the_diagnosis_and_without_a_name_for_who_asked(store: Store) -> None:
    assert fractions(store, "WRQ") == {"li": (1, 5), "desk": (1, 1)}


def test_without_events_the_column_says_who_assigned(tmp_path_factory: pytest.TempPathFactory) -> None:
    columns = {"opened_at": moment("09:00"), "assigned_at": moment("10:00"), "first_responder": "desk"}
    cases = [{"case_id": "A", "assigned_by": "dispatcher", **columns}, {"case_id": "B", **columns}]
    with Store.open(make_home(tmp_path_factory.mktemp("home")), threads=1) as made:
        add(made, cases=cases, visits=[visit(each["case_id"], "li", "fixed") for each in cases])
        built(made, cut_off=CUT_OFF)
        assert fractions(made, "DSP") == {"dispatcher": (1, 1), "desk": (1, 1)}
