"""The proposed mapping: what the rows are, what the columns mean, and the evidence for dates."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from fuxiao.core.errors import InputError
from fuxiao.datasets.importing.mapping import Expression, Mapping, Shape
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.match import synonyms
from fuxiao.datasets.importing.propose import Proposal, propose
from fuxiao.datasets.store import Store
from fuxiao.engine import schema
from importing_tools import bring, epoch, put, records

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")


def proposal(store: Store, content: str | bytes, name: str = "log.csv") -> Proposal:
    found = propose(store.scratch(), put(store, name, content))
    assert parse_mapping(found.text) == found.mapping
    return found


def columns(mapping: Mapping, dataset: str = "cases") -> dict[str, Expression]:
    table = mapping.table(dataset)
    assert table is not None
    return dict(table.columns)


CHINESE = (
    "工单号,受理时间,首次响应时间,完成时间,工程师,产品型号,满意度,是否保内,备注\n"
    + "".join(
        f"WX{n:04d},2026年8月{n % 28 + 1}日 上午9:05,2026年8月{n % 28 + 1}日 下午{n % 11 + 1}:30,"
        f"{'空' if n % 3 else '2026年9月1日 上午10:00'},"
        f"{'张伟' if n % 2 else '李娜'},KFR-{n % 5},{'无' if n % 4 else 5},{'是' if n % 2 else '否'},第{n}单\n"
        for n in range(60)
    )
).encode("gb18030")


def test_the_one_who_took_the_call_and_the_large_class_of_product_are_understood(store: Store) -> None:
    lines = (
        f"W{n},2026-08-{n % 28 + 1:02d} 09:00,{'王一' if n % 3 else '李二'},{'洗衣机' if n % 2 else '空调'}"
        for n in range(60)
    )
    cases = columns(proposal(store, "工单号,受理时间,接线员,产品大类\n" + "\n".join(lines)).mapping)
    assert {name: e.columns for name, e in cases.items()} == {
        "case_id": ("工单号",), "opened_at": ("受理时间",), "first_responder": ("接线员",), "category": ("产品大类",),
    }  # fmt: skip


def test_a_slip_among_the_ratings_does_not_hide_them(store: Store) -> None:
    lines = [f"W{n},2026-08-{n % 28 + 1:02d} 09:00,{n % 5 + 1}" for n in range(150)]
    lines[7] = lines[7][:-1] + "9"
    found = proposal(store, "工单号,受理时间,满意度评分\n" + "\n".join(lines)).mapping
    assert columns(found, "surveys")["csat"] == Expression(columns=("满意度评分",))
    scored = [line[:-1] + str(n % 10 + 1) for n, line in enumerate(lines)]
    other = proposal(store, "工单号,受理时间,满意度评分\n" + "\n".join(scored)).mapping
    assert other.table("surveys") is None


def test_a_few_words_among_the_ratings_are_read_as_the_numbers_they_stand_for(store: Store) -> None:
    marks = ["5"] * 12 + ["4"] * 12 + ["非常满意"] * 3 + ["未评价"] * 3
    rows = "".join(f"T{n},2026-08-0{n % 9 + 1} 10:00,SN{n},{mark}\n" for n, mark in enumerate(marks))
    text = "工单号,报修时间,机器序列号,客户评分\n" + rows
    found = proposal(store, text)
    assert columns(found.mapping, "surveys")["csat"].values == {"非常满意": "5"}
    assert columns(found.mapping)["device_id"].columns == ("机器序列号",)
    bring(store, text, found.text)
    assert sorted(row[0] for row in records(store, "surveys", "csat")) == [4] * 12 + [5] * 15


def test_chinese_headers_in_gb18030_with_chinese_dates_are_understood(store: Store) -> None:
    found = proposal(store, CHINESE)
    assert (found.mapping.shape, found.mapping.file.encoding, found.mapping.drop) == (Shape.CASE, "gb18030", ("备注",))
    cases = columns(found.mapping)
    assert {name: e.columns for name, e in cases.items()} == {
        "case_id": ("工单号",), "opened_at": ("受理时间",), "first_response_at": ("首次响应时间",),
        "first_responder": ("工程师",),
        "resolved_at": ("完成时间",), "owner": ("工程师",), "in_warranty": ("是否保内",), "product": ("产品型号",),
    }  # fmt: skip
    assert columns(found.mapping, "surveys")["csat"] == Expression(columns=("满意度",))
    report = bring(store, CHINESE, found.text)
    assert (report.rejected, report.accepted) == (0, {"cases": 60, "surveys": 15})
    assert records(store, "cases", "case_id", "opened_at", "first_response_at", "in_warranty")[0] == (
        "WX0000", epoch("2026-08-01 09:05"), epoch("2026-08-01 13:30"), False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("{0.day}/{0.month}/{0.year} {0:%H:%M}", "%d/%m/%Y %H:%M"),
        ("{0:%m/%d/%Y %H:%M}", "%m/%d/%Y %H:%M"),
        ("{0:%d-%b-%y}", "%d-%b-%y"),
        ("{0:%d.%m.%Y %H:%M:%S}", "%d.%m.%Y %H:%M:%S"),
        ("{0:%Y/%m/%d %H:%M:%S}.000", "%Y/%m/%d %H:%M:%S.%f"),
        ("{0:%m/%d/%Y %I:%M %p}", "%m/%d/%Y %I:%M %p"),
        ("{0:%Y年%m月%d日 %H时%M分}", "%Y年%m月%d日 %H时%M分"),
        ("{0:%Y-%m-%dT%H:%M:%S}.250Z", None),
        ("{0:%Y-%m-%d %H:%M}", None),
    ],
)
def test_date_formats_are_found_over_the_whole_column(store: Store, form: str, expected: str | None) -> None:
    start = datetime(2026, 3, 1, 8, 30)  # noqa: DTZ001 -- a local time as a file has it
    rows = "".join(f"T{n},{form.format(start + timedelta(days=n, minutes=7 * n))},A\n" for n in range(60))
    found = proposal(store, "Ticket ID,Created At,Agent\n" + rows)
    assert columns(found.mapping)["opened_at"].formats == ((expected,) if expected else ())


def test_one_cell_at_the_end_of_the_column_proves_the_order_of_day_and_month(store: Store) -> None:
    rows = "".join(f"T{n},{n % 12 + 1}/{n % 9 + 1}/2026,A\n" for n in range(600))
    assert columns(proposal(store, "id,created,agent\n" + rows + "Z,13/1/2026,A\n").mapping)["opened_at"].formats == (
        "%d/%m/%Y",
    )
    assert columns(proposal(store, "id,created,agent\n" + rows + "Z,1/13/2026,A\n").mapping)["opened_at"].formats == (
        "%m/%d/%Y",
    )


def test_without_proof_the_guess_is_marked_for_a_person(store: Store) -> None:
    rows = "".join(f"T{n},{n % 12 + 1}/{n % 9 + 1}/2026,A\n" for n in range(60))
    found = proposal(store, "id,created,agent\n" + rows)
    assert columns(found.mapping)["opened_at"].formats == ("%d/%m/%Y",)
    assert "CHECK" in found.text


def test_a_column_without_proof_follows_another_of_the_same_file(store: Store) -> None:
    rows = "".join(f"T{n},{n % 12 + 1}/{n % 9 + 1}/2026,12/{n % 28 + 1}/2026,A\n" for n in range(60))
    found = proposal(store, "id,created,closed at,agent\n" + rows)
    assert columns(found.mapping)["opened_at"].formats == ("%m/%d/%Y",)
    assert columns(found.mapping)["closed_at"].formats == ("%m/%d/%Y",)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (lambda n: str(46000 + n), "excel"),
        (lambda n: str(1750000000 + 86400 * n), "epoch"),
        (lambda n: str(1750000000000 + n), "epoch_ms"),
    ],
)
def test_numbers_are_dates_only_where_the_name_says_so(store: Store, value: object, form: str) -> None:
    rows = "".join(f"T{n},{value(n)},{value(n)}\n" for n in range(40))  # type: ignore[operator]
    found = proposal(store, "Ticket ID,Created At,Counter\n" + rows)
    assert columns(found.mapping)["opened_at"] == Expression(columns=("Created At",), formats=(form,))
    assert "Counter" in found.mapping.drop


def test_a_date_that_nobody_asked_for_groups_no_cases_whether_it_is_written_or_counted_in_days(store: Store) -> None:
    rows = "".join(
        f"W{n},2026-03-0{n % 9 + 1},2026-03-0{n % 9 + 1},{46082 + n % 9},{46082 + n % 9}\n" for n in range(90)
    )
    found = proposal(store, "工单号,报修时间,下单日期,回访日期,机身代码\n" + rows)
    assert found.mapping.drop == ("下单日期", "回访日期")
    assert "# 回访日期: a date nobody asked for / 未用到的日期" in found.text
    assert [each.dimensions for each in found.mapping.tables] == [{"机身代码": "机身代码"}]


def test_mixed_formats_of_one_column_are_tried_in_turn(store: Store) -> None:
    rows = "".join(f"T{n},{n % 28 + 1}/3/2026{' 10:15' if n % 2 else ''},A\n" for n in range(80))
    found = proposal(store, "id,created,agent\n" + rows)
    assert set(columns(found.mapping)["opened_at"].formats) == {"%d/%m/%Y", "%d/%m/%Y %H:%M"}
    assert bring(store, "id,created,agent\n" + rows, found.text).rejected == 0


def test_a_form_that_few_rows_of_a_long_column_have_is_read_too_and_text_among_them_is_not(store: Store) -> None:
    start = datetime(2026, 3, 1, 8, 30)  # noqa: DTZ001 -- a local time as a file has it
    rows = "".join(f"T{n},{start + timedelta(minutes=97 * n)},A\n" for n in range(3000))
    rare = "".join(f"Z{n},2026年3月{n + 1}日 10:15,A\n" for n in range(9)) + "Y1,昨天,A\n"
    text = "工单号,受理时间,处理人\n" + rows + rare
    found = proposal(store, text)
    assert columns(found.mapping)["opened_at"].formats == ("iso", "%Y年%m月%d日 %H:%M")
    assert "3,009 of 3,010 cells read as dates" in found.text
    assert bring(store, text, found.text).rejected == 1


EVENT_LOG = "Case ID,Activity,Complete Timestamp,Resource,Priority\n" + "".join(
    f"C{n},Create Ticket,2026-08-{n % 20 + 1:02d} 09:00,Ann,P{n % 3}\n"
    f"C{n},Wait,2026-08-{n % 20 + 1:02d} 10:00,Bob,P{n % 3}\n"
    f"C{n},Resolve Ticket,2026-08-{n % 20 + 1:02d} 11:00,Bob,P{n % 3}\n"
    f"C{n},Closed,2026-09-{n % 20 + 1:02d} 11:00,Robot,P{n % 3}\n"
    for n in range(40)
)


def test_an_event_log_is_recognised_and_a_pause_that_nothing_ends_is_not_a_pause(store: Store) -> None:
    found = proposal(store, EVENT_LOG)
    events = found.mapping.table("case_events")
    assert events is not None
    assert found.mapping.shape is Shape.EVENT
    types = {activity: [each.type for each in t] for activity, t in events.types.items()}
    assert types == {
        "Create Ticket": ["created"],
        "Wait": ["other"],
        "Resolve Ticket": ["resolved"],
        "Closed": ["closed"],
    }
    assert events.reopen_on == ("Create Ticket", "Wait")
    assert "a pause that no activity ends" in found.text
    assert columns(found.mapping)["priority"] == Expression(columns=("Priority",))


def test_a_state_log_is_recognised_with_question_marks_and_unpadded_dates(store: Store) -> None:
    rows = ""
    for n in range(40):
        for step, status in enumerate(["New", "Active", "Awaiting User Info", "Resolved", "Closed"]):
            owner = "?" if step == 0 else f"Resolver {n % 5}"
            rows += f"INC{n},{status},{n % 28 + 1}/2/2026 0{step}:05,{owner},Group {n % 3},{n % 28 + 1}/2/2026 00:05\n"
    text = "number,incident_state,sys_updated_at,assigned_to,assignment_group,opened_at\n" + rows
    found = proposal(store, text)
    events = found.mapping.table("case_events")
    assert events is not None
    assert found.mapping.shape is Shape.STATE
    assert events.columns["at"] == Expression(columns=("sys_updated_at",), formats=("%d/%m/%Y %H:%M",))
    assert [(t.type, t.kind) for t in events.types["Awaiting User Info"]] == [("pend_start", "customer")]
    report = bring(store, text, found.text)
    assert (report.rejected, report.accepted["cases"]) == (0, 40)
    assert len(records(store, "case_events", "case_id")) == 40 * 8


def test_lists_of_people_visits_and_complaints_are_recognised(store: Store) -> None:
    people = "工号,姓名,入职日期\nE1,张伟,2020-03-01\nE2,李娜,2021-04-05\n"
    assert proposal(store, people).mapping.main == "people"
    visits = (
        "工单号,工程师,签到时间,离场时间,结果\n"
        "1,A,2026-08-03 09:00,2026-08-03 10:00,已修复\n"
        "2,A,2026-08-04 09:00,,客户不在\n"
    )
    found = proposal(store, visits)
    assert found.mapping.main == "visits"
    bring(store, visits, found.text)
    assert records(store, "visits", "case_id", "outcome") == [("1", "fixed"), ("2", "no_access")]


def test_one_sheet_may_tell_of_people_their_places_and_the_tree_of_teams(store: Store) -> None:
    sheet = (
        "工号,姓名,部门,岗位,入职日期,上级部门\n"
        "E1,张伟,一组,客服,2020-03-01,服务部\n"
        "E2,李娜,二组,工程师,2021-04-05,服务部\n"
    )
    found = proposal(store, sheet)
    assert [table.dataset for table in found.mapping.tables] == ["people", "memberships", "teams"]
    assert "没有任职开始日，取入职日期" in found.text
    bring(store, sheet, found.text)
    assert records(store, "people", "person", "name") == [("E1", "张伟"), ("E2", "李娜")]
    assert records(store, "memberships", "person", "team", "role") == [("E1", "一组", "客服"), ("E2", "二组", "工程师")]
    assert records(store, "teams", "team", "parent") == [("一组", "服务部"), ("二组", "服务部")]


def test_a_repair_ledger_with_its_own_words_is_understood(store: Store) -> None:
    ledger = (
        "序号,报修单编号,报修日期,报修时间,首次联系客户时间,修复完成,维修师傅,所属小组,机身码,回访打分(1-5)\n"
        "1,BX-1,2025/01/06,09:00,2025-01-06 09:20,2025-01-06 15:00,李建国,一组,SN1,5\n"
        "2,BX-2,2025/01/07,10:00,2025-01-07 10:20,2025-01-07 15:00,王秀英,一组,SN2,4\n"
    )
    cases, survey = proposal(store, ledger).mapping.tables
    named = {name: cases.columns[name].columns for name in ("case_id", "first_response_at", "resolved_at", "unit_id")}
    assert named == {
        "case_id": ("报修单编号",), "first_response_at": ("首次联系客户时间",), "resolved_at": ("修复完成",),
        "unit_id": ("所属小组",),
    }  # fmt: skip
    assert survey.columns["csat"].columns == ("回访打分(1-5)",)


def test_a_column_that_only_counts_the_rows_is_the_last_to_be_taken_for_the_number_of_a_case(store: Store) -> None:
    found = proposal(store, "序号,流水,受理时间\n1,A-7,2025-01-06 09:00\n2,A-9,2025-01-07 09:00\n").mapping
    assert found.tables[0].columns["case_id"].columns == ("流水",)


def test_every_column_of_every_contract_has_synonyms_but_those_worked_out() -> None:
    known = synonyms()["columns"]
    missing = {d.name: [c for c in d.names() if c not in known[d.name]] for d in schema.DATASETS.values()}
    assert {d: names for d, names in missing.items() if names} == {"case_events": ["case_id", "seq", "type", "kind"]}


def test_every_synonym_is_text() -> None:
    def leaves(node: object) -> Iterator[object]:
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        yield from (() if isinstance(node, dict | list) else (node,))
        for child in children:
            yield from leaves(child)

    assert [leaf for leaf in leaves(synonyms()) if not isinstance(leaf, str)] == []


FLOW = ("Created", "Assigned", "Resolve", "Closed")


@pytest.mark.parametrize(("last", "taken_for"), [("Resolve", "other"), ("Closed", "merged")])
def test_a_duplicate_that_is_solved_afterwards_is_no_end_of_the_case(store: Store, last: str, taken_for: str) -> None:
    ordinary = "".join(f"T{n},2026-08-0{n % 9 + 1} 1{h}:00,{a},L\n" for n in range(30) for h, a in enumerate(FLOW))
    odd = "".join(f"D,2026-08-04 1{h}:00,{a},L\n" for h, a in enumerate(("Created", "Duplicate", last)))
    mapping = proposal(store, "Case ID,Timestamp,Activity,Resource\n" + ordinary + odd).mapping
    log = mapping.table("case_events")
    assert log is not None
    assert [each.type for each in log.types["Duplicate"]] == [taken_for]
    assert [each.type for each in log.types["Resolve"]] == ["resolved"]


def test_cells_full_of_control_characters_still_make_a_mapping_that_reads(store: Store) -> None:
    odd = b"".join(b"%d,%s\n" % (n, b"x" * 90 + bytes([n])) for n in range(256))
    found = propose(store.scratch(), put(store, "odd.csv", b"id,opened\n" + odd))
    assert tomllib.loads(found.text)["shape"] == "case"


def test_a_ticket_with_objects_inside_is_understood(store: Store) -> None:
    tickets = [
        {
            "key": f"SD-{n}", "assignee": {"id": n % 2, "name": ("张伟", "李娜")[n % 2]},
            "fields": {"created": f"2026-08-{n + 1:02d}T09:00:00Z", "solved_at": f"2026-08-{n + 1:02d}T11:00:00Z"},
            "satisfaction_rating": {"score": ("good", "bad")[n % 2]},
            "metric_set": {"reply_time_in_minutes": {"business": n % 3, "calendar": n + 5}},
        }
        for n in range(20)
    ]  # fmt: skip
    found = tomllib.loads(proposal(store, "\n".join(json.dumps(each) for each in tickets), "tickets.jsonl").text)
    assert found["cases"]["columns"] == {
        "case_id": "key", "owner": "assignee.name", "opened_at": "fields.created", "resolved_at": "fields.solved_at",
        "first_response_at": {"after": "opened_at", "minutes": "metric_set.reply_time_in_minutes.calendar"},
        "first_responder": "assignee.name",
    }  # fmt: skip
    assert found["surveys"]["columns"]["csat"]["column"] == "satisfaction_rating.score"


def test_where_only_the_closing_is_known_a_case_counts_as_resolved_then(store: Store) -> None:
    rows = "".join(f"{n},2026-08-{n % 27 + 1:02d} 09:00,2026-08-{n % 27 + 1:02d} 1{n % 9}:00\n" for n in range(40))
    found = proposal(store, "ticket id,created,closed date\n" + rows)
    assert "取结案时间" in found.text
    columns = tomllib.loads(found.text)["cases"]["columns"]
    assert columns["resolved_at"] == columns["closed_at"]


def test_a_date_and_a_time_of_the_same_name_are_one_moment(store: Store) -> None:
    rows = "".join(
        f"W{n},2026-08-{n % 27 + 1:02d},09:{n:02d},2026-08-{n % 27 + 1:02d},1{n % 9}:05\n" for n in range(40)
    )
    text = "服务单号,报修日期,报修时间,完工日期,完工时间\n" + rows
    found = proposal(store, text)
    columns = tomllib.loads(found.text)["cases"]["columns"]
    assert columns["opened_at"]["columns"] == ["报修日期", "报修时间"]
    assert columns["resolved_at"]["columns"] == ["完工日期", "完工时间"]
    bring(store, text, found.text)
    assert records(store, "cases", "opened_at", "resolved_at")[0] == (
        epoch("2026-08-01 09:00"), epoch("2026-08-01 10:05"),
    )  # fmt: skip


def test_an_event_log_with_a_date_and_a_time_column_is_read_to_the_minute(store: Store) -> None:
    steps = ("created", "assigned", "resolved")
    rows = "".join(
        f"W{n},2026-08-{n % 27 + 1:02d},{9 + k}:05,{step}\n" for n in range(20) for k, step in enumerate(steps)
    )
    found = proposal(store, "Case ID,Date,Time,Activity\n" + rows)
    assert tomllib.loads(found.text)["case_events"]["columns"]["at"]["columns"] == ["Date", "Time"]


def test_a_header_without_rows_is_refused_in_words(store: Store) -> None:
    with pytest.raises(InputError) as caught:
        proposal(store, "id,opened\n")
    assert caught.value.code == "file.empty"


def test_json_that_is_nested_without_end_is_refused_in_words(store: Store) -> None:
    with pytest.raises(InputError) as caught:
        proposal(store, "[" * 100_000, "deep.json")
    assert caught.value.code == "file.unreadable"


def test_complaints_with_a_number_of_their_own_are_no_cases_though_they_name_case_and_moment(store: Store) -> None:
    text = "投诉号,工单号,受理时间\nT1,A1,2026-10-08 09:00\nT2,A9,2026-10-08 10:00\nT3,A9,2026-10-09 10:00\n"
    [table] = proposal(store, text).mapping.tables
    assert (table.dataset, set(table.columns)) == ("complaints", {"complaint_id", "case_id", "received_at"})


def test_cases_some_of_which_name_a_complaint_stay_cases(store: Store) -> None:
    text = "工单号,受理时间,投诉号\nA1,2026-10-08 09:00,T1\nA2,2026-10-08 10:00,\nA3,2026-10-09 10:00,\n"
    assert proposal(store, text).mapping.table("complaints") is None
