"""The call desk: answers, solves what can be solved from afar, sends the rest to dispatch."""

from __future__ import annotations

import numpy as np

from fuxiao.simulate import log as act
from fuxiao.simulate.arrays import HOUR, MINUTE, NONE, Ints, lognormal_seconds
from fuxiao.simulate.cases import Cases, typical_handling
from fuxiao.simulate.company import DESK, DISPATCH
from fuxiao.simulate.log import Log
from fuxiao.simulate.roster import FAR, SHIFT_HOURS, Duty
from fuxiao.simulate.world import World, promised_seconds

ANSWER_MEDIAN = (70, 420, 700, 900, 300)
"""Seconds until the first human answer, by channel."""
HASTE = (0.5, 1.0, 1.1)
"""The same for urgent, normal and low cases: urgent ones are taken first."""
RETURN_CHANCE, RETURN_CHANCE_PLANTED = 0.012, 0.21
"""How often dispatch sends a case back to the desk for missing data."""


def answer(rng: np.random.Generator, world: World, duty: Duty, cases: Cases, log: Log) -> None:
    """Every case comes in; junk and cancelled ones end here, the others get a first response."""
    index = np.arange(len(cases))
    log.add(act.CREATED, index, cases.opened)
    auto = index[np.isin(cases.channel, (1, 2))]
    log.add(act.AUTO_REPLY, auto, cases.opened[auto] + 2)
    _junk(rng, cases, log)
    cancelled = index[(cases.junk == 0) & cases.fresh & (rng.random(len(cases)) < 0.012)]
    cases.cancelled[cancelled] = cases.opened[cancelled] + rng.integers(20, 240, len(cancelled))
    log.add(act.CANCELLED, cancelled, cases.cancelled[cancelled])
    live = index[(cases.junk == 0) & (cases.cancelled == NONE)]
    _first_response(rng, world, duty, cases, live, log)


