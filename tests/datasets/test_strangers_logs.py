"""Logs of people who have never seen the program: what is read right by itself, what is said where it is a guess."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from fuxiao.core.errors import InputError
from fuxiao.datasets.importing.propose import propose
from fuxiao.datasets.store import Store
from importing_tools import bring, epoch, new_store, put, records
from strangers import OPENED, N, first, flow, log, proposed, unassisted


def test_seven_and_a_half_minutes_with_a_decimal_comma_are_not_seventy_five(store: Store) -> None:
    header = ["Handle time (min)", "Standard minutes"]
    unassisted(store, log(header, [["7,5", "1.234,50"], ["12,25", "90"], ["1.000,5", "45"]], mark=";"))
    assert first(store, "handle_seconds") == (450,)
    assert [str(row[1]) for row in records(store, "cases", "case_id", "standard_minutes")[:2]] == [
        "1234.5000",
        "90.0000",
    ]
    assert records(store, "cases", "case_id", "handle_seconds")[2][1] == 60_030


def test_a_comma_that_is_neither_a_decimal_nor_between_thousands_is_a_fault_and_no_larger_number(store: Store) -> None:
    cells = [["7.5"], ["1,250.5"], ["12.25"], ["8.5"], ["9.5"], ["7,5"], ["6.5"], ["3.5"]]
    report = unassisted(store, log(["Handle time (min)"], cells))
    assert [seconds for _, seconds in records(store, "cases", "case_id", "handle_seconds")[:6]] == [
        450, 75_030, 735, 510, 570, None,
    ]  # fmt: skip
    assert {(f.line, f.column, f.value) for f in report.findings} == {
        (n + 2, "Handle time (min)", "7,5") for n in range(5, N, 8)
    }


def test_a_header_that_says_hours_and_minutes_is_believed_and_one_that_says_nothing_is_to_be_checked(
    store: Store,
) -> None:
    said = put(store, "said.csv", log(["Talk time (hh:mm)"], [["01:30"], ["00:45"]]))
    bring(store, said, proposed(store, said))
    assert first(store, "handle_seconds") == (5_400,)
    silent = proposed(store, put(store, "silent.csv", log(["Talk time"], [["01:30"], ["00:45"]])))
    assert "CHECK: clocks of two parts are read as minutes and seconds" in silent


def test_a_span_as_a_program_prints_it_with_days_before_the_clock(store: Store) -> None:
    unassisted(store, log(["Time to resolution"], [["0 days 03:00:00"], ["1 day, 1:30:00"]]))
    solved = records(store, "cases", "case_id", "opened_at", "resolved_at")[:2]
    assert [after - before for _, before, after in solved] == [10_800, 91_800]


# Moments


@pytest.mark.parametrize(
    ("header", "cells", "seconds"),
    [
        ("解决时长", ["1天3小时", "2小时5分钟", "45分钟"], 97_200),
        ("Time to resolution", ["2d 4h", "3h 5m", "12m"], 187_200),
        ("Time to close (HH:mm:ss)", ["26:15:00", "00:10:00", "01:00:00"], 94_500),
        ("Full resolution time in minutes", ["90", "1,200", "15"], 5_400),
        ("Resolution time (in hrs)", ["01:30:00", "12:00:00", "100:00:00"], 5_400),
    ],
)
def test_a_file_that_tells_only_how_long_the_solution_took(
    store: Store, header: str, cells: list[str], seconds: int
) -> None:
    unassisted(store, log([header], [[cell] for cell in cells]))
    opened, resolved = first(store, "opened_at", "resolved_at")
    assert (opened, resolved) == (epoch("2026-03-20T09:00"), epoch("2026-03-20T09:00") + seconds)


@pytest.mark.parametrize(
    "header", ["Resolved On", "Date/Time Resolved", "resolved_at_utc", "Date of Resolution", "完工日期时间"]
)
def test_a_moment_is_known_by_its_name_whatever_word_for_date_and_time_goes_with_it(store: Store, header: str) -> None:
    unassisted(store, log(["First Response Sent On", header], [["2026-05-02 10:00", "2026-05-02 11:00"]]))
    assert first(store, "first_response_at", "resolved_at") == (epoch("2026-05-02T10:00"), epoch("2026-05-02T11:00"))


@pytest.mark.parametrize(
    "form",
    [
        "%d/%m/%Y, %H:%M", "%m/%d/%Y, %I:%M:%S %p", "%b %d, %Y, %I:%M %p", "%d-%m-%Y %H.%M", "%y-%m-%d %H:%M",
        "%d-%m-%y %H:%M", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S +0000", "%y/%m/%d %H:%M",
        "%Y年%m月%d日 %H時%M分",
    ],
)  # fmt: skip
def test_moments_as_browsers_phones_and_scripts_write_them(store: Store, form: str) -> None:
    rows = "".join(f'T{n:03d},"{at:{form}}"\n' for n, at in enumerate(OPENED))
    report = unassisted(store, "Ticket No,Created\n" + rows)
    assert report.rejected == 0
    assert [at for _, at in records(store, "cases", "case_id", "opened_at")] == [int(at.timestamp()) for at in OPENED]


@pytest.mark.parametrize("half", ["a.m. p.m.", "a. m. p. m.", "\u202fAM\u202fPM", "am pm"])
def test_the_half_of_the_day_with_points_or_after_a_narrow_space(store: Store, half: str) -> None:
    morning, evening = half[: len(half) // 2].strip(" "), half[len(half) // 2 :].strip(" ")
    cells = [f"{at:%d/%m/%Y %I:%M} {evening if at.hour > 11 else morning}" for at in OPENED]
    report = unassisted(store, "Ticket No,Created\n" + "".join(f'T{n:03d},"{cell}"\n' for n, cell in enumerate(cells)))
    assert report.rejected == 0
    assert [at for _, at in records(store, "cases", "case_id", "opened_at")] == [int(at.timestamp()) for at in OPENED]


@pytest.mark.parametrize(
    ("beside", "form"),
    [
        ("{0:%Y-%m-%d %H:%M}(星期{1})", "%a %Y-%m-%d %H:%M"),
        ("{0:%Y年%m月%d日}（周{1}）{0:%H:%M}", "%a %Y年%m月%d日 %H:%M"),
        ("{0:%a, %d %b %Y %H:%M}", "%a %d %b %Y %H:%M"),
        ("{0:%A %d/%m/%Y %H:%M}", "%a %d/%m/%Y %H:%M"),
    ],
)
def test_a_day_of_the_week_beside_the_date_is_passed_over(store: Store, beside: str, form: str) -> None:
    rows = "".join(f'T{n:03d},"{beside.format(at, "一二三四五六日"[at.weekday()])}"\n' for n, at in enumerate(OPENED))
    report = unassisted(store, "Ticket No,Created\n" + rows)
    assert f'format = "{form}"' in proposed(store, store.home / "log.csv")
    assert report.rejected == 0
    assert [at for _, at in records(store, "cases", "case_id", "opened_at")] == [int(at.timestamp()) for at in OPENED]


def test_an_offset_after_a_space_and_the_letters_utc_are_no_local_time(tmp_path: Path) -> None:
    with new_store(tmp_path / "shanghai", zone="Asia/Shanghai") as store:
        cells = [["2026-05-02 10:00:00 UTC"], ["2026-05-02 18:00:00 +0800"], ["2026-05-02T10:00:00Z"]]
        unassisted(store, log(["Resolved at"], cells))
        assert {at for _, at in records(store, "cases", "case_id", "resolved_at")} == {epoch("2026-05-02T10:00")}


def test_a_header_that_names_its_zone_is_believed(tmp_path: Path) -> None:
    with new_store(tmp_path / "shanghai", zone="Asia/Shanghai") as store:
        unassisted(store, log(["Resolved (UTC)", "完工时间（UTC+9）"], [["2026-05-02 10:00", "2026-05-02 20:00"]]))
        assert first(store, "resolved_at") == (epoch("2026-05-02T10:00"),)
        text = proposed(store, put(store, "tokyo.csv", log(["完工时间（UTC+9）"], [["2026-05-02 19:00"]])))
        assert 'zone = "Etc/GMT-9"' in text


def test_a_column_in_which_few_cells_are_written_another_way_is_read_whole(store: Store) -> None:
    cells = [["2026-05-02 10:00:00"]] * 7 + [["2026.05.02 10:00"]]
    unassisted(store, log(["Resolved"], cells))
    assert {at for _, at in records(store, "cases", "case_id", "resolved_at")} == {epoch("2026-05-02T10:00")}


def test_a_day_whose_fraction_a_spreadsheet_cut_short_keeps_its_full_second(store: Store) -> None:
    path = store.home / "cut.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, form = book.add_worksheet(), book.add_format({"num_format": "yyyy/m/d h:mm"})
        sheet.write_row(0, 0, ["工单号", "报修时间", "工程师"])
        for n, at in enumerate(OPENED):
            days = (at - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1)
            sheet.write(n + 1, 0, f"W{n:02d}")
            sheet.write_number(n + 1, 1, int(days * 1e8) / 1e8, form)
            sheet.write(n + 1, 2, "王师傅")
    bring(store, path, proposed(store, path))
    assert [at for _, at in records(store, "cases", "case_id", "opened_at")] == [int(at.timestamp()) for at in OPENED]


def test_the_hours_around_noon_and_of_the_evening_in_chinese(store: Store) -> None:
    cells = ["中午11:30", "中午12:30", "晚上8:15", "早上7:05", "凌晨0:20", "下午14:40", "上午12:05", "下午12:05"]
    unassisted(store, log(["完工时间"], [[f"2026年5月2日 {cell}"] for cell in cells]))
    times = ["11:30", "12:30", "20:15", "07:05", "00:20", "14:40", "00:05", "12:05"]
    assert [at for _, at in records(store, "cases", "case_id", "resolved_at")[: len(times)]] == [
        epoch(f"2026-05-02T{time}") for time in times
    ]


def test_a_date_and_a_clock_of_twelve_hours_in_two_columns_are_one_moment(store: Store) -> None:
    lines = [f"T{n:03d},{at:%m/%d/%Y},{at:%I:%M %p},{at:%m/%d/%Y},11:59 PM\n" for n, at in enumerate(OPENED)]
    unassisted(store, "WO #,Open Date,Open Time,Completion Date,Completion Time\n" + "".join(lines))
    assert first(store, "opened_at", "resolved_at") == (epoch("2026-03-20T09:00"), epoch("2026-03-20T23:59"))


def test_the_only_date_of_a_file_is_a_guess_that_is_said_and_a_purchase_is_no_opening_at_all(store: Store) -> None:
    rows = "".join(f"T{n},{at:%Y-%m-%d %H:%M}\n" for n, at in enumerate(OPENED))
    guessed = proposed(store, put(store, "visit.csv", "Ticket No,Moment\n" + rows))
    assert "CHECK: no column is named so; this is the only date left" in guessed
    assert 'opened_at = "Moment"' in guessed
    bought = proposed(store, put(store, "bought.csv", "Ticket No,Date of Purchase\n" + rows))
    assert "NOT FOUND: when was the case opened?" in bought
    assert "opened_at" not in bought.split("[cases.columns]")[1]


# Numbers of cases, and what is missing


def test_a_number_that_a_spreadsheet_cut_short_makes_no_single_case_of_many(store: Store) -> None:
    rows = "".join(f"1.2E+11,{at:%Y-%m-%d %H:%M}\n" for at in OPENED) + "120260301001,2026-03-20 09:00\n"
    report = bring(
        store, f"id,opened\n{rows}", 'shape = "case"\n[cases.columns]\ncase_id = "id"\nopened_at = "opened"\n'
    )
    assert records(store, "cases", "case_id") == [("120260301001",)]
    assert (report.rejected, report.quality.count("cut_number", "id")) == (N, N)


def test_milliseconds_that_a_spreadsheet_cut_short_are_no_moment_of_another_day(store: Store) -> None:
    full = [int(at.timestamp() * 1000) for at in OPENED]
    cells = [f"{full[n]:.4E}" if n % 20 == 3 else f"{full[n]}" for n in range(N)]
    rows = "".join(f"T{n:03d},{cell}\n" for n, cell in enumerate(cells))
    report = unassisted(store, "Ticket No,Created\n" + rows)
    assert records(store, "cases", "opened_at") == [(ms // 1000,) for n, ms in enumerate(full) if n % 20 != 3]
    assert (report.rejected, report.quality.count("cut_moment", "Created")) == (2, 2)
    exact = "Ticket No,Created\nT900,1.7739982005E+12\n"
    bring(store, exact, 'shape = "case"\n[cases.columns]\ncase_id = "Ticket No"\n'
          'opened_at = {column = "Created", format = "epoch_ms"}\n', name="exact.csv")  # fmt: skip
    assert records(store, "cases", "case_id", "opened_at")[-1] == ("T900", 1773998200)


def test_sums_between_the_rows_hide_no_number_of_a_case(store: Store) -> None:
    rows = "".join(f"{n + 1},XJ-{n:03d},{at:%Y-%m-%d %H:%M},80\n" for n, at in enumerate(OPENED))
    path = put(store, "sums.csv", "序号,内部流水,报修时间,人工费\n" + rows + "本月合计,,,3200\n")
    text = proposed(store, path)
    assert 'case_id = "内部流水"' in text
    report = bring(store, path, text)
    assert (report.accepted, report.quality.count("total_row")) == ({"cases": N}, 1)


def test_what_is_missing_for_nearly_every_figure_is_said(store: Store) -> None:
    text = proposed(store, put(store, "bare.csv", log(["处理时长"], [["3小时20分"], ["45分"]])))
    assert "NOT FOUND: when was a case resolved?" in text
    assert "NOT FOUND: whose case is it?" in text


# Rows and tables


def test_a_status_in_two_languages_is_known_by_either(store: Store) -> None:
    text = flow(store, [("New 新建", "甲"), ("In progress 处理中", "甲"), ("Ausgeliefert", "甲")])
    assert '"New 新建" = "created"' in text
    assert "CHECK: none of these is taken for the solution" in text


def test_a_header_of_two_lines_with_merged_cells(store: Store) -> None:
    path = store.home / "台账.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet("台账"), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.merge_range("A1:F1", "2026年二季度维修台账")
        sheet.merge_range("A2:A3", "工单号")
        sheet.merge_range("B2:C2", "时间节点")
        sheet.write_row("B3", ["报修时间", "完工时间"])
        sheet.merge_range("D2:E2", "服务人员")
        sheet.write_row("D3", ["工程师", "网点"])
        sheet.merge_range("F2:F3", "满意度")
        for n, at in enumerate(OPENED, start=3):
            sheet.write_row(n, 0, [f"WX{n:03d}"])
            sheet.write_datetime(n, 1, at.replace(tzinfo=None), day)
            sheet.write_datetime(n, 2, (at + timedelta(hours=2)).replace(tzinfo=None), day)
            sheet.write_row(n, 3, ["王师傅", "城东站", 5])
    report = bring(store, path, proposed(store, path))
    assert (report.accepted, report.rejected) == ({"cases": N, "surveys": N}, 0)
    assert first(store, "opened_at", "resolved_at", "owner", "unit_id") == (
        epoch("2026-03-20T09:00"), epoch("2026-03-20T11:00"), "王师傅", "城东站",
    )  # fmt: skip


def test_the_number_of_a_case_merged_over_its_rows_holds_in_each_and_a_merged_sum_stays_one(store: Store) -> None:
    path = store.home / "流水.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["工单号", "操作时间", "操作", "操作人", "费用"])
        for n, at in enumerate(OPENED):
            line = 3 * n + 1
            sheet.merge_range(line, 0, line + 2, 0, f"GD{n:03d}")
            sheet.merge_range(line, 4, line + 2, 4, 80)
            for hours, (step, who) in enumerate([("创建", "系统"), ("接单", "王师傅"), ("完工", "王师傅")]):
                sheet.write_row(line + hours, 1, [f"{at + timedelta(hours=hours):%Y-%m-%d %H:%M}", step, who])
    report = bring(store, path, proposed(store, path))
    assert (report.accepted["cases"], report.rejected) == (N, 0)
    assert first(store, "opened_at", "resolved_at", "owner") == (
        epoch("2026-03-20T09:00"), epoch("2026-03-20T11:00"), "王师傅",
    )  # fmt: skip
    scratch = store.scratch()
    propose(scratch, path)
    assert scratch.execute("select sum(try_cast(c4 as integer)) from raw").fetchone() == (80 * N,)


def test_two_groups_with_the_same_names_below_keep_their_own(store: Store) -> None:
    rows = "".join(f"T{n},{at:%Y-%m-%d},09:00,{at:%Y-%m-%d},10:00\n" for n, at in enumerate(OPENED))
    text = proposed(store, put(store, "two.csv", "单号,报修,,完工,\n,日期,时间,日期,时间\n" + rows))
    assert 'opened_at = {columns = ["报修 日期", "报修 时间"]' in text
    assert 'resolved_at = {columns = ["完工 日期", "完工 时间"]' in text


def test_headers_in_two_languages_and_numbers_kept_from_a_spreadsheet(store: Store) -> None:
    rows = "".join(f'"=""{n:04d}""",{at:%Y-%m-%d %H:%M},{at:%Y-%m-%d} 23:59,Lin\n' for n, at in enumerate(OPENED))
    unassisted(store, "工单号 Ticket No,创建时间 Created,解决时间 Resolved,客服 Agent\n" + rows)
    assert records(store, "cases", "case_id", "resolved_at", "owner")[7] == (
        "0007", epoch(f"{OPENED[7]:%Y-%m-%d}T23:59"), "Lin",
    )  # fmt: skip


