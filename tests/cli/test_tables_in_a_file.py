"""A file that holds several tables: which is read is said, and the others are mapped and imported by their names."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from command_line import fuxiao

MONTHS = {"3月": 3, "4月": 4, "5月": 5}
EACH = 12


@pytest.fixture
def home(tmp_path: Path) -> Path:
    fuxiao("init", tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A workbook with a sheet a month, twelve repairs on each."""
    path = tmp_path / "台账.xlsx"
    with xlsxwriter.Workbook(path) as book:
        form = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, month in MONTHS.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["工单号", "报修时间", "完工时间", "工程师"])
            for n in range(1, EACH + 1):
                at = datetime(2026, month, n, 9, tzinfo=UTC).replace(tzinfo=None)
                sheet.write(n, 0, f"WX{month}{n:02d}")
                sheet.write_datetime(n, 1, at, form)
                sheet.write_datetime(n, 2, at + timedelta(hours=3), form)
                sheet.write(n, 3, "王师傅")
    return path


def accepted(home: Path, file: Path) -> list[str]:
    said = fuxiao("import", file, home=home).lines
    return [line.split()[1] for line in said if line.startswith("cases")]


def test_a_sheet_a_month_is_read_whole_by_one_mapping(home: Path, ledger: Path) -> None:
    assert 'sheet = "*"' in fuxiao("map", ledger, home=home).out
    assert accepted(home, ledger) == [str(3 * EACH)]


def test_a_sheet_a_month_may_have_a_mapping_each(home: Path, ledger: Path) -> None:
    for name in ("3月", "4月", "5月"):
        fuxiao("map", ledger, "--table", name, home=home)
        assert (home / "mappings" / f"{name}.toml").is_file()
    assert accepted(home, ledger) == [str(EACH)] * 3
    fuxiao("export", "cases", "-o", home / "cases.csv", home=home)
    assert len((home / "cases.csv").read_text("utf-8-sig").splitlines()) == 1 + 3 * EACH


def test_a_sheet_that_has_a_mapping_of_its_own_is_not_called_unread(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    with xlsxwriter.Workbook(path) as book:
        repairs, people, cover = map(book.add_worksheet, ("报修", "人员", "说明"))
        repairs.write_row(0, 0, ["工单号", "报修时间", "完工时间", "工程师"])
        for n in range(1, EACH + 1):
            repairs.write_row(n, 0, [f"WX{n:02d}", f"2026-03-{n:02d} 09:00", f"2026-03-{n:02d} 12:00", "王师傅"])
        people.write_row(0, 0, ["工号", "姓名", "班组", "岗位"])
        people.write_row(1, 0, ["E1", "王师傅", "一组", "维修工程师"])
        cover.write_column(0, 0, ["口径", "按报修时间"])
    assert "not read: 人员 (2), 说明 (2);" in fuxiao("map", path, "-o", tmp_path / "before.toml", home=home).out
    fuxiao("map", path, "--table", "人员", home=home)
    assert "not read: 说明 (2);" in fuxiao("map", path, home=home).out


def test_an_archive_of_two_tables_says_how_to_name_one(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    rows = "".join(f"T{n},2026-03-{n:02d} 09:00\n" for n in range(1, 13))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("out/tickets.csv", "Ticket No,Created\n" + rows)
        archive.writestr("out/agents.csv", "Agent,Team\nLin,A\n")
    refused = fuxiao("map", path, home=home, code=None)
    assert refused.code != 0
    assert "fuxiao map --table NAME" in refused.err
    fuxiao("map", path, "--table", "out/tickets.csv", home=home)
    assert accepted(home, path) == ["12"]
