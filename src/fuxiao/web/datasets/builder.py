"""The query builder: a form without code that becomes a query, and the query as the form again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from fuxiao.base.wording import say, say_issue
from fuxiao.core.errors import DefinitionError
from fuxiao.datasets.connecting.query import TESTS, Column, Filter, Join, Kind, Known, Query, Ref, Table, Test, check
from fuxiao.web import words
from fuxiao.web.pages import whole

SPARE = 2
MOST_FILTERS = 20
MARK_NAMES = re.compile(
    r"(update|modif|chang|edit|sync).*(at|time|date|on)?$|(gmt_modified|mtime|更新|修改)", re.IGNORECASE
)
YES, NO = {"1", "是", "yes", "true", "y"}, {"0", "否", "no", "false", "n"}
HOUR = 60


def key_of(table: Table) -> str:
    """The table as the value of a choice."""
    return json.dumps([table.schema, table.name], ensure_ascii=False)


def table_of(key: str, tables: Sequence[Table]) -> Table | None:
    """The table that a choice means; none for anything else."""
    return next((table for table in tables if key_of(table) == key), None)


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FilterRow:
    """One line of the conditions."""

    number: int
    columns: list[Choice]
    tests: list[Choice]
    value: str


@dataclass
class Builder:
    """The form for one table, perhaps with a second one joined."""

    table: Table
    known: Known
    join: Table | None = None
    query: Query | None = None
    problems: list[str] = field(default_factory=list)

    def read(self, data: QueryDict) -> None:
        """The query that was sent, with what is wrong with it in ``problems``."""
        join = Join(self.join, data.get("join_left", ""), data.get("join_right", "")) if self.join else None
        refs = tuple(filter(None, map(_ref, data.getlist("column"))))
        self.query = Query(
            self.table, refs, tuple(self._filters(data)), data.get("any_of") == "1", join, data.get("mark", ""),
            whole(data.get("overlap", "").strip() or "0", -1),
        )  # fmt: skip
        try:
            check(self.query, self.known)
        except DefinitionError as refused:
            said = (say_issue(issue, words.language()) for issue in refused.issues)
            self.problems = [line.split(": ", 1)[-1] for line in said]

    def _filters(self, data: QueryDict) -> Iterator[Filter]:
        for number in range(MOST_FILTERS):
            ref = _ref(data.get(f"f{number}_column", ""))
            test = data.get(f"f{number}_test", "")
            if ref is not None and test in set(Test):
                kind = self.known.kind(ref)
                yield Filter(ref, Test(test), tuple(_values(data.get(f"f{number}_value", ""), Test(test), kind)))

    @property
    def columns(self) -> list[Choice]:
        """All columns; chosen are those of the query, at first those of the table itself."""
        chosen = set(self.query.columns) if self.query else {Ref(each.name) for each in self.known.own}
        return [Choice(_key(ref), self._name(ref), ref in chosen) for ref in self._refs()]

    @property
    def filters(self) -> list[FilterRow]:
        """The conditions, and some empty lines for more."""
        given = list(self.query.filters) if self.query else []
        lines = [*given, *[None] * SPARE][:MOST_FILTERS]
        return [self._line(number, each) for number, each in enumerate(lines)]

    def _line(self, number: int, given: Filter | None) -> FilterRow:
        columns = [Choice(_key(ref), self._name(ref), bool(given and given.ref == ref)) for ref in self._refs()]
        kind = self.known.kind(given.ref) if given else None
        fitting = TESTS[kind] if kind else tuple(Test)
        tests = [Choice(test, say(f"query_test.{test}", words.language()), bool(given and given.test is test))
                 for test in Test if test in fitting or (given and given.test is test)]  # fmt: skip
        return FilterRow(number, columns, tests, ", ".join(given.values) if given else "")

    @property
    def marks(self) -> list[Choice]:
        """The columns that may tell what is new."""
        fit = [each for each in self.known.own if each.kind in {Kind.MOMENT, Kind.DAY, Kind.NUMBER, Kind.TEXT}]
        chosen = self.query.mark if self.query else self._likely()
        return [Choice(each.name, f"{each.name} · {_kind_word(each)}", each.name == chosen) for each in fit]

    def _likely(self) -> str:
        moments = (each.name for each in self.known.own if each.kind is Kind.MOMENT and MARK_NAMES.search(each.name))
        return next(moments, "")

    @property
    def overlap(self) -> int:
        return self.query.overlap if self.query else HOUR

    @property
    def keys(self) -> tuple[list[Choice], list[Choice]]:
        """The columns that may join both tables, alike ones first chosen."""
        join = self.query.join if self.query else None
        same = next((a.name for a in self.known.own for b in self.known.joined if a.name == b.name), "")
        left, right = (join.left, join.right) if join else (same, same)
        return (
            [Choice(each.name, each.name, each.name == left) for each in self.known.own],
            [Choice(each.name, each.name, each.name == right) for each in self.known.joined],
        )

    def _refs(self) -> list[Ref]:
        return [Ref(each.name) for each in self.known.own] + [Ref(each.name, joined=True) for each in self.known.joined]

    def _name(self, ref: Ref) -> str:
        return f"{self.join.name}.{ref.column}" if ref.joined and self.join else ref.column


def _kind_word(column: Column) -> str:
    return say(f"query_kind.{column.kind}", words.language())


def _key(ref: Ref) -> str:
    return f"{int(ref.joined)}:{ref.column}"


def _ref(key: str) -> Ref | None:
    side, colon, name = key.partition(":")
    return Ref(name, joined=side == "1") if colon and side in {"0", "1"} else None


def _values(text: str, test: Test, kind: Kind | None) -> list[str]:
    """The values that a person wrote: several are set apart by commas or lines."""
    if test in {Test.EMPTY, Test.FILLED} or not text.strip():
        return []
    several = test in {Test.ONE_OF, Test.BETWEEN}
    parts = re.split(r"[,，、;；\n]", text) if several else [text]
    return [_flag(part.strip()) if kind is Kind.FLAG else part.strip() for part in parts if part.strip()]


def _flag(word: str) -> str:
    return "1" if word.lower() in YES else "0" if word.lower() in NO else word
