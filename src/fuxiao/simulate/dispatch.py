"""Dispatch: to which engineer each case goes, for which day, and who picks it himself."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from fuxiao.simulate import log as act
from fuxiao.simulate.arrays import (
    DAY,
    HOUR,
    MINUTE,
    NONE,
    Flags,
    Ints,
    blank,
    lognormal_seconds,
    rank_in_group,
    sum_in_group,
)
from fuxiao.simulate.batch import Batch
from fuxiao.simulate.cases import URGENT
from fuxiao.simulate.catalogue import STANDARD_MINUTES
from fuxiao.simulate.visits import visit_until_done
from fuxiao.simulate.world import hashed

FULL_MINUTES = 420
"""Minutes of visits that dispatch plans for an engineer's day; more go to the day after."""
PICK_CHANCE, PICK_CHANCE_PLANTED = 0.18, (0.80, 0.18, 0.06)
PICK_SHARE_PLANTED = (0.26, 0.07, 0.03)
"""Of the team's easy, middling and hard cases, what the cherry-picker takes."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """Cases given to an engineer: by whom, when, for which day; ``picked`` those the engineer took from the pool."""

    case: Ints
    team: Ints
    dispatch: Ints
    dispatcher: Ints
    moment: Ints
    day: Ints
    engineer: Ints
    picked: Flags

    def only(self, chosen: Flags) -> Jobs:
        return Jobs(*(getattr(self, each.name)[chosen] for each in fields(self)))


def serve(at: Batch, case: Ints, start: Ints, *, reopened: bool = False) -> None:
    """Dispatch these cases and visit them until they are resolved; what nobody can take stays open."""
    jobs = _given(at, case, start)
    accepted = jobs.moment + lognormal_seconds(at.rng, len(jobs.case), median=9 * MINUTE, spread=0.7)
    _log(at, jobs, accepted)
    at.cases.unit[jobs.case] = jobs.team
    if not reopened:
        at.cases.assigned[jobs.case] = np.where(jobs.picked, accepted, jobs.moment)
        at.cases.accepted[jobs.case] = accepted
    visit_until_done(at, jobs.case, jobs.engineer, day=jobs.day, ready=accepted, reopened=reopened)


def _given(at: Batch, case: Ints, start: Ints) -> Jobs:
    wait = lognormal_seconds(at.rng, len(case), median=18 * MINUTE, spread=0.6)
    wait = np.where(at.cases.priority[case] == URGENT, wait // 3, wait)
    team, dispatch = at.field_team(case), at.dispatch(case)
    moment, dispatcher = at.when(dispatch, start + wait)
    jobs = Jobs(case, team, dispatch, dispatcher, moment, blank(len(case)), blank(len(case)), dispatcher != NONE)
    jobs = jobs.only(jobs.dispatcher != NONE)
    day, engineer = _dealt(at, jobs.case, jobs.team, _first_day(at, jobs.case, jobs.moment))
    engineer, picked = _picked(at, jobs, day, engineer)
    found = Jobs(jobs.case, jobs.team, jobs.dispatch, jobs.dispatcher, jobs.moment, day, engineer, picked)
    return found.only(engineer != NONE)


def _log(at: Batch, jobs: Jobs, accepted: Ints) -> None:
    given, pooled = jobs.only(~jobs.picked), jobs.only(jobs.picked)
    at.log.add(
        act.ASSIGNED, given.case, given.moment, actor=given.dispatcher, to_person=given.engineer,
        from_unit=given.dispatch, to_unit=given.team,
    )  # fmt: skip
    at.log.add(
        act.POOLED, pooled.case, pooled.moment, actor=pooled.dispatcher, from_unit=pooled.dispatch, to_unit=pooled.team
    )
    own = jobs.picked.astype(np.int64)
    at.log.add(act.ACCEPTED, jobs.case, accepted, actor=jobs.engineer, to_unit=jobs.team, self_picked=own)


def _first_day(at: Batch, case: Ints, moment: Ints) -> Ints:
    """The day of the first visit: today if it is early and the customer is at home, else tomorrow or later."""
    early, urgent = moment % DAY < 15 * HOUR, at.cases.priority[case] == URGENT
    today = early & (urgent | (at.rng.random(len(case)) < 0.84))
    postponed = at.rng.random(len(case)) < 0.06
    at.cases.postponed[case] |= postponed
    later = np.where(postponed, at.rng.integers(1, 4, len(case)), 0)
    return at.world.day_of(moment) + np.where(today, 0, 1) + later


def _dealt(at: Batch, case: Ints, team: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Day and engineer of each case: work is dealt out evenly among those at work."""
    engineer, day = blank(len(case)), _spread(at, case, team, day)
    place = team * 100_000 + day
    number = rank_in_group(place) + hashed(place, 31, 1000)
    for _ in range(6):
        free = engineer == NONE
        engineer[free] = at.duty.one_of(team[free], day[free], _noon(day[free]), number[free])
        day[engineer == NONE] += 1
    return day, engineer


def _noon(day: Ints) -> Ints:
    """The slot in which everybody of the day is at work."""
    return np.full(len(day), 2, dtype=np.int64)


def _spread(at: Batch, case: Ints, team: Ints, day: Ints) -> Ints:
    """The days with no more work than the team can do: what is too much goes to the day after, at most a week."""
    day, last = day.copy(), len(at.world.days) - 1
    minutes = (np.array(STANDARD_MINUTES) * 0.8 + 21).astype(np.int64)[at.cases.difficulty[case]]
    for _ in range(7):
        room = at.duty.count(team, day, _noon(day)) * FULL_MINUTES - at.world.planned[team, np.minimum(day, last)]
        over = sum_in_group(team * 100_000 + day, minutes) > room
        if not over.any():
            break
        day[over] += 1
    return day


def _picked(at: Batch, jobs: Jobs, day: Ints, engineer: Ints) -> tuple[Ints, Flags]:
    """Who takes each case, and whether from the pool; the planted engineer grabs easy ones and leaves the hard ones."""
    picked: Flags = at.rng.random(len(day)) < PICK_CHANCE
    picker = at.world.company.planted.cherry_picker
    if picker == NONE:
        return engineer, picked
    day = np.minimum(day, len(at.world.days) - 1)
    there = at.world.roster.next_present[picker, day] == day
    mine = (at.world.company.team_by_day[picker, day] == jobs.team) & there
    difficulty = at.cases.difficulty[jobs.case]
    takes = mine & (at.rng.random(len(day)) < np.array(PICK_SHARE_PLANTED)[difficulty])
    number = rank_in_group(jobs.team * 100_000 + day) * 31 + difficulty
    other = at.duty.one_of(jobs.team, day, _noon(day), number)
    engineer = np.where(takes, picker, np.where(mine & (engineer == picker), other, engineer))
    wanted = at.rng.random(len(day)) < np.array(PICK_CHANCE_PLANTED)[difficulty]
    return engineer, np.where(engineer == picker, wanted, picked)
