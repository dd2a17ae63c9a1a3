"""What is counted day by day: attendance of everybody, telephone service, stock counts, one-to-ones."""

from __future__ import annotations

import numpy as np

from fuxiao.simulate.arrays import NONE, Ints
from fuxiao.simulate.cells import Columns, Words, numbers, pick
from fuxiao.simulate.company import DESK, PARTS, Company
from fuxiao.simulate.roster import EARLY, FIELD_DAY, LATE, LEAVE, OFF, OFFICE, SICK, TRAINING
from fuxiao.simulate.world import World

MINUTES = {EARLY: 480, LATE: 480, FIELD_DAY: 510, OFFICE: 480, LEAVE: 480, SICK: 480, TRAINING: 480}


def attendance(rng: np.random.Generator, words: Words, world: World, first: int, last: int) -> Columns:
    """One row for each person and rostered day in ``[first, last)``; leave is paid, not available."""
    shift = world.roster.shift[:, first:last]
    person, day = np.nonzero(shift != OFF)
    code = shift[person, day]
    scheduled = np.array([MINUTES.get(c, 0) for c in range(TRAINING + 1)])[code]
    away, learning = np.isin(code, (LEAVE, SICK)), code == TRAINING
    training = np.where(learning, 480, np.where((rng.random(len(code)) < 0.03) & ~away, 60, 0))
    worked = world.worked[person, day + first].astype(np.int64)
    present = scheduled - training - rng.integers(20, 50, len(code))
    available = np.where(away | learning, 0, np.maximum(present, np.minimum(worked, 660)))
    return {
        "工号": words.person(person), "日期": words.clock.dates(world.days.first + first + day),
        "排班分钟": numbers(scheduled), "计薪分钟": numbers(np.where(away, 480, np.maximum(scheduled, available))),
        "可用分钟": numbers(available), "处理分钟": numbers(np.where(away, 0, np.minimum(worked, available))),
        "培训分钟": numbers(training), "请假": pick(("年假", "病假", ""), np.where(away, code - LEAVE, NONE)),
    }  # fmt: skip


def counters(rng: np.random.Generator, words: Words, world: World, first: int, last: int) -> Columns:
    """Calls answered within 20 seconds and given up, by desk unit and day; stock counts by week; talks by month."""
    blocks = [
        *_calls(rng, world, first, last),
        _weekly(rng, world, first, last),
        _talks(rng, world, last - 1),
    ]
    name, subject, day, part, whole = (np.concatenate(column) for column in zip(*blocks, strict=True))
    return {
        "计数项": pick(("接通20秒内", "放弃", "盘点相符", "一对一"), name), "对象": words.unit(subject),
        "日期": words.clock.dates(world.days.first + day), "分子": numbers(part), "分母": numbers(whole),
    }  # fmt: skip


Block = tuple[Ints, Ints, Ints, Ints, Ints]


def _units(company: Company, kind: int) -> Ints:
    return np.array([i for i, unit in enumerate(company.units) if unit.kind == kind], dtype=np.int64)


def _calls(rng: np.random.Generator, world: World, first: int, last: int) -> list[Block]:
    units = _units(world.company, DESK)
    subject, day = (axis.ravel() for axis in np.meshgrid(units, np.arange(first, last), indexing="ij"))
    offered = rng.poisson(45 * world.days.volume[day])
    lost = rng.binomial(offered, np.clip(0.02 + 0.03 * (world.days.volume[day] - 1), 0.01, 0.2))
    quick = rng.binomial(offered - lost, np.clip(0.9 - 0.12 * (world.days.volume[day] - 1), 0.5, 0.97))
    zero = np.zeros_like(subject)
    return [(zero, subject, day, quick, offered), (zero + 1, subject, day, lost, offered)]


def _weekly(rng: np.random.Generator, world: World, first: int, last: int) -> Block:
    mondays = np.arange(first, last)[world.days.weekday[first:last] == 0]
    subject, day = (axis.ravel() for axis in np.meshgrid(_units(world.company, PARTS), mondays, indexing="ij"))
    counted = rng.integers(60, 140, len(day))
    return np.full(len(day), 2), subject, day, rng.binomial(counted, 0.985), counted


def _talks(rng: np.random.Generator, world: World, day: int) -> Block:
    units = np.arange(len(world.company.units) - 1)
    due = np.array([(world.company.team_by_day[:, day] == unit).sum() for unit in units])
    keep = due > 0
    held = rng.binomial(due[keep], 0.93)
    return np.full(int(keep.sum()), 3), units[keep], np.full(int(keep.sum()), day), held, due[keep]
