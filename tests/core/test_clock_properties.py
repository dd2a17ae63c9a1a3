"""Ledgers of random cases: they tile their clock, and count the same minutes as a slow reference."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fuxiao.core.calendar import parse_calendar
from fuxiao.core.clock import (
    CLOCKS,
    RESOLUTION_OWNER,
    RESOLUTION_PERSON,
    Event,
    EventType,
    PauseKind,
    Reason,
    case_history,
    held_seconds,
    run_clock,
)
from fuxiao.core.credit import CreditFacts, credit
from fuxiao.core.worktime import WorkTime
from slow_clock import minutes_not_counted, minutes_with

MONDAY = 1_793_577_600 // 86_400 * 86_400
MINUTES = 3000
WORK = WorkTime(
    parse_calendar({"key": "shop", "zone": "UTC", "week": {"mon-sun": ["08:00-12:00", "13:00-18:00", "22:00-23:00"]}})
)
PEOPLE = st.none() | st.sampled_from(["li", "wang", "zhao"])
EVENTS = st.builds(
    Event,
    at=st.integers(0, MINUTES).map(lambda minute: MONDAY + minute * 60),
    seq=st.integers(1, 99),
    type=st.sampled_from([kind for kind in EventType if kind is not EventType.CREATED]),
    actor=PEOPLE,
    to_person=PEOPLE,
    to_unit=st.none() | st.sampled_from(["desk", "field"]),
    kind=st.none() | st.sampled_from([*PauseKind, "wrong"]),
)
CASES = st.lists(EVENTS, max_size=14, unique_by=lambda event: (event.at, event.seq)).map(
    lambda rows: [Event(at=MONDAY, seq=0, type=EventType.CREATED), *rows]
)
CLOCK_RULES = st.sampled_from(sorted(CLOCKS.values(), key=lambda rule: rule.key))
WHOSEVER_RULES = CLOCK_RULES.filter(lambda rule: not rule.owner_only)
NOW = MONDAY + MINUTES * 60


WORKING = np.array([WORK.business_seconds(t, t + 60) == 60 for t in range(MONDAY, NOW + 60, 60)])


@settings(max_examples=300)
@given(rows=CASES, rule=CLOCK_RULES, live=st.booleans())
def test_a_ledger_tiles_its_clock_and_counts_every_minute_once(rows, rule, live):
    history = case_history(rows)
    ledger = run_clock(history, rule, WORK, as_of=NOW if live else None)
    if ledger is None:
        return
    edges = [ledger.start, *(entry.end for entry in ledger.entries)]
    assert [entry.start for entry in ledger.entries] == edges[:-1]
    assert edges[-1] == ledger.end
    assert all(entry.start < entry.end for entry in ledger.entries)
    reasons = [entry.reason for entry in ledger.entries]
    assert all(a is not b for a, b in pairwise(reasons))
    assert all(entry.seconds == WORK.business_seconds(entry.start, entry.end) for entry in ledger.entries)
    last = (ledger.end - MONDAY) // 60
    counted = WORKING & ~minutes_not_counted(rows, rule, start=MONDAY, minutes=MINUTES)
    if rule.owner_only:
        counted &= minutes_with(history.answerable, rows, start=MONDAY, minutes=MINUTES, until=ledger.end)
    assert ledger.seconds == int(counted[:last].sum()) * 60


@settings(max_examples=200)
@given(rows=CASES, rule=WHOSEVER_RULES)
def test_the_counted_time_is_business_time_less_the_union_of_pauses(rows, rule):
    history = case_history(rows)
    ledger = run_clock(history, rule, WORK)
    if ledger is None:
        return
    kinds = {*rule.pauses, *(["resolved"] if rule.skips_resolved else [])}
    net = WORK.net_seconds(ledger.start, ledger.end, [*history.pauses, *history.resolved_gaps], kinds)
    assert ledger.seconds_of(Reason.COUNTED) == net


@settings(max_examples=200)
@given(rows=CASES)
def test_the_owners_clock_shows_what_the_owner_held_and_never_more_than_the_persons(rows):
    history = case_history(rows)
    owner, person = (run_clock(history, rule, WORK, as_of=NOW) for rule in (RESOLUTION_OWNER, RESOLUTION_PERSON))
    assert owner is not None
    assert person is not None
    assert owner.seconds + owner.seconds_of(Reason.ELSEWHERE) == person.seconds
    if any(hold.person == history.answerable and hold.start <= owner.end for hold in history.holds):
        held = held_seconds(history, RESOLUTION_PERSON, WORK, as_of=NOW)
        assert owner.seconds == held.get(history.answerable, owner.seconds)


@settings(max_examples=200)
@given(rows=CASES)
def test_the_time_people_held_a_case_never_exceeds_its_clock_and_is_shared_out_whole(rows):
    history = case_history(rows)
    held = held_seconds(history, RESOLUTION_PERSON, WORK, as_of=NOW)
    ledger = run_clock(history, RESOLUTION_PERSON, WORK, as_of=NOW)
    assert ledger is not None
    assert sum(held.values()) <= ledger.seconds
    shares = credit("AS", CreditFacts(history=history, held=held)).shares
    assert not shares or sum(shares.values()) == 1
    assert all(share > 0 for share in shares.values())
