"""Exports as programs and people leave them: glued together, with marks for nothing, zones, steps, months as names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from fuxiao.datasets.store import Store
from importing_tools import CASES, bring, epoch, new_store, put, records
from strangers import OPENED, N, first, log, proposed, unassisted


@pytest.fixture
def shanghai(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "shanghai", zone="Asia/Shanghai") as opened:
        yield opened


# What stands above the data comes again between the rows


def test_exports_glued_together_say_their_header_again_and_that_is_no_fault(store: Store) -> None:
    page = "维修工单\nid, opened ,answered,owner\n"
    text = page + "1,2026-08-03,,A\n\ufeff" + page + "2,2026-08-04,,B\n" + page + "3,2026-08-05,,owner\n"
    report = bring(store, text, CASES + "[file]\nheader = 2\n")
    assert [(f.line, f.code, f.treatment) for f in report.findings] == [
        (line, "repeated_header", "drop") for line in (4, 5, 7, 8)
    ]
    assert (report.rows, report.rejected, report.accepted) == (7, 0, {"cases": 3})
    assert report.quality.count("repeated_header") == 4
    assert records(store, "cases", "case_id", "owner") == [("1", "A"), ("2", "B"), ("3", "owner")]


def test_each_page_of_a_sheet_has_its_title_and_both_lines_of_its_header(store: Store) -> None:
    path = store.home / "pages.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for page, at in enumerate((OPENED[:20], OPENED[20:])):
            line = page * 30
            sheet.write(line, 0, "售后登记表")
            sheet.write_row(line + 1, 0, ["工单号", "时间", "", "工程师"])
            sheet.write_row(line + 2, 0, ["", "报修时间", "完工时间", ""])
            for n, opened in enumerate(at):
                times = [f"{opened + timedelta(hours=hours):%Y-%m-%d %H:%M}" for hours in (0, 3)]
                sheet.write_row(line + 3 + n, 0, [f"W{page}{n:02d}", *times, "王师傅"])
    report = bring(store, path, proposed(store, path))
    assert (report.accepted, report.rejected) == ({"cases": N}, 0)
    assert report.quality.count("repeated_header") == 3


def test_a_header_that_comes_again_in_one_of_several_files_is_named_by_its_place(store: Store) -> None:
    path = store.home / "months.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("一月", "二月"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["id", "opened", "answered", "owner"])
            sheet.write_row(1, 0, [f"{name}1", "2026-01-05", "", "A"])
            sheet.write_row(2, 0, ["id", "opened", "answered", "owner"])
    report = bring(store, path, CASES + '[file]\nsheet = "*"\n')
    assert [(f.table, f.line, f.code) for f in report.findings] == [
        ("一月", 3, "repeated_header"), ("二月", 3, "repeated_header"),
    ]  # fmt: skip
    assert report.accepted == {"cases": 2}


# Cells


@pytest.mark.parametrize(
    "mark", ["（空）", "(空)", "(空白)", "（空白）", "(blank)", "0000-00-00", "0000-00-00 00:00:00", "无"]
)
def test_a_date_and_a_number_that_are_not_there_are_no_faults(store: Store, mark: str) -> None:
    header = ["Resolved at", "Handle time (min)"]
    report = unassisted(store, log(header, [["2026-05-02 10:00:00", "7.5"], [mark, mark]]))
    assert report.findings == ()
    assert records(store, "cases", "case_id", "resolved_at", "handle_seconds")[:2] == [
        ("T000", epoch("2026-05-02T10:00"), 450), ("T001", None, None),
    ]  # fmt: skip


def test_an_apostrophe_keeps_numbers_and_dates_in_a_spreadsheet_and_is_none_of_them(store: Store) -> None:
    rows = "".join(f"'00{n:04d},'{at:%Y-%m-%d %H:%M:%S},'12.50,'twas\n" for n, at in enumerate(OPENED))
    report = unassisted(store, "工单号,受理时间,标准工时,标题\n" + rows)
    assert report.findings == ()
    assert report.quality.count("mended", "工单号") == N
    assert [str(cell) for cell in first(store, "opened_at", "standard_minutes", "title")] == [
        str(epoch("2026-03-20T09:00")), "12.5000", "'twas",
    ]  # fmt: skip
    assert records(store, "cases", "case_id")[7] == ("000007",)


# Zones


@pytest.mark.parametrize(
    ("form", "hours"),
    [
        ("%d/%m/%Y %H:%M:%S GMT", 0), ("%Y/%m/%d %H:%M:%S +0800", 8), ("%Y/%m/%d %H:%M UTC", 0),
        ("%m/%d/%Y %I:%M %p -05:00", -5), ("%d.%m.%Y %H:%M:%S+05:30", 5.5), ("%a, %d %b %Y %H:%M:%S +0800", 8),
        ("%Y/%m/%d %H:%M (UTC+8)", 8), ("%a %b %d %H:%M:%S UTC %Y", 0), ("%Y-%m-%d %H:%M:%S GMT", 0),
        ("%a %b %d %Y %H:%M:%S GMT+0800 (中国标准时间)", 8),
    ],
)  # fmt: skip
def test_an_offset_wins_over_the_zone_of_the_company(shanghai: Store, form: str, hours: float) -> None:
    cells = ((OPENED[0] + timedelta(hours=7 * n + hours)).strftime(form) for n in range(N))
    report = unassisted(
        shanghai, "Ticket No,Created\n" + "".join(f'T{n:03d},"{cell}"\n' for n, cell in enumerate(cells))
    )
    assert report.findings == ()
    assert [at for _, at in records(shanghai, "cases", "case_id", "opened_at")] == [
        int(at.timestamp()) for at in OPENED
    ]


def test_a_zone_that_is_named_is_taken_and_to_be_checked(shanghai: Store) -> None:
    cells = [["2026-03-02 10:00:00 EST"], ["2026-04-02 11:00:00 EDT"]]
    path = put(shanghai, "named.csv", log(["Last seen", "Resolved at"], [["-", *cell] for cell in cells]))
    text = proposed(shanghai, path).replace(f'"{"Created"}"', '{column = "Created", zone = "UTC"}')
    assert "CHECK: the zone is the one that the cells name" in text
    assert 'zone = "America/New_York"' in text
    bring(shanghai, put(shanghai, "later.csv", log(["Resolved at"], [["2026-07-02 11:00:00 EDT"]])),
          text.replace('"Last seen", ', "").replace('"Last seen"', ""))  # fmt: skip
    assert first(shanghai, "resolved_at") == (epoch("2026-07-02T15:00"),)


@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M:%S CST", "%a %b %d %H:%M:%S CST %Y"])
def test_a_zone_with_several_meanings_is_asked_for_and_read_as_the_companys(shanghai: Store, form: str) -> None:
    rows = "".join(f"T{n:03d},{at:{form}}\n" for n, at in enumerate(OPENED))
    path = put(shanghai, "cst.csv", "Ticket No,Created\n" + rows)
    text = proposed(shanghai, path)
    assert "CHECK: the zone that the cells name has several meanings (CST: China, Chicago)" in text
    bring(shanghai, path, text)
    assert first(shanghai, "opened_at") == (epoch("2026-03-20T01:00"),)


def test_a_zone_that_nobody_expected_is_a_fault_and_no_local_time(shanghai: Store) -> None:
    text = "id,opened,answered,owner\n1,2026-08-03 10:00,2026-08-03 11:00:00 CST,A\n2,2026-08-03 9:00 EST,,A\n"
    report = bring(shanghai, text)
    assert [(f.line, f.column, f.code, f.treatment) for f in report.findings] == [
        (2, "answered", "zone_name", "blank"), (3, "opened", "zone_name", "reject"),
    ]  # fmt: skip


# Steps of activities, months as names


STEPS = [
    ("Register", "start", 0), ("Register", "complete", 1), ("First response", "complete", 2), ("Repair", "start", 3),
    ("Repair", "suspend", 4), ("Repair", "resume", 9), ("Repair", "complete", 10), ("Resolve", "start", 11),
    ("Resolve", "complete", 12),
]  # fmt: skip


def test_a_log_of_process_mining_counts_an_activity_when_it_is_complete(store: Store) -> None:
    rows = "".join(
        f"T{n:03d},{activity},{at + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}.000+00:00,Kim,{step}\n"
        for n, at in enumerate(OPENED) for activity, step, hours in STEPS
    )  # fmt: skip
    header = "case:concept:name,concept:name,time:timestamp,org:resource,lifecycle:transition\n"
    path = put(store, "xes.csv", header + rows)
    text = proposed(store, path)
    assert "it happened when it was complete" in text
    assert "CHECK: for whom it waits is not said" in text
    assert tomllib.loads(text)["case_events"]["types"] == {
        "Register": "created", "First response": "responded", "Repair": "other", "Resolve": "resolved",
        "Register start": "other", "Repair start": "other", "Repair suspend": "pend_start:third_party",
        "Repair resume": "pend_end", "Resolve start": "other",
    }  # fmt: skip
    report = bring(store, path, text)
    assert report.accepted == {"case_events": N * len(STEPS), "cases": N}
    assert first(store, "opened_at", "first_response_at", "resolved_at", "owner") == (
        epoch("2026-03-20T09:00"), epoch("2026-03-20T11:00"), epoch("2026-03-20T21:00"), "Kim",
    )  # fmt: skip
    assert "reopened" not in {kind for (kind,) in records(store, "case_events", "type")}


@pytest.mark.parametrize(
    ("form", "day", "clock"),
    [
        ("%Y年%m月", "{0.day}", "{0:%H:%M}"), ("%Y-%m", "{0.month}月{0.day}日", ""), ("%B %Y", "{0.day}", "{0:%H:%M}"),
        ("维修%Y.%m", "{0.day}号", ""),
    ],
)  # fmt: skip
def test_the_month_that_only_the_names_of_the_sheets_tell_is_proposed(
    store: Store, form: str, day: str, clock: str
) -> None:
    path = store.home / "months.xlsx"
    starts = [datetime(2026, month, 1, 8, tzinfo=UTC) for month in (1, 2, 3)]
    moments = [start + timedelta(days=2 * n, minutes=n) for start in starts for n in range(12)]
    with xlsxwriter.Workbook(path) as book:
        for start in starts:
            sheet = book.add_worksheet(start.strftime(form))
            sheet.write_row(0, 0, ["工单号", "报修日期", "报修时间" if clock else "备注", "完工日期", "工程师"])
            for line, at in enumerate((at for at in moments if at.month == start.month), start=1):
                done = day.format(at + timedelta(days=1)) if line % 2 else ""
                sheet.write_row(line, 0, [f"{at:%m%d}", day.format(at), clock.format(at) or "x", done, "王师傅"])
    text = proposed(store, path)
    assert "the month stands in the name of the sheet or file" in text
    report = bring(store, path, text)
    assert (report.accepted, report.findings) == ({"cases": len(moments)}, ())
    whole = moments if clock else [at.replace(hour=0, minute=0) for at in moments]
    assert [at for _, at in records(store, "cases", "case_id", "opened_at")] == [int(at.timestamp()) for at in whole]
    assert sum(at is None for (at,) in records(store, "cases", "resolved_at")) == len(moments) / 2


def test_sheets_of_months_whose_rows_tell_the_whole_date_need_no_name(store: Store) -> None:
    path = store.home / "months.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for month in (1, 2):
            sheet = book.add_worksheet(f"2026年{month}月")
            sheet.write_row(0, 0, ["工单号", "报修日期", "工程师"])
            for n in range(20):
                sheet.write_row(n + 1, 0, [f"{month}{n:02d}", f"2026-{month:02d}-{n + 1:02d} 09:00", "王师傅"])
    assert "_table" not in proposed(store, path)
