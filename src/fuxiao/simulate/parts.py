"""The parts store: lines from the van, and cases that wait for a part and go store → field again."""

from __future__ import annotations

import numpy as np

from fuxiao.simulate import log as act
from fuxiao.simulate.arrays import DAY, HOUR, MINUTE, NONE, Flags, Ints, blank, lognormal_seconds
from fuxiao.simulate.batch import Batch, Table
from fuxiao.simulate.cases import REPAIR
from fuxiao.simulate.desk import at_work

VAN, LOCAL, CENTRAL, BACKORDER = range(4)
SOURCES = ("随车", "本地仓", "总仓调拨", "缺货订购")
ISSUE_HOURS = (0.0, 1.2, 26.0, 110.0)
SOURCE_SHARE = (0.0, 0.885, 0.09, 0.025)
VAN_USED, WRONG_PART = 0.65, 0.016
RECEIVE_HOURS, RECEIVE_HOURS_SLOW = 1.0, 46.0
"""Median hours from issue until the field takes the part over; the planted pair of units lets parts lie."""


def part_table(at: Batch) -> Table:
    """All lines requested before the export, in order of request; later moments are blank."""
    table = at.parts.table()
    kept = np.flatnonzero(table["requested"] <= at.world.exported)
    order = kept[np.lexsort((table["case"][kept], table["requested"][kept]))]
    lines = {name: values[order] for name, values in table.items()}
    for name in ("issued", "returned"):
        lines[name] = np.where(lines[name] <= at.world.exported, lines[name], NONE)
    return lines


def van_parts(at: Batch, case: Ints, engineer: Ints, end: Ints) -> None:
    """Most repairs use a part from the van, booked while on site; the store fills the van up again."""
    uses = (at.rng.random(len(case)) < VAN_USED) & (at.cases.type[case] == REPAIR)
    case, engineer, end = case[uses], engineer[uses], end[uses]
    asked, part = end - at.rng.integers(2, 5, len(case)) * MINUTE, at.rng.integers(100, 999, len(case))
    at.parts.add(
        case=case, requested=asked, requested_by=engineer, issued=asked, source=np.full(len(case), VAN),
        picker=blank(len(case)), correct=np.ones_like(case), unit=blank(len(case)),
        returned=_returned(at.rng, end), part=part, restock=np.zeros_like(case),
    )  # fmt: skip
    _restock(at, case, engineer, end, part)


def _restock(at: Batch, case: Ints, engineer: Ints, end: Ints, part: Ints) -> None:
    """In the evening the engineer asks the store for another of each part used; nobody waits for it but the van."""
    if not len(case):
        return
    asked, store = end // DAY * DAY + 18 * HOUR + at.rng.integers(0, 90, len(case)) * MINUTE, at.store(case)
    asked = np.maximum(asked, end + 5 * MINUTE)
    taken, _ = at.when(store, asked)
    source, delay = _supply(at.rng, len(case))
    issued, picker = at.when(store, taken + delay)
    at.parts.add(
        case=case, requested=asked, requested_by=engineer, issued=issued, source=source, picker=picker,
        correct=_correct(at.rng, len(case)), unit=store, returned=blank(len(case)), part=part,
        restock=np.ones_like(case),
    )  # fmt: skip


def _supply(rng: np.random.Generator, size: int) -> tuple[Ints, Ints]:
    """Where each line comes from, and the seconds from its acceptance to its issue."""
    source = rng.choice(4, size=size, p=SOURCE_SHARE).astype(np.int64)
    delay = np.array(ISSUE_HOURS)[source] * HOUR * np.exp(rng.standard_normal(size) * 0.35)
    return source, delay.astype(np.int64)


def _correct(rng: np.random.Generator, size: int) -> Ints:
    return (rng.random(size) > WRONG_PART).astype(np.int64)


def order_parts(at: Batch, case: Ints, engineer: Ints, end: Ints) -> Ints:
    """Order a part for each case, let the store issue it and the team take it over; returns that last moment."""
    if not len(case):
        return end
    rng, team, store = at.rng, at.cases.unit[case], at.store(case)
    asked = end + rng.integers(60, 240, len(case))
    at.log.add(act.PEND_START, case, asked, actor=engineer, kind=act.PARTS)
    at.log.add(act.TRANSFERRED, case, asked + 30, actor=engineer, from_unit=team, to_unit=store)
    taken, keeper = at.when(store, asked + lognormal_seconds(rng, len(case), median=30 * MINUTE, spread=0.6))
    at.log.add(act.PARTS_TAKEN, case, taken, actor=keeper)
    source, delay = _supply(rng, len(case))
    issued, picker = at.when(store, taken + delay)
    at.log.add(act.PEND_END, case, issued, actor=picker)
    at.log.add(act.TRANSFERRED, case, issued + 20, actor=picker, from_unit=store, to_unit=team)
    received = _received(at, engineer, issued, slow=team == at.world.company.planted.slow_unit)
    at.log.add(act.PARTS_RECEIVED, case, received, actor=engineer)
    at.parts.add(
        case=case, requested=asked, requested_by=engineer, issued=issued, source=source, picker=picker,
        correct=_correct(rng, len(case)), unit=store, returned=_returned(rng, received + 2 * DAY),
        part=rng.integers(100, 999, len(case)), restock=np.zeros_like(case),
    )  # fmt: skip
    return received


def _received(at: Batch, engineer: Ints, issued: Ints, *, slow: Flags) -> Ints:
    """When the engineer takes the part over: in working hours, usually within the hour."""
    hours = np.where(slow, RECEIVE_HOURS_SLOW, RECEIVE_HOURS)
    wait = hours * HOUR * np.exp(at.rng.standard_normal(len(issued)) * 0.4)
    moment = issued + 20 + np.maximum(wait.astype(np.int64), 3 * MINUTE)
    working = at_work(at, engineer, moment)
    return np.where(working == NONE, moment, working)


def _returned(rng: np.random.Generator, start: Ints) -> Ints:
    """When the old part is handed in: nearly always within the seven days allowed."""
    late = rng.random(len(start)) < 0.035
    days = np.where(late, rng.uniform(7.5, 15, len(start)), rng.uniform(0.3, 6, len(start)))
    never = rng.random(len(start)) < 0.01
    moved: Ints = start + (days * DAY).astype(np.int64)
    return np.where(never, NONE, moved)
