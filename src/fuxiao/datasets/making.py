"""How the facts of a home folder are made: the queries for records of this shape, and what they are given to read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache, partial

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from fuxiao.core.calendar import WorkCalendar
from fuxiao.datasets.days import Lookups, lookup_tables, span_of
from fuxiao.datasets.fact_queries import FactQueries, WrittenStage
from fuxiao.datasets.store import Store, sql
from fuxiao.engine import schema
from fuxiao.engine.business_time import WorkTables, width_of
from fuxiao.engine.facts import CUT_OFF, FactPlan, FactRules, Inputs, Keep, plan_facts

GIVEN = "given_"
"""Begins the names under which the queries read what they are given: records and tables of days."""


@dataclass(frozen=True, slots=True)
class Making:
    """The queries for the fact tables of one store as of ``cut_off`` (epoch seconds), and what they are given."""

    store: Store
    queries: FactQueries
    lookups: Lookups
    cut_off: int

    @classmethod
    def of(cls, store: Store, calendars: Mapping[str, WorkCalendar], rules: FactRules) -> Making:
        span = span_of(store, rules.cut_off)
        lookups = lookup_tables(calendars, rules, zone=store.settings.zone, span=span)
        held = store.manifest.records
        overlap = frozenset(name for name, each in held.items() if each.overlap)
        shape = Shape.of(columns_of(store), rules, lookups, present=frozenset(held), overlap=overlap)
        return cls(store, shape.queries(in_duckdb), lookups, rules.cut_off)

    def query(self, stage: WrittenStage) -> str:
        """The query of a stage as of the cut-off, with the types that its table promises."""
        return sql.promised(re.sub(rf"\b{CUT_OFF}\b", str(self.cut_off), stage.query), stage.types)

    def computed(
        self, stages: Sequence[WrittenStage], *, keep: Container[str], in_memory: bool = False
    ) -> Iterator[WrittenStage]:
        """Compute the stages one after the other, and let go of each after its last reader; those of ``keep`` are
        handed out in their turn instead."""
        self._give({source for stage in stages for source in stage.sources})
        last = {source: stage.name for stage in stages for source in stage.sources if not source.startswith(GIVEN)}
        for stage in stages:
            if stage.name in keep:
                yield stage
            else:
                self.compute(stage, in_memory=in_memory)
            for source in stage.sources:
                if last.get(source) == stage.name and source not in keep:
                    self.store.drop(source)

    def compute(self, stage: WrittenStage, *, in_memory: bool) -> None:
        """Compute one stage, for those that read it."""
        self.store.stage(stage.name, self.query(stage), in_memory=in_memory)

    def _give(self, names: Iterable[str]) -> None:
        """Let queries read the tables that they name."""
        for name in names:
            known = name.removeprefix(GIVEN)
            if known in self.lookups.tables:
                self.store.rename(self.store.temporary(known, self.lookups.tables[known]), name)
            elif known in schema.DATASETS:
                self.store.rename(self.store.records(known), name)


@dataclass(frozen=True, slots=True)
class Shape:
    """All that the queries depend on, told apart by ``key``."""

    key: str
    columns: Mapping[str, ibis.Schema] = field(compare=False)
    present: frozenset[str] = field(compare=False)
    overlap: frozenset[str] = field(compare=False)
    rules: FactRules = field(compare=False)
    lookups: Lookups = field(compare=False)
    """Of these, the names, numbers and columns."""

    @classmethod
    def of(
        cls,
        columns: Mapping[str, ibis.Schema],
        rules: FactRules,
        lookups: Lookups,
        *,
        present: frozenset[str],
        overlap: frozenset[str] = frozenset(),
    ) -> Shape:
        timeless = replace(rules, cut_off=CUT_OFF)
        empty = Lookups(lookups.numbers, {name: table.slice(0, 0) for name, table in lookups.tables.items()})
        made_of = (
            {name: [(column, str(kind)) for column, kind in each.items()] for name, each in columns.items()},
            sorted(present),
            sorted(overlap),
            asdict(timeless),
            empty.numbers,
            {name: table.column_names for name, table in empty.tables.items()},
        )
        key = json.dumps(made_of, default=str, sort_keys=True)
        return cls(key, columns, present, overlap, timeless, empty)

    def queries(self, write: Callable[[ir.Table], str]) -> FactQueries:
        """The queries for facts of this shape, as ``write`` has them."""
        return FactQueries(self.key, partial(_plan, self), write)


def columns_of(store: Store) -> dict[str, ibis.Schema]:
    """The columns of the records by dataset."""
    return {name: store.records(name).schema() for name in schema.DATASETS}


def in_duckdb(table: ir.Table) -> str:
    return str(ibis.to_sql(table, dialect="duckdb"))


@lru_cache(maxsize=8)
def _plan(shape: Shape) -> FactPlan:
    return plan_facts(lambda keep: _inputs(shape, keep))


def _inputs(shape: Shape, keep: Keep) -> Inputs:
    """Where there are several versions of records, the newest are searched for once."""
    current: dict[str, ir.Table] = {}

    def records(name: str) -> ir.Table:
        if name not in current:
            table = ibis.table(shape.columns[name], name=f"{GIVEN}{name}")
            current[name] = keep(f"current_{name}", table) if name in shape.overlap else table
        return current[name]

    def put(name: str, table: pa.Table) -> ir.Table:
        return ibis.table(ibis.schema(table.schema), name=f"{GIVEN}{name}")

    return inputs_of(shape.lookups, shape.rules, records=records, present=shape.present, put=put, keep=keep)


def inputs_of(
    lookups: Lookups,
    rules: FactRules,
    *,
    records: Callable[[str], ir.Table],
    present: frozenset[str],
    put: Callable[[str, pa.Table], ir.Table],
    keep: Keep,
) -> Inputs:
    """What the fact expressions need, on an engine to which ``put`` brings a table."""
    held = {name: put(name, table) for name, table in lookups.tables.items()}
    work = WorkTables(
        numbers=lookups.numbers, days=held["days"], spans=held["spans"], width=width_of(lookups.tables["days"])
    )
    return Inputs(records=records, present=present, keep=keep, work=work, local_days=held["local_days"], rules=rules)
