"""The set-based facts say the same as core's own history, clocks, service levels and credit, case by case."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from facts_world import CALENDARS, CUT_OFF, SERVICE_LEVELS, add, built, facts, make_home, random_case
from fuxiao.core.calendar import ALWAYS, parse_calendar
from fuxiao.core.clock import (
    DISPATCH,
    FIRST_RESPONSE,
    RESOLUTION,
    RESOLUTION_OWNER,
    RESOLUTION_PERSON,
    CaseHistory,
    ClockRule,
    Event,
    EventType,
    PauseKind,
    case_history,
    held_seconds,
    run_clock,
)
from fuxiao.core.credit import CreditFacts, credit
from fuxiao.core.service_level import Status, outcome
from fuxiao.core.worktime import WorkTime
from fuxiao.datasets.store import Store

WORK = {calendar.key: WorkTime(calendar) for calendar in (parse_calendar(yaml.safe_load(text)) for text in CALENDARS)}

WALL = WorkTime(ALWAYS)


def core_event(row: dict[str, Any]) -> Event:
    return Event(
        at=row["at"], seq=row["seq"], type=EventType(row["type"]), actor=row["actor"], to_person=row["to_person"],
        to_unit=row["to_unit"], kind="wrong" if row["wrong"] else row["kind"],
    )  # fmt: skip


def shown(history: CaseHistory, rule: ClockRule, work: WorkTime) -> int | None:
    """What the stopped clock of a rule shows; ``None`` while it runs or never started."""
    ledger = run_clock(history, rule, work, as_of=CUT_OFF)
    return None if ledger is None or ledger.running else ledger.seconds


def limit(case: dict[str, Any], row: dict[str, Any]) -> tuple[int | None, int | None, WorkTime]:
    if case["case_type"] == "repair" and row["opened_day"] >= 20_540:  # from 2026-03-28
        return None, 1500, WORK["desk"]
    return (15, 240, WORK["night"]) if case["priority"] == "P1" else (45, 600, WORK["desk"])


def kept(history: CaseHistory, rule: ClockRule, work: WorkTime, minutes: int | None) -> tuple[bool | None, int | None]:
    ledger = run_clock(history, rule, work, as_of=CUT_OFF)
    if ledger is None or minutes is None:
        return None, None
    found = outcome(ledger, target_minutes=minutes, warning_share=Decimal("0.8"), work=work)
    return {Status.MET: True, Status.MISSED: False, Status.RUNNING: None}[found.status], found.due_at


@settings(max_examples=3)
@given(seed=st.integers(0, 2**32))
def test_facts_are_what_core_says_of_every_single_case(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    dice = random.Random(seed)
    cases, logs = zip(*(random_case(dice, number) for number in range(400)), strict=True)
    home = make_home(tmp_path_factory.mktemp("home"), calendars=CALENDARS, service_levels=SERVICE_LEVELS)
    with Store.open(home, threads=1) as store:
        add(store, cases=cases, case_events=[event for log in logs for event in log])
        built(store, cut_off=CUT_OFF)
        rows = {row["case_id"]: row for row in facts(store, "cases")}
        shares: dict[str, dict[str, tuple[int, Decimal]]] = {}
        for share in facts(store, "shares"):
            shares.setdefault(share["case_id"], {})[share["person"]] = (share["held"], share["share"])
        transfers = facts(store, "transfers", "case_id", "seq")
    for case, log in zip(cases, logs, strict=True):
        history = case_history(map(core_event, log), as_of=CUT_OFF)
        row = rows[case["case_id"]]
        if history.opened_at is None:
            assert row["answered"] is row["resolved"] is False
            continue
        check_moments(row, history)
        check_clocks(case, row, history)
        check_holding(row, history)
        check_actors(row, history, [event for event in map(core_event, log) if event.at <= CUT_OFF])
        sent = [(t["ax"], t["to_person"], t["wrong"]) for t in transfers if t["case_id"] == case["case_id"]]
        assert sent == [(t.sender, t.to_person, t.wrong) for t in history.transfers]
        if row["resolved"]:
            check_shares(history, limit(case, row)[2], shares.get(case["case_id"], {}))


def check_moments(row: dict[str, Any], history: CaseHistory) -> None:
    assert row["opened_at"] == history.opened_at
    assert row["assigned_at"] == history.assigned_at
    assert row["accepted_at"] == history.accepted_at
    assert row["first_response_at"] == history.first_response_at
    assert row["first_resolved_at"] == history.first_resolved_at
    assert row["resolved_at"] == (None if history.is_open else history.resolved_at)
    assert row["closed_at"] == (None if history.is_open else history.closed_at)
    assert row["reopens"] == len(history.reopened_at)
    assert row["a1"] == next(iter(credit("A1", CreditFacts(history=history)).shares), None)


def check_clocks(case: dict[str, Any], row: dict[str, Any], history: CaseHistory) -> None:
    response_limit, resolution_limit, work = limit(case, row)
    assert row["first_response_business"] == shown(history, FIRST_RESPONSE, work)
    assert row["dispatch_business"] == shown(history, DISPATCH, work)
    assert row["resolution_business"] == shown(history, RESOLUTION, work)
    assert row["own_resolution_business"] == shown(history, RESOLUTION_PERSON, work)
    owned = row["ao"] is not None
    assert row["owner_held_business"] == (shown(history, RESOLUTION_OWNER, work) if owned else None)
    assert row["owner_held_calendar"] == (shown(history, RESOLUTION_OWNER, WALL) if owned else None)
    assert row["first_response_met"] == kept(history, FIRST_RESPONSE, work, response_limit)[0]
    met, due = kept(history, RESOLUTION, work, resolution_limit)
    assert row["resolution_met"] == met
    if resolution_limit is not None and run_clock(history, RESOLUTION, work, as_of=CUT_OFF) is not None:
        assert row["due_at"] == due


def check_holding(row: dict[str, Any], history: CaseHistory) -> None:
    found = credit("AO", CreditFacts(history=history)).shares
    assert row["ao"] == next(iter(found), None)
    assert row["ao_first"] == (history.first_owner if history.first_resolved_at is not None else row["ao"])
    assert row["holders"] == len({hold.person for hold in history.holds if hold.person is not None})
    assert row["transfers"] == len(history.transfers)
    assert row["handoffs"] == max(len(history.units) - 1, 0)
    assert row["ping_pong"] == bool(history.unit_ping_pong or history.person_ping_pong)


def check_actors(row: dict[str, Any], history: CaseHistory, log: list[Event]) -> None:
    assert row["dispatcher"] == (next((e.actor for e in log if e.type is EventType.ASSIGNED), None) or row["a1"])
    ended = CUT_OFF if history.is_open else history.resolved_at or history.ended_at
    assert ended is not None
    starts = [event for event in log if event.type is EventType.PEND_START and event.kind in set(PauseKind)]
    lasted = [
        (min(pause.end or CUT_OFF, ended) - max(pause.start, row["opened_at"]), start.actor)
        for start, pause in zip(starts, history.pauses, strict=True)
        if start.kind == PauseKind.CUSTOMER and start.actor is not None
    ]
    assert row["pauser"] == max((each for each in lasted if each[0] > 0), default=(0, row["ao"]))[1]


def check_shares(history: CaseHistory, work: WorkTime, found: dict[str, tuple[int, Decimal]]) -> None:
    held = held_seconds(history, RESOLUTION_PERSON, work, as_of=CUT_OFF)
    expected = credit("AS", CreditFacts(history=history, held=held)).shares
    assert found.keys() == expected.keys()
    if not expected:
        return
    assert sum(share for _, share in found.values()) == 1
    for person, (seconds, share) in found.items():
        assert seconds == held.get(person, 0)
        assert abs(Fraction(share) - expected[person]) < Fraction(1, 10**9)
