"""What fact tables are made of: records, look-up tables, the company's rules, and a way to keep a stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from fuxiao.core.service_level import Policy
from fuxiao.engine import schema
from fuxiao.engine.business_time import WorkTables
from fuxiao.engine.fact_tables import CASES, FactTable

Keep: TypeAlias = Callable[[str, ir.Table], ir.Table]
"""Computes a stage once, by its name, and gives it back as a table."""
COMPUTED = frozenset((*CASES.schema(), *CASES.names()))
"""What the facts of cases are called: a column of a file that has such a name is not what is worked out."""
EXTRA = "extra "
"""Put before the name of a column of the company's own while its table is worked out."""
CUT_OFF = 7_777_777_777
"""Stands in queries for the moment as of which facts are made, where one query serves many moments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRules:
    """What the company decided, in seconds where it is a time.

    ``cut_off`` is the epoch second as of which everything is known: later events have not happened yet, open clocks run
    up to it. ``calendar`` is the key of the calendar that holds where no service level names another; limits of
    complaints count its working time where ``complaint_business``.
    """

    cut_off: int
    calendar: str
    policies: tuple[Policy, ...] = ()
    mandatory: tuple[str, ...] = ()
    visit_tolerance: int = 15 * 60
    complaint_acknowledge: int = 24 * 3600
    complaint_closing: int = 168 * 3600
    complaint_business: bool = False
    no_access_points: Decimal = Decimal("0.3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """``keep(name, table)`` computes a stage once and gives it back as a table: a long expression is otherwise computed
    again for each use. Expressions run on any engine whose tables these are. ``present`` names the datasets that have
    records."""

    records: Callable[[str], ir.Table]
    present: frozenset[str]
    keep: Keep
    work: WorkTables
    local_days: ir.Table
    rules: FactRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Kept tables that several fact tables are made of: events in place, holds, working seconds, stops, memberships."""

    steps: ir.Table
    holds: ir.Table
    work: ir.Table
    pieces: ir.Table
    spans: ir.Table


def dimensions(table: ir.Table, name: str) -> tuple[str, ...]:
    """The columns of a record table that neither its contract knows nor the facts of cases work out under that name."""
    known = {*schema.dataset(name).names(), *(COMPUTED if name == "cases" else ())}
    return tuple(column for column in table.columns if column not in known)


def all_dimensions(given: Inputs, name: str) -> tuple[str, ...]:
    """The dimensions of the case and those of the dataset itself."""
    return (*dimensions(given.records("cases"), "cases"), *dimensions(given.records(name), name))


def shaped(table: ir.Table, declared: FactTable, dims: tuple[str, ...] = (), *, aside: str = "") -> ir.Table:
    """The declared columns with their types, in their order, then the dimensions that no declared column hides.

    ``aside`` stands before the names of dimensions in the table.
    """
    wanted = wanted_schema(declared)
    columns = {name: table[name].cast(kind) for name, kind in wanted.items()}
    found = {name: aside + name for name in dims if name not in wanted and aside + name in table.columns}
    extra = {name: table[column].cast("string") for name, column in found.items()}
    return table.select(**columns, **extra)


def empty(given: Inputs, declared: FactTable, dims: tuple[str, ...] = ()) -> ir.Table:
    """The declared table without rows."""
    wanted = {**dict.fromkeys(dims, dt.string), **wanted_schema(declared)}
    return given.local_days.limit(0).select(**{name: ibis.null(kind) for name, kind in wanted.items()})


def wanted_schema(declared: FactTable) -> dict[str, dt.DataType]:
    """Column → type of a fact table in the lake; a share has nine places, so that shares add up to exactly 1."""
    kinds = {name: ibis.dtype(kind) for name, kind in declared.schema().items()}
    return {**kinds, "share": dt.Decimal(18, 9)} if "share" in kinds else kinds


def seconds(minutes: ir.Value) -> ir.Value:
    """Minutes, perhaps with decimals, as whole seconds."""
    return (minutes * 60).round().cast("int64")
