"""Questions whose SQL is written once: writing it takes Django longer than answering it takes a database.

Only the text is kept, never an answer: a question is asked anew each time, with the values of that time put in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
MOST = 512
"""So many forms of one question are kept, those asked for last."""


class Given(Expression):
    """The place of a value in a question."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:  # noqa: ANN401, ARG002 - as Django's
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class Written(Generic[Row]):
    """A question with its SQL, the places of the values among its parameters."""

    found: QuerySet[Any, Row]
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    converters: Any

    def ask(self, values: dict[str, object]) -> list[Row]:
        """The rows of now. Reading them is Django's, all but the text."""
        compiler = copy(self.compiler)
        compiler.connection = connections[self.found.db]
        suit = compiler.connection.ops.adapt_unknown_value
        filled = tuple(suit(values[each.name]) if isinstance(each, Given) else each for each in self.parameters)
        compiler.as_sql = lambda *_, **__: (self.sql, filled)  # type: ignore[method-assign]
        compiler.get_converters = lambda _: self.converters  # type: ignore[method-assign, assignment]
        found = self.found.all()
        found.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return list(found)


def _written(found: QuerySet[Any, Row]) -> Written[Row]:
    compiler = found.query.get_compiler(found.db)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:  # Django knows that there is no such row, and asks nothing where there is no text
        sql, parameters = "", ()
    converters = compiler.get_converters([expression for expression, *_ in compiler.select[: compiler.col_count]])
    return Written(found, compiler, sql, tuple(parameters), converters)


def written_once(question: Callable[..., QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
    """Ask by the rows that a function describes, which is called once for each form of its question.

    What is given by position is part of the form, and has to be hashable; what is given by name is put in each time,
    and stands where a filter compares with one value.
    """

    @lru_cache(MOST)
    def form(shape: tuple[Hashable, ...], names: tuple[str, ...]) -> Written[Row]:
        return _written(question(*shape, **{name: Given(name) for name in names}))

    @wraps(question)
    def ask(*shape: Hashable, **values: object) -> list[Row]:
        return form(shape, tuple(values)).ask(values)

    return ask
