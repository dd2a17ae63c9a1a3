"""Files of one kind on one command line, as a shell hands over a folder of months."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from command_line import fuxiao
from fuxiao.cli.context import DEFINITION, INPUT, USAGE

HEADER = "工单号,受理时间,处理人\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A home folder, and the lists of three months beside it."""
    fuxiao("init", tmp_path / "home")
    for month in (1, 2, 3):
        rows = "".join(f"T{month}-{n},2026-0{month}-1{n} 09:00,林静\n" for n in (1, 2))
        (tmp_path / f"工单_2026-0{month}.csv").write_text(HEADER + rows, "utf-8")
    fuxiao("map", tmp_path / "工单_2026-01.csv", "-o", tmp_path / "home/mappings/工单.toml", home=tmp_path / "home")
    return tmp_path


def test_months_are_read_by_the_mapping_of_their_kind(folder: Path) -> None:
    files = sorted(folder.glob("工单_*.csv"))
    answer = fuxiao("import", *files, home=folder / "home")
    assert [line.strip() for line in answer.lines if line.startswith("工单_")] == [file.name for file in files]
    again = fuxiao("import", *files, home=folder / "home")
    assert again.out.count("nothing changed") == 3


def test_a_month_that_cannot_be_read_is_named_and_the_others_come_in(folder: Path) -> None:
    second = folder / "工单_2026-02.csv"
    second.write_text(second.read_text("utf-8").replace("受理时间", "登记时间"), "utf-8")
    files = [*sorted(folder.glob("工单_*.csv")), folder / "工单_2026-04.csv"]
    answer = fuxiao("import", *files, home=folder / "home", code=DEFINITION)
    assert "工单_2026-01.csv" in answer.out
    assert "工单_2026-03.csv" in answer.out
    said = answer.err.splitlines()
    assert said[0] == f"{second} was not imported:"
    assert "受理时间" in said[2]
    assert said[3] == f"{files[-1]} was not imported:"


def test_one_file_alone_ends_with_the_code_of_its_fault(folder: Path) -> None:
    fuxiao("import", folder / "工单_2026-04.csv", home=folder / "home", code=INPUT)
    other = folder / "备件_2026-01.csv"
    other.write_text(HEADER, "utf-8")
    assert "No mapping found" in fuxiao("import", other, home=folder / "home", code=USAGE).err


def test_the_tables_of_an_archive_are_named_in_both_languages(folder: Path) -> None:
    with zipfile.ZipFile(folder / "工单.zip", "w") as packed:
        for file in sorted(folder.glob("工单_*.csv")):
            packed.write(file, file.name)
    (folder / "home/mappings/工单.toml").unlink()
    fuxiao("map", folder / "工单.zip", home=folder / "home")
    assert 'member = "*"' in (folder / "home/mappings/工单.toml").read_text("utf-8")
    answer = fuxiao("import", folder / "工单.zip", "--check", home=folder / "home")
    assert "3 tables read as one: 工单_2026-01.csv, 工单_2026-02.csv, 工单_2026-03.csv." in answer.out
    chinese = fuxiao("import", folder / "工单.zip", "--check", home=folder / "home", lang="zh")
    assert "合并读取了 3 个表：工单_2026-01.csv、" in chinese.out


def test_a_packed_file_is_read_by_the_mapping_of_its_whole_name(folder: Path) -> None:
    (folder / "home/mappings/工单.toml").rename(folder / "home/mappings/late_list.toml")
    packed = folder / "late_list.csv.gz"
    packed.write_bytes(gzip.compress((folder / "工单_2026-01.csv").read_bytes()))
    assert "2 rows read, 0 rejected" in fuxiao("import", packed, home=folder / "home").out
