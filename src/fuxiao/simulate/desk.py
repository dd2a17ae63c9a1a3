"""The call desk: answers, solves what can be solved from afar, sends the rest to dispatch."""

from __future__ import annotations

import numpy as np

from fuxiao.simulate import log as act
from fuxiao.simulate.arrays import HOUR, MINUTE, NONE, Ints, lognormal_seconds
from fuxiao.simulate.batch import Batch
from fuxiao.simulate.cases import ADVISED, DUPLICATE, EXCHANGED, RETURN, typical_handling
from fuxiao.simulate.roster import FAR, SHIFT_HOURS
from fuxiao.simulate.world import promised_seconds

WRITTEN = (1, 2)
"""Channels with an automatic first reply."""
FIRST_CONTACT = (0.86, 0.74, 0.55)
"""Chance that an easy, a middling, a hard question is answered at once."""
ANSWER_MEDIAN = (70, 420, 700, 900, 300)
"""Seconds until the first human answer, by channel."""
HASTE = (0.5, 1.0, 1.1)
"""The same for urgent, normal and low cases: urgent ones are taken first."""
RETURN_CHANCE, RETURN_CHANCE_PLANTED = 0.012, 0.21
"""How often dispatch sends a case back to the desk for missing data."""


def answer(at: Batch) -> None:
    """Every case comes in; junk and cancelled ones end here, the others get a first response."""
    cases, rng, index = at.cases, at.rng, np.arange(len(at.cases))
    at.log.add(act.CREATED, index, cases.opened)
    auto = index[np.isin(cases.channel, WRITTEN)]
    at.log.add(act.AUTO_REPLY, auto, cases.opened[auto] + 2)
    _junk(at)
    cancelled = index[(cases.junk == 0) & cases.fresh & (rng.random(len(cases)) < 0.012)]
    cases.cancelled[cancelled] = cases.opened[cancelled] + rng.integers(20, 240, len(cancelled))
    at.log.add(act.CANCELLED, cancelled, cases.cancelled[cancelled])
    _first_response(at, index[(cases.junk == 0) & (cases.cancelled == NONE)])


