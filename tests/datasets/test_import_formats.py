"""Every encoding, delimiter and file format brings the same records."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fuxiao.core.errors import InputError
from fuxiao.datasets.importing.archives import Bounds, unpack
from fuxiao.datasets.importing.encoding import detect_encoding
from fuxiao.datasets.importing.layout import unique_names
from fuxiao.datasets.store import Store
from importing_tools import CASES, bring, epoch, put, records

# Ibis still asks DuckDB 2 for tables by a name that DuckDB has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
HEADER = ["id", "opened", "answered", "owner", "机型"]
ROWS = [
    ["00123456789012345678", "2026-08-03 09:05", "2026-08-03 09:20", "张伟", "KFR-35"],
    ["2", "2026-08-04 10:00:00", "", "李,娜", 'say "hi"'],
    ["3", "2026-08-05", "-", "王\n芳", "é"],
]
EXPECTED = [
    ("00123456789012345678", epoch("2026-08-03 09:05"), epoch("2026-08-03 09:20"), "张伟", "KFR-35"),
    ("2", epoch("2026-08-04 10:00"), None, "李,娜", 'say "hi"'),
    ("3", epoch("2026-08-05"), None, "王\n芳", "é"),
]


def delimited(delimiter: str = ",") -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in f'{delimiter}"\n') else text

    return "\n".join(delimiter.join(map(cell, row)) for row in [HEADER, *ROWS]) + "\n"


def all_records(store: Store) -> list[tuple[object, ...]]:
    return records(store, "cases", "case_id", "opened_at", "first_response_at", "owner", "机型")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_is_found_and_read(store: Store, encoding: str) -> None:
    report = bring(store, delimited().encode(encoding))
    assert (report.rows, report.rejected) == (3, 0)
    assert all_records(store) == EXPECTED


def test_a_wrong_encoding_in_the_mapping_is_said(store: Store) -> None:
    with pytest.raises(InputError, match=r"encoding\.wrong"):
        bring(store, delimited(), CASES + '\n[file]\nencoding = "utf-16"\n')


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_every_delimiter_is_found(store: Store, delimiter: str) -> None:
    bring(store, delimited(delimiter))
    assert all_records(store) == EXPECTED


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(store: Store, ending: str) -> None:
    report = bring(store, ending.join(["id,opened,answered,owner", "1,2026-08-03,,A", "2,never,,B", "3,2026-08-03,,C"]))
    assert records(store, "cases", "case_id", "owner") == [("1", "A"), ("3", "C")]
    assert [f.line for f in report.findings] == [3]


def test_a_mark_for_nothing_counts_however_late_it_comes(store: Store) -> None:
    owners = ["A"] * 5_000 + ["N/A", "?", "", "（空）", "n/a "]
    rows = [f"{n},2026-08-03 09:00,,{owner}" for n, owner in enumerate(owners)]
    bring(store, "\n".join(["id,opened,answered,owner", *rows]))
    assert len([who for (who,) in records(store, "cases", "owner") if who is None]) == 5


def test_western_accents_are_not_taken_for_chinese(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_bytes("id;owner\n1;Müller\n2;Élodie Grégoire\n".encode("cp1252"))
    assert detect_encoding(path) == "cp1252"


def test_a_few_broken_bytes_are_replaced_and_counted(store: Store) -> None:
    text = "id,opened,answered,owner\n1,2026-08-03,,张伟好好学习\n2,2026-08-03,,X".encode() + b"\xff\xfe\n"
    report = bring(store, text)
    assert report.quality.count("unreadable_characters") == 2
    assert records(store, "cases", "owner") == [("X\ufffd\ufffd",), ("张伟好好学习",)]


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    sheet = book.create_sheet("数据")
    sheet.append(["售后报表"])
    sheet.append(HEADER)
    for row in ROWS:
        typed = [
            datetime.fromisoformat(cell) if n in {1, 2} and cell not in {"", "-"} else cell
            for n, cell in enumerate(row)
        ]
        sheet.append(typed)
    book.save(path)
    return path


def test_a_workbook_keeps_long_numbers_and_dates_and_finds_its_header(store: Store) -> None:
    report = bring(store, workbook(store.home / "book.xlsx"))
    assert report.rejected == 0
    assert all_records(store) == EXPECTED


def test_a_sheet_is_chosen_by_name_and_a_wrong_name_says_the_near_one(store: Store) -> None:
    path = workbook(store.home / "book.xlsx")
    bring(store, path, CASES + '\n[file]\nsheet = "数据"\n')
    assert len(all_records(store)) == 3
    with pytest.raises(InputError, match=r"sheet\.unknown") as error:
        bring(store, path, CASES + '\n[file]\nsheet = "数据1"\n')
    assert error.value.params["near"] == ("数据",)


def test_a_cover_sheet_before_the_table_is_passed_over(store: Store) -> None:
    path = workbook(store.home / "book.xlsx")
    book = openpyxl.load_workbook(path)
    cover = book.create_sheet("说明", 0)
    cover.append(["2026 年台账"])
    cover.append(["制表", "客服中心"])
    book.save(path)
    bring(store, path)
    assert all_records(store) == EXPECTED


def test_a_number_that_lost_its_last_digits_in_a_spreadsheet_is_counted(store: Store) -> None:
    book = openpyxl.Workbook()
    for row in (["id", "opened", "answered", "owner"], [12345678901234567890, "2026-08-03", None, 7.0]):
        book.active.append(row)
    book.save(store.home / "long.xlsx")
    report = bring(store, store.home / "long.xlsx")
    assert report.quality.count("long_number", "id") == 1
    assert records(store, "cases", "owner") == [("7",)]


def test_parquet_is_read_with_its_types(store: Store) -> None:
    moments = [datetime.fromisoformat(row[1]) for row in ROWS]
    columns = {h: [row[n] for row in ROWS] for n, h in enumerate(HEADER)} | {"opened": moments}
    pq.write_table(pa.table(columns), store.home / "f.parquet")
    bring(store, store.home / "f.parquet")
    assert all_records(store) == EXPECTED


@pytest.mark.parametrize("name", ["f.parquet", "f.jsonl"])
def test_what_lies_in_a_struct_or_an_object_is_a_column_of_its_own(store: Store, name: str) -> None:
    rows = [
        {"id": "A1", "opened": "2026-08-03 09:05", "who": {"name": "Li", "at": {"team": "T1"}}, "tags": ["x", "y"]},
        {"id": "A2", "opened": "2026-08-03 10:05", "who": {"name": "Wu", "at": None}, "tags": None},
        {"id": "A3", "opened": "2026-08-03 11:05", "who": None, "tags": ["z"]},
    ]
    if name.endswith("t"):
        pq.write_table(pa.Table.from_pylist(rows), store.home / name)
    else:
        (store.home / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    bring(
        store,
        store.home / name,
        'shape = "case"\n[cases.columns]\ncase_id = "id"\nopened_at = "opened"\nowner = "who.name"\n',
    )
    assert records(store, "cases", "case_id", "owner", "who_at_team", "tags") == [
        ("A1", "Li", "T1", '["x","y"]'), ("A2", "Wu", None, None), ("A3", None, None, '["z"]'),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["f.jsonl", "f.json"])
def test_json_lines_and_json_lists_are_read(store: Store, name: str) -> None:
    objects = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in objects)
    bring(store, lines if name.endswith("l") else json.dumps(objects, ensure_ascii=False), name=name)
    assert all_records(store) == EXPECTED


@pytest.mark.parametrize("indent", [None, 2])
def test_the_answer_of_a_service_with_one_list_of_objects_in_it_is_read_as_that_list(
    store: Store, indent: int | None
) -> None:
    objects = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    answer = {"tickets": objects, "next_page": None, "count": len(objects), "tags": ["a"]}
    bring(store, json.dumps(answer, ensure_ascii=False, indent=indent), name="f.json")
    assert all_records(store) == EXPECTED


def test_a_json_line_that_is_no_object_is_refused_with_its_line(store: Store) -> None:
    report = bring(
        store, '{"id": "1", "opened": "2026-08-03", "answered": null, "owner": "A"}\n{"id":\n[1]\n', name="f.jsonl"
    )
    assert [(f.line, f.code) for f in report.findings] == [(2, "bad_json"), (3, "bad_json")]
    assert report.accepted == {"cases": 1}
    assert report.rejected_file is not None
    refused = csv.DictReader(io.StringIO(report.rejected_file.read_text(encoding="utf-8-sig")))
    assert [row["_extra"] for row in refused] == ['{"id":', "[1]"]


def test_gz_and_zip_are_opened(store: Store) -> None:
    (store.home / "f.csv.gz").write_bytes(gzip.compress(delimited().encode()))
    bring(store, store.home / "f.csv.gz")
    with zipfile.ZipFile(store.home / "f.zip", "w") as archive:
        archive.writestr("inner/data.csv", delimited().replace("张伟", "赵六"))
        archive.writestr("__MACOSX/data.csv", "junk")
    bring(store, store.home / "f.zip")
    assert len(all_records(store)) == 3
    assert ("赵六",) in records(store, "cases", "owner")


def test_an_archive_of_several_tables_asks_which(store: Store) -> None:
    with zipfile.ZipFile(store.home / "f.zip", "w") as archive:
        archive.writestr("a.csv", delimited())
        archive.writestr("b.csv", delimited())
    with pytest.raises(InputError, match=r"archive\.which_member"):
        bring(store, store.home / "f.zip")
    assert bring(store, store.home / "f.zip", CASES + '\n[file]\nmember = "b.csv"\n').rows == 3


def test_a_name_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        archive.writestr("../evil.csv", "a,b\n")
    with pytest.raises(InputError, match=r"archive\.unsafe_name"):
        unpack(tmp_path / "f.zip", tmp_path)


@pytest.mark.parametrize("wrapping", ["zip", "gz"])
def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path: Path, wrapping: str) -> None:
    path = tmp_path / f"bomb.csv.{wrapping}"
    content = b"0" * (4 << 20)
    if wrapping == "gz":
        path.write_bytes(gzip.compress(content))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.csv", content)
    with pytest.raises(InputError, match=r"archive\.too_big"):
        unpack(path, tmp_path, bounds=Bounds(most_bytes=1 << 30, most_ratio=100, free_bytes=1 << 20))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("f.csv", b"", "file.empty"),
        ("f.pdf", b"x", "file.kind_unknown"),
        ("f.zip", b"not a zip", "archive.damaged"),
        ("f.xlsx", b"PK\x03\x04 not a workbook", "file.unreadable"),
        ("f.xlsx", b"\xd0\xcf\x11\xe0" + bytes(1000) + "EncryptedPackage".encode("utf-16-le"), "file.locked"),
        ("f.parquet", b"nothing", "file.unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_nothing_changes(
    store: Store, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(InputError, match=code):
        bring(store, put(store, name, content))
    assert store.manifest.loads == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("f.csv", b"id,opened", "file.empty(path='f.csv')"),
        ("f.xls", b"id\topened\n1\t2026-08-03\n", "file.really(ending='.csv', path='f.xls')"),
        ("f.xls", b"<html><table><tr><td>id</td></tr></table>", "file.no_table(found='HTML', path='f.xls')"),
        ("f.csv", b"\xd0\xcf\x11\xe0 an old workbook", "file.really(ending='.xls', path='f.csv')"),
        ("f.csv", gzip.compress(b"id,opened\n", mtime=0), "file.really(ending='.csv.gz', path='f.csv')"),
        ("f.csv", b"%PDF-1.7\n", "file.no_table(found='PDF', path='f.csv')"),
        ("f.csv", bytes(range(256)) * 8, "file.no_table(found='binary', path='f.csv')"),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_called_what_it_is(
    store: Store, name: str, content: bytes, said: str
) -> None:
    with pytest.raises(InputError) as refused:
        bring(store, put(store, name, content))
    error = refused.value
    assert f"{error.code}({', '.join(f'{k}={v!r}' for k, v in sorted(error.params.items()))})" == said


def test_a_workbook_with_the_ending_of_a_text_is_told_apart_from_another_archive(store: Store) -> None:
    for inner, ending in (("xl/workbook.xml", ".xlsx"), ("content.xml", ".ods"), ("a.csv", ".zip")):
        with zipfile.ZipFile(store.home / "f.csv", "w") as archive:
            archive.writestr(inner, "x")
        with pytest.raises(InputError, match=rf"file\.really.*{ending}"):
            bring(store, store.home / "f.csv")


def test_names_that_occur_twice_and_names_that_are_missing_differ() -> None:
    assert unique_names(["Variant", "variant", "", "Variant_2", " A  b "]) == (
        "Variant",
        "variant_3",
        "column_3",
        "Variant_2",
        "A b",
    )


NESTED = (
    '{"key": "A", "fields": {"created": "2026-08-03T09:00", "assignee": {"id": 1, "name": "张伟"}, "tags": ["x"]}}\n'
    '{"key": "B", "fields": {"created": "2026-08-04T09:00", "assignee": null, "note": {}}}\n'
    '{"key": "C", "fields": {"created": "2026-08-05T09:00", "assignee": "李娜"}}\n'
)


def test_what_lies_inside_a_json_object_is_a_column_of_its_own(store: Store) -> None:
    mapping = (
        'version = 1\nname = "n"\nshape = "case"\n[cases.columns]\ncase_id = "key"\nopened_at = "fields.created"\n'
        'owner = {first_of = ["fields.assignee.name", "fields.assignee"]}\n'
    )
    report = bring(store, NESTED, mapping, name="f.jsonl")
    assert report.accepted == {"cases": 3}
    assert records(store, "cases", "case_id", "owner") == [("A", "张伟"), ("B", None), ("C", "李娜")]
