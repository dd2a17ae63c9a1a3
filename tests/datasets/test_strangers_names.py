"""How strangers call their columns, and what stands around their tables: found by itself, or said plainly."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fuxiao.core.errors import InputError
from fuxiao.datasets.store import Store
from importing_tools import CASES, bring, epoch, new_store, put, records
from strangers import OPENED, N, first, proposed, unassisted

HEAD = "id,opened,answered,owner\n"


@pytest.mark.parametrize(
    "header",
    [
        "Ticketnummer;Erstellt am;Erste Antwort;Gelöst am;Bearbeiter;Abteilung",
        "受付番号;受付日時;初回対応日時;完了日時;担当者;部署",
        "インシデント番号;受付日;初回対応日時;完了日;担当者;部署",
        "工單編號;建立時間;首次回應時間;完成時間;處理人員;部門",
        "服务单号;申请时间;首次审核时间;处理完成时间;处理人;部门",
        "售后单号;售后申请时间;首次处理时间;售后完结时间;处理人;售后部门",
        "会话ID;会话开始时间;首次回复时间;会话结束时间;接待人员;接待组",
        "Ticket ID;Ticket created - Timestamp;First reply at;Ticket solved at;Assignee name;Ticket group",
        "number;opened_at;u_first_response;resolved_at;assigned_to;assignment_group",
        "CaseNumber;CreatedDate;First_Response__c;Resolved_Date__c;Owner.Name;Group__c",
        "workOrderNo;createTime;firstResponseTime;finishTime;engineerName;siteName",
        "WO_NO;CRT_TM;FST_RSP_TM;RSLV_DTTM;ASGN_TO;GRP_NM",
        "SR_NUM;OPN_DT;FRST_RESP_TS;RESLV_DT;OWNR_NM;DEPT_NM",
        "ticketnumber;createdon;firstresponsesenton;resolvedon;ownerid.name;team",
        "conversation_id;conversation_started_at;first_teammate_reply_at;last_resolved_at;assigned_teammate;team_assigned",
        "N° ticket;Date de création;Date de première réponse;Date de résolution;Technicien;Groupe",
        "Nº de caso;Fecha de apertura;Fecha de primera respuesta;Fecha de resolución;Técnico;Grupo",
        "Ticketnummer;Eroeffnet am;Erste Reaktion am;Geloest am;Zustaendig;Abteilung",
        "ID;Opening date;First reply;Resolution date;Assigned to - Technician;Assigned to - Technician group",
        "報修單號;報修時間;首次回應時間;完修時間;維修工程師;服務據點",
    ],
)
def test_the_columns_of_a_service_log_are_known_in_the_words_of_many_programs(store: Store, header: str) -> None:
    rows = "".join(
        f"T{n:03d};{at:%Y-%m-%d %H:%M};{at + timedelta(hours=1):%Y-%m-%d %H:%M};"
        f"{at + timedelta(hours=2):%Y-%m-%d %H:%M};Kim;North\n"
        for n, at in enumerate(OPENED)
    )
    report = unassisted(store, f"{header}\n{rows}")
    assert report.findings == ()
    assert first(store, "opened_at", "first_response_at", "resolved_at", "owner", "unit_id") == (
        epoch("2026-03-20T09:00"), epoch("2026-03-20T10:00"), epoch("2026-03-20T11:00"), "Kim", "North",
    )  # fmt: skip


def test_a_column_called_gmt_create_tells_the_time_of_the_place(tmp_path: Path) -> None:
    with new_store(tmp_path / "shanghai", zone="Asia/Shanghai") as store:
        rows = "".join(f"T{n:03d},{at:%Y-%m-%d %H:%M:%S}\n" for n, at in enumerate(OPENED))
        unassisted(store, "work_order_no,gmt_create\n" + rows)
        assert first(store, "opened_at") == (epoch("2026-03-20T01:00"),)


@pytest.mark.parametrize(
    ("inside", "outside"), [("保内", "保外"), ("在保", "过保"), ("In Warranty", "Out of warranty")]
)
def test_whether_a_device_is_in_warranty_is_known_in_the_words_of_the_trade(
    store: Store, inside: str, outside: str
) -> None:
    rows = "".join(f"T{n:03d},{at:%Y-%m-%d %H:%M},{outside if n else inside}\n" for n, at in enumerate(OPENED))
    unassisted(store, "工单号,报修时间,保修类型\n" + rows)
    assert [said for _, said in records(store, "cases", "case_id", "in_warranty")] == [True, *[False] * (N - 1)]


def test_days_of_a_spreadsheet_among_written_dates_are_dates_too(store: Store) -> None:
    days = [(at - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1) for at in OPENED]
    cells = [f"{days[n]:.8f}" if n % 3 else f"{at:%Y/%m/%d %H:%M}" for n, at in enumerate(OPENED)]
    report = unassisted(store, "工单号,报修时间\n" + "".join(f"T{n:03d},{cell}\n" for n, cell in enumerate(cells)))
    assert report.findings == ()
    assert [at for _, at in records(store, "cases", "case_id", "opened_at")] == [int(at.timestamp()) for at in OPENED]


def test_a_ledger_of_milestones_says_who_did_what_when(store: Store) -> None:
    header = (
        "派工单号,来电登记时间,师傅接单时间,联系用户时间,上门签到时间,完工提交时间,结单时间,服务师傅,所属网点,用户评价"
    )
    times = [",".join(f"{at + timedelta(hours=hours):%Y-%m-%d %H:%M}" for hours in range(6)) for at in OPENED]
    rows = "".join(f"T{n:03d},{each},王师傅,城东站,满意\n" for n, each in enumerate(times))
    unassisted(store, f"{header}\n{rows}")
    steps = ("opened_at", "accepted_at", "first_response_at", "on_site_at", "resolved_at", "closed_at")
    assert first(store, *steps) == tuple(epoch("2026-03-20T09:00") + 3_600 * hours for hours in range(6))
    assert records(store, "surveys", "csat")[0] == (4,)


def test_the_start_of_each_step_is_no_opening_of_the_case(store: Store) -> None:
    rows = "".join(
        f"T{n:03d},{step},{at + timedelta(hours=hours):%Y-%m-%d %H:%M},"
        f"{at + timedelta(hours=hours, minutes=30):%Y-%m-%d %H:%M},Kim\n"
        for n, at in enumerate(OPENED) for hours, step in enumerate(("Create ticket", "First reply", "Resolve ticket"))
    )  # fmt: skip
    unassisted(store, "Case ID,Activity,Start Timestamp,Complete Timestamp,Resource\n" + rows)
    assert first(store, "opened_at", "resolved_at") == (epoch("2026-03-20T09:30"), epoch("2026-03-20T11:30"))


def test_a_list_of_ratings_makes_no_cases(store: Store) -> None:
    rows = "".join(f"S{n},T{n:03d},{at:%Y-%m-%d %H:%M},{n % 5 + 1},王师傅\n" for n, at in enumerate(OPENED))
    path = put(store, "回访.csv", "问卷编号,工单号,评价时间,满意度,处理人\n" + rows)
    text = proposed(store, path)
    assert set(tomllib.loads(text)) & {"cases", "surveys"} == {"surveys"}
    report = bring(store, path, text)
    assert (report.accepted, report.quality.count("no_case")) == ({"surveys": N}, N)
    assert records(store, "surveys", "survey_id", "answered_at", "about_person")[0] == (
        "S0", epoch("2026-03-20T09:00"), "王师傅",
    )  # fmt: skip


# What stands below a table, and what is one fault


def test_notes_below_a_table_are_no_records_and_none_to_mend(store: Store) -> None:
    notes = ["制表人：张三,,审核人：李四,", "备注：本表仅供内部使用,,,", "共 2 条记录", "Generated by: CRM", "3,,,"]
    report = bring(store, HEAD + "1,2026-08-03,,A\n2,2026-08-04,,B\n" + "".join(f"{note}\n" for note in notes))
    assert sorted((f.line, f.code, f.treatment) for f in report.findings) == [
        (4, "note_row", "drop"), (5, "note_row", "drop"), (6, "note_row", "drop"), (7, "note_row", "drop"),
        (8, "missing", "reject"),
    ]  # fmt: skip
    assert (report.accepted, report.rejected) == ({"cases": 2}, 1)


def test_a_cell_that_feeds_two_datasets_is_one_fault_told_where_it_weighs_most(store: Store) -> None:
    mapping = CASES + '[surveys.columns]\ncase_id = "id"\nanswered_at = "opened"\ncsat = "answered"\n'
    text = "id,opened,answered,owner\n1,2026-13-45,5,A\n2,2026-08-03,9,A\n"
    report = bring(store, text, mapping.replace('first_response_at = "answered"\n', ""))
    faults = [(f.line, f.dataset, f.column, f.code, f.treatment) for f in report.findings if f.code != "no_case"]
    assert faults == [
        (2, "cases", "opened", "bad_moment", "reject"), (3, "surveys", "answered", "out_of_range", "blank"),
    ]  # fmt: skip


def test_a_thousand_planted_faults_are_a_thousand_reported_in_their_row_and_column(store: Store) -> None:
    planted: dict[tuple[int, str], str] = {}
    kinds = [
        ("受理时间", "2026-13-45"),
        ("首次响应时间", "昨天"),
        ("解决时间", "2026/2/30"),
        ("受理时间", ""),
        ("满意度", "9"),
    ]
    header = ["工单号", "受理时间", "首次响应时间", "解决时间", "处理人", "满意度"]
    start, lines = datetime(2026, 1, 1, 8, tzinfo=UTC), [",".join(header)]
    for n in range(4_000):
        at = [start + timedelta(hours=n, minutes=minutes) for minutes in (0, 7, 90)]
        cells = [f"W{n}", *(f"{each:%Y-%m-%d %H:%M}" for each in at), "王师傅", "5"]
        if n % 4 == 0:
            column, cell = kinds[n // 4 % len(kinds)]
            cells[header.index(column)] = cell
            planted[(n + 2, column)] = cell
        lines.append(",".join(cells))
    path = put(store, "planted.csv", "\n".join(lines) + "\n")
    report = bring(store, path, proposed(store, path))
    found = {(f.line, f.column): f.value for f in report.findings if f.code != "no_case"}
    assert len(planted) == 1_000
    assert found == planted


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"<html><table><tr><td>1</td></tr></table></html>", "file.no_table"), ("工单号\t时间\n".encode(), "file.really")],
)
def test_a_page_or_a_text_that_is_called_a_workbook_is_named_as_what_it_is(
    store: Store, content: bytes, code: str
) -> None:
    with pytest.raises(InputError) as refused:
        proposed(store, put(store, "export.xls", content))
    assert refused.value.code == code
