"""What a mapping says: which cells of a file become which columns of which datasets, and how they are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from fuxiao.datasets.importing.layout import Layout
from fuxiao.engine import schema
from fuxiao.engine.schema import Column, Type

NULLS = (
    "",
    "?",
    "-",
    "--",
    "—",
    "N/A",
    "n/a",
    "NA",
    "#N/A",
    "null",
    "NULL",
    "Null",
    "(null)",
    "None",
    "none",
    "nan",
    "NaN",
    "(blank)",
    "空",
    "(空)",
    "（空）",
    "空白",
    "(空白)",
    "（空白）",
    "无",
    "暂无",
    "/",
    "——",
    "\\N",
    "NaT",
    "[空]",
    "［空］",
    "【空】",
    "未填",
    "未填写",
    "<null>",
    "nil",
    "N.A.",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#DIV/0!",
    "#NUM!",
    "0000-00-00",
    "0000-00-00 00:00:00",
)
"""Cells that say that there is nothing."""
YES = ("y", "yes", "true", "t", "1", "是", "有", "对", "√", "✓", "✔", "真", "已", "on")
NO = ("n", "no", "false", "f", "0", "否", "没有", "错", "×", "✗", "✘", "假", "未", "off")


class Shape(StrEnum):
    """What one row of the file is: a record, an event of a case, or the state of a case when it was touched."""

    CASE = "case"
    EVENT = "event"
    STATE = "state"


class Treatment(StrEnum):
    """What happens to a value that is wrong: its row is refused, the value is left out, or it stays with a warning."""

    REJECT = "reject"
    BLANK = "blank"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Condition:
    """A row fulfils it when the column's cell is (or is not) one of ``values``; no values: when it is (not) empty."""

    column: str
    values: tuple[str, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """Where a value comes from. Exactly one of ``columns``, ``value``, ``after`` and ``first_of`` is set.

    ``columns``    cells joined by ``join`` (nothing where all are empty)
    ``value``      the same text in every row
    ``after``      another column of the dataset plus the durations in ``spans`` (``unit`` says of what)
    ``first_of``   the first expression that gives a value
    """

    columns: tuple[str, ...] = ()
    value: str | None = None
    after: str = ""
    spans: tuple[str, ...] = ()
    first_of: tuple[Expression, ...] = ()
    join: str = " "
    formats: tuple[str, ...] = ()
    zone: str = ""
    values: Table[str, str] = field(default_factory=dict)
    unit: str = ""
    when: tuple[Condition, ...] = ()

    def sources(self) -> Iterator[str]:
        """Every column of the file that it reads."""
        yield from self.columns
        yield from self.spans
        yield from (condition.column for condition in self.when)
        for part in self.first_of:
            yield from part.sources()


@dataclass(frozen=True, slots=True)
class EventType:
    """An event type an activity or a status stands for; ``kind`` is the reason of a pause."""

    type: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One dataset that the file feeds. ``types``, ``reopen_on`` and ``pause_ends`` are for case events only."""

    dataset: str
    columns: Table[str, Expression]
    when: tuple[Condition, ...] = ()
    dimensions: Table[str, str] = field(default_factory=dict)
    treatments: Table[str, Treatment] = field(default_factory=dict)
    types: Table[str, tuple[EventType, ...]] = field(default_factory=dict)
    reopen_on: tuple[str, ...] = ()
    pause_ends: str = ""

    def sources(self) -> Iterator[str]:
        """Every column of the file that the dataset reads."""
        for expression in self.columns.values():
            yield from expression.sources()
        yield from (condition.column for condition in self.when)
        yield from self.dimensions.values()


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read a kind of file; ``fuxiao map`` proposes one and a person corrects it."""

    name: str
    shape: Shape
    tables: tuple[TableMapping, ...]
    file: Layout = field(default_factory=Layout)
    zone: str = ""
    decimal: str = "."
    nulls: tuple[str, ...] = NULLS
    yes: tuple[str, ...] = YES
    no: tuple[str, ...] = NO
    drop: tuple[str, ...] = ()

    def table(self, dataset: str) -> TableMapping | None:
        """The mapping of that dataset, if the file feeds it."""
        return next((table for table in self.tables if table.dataset == dataset), None)

    @property
    def main(self) -> str:
        """The dataset that takes the columns nobody mapped: the cases, or else the first one."""
        named = [table.dataset for table in self.tables]
        return "cases" if self.shape is not Shape.CASE or "cases" in named else named[0]

    @property
    def digest(self) -> str:
        """The SHA-256 of everything it says, in hexadecimal; comments and order of the tables' keys do not count."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


STATE_COLUMNS = (
    Column("status", Type.TEXT, "状态", "status"),
    Column("owner", Type.TEXT, "责任人", "owner"),
    Column("unit", Type.TEXT, "责任单位", "unit"),
)
"""What a row of shape ``state`` says beyond an event: compared with the row before, it gives the events."""


def target_columns(dataset: str, shape: Shape) -> tuple[Column, ...]:
    """The columns that a mapping may fill in this dataset."""
    columns = schema.dataset(dataset).columns
    if dataset == "case_events" and shape is Shape.STATE:
        return tuple(c for c in columns if c.name not in {"seq", "type", "kind", "activity"}) + STATE_COLUMNS
    return columns


DERIVED = {
    Shape.CASE: {"case_events": ("seq", "type"), "visits": ("visit_no",)},
    Shape.EVENT: {"cases": ("case_id", "opened_at"), "case_events": ("seq", "type"), "visits": ("visit_no",)},
    Shape.STATE: {"cases": ("case_id", "opened_at"), "case_events": ("seq", "type"), "visits": ("visit_no",)},
}
"""Required columns that the importer works out by itself where the mapping does not name them."""
MADE_KEYS = {
    "surveys": "survey_id",
    "complaints": "complaint_id",
    "checks": "check_id",
    "costs": "cost_id",
    "part_lines": "line_id",
}
"""Keys made from the case number where the file has none: the second survey of case 7 is ``7-2``."""


def required_columns(dataset: str, shape: Shape) -> tuple[str, ...]:
    """The columns that a mapping must fill in this dataset."""
    derived = {*DERIVED[shape].get(dataset, ()), MADE_KEYS.get(dataset, "")}
    needed = [c.name for c in schema.dataset(dataset).columns if c.required and c.name not in derived]
    if dataset == "case_events" and shape is Shape.STATE:
        needed.append("status")
    return tuple(needed)


def needed_columns(table: TableMapping, shape: Shape) -> tuple[str, ...]:
    """Those columns of a dataset that the mapping fills without which a row of the file is no record."""
    said = ("activity", "type") if table.dataset == "case_events" and shape is Shape.EVENT else ()
    wanted = {*required_columns(table.dataset, shape), *said}
    return tuple(name for name in table.columns if name in wanted)
