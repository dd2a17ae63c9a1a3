"""Works on one stretch of days after the other and writes what the company would hand over."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fuxiao.simulate import after, layout, spoil
from fuxiao.simulate.arrays import DAY, Flags, Ints, blank
from fuxiao.simulate.batch import Batch, Table
from fuxiao.simulate.calendar_days import add_months
from fuxiao.simulate.cases import Cases, Repeat, no_repeats, number_cases, open_cases, open_repeats
from fuxiao.simulate.cells import Columns, Words, case_numbers
from fuxiao.simulate.closing import close, come_back
from fuxiao.simulate.daily import attendance, counters
from fuxiao.simulate.desk import answer, send_to_dispatch, solve_remotely
from fuxiao.simulate.dispatch import serve
from fuxiao.simulate.layout import File
from fuxiao.simulate.parts import part_table
from fuxiao.simulate.registers import customer_rows, device_rows, sheets
from fuxiao.simulate.roster import Duty
from fuxiao.simulate.rows import case_rows
from fuxiao.simulate.truths import Fault
from fuxiao.simulate.visits import visit_table
from fuxiao.simulate.voices import checks, complaints, costs, surveys
from fuxiao.simulate.world import AHEAD, SALES_SPAN, STREAMS, WARRANTY_DAYS, World, customer_of
from fuxiao.simulate.writing import Clock, CsvFile, write_workbook

BATCH = 30_000
"""Cases worked on at a time, at most; bounds the memory."""
BATCH_DAYS = 8
"""Days worked on at a time, at most: follow-up visits are planned between the first visits of later days."""
LATE_ROWS = 40


@dataclass(slots=True)
class Run:
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
        number_cases(self.world, cases, self.used)
        at = Batch(rng, self.world, duty, cases)
        answer(at)
        solve_remotely(at)
        sent = send_to_dispatch(at)
        serve(at, sent, cases.sent[sent])
        self.repeats = self.repeats.join(come_back(at))
        close(at)
        self.devices.append(np.unique(cases.device))
        self._write_batch(at)

    def _write_batch(self, at: Batch) -> None:
        words, ids, late = self.words, case_numbers(self.words, self.world, at.cases.number), self._late(at)
        self._split(layout.CASES, layout.LATE_CASES, case_rows(at, words, ids), late)
        events = at.log.events(at.rng, exported=self.world.exported)
        self._split(layout.EVENTS, layout.LATE_EVENTS, after.event_rows(words, events, ids), late[events.case])
        self._write(layout.VISITS, after.visit_rows(words, visit_table(at), ids))
        self._write(layout.SURVEYS, after.survey_rows(words, _without(surveys(at), late), ids))
        self._write(layout.COMPLAINTS, after.complaint_rows(words, _without(complaints(at), late), ids))
        self._write(layout.CHECKS, after.check_rows(words, _without(checks(at), late), ids))
        parts = part_table(at)
        spent = _without(costs(at, parts), late)
        self._write(layout.COSTS, after.cost_rows(words, spent, ids, cases=at.cases, first=self.next_cost))
        self._write(layout.PART_LINES, after.part_rows(words, parts, ids, first=self.next_part))
        self.next_cost += len(spent["case"])
        self.next_part += len(parts["case"])
        self.cases += len(at.cases)
        self.late += int(late.sum())
        self.batches += 1

    def _late(self, at: Batch) -> Flags:
        """Cases of the last month but one are recorded after its cut-off."""
        days = self.world.days
        end = days.on(self.world.end // DAY - days.first)
        first, last = ((days.first + max(days.index(add_months(end, back)), 0)) * DAY for back in (-2, -1))
        return spoil.late_cases(at.rng, at.cases, first=first, last=last, most=max(LATE_ROWS - self.late, 0))

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