def test_spans_in_parquet_are_seconds_whatever_they_are_counted_in(store: Store) -> None:
    opened = pa.array([at.replace(tzinfo=None) for at in OPENED], pa.timestamp("us"))
    spent = pa.array([timedelta(hours=2)] * N, pa.duration("ns"))
    cases = {"ticket_id": [f"T{n:03d}" for n in range(N)], "created_at": opened, "resolution_time": spent}
    pq.write_table(pa.table(cases), store.home / "spans.parquet")
    bring(store, store.home / "spans.parquet", proposed(store, store.home / "spans.parquet"))
    assert first(store, "resolved_at") == (epoch("2026-03-20T11:00"),)


def test_a_file_none_of_whose_rows_fits_its_header_is_not_called_empty(store: Store) -> None:
    rows = "".join(f"T{n},2026-03-20 09:00,2026-03-20 11:00,'Lin, A'\n" for n in range(9))
    path = put(store, "quotes.csv", "Ticket No,Created,Resolved,Agent\n" + rows)
    with pytest.raises(InputError, match=r"file.all_ragged") as refused:
        proposed(store, path)
    assert (refused.value.params["rows"], refused.value.params["columns"]) == (9, 4)


def test_a_readme_beside_the_table_in_an_archive_is_no_second_table(store: Store) -> None:
    path = store.home / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("export/tickets.csv", log(["Agent"], [["Lin"]]))
        archive.writestr("export/readme.txt", "Exported by the ticket system.")
    report = bring(store, path, proposed(store, path))
    assert report.accepted == {"cases": N}


def test_durations_without_a_unit_are_taken_for_seconds_and_that_is_to_be_checked(store: Store) -> None:
    text = proposed(store, put(store, "bare.csv", log(["Resolution time"], [["37.5"], ["4"]])))
    assert "CHECK: no unit is named; seconds are taken" in text
    named = proposed(store, put(store, "named.csv", log(["Resolution time (hours)"], [["37.5"], ["4"]])))
    assert "no unit is named" not in named
    assert 'resolved_at = {after = "opened_at", hours = "Resolution time (hours)"}' in named


@pytest.mark.parametrize(
    ("header", "kept"),
    [("处理时长秒", 90), ("处理时长分钟", 5_400), ("handle_time_min", 5_400), ("Talk time hours", 324_000)],
)
def test_a_unit_at_the_end_of_a_header_is_that_of_its_cells(store: Store, header: str, kept: int) -> None:
    unassisted(store, log([header], [["90"]]))
    assert first(store, "handle_seconds") == (kept,)


def test_the_kind_of_product_groups_cases_where_the_model_has_a_column_of_its_own(store: Store) -> None:
    unassisted(store, log(["产品类别", "产品型号"], [["空调", "KFR-35"]]))
    assert first(store, "category", "product") == ("空调", "KFR-35")
