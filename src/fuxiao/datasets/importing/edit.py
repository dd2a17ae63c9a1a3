"""Corrects a mapping column by column: what a column of the file becomes, and who the people in it are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fuxiao.datasets.importing.doubtful import PERSONS
from fuxiao.datasets.importing.look import ColumnLook
from fuxiao.datasets.importing.mapping import (
    Condition,
    Expression,
    Shape,
    TableMapping,
    required_columns,
    target_columns,
)
from fuxiao.datasets.importing.mapping import Mapping as FileMapping
from fuxiao.datasets.importing.match import value_words
from fuxiao.datasets.importing.names import dimension_name, names_taken
from fuxiao.engine.schema import Column, Type

DIMENSION, DROP, OTHERWISE = "dimension", "drop", "otherwise"
"""A column is kept as a dimension, left out, or used in a way that only the text of the mapping says."""
TAKEN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "surveys": {"about_person": ("first_responder", "owner"), "answered_at": ("opened_at",)},
}
"""What a dataset beside the main one has of it, by column: the first of these columns that the file fills."""
RATINGS = ("csat", "nps", "ces")

ASIDE = frozenset({"first_responder", "about_person"})
"""Columns that a proposal often fills beside another one from the same column of the file."""


@dataclass(frozen=True, slots=True)
class Use:
    """One column of a dataset that a column of the file goes into; ``plain`` where nothing else has a part in it."""

    dataset: str
    column: str
    plain: bool

    @property
    def target(self) -> str:
        return f"{self.dataset}.{self.column}"


def uses_of(mapping: FileMapping, header: str) -> list[Use]:
    """Everything that a column of the file goes into, what it fills alone first."""
    found = [
        Use(table.dataset, name, expression.columns == (header,) and not expression.when)
        for table in mapping.tables
        for name, expression in table.columns.items()
        if header in expression.sources()
    ]
    return sorted(found, key=lambda use: (not use.plain, use.column in ASIDE))


def target_of(mapping: FileMapping, header: str) -> str:
    """What the column becomes: ``cases.opened_at``, or one of ``DIMENSION``, ``DROP`` and ``OTHERWISE``."""
    uses = uses_of(mapping, header)
    if uses:
        return uses[0].target if uses[0].plain else OTHERWISE
    return DROP if header in mapping.drop else DIMENSION


def assign(mapping: FileMapping, look: ColumnLook, target: str) -> FileMapping:
    """The mapping with another meaning for one column of the file; a column that filled the target before is freed.

    What else the column has a part in stays, unless it is left out altogether.
    """
    header, before = look.header, target_of(mapping, look.header)
    if target in {before, OTHERWISE}:
        return mapping
    gone = {use.target for use in uses_of(mapping, header)} if target == DROP else {before}
    tables = [_without(table, gone, header) for table in mapping.tables]
    drop = [each for each in mapping.drop if each != header] + ([header] if target == DROP else [])
    changed = replace(mapping, tables=tuple(tables), drop=tuple(drop))
    if target == DIMENSION:
        return _with_dimension(changed, header)
    return changed if target == DROP else _with_column(changed, look, target)


def read_as(mapping: FileMapping, header: str, formats: tuple[str, ...]) -> FileMapping:
    """The mapping that reads the dates of a column of the file in these formats."""

    def read(expression: Expression) -> Expression:
        return (
            replace(expression, formats=formats)
            if expression.columns == (header,) and expression.formats
            else expression
        )

    tables = [replace(t, columns={name: read(each) for name, each in t.columns.items()}) for t in mapping.tables]
    return replace(mapping, tables=tuple(tables))


def _without(table: TableMapping, gone: set[str], header: str) -> TableMapping:
    columns = {name: each for name, each in table.columns.items() if f"{table.dataset}.{name}" not in gone}
    dimensions = {name: each for name, each in table.dimensions.items() if each != header}
    return replace(table, columns=columns, dimensions=dimensions)


def _with_dimension(mapping: FileMapping, header: str) -> FileMapping:
    main = mapping.table(mapping.main)
    if main is None:
        return mapping
    name = dimension_name(header, {*names_taken(main.dataset), *map(str.casefold, main.dimensions)})
    return _put(mapping, replace(main, dimensions={**main.dimensions, name: header}))


def _with_column(mapping: FileMapping, look: ColumnLook, target: str) -> FileMapping:
    dataset, _, name = target.partition(".")
    table = mapping.table(dataset) or TableMapping(dataset, {})
    columns = {column.name: column for column in target_columns(dataset, mapping.shape)}
    return _put(mapping, replace(table, columns={**table.columns, name: expression_of(look, columns[name])}))


def expression_of(look: ColumnLook, column: Column) -> Expression:
    """A column of the file as the value of this column: its date format, its words for fixed values."""
    if column.type in {Type.MOMENT, Type.DAY} and look.formats != ("iso",):
        return Expression(columns=(look.header,), formats=look.formats)
    words = value_words(column) if column.values else {}
    said = {value: words[value.casefold()] for value in look.values if value.casefold() in words}
    return Expression(columns=(look.header,), values=said)


def _put(mapping: FileMapping, table: TableMapping) -> FileMapping:
    others = [each for each in mapping.tables if each.dataset != table.dataset]
    at = next((n for n, each in enumerate(mapping.tables) if each.dataset == table.dataset), len(others))
    return replace(mapping, tables=(*others[:at], table, *others[at:]))


def with_dataset(mapping: FileMapping, dataset: str) -> FileMapping:
    """The mapping with one more dataset that the file feeds."""
    return mapping if mapping.table(dataset) else _put(mapping, TableMapping(dataset, {}))


def completed(mapping: FileMapping) -> FileMapping:
    """With what a further dataset takes from the main one where nothing else was said: its case number, say."""
    main = mapping.table(mapping.main)
    if main is None:
        return mapping
    tables = (each if each is main else _completed(each, main, mapping.shape) for each in mapping.tables)
    return replace(mapping, tables=tuple(tables))


def _completed(table: TableMapping, main: TableMapping, shape: Shape) -> TableMapping:
    """A rating without a day would belong to no period; where there is none, there was no answer."""
    wanted: dict[str, tuple[str, ...]] = {name: (name,) for name in required_columns(table.dataset, shape)}
    wanted |= TAKEN.get(table.dataset, {})
    sources = {name: next((each for each in names if each in main.columns), "") for name, names in wanted.items()}
    taken = {name: main.columns[source] for name, source in sources.items() if source}
    rating = next((table.columns[name] for name in RATINGS if name in table.columns), None)
    when = tuple(map(Condition, rating.columns)) if rating and not table.when else table.when
    return replace(table, columns={**taken, **table.columns}, when=when)


def pruned(mapping: FileMapping) -> FileMapping:
    """Without datasets that no column goes into."""
    return replace(mapping, tables=tuple(table for table in mapping.tables if table.columns or table.dimensions))


def with_people(mapping: FileMapping, people: Mapping[str, str]) -> FileMapping:
    """The mapping that turns these names into employee numbers, wherever a person is named."""
    known = {name: number for name, number in people.items() if number and number != name}
    return replace(mapping, tables=tuple(_with_people(table, known) for table in mapping.tables))


def _with_people(table: TableMapping, people: Mapping[str, str]) -> TableMapping:
    persons = PERSONS.get(table.dataset, ())
    columns = {
        name: _naming(each, people) if name in persons and people else each for name, each in table.columns.items()
    }
    return replace(table, columns=columns)


def _naming(expression: Expression, people: Mapping[str, str]) -> Expression:
    if expression.first_of:
        return replace(expression, first_of=tuple(_naming(part, people) for part in expression.first_of))
    return replace(expression, values={**expression.values, **people})
