"""The registers of the company: people, memberships, units, devices and customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

import numpy as np

from fuxiao.simulate import texts
from fuxiao.simulate.arrays import NONE, Ints
from fuxiao.simulate.catalogue import MODELS
from fuxiao.simulate.cells import Columns, Words, customer_numbers, model_of, pick, serials
from fuxiao.simulate.company import BONUS_BASES, KIND_WORDS, LEAD, ROLES, ROOT, WAGES, Company
from fuxiao.simulate.layout import MEMBERSHIPS, PEOPLE, TEAMS
from fuxiao.simulate.world import HOMES, WARRANTY_DAYS, World, customer_of, hashed, region_of, sold_on

Sheet = list[list[object]]


def sheets(world: World) -> dict[str, Sheet]:
    """The three sheets of the workbook of people."""
    company = world.company
    return {
        PEOPLE.sheet: [list(PEOPLE.headers()), *_people(world, company)],
        MEMBERSHIPS.sheet: [list(MEMBERSHIPS.headers()), *_memberships(world, company)],
        TEAMS.sheet: [list(TEAMS.headers()), *_teams(company)],
    }


def _date(world: World, day: int) -> datetime:
    return datetime.combine(world.days.on(day), time())


def hired(world: World, person: int) -> datetime:
    """Who was there from the start joined in the eight years before it."""
    day = int(world.company.people.hired[person])
    before = int(hashed(np.array([person]), 41, 2900)[0]) + 40
    return _date(world, day if day > 0 else -before)


def _people(world: World, company: Company) -> Iterator[list[object]]:
    people = company.people
    for i, (number, name) in enumerate(zip(people.numbers, people.names, strict=True)):
        left = int(people.left[i])
        role = int(people.role[i])
        gone = _date(world, left) if left < len(world.days) else None
        yield [number, name, hired(world, i), gone, WAGES[role] + 50 * (i % 9), BONUS_BASES[role]]


def _memberships(world: World, company: Company) -> Iterator[list[object]]:
    people = company.people
    moves = {person: (day, unit) for person, day, unit in people.moves}
    for i, number in enumerate(people.numbers):
        role = int(people.role[i])
        left = _date(world, int(people.left[i])) if people.left[i] < len(world.days) else None
        day, unit = moves.get(i, (NONE, NONE))
        moved = _date(world, day) if day != NONE else None
        row = [number, company.units[int(people.unit[i])].name, ROLES[role], hired(world, i)]
        yield [*row, moved or left, BONUS_BASES[role]]
        if moved:
            yield [number, company.units[unit].name, ROLES[role], moved, left, BONUS_BASES[role]]


def _teams(company: Company) -> Iterator[list[object]]:
    people = company.people
    yield [ROOT, None, f"{texts.COMPANY}{ROOT}", "管理", people.numbers[-1]]
    for branch in dict.fromkeys(unit.parent for unit in company.units):
        if branch not in {"", ROOT}:
            yield [branch, ROOT, branch, "管理", None]
    for index, unit in enumerate(company.units):
        if unit.name != ROOT:
            leads = np.flatnonzero((people.unit == index) & (people.role == LEAD))
            lead = people.numbers[int(leads[0])] if len(leads) else None
            yield [unit.name, unit.parent, unit.name, KIND_WORDS[unit.kind], lead]


def device_rows(words: Words, world: World, device: Ints) -> Columns:
    first = world.days.first
    sold = sold_on(device, first)
    dates = words.clock.dates
    return {
        "序列号": serials(device),
        "型号": pick(MODELS, model_of(device)),
        "客户编号": customer_numbers(customer_of(device)),
        "售出日期": dates(sold),
        "装机日期": dates(sold + hashed(device, 7, 12)),
        "质保开始": dates(sold),
        "质保结束": dates(sold + WARRANTY_DAYS),
    }


def customer_rows(customer: Ints) -> Columns:
    """Customers with masked telephone numbers; businesses have a shop's name."""
    region, business = region_of(customer), customer // HOMES % 2 == 1
    surname = pick(texts.SURNAMES, hashed(customer, 13, len(texts.SURNAMES)))
    polite = pick(("女士", "先生"), hashed(customer, 17, 2))
    tail = hashed(customer, 19, 10_000).tolist()
    shop = pick(("便利店", "餐厅", "办公楼", "酒店", "美容院"), hashed(customer, 29, 5))
    return {
        "客户编号": customer_numbers(customer),
        "名称": [s + (w if b else p) for s, w, p, b in zip(surname, shop, polite, business.tolist(), strict=True)],
        "电话": [f"13{t % 10}****{t:04d}" for t in tail],
        "城市": pick(texts.REGION_CITIES, region // 3),
        "区域": pick([r for t in texts.REGIONS for r in t], region),
        "客群": [
            "企业客户" if b else pick(texts.SEGMENTS[:4], np.array([t % 4]))[0]
            for b, t in zip(business.tolist(), tail, strict=True)
        ],
    }
