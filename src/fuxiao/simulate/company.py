"""The units and people of the invented company: who works where from when to when, and who behaves how."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from fuxiao.core.errors import InputError
from fuxiao.simulate.arrays import NONE, Flags, Ints
from fuxiao.simulate.calendar_days import Days, add_months
from fuxiao.simulate.texts import BRANCHES, GIVEN_FIRST, GIVEN_SECOND, SURNAMES

LEAST_PEOPLE = 8
PLANTED_FROM = 40
"""A smaller company is all honest: one cannot tell people apart on two or three colleagues."""
BRANCH_SIZE = 60

KINDS = ("desk", "dispatch", "field", "parts", "complaints", "quality", "management")
KIND_WORDS = ("客服", "调度", "外勤", "备件", "投诉处理", "质检", "管理")
DESK, DISPATCH, FIELD, PARTS, COMPLAINTS, QUALITY, MANAGEMENT = range(7)
ROLES = ("客服专员", "调度员", "服务工程师", "仓管员", "投诉专员", "质检员", "班组长", "服务总监")
LEAD, DIRECTOR = 6, 7
WAGES = (4800, 5400, 5600, 4900, 5600, 5600, 7800, 16000)
BONUS_BASES = (1500, 1600, 2200, 1300, 1600, 1500, 3000, 6000)

LAYOUT = (
    ("客服一组", DESK, 5),
    ("客服二组", DESK, 5),
    ("调度组", DISPATCH, 3),
    ("天越组", FIELD, 7),
    ("禅南组", FIELD, 6),
    ("南宝组", FIELD, 6),
    ("商用空调组", FIELD, 6),
    ("备件仓", PARTS, 3),
    ("投诉组", COMPLAINTS, 4),
    ("质检组", QUALITY, 4),
)
"""Units of a branch and how the heads beyond the first of each are shared out; exact for a company of 60."""
SMALL_LAYOUT = (("客服组", DESK, 3), ("调度组", DISPATCH, 1), ("外勤组", FIELD, 3), ("备件仓", PARTS, 1))
ROOT = "服务部"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its name, function (index into ``KINDS``) and branch; ``commercial`` is the team with the hard cases."""

    name: str
    kind: int
    branch: int
    parent: str
    commercial: bool = False


@dataclass(slots=True)
class People:
    """One element a person; ``hired`` and ``left`` are day indexes (``left`` exclusive, or far away)."""

    numbers: list[str]
    names: list[str]
    unit: Ints
    role: Ints
    hired: Ints
    left: Ints
    moves: list[tuple[int, int, int]] = field(default_factory=list)
    """``(person, day index, new unit)``"""


@dataclass(frozen=True, slots=True)
class Planted:
    """The persons and units with planted behaviour, as indexes; ``NONE`` where the company is too small."""

    cherry_picker: int = NONE
    reopen_gamer: int = NONE
    survey_skipper: int = NONE
    over_compensator: int = NONE
    better: int = NONE
    worse: int = NONE
    slow_unit: int = NONE
    returned_unit: int = NONE

    def persons(self) -> tuple[int, ...]:
        gamers = (self.cherry_picker, self.reopen_gamer, self.survey_skipper, self.over_compensator)
        return (*gamers, self.better, self.worse)


@dataclass(frozen=True, slots=True)
class Company:
    units: tuple[Unit, ...]
    people: People
    planted: Planted
    team_by_day: Ints
    """Unit of each person (row) on each day (column); ``NONE`` before hiring and after leaving."""

    def units_of(self, kind: int, branch: int) -> list[int]:
        return [i for i, unit in enumerate(self.units) if unit.kind == kind and unit.branch == branch]


def build_company(rng: np.random.Generator, days: Days, *, people: int, start: date, months: int) -> Company:
    """A company of ``people`` persons; raises ``InputError`` (``simulate.too_few_people``) for fewer than eight."""
    if people < LEAST_PEOPLE:
        raise InputError("simulate.too_few_people", people=people, least=LEAST_PEOPLE)
    units, sizes = _units(people)
    staff = _people(rng, units, sizes)
    planted = _plant(units, staff) if people >= PLANTED_FROM else Planted()
    _turnover(units, staff, days, planted, start=start, months=months)
    return Company(units, staff, planted, _team_by_day(staff, len(days)))


def _units(people: int) -> tuple[tuple[Unit, ...], list[int]]:
    """All units and how many people each has; the last person is the director."""
    branches = max(1, round(people / BRANCH_SIZE))
    units: list[Unit] = []
    sizes: list[int] = []
    for branch in range(branches):
        staff = (people - 1) * (branch + 1) // branches - (people - 1) * branch // branches
        layout = LAYOUT if staff >= 24 else SMALL_LAYOUT
        parent, prefix = _branch_name(branch, branches)
        for (name, kind, _), size in zip(layout, _split(staff, [weight for *_, weight in layout]), strict=True):
            units.append(Unit(prefix + name, kind, branch, parent, commercial=name == "商用空调组"))
            sizes.append(size)
    units.append(Unit(ROOT, MANAGEMENT, 0, ""))
    return tuple(units), [*sizes, 1]


