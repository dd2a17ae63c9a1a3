"""After the resolution: closing by call-back, cases that come back, and new cases for the same fault."""

from __future__ import annotations

import numpy as np

from fuxiao.simulate import log as act
from fuxiao.simulate.arrays import DAY, HOUR, MINUTE, NONE, Flags, Floats, Ints
from fuxiao.simulate.batch import Batch
from fuxiao.simulate.cases import GIVEN_UP, RESOLUTION_LIMIT, Cases, Repeat
from fuxiao.simulate.dispatch import serve
from fuxiao.simulate.world import promised_seconds

COMES_BACK = 0.055
"""Chance that what was resolved fails again within two weeks."""
COMES_BACK_PLANTED = 0.19
REOPENED_SHARE, REOPENED_SHARE_PLANTED = 0.85, 0.05
"""Of these, how many are reopened; the others become new cases. The planted gamer tells customers to call anew."""
FAILS_LATER = 0.07
"""Chance of the same fault again in the second to fourth week."""
WORSE, BETTER = 2.6, 0.35


def come_back(at: Batch) -> Repeat:
    """Reopen some resolved cases and serve them again; return the new cases that others will bring."""
    cases, rng, planted = at.cases, at.rng, at.world.company.planted
    solved = np.flatnonzero((cases.resolved != NONE) & (cases.result != GIVEN_UP))
    first = cases.first_owner[solved]
    worse, better, gamer = (first == person for person in (planted.worse, planted.better, planted.reopen_gamer))
    factor = np.where(worse, WORSE, np.where(better, BETTER, 1.0)) * np.where(cases.remote[solved], 0.6, 1.0)
    back = rng.random(len(solved)) < np.where(gamer, COMES_BACK_PLANTED, COMES_BACK * factor)
    marked = back & (rng.random(len(solved)) < np.where(gamer, REOPENED_SHARE_PLANTED, REOPENED_SHARE))
    repeat = _new_cases(at, solved, factor, anew=back & ~marked, gamer=gamer)
    _reopen(at, solved[marked])
    return repeat


def _new_cases(at: Batch, solved: Ints, factor: Floats, *, anew: Flags, gamer: Flags) -> Repeat:
    cases, rng = at.cases, at.rng
    later = ~anew & (rng.random(len(solved)) < FAILS_LATER * factor) & ~cases.remote[solved]
    days = np.where(gamer, rng.uniform(0.6, 5.5, len(solved)), rng.uniform(1.5, 22, len(solved)))
    days = np.where(later, rng.uniform(8, 28, len(solved)), days)
    chosen = anew | later
    case = solved[chosen]
    day = (cases.resolved[case] + (days[chosen] * DAY).astype(np.int64)) // DAY
    opened = day * DAY + rng.integers(8 * HOUR + 1800, 20 * HOUR, len(case))
    opened = np.maximum(opened, cases.resolved[case] + HOUR)
    return Repeat(opened, cases.device[case], cases.fault[case], cases.difficulty[case])


def _reopen(at: Batch, case: Ints) -> None:
    """The customer calls again; the desk reopens the case, the field visits again, remote ones are solved by phone."""
    cases, rng = at.cases, at.rng
    wanted = cases.resolved[case] + (rng.uniform(0.4, 9.5, len(case)) * DAY).astype(np.int64)
    moment, agent = at.when(at.desk(case), wanted)
    known = (agent != NONE) & (moment <= at.world.exported)
    case, moment, agent = case[known], moment[known], agent[known]
    cases.reopened[case] = moment
    cases.contacts[case] += 1
    at.log.add(act.REOPENED, case, moment, actor=agent)
    remote = cases.remote[case]
    done = moment[remote] + rng.integers(10, 200, int(remote.sum())) * MINUTE
    cases.resolved[case[remote]], cases.owner[case[remote]] = done, agent[remote]
    at.log.add(act.RESOLVED, case[remote], done, actor=agent[remote])
    again = case[~remote]
    cases.resolved[again], cases.owner[again] = NONE, NONE
    serve(at, again, moment[~remote], reopened=True)


def close(at: Batch) -> None:
    """The desk calls back one to three days after the last resolution and closes the case."""
    cases, rng = at.cases, at.rng
    case = np.flatnonzero(cases.resolved != NONE)
    wanted = cases.resolved[case] + (rng.uniform(0.15, 2.5, len(case)) * DAY).astype(np.int64)
    moment, agent = at.when(at.desk(case), wanted)
    known = agent != NONE
    cases.closed[case[known]] = moment[known]
    at.log.add(act.CLOSED, case[known], moment[known], actor=agent[known])
    chased = case[_late(cases, case) & (rng.random(len(case)) < 0.45)]
    between = cases.opened[chased] + (cases.resolved[chased] - cases.opened[chased]) * 6 // 10
    cases.contacts[chased] += 1
    at.log.add(act.CONTACTED, chased, between // DAY * DAY + np.clip(between % DAY, 9 * HOUR, 21 * HOUR))


def _late(cases: Cases, case: Ints) -> Flags:
    """Whether the case was resolved later than its priority allows, in service hours less waiting for the customer."""
    took = promised_seconds(cases.opened[case], cases.resolved[case]) - cases.paused[case]
    late: Flags = took > np.array(RESOLUTION_LIMIT)[cases.priority[case]] * MINUTE
    return late


def went_badly(cases: Cases, case: Ints) -> Flags:
    """Late or reopened: what an honest invitation policy must not look at."""
    badly: Flags = _late(cases, case) | (cases.reopened[case] != NONE)
    return badly
