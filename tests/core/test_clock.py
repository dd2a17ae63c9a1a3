"""The history of a case and its clocks."""

from datetime import UTC, datetime

import pytest

from fuxiao.core.calendar import ALWAYS, parse_calendar
from fuxiao.core.clock import (
    ACKNOWLEDGEMENT,
    DISPATCH,
    FIRST_RESPONSE,
    RESOLUTION,
    RESOLUTION_OWNER,
    RESOLUTION_PERSON,
    Event,
    EventType,
    Hold,
    Reason,
    Transfer,
    case_history,
    held_seconds,
    run_clock,
)
from fuxiao.core.worktime import Pause, WorkTime

OPEN = WorkTime(ALWAYS)


def events(*rows):
    """Events from ``(at, type, {more})``, numbered in the order given."""
    return [
        Event(at=row[0], seq=seq, type=EventType(row[1]), **(row[2] if len(row) > 2 else {}))
        for seq, row in enumerate(rows)
    ]


def history(*rows, as_of=None):
    return case_history(events(*rows), as_of=as_of)


def entries(ledger):
    return [(entry.start, entry.end, str(entry.reason)) for entry in ledger.entries]


LIFE = (
    (100, "created"),
    (110, "assigned", {"actor": "dispatcher", "to_person": "li", "to_unit": "desk"}),
    (120, "accepted", {"actor": "li"}),
    (130, "responded", {"actor": "li"}),
    (
        140,
        "transferred",
        {"actor": "li", "to_person": "wang", "from_unit": "desk", "to_unit": "field", "kind": "wrong"},
    ),
    (150, "responded", {"actor": "wang"}),
    (160, "resolved", {"actor": "clerk"}),
    (170, "closed"),
    (180, "reopened"),
    (190, "transferred", {"to_person": "li", "to_unit": "desk"}),
    (200, "resolved", {"actor": "li"}),
    (210, "closed"),
)


def test_a_history_tells_the_moments_of_a_case():
    found = history(*LIFE)
    assert (found.opened_at, found.assigned_at, found.accepted_at) == (100, 110, 120)
    assert (found.first_response_at, found.first_responder) == (130, "li")
    assert (found.first_resolved_at, found.resolved_at, found.closed_at, found.ended_at) == (160, 200, 210, 200)
    assert found.reopened_at == (180,)
    assert not found.is_open


def test_the_owner_is_the_holder_at_the_resolve_and_not_who_pressed_the_button():
    found = history(*LIFE)
    assert (found.first_owner, found.owner, found.owner_unit) == ("wang", "li", "desk")


def test_without_a_holder_who_resolved_is_the_owner():
    assert history((0, "created"), (5, "resolved", {"actor": "li"})).owner == "li"


def test_a_history_tells_who_held_the_case_when():
    assert history(*LIFE).holds == (
        Hold("li", "desk", 110, 140),
        Hold("wang", "field", 140, 190),
        Hold("li", "desk", 190, None),
    )


def test_a_holder_is_named_by_the_event_or_else_its_actor_and_the_unit_stays():
    found = history(
        (0, "assigned", {"actor": "li", "to_unit": "desk"}), (1, "transferred", {"actor": "li", "to_person": "wang"})
    )
    assert found.holds == (Hold("li", "desk", 0, 1), Hold("wang", "desk", 1, None))
    assert found.holder == "wang"


def test_a_case_can_lie_with_a_unit_alone():
    found = history((0, "transferred", {"to_unit": "field"}), (5, "accepted", {"actor": "wang"}))
    assert found.holds == (Hold(None, "field", 0, 5), Hold("wang", "field", 5, None))
    assert (found.units, found.persons) == (("field",), ("wang",))


def test_a_transfer_keeps_its_sender_and_the_verdict_of_a_review():
    assert history(*LIFE).transfers == (
        Transfer(140, "li", "desk", "wang", "field", wrong=True),
        Transfer(190, None, None, "li", "desk", wrong=False),
    )


def test_a_case_that_comes_straight_back_is_ping_pong_for_units_and_persons():
    found = history(*LIFE)
    assert found.unit_ping_pong == (("desk", "field"),)
    assert found.person_ping_pong == (("li", "wang"),)


def test_without_events_nothing_is_known():
    found = history()
    assert (found.opened_at, found.owner, found.owner_unit, found.holder) == (None, None, None, None)
    assert (found.holds, found.transfers, found.pauses, found.is_open) == ((), (), (), False)


def test_the_order_of_rows_does_not_matter_and_equal_moments_go_by_number():
    rows = events((0, "created"), (5, "resolved", {"actor": "li"}), (5, "reopened"), (5, "resolved", {"actor": "wang"}))
    assert case_history(rows[::-1]) == case_history(rows)
    assert case_history(rows).owner == "wang"


def test_a_history_as_of_a_moment_knows_nothing_later():
    found = history(*LIFE, as_of=159)
    assert (found.resolved_at, found.closed_at, found.reopened_at, found.is_open) == (None, None, (), True)


