"""An engineer's day: appointments spread over it, one visit after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fuxiao.simulate.arrays import DAY, HOUR, MINUTE, Ints, blank, sum_in_group
from fuxiao.simulate.batch import Batch
from fuxiao.simulate.catalogue import STANDARD_MINUTES
from fuxiao.simulate.roster import FAR, FIELD_HOURS
from fuxiao.simulate.world import World

WINDOW = 2 * HOUR
LAST_START, LATEST_ARRIVAL, DAY_ENDS = 17 * HOUR, 18 * HOUR + 1800, 17 * HOUR
SLACK = 1.3
"""Dispatch leaves up to so much more time between visits than they are expected to take."""
HELD_UP = 0.20
"""Chance of traffic or of a visit before that took too long."""
PLANNED_AHEAD = 10
"""Days that are looked through for a free hour of the same engineer."""
ATTEMPTS = 30
HALF_HOUR = 1800
FAR_APART = 10**9
"""Keeps the days of one sweep apart: more seconds than all visits of a batch take together."""


@dataclass(frozen=True, slots=True)
class Made:
    """Visits made: start of the window, arrival and leaving as moments, minutes of travel."""

    window: Ints
    start: Ints
    end: Ints
    travel: Ints


def make_visits(at: Batch, case: Ints, engineer: Ints, *, day: Ints, ready: Ints) -> Made:
    """Window, arrival, leaving and minutes of travel of each visit; what the day has no room for gets another day."""
    window, start, end, travel = (blank(len(case)) for _ in range(4))
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
    return Made(window, start, end, travel)


def _book(world: World, engineer: Ints, day: Ints, end: Ints, minutes: Ints) -> None:
    np.maximum.at(world.busy, (engineer, day), (end + MINUTE).astype(np.int32))
    np.add.at(world.worked, (engineer, day), minutes.astype(np.int32))
    np.add.at(world.planned, (world.company.team_by_day[engineer, day], day), minutes.astype(np.int32))


def _free_day(at: Batch, engineer: Ints, day: Ints, ready: Ints) -> Ints:
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


def _earliest(at: Batch, engineer: Ints, day: Ints, ready: Ints) -> Ints:
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


def _day_of_work(at: Batch, case: Ints, engineer: Ints, day: Ints, ready: Ints) -> Plan:
    """An engineer does one thing after the other.

    With ``s`` the work done before a visit, its start is ``s + max(ready − s)`` over it and those before it.
    """
    rng, size = at.rng, len(case)
    standard = np.array(STANDARD_MINUTES)[at.cases.difficulty[case]]
    work = np.rint(standard * 0.8 * np.exp(rng.standard_normal(size) * 0.3)).astype(np.int64) * MINUTE
    way = (8 + rng.gamma(2.2, 6.0, size)).astype(np.int64) * MINUTE
    earliest = _earliest(at, engineer, day, ready)
    window = _windows(at, case, engineer, day=day, earliest=earliest, took=work + way)
    held_up = np.where(rng.random(size) < HELD_UP, rng.integers(90, 200, size), 0)
    leave = np.maximum(window + (rng.integers(-8, 50, size) + held_up) * MINUTE - way, earliest - 20 * MINUTE)
    order = np.lexsort((window, day, engineer))
    group = _groups(engineer[order], day[order])
    took = (work + way)[order]
    before = np.cumsum(took) - took
    lead = np.maximum(leave, at.world.busy[engineer, day])[order] - before + group * FAR_APART
    begin = _unsorted(order, np.maximum.accumulate(lead) - group * FAR_APART + before)
    return Plan(window, begin + way + rng.integers(0, 60, size), begin + way + work + 60, way // MINUTE, way + work)


def _windows(at: Batch, case: Ints, engineer: Ints, *, day: Ints, earliest: Ints, took: Ints) -> Ints:
    """Start of each two-hour window, on the half hour: dispatch spreads the expected work over the engineer's day.

    Who has waited longest comes first.
    """
    order = np.lexsort((at.cases.opened[case], earliest, day, engineer))
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
