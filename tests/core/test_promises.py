"""Promises of a case at work: when they are due, when somebody has to look, and who gets the next case."""

from decimal import Decimal

import pytest

from fuxiao.core.assignment import Candidate, least_loaded
from fuxiao.core.calendar import ALWAYS, parse_calendar
from fuxiao.core.case_life import Happened, State, history_of, row_of
from fuxiao.core.clock import PauseKind
from fuxiao.core.errors import InputError
from fuxiao.core.service_level import Policy, Status, promises
from fuxiao.core.worktime import WorkTime

MONDAY = 1_793_577_600 // 86_400 * 86_400
WORK = WorkTime(ALWAYS)
SHOP = WorkTime(parse_calendar({"key": "shop", "zone": "UTC", "week": {"mon-sun": ["08:00-18:00"]}}))
POLICY = Policy(key="p", calendar="always", first_response_minutes=10, resolution_minutes=100)


def at(minute):
    return MONDAY + minute * 60


def event(type_, minute, **more):
    return Happened(type=type_, at=at(minute), actor="li", **more)


def made(*events, now, policy=POLICY, work=WORK, is_open=True):
    found = promises(history_of(events), policy, work, as_of=at(now), is_open=is_open)
    return {each.clock: each for each in found}


def test_a_running_promise_says_when_it_is_due_and_when_to_warn():
    first, resolution = made(event("created", 0), now=1).values()
    assert (first.outcome.due_at, first.look_at, first.runs) == (at(10), at(8), True)
    assert (resolution.outcome.due_at, resolution.look_at) == (at(100), at(80))


def test_after_the_warning_the_next_look_is_the_first_second_past_the_target():
    assert made(event("created", 0), now=9)["first_response"].look_at == at(10) + 1
    assert made(event("created", 0), now=10)["first_response"].outcome.status is Status.RUNNING
    late = made(event("created", 0), now=11)["first_response"]
    assert (late.is_missed, late.look_at) == (True, None)


def test_exactly_on_target_at_closing_time_the_next_look_is_after_the_next_opening():
    policy = Policy(key="p", calendar="shop", resolution_minutes=60)
    found = made(event("created", 17 * 60), now=18 * 60, policy=policy, work=SHOP)["resolution"]
    assert found.look_at == at(24 * 60 + 8 * 60) + 1


def test_a_promise_stands_while_its_pause_lasts_and_a_kept_one_runs_no_more():
    paused = made(event("created", 0), event("responded", 5), event("pend_start", 6, kind=PauseKind.CUSTOMER), now=50)
    assert (paused["resolution"].stands, paused["resolution"].look_at) == (True, None)
    assert (paused["first_response"].runs, paused["first_response"].outcome.status) == (False, Status.MET)
    parts = made(event("created", 0), event("pend_start", 6, kind=PauseKind.PARTS), now=50)
    assert not parts["resolution"].stands


def test_nothing_runs_on_a_case_that_is_over_and_nothing_is_promised_without_a_target():
    assert not made(event("created", 0), now=5, is_open=False)["resolution"].runs
    only = Policy(key="p", calendar="always", resolution_minutes=9, warning_share=Decimal(1))
    assert list(made(event("created", 0), now=5, policy=only)) == ["resolution"]
    assert made(now=5) == {}


def test_the_row_is_what_the_events_add_up_to():
    row = row_of([
        event("created", 0, to_unit="desk"), event("accepted", 2), event("responded", 3), event("resolved", 9),
    ])  # fmt: skip
    assert (row.state, row.owner, row.unit, row.resolved_at, row.events) == (
        State.RESOLVED, "li", "desk", at(9), 4,
    )  # fmt: skip
    again = row_of([event("created", 0), event("accepted", 2), event("resolved", 9), event("reopened", 12)])
    assert (again.resolved_at, again.reopened, again.state) == (None, 1, State.ASSIGNED)
    assert row_of([event("created", 0), event("cancelled", 4)]).cancelled_at == at(4)
    for nothing in ([], [event("accepted", 2)]):
        with pytest.raises(InputError):
            row_of(nothing)


def test_the_next_case_goes_to_whoever_fits_and_has_least_then_waited_longest():
    li, wang = Candidate(person="li", load=2, newest=5), Candidate(person="wang", load=2, newest=3)
    assert least_loaded([li, wang]) == wang
    assert (
        least_loaded([li, Candidate(person="he", load=0, present=False), Candidate(person="xu", load=0, able=False)])
        == li
    )
    assert least_loaded([]) is None
