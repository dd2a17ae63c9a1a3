"""Where values come from: a store's fact tables, what is asked of them, and how a group is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa
from ibis.expr import types as ir

from fuxiao.engine.fact_tables import FACT_TABLES
from fuxiao.engine.rows import Facts, Scope, facts_of

COMPANY = "company"
"""The subject where everything is one group."""
JOIN = " · "
"""Between the members of several groups in one subject."""
TEAM_PATHS = "team_paths"


class Manifest(Protocol):
    """What of a store's manifest is read here."""

    @property
    def facts(self) -> Mapping[str, object]: ...


class FactStore(Protocol):
    """What of a store is needed to compute values: fact tables, and something that runs expressions."""

    @property
    def manifest(self) -> Manifest: ...

    def facts(self, name: str) -> ir.Table: ...

    def execute(self, expr: ir.Expr) -> pa.Table: ...

    def beside(self, exprs: Sequence[ir.Table], keys: Sequence[str]) -> pa.Table: ...


def facts_in(store: FactStore) -> Facts:
    """The fact tables of a store and its tree of teams, as far as they were built."""
    built = store.manifest.facts
    tables = {name: store.facts(name) for name in FACT_TABLES if name in built}
    return facts_of(tables, team_paths=store.facts(TEAM_PATHS) if TEAM_PATHS in built else None)


@dataclass(frozen=True, slots=True)
class Source:
    """A store, its fact tables and what is asked of them."""

    store: FactStore
    facts: Facts
    scope: Scope
