"""A dry run that shows what it found: the report, the first rows as they would be stored, the people named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.doubtful import PERSONS
from fuxiao.datasets.importing.mapping import Mapping
from fuxiao.datasets.importing.prepare import Prepared
from fuxiao.datasets.importing.progress import Progress
from fuxiao.datasets.importing.raw import LINE
from fuxiao.datasets.importing.run import ImportReport, prepared_file, report_of
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.store import Store
from fuxiao.engine import schema
from fuxiao.engine.schema import Type

ROWS = 50
MOST_PEOPLE = 2_000
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of one dataset as texts a person can read, yes and no as they are.

    ``persons`` are the places of the columns that name people.
    """

    dataset: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | bool, ...], ...]
    persons: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as the file names them, and in how many rows."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a dry run found."""

    report: ImportReport
    previews: tuple[Preview, ...]
    people: tuple[Named, ...]


def inspect_file(
    store: Store, path: Path, mapping: Mapping, *, at: datetime, progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Inspection:  # fmt: skip
    """What an import would bring, storing nothing. Raises what ``import_file`` raises."""
    with prepared_file(store, path, mapping, at=at, progress=progress, cancelled=cancelled) as (connection, prepared):
        shown = _Shown(store.settings.zone, store.settings.currency)
        previews = tuple(_preview(connection, name, table, shown) for name, table in prepared.tables.items())
        people = tuple(_people(connection, prepared))
        return Inspection(report_of(connection, store, path, prepared), previews, people)


def _preview(connection: Connection, dataset: str, table: str, shown: _Shown) -> Preview:
    names = [name for name, *_ in sql.rows(connection, f"describe {table}") if not name.startswith("_")]
    listed = ", ".join(map(sql.name, names))
    rows = sql.rows(connection, f"select {listed} from {table} order by {LINE} limit {ROWS}")
    types = {column.name: column.type for column in schema.dataset(dataset).columns}
    cells = tuple(
        tuple(shown.cell(cell, types.get(n, Type.TEXT)) for n, cell in zip(names, row, strict=True)) for row in rows
    )
    persons = tuple(n for n, name in enumerate(names) if name in PERSONS.get(dataset, ()))
    return Preview(dataset, tuple(names), cells, persons)


@dataclass(frozen=True, slots=True)
class _Shown:
    """Cells of the lake as a person reads them."""

    zone: str
    currency: str

    def cell(self, value: object, kind: Type) -> str | bool:
        if value is None or isinstance(value, bool):
            return "" if value is None else value
        if kind is Type.MOMENT:
            moment = datetime.fromtimestamp(int(str(value)), UTC).astimezone(ZoneInfo(self.zone))
            return f"{moment:%Y-%m-%d %H:%M:%S}"
        if kind is Type.DAY:
            return str(EPOCH + timedelta(days=int(str(value))))
        if kind is Type.MONEY:
            places = MINOR_UNITS.get(self.currency, 2)
            return f"{Decimal(str(value)).scaleb(-places):,.{places}f}"
        if kind is Type.NUMBER:
            return f"{Decimal(str(value)).normalize():f}"
        return str(value)


def _people(connection: Connection, prepared: Prepared) -> Iterable[Named]:
    """Everybody the file names, the most frequent first."""
    parts = [
        f"select {sql.name(column)}::varchar as who, {LINE} as line from {table}"
        for dataset, table in prepared.tables.items()
        for column in _person_columns(connection, dataset, table)
    ]
    if not parts:
        return
    query = f"select who, count(distinct line) from ({' union all '.join(parts)}) where who is not null group by who"
    for who, rows in sql.rows(connection, f"{query} order by 2 desc, 1 limit {MOST_PEOPLE}"):
        yield Named(who, rows)


def _person_columns(connection: Connection, dataset: str, table: str) -> list[str]:
    there = [name for name, *_ in sql.rows(connection, f"describe {table}")]
    return [column for column in PERSONS.get(dataset, ()) if column in there]
