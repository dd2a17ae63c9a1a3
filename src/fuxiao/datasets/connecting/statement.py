"""The query as SQL: one SELECT, names quoted, every value apart from the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from fuxiao.datasets.connecting.query import READ, Filter, Kind, Known, Query, Ref, Table, Test

ESCAPE = "!"
COMPARED = {
    Test.IS: "=", Test.IS_NOT: "<>", Test.LESS: "<", Test.AT_MOST: "<=", Test.MORE: ">", Test.AT_LEAST: ">=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database writes a quoted name and a place for a value."""

    name: str
    quote: str
    place: str

    def quoted(self, identifier: str) -> str:
        doubled = self.quote + identifier.replace(self.quote, self.quote * 2) + self.quote
        return doubled.replace("%", "%%") if self.place == "%s" else doubled

    def table(self, table: Table) -> str:
        return ".".join(self.quoted(part) for part in (table.schema, table.name) if part)


POSTGRESQL = Dialect("postgresql", '"', "%s")
MYSQL = Dialect("mysql", "`", "%s")
SQLITE = Dialect("sqlite", '"', "?")


@dataclass(frozen=True, slots=True)
class Given:
    """A value in its place."""

    value: Any


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL in pieces, values among them."""

    dialect: Dialect
    parts: tuple[str | Given, ...]

    @property
    def sql(self) -> str:
        """With places for the values."""
        return "".join(self.dialect.place if isinstance(part, Given) else part for part in self.parts)

    @property
    def values(self) -> tuple[Any, ...]:
        return tuple(part.value for part in self.parts if isinstance(part, Given))

    @property
    def shown(self) -> str:
        """With the values written out, for a person to read; never sent to a database."""
        texts = (literal(part.value) if isinstance(part, Given) else part.replace("%%", "%") for part in self.parts)
        return "".join(texts)


def literal(value: object) -> str:
    """A value as SQL writes it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
    return "'" + text.replace("'", "''") + "'"


def statement(
    query: Query, known: Known, dialect: Dialect, *, since: object = None, most: int | None = None
) -> Statement:
    """The SELECT: the columns in their order, then the mark where there is one.

    ``since`` is where the mark begins, ``most`` how many rows at most. The query has been checked before.
    """
    writer = _Writer(query, known, dialect)
    parts: list[str | Given] = [f"SELECT {writer.columns()}\nFROM {writer.tables()}"]
    conditions = list(writer.filters())
    if conditions:
        joined = _between(conditions, "\n   OR " if query.any_of else "\n  AND ")
        parts += ["\nWHERE ", *(("(", *joined, ")") if query.any_of and len(conditions) > 1 else joined)]
    if since is not None:
        parts += ["\n  AND " if conditions else "\nWHERE ", writer.name(Ref(query.mark)), " >= ", Given(since)]
    if most is not None:
        parts.append(f"\nLIMIT {most:d}")
    return Statement(dialect, tuple(parts))


@dataclass(frozen=True, slots=True)
class _Writer:
    query: Query
    known: Known
    dialect: Dialect

    def name(self, ref: Ref) -> str:
        return f"{'j' if ref.joined else 't'}.{self.dialect.quoted(ref.column)}"

    def columns(self) -> str:
        chosen = [f"{self.name(ref)} AS {self.dialect.quoted(self.query.header(ref))}" for ref in self.query.columns]
        mark = [self.name(Ref(self.query.mark))] if self.query.mark else []
        return ", ".join(chosen + mark)

    def tables(self) -> str:
        join = self.query.join
        own = f"{self.dialect.table(self.query.table)} AS t"
        if join is None:
            return own
        on = f"{self.name(Ref(join.left))} = {self.name(Ref(join.right, joined=True))}"
        return f"{own}\nLEFT JOIN {self.dialect.table(join.table)} AS j ON {on}"

    def filters(self) -> Iterator[tuple[str | Given, ...]]:
        for each in self.query.filters:
            kind = self.known.kind(each.ref) or Kind.OTHER
            yield self._filter(each, [READ[kind](value) for value in each.values], text=kind is Kind.TEXT)

    def _filter(self, given: Filter, values: Sequence[Any], *, text: bool) -> tuple[str | Given, ...]:
        name = self.name(given.ref)
        if given.test in COMPARED:
            return (f"{name} {COMPARED[given.test]} ", Given(values[0]))
        if given.test is Test.BETWEEN:
            return (f"{name} BETWEEN ", Given(values[0]), " AND ", Given(values[1]))
        if given.test is Test.ONE_OF:
            return (f"{name} IN (", *_between([(Given(value),) for value in values], ", "), ")")
        if given.test in {Test.CONTAINS, Test.BEGINS}:
            start = "%" if given.test is Test.CONTAINS else ""
            return (f"{name} LIKE ", Given(f"{start}{_escaped(values[0])}%"), f" ESCAPE '{ESCAPE}'")
        return _presence(name, empty=given.test is Test.EMPTY, text=text)


def _presence(name: str, *, empty: bool, text: bool) -> tuple[str]:
    """Whether there is anything; a text without a character is nothing."""
    if not text:
        return (f"{name} IS {'' if empty else 'NOT '}NULL",)
    return (f"({name} IS NULL OR {name} = '')" if empty else f"({name} IS NOT NULL AND {name} <> '')",)


def _escaped(value: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        value = value.replace(sign, ESCAPE + sign)
    return value


def _between(groups: Sequence[tuple[str | Given, ...]], text: str) -> list[str | Given]:
    found: list[str | Given] = []
    for group in groups:
        found += [text, *group] if found else group
    return found


def bound(value: object) -> object:
    """The value as SQLite knows it: it has neither dates nor decimals."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value
