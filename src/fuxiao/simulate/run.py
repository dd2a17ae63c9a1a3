"""Runs a simulated company from the first to the last day."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from fuxiao.core.errors import InputError
from fuxiao.simulate import layout
from fuxiao.simulate.answer import planted_truths
from fuxiao.simulate.arrays import DAY, HOUR
from fuxiao.simulate.calendar_days import add_months, days_between
from fuxiao.simulate.company import build_company
from fuxiao.simulate.output import Run
from fuxiao.simulate.roster import build_roster
from fuxiao.simulate.truths import Truths
from fuxiao.simulate.world import AHEAD, STREAMS, World
from fuxiao.simulate.writing import CsvFile, mapping_text

ZONE = "Asia/Shanghai"
EXPORT_DAYS = 7
"""The files are exported so many days after the last month, at 20:00."""


def simulate(
    out: Path,
    *,
    seed: int,
    people: int = 60,
    start: date = date(2024, 11, 1),
    months: int = 24,
    cases_per_person_month: float = 26.5,
    progress: Callable[[int], None] = lambda _months: None,
) -> Truths:
    """Write the raw files of an invented appliance maker's service department into ``out``; return what was planted.

    ``start`` is the first day of a month; ``progress`` is told how many months are done. The same arguments give the
    same bytes. ``mappings/`` beside the files holds a ready mapping for each, ``truths.json`` the answer. Raises
    ``InputError`` for fewer than eight people, no month, or a start in the middle of a month.
    """
    if months < 1 or start.day != 1 or cases_per_person_month <= 0:
        raise InputError("simulate.bad_span", start=start.isoformat(), months=months, cases=cases_per_person_month)
    (out / "mappings").mkdir(parents=True, exist_ok=True)
    world = _world(seed, people=people, start=start, months=months)
    with ExitStack() as stack:
        files = {file.name: stack.enter_context(CsvFile(out, file)) for file in layout.STREAMED}
        run = Run(world, files, cases_per_person_month)
        for month in range(months):
            run.month(world.days.index(add_months(start, month)), world.days.index(add_months(start, month + 1)))
            progress(month + 1)
        counts = {name: file.line - 1 for name, file in files.items()}
    counts |= run.write_registers(out)
    for file in layout.FILES:
        (out / "mappings" / f"{file.stem}.toml").write_text(mapping_text(file, ZONE), encoding="utf-8")
    truths = replace(planted_truths(world), cases=run.cases, late_cases=run.late, faults=tuple(run.faults), rows=counts)
    truths.write(out / "truths.json")
    return truths


def _world(seed: int, *, people: int, start: date, months: int) -> World:
    end = add_months(start, months)
    days = days_between(start, end + timedelta(days=AHEAD))
    company = build_company(
        np.random.default_rng([seed, STREAMS["company"]]), days, people=people, start=start, months=months
    )
    roster = build_roster(np.random.default_rng([seed, STREAMS["roster"]]), days, company)
    shape = roster.shift.shape
    first_after = (days.first + days.index(end)) * DAY
    return World(
        seed=seed,
        days=days,
        company=company,
        roster=roster,
        busy=np.zeros(shape, dtype=np.int32),
        worked=np.zeros(shape, dtype=np.int32),
        planned=np.zeros((len(company.units), shape[1]), dtype=np.int32),
        end=first_after,
        exported=first_after + EXPORT_DAYS * DAY - 4 * HOUR,
    )