def _branch_name(branch: int, branches: int) -> tuple[str, str]:
    """``(parent unit, prefix of unit names)``; one branch alone needs neither."""
    if branches == 1:
        return ROOT, ""
    round_, place = divmod(branch, len(BRANCHES))
    name = BRANCHES[place] + (str(round_ + 1) if round_ else "")
    return f"{name}分公司", name


def _split(total: int, weights: list[int]) -> list[int]:
    """``total`` heads over units by largest remainder, at least one each."""
    spare, whole = total - len(weights), sum(weights)
    exact = [spare * weight / whole for weight in weights]
    heads = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda i: (heads[i] - exact[i], i))
    for i in order[: spare - sum(heads)]:
        heads[i] += 1
    return [1 + head for head in heads]


def _people(rng: np.random.Generator, units: tuple[Unit, ...], sizes: list[int]) -> People:
    unit = np.repeat(np.arange(len(units)), sizes)
    kinds = np.array([each.kind for each in units])[unit]
    role = np.minimum(kinds, 5)
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    led = (np.array(sizes) >= 4) & np.isin([each.kind for each in units], (DESK, FIELD, PARTS))
    role[first[led]] = LEAD
    role[kinds == MANAGEMENT] = DIRECTOR
    count = len(unit)
    return People(
        numbers=[f"LC{1001 + i:05d}" for i in range(count)],
        names=_names(rng, count),
        unit=unit.astype(np.int64),
        role=role.astype(np.int64),
        hired=np.zeros(count, dtype=np.int64),
        left=np.full(count, 10**6, dtype=np.int64),
    )


def _names(rng: np.random.Generator, count: int) -> list[str]:
    """Unique full names; common surnames come more often."""
    chance = 1 / (np.arange(len(SURNAMES)) + 6.0)
    names: dict[str, None] = {}
    while len(names) < count:
        surname = rng.choice(len(SURNAMES), size=count, p=chance / chance.sum())
        first = rng.integers(len(GIVEN_FIRST), size=count)
        second = rng.integers(len(GIVEN_SECOND), size=count)
        single = rng.random(count) < 0.12
        for s, f, g, short in zip(surname, first, second, single, strict=True):
            names[SURNAMES[s] + ("" if short else GIVEN_FIRST[f]) + GIVEN_SECOND[g]] = None
    return list(names)[:count]


def _plant(units: tuple[Unit, ...], staff: People) -> Planted:
    """Choose the persons: always the same seats of the first branch, so that a bigger company has the same story."""
    seats = [np.flatnonzero((staff.unit == i) & (staff.role != LEAD)) for i in range(len(units))]
    desk_one, desk_two, first, second, third = seats[0], seats[1], seats[3], seats[4], seats[5]
    return Planted(
        cherry_picker=int(first[1]),
        reopen_gamer=int(second[1]),
        survey_skipper=int(third[1]),
        over_compensator=int(desk_one[2]),
        better=int(third[2]),
        worse=int(first[2]),
        slow_unit=int(staff.unit[second[0]]),
        returned_unit=int(staff.unit[desk_two[0]]),
    )


def _turnover(
    units: tuple[Unit, ...], staff: People, days: Days, planted: Planted, *, start: date, months: int
) -> None:
    """One joiner in the last month, one leaver, three who change teams; none of them is a planted person."""
    seats = [np.flatnonzero((staff.unit == i) & (staff.role != LEAD)) for i in range(len(units))]
    if len(units) < len(LAYOUT) or min(len(seat) for seat in seats[:7]) < 4:
        return
    last_month = days.index(add_months(start, months - 1))
    staff.hired[seats[5][-1]] = last_month + 11
    if months >= 3:
        staff.left[seats[0][-1]] = days.index(add_months(start, months * 2 // 3))
        staff.moves.append((int(seats[3][-1]), days.index(add_months(start, months // 3)), 5))
        staff.moves.append((int(seats[1][-1]), days.index(add_months(start, months // 2)), 0))
        staff.moves.append((int(seats[5][-2]), days.index(add_months(start, months - 2)) + 15, 6))
    moved = {person for person, *_ in staff.moves} | {int(seats[5][-1]), int(seats[0][-1])}
    if moved & set(planted.persons()):
        raise InputError("simulate.planted_person_moves", people=len(staff.numbers))


def _team_by_day(staff: People, days: int) -> Ints:
    """Unit of each person on each day."""
    team = np.repeat(staff.unit[:, None], days, axis=1)
    for person, since, unit in staff.moves:
        team[person, since:] = unit
    day = np.arange(days)
    employed: Flags = (day >= staff.hired[:, None]) & (day < staff.left[:, None])
    return np.where(employed, team, NONE).astype(np.int64)
