"""Runs a simulated company from the first to the last day and writes its raw files, batch by batch."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from fuxiao.core.errors import InputError
from fuxiao.simulate import layout, rows, spoil
from fuxiao.simulate.arrays import DAY, HOUR, NONE, Flags, Ints, blank
from fuxiao.simulate.calendar_days import add_months, days_between
from fuxiao.simulate.cases import Cases, Repeat, no_repeats, number_cases, open_cases, open_repeats
from fuxiao.simulate.closing import close, come_back
from fuxiao.simulate.company import FIELD, LEAD, Company, build_company
from fuxiao.simulate.daily import attendance, counters
from fuxiao.simulate.desk import answer, send_to_dispatch, solve_remotely
from fuxiao.simulate.field import Field, Visits, serve
from fuxiao.simulate.layout import File
from fuxiao.simulate.log import Log
from fuxiao.simulate.parts import PartLines
from fuxiao.simulate.registers import customer_rows, device_rows, sheets
from fuxiao.simulate.roster import Duty, build_roster
from fuxiao.simulate.rows import Columns, Words
from fuxiao.simulate.truths import Fault, Truths
from fuxiao.simulate.voices import Table, checks, complaints, costs, surveys
from fuxiao.simulate.world import SALES_SPAN, WARRANTY_DAYS, World, customer_of
from fuxiao.simulate.writing import Clock, CsvFile, mapping_text, write_workbook

ZONE = "Asia/Shanghai"
EXPORT_DAYS = 7
"""The files are exported so many days after the last month, at 20:00."""
AHEAD = 75
"""Days of roster beyond the last month, into which appointments fall."""
BATCH = 30_000
"""Cases worked on at a time, at most; bounds the memory."""
BATCH_DAYS = 8
"""Days worked on at a time, at most: follow-up visits are planned between the first visits of later days."""
LATE_ROWS = 40
STREAMS = {"company": 1, "roster": 2, "batch": 3, "daily": 4}
SEQUENCE = (layout.CASES, layout.LATE_CASES, layout.EVENTS, layout.LATE_EVENTS, layout.VISITS, layout.SURVEYS,
            layout.COMPLAINTS, layout.CHECKS, layout.COSTS, layout.PART_LINES, layout.ATTENDANCE, layout.COUNTERS)  # fmt: skip


def simulate(
    out: Path,
    *,
    seed: int,
    people: int = 60,
    start: date = date(2024, 11, 1),
    months: int = 24,
    cases_per_person_month: float = 45.0,
) -> Truths:
    """Write the raw files of an invented appliance maker's service department into ``out``; return what was planted.

    ``start`` is the first day of a month. The same arguments give the same bytes. ``mappings/`` beside the files holds a
    ready mapping for each, ``truths.json`` the answer. Raises ``InputError`` for fewer than eight people, no month, or
    a start in the middle of a month.
    """
    if months < 1 or start.day != 1 or cases_per_person_month <= 0:
        raise InputError("simulate.bad_span", start=start.isoformat(), months=months, cases=cases_per_person_month)
    (out / "mappings").mkdir(parents=True, exist_ok=True)
    world = _world(seed, people=people, start=start, months=months)
    with ExitStack() as stack:
        files = {file.name: stack.enter_context(CsvFile(out, file)) for file in SEQUENCE}
        run = _Run(world, files, cases_per_person_month)
        for month in range(months):
            run.month(world.days.index(add_months(start, month)), world.days.index(add_months(start, month + 1)))
        counts = {name: file.line - 1 for name, file in files.items()}
    counts |= run.write_registers(out)
    for file in layout.FILES:
        (out / "mappings" / f"{file.stem}.toml").write_text(mapping_text(file, ZONE), encoding="utf-8")
    truths = replace(_truths(world), cases=run.cases, late_cases=run.late, faults=tuple(run.faults), rows=counts)
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
        seed=seed, days=days, company=company, roster=roster, busy=np.zeros(shape, dtype=np.int32),
        worked=np.zeros(shape, dtype=np.int32),
        planned=np.zeros((len(company.units), shape[1]), dtype=np.int32), end=first_after, exported=first_after + EXPORT_DAYS * DAY - 4 * HOUR,
    )  # fmt: skip


@dataclass(slots=True)
class _Run:
    """The state that goes from batch to batch."""

    world: World
    files: dict[str, CsvFile]
    per_person_month: float
    repeats: Repeat = field(default_factory=no_repeats)
    cases: int = 0
    late: int = 0
    faults: list[Fault] = field(default_factory=list)
    words: Words = field(init=False)
    used: Ints = field(init=False)
    devices: list[Ints] = field(default_factory=list)
    batches: int = 0
    next_cost: int = 1
    next_part: int = 1

    def __post_init__(self) -> None:
        world = self.world
        clock = Clock(world.days.first - SALES_SPAN - 60, world.days.first + len(world.days) + WARRANTY_DAYS + AHEAD)
        people, units = world.company.people, world.company.units
        self.words = Words(clock, [*people.numbers, ""], [*(unit.name for unit in units), ""])
        self.used = np.zeros(len(world.days), dtype=np.int64)

    def month(self, first: int, last: int) -> None:
        """Simulate and write the days ``[first, last)``."""
        expected = len(self.world.company.people.numbers) * self.per_person_month * 1.6
        step = max(1, min(BATCH_DAYS, int((last - first) * BATCH / max(expected, BATCH))))
        for day in range(first, last, step):
            self._days(day, min(day + step, last))
        rng = np.random.default_rng([self.world.seed, STREAMS["daily"], first])
        self._write(layout.ATTENDANCE, attendance(rng, self.words, self.world, first, last))
        self._write(layout.COUNTERS, counters(rng, self.words, self.world, first, last))

    def _days(self, first: int, last: int) -> None:
        rng = np.random.default_rng([self.world.seed, STREAMS["batch"], first])
        duty = Duty(self.world.company, self.world.roster, first=first, last=min(last + AHEAD, len(self.world.days)))
        before = (self.world.days.first + last) * DAY
        self._batch(
            rng, duty, open_cases(rng, self.world, first=first, last=last, per_person_month=self.per_person_month)
        )
        while len((now := self.repeats.split(before))[0].opened):
            self.repeats = now[1]
            self._batch(rng, duty, open_repeats(rng, self.world, now[0]))

    def _batch(self, rng: np.random.Generator, duty: Duty, cases: Cases) -> None:
        if not len(cases):
            return
        log, visits, parts = Log(), Visits(), PartLines()
        number_cases(self.world, cases, self.used)
        answer(rng, self.world, duty, cases, log)
        solve_remotely(rng, self.world, duty, cases, log)
        at = Field(rng, self.world, duty, cases, log, visits, parts)
        sent = send_to_dispatch(rng, self.world, duty, cases, log)
        serve(at, sent, cases.sent[sent])
        self.repeats = self.repeats.join(come_back(at))
        close(at)
        self.devices.append(np.unique(cases.device))
        self._write_batch(rng, at)

    def _write_batch(self, rng: np.random.Generator, at: Field) -> None:
        world, words, cases = self.world, self.words, at.cases
        ids = rows.case_numbers(words, world, cases.number)
        late = self._late(rng, cases)
        written = rows.case_rows(rng, words, world, cases, ids)
        self._split(layout.CASES, layout.LATE_CASES, written, late)
        events = at.log.events(rng, exported=world.exported)
        self._split(layout.EVENTS, layout.LATE_EVENTS, rows.event_rows(words, events, ids), late[events.case])
        visits = at.visits.table(exported=world.exported) if at.visits.columns else {}
        parts = at.parts.table(exported=world.exported) if at.parts.columns else _no_parts()
        if visits:
            self._write(layout.VISITS, rows.visit_rows(words, visits, ids))
        self._write(layout.SURVEYS, rows.survey_rows(words, _without(surveys(rng, world, cases), late), ids))
        duty = at.duty
        complained = _without(complaints(rng, world, duty, cases), late)
        self._write(layout.COMPLAINTS, rows.complaint_rows(words, complained, ids))
        self._write(layout.CHECKS, rows.check_rows(words, _without(checks(rng, world, duty, cases), late), ids))
        spent = _without(costs(rng, world, cases, parts), late)
        self._write(layout.COSTS, rows.cost_rows(words, spent, ids, cases, self.next_cost))
        self._write(layout.PART_LINES, rows.part_rows(words, parts, ids, self.next_part))
        self.next_cost += len(spent["case"])
        self.next_part += len(parts["case"])
        self.cases += len(cases)
        self.late += int(late.sum())
        self.batches += 1

    def _late(self, rng: np.random.Generator, cases: Cases) -> Flags:
        """Cases of the last month but one are recorded after its cut-off."""
        end = self.world.days.date(self.world.end // DAY - self.world.days.first)
        first, last = (
            (self.world.days.first + max(self.world.days.index(add_months(end, back)), 0)) * DAY for back in (-2, -1)
        )
        return spoil.late_cases(rng, cases, first=first, last=last, most=max(LATE_ROWS - self.late, 0))

    def _split(self, usual: File, late_file: File, columns: Columns, late: Flags) -> None:
        if not late.any():
            self._write(usual, columns)
            return
        keep, moved = np.flatnonzero(~late).tolist(), np.flatnonzero(late).tolist()
        self._write(usual, {name: [cells[i] for i in keep] for name, cells in columns.items()})
        self.files[late_file.name].rows({name: [cells[i] for i in moved] for name, cells in columns.items()})

    def _write(self, file: File, columns: Columns) -> None:
        """Write the rows; now and then a bad one follows them."""
        out = self.files[file.name]
        out.rows(columns)
        every, faults = SPOILED.get(file.name, (0, ()))
        if every and self.batches % every == every - 1 and next(iter(columns.values())):
            last = {name: cells[-1] for name, cells in columns.items()}
            self.faults.append(spoil.spoil(out, last, faults, self.batches // every))

    def write_registers(self, out: Path) -> dict[str, int]:
        """Write the workbook, devices and customers that occur; return rows written by file."""
        device = np.unique(np.concatenate(self.devices)) if self.devices else blank(0)
        with CsvFile(out, layout.DEVICES) as file:
            file.rows(device_rows(self.words, self.world, device))
        customer = np.unique(customer_of(device))
        with CsvFile(out, layout.CUSTOMERS) as file:
            file.rows(customer_rows(customer))
        book = sheets(self.world)
        write_workbook(out / layout.WORKBOOK, book)
        counted = {name: len(sheet) - 1 for name, sheet in book.items()}
        return {layout.DEVICES.name: len(device), layout.CUSTOMERS.name: len(customer), **counted}


SPOILED = {
    layout.CASES.name: (11, spoil.CASE_FAULTS),
    layout.COSTS.name: (50, spoil.COST_FAULTS),
    layout.VISITS.name: (60, spoil.VISIT_FAULTS),
}
"""After every so many batches a bad row, of which kinds."""


def _without(table: Table, late: Flags) -> Table:
    keep = ~late[table["case"]]
    return {name: values[keep] for name, values in table.items()}


def _no_parts() -> Table:
    return {name: blank(0) for name in PartLines.NAMES}


def _truths(world: World) -> Truths:
    company, planted = world.company, world.company.planted
    days = world.days
    base = Truths(
        seed=world.seed,
        people=len(company.people.numbers),
        first_day=days.date(0).isoformat(),
        last_day=days.date(world.end // DAY - days.first - 1).isoformat(),
        exported_at=f"{days.date(world.exported // DAY - days.first).isoformat()} 20:00:00",
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
