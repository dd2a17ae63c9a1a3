"""Facts for one question: the columns that it reads, made from the records, used, and let go of.

Making all facts takes many times as long as making those of a few indicators. Where the stored ones are not those of
now and the records are many, an answer need not wait for columns that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import ibis.expr.types as ir
import pyarrow as pa

from fuxiao.datasets.build import build_facts, ingredients
from fuxiao.datasets.fact_queries import WrittenStage
from fuxiao.datasets.making import Making
from fuxiao.datasets.store import Store

MANY = 300_000
"""From so many records on, facts are made for one question at a time; fewer are made whole, and kept, at once."""


@dataclass(frozen=True, slots=True)
class Made:
    """The names of the fact tables that are there."""

    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PassingFacts:
    """Fact tables that the lake does not have, whether computed or not."""

    making: Making
    tables: Mapping[str, WrittenStage]

    @property
    def manifest(self) -> Made:
        return Made({name: stage.name for name, stage in self.tables.items()})

    def facts(self, name: str) -> ir.Table:
        """A fact table by its name, as wide as the plan has it."""
        return self.tables[name].read()

    def execute(self, expr: ir.Expr) -> pa.Table:
        return self.making.store.execute(expr)

    def beside(self, exprs: Sequence[ir.Table], keys: Sequence[str]) -> pa.Table:
        return self.making.store.beside(exprs, keys)


def planned(store: Store, *, cut_off: datetime, many: int = MANY) -> PassingFacts | None:
    """What a question may be asked of without facts in the lake; ``None`` where they are there.

    Where there are fewer than ``many`` records the facts are built now. Raises as ``build_facts`` does.
    """
    made_of = ingredients(store, cut_off)
    if store.manifest.facts_key == made_of.key and store.facts_stand:
        return None
    if sum(file.rows for held in store.manifest.records.values() for file in held.files) < many:
        build_facts(store, cut_off=cut_off)
        return None
    making = Making.of(store, made_of.calendars, made_of.rules)
    return PassingFacts(making, making.queries.tables)


@contextmanager
def made(facts: PassingFacts, wanted: Mapping[str, Collection[str]]) -> Iterator[PassingFacts]:
    """These columns of these tables, computed for as long as the block lasts."""
    making, store = facts.making, facts.making.store
    tables = {name: making.queries.tables[name] for name in wanted}
    stages = making.queries.only(wanted)
    by_name = {stage.name: stage for stage in stages}
    names = {stage.name for stage in tables.values()}
    with store.building():
        try:
            for stage in making.computed(stages, keep=names, in_memory=True):
                making.compute(stage, in_memory=True)
            yield PassingFacts(making, {name: by_name[stage.name] for name, stage in tables.items()})
        finally:
            store.forget()