def _first_response(at: Batch, live: Ints) -> None:
    cases, rng, world = at.cases, at.rng, at.world
    unit = at.desk(live)
    load = np.sqrt(world.days.volume[world.day_of(cases.opened[live])])
    median = np.array(ANSWER_MEDIAN)[cases.channel[live]] * np.array(HASTE)[cases.priority[live]] * load
    delay = np.rint(median * np.exp(rng.standard_normal(len(live)) * 0.8)).astype(np.int64)
    moment, person = at.when(unit, cases.opened[live] + np.clip(delay, 8, 3 * HOUR))
    live, moment, person, unit = (values[person != NONE] for values in (live, moment, person, unit))
    cases.answered[live], cases.responder[live], cases.unit[live] = moment, person, unit
    cases.handled[live] = typical_handling(rng, cases)[live]
    day = np.minimum(world.day_of(moment), len(world.days) - 1)
    np.add.at(world.worked, (person, day), (cases.handled[live] // MINUTE).astype(np.int32))
    at.log.add(act.RESPONDED, live, moment, actor=person)
    raised = live[rng.random(len(live)) < 0.03]
    halfway = cases.answered[raised] + cases.handled[raised] // 2
    at.log.add(act.ESCALATED, raised, halfway, actor=cases.responder[raised])


def _junk(at: Batch) -> None:
    junk = np.flatnonzero(at.cases.junk > 0)
    moment = at.cases.opened[junk] + at.rng.integers(2 * MINUTE, 40 * MINUTE, len(junk))
    at.cases.closed[junk] = moment
    double = at.cases.junk[junk] == DUPLICATE
    at.log.add(act.MERGED, junk[double], moment[double])
    at.log.add(act.CLOSED, junk[~double], moment[~double])


def solve_remotely(at: Batch) -> None:
    """Cases that need no visit: most end with the first call, the others after a follow-up by the same agent."""
    cases = at.cases
    mine = np.flatnonzero((cases.responder != NONE) & cases.remote)
    person, end = cases.responder[mine], cases.answered[mine] + cases.handled[mine]
    now = at.rng.random(len(mine)) < np.array(FIRST_CONTACT)[cases.difficulty[mine]]
    cases.first_contact[mine] = now
    later = mine[~now]
    cases.resolved[mine] = end
    cases.resolved[later] = _follow_up(at, later)
    cases.owner[mine] = cases.first_owner[mine] = person
    cases.result[mine] = np.where(cases.type[mine] == RETURN, EXCHANGED, ADVISED)
    at.log.add(act.RESOLVED, mine, cases.resolved[mine], actor=person)


def _follow_up(at: Batch, later: Ints) -> Ints:
    """The moment each is solved: in a later shift of the same agent; some wait for the customer meanwhile.

    Who leaves the company before that finishes at once.
    """
    cases, rng = at.cases, at.rng
    person, start = cases.responder[later], cases.answered[later] + cases.handled[later]
    cases.contacts[later] += rng.integers(1, 3, len(later))
    done = at_work(at, person, start + lognormal_seconds(rng, len(later), median=4 * HOUR, spread=0.7))
    done = np.where(done == NONE, start, done)
    waits = (rng.random(len(later)) < 0.3) & (done > start + HOUR)
    case, begin, until = later[waits], start[waits], done[waits] - 20 * MINUTE
    at.log.add(act.PEND_START, case, begin, actor=person[waits], kind=act.CUSTOMER)
    at.log.add(act.PEND_END, case, until, actor=person[waits])
    at.log.add(act.CONTACTED, case, until)
    cases.paused[case] += promised_seconds(begin, until)
    return done


def at_work(at: Batch, person: Ints, moment: Ints) -> Ints:
    """The moment, or one in the person's next shift where the person is not at work; ``NONE`` for who has left."""
    world, last = at.world, len(at.world.days) - 1
    starts, ends = np.array(SHIFT_HOURS).T
    found, offset = moment.copy(), at.rng.integers(5 * MINUTE, 150 * MINUTE, len(moment))
    gone = np.zeros(len(moment), dtype=bool)
    for _ in range(2):
        day = world.roster.next_present[person, np.minimum(world.day_of(found), last)]
        gone |= day >= FAR
        day = np.minimum(day, last)
        shift = world.roster.shift[person, day]
        begin, end = world.moment(day, starts[shift]), world.moment(day, ends[shift])
        tomorrow = world.moment(day + 1, np.zeros_like(day))
        found = np.where(found < begin, begin + offset, np.where(found > end, tomorrow, found))
    return np.where(gone, NONE, found)


def send_to_dispatch(at: Batch) -> Ints:
    """Cases that need a visit go to dispatch; one pair of units sends many to and fro. Returns their indexes."""
    cases, rng = at.cases, at.rng
    mine = np.flatnonzero((cases.responder != NONE) & ~cases.remote)
    desk, to = cases.unit[mine], at.dispatch(mine)
    sent = cases.answered[mine] + cases.handled[mine]
    chance = np.where(desk == at.world.company.planted.returned_unit, RETURN_CHANCE_PLANTED, RETURN_CHANCE)
    back = rng.random(len(mine)) < chance
    wrong = (back & (rng.random(len(mine)) < 0.4)).astype(np.int64)
    at.log.add(act.TRANSFERRED, mine, sent, actor=cases.responder[mine], from_unit=desk, to_unit=to, wrong=wrong)
    sent[back] = _returned(at, mine[back], sent[back], desk=desk[back], to=to[back])
    cases.sent[mine] = sent
    return mine


def _returned(at: Batch, case: Ints, sent: Ints, *, desk: Ints, to: Ints) -> Ints:
    """Dispatch returns the case, the desk completes it and sends it again; returns the moment of the second sending."""
    moment, dispatcher = at.when(to, sent + lognormal_seconds(at.rng, len(case), median=15 * MINUTE, spread=0.5))
    at.log.add(act.TRANSFERRED, case, moment, actor=dispatcher, from_unit=to, to_unit=desk)
    again, agent = at.when(desk, moment + lognormal_seconds(at.rng, len(case), median=40 * MINUTE, spread=0.6))
    at.log.add(act.TRANSFERRED, case, again, actor=agent, from_unit=desk, to_unit=to)
    return again
