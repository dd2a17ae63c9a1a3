"""The field: dispatch, appointments, visits one after the other through each engineer's day, parts in between."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fuxiao.simulate import log as act
from fuxiao.simulate.arrays import DAY, HOUR, MINUTE, NONE, Flags, Ints, lognormal_seconds, logit_shift, rank_in_group
from fuxiao.simulate.cases import REPAIR, URGENT, Cases
from fuxiao.simulate.catalogue import FIX_CHANCE, STANDARD_MINUTES
from fuxiao.simulate.company import DISPATCH, FIELD
from fuxiao.simulate.log import Log
from fuxiao.simulate.parts import PartLines, order_parts, van_parts
from fuxiao.simulate.roster import FAR, FIELD_HOURS, Duty
from fuxiao.simulate.world import World, promised_seconds

FIXED, PARTS_NEEDED, WRONG_DIAGNOSIS, NO_FAULT, NO_ACCESS, REFUSED = range(6)
OUTCOMES = ("修复", "缺件", "误判", "无故障", "客户不在", "客户拒修")
ROUNDS = 4
LAST_START = 17 * HOUR
LONGEST_DAY = int(9.5 * HOUR)
WINDOW = 2 * HOUR
SKILL = 1.15
"""Log-odds by which the better engineer fixes more at a visit, and the worse one less."""
PICK_CHANCE, PICK_CHANCE_PLANTED = 0.18, (0.80, 0.18, 0.06)
PICK_SHARE_PLANTED = (0.34, 0.09, 0.04)
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
    today = (moment % DAY < 15 * HOUR) & (at.rng.random(len(case)) < 0.55)
    today |= (at.cases.priority[case] == URGENT) & (moment % DAY < 15 * HOUR)
    postponed = at.rng.random(len(case)) < 0.06
    at.cases.postponed[case] |= postponed
    later = np.where(postponed, at.rng.integers(1, 4, len(case)), 0)
    return at.world.day_of(moment) + np.where(today, 0, 1) + later


def _engineers(at: Field, case: Ints, team: Ints, day: Ints) -> tuple[Ints, Ints, Flags]:
    """Day, engineer and whether the engineer took the case from the pool; work is dealt out evenly."""
    number = rank_in_group(team * 100_000 + day) + at.rng.integers(0, 7)
    engineer, day = blank_like(case), day.copy()
    for _ in range(6):
        free = engineer == NONE
        engineer[free] = at.duty.one_of(team[free], day[free], np.full(int(free.sum()), 2), number[free])
        day[engineer == NONE] += 1
    picked = at.rng.random(len(case)) < PICK_CHANCE
    return day, *_cherry_pick(at, case, team, day, engineer, picked)


def _cherry_pick(
    at: Field, case: Ints, team: Ints, day: Ints, engineer: Ints, picked: Flags
) -> tuple[Ints, Flags]:
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
        day, engineer, second = _appointment(at, engineer, day, ready)
        start, end, travel = _day_of_work(at, case, engineer, day, second, ready)
        outcome = _outcome(at, case, engineer, last=turn == ROUNDS - 1)
        end = np.where(np.isin(outcome, (NO_ACCESS, REFUSED)), np.minimum(start + 9 * MINUTE, end), end)
        _record(at, case, engineer, at.world.moment(day, second), start, end, travel, outcome)
        done = np.isin(outcome, (FIXED, NO_FAULT, REFUSED))
        _resolve(at, case[done], engineer[done], end[done], outcome[done], reopened=reopened)
        van_parts(at.rng, at.parts, at.cases, case[done & (outcome == FIXED)], engineer[done & (outcome == FIXED)],
                  end[done & (outcome == FIXED)])  # fmt: skip
        ready = _before_next(at, case, engineer, end, outcome)
        case, engineer, ready = case[~done], engineer[~done], ready[~done]
        day = at.world.day_of(ready) + (ready % DAY > 15 * HOUR)


def _appointment(at: Field, engineer: Ints, day: Ints, ready: Ints) -> tuple[Ints, Ints, Ints]:
    """Day, engineer and start of the two-hour window, on the half hour, when the engineer is at work and free."""
    last = len(at.world.days) - 1
    for _ in range(2):
        found = at.world.roster.next_present[engineer, np.minimum(day, last)]
        day = np.where(found >= FAR, np.minimum(day, last), found)
        taken = at.world.busy[engineer, day]
        open_ = np.where(at.world.day_of(ready) == day, ready % DAY + 40 * MINUTE, 0)
        lower = np.maximum(np.maximum(taken, open_), FIELD_HOURS[0]).astype(np.int64)
        day = np.where((lower > LAST_START) & (found < FAR), np.minimum(day + 1, last), day)
    room = np.maximum(LAST_START - lower, 0)
    second = np.minimum(lower + (at.rng.random(len(day)) * room).astype(np.int64), max(LAST_START, 0))
    second = np.maximum(-(-second // 1800) * 1800, FIELD_HOURS[0])
    return day, engineer, second


def _day_of_work(
    at: Field, case: Ints, engineer: Ints, day: Ints, second: Ints, ready: Ints
) -> tuple[Ints, Ints, Ints]:
    """Arrival and leaving of each visit and minutes of travel: an engineer does one thing after the other.

    With ``s`` the work done before a visit, its start is ``s + max(ready − s)`` over it and those before it.
    """
    rng = at.rng
    standard = np.array(STANDARD_MINUTES)[at.cases.difficulty[case]]
    work = np.rint(standard * 0.8 * np.exp(rng.standard_normal(len(case)) * 0.3)).astype(np.int64) * MINUTE
    travel = (8 + rng.gamma(2.2, 6.0, len(case))).astype(np.int64) * MINUTE
    order = np.lexsort((second, day, engineer))
    group = np.cumsum(np.concatenate(([True], (np.diff(engineer[order]) != 0) | (np.diff(day[order]) != 0)))) - 1
    load = np.bincount(group, weights=(work + travel)[order])
    squeeze = np.minimum(1.0, LONGEST_DAY / load)[group]
    took = np.rint((work + travel)[order] * squeeze).astype(np.int64)
    way = np.minimum(travel[order], took // 2)
    open_ = np.where(at.world.day_of(ready) == day, ready % DAY, 0)
    early = np.maximum(second + rng.integers(-8, 35, len(case)) * MINUTE, open_ + 20 * MINUTE)[order]
    leave_for = np.maximum(early - way, at.world.busy[engineer[order], day[order]])
    before = np.cumsum(took) - took
    lead = leave_for - before + group * 10**9
    start = np.maximum.accumulate(lead) - group * 10**9 + before
    arrived, left = _unsorted(order, start + way + rng.integers(0, 60, len(case))), _unsorted(order, start + took)
    np.maximum.at(at.world.busy, (engineer, day), (left + 60).astype(np.int32))
    np.add.at(at.world.worked, (engineer, day), (_unsorted(order, took) // MINUTE).astype(np.int32))
    moment = at.world.moment(day, np.zeros_like(day))
    return moment + arrived, moment + np.maximum(left, arrived + 5 * MINUTE), _unsorted(order, way) // MINUTE


def _unsorted(order: Ints, values: Ints) -> Ints:
    back = np.empty_like(values)
    back[order] = values
    return back


def _outcome(at: Field, case: Ints, engineer: Ints, *, last: bool) -> Ints:
    """How each visit ends; only two engineers differ in skill from all the others."""
    planted, drawn = at.world.company.planted, at.rng.random(len(case))
    skill = np.where(engineer == planted.better, SKILL, 0.0) - np.where(engineer == planted.worse, SKILL, 0.0)
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
