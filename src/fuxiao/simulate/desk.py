"""The call desk: answers, solves what can be solved from afar, sends the rest to dispatch."""

from __future__ import annotations

import numpy as np

from fuxiao.simulate import log as act
from fuxiao.simulate.arrays import HOUR, MINUTE, NONE, Ints, lognormal_seconds
from fuxiao.simulate.batch import Batch
from fuxiao.simulate.cases import ADVISED, DUPLICATE, ENQUIRY, EXCHANGED, RETURN, typical_handling
from fuxiao.simulate.roster import FAR, SHIFT_HOURS
from fuxiao.simulate.world import hashed, promised_seconds

WRITTEN = (1, 2)
"""Channels with an automatic first reply."""
FIRST_CONTACT = (0.74, 0.63, 0.46)
"""Chance that an easy, a middling, a hard question is answered at once."""
KNACK = 0.0012
"""How much agents differ in this, from -0.07 to +0.05."""
ANSWER_MEDIAN = (180, 1320, 1680, 2040, 480)
"""Seconds until the first human answer, by channel."""
OVERFLOW = 5 * MINUTE
"""After so long without anybody at the own desk the other one takes the call."""
PATIENT, PATIENCE = (1, 2, 3), 12.0
"""Written questions wait so much longer than something broken."""
HASTE = (0.5, 1.0, 1.1)
"""The same for urgent, normal and low cases: urgent ones are taken first."""
ASKS_FACTORY = 0.40
"""Of the cases that need a follow-up, how many wait for an answer from the factory or the dealer."""
FOLLOW_UP_HOURS, FACTORY_HOURS = 4.0, 66.0
"""Median hours until a follow-up is done."""
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
    median = median * np.where((cases.type[live] >= ENQUIRY) & np.isin(cases.channel[live], PATIENT), PATIENCE, 1.0)
    delay = np.rint(median * np.exp(rng.standard_normal(len(live)) * 0.8)).astype(np.int64)
    moment, person, unit = _first_free(at, live, unit, cases.opened[live] + np.clip(delay, 8, 3 * HOUR))
    live, moment, person, unit = (values[person != NONE] for values in (live, moment, person, unit))
    cases.answered[live], cases.responder[live], cases.unit[live] = moment, person, unit
    cases.handled[live] = typical_handling(rng, cases)[live]
    day = np.minimum(world.day_of(moment), len(world.days) - 1)
    np.add.at(world.worked, (person, day), (cases.handled[live] // MINUTE).astype(np.int32))
    at.log.add(act.RESPONDED, live, moment, actor=person)
    raised = live[rng.random(len(live)) < 0.03]
    halfway = cases.answered[raised] + cases.handled[raised] // 2
    at.log.add(act.ESCALATED, raised, halfway, actor=cases.responder[raised])


def _first_free(at: Batch, live: Ints, unit: Ints, wanted: Ints) -> tuple[Ints, Ints, Ints]:
    """Moment, agent and unit of the answer: calls overflow to the other desk while nobody sits at the own one."""
    moment, person = at.when(unit, wanted)
    stuck = np.flatnonzero((moment > wanted + OVERFLOW) | (person == NONE))
    other = at.other_desk(live[stuck], unit[stuck])
    earlier, helper = at.when(other, wanted[stuck])
    helps = (helper != NONE) & ((earlier < moment[stuck]) | (person[stuck] == NONE))
    taken = stuck[helps]
    moment[taken], person[taken], unit[taken] = earlier[helps], helper[helps], other[helps]
    return moment, person, unit


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
    chance = np.array(FIRST_CONTACT)[cases.difficulty[mine]] + (hashed(person, 41, 101) - 55) * KNACK
    now = at.rng.random(len(mine)) < chance
    cases.first_contact[mine] = now
    later = mine[~now]
    cases.resolved[mine] = end
    cases.resolved[later] = _follow_up(at, later)
    cases.owner[mine] = cases.first_owner[mine] = person
    cases.result[mine] = np.where(cases.type[mine] == RETURN, EXCHANGED, ADVISED)
    at.log.add(act.RESOLVED, mine, cases.resolved[mine], actor=person)


def _follow_up(at: Batch, later: Ints) -> Ints:
    """The moment each is solved: in a later shift of the same agent; some wait for the customer or the factory.

    Who leaves the company before that finishes at once.
    """
    cases, rng = at.cases, at.rng
    person, start = cases.responder[later], cases.answered[later] + cases.handled[later]
    cases.contacts[later] += rng.integers(1, 3, len(later))
    factory = rng.random(len(later)) < ASKS_FACTORY
    takes = np.where(factory, FACTORY_HOURS, FOLLOW_UP_HOURS) * HOUR * np.exp(rng.standard_normal(len(later)) * 0.7)
    done = at_work(at, person, start + np.rint(takes).astype(np.int64))
    done = np.where(done == NONE, start, done)
    long = done > start + HOUR
    waits = ~factory & long & (rng.random(len(later)) < 0.4)
    case, begin, until = later[waits], start[waits], done[waits] - 20 * MINUTE
    _pause(at, case, person[waits], begin=begin, until=until, kind=act.CUSTOMER)
    at.log.add(act.CONTACTED, case, until)
    cases.paused[case] += promised_seconds(begin, until)
    asked = factory & long
    _pause(at, later[asked], person[asked], begin=start[asked], until=done[asked] - 20 * MINUTE, kind=act.THIRD_PARTY)
    return done


def _pause(at: Batch, case: Ints, person: Ints, *, begin: Ints, until: Ints, kind: int) -> None:
    at.log.add(act.PEND_START, case, begin, actor=person, kind=kind)
    at.log.add(act.PEND_END, case, until, actor=person)


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
