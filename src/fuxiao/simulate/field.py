"""The field: dispatch, appointments, visits one after the other through each engineer's day, parts in between."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fuxiao.simulate import log as act
from fuxiao.simulate.arrays import (
    DAY,
    HOUR,
    MINUTE,
    NONE,
    Flags,
    Ints,
    lognormal_seconds,
    logit_shift,
    rank_in_group,
    sum_in_group,
)
from fuxiao.simulate.cases import REPAIR, URGENT, Cases
from fuxiao.simulate.catalogue import FIX_CHANCE, STANDARD_MINUTES
from fuxiao.simulate.company import DISPATCH, FIELD
from fuxiao.simulate.log import Log
from fuxiao.simulate.parts import PartLines, order_parts, van_parts
from fuxiao.simulate.roster import FAR, FIELD_HOURS, Duty
from fuxiao.simulate.world import World, hashed, promised_seconds

FIXED, PARTS_NEEDED, WRONG_DIAGNOSIS, NO_FAULT, NO_ACCESS, REFUSED = range(6)
OUTCOMES = ("修复", "缺件", "误判", "无故障", "客户不在", "客户拒修")
ROUNDS = 4
LAST_START, LATEST_ARRIVAL, DAY_ENDS = 17 * HOUR, 18 * HOUR + 1800, 17 * HOUR
SLACK = 1.6
"""Dispatch leaves up to so much more time between visits than they are expected to take."""
HELD_UP = 0.06
"""Chance of traffic or of a visit before that took too long."""
ATTEMPTS = 30
HALF_HOUR = 1800
FAR_APART = 10**9
"""Keeps the days of one sweep apart: more seconds than all visits of a batch take together."""
WINDOW = 2 * HOUR
FULL_MINUTES = 420
"""Minutes of visits that dispatch plans for an engineer's day; more go to the day after."""
PLANNED_AHEAD = 10
"""Days that are looked through for a free hour of the same engineer."""
BETTER, WORSE = 1.15, -0.95
"""Log-odds by which the better engineer fixes more at a visit, and the worse one less."""
PICK_CHANCE, PICK_CHANCE_PLANTED = 0.18, (0.80, 0.18, 0.06)
PICK_SHARE_PLANTED = (0.26, 0.07, 0.03)
"""Of the team's easy, middling and hard cases, what the cherry-picker takes."""


@dataclass(slots=True)
class Visits:
    """Visits as columns; ``case`` is the index in the batch."""

    columns: list[tuple[Ints, ...]] = field(default_factory=list)
    NAMES = ("case", "visit_no", "engineer", "window", "arrived", "left", "travel", "work", "outcome", "distance")

    def add(self, *values: Ints) -> None:
        self.columns.append(values)

    def table(self, *, exported: int) -> dict[str, Ints]:
        """All visits that ended before the export, by case and number."""
        joined = [np.concatenate(column) for column in zip(*self.columns, strict=True)]
        kept = joined[5] <= exported
        order = np.lexsort((joined[1][kept], joined[0][kept]))
        return {name: column[kept][order] for name, column in zip(self.NAMES, joined, strict=True)}


