"""The making of fact tables as a plan: every stage in its order, none computed yet, cut down to what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from fuxiao.core.bulk import bulk
from fuxiao.engine.facts.inputs import Inputs, Keep
from fuxiao.engine.facts.tables import fact_tables
from fuxiao.engine.pruning import Stage, needed


class StageList:
    """Stages in the order in which they are needed, each read by name before anybody has computed it."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._made: list[Stage] = []

    def __iter__(self) -> Iterator[Stage]:
        return iter(self._made)

    @property
    def last(self) -> Stage:
        return self._made[-1]

    def keep(self, name: str, table: ir.Table) -> ir.Table:
        """Add a stage; the table that it will be."""
        self._made.append(Stage(f"{self._prefix}_{len(self._made)}_{name}", table))
        return self.last.read()


@dataclass(frozen=True, slots=True, eq=False)
class FactPlan:
    """``stages`` in order; ``tables`` names those that are fact tables."""

    stages: tuple[Stage, ...]
    tables: Mapping[str, Stage]

    @bulk
    def only(self, wanted: Mapping[str, Iterable[str]]) -> list[Stage]:
        """What it takes to make these columns of these tables, in order."""
        return needed(self.stages, {self.tables[name].name: columns for name, columns in wanted.items()})


@bulk
def plan_facts(given: Callable[[Keep], Inputs]) -> FactPlan:
    """The plan of the fact tables; ``given`` gets the way to keep a stage."""
    stages = StageList("stage")
    found: dict[str, Stage] = {}
    making = fact_tables(given(stages.keep))
    name, table = next(making)
    while True:
        made = stages.keep(name, table)
        found[name] = stages.last
        try:
            name, table = making.send(made)
        except StopIteration:
            return FactPlan(tuple(stages), found)
