"""Writes tables as CSV, XLSX, JSON and Parquet for other programs: readable values, and nothing that runs there."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.core.errors import InputError
from fuxiao.core.period import EPOCH, zone_named
from fuxiao.datasets.store import Store
from fuxiao.engine.fact_tables import FACT_TABLES, Kind
from fuxiao.engine.schema import DATASETS, Type

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Cell: TypeAlias = str | int | Decimal | float | bool | None
SheetRows: TypeAlias = tuple[Sequence[str], Iterable[Sequence[Cell]]]
DANGEROUS = "=+@＝＋－＠\t\r\n-"
"""A spreadsheet takes a text that begins with one of these for a formula, which could call out or run something; those
of East Asia take the full-width ones as well."""
XLSX_ROWS = 1_048_576
"""Rows of a worksheet, the heading included."""
WIDEST = 48
"""Columns of a sheet are as wide as what stands in them, up to so many signs; a Chinese one takes the room of two."""
MEASURED = 200
"""Rows that tell how wide the columns are."""
SHEET_NAME = 31
"""The longest name that a worksheet can have."""
XLSX_SIGNS = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Reading:
    """How stored numbers are read: which columns are moments, days or money, the zone, the currency's decimals.

    Moments become ISO local time with its offset, days ISO dates, money decimals.
    """

    zone: str = "UTC"
    moments: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    money: frozenset[str] = frozenset()
    places: int = 2


def export_table(store: Store, table: ir.Table, path: Path) -> int:
    """Write records, history or facts to ``.csv``, ``.xlsx``, ``.json`` or ``.parquet``, ordered by key.

    The number of rows. Parquet keeps the stored numbers and types; the others are for people, in the company's zone and
    currency. ``InputError`` for another ending, or more rows than a worksheet has.
    """
    ending = path.suffix.lower()
    if not ending:
        raise InputError("export.form_missing", example=f"{path.name}.csv", known=tuple(WRITERS))
    if ending not in WRITERS:
        raise InputError("export.form_unknown", form=ending, known=tuple(WRITERS))
    keys = [name for name in _keys() if name in table.columns]
    batches = store.batches(table.order_by(keys) if keys else table)
    settings = store.settings
    return WRITERS[ending](batches, path, reading_of(settings.zone, currency=settings.currency))


def write_workbook(path: Path, sheets: Mapping[str, SheetRows]) -> None:
    """Write an XLSX with one sheet for each name: headings, then rows; texts never become formulas or links.

    ``InputError`` for more rows than a worksheet has, ``OSError`` where the file cannot be written.
    """
    with _workbook(path) as book:
        bold = book.add_format({"bold": True})
        taken: set[str] = set()
        for name, (headings, rows) in sheets.items():
            sheet = book.add_worksheet(_sheet_name(name, taken))
            sheet.freeze_panes(1, 0)
            for column, heading in enumerate(headings):
                sheet.write_string(0, column, heading, bold)
            _fill(sheet, rows, [_width(heading) for heading in headings])


@contextmanager
def _workbook(path: Path) -> Iterator[Workbook]:
    """A workbook to fill; the ``OSError`` that its library hides where it cannot be written.

    It is put together in memory: the library leaves a file that it cannot finish to the interpreter, which complains.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    whole = BytesIO()
    try:
        with xlsxwriter.Workbook(whole, options) as book:
            yield book
    except FileCreateError as error:
        raise error.args[0] from error
    path.write_bytes(whole.getbuffer())