def _first_response(rng: np.random.Generator, world: World, duty: Duty, cases: Cases, live: Ints, log: Log) -> None:
    unit = _desk_units(rng, world, cases)[live]
    median = np.array(ANSWER_MEDIAN)[cases.channel[live]] * np.sqrt(world.days.volume[world.day_of(cases.opened[live])])
    median *= np.array(HASTE)[cases.priority[live]]
    delay = np.rint(median * np.exp(rng.standard_normal(len(live)) * 0.8)).astype(np.int64)
    at, person = duty.when(rng, unit, cases.opened[live] + np.clip(delay, 8, 3 * HOUR), world.days.first)
    live, at, person, unit = (values[person != NONE] for values in (live, at, person, unit))
    cases.answered[live], cases.responder[live], cases.unit[live] = at, person, unit
    cases.handled[live] = typical_handling(rng, cases)[live]
    day = np.minimum(world.day_of(at), len(world.days) - 1)
    np.add.at(world.worked, (person, day), (cases.handled[live] // MINUTE).astype(np.int32))
    log.add(act.RESPONDED, live, at, actor=person)
    raised = live[rng.random(len(live)) < 0.03]
    log.add(act.ESCALATED, raised, cases.answered[raised] + cases.handled[raised] // 2, actor=cases.responder[raised])


def _desk_units(rng: np.random.Generator, world: World, cases: Cases) -> Ints:
    """A desk unit of the case's branch, by lot."""
    desks = [world.company.units_of(DESK, branch) for branch in range(int(cases.branch.max(initial=0)) + 1)]
    table = np.array([(each[0], each[-1]) for each in desks])
    return table[cases.branch, rng.integers(0, 2, len(cases))]


def _junk(rng: np.random.Generator, cases: Cases, log: Log) -> None:
    junk = np.flatnonzero(cases.junk > 0)
    at = cases.opened[junk] + rng.integers(2 * MINUTE, 40 * MINUTE, len(junk))
    cases.closed[junk] = at
    double = cases.junk[junk] == 4
    log.add(act.MERGED, junk[double], at[double])
    log.add(act.CLOSED, junk[~double], at[~double])


def solve_remotely(rng: np.random.Generator, world: World, duty: Duty, cases: Cases, log: Log) -> None:
    """Cases that need no visit: most end with the first call, the others after a follow-up by the same agent."""
    mine = np.flatnonzero((cases.responder != NONE) & cases.remote)
    person, end = cases.responder[mine], cases.answered[mine] + cases.handled[mine]
    now = rng.random(len(mine)) < np.array((0.86, 0.74, 0.55))[cases.difficulty[mine]]
    cases.first_contact[mine] = now
    later = mine[~now]
    cases.resolved[mine] = end
    cases.resolved[later] = _follow_up(rng, world, cases, later, log)
    cases.owner[mine] = cases.first_owner[mine] = person
    cases.result[mine] = np.where(cases.type[mine] == 4, 3, 2)
    log.add(act.RESOLVED, mine, cases.resolved[mine], actor=person)


def _follow_up(rng: np.random.Generator, world: World, cases: Cases, later: Ints, log: Log) -> Ints:
    """The moment each is solved: in a later shift of the same agent; some wait for the customer meanwhile.

    Who leaves the company before that finishes at once.
    """
    person, start = cases.responder[later], cases.answered[later] + cases.handled[later]
    cases.contacts[later] += rng.integers(1, 3, len(later))
    at = start + lognormal_seconds(rng, len(later), median=4 * HOUR, spread=0.7)
    at = at_work(rng, world, person, at)
    at = np.where(at == NONE, start, at)
    waits = later[(rng.random(len(later)) < 0.3) & (at > start + HOUR)]
    until = at[np.isin(later, waits)] - 20 * MINUTE
    begin = cases.answered[waits] + cases.handled[waits]
    log.add(act.PEND_START, waits, begin, actor=cases.responder[waits], kind=act.CUSTOMER)
    log.add(act.PEND_END, waits, until, actor=cases.responder[waits])
    log.add(act.CONTACTED, waits, until)
    cases.paused[waits] += promised_seconds(begin, until)
    return at


def at_work(rng: np.random.Generator, world: World, person: Ints, moment: Ints) -> Ints:
    """The moment, or one in the person's next shift where the person is not at work; ``NONE`` for who has left."""
    starts, ends = np.array(SHIFT_HOURS).T
    last = len(world.days) - 1
    at, offset = moment.copy(), rng.integers(5 * MINUTE, 150 * MINUTE, len(moment))
    gone = np.zeros(len(moment), dtype=bool)
    for _ in range(2):
        day = world.roster.next_present[person, np.minimum(world.day_of(at), last)]
        gone |= day >= FAR
        day = np.minimum(day, last)
        shift = world.roster.shift[person, day]
        begin, end = world.moment(day, starts[shift]), world.moment(day, ends[shift])
        at = np.where(at < begin, begin + offset, np.where(at > end, world.moment(day + 1, np.zeros_like(day)), at))
    return np.where(gone, NONE, at)


def send_to_dispatch(rng: np.random.Generator, world: World, duty: Duty, cases: Cases, log: Log) -> Ints:
    """Cases that need a visit go to dispatch; one pair of units sends many of them to and fro. Returns their indexes."""
    mine = np.flatnonzero((cases.responder != NONE) & ~cases.remote)
    desk, agent = cases.unit[mine], cases.responder[mine]
    dispatch = np.array([world.company.units_of(DISPATCH, b)[0] for b in range(int(cases.branch.max(initial=0)) + 1)])
    to = dispatch[cases.branch[mine]]
    sent = cases.answered[mine] + cases.handled[mine]
    chance = np.where(desk == world.company.planted.returned_unit, RETURN_CHANCE_PLANTED, RETURN_CHANCE)
    back = rng.random(len(mine)) < chance
    wrong = (back & (rng.random(len(mine)) < 0.4)).astype(np.int64)
    log.add(act.TRANSFERRED, mine, sent, actor=agent, from_unit=desk, to_unit=to, wrong=wrong)
    sent[back] = _returned(rng, world, duty, mine[back], sent[back], desk[back], to[back], log)
    cases.sent[mine] = sent
    return mine[sent != NONE]


def _returned(
    rng: np.random.Generator, world: World, duty: Duty, case: Ints, sent: Ints, desk: Ints, to: Ints, log: Log
) -> Ints:
    """Dispatch returns the case, the desk completes it and sends it again; returns the moment of the second sending."""
    wait = lognormal_seconds(rng, len(case), median=15 * MINUTE, spread=0.5)
    at, dispatcher = duty.when(rng, to, sent + wait, world.days.first)
    log.add(act.TRANSFERRED, case, at, actor=dispatcher, from_unit=to, to_unit=desk)
    again, agent = duty.when(
        rng, desk, at + lognormal_seconds(rng, len(case), median=40 * MINUTE, spread=0.6), world.days.first
    )
    log.add(act.TRANSFERRED, case, again, actor=agent, from_unit=desk, to_unit=to)
    return again