@pytest.mark.parametrize(
    ("rows", "is_open", "ended_at"),
    [
        ([(0, "created")], True, None),
        ([(0, "created"), (5, "closed")], False, 5),
        ([(0, "created"), (5, "merged")], False, 5),
        ([(0, "created"), (5, "resolved"), (7, "closed")], False, 5),
        ([(0, "created"), (5, "resolved"), (7, "reopened")], True, None),
        ([(0, "created"), (5, "other"), (6, "visit_start"), (7, "visit_end"), (8, "recoded")], True, None),
    ],
)
def test_a_case_is_open_until_it_is_resolved_closed_or_merged(rows, is_open, ended_at):
    found = history(*rows)
    assert (found.is_open, found.ended_at) == (is_open, ended_at)


@pytest.mark.parametrize("kind", ["customer", None])
def test_a_pause_ends_with_the_next_end_of_its_kind_or_of_none(kind):
    found = history(
        (0, "pend_start", {"kind": "customer"}), (5, "pend_end", {"kind": "parts"}), (9, "pend_end", {"kind": kind})
    )
    assert found.pauses == (Pause("customer", 0, 9),)


def test_a_pause_of_unknown_kind_pauses_nothing():
    assert history((0, "pend_start", {"kind": "coffee"}), (1, "pend_start")).pauses == ()


def test_each_clock_has_its_own_end():
    found = history(*LIFE)
    lengths = {rule.key: run_clock(found, rule, OPEN).seconds for rule in (DISPATCH, ACKNOWLEDGEMENT, FIRST_RESPONSE)}
    assert lengths == {"dispatch": 10, "acknowledgement": 20, "first_response": 30}


def test_the_resolution_clock_ends_at_the_last_resolve_without_the_time_resolved():
    ledger = run_clock(history(*LIFE), RESOLUTION, OPEN)
    assert entries(ledger) == [(100, 160, "counted"), (160, 180, "resolved"), (180, 200, "counted")]
    assert (ledger.seconds, ledger.seconds_of(Reason.RESOLVED), ledger.running) == (80, 20, False)


def test_resolving_twice_without_reopening_adds_nothing():
    ledger = run_clock(history((0, "created"), (5, "resolved"), (9, "resolved")), RESOLUTION, OPEN)
    assert entries(ledger) == [(0, 5, "counted"), (5, 9, "resolved")]


def test_a_response_after_the_resolve_is_measured_to_the_response():
    found = history((0, "created"), (5, "resolved"), (9, "reopened"), (12, "responded"))
    assert run_clock(found, FIRST_RESPONSE, OPEN).seconds == 12


def test_where_pauses_overlap_the_customer_is_named_first():
    rows = (
        (0, "created"),
        (10, "pend_start", {"kind": "third_party"}),
        (20, "pend_start", {"kind": "parts"}),
        (30, "pend_start", {"kind": "customer"}),
        (40, "pend_end", {"kind": "customer"}),
        (50, "pend_end", {"kind": "parts"}),
        (60, "pend_end", {"kind": "third_party"}),
        (70, "resolved"),
    )
    assert entries(run_clock(history(*rows), RESOLUTION_PERSON, OPEN)) == [
        (0, 10, "counted"),
        (10, 20, "paused:third_party"),
        (20, 30, "paused:parts"),
        (30, 40, "paused:customer"),
        (40, 50, "paused:parts"),
        (50, 60, "paused:third_party"),
        (60, 70, "counted"),
    ]
    assert entries(run_clock(history(*rows), RESOLUTION, OPEN)) == [
        (0, 30, "counted"),
        (30, 40, "paused:customer"),
        (40, 70, "counted"),
    ]


def test_each_entry_names_the_definition_that_decided():
    ledger = run_clock(
        history((0, "created"), (10, "pend_start", {"kind": "customer"}), (20, "resolved")), RESOLUTION, OPEN
    )
    assert [entry.rule for entry in ledger.entries] == ["calendar:always", "clock:resolution"]


def test_a_clock_without_a_start_or_an_end_or_with_a_backward_end_has_no_ledger():
    assert run_clock(history((5, "resolved")), RESOLUTION, OPEN) is None
    assert run_clock(history((5, "created")), RESOLUTION, OPEN) is None
    assert run_clock(history((5, "created"), (3, "responded")), FIRST_RESPONSE, OPEN) is None


def test_a_clock_that_stops_at_once_has_an_empty_ledger():
    ledger = run_clock(history((5, "created"), (5, "responded")), FIRST_RESPONSE, OPEN)
    assert (ledger.entries, ledger.seconds) == ((), 0)


def test_a_running_clock_goes_up_to_the_moment_given():
    ledger = run_clock(history((0, "created"), as_of=30), RESOLUTION, OPEN, as_of=30)
    assert (ledger.seconds, ledger.running) == (30, True)


def test_a_stopped_clock_does_not_run_on():
    ledger = run_clock(history(*LIFE), RESOLUTION, OPEN, as_of=500)
    assert (ledger.end, ledger.running) == (200, False)