@dataclass(frozen=True, slots=True)
class Field:
    """What the steps of the field share."""

    rng: np.random.Generator
    world: World
    duty: Duty
    cases: Cases
    log: Log
    visits: Visits
    parts: PartLines

    def team_of(self, case: Ints) -> Ints:
        """The field team responsible: by district, or the one for commercial air-conditioning."""
        branches = int(self.cases.branch.max(initial=0)) + 1
        teams = [self.world.company.units_of(FIELD, branch) for branch in range(branches)]
        table = np.array([[each[min(i, len(each) - 1)] for i in range(4)] for each in teams])
        place = np.where(self.cases.commercial[case], 3, self.cases.region[case] // 3)
        return np.asarray(table[self.cases.branch[case], place], dtype=np.int64)

    def dispatch_of(self, case: Ints) -> Ints:
        branches = int(self.cases.branch.max(initial=0)) + 1
        table = np.array([self.world.company.units_of(DISPATCH, branch)[0] for branch in range(branches)])
        return np.asarray(table[self.cases.branch[case]], dtype=np.int64)


def serve(at: Field, case: Ints, start: Ints, *, reopened: bool = False) -> None:
    """Dispatch these cases and visit them until they are resolved."""
    team, dispatch = at.team_of(case), at.dispatch_of(case)
    wait = lognormal_seconds(at.rng, len(case), median=35 * MINUTE, spread=0.7)
    wait = np.where(at.cases.priority[case] == URGENT, wait // 3, wait)
    moment, dispatcher = at.duty.when(at.rng, dispatch, start + wait, at.world.days.first)
    served = dispatcher != NONE
    case, team, dispatch, moment, dispatcher = (x[served] for x in (case, team, dispatch, moment, dispatcher))
    day = _first_day(at, case, moment)
    day, engineer, picked = _engineers(at, case, team, day)
    served = engineer != NONE
    case, team, dispatch, moment, dispatcher, day, engineer, picked = (
        x[served] for x in (case, team, dispatch, moment, dispatcher, day, engineer, picked)
    )
    accepted = moment + lognormal_seconds(at.rng, len(case), median=9 * MINUTE, spread=0.7)
    _log_dispatch(at, case, team, dispatch, moment, dispatcher, engineer, accepted, picked)
    at.cases.unit[case] = team
    if not reopened:
        at.cases.assigned[case], at.cases.accepted[case] = np.where(picked, accepted, moment), accepted
    _rounds(at, case, engineer, day, accepted, reopened=reopened)


def _log_dispatch(
    at: Field, case: Ints, team: Ints, dispatch: Ints, moment: Ints, dispatcher: Ints, engineer: Ints, accepted: Ints,
    picked: Flags,
) -> None:  # fmt: skip
    given = ~picked
    at.log.add(
        act.ASSIGNED, case[given], moment[given], actor=dispatcher[given], to_person=engineer[given],
        from_unit=dispatch[given], to_unit=team[given],
    )  # fmt: skip
    at.log.add(
        act.POOLED, case[picked], moment[picked], actor=dispatcher[picked], from_unit=dispatch[picked],
        to_unit=team[picked],
    )  # fmt: skip
    at.log.add(act.ACCEPTED, case, accepted, actor=engineer, to_unit=team, self_picked=picked.astype(np.int64))


def _first_day(at: Field, case: Ints, moment: Ints) -> Ints:
    """The day of the first visit: today if it is early and the customer is at home, else tomorrow or later."""
    today = (moment % DAY < 13 * HOUR) & (at.rng.random(len(case)) < 0.72)
    today |= (at.cases.priority[case] == URGENT) & (moment % DAY < 13 * HOUR)
    postponed = at.rng.random(len(case)) < 0.06
    at.cases.postponed[case] |= postponed
    later = np.where(postponed, at.rng.integers(1, 4, len(case)), 0)
    return at.world.day_of(moment) + np.where(today, 0, 1) + later


def _engineers(at: Field, case: Ints, team: Ints, day: Ints) -> tuple[Ints, Ints, Flags]:
    """Day, engineer and whether the engineer took the case from the pool; work is dealt out evenly."""
    engineer, day = blank_like(case), _spread(at, case, team, day)
    place = team * 100_000 + day
    number = rank_in_group(place) + hashed(place, 31, 1000)
    for _ in range(6):
        free = engineer == NONE
        engineer[free] = at.duty.one_of(team[free], day[free], np.full(int(free.sum()), 2), number[free])
        day[engineer == NONE] += 1
    picked = at.rng.random(len(case)) < PICK_CHANCE
    return day, *_cherry_pick(at, case, team, day, engineer, picked)


def _spread(at: Field, case: Ints, team: Ints, day: Ints) -> Ints:
    """The days with no more work than the team can do: what is too much goes to the day after, at most a week."""
    day, noon, last = day.copy(), np.full(len(day), 2), len(at.world.days) - 1
    minutes = (np.array(STANDARD_MINUTES) * 0.8 + 21).astype(np.int64)[at.cases.difficulty[case]]
    for _ in range(7):
        room = at.duty.count(team, day, noon) * FULL_MINUTES - at.world.planned[team, np.minimum(day, last)]
        over = sum_in_group(team * 100_000 + day, minutes) > room
        if not over.any():
            break
        day[over] += 1
    return day


def _cherry_pick(at: Field, case: Ints, team: Ints, day: Ints, engineer: Ints, picked: Flags) -> tuple[Ints, Flags]:
    """The planted engineer grabs easy cases from the team's pool and leaves the hard ones to the others."""
    picker = at.world.company.planted.cherry_picker
    if picker == NONE:
        return engineer, picked
    last = len(at.world.days) - 1
    present = at.world.roster.next_present[picker, np.minimum(day, last)] == day
    mine = (at.world.company.team_by_day[picker, np.minimum(day, last)] == team) & present
    difficulty = at.cases.difficulty[case]
    takes = mine & (at.rng.random(len(case)) < np.array(PICK_SHARE_PLANTED)[difficulty])
    number = rank_in_group(team * 100_000 + day) * 31 + difficulty
    other = at.duty.one_of(team, np.minimum(day, last), np.full(len(case), 2), number)
    engineer = np.where(takes, picker, np.where(mine & (engineer == picker), other, engineer))
    own = engineer == picker
    wanted = at.rng.random(len(case)) < np.array(PICK_CHANCE_PLANTED)[difficulty]
    return engineer, np.where(own, wanted, picked)


def blank_like(values: Ints) -> Ints:
    return np.full(len(values), NONE, dtype=np.int64)


def _rounds(at: Field, case: Ints, engineer: Ints, day: Ints, ready: Ints, *, reopened: bool) -> None:
    """Visit after visit until each case is fixed, refused, or found without a fault."""
    for turn in range(ROUNDS):
        if not len(case):
            return
        window, start, end, travel = _visit(at, case, engineer, day, ready)
        outcome = _outcome(at, case, engineer, last=turn == ROUNDS - 1)
        end = np.where(np.isin(outcome, (NO_ACCESS, REFUSED)), np.minimum(start + 9 * MINUTE, end), end)
        _record(at, case, engineer, window, start, end, travel, outcome)
        done = np.isin(outcome, (FIXED, NO_FAULT, REFUSED))
        _resolve(at, case[done], engineer[done], end[done], outcome[done], reopened=reopened)
        van_parts(at.rng, at.parts, at.cases, case[done & (outcome == FIXED)], engineer[done & (outcome == FIXED)],
                  end[done & (outcome == FIXED)])  # fmt: skip
        ready = _before_next(at, case, engineer, end, outcome)
        case, engineer, ready = case[~done], engineer[~done], ready[~done]
        day = at.world.day_of(ready) + (ready % DAY > 16 * HOUR)


def _visit(at: Field, case: Ints, engineer: Ints, day: Ints, ready: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Window, arrival, leaving and minutes of travel of each visit; what the day has no room for gets another day."""
    window, start, end, travel = (blank_like(case) for _ in range(4))
    left, day = np.arange(len(case)), day.copy()
    for attempt in range(ATTEMPTS):
        day[left] = _free_day(at, engineer[left], day[left], ready[left])
        plan = _day_of_work(at, case[left], engineer[left], day[left], ready[left])
        kept = (plan.start <= LATEST_ARRIVAL) | (attempt == ATTEMPTS - 1)
        done, midnight = left[kept], at.world.moment(day[left], np.zeros_like(left))[kept]
        window[done], travel[done] = midnight + plan.window[kept], plan.travel[kept]
        start[done], end[done] = midnight + plan.start[kept], midnight + plan.end[kept]
        _book(at.world, engineer[done], day[done], plan.end[kept], plan.took[kept] // MINUTE)
        left = left[~kept]
        if not len(left):
            break
        day[left] = np.minimum(day[left] + 1, len(at.world.days) - 1)
    return window, start, end, travel


def _book(world: World, engineer: Ints, day: Ints, end: Ints, minutes: Ints) -> None:
    np.maximum.at(world.busy, (engineer, day), (end + MINUTE).astype(np.int32))
    np.add.at(world.worked, (engineer, day), minutes.astype(np.int32))
    np.add.at(world.planned, (world.company.team_by_day[engineer, day], day), minutes.astype(np.int32))


def _free_day(at: Field, engineer: Ints, day: Ints, ready: Ints) -> Ints:
    """The first day from the given one on which the engineer is at work and has time left."""
    last = len(at.world.days) - 1
    for _ in range(PLANNED_AHEAD):
        found = at.world.roster.next_present[engineer, np.minimum(day, last)]
        day = np.where(found >= FAR, np.minimum(day, last), found)
        full = (_earliest(at, engineer, day, ready) > LAST_START) & (found < last)
        if not full.any():
            break
        day = np.where(full, day + 1, day)
    return day


def _earliest(at: Field, engineer: Ints, day: Ints, ready: Ints) -> Ints:
    """The second of the day from which the engineer can come to this customer."""
    today = np.where(at.world.day_of(ready) == day, ready % DAY + 40 * MINUTE, 0)
    return np.maximum(np.maximum(at.world.busy[engineer, day], today), FIELD_HOURS[0]).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Plan:
    """Seconds of the day of the window's start, of arrival and leaving; minutes of travel; seconds taken altogether."""

    window: Ints
    start: Ints
    end: Ints
    travel: Ints
    took: Ints


def _day_of_work(at: Field, case: Ints, engineer: Ints, day: Ints, ready: Ints) -> Plan:
    """An engineer does one thing after the other.

    With ``s`` the work done before a visit, its start is ``s + max(ready − s)`` over it and those before it.
    """
    rng, size = at.rng, len(case)
    standard = np.array(STANDARD_MINUTES)[at.cases.difficulty[case]]
    work = np.rint(standard * 0.8 * np.exp(rng.standard_normal(size) * 0.3)).astype(np.int64) * MINUTE
    way = (8 + rng.gamma(2.2, 6.0, size)).astype(np.int64) * MINUTE
    earliest = _earliest(at, engineer, day, ready)
    window = _windows(rng, engineer, day, earliest, work + way)
    held_up = np.where(rng.random(size) < HELD_UP, rng.integers(90, 200, size), 0)
    leave = np.maximum(window + (rng.integers(-8, 50, size) + held_up) * MINUTE - way, earliest - 20 * MINUTE)
    order = np.lexsort((window, day, engineer))
    group = _groups(engineer[order], day[order])
    took = (work + way)[order]
    before = np.cumsum(took) - took
    lead = np.maximum(leave, at.world.busy[engineer, day])[order] - before + group * FAR_APART
    begin = _unsorted(order, np.maximum.accumulate(lead) - group * FAR_APART + before)
    return Plan(window, begin + way + rng.integers(0, 60, size), begin + way + work + 60, way // MINUTE, way + work)


def _windows(rng: np.random.Generator, engineer: Ints, day: Ints, earliest: Ints, took: Ints) -> Ints:
    """Start of each two-hour window, on the half hour: dispatch spreads the expected work over the engineer's day."""
    order = np.lexsort((rng.random(len(day)), earliest, day, engineer))
    group = _groups(engineer[order], day[order])
    expected = np.full(len(day), int(took.mean()), dtype=np.int64)
    before = sum_in_group(group, expected) - expected
    total = np.bincount(group, weights=expected)[group]
    room = np.clip((DAY_ENDS - earliest[order]) / total, 1.0, SLACK)
    wanted = np.maximum(earliest[order], earliest[order][_first_of(group)] + (before * room).astype(np.int64))
    start = np.minimum(wanted, np.maximum(LAST_START, earliest[order]))
    return _unsorted(order, -(-start // HALF_HOUR) * HALF_HOUR)


def _first_of(group: Ints) -> Ints:
    """Index of the first element of each element's group, for an array in order of groups."""
    return np.searchsorted(group, group, side="left").astype(np.int64)


def _groups(engineer: Ints, day: Ints) -> Ints:
    """Running number of the engineer's day, for arrays in that order."""
    new = np.concatenate(([True], (np.diff(engineer) != 0) | (np.diff(day) != 0)))
    return np.cumsum(new) - 1


def _unsorted(order: Ints, values: Ints) -> Ints:
    back = np.empty_like(values)
    back[order] = values
    return back


def _outcome(at: Field, case: Ints, engineer: Ints, *, last: bool) -> Ints:
    """How each visit ends; only two engineers differ in skill from all the others."""
    planted, drawn = at.world.company.planted, at.rng.random(len(case))
    skill = np.where(engineer == planted.better, BETTER, np.where(engineer == planted.worse, WORSE, 0.0))
    second = at.cases.visits[case] > 0
    chance = logit_shift(np.array(FIX_CHANCE)[at.cases.difficulty[case]], skill + second * 0.9)
    failed = np.where(at.rng.random(len(case)) < 0.62, PARTS_NEEDED, WRONG_DIAGNOSIS)
    outcome = np.where((drawn < chance) | last, FIXED, failed)
    special = at.rng.random(len(case))
    repair = at.cases.type[case] == REPAIR
    outcome = np.where((special < 0.02) & repair & ~second, NO_FAULT, outcome)
    outcome = np.where((special > 0.96) & (not last), NO_ACCESS, outcome)
    return np.where((special > 0.955) & (special <= 0.96) & repair, REFUSED, outcome).astype(np.int64)


def _record(
    at: Field, case: Ints, engineer: Ints, window: Ints, arrived: Ints, left: Ints, travel: Ints, outcome: Ints
) -> None:
    cases = at.cases
    first = cases.visits[case] == 0
    cases.window[case[first]], cases.on_site[case[first]] = window[first], arrived[first]
    cases.engineer[case[first]] = engineer[first]
    cases.visits[case] += 1
    cases.handled[case] += left - arrived
    at.log.add(act.VISIT_START, case, arrived, actor=engineer)
    at.log.add(act.VISIT_END, case, left, actor=engineer)
    near = at.rng.exponential(70, len(case))
    distance = np.where(at.rng.random(len(case)) < 0.006, 600 + near * 10, near).astype(np.int64)
    at.visits.add(
        case, cases.visits[case], engineer, window, arrived, left, travel, (left - arrived) // MINUTE, outcome, distance
    )


def _resolve(at: Field, case: Ints, engineer: Ints, end: Ints, outcome: Ints, *, reopened: bool) -> None:
    moment = end + at.rng.integers(60, 9 * MINUTE, len(case))
    at.cases.resolved[case], at.cases.owner[case] = moment, engineer
    at.cases.result[case] = np.where(outcome == REFUSED, 4, np.where(outcome == NO_FAULT, 5, at.rng.integers(0, 2)))
    if not reopened:
        at.cases.first_owner[case] = engineer
    at.log.add(act.RESOLVED, case, moment, actor=engineer)


def _before_next(at: Field, case: Ints, engineer: Ints, end: Ints, outcome: Ints) -> Ints:
    """When each case can be planned again: at once, after the customer called back, or when the part is there."""
    ready = end + at.rng.integers(10, 60, len(case)) * MINUTE
    away = np.flatnonzero(outcome == NO_ACCESS)
    begin = end[away] + 60
    until = begin + lognormal_seconds(at.rng, len(away), median=9 * HOUR, spread=0.5)
    at.log.add(act.PEND_START, case[away], begin, actor=engineer[away], kind=act.CUSTOMER)
    at.log.add(act.PEND_END, case[away], until, actor=engineer[away])
    at.cases.paused[case[away]] += promised_seconds(begin, until)
    at.cases.contacts[case[away]] += 1
    ready[away] = until
    short = np.flatnonzero(outcome == PARTS_NEEDED)
    ready[short] = order_parts(
        at.rng, at.world, at.duty, at.cases, at.log, at.parts, case[short], engineer[short], end[short],
        at.cases.unit[case[short]],
    )  # fmt: skip
    return ready
