"""Logs of what happened to cases, of people who have never seen the program: what their rows are taken for."""

from __future__ import annotations

import tomllib
from datetime import timedelta

import pytest

from fuxiao.datasets.store import Store
from importing_tools import bring, epoch, put, records
from strangers import OPENED, N, first, flow, proposed


@pytest.mark.parametrize("hold", ["On Hold", "Pending", "挂起", "已暂停"])
def test_a_status_in_which_a_case_waits_stops_the_clock_and_asks_for_whom(store: Store, hold: str) -> None:
    steps = [("New", 0), ("In Progress", 1), (hold, 2), ("In Progress", 5), ("Resolved", 6)]
    rows = "".join(
        f"I{n}\t{at + timedelta(hours=hours):%Y-%m-%d %H:%M}\t{step}\tKim\n"
        for n, at in enumerate(OPENED) for step, hours in steps
    )  # fmt: skip
    path = put(store, "incidents.tsv", "number\tsys_updated_on\tstate\tassigned_to\n" + rows)
    text = proposed(store, path)
    assert "CHECK: for whom it waits is not said" in text
    bring(store, path, text)
    events = records(store, "case_events", "type", "kind")
    assert (events.count(("pend_start", "third_party")), events.count(("pend_end", "third_party"))) == (N, N)


def test_a_case_in_many_rows_is_an_event_log_though_no_column_is_called_activity(store: Store) -> None:
    steps = [("Open", 0), ("Assignment", 1), ("Resolved", 5), ("Closed", 30)]
    rows = "".join(
        f"IM{n};{at + timedelta(hours=hours):%d-%m-%Y %H:%M:%S};{step};TEAM{n % 3:04d}\n"
        for n, at in enumerate(OPENED)
        for step, hours in steps
    )
    path = put(store, "activity.csv", "Incident ID;DateStamp;IncidentActivity_Type;Assignment Group\n" + rows)
    text = proposed(store, path)
    assert "CHECK: no column is named so; its cells name what happened" in text
    bring(store, path, text)
    assert first(store, "opened_at", "resolved_at") == (epoch("2026-03-20T09:00"), epoch("2026-03-20T14:00"))


def test_where_many_rows_of_a_case_say_nothing_that_happened_the_proposal_says_that_only_the_last_counts(
    store: Store,
) -> None:
    rows = "".join(f"T{n // 4},{at:%Y-%m-%d %H:%M},{n % 7}\n" for n, at in enumerate(OPENED))
    text = proposed(store, put(store, "lines.csv", "Ticket No,Created,Line\n" + rows))
    assert "CHECK: the same number stands in several rows and only the last counts" in text


def test_what_an_engineer_does_is_known_with_who_does_it_and_what_a_customer_does_is_no_answer(store: Store) -> None:
    steps = [
        ("用户报修", "系统"), ("系统派单", "系统"), ("工程师接单", "师傅{0}"), ("客户回复", "师傅{0}"),
        ("缺件挂起", "师傅{0}"), ("配件到货", "师傅{0}"), ("维修完成", "师傅{0}"),
        ("客户确认", "师傅{0}"), ("回访", "客服"), ("结单", "系统"),
    ]  # fmt: skip
    found = tomllib.loads(flow(store, steps))["case_events"]
    assert found["types"] == {
        "用户报修": "created", "系统派单": "assigned", "工程师接单": ["accepted", "responded"], "客户回复": "other",
        "缺件挂起": "pend_start:parts", "配件到货": "pend_end", "维修完成": "resolved", "客户确认": "other",
        "回访": "contacted", "结单": "closed",
    }  # fmt: skip
    assert set(found["reopen_on"]) == {"用户报修", "系统派单", "工程师接单", "客户回复", "缺件挂起"}


def test_what_is_always_done_after_the_solution_reopens_no_case(store: Store) -> None:
    steps = [
        ("Ticket created", "a"), ("Assign ticket", "a"), ("Customer replied", "a"), ("Agent replied", "a"),
        ("Resolve ticket", "a"), ("Send survey", "a"),
    ]  # fmt: skip
    found = tomllib.loads(flow(store, steps))["case_events"]
    assert found["types"] == {
        "Ticket created": "created", "Assign ticket": "assigned", "Customer replied": "other",
        "Agent replied": "responded", "Resolve ticket": "resolved", "Send survey": "other",
    }  # fmt: skip
    assert set(found["reopen_on"]) == {"Ticket created", "Assign ticket", "Customer replied", "Agent replied"}


def test_a_log_that_tells_only_of_closings_takes_them_for_solutions_and_says_so(store: Store) -> None:
    text = flow(store, [("Created", "a"), ("Assigned", "a"), ("Closed", "a")])
    assert tomllib.loads(text)["case_events"]["types"]["Closed"] == ["resolved", "closed"]
    assert "CHECK: no column tells when it was resolved; its closing is taken" in text


@pytest.mark.parametrize(
    "header",
    [
        "Case Number,Edit Date,Field / Event,Old Value,New Value,Edited By",
        "工单号,操作时间,变更字段,变更前,变更后,操作人",
    ],
)
def test_a_log_of_changed_fields_tells_by_the_new_status_what_happened(store: Store, header: str) -> None:
    status, owner = ("Status", "Case Owner") if header.isascii() else ("状态", "负责人")
    steps = [
        ("created", "", ""), (owner, "Queue", "Kim"), (status, "New", "In Progress"), ("Priority", "Low", "High"),
        (status, "In Progress", "Closed"),
    ]  # fmt: skip
    rows = "".join(
        f"C{n:03d},{at + timedelta(hours=hours):%Y-%m-%d %H:%M},{','.join(step)},admin\n"
        for n, at in enumerate(OPENED) for hours, step in enumerate(steps)
    )  # fmt: skip
    path = put(store, "history.csv", f"{header}\n{rows}")
    text = proposed(store, path)
    found = tomllib.loads(text)
    assert found["case_events"]["types"] == {
        "created": "created", owner: "assigned", "In Progress": "responded", "Priority": "other",
        "Closed": ["resolved", "closed"],
    }  # fmt: skip
    assert found["drop"] == [header.split(",")[3]]
    bring(store, path, text)
    assert first(store, "opened_at", "first_response_at", "resolved_at", "owner") == (
        epoch("2026-03-20T09:00"), epoch("2026-03-20T11:00"), epoch("2026-03-20T13:00"), "Kim",
    )  # fmt: skip
