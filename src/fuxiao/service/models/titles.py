"""The index of titles: the signs and pairs of signs of each, by which words in the middle of one are found."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from fuxiao.service.models.cases import Case


class Signs(models.TextField):  # type: ignore[type-arg]  # Django takes none at run time
    """What ``service.signs`` makes of a text."""


@Signs.register_lookup
class HasAll(models.Lookup):
    """Whether all signs of a text are among them: FTS5 knows on SQLite, an index of the list's parts on PostgreSQL."""

    lookup_name = "has_all"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:  # noqa: ANN401 - as Django's
        return self._put("{} MATCH {}", compiler, connection)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:  # noqa: ANN401 - as Django's
        return self._put("string_to_array({}, ' ') @> string_to_array({}, ' ')", compiler, connection)

    def _put(self, form: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:  # noqa: ANN401
        left, first = self.process_lhs(compiler, connection)
        right, second = self.process_rhs(compiler, connection)
        return form.format(left, right), (*first, *second)


class CaseTitle(models.Model):
    """The signs of a case's title. On SQLite it is a table of FTS5, whose key has the name ``rowid``."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="+", db_column="rowid")
    signs = Signs()

    def __str__(self) -> str:
        return f"{self.case_id}"
