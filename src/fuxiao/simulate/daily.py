"""What is counted day by day and month by month: attendance of everybody, and the counters of other systems."""

from __future__ import annotations

import numpy as np

from fuxiao.simulate.arrays import NONE, Ints
from fuxiao.simulate.cells import Columns, Words, numbers, pick
from fuxiao.simulate.company import DESK, DISPATCH, LEAD, PARTS, Company
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


Block = tuple[str, list[str], Ints, Ints, Ints]
"""Counter, subjects, day indexes, numerators, denominators."""


def counters(rng: np.random.Generator, words: Words, world: World, first: int, last: int) -> Columns:
    """What other systems count: calls by desk and day, stock by week, and by month what leads and dispatchers did."""
    blocks = [*_calls(rng, world, first, last), _counted(rng, world, first, last), *_monthly(rng, world, last - 1)]
    days = np.concatenate([day for _, _, day, _, _ in blocks])
    return {
        "计数项": [name for name, subjects, *_ in blocks for _ in subjects],
        "对象": [subject for _, subjects, *_ in blocks for subject in subjects],
        "日期": words.clock.dates(world.days.first + days),
        "分子": numbers(np.concatenate([part for *_, part, _ in blocks])),
        "分母": numbers(np.concatenate([whole for *_, whole in blocks])),
    }


def _units(company: Company, kind: int) -> Ints:
    return np.array([i for i, unit in enumerate(company.units) if unit.kind == kind], dtype=np.int64)


def _grid(company: Company, units: Ints, days: Ints) -> tuple[list[str], Ints]:
    """Each unit on each day: names and days."""
    subject, day = (axis.ravel() for axis in np.meshgrid(units, days, indexing="ij"))
    return [company.units[unit].name for unit in subject.tolist()], day


def _calls(rng: np.random.Generator, world: World, first: int, last: int) -> list[Block]:
    """Calls offered, answered within 20 seconds, and given up after five."""
    subject, day = _grid(world.company, _units(world.company, DESK), np.arange(first, last))
    busy = world.days.volume[day] - 1
    offered = rng.poisson(45 * (1 + busy))
    lost = rng.binomial(offered, np.clip(0.02 + 0.03 * busy, 0.01, 0.2))
    quick = rng.binomial(offered - lost, np.clip(0.9 - 0.12 * busy, 0.5, 0.97))
    return [("接通20秒内", subject, day, quick, offered), ("放弃", subject, day, lost, offered)]


def _counted(rng: np.random.Generator, world: World, first: int, last: int) -> Block:
    """Bins counted on Mondays and those within tolerance."""
    mondays = np.arange(first, last)[world.days.weekday[first:last] == 0]
    subject, day = _grid(world.company, _units(world.company, PARTS), mondays)
    bins = rng.integers(60, 140, len(day))
    return "盘点相符", subject, day, rng.binomial(bins, 0.981), bins


def _monthly(rng: np.random.Generator, world: World, day: int) -> list[Block]:
    """Talks held, improvements done and upward scores of leads; training and stock of units; dispatchers' changes."""
    company, people = world.company, world.company.people
    leads = np.flatnonzero(people.role == LEAD)
    team = company.team_by_day[:, day]
    due = np.array([np.count_nonzero(team == people.unit[lead]) - 1 for lead in leads], dtype=np.int64)
    ideas, raters = rng.integers(6, 11, len(leads)), np.maximum(due, 1)
    units = [i for i in range(len(company.units)) if np.count_nonzero(team == i)]
    heads = np.array([np.count_nonzero(team == i) for i in units], dtype=np.int64)
    stores = _units(company, PARTS)
    dispatchers = np.flatnonzero((people.role == DISPATCH) & (team != NONE))
    planned = rng.poisson(330, len(dispatchers))

    def block(name: str, subjects: list[str], part: Ints, whole: Ints) -> Block:
        return name, subjects, np.full(len(subjects), day, dtype=np.int64), part, whole

    leading, names = [people.numbers[i] for i in leads], [company.units[i].name for i in units]
    return [
        block("一对一", leading, rng.binomial(due, 0.97), due),
        block("改进项", leading, rng.binomial(ideas, 0.86), ideas),
        block("向上反馈", leading, np.rint(raters * rng.uniform(3.7, 4.8, len(leads))).astype(np.int64), raters),
        block("培训达标", names, rng.binomial(heads, 0.97), heads),
        block("库存周转", [company.units[i].name for i in stores], rng.integers(290_000, 350_000, len(stores)),
              rng.integers(8_600, 10_400, len(stores))),
        block("我方改约", [people.numbers[i] for i in dispatchers], rng.binomial(planned, 0.05), planned),
    ]  # fmt: skip
