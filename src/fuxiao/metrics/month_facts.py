"""The facts of a running month as a store, and the questions that are asked of it after every change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from ibis.expr import types as ir

from fuxiao.core.period import Period
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.engine.rows import Facts, Scope
from fuxiao.metrics.availability import available, columns_read
from fuxiao.metrics.values import Question, Request, ValueTable

GROUPS = ("person", "team", "company")
Missing = Mapping[str, tuple[str, ...]]


def table_of(name: str) -> str:
    """Under which name a fact table of the month is kept."""
    return f"live_{name}"


def columns_for(indicators: Sequence[Indicator], facts: Facts, scope: Scope) -> dict[str, set[str]]:
    """The columns of each fact table that figures of persons, teams and the company read."""
    wanted: dict[str, set[str]] = {}
    for group in GROUPS:
        asked = Scope(by=(group,), kind=scope.kind, first=scope.first, last=scope.last, clock=scope.clock)
        for name, columns in columns_read(indicators, facts, asked).items():
            wanted.setdefault(name, set()).update(columns)
    return wanted


@dataclass(frozen=True, slots=True)
class _Held:
    facts: Mapping[str, object]


class MonthFacts:
    """``metrics.source.FactStore`` over the tables of a month that a store keeps in memory."""

    def __init__(self, store: Store, tables: Iterable[str], month: Period, *, clock: str) -> None:
        self.manifest = _Held(dict.fromkeys(tables))
        self._store, self._month, self._clock = store, month, clock
        self._asked: dict[tuple[str, tuple[str, ...]], Question] = {}
        self._waiting: dict[tuple[str, tuple[str, ...]], Missing] = {}

    def facts(self, name: str) -> ir.Table:
        return self._store.connection.table(table_of(name))

    def execute(self, expr: ir.Expr) -> pa.Table:
        return self._store.execute(expr)

    def beside(self, exprs: Sequence[ir.Table], keys: Sequence[str]) -> pa.Table:
        return self._store.beside(exprs, keys)

    def values(self, indicators: Sequence[Indicator], *, by: str, as_of: date) -> ValueTable:
        """What ``compute_values`` would answer once everything has become facts of the lake."""
        asked = Request(indicators=indicators, first=self._month, last=self._month, by=(by,), clock=self._clock)
        missing = self._missing(asked, by)
        key = (by, tuple(each.code for each in indicators if not missing.get(each.code)))
        if key not in self._asked:
            self._asked[key] = Question.of(self, asked, missing=missing)
        return self._asked[key].answer(as_of=as_of)

    def _missing(self, asked: Request, by: str) -> Missing:
        """The columns that hold nothing, neither in the lake as it was opened nor in what came since."""
        key = (by, tuple(each.code for each in asked.indicators))
        if key not in self._waiting:
            self._waiting[key] = available(asked.indicators, self._store, scope=asked.scope)
        waiting = {code: columns for code, columns in self._waiting[key].items() if columns}
        waited = [each for each in asked.indicators if each.code in waiting]
        still = available(waited, self, scope=asked.scope) if waited else {}
        return {code: tuple(name for name in columns if name in still[code]) for code, columns in waiting.items()}