def test_the_clock_of_a_case_that_is_open_again_runs_on_from_the_reopening():
    found = history(*LIFE, as_of=195)
    live = run_clock(found, RESOLUTION, OPEN, as_of=195)
    assert (live.seconds, live.running) == (75, True)
    settled = run_clock(found, RESOLUTION, OPEN)
    assert (settled.seconds, settled.running) == (60, False)


def test_a_case_merged_away_stops_its_clocks_unfinished():
    ledger = run_clock(history((0, "created"), (20, "merged")), FIRST_RESPONSE, OPEN, as_of=500)
    assert (ledger.end, ledger.running) == (20, True)


def over_a_weekend(*, pause_minutes):
    """Opened Friday 17:30, paused for the customer from Monday 09:10, resolved Monday 10:00."""
    monday = 63 * 60
    rows = [(0, "created"), (monday + 40, "pend_start", {"kind": "customer"})]
    rows += [(monday + 40 + pause_minutes, "pend_end"), (monday + 90, "resolved")]
    opened = int(datetime(2026, 11, 6, 17, 30, tzinfo=UTC).timestamp())
    return history(*((opened + minute * 60, *more) for minute, *more in rows))


@pytest.mark.parametrize(("pause", "value", "formula"), [(0, 5400, "5400"), (10, 4800, "5400 − 600")])
def test_a_ledger_explains_its_seconds(pause, value, formula):
    office = parse_calendar({"key": "office", "zone": "UTC", "week": {"mon-fri": ["09:00-18:00"]}})
    trace = run_clock(over_a_weekend(pause_minutes=pause), RESOLUTION, WorkTime(office)).trace()
    assert (trace.code, trace.value, trace.formula) == ("clock.net", value, formula)
    assert [below.params.get("reason") for below in trace.inputs] == [None, "paused:customer"][: 1 + bool(pause)]


def test_time_held_leaves_out_pauses_and_units():
    found = history(
        (0, "created"),
        (10, "assigned", {"actor": "li"}),
        (20, "pend_start", {"kind": "parts"}),
        (30, "pend_end", {"kind": "parts"}),
        (40, "transferred", {"to_unit": "field", "to_person": "wang"}),
        (70, "resolved"),
        (80, "accepted", {"actor": "late"}),
    )
    assert held_seconds(found, RESOLUTION_PERSON, OPEN) == {"li": 20, "wang": 30, "late": 0}
    assert held_seconds(found, RESOLUTION, OPEN) == {"li": 30, "wang": 30, "late": 0}


def test_time_held_by_a_unit_alone_belongs_to_no_one():
    found = history(
        (0, "created"), (0, "transferred", {"to_unit": "field"}), (5, "accepted", {"actor": "li"}), (9, "resolved")
    )
    assert held_seconds(found, RESOLUTION, OPEN) == {"li": 4}


def test_time_held_while_the_clock_runs_goes_up_to_the_moment_given():
    found = history((0, "created"), (5, "assigned", {"actor": "li"}))
    assert held_seconds(found, RESOLUTION, OPEN) == {}
    assert held_seconds(found, RESOLUTION, OPEN, as_of=20) == {"li": 15}


def test_the_owners_clock_counts_what_they_held_and_says_where_the_rest_went():
    found = history(
        (0, "created"),
        (10, "assigned", {"actor": "li"}),
        (40, "transferred", {"to_unit": "field", "to_person": "wang"}),
        (50, "pend_start", {"kind": "parts"}),
        (60, "pend_end", {"kind": "parts"}),
        (70, "resolved", {"actor": "wang"}),
    )
    assert entries(run_clock(found, RESOLUTION_OWNER, OPEN)) == [
        (0, 40, "elsewhere"), (40, 50, "counted"), (50, 60, "paused:parts"), (60, 70, "counted"),
    ]  # fmt: skip


def test_a_case_that_came_back_counts_both_times_with_the_owner():
    found = history(
        (0, "created"),
        (10, "assigned", {"to_person": "li"}),
        (30, "transferred", {"to_person": "wang"}),
        (70, "transferred", {"to_person": "li"}),
        (75, "resolved", {"actor": "li"}),
    )
    assert run_clock(found, RESOLUTION_OWNER, OPEN).seconds == 25


@pytest.mark.parametrize(
    ("handed", "held"),
    [
        pytest.param([], 90, id="nobody ever held it: since the opening"),
        pytest.param([(20, "transferred", {"to_unit": "field"})], 70, id="out of a queue: since it came there"),
        pytest.param(
            [(20, "assigned", {"to_person": "li"}), (60, "transferred", {"to_unit": "field"})], 30,
            id="out of a second queue: the time of who had it before is not theirs",
        ),
    ],
)  # fmt: skip
def test_who_resolves_a_case_that_the_record_never_gave_them_has_had_it_since_the_last_hand_over(handed, held):
    found = history((0, "created"), *handed, (90, "resolved", {"actor": "wang"}))
    assert found.owner == "wang"
    assert run_clock(found, RESOLUTION_OWNER, OPEN).seconds == held
