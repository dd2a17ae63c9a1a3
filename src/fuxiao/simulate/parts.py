"""The parts store: lines from the van, and cases that wait for a part and go store → field again."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fuxiao.simulate import log as act
from fuxiao.simulate.arrays import DAY, HOUR, MINUTE, NONE, Ints, lognormal_seconds
from fuxiao.simulate.cases import REPAIR, Cases
from fuxiao.simulate.company import PARTS
from fuxiao.simulate.desk import at_work
from fuxiao.simulate.log import Log
from fuxiao.simulate.roster import Duty
from fuxiao.simulate.world import World

VAN, LOCAL, CENTRAL, BACKORDER = range(4)
SOURCES = ("随车", "本地仓", "总仓调拨", "缺货订购")
ISSUE_HOURS = (0.0, 1.2, 26.0, 110.0)
SOURCE_SHARE = (0.0, 0.66, 0.25, 0.09)
RECEIVE_HOURS, RECEIVE_HOURS_SLOW = 1.0, 46.0
"""Median hours from issue until the field takes the part over; the planted pair of units lets parts lie."""


@dataclass(slots=True)
class PartLines:
    """Part lines as columns; ``case`` is the index in the batch."""

    columns: list[tuple[Ints, ...]] = field(default_factory=list)
    NAMES = ("case", "requested", "requested_by", "issued", "source", "picker", "correct", "unit", "returned", "part")

    def add(self, *values: Ints) -> None:
        self.columns.append(values)

    def table(self, *, exported: int) -> dict[str, Ints]:
        """All lines requested before the export, in order of request; later moments are blank."""
        joined = [np.concatenate(column) for column in zip(*self.columns, strict=True)]
        kept = np.flatnonzero(joined[1] <= exported)
        order = kept[np.lexsort((joined[0][kept], joined[1][kept]))]
        table = {name: column[order] for name, column in zip(self.NAMES, joined, strict=True)}
        for name in ("issued", "returned"):
            table[name] = np.where(table[name] <= exported, table[name], NONE)
        return table


def store_of(world: World, cases: Cases, case: Ints) -> Ints:
    branches = int(cases.branch.max(initial=0)) + 1
    table = np.array([world.company.units_of(PARTS, branch)[0] for branch in range(branches)])
    return np.asarray(table[cases.branch[case]], dtype=np.int64)


def van_parts(rng: np.random.Generator, lines: PartLines, cases: Cases, case: Ints, engineer: Ints, end: Ints) -> None:
    """Half of the repairs use a part from the van, booked while on site."""
    uses = (rng.random(len(case)) < 0.5) & (cases.type[case] == REPAIR)
    case, engineer, end = case[uses], engineer[uses], end[uses]
    asked = end - rng.integers(2, 5, len(case)) * MINUTE
    none = np.full(len(case), NONE, dtype=np.int64)
    lines.add(
        case, asked, engineer, asked, np.full(len(case), VAN), none, np.ones_like(case), none,
        _returned(rng, end), rng.integers(100, 999, len(case)),
    )  # fmt: skip


def order_parts(
    rng: np.random.Generator, world: World, duty: Duty, cases: Cases, log: Log, lines: PartLines, case: Ints,
    engineer: Ints, end: Ints, team: Ints,
) -> Ints:  # fmt: skip
    """Order a part for each case, let the store issue it and the team take it over; returns that last moment."""
    if not len(case):
        return end
    store = store_of(world, cases, case)
    asked = end + rng.integers(60, 240, len(case))
    log.add(act.PEND_START, case, asked, actor=engineer, kind=act.PARTS)
    log.add(act.TRANSFERRED, case, asked + 30, actor=engineer, from_unit=team, to_unit=store)
    taken, keeper = duty.when(
        rng, store, asked + lognormal_seconds(rng, len(case), median=30 * MINUTE, spread=0.6), world.days.first
    )
    log.add(act.PARTS_TAKEN, case, taken, actor=keeper)
    source = rng.choice(4, size=len(case), p=SOURCE_SHARE)
    delay = np.array(ISSUE_HOURS)[source] * HOUR * np.exp(rng.standard_normal(len(case)) * 0.35)
    issued, picker = duty.when(rng, store, taken + delay.astype(np.int64), world.days.first)
    log.add(act.PEND_END, case, issued, actor=picker)
    log.add(act.TRANSFERRED, case, issued + 20, actor=picker, from_unit=store, to_unit=team)
    received = _received(rng, world, engineer, issued, slow=team == world.company.planted.slow_unit)
    log.add(act.PARTS_RECEIVED, case, received, actor=engineer)
    correct = (rng.random(len(case)) > 0.012).astype(np.int64)
    lines.add(
        case, asked, engineer, issued, source.astype(np.int64), picker, correct, store,
        _returned(rng, received + 2 * DAY), rng.integers(100, 999, len(case)),
    )  # fmt: skip
    return received


def _received(rng: np.random.Generator, world: World, engineer: Ints, issued: Ints, *, slow: Ints) -> Ints:
    """When the engineer takes the part over: in working hours, usually within the hour."""
    hours = np.where(slow, RECEIVE_HOURS_SLOW, RECEIVE_HOURS)
    wait = hours * HOUR * np.exp(rng.standard_normal(len(issued)) * 0.4)
    moment = issued + 20 + np.maximum(wait.astype(np.int64), 3 * MINUTE)
    at = at_work(rng, world, engineer, moment)
    return np.where(at == NONE, moment, at)


def _returned(rng: np.random.Generator, start: Ints) -> Ints:
    """When the old part is handed in: nearly always within the seven days allowed."""
    late = rng.random(len(start)) < 0.05
    days = np.where(late, rng.uniform(7.5, 15, len(start)), rng.uniform(0.3, 6, len(start)))
    never = rng.random(len(start)) < 0.01
    moved: Ints = start + (days * DAY).astype(np.int64)
    return np.where(never, NONE, moved)
