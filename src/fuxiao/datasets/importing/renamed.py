"""Columns that some tables of a file call otherwise: 首次响应时间 until March, 首响时间 from April on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from fuxiao.datasets.importing.mapping import Expression, Shape, TableMapping, target_columns
from fuxiao.datasets.importing.match import Matcher, synonyms
from fuxiao.datasets.importing.raw import Part
from fuxiao.engine.schema import Column

Read = Callable[[Column, str, str], Expression]
"""From a column, a header and a dataset to how the cells under the header are read."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """Reads a column under each of its names, where no table has two of them; the tables of the file are ``parts``."""

    match: Matcher
    parts: Collection[Part]
    read: Read

    def everywhere(self, tables: tuple[TableMapping, ...], shape: Shape) -> tuple[TableMapping, ...]:
        """The datasets with all names of their columns. A dataset of which only some rows are read stays as it is: what
        they are chosen by has one name."""
        used = {header for table in tables for header in table.sources()}
        return tuple(table if table.when else self._whole(table, shape, used) for table in tables)

    def _whole(self, table: TableMapping, shape: Shape, used: Collection[str]) -> TableMapping:
        known = {column.name: column for column in target_columns(table.dataset, shape)}
        names: dict[str, tuple[Expression, ...]] = {}
        for name, expression in table.columns.items():
            if len(expression.columns) == 1 and not names.get(expression.columns[0]):
                [header] = expression.columns
                others = self._others(known[name], _synonyms(table.dataset, name), header, used)
                names[header] = tuple(self.read(known[name], other, table.dataset) for other in others)
        return replace(table, columns={name: _first_of(each, names) for name, each in table.columns.items()})

    def _others(self, column: Column, named: Collection[str], header: str, used: Collection[str]) -> Iterator[str]:
        found = {header}
        while True:
            beside = {each for part in self.parts if found & set(part.headers) for each in part.headers}
            other = self.match.find(named, column, without={*used, *beside})
            if other is None:
                return
            found.add(other)
            yield other


def _synonyms(dataset: str, name: str) -> Collection[str]:
    tables = synonyms()["columns"]
    found: list[str] = tables[dataset].get(name) or tables["states"].get(name, [])
    return found


def _first_of(expression: Expression, names: Mapping[str, tuple[Expression, ...]]) -> Expression:
    others = names.get(expression.columns[0], ()) if len(expression.columns) == 1 else ()
    if not others:
        return expression
    return Expression(first_of=(expression, *(replace(other, when=expression.when) for other in others)))
