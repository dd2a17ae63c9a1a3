"""Files as other desks write them, each proposed and imported without any help, and what is known afterwards."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from fuxiao.datasets.importing.propose import propose
from fuxiao.datasets.importing.run import ImportReport
from fuxiao.datasets.store import Store
from importing_tools import bring, put, records

START = datetime(2026, 8, 1, 8, 30, tzinfo=UTC)
SOLVE = timedelta(hours=3, minutes=20)
N = 60
OPENED = [START + timedelta(hours=11 * n) for n in range(N)]
SOLVED = [at + SOLVE for at in OPENED]
SECONDS = [(int(a.timestamp()), int(b.timestamp())) for a, b in zip(OPENED, SOLVED, strict=True)]


def unassisted(store: Store, path: Path) -> ImportReport:
    return bring(store, path, propose(store.scratch(), path).text)


def table(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def spans(store: Store) -> list[tuple[int, int]]:
    return sorted(records(store, "cases", "opened_at", "resolved_at"))


def test_a_chinese_workbook_with_a_title_over_the_header_and_merged_cells(store: Store) -> None:
    path = store.home / "工单导出.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet("明细"), book.add_format({"num_format": "yyyy/m/d h:mm"})
        sheet.merge_range("A1:F1", "2026年8月售后工单明细")
        sheet.merge_range("A2:F2", "导出人：张敏　导出时间：2026-09-01 08:00")
        sheet.write_row(2, 0, ["序号", "工单编号", "受理时间", "派单时间", "完工时间", "维修师傅"])
        for n, (opened, solved) in enumerate(zip(OPENED, SOLVED, strict=True)):
            sheet.write_row(n + 3, 0, [n + 1, f"GD2026{n:04d}"])
            for column, at in enumerate((opened, opened + timedelta(minutes=10), solved), start=2):
                sheet.write_datetime(n + 3, column, at.replace(tzinfo=None), day)
            sheet.write(n + 3, 5, "李师傅" if n % 2 else "王师傅")
        sheet.merge_range(N + 3, 0, N + 3, 5, f"合计：{N} 单")
    report = unassisted(store, path)
    assert report.accepted == {"cases": N}
    assert report.rejected == 1
    assert spans(store) == SECONDS
    assert {owner for (owner,) in records(store, "cases", "owner")} == {"李师傅", "王师傅"}
    assert records(store, "cases", "case_id", "assigned_at")[0] == ("GD20260000", SECONDS[0][0] + 600)


def test_a_header_of_two_rows_with_groups_above_the_names(store: Store) -> None:
    rows = [["工单信息", "", "", "处理情况", "", ""], ["工单号", "受理时间", "渠道", "完成时间", "处理人", "满意度"]]
    rows += [
        [f"A{n}", f"{OPENED[n]:%Y-%m-%d %H:%M}", "电话", f"{SOLVED[n]:%Y-%m-%d %H:%M}", "甲", n % 5 + 1]
        for n in range(N)
    ]
    report = unassisted(store, put(store, "two.csv", table(rows)))
    assert report.accepted == {"cases": N, "surveys": N}
    assert spans(store) == SECONDS


def test_a_line_of_titles_over_a_header_that_has_a_name_twice_is_no_part_of_it(store: Store) -> None:
    rows = [["制表人：小李", "", "统计区间：2026年8月", "", ""], ["工单号", "受理时间", "完工时间", "备注", "备注"]]
    rows += [[f"A{n}", plain(OPENED[n]), plain(SOLVED[n]), "已收费", ("返修", "")[n % 2]] for n in range(N)]
    text = propose(store.scratch(), put(store, "august.csv", table(rows))).text
    assert '"备注_2"' in text
    assert "统计区间" not in text


def test_incident_states_with_question_marks_for_nothing_and_the_day_first(store: Store) -> None:
    header = ["number", "incident_state", "active", "reassignment_count", "sys_updated_at", "opened_at", "caller_id",
              "assignment_group", "assigned_to", "priority", "resolved_at", "closed_at"]  # fmt: skip
    rows = [header]
    for n, (opened, solved) in enumerate(zip(OPENED, SOLVED, strict=True)):
        states = [("New", opened, "?"), ("Active", opened + timedelta(minutes=30), "Resolver 7"),
                  ("Resolved", solved, "Resolver 9"), ("Closed", solved + timedelta(days=5), "Resolver 9")]  # fmt: skip
        rows += [
            [f"INC{n:07d}", state, "true", 0, plain(at), plain(opened), f"Caller {n}", "Group 70", who, "3 - Moderate",
             plain(solved), plain(solved + timedelta(days=5))]
            for state, at, who in states
        ]  # fmt: skip
    report = unassisted(store, put(store, "incidents.csv", table(rows)))
    assert (report.accepted["cases"], report.rejected) == (N, 0)
    solved_by = [
        (at, who) for at, kind, who in records(store, "case_events", "at", "type", "actor") if kind == "resolved"
    ]
    assert solved_by == [(second, "Resolver 9") for _, second in SECONDS]


def plain(at: datetime) -> str:
    return f"{at.day}/{at.month}/{at.year} {at:%H:%M}"


def test_a_help_desk_export_with_minutes_to_the_first_reply_and_good_or_bad(store: Store) -> None:
    header = ["Id", "Requester", "Requester id", "Assignee", "Group", "Subject", "Status", "Created at",
              "Assigned at", "Solved at", "First reply time in minutes", "Satisfaction Score"]  # fmt: skip
    rows = [
        [4000 + n, f"Customer {n}", 900 + n, "Kim" if n % 2 else "Lee", "Support", f"Problem {n}", "Closed",
         f"{OPENED[n]:%Y-%m-%d %H:%M}", f"{OPENED[n]:%Y-%m-%d %H:%M}", f"{SOLVED[n]:%Y-%m-%d %H:%M}", 15 + n % 3,
         ("Good", "Bad", "Offered", "Not Offered")[n % 4]]
        for n in range(N)
    ]  # fmt: skip
    report = unassisted(store, put(store, "tickets.csv", table([header, *rows])))
    assert report.accepted["cases"] == N
    assert spans(store) == SECONDS
    waits = [first - opened for opened, first in sorted(records(store, "cases", "opened_at", "first_response_at"))]
    assert waits == [60 * (15 + n % 3) for n in range(N)]


def test_an_issue_export_with_month_names_and_a_clock_of_twelve_hours(store: Store) -> None:
    header = [
        "Summary",
        "Issue key",
        "Issue id",
        "Issue Type",
        "Status",
        "Priority",
        "Assignee",
        "Reporter",
        "Created",
        "Updated",
        "Resolved",
    ]
    form = "%d/%b/%y %I:%M %p"
    rows = [
        [f"Fault {n}", f"SUP-{n}", 10_000 + n, "Incident", "Done", "High", "kim", "lee", f"{OPENED[n]:{form}}",
         f"{SOLVED[n]:{form}}", f"{SOLVED[n]:{form}}"]
        for n in range(N)
    ]  # fmt: skip
    unassisted(store, put(store, "jira.csv", table([header, *rows])))
    assert spans(store) == SECONDS
    assert records(store, "cases", "case_id", "owner")[0] == ("SUP-0", "kim")


@pytest.mark.parametrize(("header", "scale"), [("created_at", 1), ("Call Timestamp", 1000)])
def test_calls_in_seconds_or_milliseconds_with_durations_as_a_clock(store: Store, header: str, scale: int) -> None:
    rows: list[list[object]] = [["call_id", header, "agent", "answered", "resolved", "wait_time", "talk_duration"]]
    rows += [[f"C{n}", SECONDS[n][0] * scale, "kim", "Yes", "Yes", "0:01:05", f"0:0{n % 9 + 1}:00"] for n in range(N)]
    report = unassisted(store, put(store, "calls.csv", table(rows)))
    assert report.accepted == {"cases": N}
    found = sorted(records(store, "cases", "opened_at", "first_response_at", "resolved_at", "handle_seconds"))
    assert found == [
        (opened, opened + 65, opened + 65 + 60 * (n % 9 + 1), 60 * (n % 9 + 1)) for n, (opened, _) in enumerate(SECONDS)
    ]


def test_a_caller_who_hung_up_has_waited_but_was_not_answered(store: Store) -> None:
    rows: list[list[object]] = [["call_id", "created_at", "agent", "answered", "wait_time", "talk_duration"]]
    rows += [[f"C{n}", SECONDS[n][0], "kim", "no" if n % 5 == 0 else "yes", 40, 60] for n in range(N)]
    unassisted(store, put(store, "calls.csv", table(rows)))
    answered = {case for case, at in records(store, "cases", "case_id", "first_response_at") if at is not None}
    assert answered == {f"C{n}" for n in range(N) if n % 5}


WIDE = str.maketrans("0123456789:/", "０１２３４５６７８９：／")


def test_full_width_digits_and_a_chinese_clock_of_twelve_hours(store: Store) -> None:
    def chinese(at: datetime) -> str:
        return f"{at.year}/{at.month}/{at.day} {'上午' if at.hour < 12 else '下午'} {(at.hour - 1) % 12 + 1}:{at:%M}"

    rows = [["服务单号", "报修时间", "完工时间", "服务工程师", "故障现象"]]
    rows += [[f"FW{n}", chinese(OPENED[n]).translate(WIDE), chinese(SOLVED[n]), "陈工", "不制冷"] for n in range(N)]
    report = unassisted(store, put(store, "fuwu.csv", table(rows).encode("gb18030")))
    assert (report.accepted, report.rejected) == ({"cases": N}, 0)
    assert spans(store) == SECONDS


def test_an_american_list_with_the_month_first_and_thousands_marks(store: Store) -> None:
    rows: list[list[object]] = [
        ["Case Number", "Date/Time Opened", "Date/Time Closed", "Case Owner", "Case Origin", "Age (Minutes)"]
    ]
    form = "%m/%d/%Y %I:%M %p"
    rows += [[f"{n:08d}", f"{OPENED[n]:{form}}", f"{SOLVED[n]:{form}}", "Kim Park", "Phone", "1,200"] for n in range(N)]
    unassisted(store, put(store, "cases.csv", table(rows)))
    assert sorted(records(store, "cases", "opened_at", "closed_at")) == SECONDS
    assert records(store, "cases", "case_id", "owner", "channel")[0] == ("00000000", "Kim Park", "Phone")


def test_a_status_log_with_sub_statuses_semicolons_and_zones(store: Store) -> None:
    rows = [
        [
            "SR Number",
            "Change Date+Time",
            "Status",
            "Sub Status",
            "Involved ST",
            "Impact",
            "Product",
            "Country",
            "Owner First Name",
        ]
    ]
    for n, (opened, solved) in enumerate(zip(OPENED, SOLVED, strict=True)):
        steps = [
            ("Accepted", "In Progress", opened),
            ("Accepted", "Wait - User", opened + timedelta(hours=1)),
            ("Accepted", "In Progress", opened + timedelta(hours=2)),
            ("Completed", "Resolved", solved),
        ]
        rows += [
            [f"1-{n}", f"{at:%Y-%m-%dT%H:%M:%S}+00:00", s, sub, "G96", "Medium", "PROD5", "se", "Siebel"]
            for s, sub, at in steps
        ]
    report = unassisted(store, put(store, "log.csv", table(rows, ";")))
    assert (report.accepted["cases"], report.rejected) == (N, 0)
    kinds = [kind for (kind,) in records(store, "case_events", "type")]
    assert (kinds.count("resolved"), kinds.count("pend_start"), kinds.count("pend_end")) == (N, N, N)
    assert sorted(at for at, kind in records(store, "case_events", "at", "type") if kind == "resolved") == [
        b for _, b in SECONDS
    ]


def test_ratings_of_a_shop_in_words(store: Store) -> None:
    words = ("非常满意", "满意", "一般", "不满意", "非常不满意")
    rows = [["会话ID", "接入时间", "首次响应时间", "结束时间", "客服昵称", "评价结果"]]
    rows += [
        [f"S{n}", f"{OPENED[n]:%Y-%m-%d %H:%M:%S}", f"{OPENED[n]:%Y-%m-%d %H:%M:%S}", f"{SOLVED[n]:%Y-%m-%d %H:%M:%S}",
         "小美", words[n % 5] if n % 2 else "未评价"]
        for n in range(N)
    ]  # fmt: skip
    report = unassisted(store, put(store, "chats.csv", table(rows)))
    assert report.accepted == {"cases": N, "surveys": N // 2}
    assert spans(store) == SECONDS
    ratings = sorted((case, rating) for case, rating in records(store, "surveys", "case_id", "csat"))
    assert ratings == sorted((f"S{n}", 5 - n % 5) for n in range(1, N, 2))


def test_a_few_dates_that_can_be_read_two_ways_among_others_are_to_be_checked(store: Store) -> None:
    days = [f"2026-10-{n:02} 09:00" for n in range(10, 30)]
    heads = ["Ticket No", "Created", "Agent"]
    rows = [[f"T-{n}", day, "Lin"] for n, day in enumerate([*days, "05/11/2026 09:00"])]
    proposed = propose(store.scratch(), put(store, "mixed.csv", table([heads, *rows]))).text
    assert "CHECK: 21 of 21 cells; no cell proves which comes first, guessed: day first" in proposed
    proven = propose(
        store.scratch(), put(store, "proven.csv", table([heads, *rows, ["T-99", "11/23/2026 09:00", "Lin"]]))
    ).text
    assert "22 of 22 cells; month first" in proven
