"""What the steps share while one batch of cases is worked on: people on duty, the log, and which unit does what."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fuxiao.simulate.arrays import Ints, blank
from fuxiao.simulate.cases import Cases
from fuxiao.simulate.company import COMPLAINTS, DESK, DISPATCH, FIELD, PARTS, QUALITY
from fuxiao.simulate.log import Log
from fuxiao.simulate.roster import Duty
from fuxiao.simulate.world import World

Table = dict[str, Ints]


@dataclass(slots=True)
class Lines:
    """Rows gathered as columns; ``case`` is the index in the batch."""

    names: tuple[str, ...]
    _parts: list[tuple[Ints, ...]] = field(default_factory=list)

    def add(self, **values: Ints) -> None:
        self._parts.append(tuple(values[name] for name in self.names))

    def table(self) -> Table:
        """All rows, in the order in which they were added."""
        if not self._parts:
            return {name: blank(0) for name in self.names}
        return {
            name: np.concatenate(column)
            for name, column in zip(self.names, zip(*self._parts, strict=True), strict=True)
        }


def visit_lines() -> Lines:
    return Lines(("case", "visit_no", "engineer", "window", "arrived", "left", "travel", "work", "outcome", "distance"))


def part_lines() -> Lines:
    return Lines(
        (
            "case",
            "requested",
            "requested_by",
            "issued",
            "source",
            "picker",
            "correct",
            "unit",
            "returned",
            "part",
            "restock",
        )
    )


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of cases with everything that happens to them."""

    rng: np.random.Generator
    world: World
    duty: Duty
    cases: Cases
    log: Log = field(default_factory=Log)
    visits: Lines = field(default_factory=visit_lines)
    parts: Lines = field(default_factory=part_lines)

    def when(self, unit: Ints, moment: Ints) -> tuple[Ints, Ints]:
        """The first moment from the given one at which the unit has somebody at work, and who; ``NONE`` for nobody."""
        return self.duty.when(self.rng, unit, moment, self.world.days.first)

    def field_team(self, case: Ints) -> Ints:
        """The field team responsible: by district, or the one for commercial air-conditioning."""
        teams = [self.world.company.units_of(FIELD, branch) for branch in self._branches()]
        table = np.array([[each[min(i, len(each) - 1)] for i in range(4)] for each in teams])
        place = np.where(self.cases.commercial[case], 3, self.cases.region[case] // 3)
        return np.asarray(table[self.cases.branch[case], place], dtype=np.int64)

    def desk(self, case: Ints) -> Ints:
        """One of the desk units of the branch, by lot."""
        desks = [self.world.company.units_of(DESK, branch) for branch in self._branches()]
        table = np.array([(each[0], each[-1]) for each in desks])
        return np.asarray(table[self.cases.branch[case], self.rng.integers(0, 2, len(case))], dtype=np.int64)

    def other_desk(self, case: Ints, unit: Ints) -> Ints:
        """The other desk of the branch; the same one where there is only one."""
        desks = [self.world.company.units_of(DESK, branch) for branch in self._branches()]
        both = np.array([each[0] + each[-1] for each in desks])
        return np.asarray(both[self.cases.branch[case]] - unit, dtype=np.int64)

    def dispatch(self, case: Ints) -> Ints:
        return self._unit(DISPATCH, case)

    def store(self, case: Ints) -> Ints:
        return self._unit(PARTS, case)

    def complaints(self, case: Ints) -> Ints:
        """The unit for complaints; the desk where a small branch has none."""
        return self._unit(COMPLAINTS, case)

    def quality(self, case: Ints) -> Ints:
        """The unit for quality checks; the desk where a small branch has none."""
        return self._unit(QUALITY, case)

    def _unit(self, kind: int, case: Ints) -> Ints:
        company = self.world.company
        table = [(company.units_of(kind, b) or company.units_of(DESK, b))[0] for b in self._branches()]
        return np.asarray(np.array(table)[self.cases.branch[case]], dtype=np.int64)

    def _branches(self) -> range:
        return range(int(self.cases.branch.max(initial=0)) + 1)
