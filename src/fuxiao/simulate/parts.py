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
SOURCE_SHARE = (0.0, 0.66, 0.25, 0.09)
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
    """Half of the repairs use a part from the van, booked while on site."""
    uses = (at.rng.random(len(case)) < 0.5) & (at.cases.type[case] == REPAIR)
    case, engineer, end = case[uses], engineer[uses], end[uses]
    asked = end - at.rng.integers(2, 5, len(case)) * MINUTE
    at.parts.add(
        case=case, requested=asked, requested_by=engineer, issued=asked, source=np.full(len(case), VAN),
        picker=blank(len(case)), correct=np.ones_like(case), unit=blank(len(case)),
        returned=_returned(at.rng, end), part=at.rng.integers(100, 999, len(case)),
    )  # fmt: skip


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
    source = rng.choice(4, size=len(case), p=SOURCE_SHARE).astype(np.int64)
    delay = np.array(ISSUE_HOURS)[source] * HOUR * np.exp(rng.standard_normal(len(case)) * 0.35)
    issued, picker = at.when(store, taken + delay.astype(np.int64))
    at.log.add(act.PEND_END, case, issued, actor=picker)
    at.log.add(act.TRANSFERRED, case, issued + 20, actor=picker, from_unit=store, to_unit=team)
    received = _received(at, engineer, issued, slow=team == at.world.company.planted.slow_unit)
    at.log.add(act.PARTS_RECEIVED, case, received, actor=engineer)
    at.parts.add(
        case=case, requested=asked, requested_by=engineer, issued=issued, source=source, picker=picker,
        correct=(rng.random(len(case)) > 0.012).astype(np.int64), unit=store,
        returned=_returned(rng, received + 2 * DAY), part=rng.integers(100, 999, len(case)),
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
    late = rng.random(len(start)) < 0.05
    days = np.where(late, rng.uniform(7.5, 15, len(start)), rng.uniform(0.3, 6, len(start)))
    never = rng.random(len(start)) < 0.01
    moved: Ints = start + (days * DAY).astype(np.int64)
    return np.where(never, NONE, moved)
