"""What is taken from another database: a table, some of its columns, conditions, perhaps a second table by key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from fuxiao.core.errors import DefinitionError, Issue

MOST_VALUES = 200


class Kind(StrEnum):
    """What a column holds, as far as conditions care."""

    NUMBER = "number"
    MOMENT = "moment"
    DAY = "day"
    FLAG = "flag"
    TEXT = "text"
    OTHER = "other"


class Test(StrEnum):
    """What a condition asks of a column."""

    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    LESS = "less"
    AT_MOST = "at_most"
    MORE = "more"
    AT_LEAST = "at_least"
    BETWEEN = "between"
    CONTAINS = "contains"
    BEGINS = "begins"
    EMPTY = "empty"
    FILLED = "filled"


ORDER = (Test.IS, Test.LESS, Test.AT_MOST, Test.MORE, Test.AT_LEAST, Test.BETWEEN)
PRESENCE = (Test.EMPTY, Test.FILLED)
TESTS: Mapping[Kind, tuple[Test, ...]] = {
    Kind.NUMBER: (*ORDER, Test.IS_NOT, Test.ONE_OF, *PRESENCE),
    Kind.MOMENT: (*ORDER, *PRESENCE),
    Kind.DAY: (*ORDER, *PRESENCE),
    Kind.FLAG: (Test.IS, *PRESENCE),
    Kind.TEXT: (Test.IS, Test.IS_NOT, Test.ONE_OF, Test.CONTAINS, Test.BEGINS, *PRESENCE),
    Kind.OTHER: PRESENCE,
}
MARKS = frozenset({Kind.NUMBER, Kind.MOMENT, Kind.DAY, Kind.TEXT})
"""Kinds of columns that can grow from row to row."""


@dataclass(frozen=True, slots=True, order=True)
class Table:
    """A table or view by its schema (empty where the database has none) and name."""

    schema: str
    name: str


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Ref:
    """A column of the table, or of the joined one."""

    column: str
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition; ``values`` as a person writes them."""

    ref: Ref
    test: Test
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Join:
    """The rows of another table whose ``right`` is the table's ``left``; rows without one stay."""

    table: Table
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Query:
    """What is taken. ``mark`` is a column that only grows: rows below the highest seen are not read again, but for
    an ``overlap`` (minutes for moments, else a number), because what began earlier may be committed later."""

    table: Table
    columns: tuple[Ref, ...]
    filters: tuple[Filter, ...] = ()
    any_of: bool = False
    join: Join | None = None
    mark: str = ""
    overlap: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Query:
        """From plain data."""
        join = raw["join"]
        return cls(
            Table(**raw["table"]), tuple(Ref(**each) for each in raw["columns"]),
            tuple(Filter(Ref(**f["ref"]), Test(f["test"]), tuple(f["values"])) for f in raw["filters"]), raw["any_of"],
            Join(Table(**join["table"]), join["left"], join["right"]) if join else None, raw["mark"], raw["overlap"],
        )  # fmt: skip

    def header(self, ref: Ref) -> str:
        """The name of the column in what is taken; one of the joined table carries that table's name."""
        return f"{self.join.table.name}.{ref.column}" if ref.joined and self.join else ref.column

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(map(self.header, self.columns))


@dataclass(frozen=True, slots=True)
class Known:
    """The columns that there are, of the table and of the joined one."""

    own: Sequence[Column]
    joined: Sequence[Column] = ()

    def kind(self, ref: Ref) -> Kind | None:
        columns = self.joined if ref.joined else self.own
        return next((each.kind for each in columns if each.name == ref.column), None)


def check(query: Query, known: Known) -> None:
    """Raises ``DefinitionError`` with everything that is wrong with the query against the columns there are."""
    issues = list(_issues(query, known))
    if issues:
        raise DefinitionError("query", issues)


def _issues(query: Query, known: Known) -> Iterator[Issue]:
    if not query.columns:
        yield Issue("columns", "query.no_columns")
    keys = [Ref(query.join.left), Ref(query.join.right, joined=True)] if query.join else []
    for ref in (*query.columns, *keys):
        if known.kind(ref) is None:
            yield Issue("columns", "query.column_unknown", {"column": ref.column})
    for number, each in enumerate(query.filters):
        yield from _filter_issues(f"filters[{number}]", each, known.kind(each.ref))
    if query.mark and known.kind(Ref(query.mark)) not in MARKS:
        yield Issue("mark", "query.mark_unfit", {"column": query.mark})
    if not 0 <= query.overlap <= 10_000_000:
        yield Issue("overlap", "query.overlap_unfit")


def _filter_issues(where: str, given: Filter, kind: Kind | None) -> Iterator[Issue]:
    if kind is None:
        yield Issue(where, "query.column_unknown", {"column": given.ref.column})
        return
    if given.test not in TESTS[kind]:
        yield Issue(where, "query.test_unfit", {"column": given.ref.column, "test": given.test, "kind": kind})
        return
    wanted = {Test.BETWEEN: 2, Test.EMPTY: 0, Test.FILLED: 0}.get(given.test, 1)
    if len(given.values) < wanted or len(given.values) > MOST_VALUES:
        yield Issue(where, "query.value_missing", {"column": given.ref.column, "wanted": wanted})
    for value in given.values:
        if not _readable(value, kind):
            yield Issue(where, "query.value_bad", {"column": given.ref.column, "value": value, "kind": kind})


def _readable(value: str, kind: Kind) -> bool:
    try:
        READ[kind](value)
    except (ValueError, InvalidOperation):
        return False
    return True


def _number(value: str) -> int | Decimal:
    if re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    if re.fullmatch(r"-?\d{1,18}\.\d{1,9}", value):
        return Decimal(value)
    raise ValueError(value)


def _flag(value: str) -> bool:
    if value not in {"1", "0"}:
        raise ValueError(value)
    return value == "1"


def _text(value: str) -> str:
    if "\x00" in value:
        raise ValueError(value)
    return value


READ: Mapping[Kind, Callable[[str], Any]] = {
    Kind.NUMBER: _number, Kind.MOMENT: datetime.fromisoformat, Kind.DAY: date.fromisoformat, Kind.FLAG: _flag,
    Kind.TEXT: _text, Kind.OTHER: _text,
}  # fmt: skip
"""How a value that a person wrote is read, by the kind of its column; ``ValueError`` for nonsense."""


def kind_of(declared: str) -> Kind:
    """The kind of a column by the type that its database names."""
    name = declared.strip().casefold()
    found = (kind for kind, pattern in PATTERNS if re.match(pattern, name))
    return next(found, Kind.OTHER)


PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.MOMENT, r"timestamp|datetime"),
    (Kind.DAY, r"date\b"),
    (Kind.FLAG, r"bool"),
    (
        Kind.NUMBER,
        r"(big|small|tiny|medium)?(int\b|integer|int\d|serial)|int$|numeric|decimal|number|real|double|float|year",
    ),
    (Kind.TEXT, r"$|.*char|.*text|clob|uuid|enum|citext|name\b"),
)
