"""Service levels: which policy holds, what can be wrong with them, and how a clock stands against its target."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from fuxiao.core.calendar import ALWAYS, parse_calendar
from fuxiao.core.clock import RESOLUTION, Event, EventType, case_history, run_clock
from fuxiao.core.errors import CalculationError, DefinitionError
from fuxiao.core.service_level import Policy, Status, outcome, parse_policies, policy_for, usual_priority
from fuxiao.core.worktime import WorkTime

NOVEMBER = date(2026, 11, 1)
OPEN = WorkTime(ALWAYS)
GOLD = {"key": "gold", "calendar": "always", "contract": "G1", "first_response_minutes": 10}
URGENT = {"key": "urgent", "calendar": "office", "priority": 1, "resolution_minutes": 240}


def policy(key, **more):
    return Policy(key=key, calendar="always", resolution_minutes=60, **more)


def issues(*rows):
    with pytest.raises(DefinitionError) as refusal:
        parse_policies(rows, calendars=["always", "office"])
    return [(issue.where, issue.code) for issue in refusal.value.issues]


def test_policies_are_read_from_plain_data():
    gold, urgent = parse_policies(
        [{**GOLD, "valid_from": "2026-01-01", "warning_share": 0.75}, {**URGENT, "valid_to": NOVEMBER}],
        calendars={"always", "office"},
    )
    assert gold == Policy(
        key="gold",
        calendar="always",
        contract="G1",
        first_response_minutes=10,
        valid_from=date(2026, 1, 1),
        warning_share=Decimal("0.75"),
    )
    assert urgent == Policy(key="urgent", calendar="office", priority="1", resolution_minutes=240, valid_to=NOVEMBER)


@pytest.mark.parametrize(
    ("changes", "where", "code"),
    [
        ({"key": None}, "policies[0].key", "field.missing"),
        ({"calendar": " "}, "policies[0].calendar", "field.missing"),
        ({"calendar": "offise"}, "policies[0].calendar", "calendar.unknown"),
        ({"first_response_minutes": 0}, "policies[0].first_response_minutes", "service_level.minutes_bad"),
        ({"resolution_minutes": 10**18}, "policies[0].resolution_minutes", "service_level.minutes_bad"),
        ({"resolution_minutes": True}, "policies[0].resolution_minutes", "service_level.minutes_bad"),
        ({"resolution_minutes": "4 h"}, "policies[0].resolution_minutes", "service_level.minutes_bad"),
        ({"valid_from": "soon"}, "policies[0].valid_from", "field.date_bad"),
        ({"valid_to": datetime(2026, 1, 1, tzinfo=UTC)}, "policies[0].valid_to", "field.date_bad"),
        ({"valid_from": NOVEMBER, "valid_to": NOVEMBER}, "policies[0]", "span.backwards"),
        ({"warning_share": 0}, "policies[0].warning_share", "service_level.share_bad"),
        ({"warning_share": "1.01"}, "policies[0].warning_share", "service_level.share_bad"),
        ({"warning_share": "NaN"}, "policies[0].warning_share", "service_level.share_bad"),
        ({"warning_share": "most"}, "policies[0].warning_share", "service_level.share_bad"),
        ({"prioritty": 1}, "policies[0].prioritty", "field.unknown"),
    ],
)
def test_what_is_wrong_with_a_policy_is_named(changes, where, code):
    given = {"key": "p", "calendar": "always", "first_response_minutes": 10, "resolution_minutes": 60, **changes}
    assert (where, code) in issues(given)


def test_a_policy_that_promises_nothing_is_named():
    assert issues({"key": "p", "calendar": "always"}) == [("policies[0]", "service_level.promises_nothing")]


def test_policies_with_the_same_selectors_on_a_common_day_are_named():
    later = {**GOLD, "key": "gold-2", "valid_from": NOVEMBER}
    assert issues(GOLD, URGENT, later) == [("policies[2]", "service_level.overlap")]
    assert len(parse_policies([{**GOLD, "valid_to": NOVEMBER}, later], calendars=["always"])) == 2


def test_a_key_may_be_used_again_only_after_its_policy_ended():
    assert issues(GOLD, {**URGENT, "key": "gold"}) == [("policies[1]", "service_level.key_twice")]
    assert parse_policies([{**GOLD, "valid_to": NOVEMBER}, {**GOLD, "valid_from": NOVEMBER}], calendars=["always"])


POLICIES = [
    policy("default"),
    policy("urgent", priority="1"),
    policy("repair", case_type="repair"),
    policy("urgent-repair", priority="1", case_type="repair"),
    policy("gold", contract="G1"),
    policy("old-gold-urgent", contract="G1", priority="1", valid_to=NOVEMBER),
]


@pytest.mark.parametrize(
    ("case", "key"),
    [
        ({}, "default"),
        ({"priority": "2"}, "default"),
        ({"priority": "1"}, "urgent"),
        ({"priority": "2", "case_type": "repair"}, "repair"),
        ({"priority": "1", "case_type": "repair"}, "urgent-repair"),
        ({"priority": "1", "case_type": "repair", "contract": "G1"}, "gold"),
    ],
)
def test_the_most_specific_policy_wins(case, key):
    assert policy_for(POLICIES, on=NOVEMBER, **case).key == key


def test_a_policy_holds_from_its_first_day_to_the_day_before_its_end():
    case = {"priority": "1", "contract": "G1"}
    assert policy_for(POLICIES, on=date(2026, 10, 31), **case).key == "old-gold-urgent"
    assert policy_for(POLICIES, on=NOVEMBER, **case).key == "gold"


def test_a_case_that_no_policy_takes_has_none():
    assert policy_for(POLICIES[1:], on=NOVEMBER, priority="2") is None


def clock(*rows, as_of=None, work=OPEN):
    events = [Event(at=at, seq=seq, type=EventType(kind), kind=more) for seq, (at, kind, more) in enumerate(rows)]
    return run_clock(case_history(events), RESOLUTION, work, as_of=as_of)


def stands(ledger, *, minutes=10, work=OPEN):
    return outcome(ledger, target_minutes=minutes, warning_share=Decimal("0.8"), work=work)


@pytest.mark.parametrize(
    ("now", "status", "warned"),
    [
        (479, Status.RUNNING, False),
        (480, Status.RUNNING, True),
        (600, Status.RUNNING, True),
        (601, Status.MISSED, False),
    ],
)
def test_a_running_clock_warns_and_then_misses(now, status, warned):
    found = stands(clock((0, "created", None), as_of=now))
    assert (found.status, found.warned, found.due_at, found.seconds_left) == (status, warned, 600, 600 - now)


def test_pauses_move_the_due_moment():
    rows = ((0, "created", None), (100, "pend_start", "customer"), (400, "pend_end", "customer"))
    assert stands(clock(*rows, as_of=500)).due_at == 900
    late = stands(clock(*rows, (2000, "resolved", None)))
    assert (late.status, late.due_at, late.seconds_left) == (Status.MISSED, 900, -1100)


def test_while_a_pause_lasts_the_due_moment_moves_on_with_it():
    rows = ((0, "created", None), (100, "pend_start", "customer"))
    assert [stands(clock(*rows, as_of=now)).due_at for now in (100, 200, 5000)] == [600, 700, 5500]


def test_a_stopped_clock_does_not_warn():
    found = stands(clock((0, "created", None), (599, "resolved", None)))
    assert (found.status, found.warned, found.due_at) == (Status.MET, False, 600)


def test_the_due_moment_lies_in_working_time():
    office = WorkTime(parse_calendar({"key": "office", "zone": "UTC", "week": {"mon-fri": ["09:00-18:00"]}}))
    friday = int(datetime(2026, 11, 6, 17, 55, tzinfo=UTC).timestamp())
    ledger = clock((friday, "created", None), as_of=friday + 3600, work=office)
    found = stands(ledger, work=office)
    assert found.due_at == int(datetime(2026, 11, 9, 9, 5, tzinfo=UTC).timestamp())


def test_an_outcome_explains_itself():
    trace = stands(clock((0, "created", None), (601, "resolved", None))).trace
    assert (trace.value, trace.formula, trace.params["due_at"]) == ("missed", "601 > 600", 600)
    assert trace.find("clock.net").value == 601
    assert stands(clock((0, "created", None), (600, "resolved", None))).trace.formula == "600 ≤ 600"


def test_a_ledger_of_another_calendar_is_refused():
    other = WorkTime(parse_calendar({"key": "other", "zone": "UTC", "week": {"mon": ["09:00-18:00"]}}))
    with pytest.raises(CalculationError, match=r"service_level\.calendar_differs"):
        stands(clock((0, "created", None), as_of=5), work=other)


def test_a_case_that_nobody_called_urgent_or_not_has_the_priority_in_the_middle():
    urgent, low = (
        policy("a", priority="P1", first_response_minutes=5),
        policy("b", priority="P3", first_response_minutes=90),
    )
    normal, gold = policy("c", priority="P2", first_response_minutes=60), policy("d", contract="gold", priority="P9")
    assert usual_priority([low, gold, urgent, normal], on=NOVEMBER) == "P2"
    assert usual_priority([urgent, low], on=NOVEMBER) == "P3"
    assert usual_priority([urgent], on=NOVEMBER) is None
    assert usual_priority([urgent, low, policy("all")], on=NOVEMBER) is None
