"""A year's list as companies keep it: a workbook with a sheet for each month, an archive with a file for each."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from fuxiao.core.errors import DefinitionError, InputError
from fuxiao.datasets.importing.layout import Layout
from fuxiao.datasets.importing.propose import Proposal, propose
from fuxiao.datasets.importing.quality import Item
from fuxiao.datasets.importing.run import ImportReport
from fuxiao.datasets.store import Store
from importing_tools import bring, epoch, new_store, put, records

HEADER = ("工单号", "报修时间", "完工时间", "工程师", "产品")
MONTHS = [f"{month}月" for month in range(1, 13)]
MAPPING = """
[file]
sheet = "*"
[cases.columns]
case_id = "工单号"
opened_at = "报修时间"
resolved_at = "完工时间"
owner = "工程师"
"""
Rows = Sequence[Sequence[str]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


def month(number: int, *, rows: int = 3) -> list[list[str]]:
    """The list of a month with its header, text in every cell."""
    day = f"2026-{number:02d}"
    listed = [
        [f"G{number}-{n}", f"{day}-0{n} 09:00", f"{day}-0{n} 15:30", "王师傅", "空调"] for n in range(1, rows + 1)
    ]
    return [list(HEADER), *listed]


def year() -> dict[str, list[list[str]]]:
    return {name: month(number) for number, name in enumerate(MONTHS, start=1)}


def workbook(sheets: Mapping[str, Rows], *, hidden: str = "") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name == hidden:
                sheet.hide()
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return out.getvalue()


def listed(rows: Rows, encoding: str = "gb18030") -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode(encoding)


class ChineseName(zipfile.ZipInfo):
    """An entry as Chinese Windows writes it: the name in GBK, and nothing that says so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 -- asked for under this name
        return self.filename.encode("gbk"), self.flag_bits


