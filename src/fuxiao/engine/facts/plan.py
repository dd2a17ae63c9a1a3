"""The making of fact tables as a plan: every stage in its order, none computed yet, cut down to what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import ibis.expr.types as ir

from fuxiao.core.bulk import bulk
from fuxiao.engine.facts.inputs import Inputs
from fuxiao.engine.facts.tables import fact_tables
from fuxiao.engine.pruning import Stage, needed

Keep = Callable[[str, ir.Table], ir.Table]


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

    def whole(self) -> tuple[Stage, ...]:
        """What it takes to make all tables, each with all its columns."""
        return self.only({name: stage.table.columns for name, stage in self.tables.items()})

    def only(self, wanted: Mapping[str, Iterable[str]]) -> tuple[Stage, ...]:
        """What it takes to make these columns of these tables."""
        return _cut(self, frozenset((self.tables[name].name, frozenset(each)) for name, each in wanted.items()))


@lru_cache(maxsize=32)
@bulk
def _cut(plan: FactPlan, wanted: frozenset[tuple[str, frozenset[str]]]) -> tuple[Stage, ...]:
    """Asked again for the same columns, the same stages come back, and with them their queries."""
    return tuple(needed(plan.stages, dict(wanted)))


@bulk
def plan_facts(given: Callable[[Keep], Inputs], *, only: Iterable[str] = ()) -> FactPlan:
    """The plan of the fact tables, of ``only`` these where some are named; ``given`` gets the way to keep a stage."""
    stages = StageList("stage")
    found: dict[str, Stage] = {}
    making = fact_tables(given(stages.keep), only=frozenset(only))
    name, table = next(making)
    while True:
        made = stages.keep(name, table)
        found[name] = stages.last
        try:
            name, table = making.send(made)
        except StopIteration:
            return FactPlan(tuple(stages), found)
