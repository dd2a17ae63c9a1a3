"""Writes names and values into SQL text, so that nothing a file brings can ever be read as SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol


class Result(Protocol):
    """The answer to a query."""

    def fetchall(self) -> list[tuple[Any, ...]]: ...


class Connection(Protocol):
    """What the importer needs of a database connection (``Store.scratch()`` gives one)."""

    def execute(self, query: str, parameters: object = ...) -> Result: ...

    def sql(self, query: str) -> Any: ...  # noqa: ANN401 -- a relation that only the store looks into

    def register(self, view_name: str, python_object: object) -> object: ...

    def unregister(self, view_name: str) -> object: ...

    def close(self) -> None: ...


def name(identifier: str) -> str:
    """The identifier in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """The value as a literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """The values as a parenthesised list of literals, never empty (an empty one holds only null)."""
    return "(" + (", ".join(text(value) for value in values) or "null") + ")"


def lookup(value: str, pairs: Iterable[tuple[str, str]], *, otherwise: str) -> str:
    """``value`` translated by a searched CASE; a value that is not in the pairs becomes ``otherwise``."""
    arms = " ".join(f"when {text(old)} then {text(new)}" for old, new in pairs)
    return f"(case {value} {arms} else {otherwise} end)" if arms else otherwise


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return found


def one(connection: Connection, query: str) -> tuple[Any, ...]:
    """The first row of a query that always has one."""
    return rows(connection, query)[0]


def count(connection: Connection, query: str) -> int:
    """The first cell as a whole number; null counts as nothing."""
    return int(one(connection, query)[0] or 0)


def first_of(expressions: Sequence[str]) -> str:
    """The first that is not null; a later one is worked out only for the rows that need it, which COALESCE does not."""
    *arms, last = expressions
    if not arms:
        return last
    tried = " ".join(f"when ({arm}) is not null then {arm}" for arm in arms)
    return f"(case {tried} else {last} end)"