def archive(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(ChineseName(name), content)
    return out.getvalue()


def proposal(store: Store, name: str, content: bytes, layout: Layout | None = None) -> Proposal:
    return propose(store.scratch(), put(store, name, content), layout=layout or Layout())


def item(report: ImportReport, code: str, column: str = "") -> Item:
    return next(each for each in report.quality.items if (each.code, each.column) == (code, column))


def counted(store: Store) -> dict[str, int]:
    """How many cases of each month are stored."""
    months = [case.split("-")[0] for (case,) in records(store, "cases", "case_id")]
    return {each: months.count(each) for each in dict.fromkeys(months)}


def test_twelve_sheets_of_one_header_are_proposed_as_one_table_and_read_so(store: Store) -> None:
    sheets = {"封面": [["2026年台账"], ["制表：张敏"]], **year(), "汇总": [["月份", "单数"], ["1月", "3"]]}
    found = proposal(store, "台账.xlsx", workbook(sheets))
    assert (found.mapping.file.sheet, found.raw.rows) == ("*", 36)
    head = "\n".join(found.remarks.notes[""])
    assert "12 tables of one header are read as one: 1月 (3), 2月 (3)" in head
    assert "not read: 封面 (1), 汇总 (1)" in head
    report = bring(store, store.home / "台账.xlsx", found.text)
    assert (report.rows, report.accepted["cases"], report.rejected) == (36, 36, 0)
    assert [each["name"] for each in report.tables] == MONTHS
    assert item(report, "table_unlike").examples == (("封面", 1), ("汇总", 1))


def test_columns_in_another_order_and_one_more_of_them_come_in_by_name(store: Store) -> None:
    sheets = year()
    sheets["5月"] = [[row[n] for n in (3, 0, 4, 2, 1)] for row in sheets["5月"]]
    sheets["9月"] = [[*row, "备注" if n == 0 else f"第{n}单"] for n, row in enumerate(sheets["9月"])]
    report = bring(store, workbook(sheets), MAPPING, name="台账.xlsx")
    assert (report.accepted["cases"], report.rejected) == (36, 0)
    opened = int(datetime(2026, 5, 1, 9, tzinfo=UTC).timestamp())
    assert ("G5-1", opened, "王师傅") in records(store, "cases", "case_id", "opened_at", "owner")
    assert item(report, "new_column", "备注").treatment == "keep"


def test_headers_that_differ_in_width_case_and_blanks_are_the_same_column(store: Store) -> None:
    sheets = year()
    sheets["2月"][0] = [" 工单号", "报修时间（新）", "完工时间", "工程师", "产品"]
    sheets["3月"][0] = ["工单号", "报修时间(新)", "完工 时间", "工程师 ", "产品"]
    mapping = MAPPING.replace('"报修时间"', '{first_of = ["报修时间", "报修时间(新)"]}')
    report = bring(store, workbook(sheets), mapping, name="台账.xlsx")
    assert (report.accepted["cases"], report.rejected, report.quality.count("table_lacks")) == (36, 0, 0)


def test_a_sheet_with_a_needed_column_renamed_is_named_and_not_read_until_the_mapping_knows_both(store: Store) -> None:
    sheets = year()
    sheets["7月"][0][1] = "进厂时刻"
    found = proposal(store, "台账.xlsx", workbook(sheets))
    assert any(line.startswith("CHECK: 7月 will not be read, it has no 报修时间") for line in found.remarks.notes[""])
    report = bring(store, store.home / "台账.xlsx", found.text)
    lost = item(report, "table_lacks", "报修时间")
    assert (lost.treatment, lost.count, lost.examples) == ("skip", 1, (("7月", 3),))
    assert "G7" not in counted(store)
    both = MAPPING.replace('"报修时间"', '{first_of = ["报修时间", "进厂时刻"]}')
    assert bring(store, store.home / "台账.xlsx", both).accepted["cases"] == 36


def test_months_that_call_a_column_by_another_known_name_are_read_as_proposed(store: Store) -> None:
    sheets = year()
    sheets["7月"][0][1], sheets["8月"][0][2], sheets["9月"][0][3] = "登记时间", "完成时间", "维修员"
    found = proposal(store, "台账.xlsx", workbook(sheets))
    assert 'opened_at = {first_of = ["报修时间", "登记时间"]}' in found.text
    report = bring(store, store.home / "台账.xlsx", found.text)
    assert (report.accepted["cases"], report.quality.count("column_absent"), report.rejected) == (36, 0, 0)
    assert {owner for (owner,) in records(store, "cases", "owner")} == {"王师傅"}
    assert None not in {solved for (solved,) in records(store, "cases", "resolved_at")}


def test_a_column_that_may_be_missing_is_empty_and_said(store: Store) -> None:
    sheets = year()
    sheets["7月"] = [[row[n] for n in (0, 1, 3, 4)] for row in sheets["7月"]]
    report = bring(store, workbook(sheets), MAPPING, name="台账.xlsx")
    absent = item(report, "column_absent", "完工时间")
    assert (absent.treatment, absent.count, absent.examples) == ("blank", 3, (("7月", 3),))
    assert {case for case, solved in records(store, "cases", "case_id", "resolved_at") if solved is None} == {
        "G7-1", "G7-2", "G7-3",
    }  # fmt: skip


def test_a_refused_row_names_its_sheet_and_line_and_comes_in_once_it_is_mended(store: Store) -> None:
    sheets = year()
    sheets["3月"][2][1] = "2026-02-30 09:00"
    report = bring(store, workbook(sheets), MAPPING, name="台账.xlsx")
    assert (report.rows, report.rejected, report.accepted["cases"]) == (36, 1, 35)
    assert item(report, "bad_moment", "报修时间").lines == ("3月:3",)
    assert [(each.table, each.line) for each in report.findings] == [("3月", 3)]
    assert report.rejected_file is not None
    text = report.rejected_file.read_text(encoding="utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["工单号"], row["_file"], row["_line"]) == ("G3-2", "台账.xlsx/3月", "3")
    faults = report.findings_file.read_text(encoding="utf-8-sig") if report.findings_file else ""
    assert faults.splitlines()[1].startswith("3月,3,cases,报修时间,2026-02-30 09:00,bad_moment,reject")
    mended = bring(store, text.replace("2026-02-30", "2026-03-02"), MAPPING, name="mended.csv")
    assert (mended.accepted["cases"], mended.rejected) == (1, 0)
    assert counted(store) == {f"G{n}": 3 for n in range(1, 13)}


def test_where_a_stored_row_comes_from_is_told_by_what_is_kept_of_the_load(store: Store) -> None:
    bring(store, workbook(year()), MAPPING, name="台账.xlsx")
    kept = json.loads((store.home / "quality" / "000001.json").read_text(encoding="utf-8"))
    history = store.execute(store.history("cases")).to_pylist()
    [row] = [each["_row"] for each in history if each["case_id"] == "G3-2"]
    part = [each for each in kept["tables"] if each["before"] < row][-1]
    assert (part["name"], row - part["before"]) == ("3月", 3)


BY_SHEET = """
shape = "case"
[file]
sheet = "*"
member = "*"
[cases.columns]
case_id = "工单号"
opened_at = {columns = ["_table", "日"], format = "%Y年%m月 %d"}
"""


def by_day(number: int) -> list[list[str]]:
    """A list whose rows tell the day alone; the month stands on the tab."""
    return [["工单号", "日"], *([f"G{number}-{day}", str(day)] for day in (1, 15, 28))]


def test_a_month_that_only_the_name_of_the_sheet_tells_is_read_from_there(store: Store) -> None:
    february = [*by_day(2), ["", ""], ["G2-x", "30"]]
    sheets = {"2026年1月": by_day(1), "2026年2月": february, "说明": [["口径", "谁"], ["按日", "王"]]}
    report = bring(store, workbook(sheets), BY_SHEET.replace('member = "*"', ""), name="台账.xlsx")
    assert dict(records(store, "cases", "case_id", "opened_at")) == {
        f"G{number}-{day}": epoch(f"2026-{number:02d}-{day:02d} 00:00") for number in (1, 2) for day in (1, 15, 28)
    }
    refused = [(f.table, f.line, f.value, f.code) for f in report.findings]
    assert refused == [("2026年2月", 6, "2026年2月 30", "bad_moment")]
    assert item(report, "table_unlike").examples == (("说明", 1),)


def test_the_name_of_a_file_in_an_archive_tells_the_month_as_well(store: Store) -> None:
    files = {f"报修/2026年{number}月.csv": listed(by_day(number)) for number in (1, 2)}
    bring(store, archive(files), BY_SHEET, name="台账.zip")
    assert dict(records(store, "cases", "case_id", "opened_at"))["G2-28"] == epoch("2026-02-28 00:00")


def test_the_same_workbook_again_changes_nothing_and_a_newer_month_replaces_the_older(store: Store) -> None:
    sheets = year()
    written = workbook(sheets)
    bring(store, written, MAPPING, name="台账.xlsx")
    assert bring(store, written, MAPPING, name="台账.xlsx").unchanged
    sheets["3月"][1][3] = "李师傅"
    sheets["1月"].append(["G1-4", "2026-01-09 09:00", "2026-01-09 10:00", "王师傅", "空调"])
    report = bring(store, workbook(sheets), MAPPING, name="台账改.xlsx")
    added = report.datasets["cases"]
    assert (added.new, added.replaced, added.unchanged) == (1, 1, 35)
    assert ("G3-1", "李师傅") in records(store, "cases", "case_id", "owner")


def test_a_workbook_whose_mapping_says_nothing_of_sheets_says_which_were_not_read(store: Store) -> None:
    silent = MAPPING.replace('[file]\nsheet = "*"\n', "")
    report = bring(store, workbook({**year(), "空表": []}), silent, name="台账.xlsx")
    beside = item(report, "table_beside")
    assert (report.rows, beside.treatment, beside.count) == (3, "skip", 11)
    assert beside.examples[:2] == (("2月", 4), ("3月", 4))
    named = MAPPING.replace('"*"', '"2月"')
    assert bring(store, workbook(year()), named, name="台账2.xlsx").quality.count("table_beside") == 0


def test_a_hidden_sheet_is_not_read_and_named(store: Store) -> None:
    report = bring(store, workbook({**year(), "旧数据": month(6, rows=5)}, hidden="旧数据"), MAPPING, name="台账.xlsx")
    assert (report.rows, item(report, "table_hidden").examples) == (36, (("旧数据", 6),))


def test_the_sum_of_all_months_on_a_sheet_of_its_own_counts_no_case_twice(store: Store) -> None:
    every = [list(HEADER), *(row for rows in year().values() for row in rows[1:])]
    report = bring(store, workbook({"全年": every, **year()}), MAPPING, name="台账.xlsx")
    assert (report.rows, report.accepted["cases"], report.quality.count("duplicate_row")) == (72, 36, 36)


def test_day_and_month_are_told_apart_by_the_month_that_proves_it(store: Store) -> None:
    def dated(month_: int, days: range) -> list[list[str]]:
        return [["Ticket", "Opened", "Agent"], *([f"{month_}-{d}", f"{d:02d}/{month_:02d}/2026", "Lin"] for d in days)]

    sheets = {"Jan": dated(1, range(1, 9)), "Feb": dated(2, range(1, 9)), "Mar": dated(3, range(13, 20))}
    found = proposal(store, "year.xlsx", workbook(sheets))
    assert 'opened_at = {column = "Opened", format = "%d/%m/%Y"}' in found.text
    assert bring(store, store.home / "year.xlsx", found.text).rejected == 0


def test_a_case_that_goes_on_in_the_next_month_is_one_case(store: Store) -> None:
    log = ["工单号", "活动", "时间", "操作人"]
    sheets = {
        "1月": [log, *([f"C{n}", "创建", f"2026-01-3{n} 09:00", "客服"] for n in (0, 1))],
        "2月": [log, *([f"C{n}", "解决", f"2026-02-0{n + 1} 09:00", "王师傅"] for n in (0, 1))],
    }
    found = proposal(store, "流转.xlsx", workbook(sheets))
    bring(store, store.home / "流转.xlsx", found.text)
    assert [solved is not None for (solved,) in records(store, "cases", "resolved_at")] == [True, True]


def test_a_line_of_the_header_that_the_mapping_names_holds_for_every_sheet(store: Store) -> None:
    sheets = {name: [["台账"], ["客服部", "2026"], *rows] for name, rows in year().items()}
    mapping = MAPPING.replace("[file]", "[file]\nheader = 3")
    report = bring(store, workbook({"封面": [["台账"]], **sheets}), mapping, name="台账.xlsx")
    assert (report.accepted["cases"], item(report, "table_unlike").examples) == (36, (("封面", 0),))


def test_months_still_to_come_with_a_title_and_a_header_alone_are_tables_without_rows(store: Store) -> None:
    sheets = {name: [[f"{name}售后明细"], ["单位：某公司"], *rows] for name, rows in year().items()}
    for name in MONTHS[9:]:
        sheets[name] = sheets[name][:3]
    sheets["9月"] = [*sheets["9月"][:4], ["制表：张敏"], ["审核：李强"], ["批准：周平"]]
    found = proposal(store, "台账.xlsx", workbook(sheets))
    report = bring(store, store.home / "台账.xlsx", found.text)
    assert [(each["name"], each["rows"]) for each in report.tables][8:] == [
        ("9月", 4), ("10月", 0), ("11月", 0), ("12月", 0),
    ]  # fmt: skip
    assert (report.accepted["cases"], report.quality.count("table_unlike")) == (25, 0)


def test_two_sheets_of_sums_are_not_what_a_workbook_is_about(store: Store) -> None:
    sums = [["工程师", "单数"], ["王师傅", "20"], ["李师傅", "20"]]
    found = proposal(store, "一月.xlsx", workbook({"上旬": sums, "明细": month(1, rows=9), "中旬": sums}))
    assert (found.mapping.file.sheet, found.raw.rows) == ("明细", 9)
    found = proposal(store, "年.xlsx", workbook({"上旬": sums, **year(), "中旬": sums}))
    assert (found.mapping.file.sheet, found.raw.rows) == ("*", 36)


def test_one_table_alone_is_read_as_ever(store: Store) -> None:
    found = proposal(store, "一月.xlsx", workbook({"1月": month(1), "说明": [["口径"], ["按报修时间"]]}))
    assert (found.mapping.file.sheet, found.raw.parts, found.raw.rows) == ("1月", (), 3)
    assert "CHECK: only the sheet 1月 is read; not read: 说明 (2)" in "\n".join(found.remarks.notes[""])


def test_months_in_an_archive_of_chinese_windows_are_read_in_their_order(store: Store) -> None:
    files = {f"2026年/工单_{n}月.csv": listed(month(n)) for n in range(12, 0, -1)}
    packed = archive({**files, "2026年/说明.txt": "请勿外传\n".encode("gbk"), "__MACOSX/._工单.csv": b"\0"})
    found = proposal(store, "导出.zip", packed)
    assert (found.mapping.file.member, found.mapping.file.encoding) == ("*", "")
    report = bring(store, store.home / "导出.zip", found.text)
    assert [each["name"] for each in report.tables] == [f"2026年/工单_{n}月.csv" for n in range(1, 13)]
    assert item(report, "table_unlike").examples == (("2026年/说明.txt", 0),)
    assert counted(store) == {f"G{n}": 3 for n in range(1, 13)}


def test_a_row_with_too_many_cells_is_refused_in_its_file_and_line(store: Store) -> None:
    broken = [*month(2), ["G2-9", "2026-02-20 09:00", "", "王师傅", "空调", "多", "余"]]
    swapped = [[row[n] for n in (1, 0, 2, 3, 4)] for row in broken[:-1]] + broken[-1:]
    packed = archive({"01.csv": listed(month(1)), "02.csv": listed(swapped, "utf-8")})
    report = bring(store, packed, MAPPING.replace("sheet", "member"), name="导出.zip")
    assert (report.rows, report.rejected, [(f.table, f.line) for f in report.findings]) == (7, 1, [("02.csv", 5)])
    assert report.rejected_file is not None
    [row] = csv.DictReader(io.StringIO(report.rejected_file.read_text(encoding="utf-8-sig")))
    assert (row["报修时间"], row["工单号"], row["_extra"], row["_file"]) == (
        "G2-9", "2026-02-20 09:00", "多 | 余", "导出.zip/02.csv",
    )  # fmt: skip


def test_some_files_of_an_archive_are_chosen_by_a_pattern(store: Store) -> None:
    packed = archive({f"{year_}-{n:02d}.csv": listed(month(n)) for year_ in (2025, 2026) for n in (1, 2)})
    mapping = MAPPING.replace('sheet = "*"', 'member = "2026-*.csv"')
    report = bring(store, packed, mapping, name="导出.zip")
    assert [each["name"] for each in report.tables] == ["2026-01.csv", "2026-02.csv"]
    with pytest.raises(InputError, match=r"archive\.member_unknown"):
        bring(store, packed, mapping.replace("2026-", "2024-"), name="导出.zip")


def test_workbooks_in_an_archive_are_read_with_all_their_months(store: Store) -> None:
    notes = [["口径"], ["按报修时间"]]
    packed = archive({f"{n}月.xlsx": workbook({"明细": month(n), "说明": notes}) for n in (1, 2, 10)})
    found = proposal(store, "导出.zip", packed)
    assert (found.mapping.file.member, found.mapping.file.sheet) == ("*", "*")
    report = bring(store, store.home / "导出.zip", found.text)
    assert [each["name"] for each in report.tables] == ["1月.xlsx/明细", "2月.xlsx/明细", "10月.xlsx/明细"]
    first = found.text.replace('sheet = "*"\n', "")
    again = bring(store, store.home / "导出.zip", first)
    assert [each["name"] for each in again.tables] == ["1月.xlsx", "2月.xlsx", "10月.xlsx"]
    assert item(again, "table_beside").examples[0] == ("1月.xlsx/说明", 2)


def test_an_archive_of_unlike_files_is_asked_about_as_ever(store: Store) -> None:
    packed = archive({"工单.csv": listed(month(1)), "人员.csv": "工号,姓名,班组\nE1,张伟,一组\n".encode()})
    with pytest.raises(InputError, match=r"archive\.which_member"):
        proposal(store, "导出.zip", packed)


def test_a_mapping_that_no_table_fits_is_refused_with_the_column_that_is_missing(store: Store) -> None:
    sheets = {name: [["单号", *rows[0][1:]], *rows[1:]] for name, rows in year().items()}
    with pytest.raises(DefinitionError) as refused:
        bring(store, workbook(sheets), MAPPING, name="台账.xlsx")
    assert [(issue.code, issue.params["column"]) for issue in refused.value.issues] == [
        ("mapping.column_unknown", "工单号")
    ]
    with pytest.raises(InputError, match=r"sheet\.unknown"):
        bring(store, workbook(year()), MAPPING.replace('"*"', '"*季度"'), name="台账.xlsx")
    with pytest.raises(InputError, match=r"file\.empty"):
        bring(store, workbook({"一": [], "二": []}), MAPPING, name="空.xlsx")
