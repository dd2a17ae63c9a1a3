"""The answer sheet: what was planted in a company, in the words of its files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fuxiao.simulate.arrays import DAY, NONE, Ints
from fuxiao.simulate.company import FIELD, LEAD, Company
from fuxiao.simulate.truths import Truths
from fuxiao.simulate.world import World


def planted_truths(world: World) -> Truths:
    """The truths without the counts, which the run adds."""
    company, planted = world.company, world.company.planted
    days = world.days
    base = Truths(
        seed=world.seed,
        people=len(company.people.numbers),
        first_day=days.on(0).isoformat(),
        last_day=days.on(world.end // DAY - days.first - 1).isoformat(),
        exported_at=f"{days.on(world.exported // DAY - days.first).isoformat()} 20:00:00",
        joiner=_first(company, np.flatnonzero(company.people.hired > 0)),
        leaver=_first(company, np.flatnonzero(company.people.left < len(days))),
        movers=tuple(company.people.numbers[person] for person, *_ in company.people.moves),
        deciders=(company.people.numbers[0], company.people.numbers[-1]),
        honest=_honest(company),
    )
    if planted.cherry_picker == NONE:
        return base
    number, unit = company.people.numbers, [each.name for each in company.units]
    store, dispatch = unit[7], unit[2]
    return replace(
        base, cherry_picker=number[planted.cherry_picker], reopen_gamer=number[planted.reopen_gamer],
        survey_skipper=number[planted.survey_skipper], over_compensator=number[planted.over_compensator],
        better_engineer=number[planted.better], worse_engineer=number[planted.worse],
        hard_team=next(each.name for each in company.units if each.commercial),
        slow_handoff=(store, unit[planted.slow_unit]), ping_pong=(unit[planted.returned_unit], dispatch),
    )  # fmt: skip


def _first(company: Company, persons: Ints) -> str:
    return company.people.numbers[int(persons[0])] if len(persons) else ""


def _honest(company: Company) -> tuple[str, ...]:
    """Everybody who handles cases and was not planted."""
    people, planted = company.people, set(company.planted.persons())
    handles = [i for i, unit in enumerate(people.unit.tolist()) if company.units[unit].kind <= FIELD]
    return tuple(people.numbers[i] for i in handles if i not in planted and people.role[i] != LEAD)
