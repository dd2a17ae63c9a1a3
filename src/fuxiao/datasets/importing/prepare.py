"""From a file and a mapping to finished datasets in scratch tables, with everything counted; nothing is stored yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from fuxiao.core.errors import InputError
from fuxiao.datasets.importing import findings, rules, sql
from fuxiao.datasets.importing.attributes import Attributes
from fuxiao.datasets.importing.derive import cases_from_events
from fuxiao.datasets.importing.doubtful import doubtful_names
from fuxiao.datasets.importing.events import Made, events_from_log
from fuxiao.datasets.importing.fill import Filled, Filler
from fuxiao.datasets.importing.mapping import MADE_KEYS, Mapping, Shape, TableMapping
from fuxiao.datasets.importing.mapping_read import check_columns
from fuxiao.datasets.importing.names import dimension_name, names_taken
from fuxiao.datasets.importing.progress import Stage, Watch
from fuxiao.datasets.importing.quality import Item, QualityReport, ordered
from fuxiao.datasets.importing.raw import LINE, Raw, Worked, marked_cells
from fuxiao.datasets.importing.raw import TABLE as RAW
from fuxiao.datasets.importing.sql import Connection
from fuxiao.datasets.importing.states import events_from_states
from fuxiao.datasets.importing.tables import read_tables
from fuxiao.datasets.importing.values import Reading

MOST_DIMENSIONS = 1_000
"""So many columns that a mapping does not mention are kept; beyond, a file is refused instead of taking for ever."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the importer has to know of the company and the moment: nothing of it is taken from the machine."""

    zone: str
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file read and checked. ``tables`` names the scratch table of each dataset; its rows have ``_row``."""

    raw: Raw
    mapping: Mapping
    tables: dict[str, str]
    quality: QualityReport
    rejected: int


def prepare(
    connection: Connection, path: Path, mapping: Mapping, *, workspace: Path, place: Place, watch: Watch
) -> Prepared:
    """Read, map and check the file. Raises ``InputError``, ``DefinitionError`` or ``Cancelled``."""
    raw = read_tables(connection, path, workspace, mapping, watch=watch, beside=partial(_beside, mapping, place))
    check_columns(mapping, raw.headers)
    whole, added = complete(mapping, raw)
    findings.open_findings(connection, raw)
    reading = Reading(whole, whole.zone or place.zone, place.currency, raw.mendable)
    reading = replace(reading, marked=marked_cells(connection, raw, reading))
    work = _Work(connection, raw, whole, reading, place, watch)
    tables = work.run()
    findings.once(connection)
    items = [
        *work.items,
        *findings.items(connection),
        *_of_file(raw),
        *_of_tables(raw, mapping),
        *added,
        *_mended(connection, raw, whole, reading),
    ]
    quality = QualityReport(tuple(ordered(with_places(raw, item) for item in items)))
    return Prepared(raw, whole, tables, quality, findings.rejected_lines(connection))


def _beside(mapping: Mapping, place: Place, headers: tuple[str, ...]) -> Worked:
    """What the mapping makes of the cells under these headers, by dataset and column, where none must be mended."""
    raw = Raw(headers, 0, 0, 0, (), mendable=frozenset())
    reading = Reading(mapping, mapping.zone or place.zone, place.currency, raw.mendable)
    meant: dict[str, str] = {}
    values: dict[str, str] = {}
    for table in mapping.tables:
        if set(table.sources()) <= set(headers):
            filler = Filler(raw, table, mapping.shape, reading, place.at)
            meant |= filler.meant()
            values |= filler.beside()
    return Worked(meant, values)


def complete(mapping: Mapping, raw: Raw) -> tuple[Mapping, list[Item]]:
    """The mapping with the parts it leaves unsaid: cases of an event log, and columns that nobody mentions."""
    tables = list(mapping.tables)
    events = mapping.table("case_events")
    if mapping.shape is not Shape.CASE and mapping.table("cases") is None and events is not None:
        tables.append(TableMapping("cases", {"case_id": events.columns["case_id"]}))
    used = {header for table in tables for header in table.sources()} | set(mapping.drop)
    free = [header for header in raw.data_headers if header not in used]
    if len(free) > MOST_DIMENSIONS:
        raise InputError("file.too_wide", columns=len(free), most=MOST_DIMENSIONS)
    main = next(table for table in tables if table.dataset == mapping.main)
    taken = {*names_taken(main.dataset), *map(str.casefold, main.dimensions)}
    new: dict[str, str] = {}
    for header in free:
        new[dimension_name(header, {*taken, *new})] = header
    tables[tables.index(main)] = replace(main, dimensions={**main.dimensions, **new})
    items = [Item("new_column", main.dataset, header, "keep", 1) for header in free]
    return replace(mapping, tables=tuple(tables)), items


@dataclass
class _Work:
    """Fills and finishes one dataset after the other, events before the cases that are made of them."""

    connection: Connection
    raw: Raw
    mapping: Mapping
    reading: Reading
    place: Place
    watch: Watch

    def __post_init__(self) -> None:
        self.items: list[Item] = []
        self.derived: tuple[Made, Attributes] | None = None
        """Of a file with several rows a case: the events that were made of them, and what they say of the cases."""

    def run(self) -> dict[str, str]:
        order = sorted(self.mapping.tables, key=lambda table: table.dataset != "case_events")
        done: dict[str, str] = {}
        for table in order:
            self.watch.step(Stage.CHECK, rows=self.raw.rows)
            if table.dataset == "cases" and self.derived:
                done[table.dataset] = self._cases(*self.derived)
            else:
                done[table.dataset] = self._finish(self._fill(table))
        return done

    def _fill(self, table: TableMapping) -> Filled:
        filler = Filler(self.raw, table, self.mapping.shape, self.reading, self.place.at)
        filled = filler.fill(self.connection)
        findings.collect(self.connection, filler, filled)
        self.items.extend(self._dated_by_opening(filled))
        self.items.extend(_whole_days(filled))
        known = {item.column for item in self.items if item.code == "spellings"}
        self.items.extend(doubtful_names(self.connection, filled, known=known))
        return filled

    def _dated_by_opening(self, filled: Filled) -> Iterator[Item]:
        """Ratings that have no moment of their own: whoever reads the figures of a period has to know."""
        cases, answered = self.mapping.table("cases"), filled.mapping.columns.get("answered_at")
        if filled.mapping.dataset == "surveys" and cases and answered and answered == cases.columns.get("opened_at"):
            count = sql.count(self.connection, f"select count(answered_at) from {filled.table}")
            yield Item("dated_by_opening", "surveys", next(answered.sources(), ""), "keep", count)

    def _finish(self, filled: Filled) -> str:
        dataset = filled.mapping.dataset
        return self._events(filled) if dataset == "case_events" else self._once(dataset, self._keyed(filled))

    def _events(self, filled: Filled) -> str:
        cases = self.mapping.table("cases")
        said = Attributes(self._fill(cases), filled) if cases and self.mapping.shape is not Shape.CASE else None
        if said and self.mapping.shape is Shape.STATE:
            made = events_from_states(self.connection, filled, said)
        else:
            made = events_from_log(self.connection, filled)
        if "seq" in filled.names:
            made = replace(made, table=self._once("case_events", made.table))
        self.items.extend(made.items)
        self.derived = (made, said) if said else None
        return made.table

    def _cases(self, events: Made, said: Attributes) -> str:
        made = cases_from_events(self.connection, said, events=events, event_names=self._columns_of(events.table))
        self.items.extend(made.items)
        said.filled.forget(self.connection)
        if not events.view:
            said.rows.forget(self.connection)
        return made.table

    def _keyed(self, filled: Filled) -> str:
        """The rows with the keys that the file does not have."""
        dataset = filled.mapping.dataset
        listed = ", ".join(sql.name(n) for n in (LINE, *filled.names, *filled.mapping.dimensions))
        made = MADE_KEYS.get(dataset, "")
        extra = ""
        if made and made not in filled.names:
            extra = f", {rules.made_key(dataset, LINE)}"
        if dataset == "visits" and "visit_no" not in filled.names:
            when = "arrived_at" if "arrived_at" in filled.names else LINE
            extra = f", row_number() over (partition by case_id order by {when}, {LINE}) as visit_no"
        self.connection.execute(
            f"create or replace temp view keyed_{dataset} as select {listed}{extra} from {filled.table}"
        )
        return f"keyed_{dataset}"

    def _once(self, dataset: str, table: str) -> str:
        """Of rows with the same key the last one; the others are counted."""
        key = ", ".join(sql.name(name) for name in rules.key_of(dataset))
        again = f"select 1 from {table} group by {key} having count(*) > 1"
        if not sql.count(self.connection, f"select count(*) from ({again})"):
            return table
        last = f"row_number() over (partition by {key} order by {LINE} desc) = 1"
        told = f"concat_ws(' / ', {key})"
        header = self._header_of_key(dataset)
        findings.note_replaced(self.connection, dataset, header, table=table, key=told, last=last)
        self.connection.execute(f"create or replace temp table once_{dataset} as select * from {table} qualify {last}")
        return f"once_{dataset}"

    def _header_of_key(self, dataset: str) -> str:
        table = self.mapping.table(dataset)
        expression = table.columns.get(rules.key_of(dataset)[0]) if table else None
        return next(expression.sources(), "") if expression else ""

    def _columns_of(self, table: str) -> tuple[str, ...]:
        return tuple(name for name, *_ in sql.rows(self.connection, f"describe {table}"))


def _whole_days(filled: Filled) -> Iterator[Item]:
    """Moments that count at the end of their day, by the column that tells the day."""
    columns = filled.mapping.columns
    told = {next(columns[name].sources(), ""): count for name, count in filled.days.items()}
    for header, count in told.items():
        yield Item("day_only", filled.mapping.dataset, header, "keep", count)


def _of_file(raw: Raw) -> Iterator[Item]:
    """What was counted while the file was cut into cells."""
    yield Item("empty_line", "", "", "drop", raw.empty)
    yield Item("trailing_cells", "", "", "mend", raw.trailing)
    yield Item("unreadable_characters", "", "", "mend", raw.replaced)
    yield from (Item("long_number", "", header, "keep", count) for header, count in raw.long_numbers)


def _of_tables(raw: Raw, mapping: Mapping) -> Iterator[Item]:
    """Of a file with several tables those that are not read, and columns of the mapping that some do not have."""
    why = dict.fromkeys((each.code, each.lacks) for each in raw.unread)
    for code, lacks in why:
        found = [each for each in raw.unread if (each.code, each.lacks) == (code, lacks)]
        yield Item(code, "", ", ".join(lacks), "skip", len(found), tuple((each.name, each.rows) for each in found))
    for header in dict.fromkeys(header for table in mapping.tables for header in table.sources()):
        names = _instead(mapping, header)
        without = [(part.name, part.rows) for part in raw.parts if part.rows and names.isdisjoint(part.headers)]
        yield Item("column_absent", "", header, "blank", sum(rows for _, rows in without), tuple(without))


def _instead(mapping: Mapping, header: str) -> set[str]:
    """The column and all that the mapping takes instead of it."""
    parts = (e for table in mapping.tables for e in table.columns.values() if e.first_of and header in e.sources())
    return {header, *(source for expression in parts for source in expression.sources())}


def with_places(raw: Raw, item: Item) -> Item:
    """The item with its lines as the tables have them, where there are several."""
    if not raw.parts:
        return item
    return replace(item, lines=tuple(":".join(map(str, raw.place(int(line)))) for line in item.lines))


def _mended(connection: Connection, raw: Raw, mapping: Mapping, reading: Reading) -> Iterator[Item]:
    """Cells that were mended, by column."""
    sources = dict.fromkeys(header for table in mapping.tables for header in table.sources())
    used = [header for header in sources if raw.cell(header) in raw.mendable]
    if not used or not raw.rows:
        return
    cells = [raw.cell(header) for header in used]
    counts = ", ".join(f"count(*) filter (where {cell} <> {reading.mended(cell)})" for cell in cells)
    for header, count in zip(used, sql.one(connection, f"select {counts} from {RAW}"), strict=True):
        yield Item("mended", "", header, "mend", int(count))