def defused(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula; numbers stay numbers."""
    if text.startswith(tuple(DANGEROUS)) and not _is_number(text):
        return f"'{text}"
    return text


def reading_of(zone: str, *, currency: str) -> Reading:
    """How the columns of records and facts are read, by their declared types."""
    moments, days, money = set(), set(), set()
    for contract in DATASETS.values():
        moments |= {column.name for column in contract.columns if column.type is Type.MOMENT}
        days |= {column.name for column in contract.columns if column.type is Type.DAY}
        money |= {column.name for column in contract.columns if column.type is Type.MONEY}
    for table in FACT_TABLES.values():
        moments |= {column.name for column in table.columns.values() if column.kind is Kind.MOMENT}
        days |= {f"{anchor}_day" for anchor in table.anchors}
        money |= {column.name for column in table.columns.values() if column.kind is Kind.MONEY}
    return Reading(zone, frozenset(moments), frozenset(days), frozenset(money), MINOR_UNITS.get(currency, 2))


def _csv(batches: pa.RecordBatchReader, path: Path, reading: Reading) -> int:
    # The byte order mark makes Excel read UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(defused(name) for name in batches.schema.names)
        count = 0
        for row in _rows(batches, reading):
            writer.writerow(defused(plain(cell)) for cell in row)
            count += 1
        return count


def _json(batches: pa.RecordBatchReader, path: Path, reading: Reading) -> int:
    """A list of objects, one a line; decimals are texts, so that no digit is lost."""
    names = batches.schema.names
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        count = 0
        for count, row in enumerate(_rows(batches, reading), start=1):
            cells = (format(cell, "f") if isinstance(cell, Decimal) else cell for cell in row)
            line = json.dumps(dict(zip(names, cells, strict=True)), ensure_ascii=False)
            file.write(("\n" if count == 1 else ",\n") + line)
        file.write("\n]\n")
        return count


def _xlsx(batches: pa.RecordBatchReader, path: Path, reading: Reading) -> int:
    written = 0

    def rows() -> Iterator[Sequence[Cell]]:
        nonlocal written
        for row in _rows(batches, reading):
            written += 1
            yield row

    write_workbook(path, {path.stem: (batches.schema.names, rows())})
    return written


def _parquet(batches: pa.RecordBatchReader, path: Path, _reading: Reading) -> int:
    count = 0
    with pq.ParquetWriter(path, batches.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


WRITERS: Mapping[str, Callable[[pa.RecordBatchReader, Path, Reading], int]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".json": _json,
    ".parquet": _parquet,
}


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that a worksheet can have and no other one has; Excel takes no notice of case."""
    base = name.translate(XLSX_SIGNS).strip("' ")[:SHEET_NAME] or "-"
    free, number = base, 1
    while free.casefold() in taken:
        number += 1
        free = f"{base[: SHEET_NAME - 1 - len(str(number))]} {number}"
    taken.add(free.casefold())
    return free


def _fill(sheet: Worksheet, rows: Iterable[Sequence[Cell]], widths: list[int]) -> None:
    for number, row in enumerate(rows, start=1):
        if number == XLSX_ROWS:
            raise InputError("export.too_many_rows", most=XLSX_ROWS - 1)
        if number <= MEASURED:
            widths = [max(width, _width(plain(cell))) for width, cell in zip(widths, row, strict=False)]
        for column, cell in enumerate(row):
            if isinstance(cell, bool):
                sheet.write_boolean(number, column, cell)
            elif isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write_number(number, column, cell)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 2, WIDEST))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _is_number(text: str) -> bool:
    return text[0] in "+-" and text[1:].replace(".", "", 1).isdecimal()


def plain(cell: Cell) -> str:
    """A cell as text: decimals without an exponent, nothing for what is not known."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def _keys() -> list[str]:
    """The columns that name a row of anything, in one order, so that the same rows give the same file."""
    of_records = [name for contract in DATASETS.values() for name in contract.key]
    of_facts = [name for table in FACT_TABLES.values() for name in table.id]
    return list(dict.fromkeys((*of_records, *of_facts, "ancestor", "_load", "_row")))


def _rows(batches: pa.RecordBatchReader, reading: Reading) -> Iterator[tuple[Cell, ...]]:
    """The rows as cells, one batch in memory at a time."""
    readers = [_reader(field.name, field.type, reading) for field in batches.schema]
    for batch in batches:
        columns = [
            [None if value is None else read(value) for value in column.to_pylist()]
            for read, column in zip(readers, batch.columns, strict=True)
        ]
        yield from zip(*columns, strict=True)


def _reader(name: str, kind: pa.DataType, reading: Reading) -> Callable[..., Cell]:
    """How a value of this column is read; a dimension of the same name is a text and stays one."""
    whole = pa.types.is_integer(kind)
    if whole and name in reading.moments:
        zone = zone_named(reading.zone)
        return lambda value: _moment(value, zone)
    if whole and name in reading.days:
        return lambda value: (EPOCH + timedelta(days=value)).isoformat()
    if whole and name in reading.money:
        return lambda value: Decimal(value).scaleb(-reading.places)
    return lambda value: value


def _moment(value: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(value, UTC).astimezone(zone).isoformat()
