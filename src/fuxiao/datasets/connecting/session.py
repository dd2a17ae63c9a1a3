"""A read-only session with another database: its tables, their columns, the rows of a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from fuxiao.core.errors import InputError, UnknownName
from fuxiao.datasets.connecting import mysql, postgresql, sqlite
from fuxiao.datasets.connecting.address import Address
from fuxiao.datasets.connecting.query import Column, Table, kind_of
from fuxiao.datasets.connecting.statement import Dialect, Statement

BATCH = 5_000
QUICK, PATIENT = 10, 600
"""Seconds that a statement may take while somebody waits, and in the background."""
OWN = "base_auditentry"
"""A table of Fuxiao itself: its database is no source, or passwords of accounts could be read there."""


@dataclass(frozen=True, slots=True)
class Session:
    """An open connection. Every failure comes as an ``InputError`` that says what to do, without the password."""

    address: Address
    driver: Driver
    connection: Any

    @property
    def dialect(self) -> Dialect:
        return self.driver.dialect

    def tables(self) -> list[Table]:
        """Tables and views that the user may read, in order."""
        found = [Table(schema, name) for schema, name in self._all(self.driver.tables, ())]
        if any(table.name == OWN for table in found):
            raise InputError("connect.own", place=self.address.spoken)
        return sorted(found)

    def columns(self, table: Table) -> tuple[Column, ...]:
        """The columns of a table in their order. ``UnknownName`` where there is no such table."""
        places = (table.name,) if self.driver.flat else (table.schema, table.name)
        found = tuple(Column(name, kind_of(kind)) for name, kind in self._all(self.driver.columns, places))
        if not found:
            raise UnknownName("table", table.name, (each.name for each in self.tables()))
        return found

    def rows(self, statement: Statement) -> Iterator[Sequence[Sequence[Any]]]:
        """The rows in batches, as they come."""
        values = tuple(map(self.driver.bound, statement.values))
        return self._batches(statement.sql, values)

    def _all(self, sql: str, values: tuple[Any, ...]) -> list[Sequence[Any]]:
        return [row for batch in self._batches(sql, values) for row in batch]

    def _batches(self, sql: str, values: tuple[Any, ...]) -> Iterator[Sequence[Sequence[Any]]]:
        with self._said(), closing(self.driver.cursor(self.connection)) as cursor:
            cursor.execute(sql, values)
            while batch := cursor.fetchmany(BATCH):
                yield batch

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except self.driver.errors as error:
            raise self.driver.refused(error, self.address) from error


@dataclass(frozen=True, slots=True)
class Driver:
    """How one kind of database is opened and asked. ``flat``: it has no schemas."""

    dialect: Dialect
    open: Callable[[Address, int], Any]
    cursor: Callable[[Any], Any]
    errors: tuple[type[Exception], ...]
    refused: Callable[[Exception, Address], InputError]
    tables: str
    columns: str
    bound: Callable[[object], object] = lambda value: value
    flat: bool = False


DRIVERS = {
    "postgresql": Driver(
        postgresql.DIALECT, postgresql.open_session, postgresql.cursor, postgresql.ERRORS, postgresql.refused,
        postgresql.TABLES, postgresql.COLUMNS,
    ),
    "mysql": Driver(
        mysql.DIALECT, mysql.open_session, mysql.cursor, mysql.ERRORS, mysql.refused, mysql.TABLES, mysql.COLUMNS
    ),
    "sqlite": Driver(
        sqlite.DIALECT, sqlite.open_session, sqlite.cursor, sqlite.ERRORS, sqlite.refused, sqlite.TABLES,
        sqlite.COLUMNS, sqlite.bound, flat=True,
    ),
}  # fmt: skip


@contextmanager
def open_session(address: Address, *, seconds: int = QUICK) -> Iterator[Session]:
    """A session that ends with the block; a statement takes at most so many seconds. Raises ``InputError``."""
    driver = DRIVERS[address.kind]
    try:
        connection = driver.open(address, seconds)
    except driver.errors as error:
        raise driver.refused(error, address) from error
    with closing(connection):
        session = Session(address, driver, connection)
        session.tables()
        yield session
