"""Imports of files: the product's import of each shape against DuckDB's own reading of the same file into Parquet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import xlsxwriter

from bench.data import CALENDAR, LEVELS, SETTINGS
from bench.homes import AS_OF
from bench.logs import CASE, EVENT, STATE, write_log
from bench.way import Prepare, Work
from bench.wide import WIDE
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.run import import_file
from fuxiao.datasets.manifest import read_manifest
from fuxiao.datasets.store import Store

LOGS = {"case": CASE, "event": EVENT, "state": STATE, "wide": WIDE}
SHEET_ROWS, SHEET_COLUMNS = 20_000, 50
SHEET_MAPPING = """shape = "case"
[cases.columns]
case_id = "id"
opened_at = "opened"
"""


def by_product(shape: str) -> Prepare:
    """The whole import into a home of its own: validated, counted, stored and visible."""

    def prepare(home: Path) -> Work:
        path = _csv(home, shape)
        return lambda: _imported(path, LOGS[shape].mapping)

    return prepare


def by_duckdb(shape: str, options: str = "") -> Prepare:
    """The yardstick: types guessed, nothing checked, one Parquet file."""

    def prepare(home: Path) -> Work:
        path = _csv(home, shape)

        def work() -> None:
            with tempfile.TemporaryDirectory(dir=path.parent) as folder, duckdb.connect() as connection:
                connection.execute(
                    f"copy (from read_csv('{path}'{options})) to '{folder}/copy.parquet' (compression zstd)"
                )

        return work

    return prepare


def workbook(home: Path) -> Work:
    """A spreadsheet of 20,000 rows and 50 columns."""
    path = home.parent / "sheet.xlsx"
    if not path.is_file():
        _write_workbook(path)
    return lambda: _imported(path, SHEET_MAPPING)


def _csv(home: Path, shape: str) -> Path:
    """The file beside the home, with as many rows as that has cases."""
    rows = sum(file.rows for file in read_manifest(home / "lake").records["cases"].files)
    return write_log(home.parent / f"{home.name}-{shape}.csv", LOGS[shape], rows)


def _imported(path: Path, mapping: str) -> dict[str, object]:
    with _new_home(path.parent) as home, Store.open(home) as store:
        report = import_file(store, path, parse_mapping(mapping), at=AS_OF)
        return {"rows": report.rows, "rejected": report.rejected, **report.accepted}


@contextmanager
def _new_home(beside: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=beside) as folder:
        home = Path(folder)
        (home / "calendars").mkdir()
        (home / "fuxiao.toml").write_text(SETTINGS, encoding="utf-8")
        (home / "calendars" / "office.yaml").write_text(CALENDAR, encoding="utf-8")
        (home / "service_levels.yaml").write_text(LEVELS, encoding="utf-8")
        yield home


def _write_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "opened", *(f"column {n}" for n in range(3, SHEET_COLUMNS + 1))])
        for row in range(1, SHEET_ROWS + 1):
            cells = [f"text {row % 97} {n}" if n % 2 else row * n / 8 for n in range(3, SHEET_COLUMNS + 1)]
            sheet.write_row(row, 0, [f"C{row:06d}", f"2026-08-{row % 28 + 1:02d} 09:05", *cells])
