"""What happens at the customer's: visits until the case is fixed, with parts and missed appointments in between."""

from __future__ import annotations

import numpy as np

from fuxiao.simulate import log as act
from fuxiao.simulate.arrays import DAY, HOUR, MINUTE, Ints, logit_shift, lognormal_seconds
from fuxiao.simulate.batch import Batch, Table
from fuxiao.simulate.cases import REPAIR
from fuxiao.simulate.catalogue import FIX_CHANCE
from fuxiao.simulate.day import Made, make_visits
from fuxiao.simulate.parts import order_parts, van_parts
from fuxiao.simulate.world import promised_seconds

FIXED, PARTS_NEEDED, WRONG_DIAGNOSIS, NO_FAULT, NO_ACCESS, REFUSED = range(6)
OUTCOMES = ("修复", "缺件", "误判", "无故障", "客户不在", "客户拒修")
ROUNDS = 4
BETTER, WORSE = 1.15, -1.3
"""Log-odds by which the better engineer fixes more at a visit, and the worse one less."""


def visit_table(at: Batch) -> Table:
    """All visits that ended before the export, by case and number."""
    table = at.visits.table()
    kept = np.flatnonzero(table["left"] <= at.world.exported)
    order = kept[np.lexsort((table["visit_no"][kept], table["case"][kept]))]
    return {name: values[order] for name, values in table.items()}


def visit_until_done(at: Batch, case: Ints, engineer: Ints, *, day: Ints, ready: Ints, reopened: bool) -> None:
    """Visit after visit until each case is fixed, refused, or found without a fault."""
    for turn in range(ROUNDS):
        if not len(case):
            return
        made = make_visits(at, case, engineer, day=day, ready=ready)
        outcome = _outcome(at, case, engineer, last=turn == ROUNDS - 1)
        end = np.where(np.isin(outcome, (NO_ACCESS, REFUSED)), np.minimum(made.start + 9 * MINUTE, made.end), made.end)
        _record(at, case, engineer, made=made, end=end, outcome=outcome)
        done, fixed = np.isin(outcome, (FIXED, NO_FAULT, REFUSED)), outcome == FIXED
        _resolve(at, case[done], engineer[done], end=end[done], outcome=outcome[done], reopened=reopened)
        van_parts(at, case[fixed], engineer[fixed], end[fixed])
        ready = _before_next(at, case, engineer, end=end, outcome=outcome)
        case, engineer, ready = case[~done], engineer[~done], ready[~done]
        day = at.world.day_of(ready) + (ready % DAY > 16 * HOUR)


def _outcome(at: Batch, case: Ints, engineer: Ints, *, last: bool) -> Ints:
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


def _record(at: Batch, case: Ints, engineer: Ints, *, made: Made, end: Ints, outcome: Ints) -> None:
    cases, first = at.cases, at.cases.visits[case] == 0
    cases.window[case[first]], cases.on_site[case[first]] = made.window[first], made.start[first]
    cases.engineer[case[first]] = engineer[first]
    cases.visits[case] += 1
    cases.handled[case] += end - made.start
    at.log.add(act.VISIT_START, case, made.start, actor=engineer)
    at.log.add(act.VISIT_END, case, end, actor=engineer)
    near = at.rng.exponential(70, len(case))
    distance = np.where(at.rng.random(len(case)) < 0.006, 600 + near * 10, near).astype(np.int64)
    at.visits.add(
        case=case, visit_no=cases.visits[case], engineer=engineer, window=made.window, arrived=made.start, left=end,
        travel=made.travel, work=(end - made.start) // MINUTE, outcome=outcome, distance=distance,
    )  # fmt: skip


def _resolve(at: Batch, case: Ints, engineer: Ints, *, end: Ints, outcome: Ints, reopened: bool) -> None:
    moment = end + at.rng.integers(60, 9 * MINUTE, len(case))
    at.cases.resolved[case], at.cases.owner[case] = moment, engineer
    at.cases.result[case] = np.where(outcome == REFUSED, 4, np.where(outcome == NO_FAULT, 5, at.rng.integers(0, 2)))
    if not reopened:
        at.cases.first_owner[case] = engineer
    at.log.add(act.RESOLVED, case, moment, actor=engineer)


def _before_next(at: Batch, case: Ints, engineer: Ints, *, end: Ints, outcome: Ints) -> Ints:
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
    ready[short] = order_parts(at, case[short], engineer[short], end[short])
    return ready
