"""The three shapes of a file: a record a row, an event a row, a state a row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from fuxiao.datasets.importing import by_case
from fuxiao.datasets.store import Store
from importing_tools import bring, epoch, new_store, records

# Ibis still asks DuckDB 2 for tables by a name that DuckDB has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

EVENTS = """
shape = "event"
[case_events]
reopen_on = ["take", "wait"]
[case_events.columns]
case_id = "case"
at = "at"
activity = "what"
actor = "who"
[case_events.types]
open = "created"
take = ["accepted", "responded"]
solve = "resolved"
close = "closed"
[cases.columns]
case_id = "case"
priority = "prio"
"""
LOG = """case,at,what,who,prio
1,2026-08-03 09:00,open,Ann,low
1,2026-08-03 09:10,take,Bob,high
1,2026-08-03 10:00,solve,Bob,
1,2026-08-03 11:00,take,Cid,high
1,2026-08-03 11:30,take,Cid,high
1,2026-08-03 12:00,solve,Cid,high
1,2026-08-20 00:00,close,Robot,high
2,2026-08-03 09:00,dance,Ann,low
"""


def test_activities_become_event_types_and_one_activity_may_be_several(store: Store) -> None:
    report = bring(store, LOG, EVENTS)
    events = records(store, "case_events", "case_id", "seq", "type", "activity", "actor")
    assert events == [
        ("1", 1, "created", "open", "Ann"),
        ("1", 2, "accepted", "take", "Bob"),
        ("1", 3, "responded", "take", "Bob"),
        ("1", 4, "resolved", "solve", "Bob"),
        ("1", 5, "reopened", "take", "Cid"),
        ("1", 6, "accepted", "take", "Cid"),
        ("1", 7, "responded", "take", "Cid"),
        ("1", 8, "accepted", "take", "Cid"),
        ("1", 9, "responded", "take", "Cid"),
        ("1", 10, "resolved", "solve", "Cid"),
        ("1", 11, "closed", "close", "Robot"),
        ("2", 1, "other", "dance", "Ann"),
    ]
    assert report.quality.count("reopened_added") == 1
    assert report.quality.count("unknown_activity", "what") == 1


def test_cases_are_made_of_their_events(store: Store) -> None:
    report = bring(store, LOG, EVENTS)
    columns = (
        "case_id",
        "opened_at",
        "first_response_at",
        "first_responder",
        "resolved_at",
        "reopened_at",
        "closed_at",
        "owner",
        "priority",
    )
    assert records(store, "cases", *columns) == [
        (
            "1", epoch("2026-08-03 09:00"), epoch("2026-08-03 09:10"), "Bob", epoch("2026-08-03 12:00"),
            epoch("2026-08-03 11:00"), epoch("2026-08-20 00:00"), "Cid", "high",
        ),
        ("2", epoch("2026-08-03 09:00"), None, None, None, None, None, None, "low"),
    ]  # fmt: skip
    assert report.quality.count("changed_inside_case", "prio") == 1


def test_events_are_put_in_the_order_of_time_whatever_the_order_of_the_file(store: Store) -> None:
    head, *rows = LOG.splitlines()
    bring(store, LOG, EVENTS)
    before = records(store, "case_events", "case_id", "seq", "type", "actor")
    report = bring(store, "\n".join([head, *reversed(rows)]), EVENTS)
    assert records(store, "case_events", "case_id", "seq", "type", "actor") == before
    assert report.datasets["case_events"].replaced == 0


def test_a_pause_without_an_end_may_end_at_the_next_event(store: Store) -> None:
    mapping = EVENTS.replace("reopen_on", 'pause_ends = "next_event"\nreopen_on').replace(
        'open = "created"', 'open = "created"\nhold = "pend_start:parts"'
    )
    text = (
        "case,at,what,who,prio\n1,2026-08-03 09:00,open,A,\n1,2026-08-03 10:00,hold,A,\n1,2026-08-03 12:00,solve,B,\n"
    )
    report = bring(store, text, mapping)
    assert records(store, "case_events", "seq", "type", "kind", "at", "actor") == [
        (1, "created", None, epoch("2026-08-03 09:00"), "A"),
        (2, "pend_start", "parts", epoch("2026-08-03 10:00"), "A"),
        (3, "pend_end", "parts", epoch("2026-08-03 12:00"), "B"),
        (4, "resolved", None, epoch("2026-08-03 12:00"), "B"),
    ]
    assert report.quality.count("pause_closed") == 1


def test_the_file_of_refused_events_holds_the_whole_case(store: Store) -> None:
    report = bring(store, LOG.replace("2026-08-03 10:00", "noon"), EVENTS)
    assert report.rejected == 1
    assert report.rejected_file is not None
    text = report.rejected_file.read_bytes().decode("utf-8-sig")
    assert len(text.splitlines()) == 8
    assert sum("[bad_moment]" in line for line in text.splitlines()) == 1
    again = bring(
        store, report.rejected_file.read_bytes().replace(b"noon", b"2026-08-03 10:00"), EVENTS, name="mended.csv"
    )
    assert again.rejected == 0
    direct = new_store(store.home / "other")
    bring(direct, LOG, EVENTS)
    names = ("case_id", "seq", "type", "at", "actor")
    assert records(store, "case_events", *names) == records(direct, "case_events", *names)
    direct.close()


STATES = """
shape = "state"
[case_events.columns]
case_id = "number"
at = {column = "updated", format = "%d/%m/%Y %H:%M"}
status = "state"
owner = "assigned_to"
unit = "group"
actor = "assigned_to"
[case_events.types]
New = "created"
Active = ["accepted", "responded"]
"Awaiting User" = "pend_start:customer"
Resolved = "resolved"
Closed = "closed"
[cases.columns]
case_id = "number"
owner = "assigned_to"
category = "category"
"""
SNAPSHOTS = """number,state,updated,assigned_to,group,category
INC1,New,1/8/2026 09:00,?,G1,mail
INC1,Active,1/8/2026 09:30,Ann,G1,mail
INC1,Active,1/8/2026 09:40,Ann,G1,mail!
INC1,Awaiting User,1/8/2026 10:00,Ann,G1,mail
INC1,Active,2/8/2026 10:00,Bob,G2,mail
INC1,Resolved,2/8/2026 11:00,Bob,G2,network
INC1,Active,3/8/2026 11:00,Bob,G2,network
INC1,Resolved,3/8/2026 12:00,Bob,G2,?
INC1,Closed,13/8/2026 12:00,Bob,G2,network
"""


def test_states_become_events_by_comparing_rows(store: Store) -> None:
    report = bring(store, SNAPSHOTS, STATES)
    names = ("seq", "type", "kind", "actor", "to_person", "from_unit", "to_unit")
    assert records(store, "case_events", *names) == [
        (1, "created", None, None, None, None, None),
        (2, "assigned", None, "Ann", "Ann", None, None),
        (3, "accepted", None, "Ann", None, None, None),
        (4, "responded", None, "Ann", None, None, None),
        (5, "pend_start", "customer", "Ann", None, None, None),
        (6, "transferred", None, "Bob", "Bob", "G1", "G2"),
        (7, "pend_end", "customer", "Bob", None, None, None),
        (8, "accepted", None, "Bob", None, None, None),
        (9, "responded", None, "Bob", None, None, None),
        (10, "resolved", None, "Bob", None, None, None),
        (11, "reopened", None, "Bob", None, None, None),
        (12, "accepted", None, "Bob", None, None, None),
        (13, "responded", None, "Bob", None, None, None),
        (14, "resolved", None, "Bob", None, None, None),
        (15, "closed", None, "Bob", None, None, None),
    ]
    assert report.quality.count("no_change") == 1
    assert report.quality.count("changed_inside_case", "category") == 1


def test_the_case_of_a_state_log_takes_its_last_values(store: Store) -> None:
    bring(store, SNAPSHOTS, STATES)
    names = (
        "case_id",
        "opened_at",
        "first_response_at",
        "resolved_at",
        "reopened_at",
        "closed_at",
        "owner",
        "category",
    )
    assert records(store, "cases", *names) == [
        (
            "INC1", epoch("2026-08-01 09:00"), epoch("2026-08-01 09:30"), epoch("2026-08-03 12:00"),
            epoch("2026-08-03 11:00"), epoch("2026-08-13 12:00"), "Bob", "network",
        )
    ]  # fmt: skip


def test_a_long_state_log_is_compared_part_by_part(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    head, *rows = SNAPSHOTS.splitlines()
    log = "\n".join([head, *(row.replace("INC1", f"INC{case}") for row in rows for case in range(40))])
    whole = bring(store, log, STATES)
    assert (whole.accepted, whole.quality.count("changed_inside_case", "category")) == (
        {"case_events": 600, "cases": 40},
        40,
    )
    monkeypatch.setattr(by_case, "PART", 5_000)
    monkeypatch.setattr(by_case, "PIECE", 10)
    with new_store(store.home / "other") as other:
        apart = bring(other, log, STATES)
        assert (apart.accepted, apart.quality) == (whole.accepted, whole.quality)
        for name in ("case_events", "cases"):
            columns = store.records(name).columns
            assert records(other, name, *columns) == records(store, name, *columns)


def test_a_state_log_whose_cases_miss_some_rows_has_the_same_last_values(store: Store) -> None:
    bring(store, SNAPSHOTS, STATES + "[cases.when]\ncategory = {present = true}\n")
    assert records(store, "cases", "owner", "category") == [("Bob", "network")]
    assert len(records(store, "case_events", "seq")) == 15


MORE_SNAPSHOTS = """INC2,New,1/8/2026 09:00,?,G1,mail
INC2,Resolved,1/8/2026 10:00,Cid,G1,mail
INC3,Active,1/8/2026 09:00,?,G1,mail
INC3,Awaiting User,1/8/2026 09:30,Ann,G1,mail
INC3,Active,1/8/2026 10:00,Ann,G1,mail
"""


def test_a_case_of_a_state_log_is_answered_by_whoever_is_named_at_an_answer(store: Store) -> None:
    bring(store, SNAPSHOTS + MORE_SNAPSHOTS, STATES)
    assert records(store, "cases", "case_id", "first_response_at", "first_responder", "assigned_at") == [
        ("INC1", epoch("2026-08-01 09:30"), "Ann", epoch("2026-08-01 09:30")),
        ("INC2", None, None, epoch("2026-08-01 10:00")),
        ("INC3", epoch("2026-08-01 09:00"), "Ann", epoch("2026-08-01 09:30")),
    ]


@pytest.mark.parametrize(
    "otherwise",
    [
        STATES + "[cases.when]\nstate = {present = true}\n",
        STATES.replace('owner = "assigned_to"\ncategory', "category"),
    ],
    ids=["rows chosen by a condition", "owner found among the events"],
)
def test_what_rows_and_events_of_states_tell_of_cases_does_not_depend_on_the_way(store: Store, otherwise: str) -> None:
    bring(store, SNAPSHOTS + MORE_SNAPSHOTS, STATES)
    columns = store.records("cases").columns
    with new_store(store.home / "other") as other:
        bring(other, SNAPSHOTS + MORE_SNAPSHOTS, otherwise)
        assert records(other, "cases", *columns) == records(store, "cases", *columns)


CALLS = """
shape = "case"
[cases.columns]
case_id = "id"
opened_at = {columns = ["Date", "Time"], format = "%d-%m-%Y %H:%M:%S"}
first_response_at = {after = "opened_at", seconds = "Speed"}
resolved_at = {after = "opened_at", seconds = ["Speed", "Talk"], when = {Resolved = "Y"}}
handle_seconds = "Talk"
standard_minutes = {column = "Hours", unit = "hours"}
channel = {value = "phone"}
owner = {first_of = ["Agent", "Team"]}
[surveys.columns]
case_id = "id"
csat = "Rating"
[surveys.when]
Rating = {present = true}
[costs.columns]
case_id = "id"
spent_at = {columns = ["Date", "Time"], format = "%d-%m-%Y %H:%M:%S"}
kind = {value = "refund"}
amount = "Refund"
[costs.when]
Refund = {present = true}
Resolved = {not = "N"}
"""


def test_one_file_feeds_several_datasets_by_expressions(store: Store) -> None:
    text = (
        "id,Date,Time,Agent,Team,Resolved,Speed,Talk,Rating,Hours,Refund\n"
        'A1,31-01-2026,17:34:05,Jim,T,Y,91,00:02:59,3,1.5,"¥1,234.565"\n'
        "A2,31-01-2026,17:08:10,,T,N,,,,,5\n"
        "A3,31-01-2026,17:08:10,Dan,T,N,30,3分20秒,9,,\n"
    )
    report = bring(store, text, CALLS)
    opened = epoch("2026-01-31 17:34:05")
    names = ("case_id", "opened_at", "first_response_at", "resolved_at", "handle_seconds", "channel", "owner")
    assert records(store, "cases", *names) == [
        ("A1", opened, opened + 91, opened + 91 + 179, 179, "phone", "Jim"),
        ("A2", epoch("2026-01-31 17:08:10"), None, None, None, "phone", "T"),
        ("A3", epoch("2026-01-31 17:08:10"), epoch("2026-01-31 17:08:40"), None, 200, "phone", "Dan"),
    ]
    assert records(store, "surveys", "survey_id", "csat") == [("A1", 3), ("A3", None)]
    assert records(store, "costs", "cost_id", "amount", "kind") == [("A1", 123457, "refund")]
    assert report.quality.count("out_of_range", "Rating") == 1
    assert records(store, "cases", "standard_minutes")[0] == (Decimal("90.0000"),)


def test_local_times_are_taken_in_the_zone_of_the_company_the_mapping_or_the_column(tmp_path: Path) -> None:
    mapping = """
shape = "case"
[cases.columns]
case_id = "id"
opened_at = "a"
resolved_at = {column = "b", zone = "Europe/Rome"}
"""
    with new_store(tmp_path / "cn", zone="Asia/Shanghai") as store:
        bring(
            store,
            "id,a,b\n1,2026-08-03 09:00,2026-08-03 09:00\n2,2026-08-03T09:00:00Z,2026-12-03 09:00:00+01:00\n",
            mapping,
        )
        assert records(store, "cases", "case_id", "opened_at", "resolved_at") == [
            ("1", epoch("2026-08-03 01:00"), epoch("2026-08-03 07:00")),
            ("2", epoch("2026-08-03 09:00"), epoch("2026-12-03 08:00")),
        ]


@pytest.mark.parametrize(
    "written",
    ["113.05元", "113.05 元", "¥113.05", "￥113.05", "CNY 113.05", "113.05CNY", "$113.05", "US$113.05", "113.05 usd",
     "人民币113.05元", "113.05￥", "１１３.０５元"],
)  # fmt: skip
def test_an_amount_is_read_whatever_sign_or_unit_stands_beside_it(store: Store, written: str) -> None:
    mapping = (
        'shape = "case"\n[costs.columns]\ncost_id = "id"\nspent_at = "on"\namount = "paid"\nkind = {value = "labour"}\n'
    )
    report = bring(store, f"id,on,paid\nK1,2026-08-03,{written}\nK2,2026-08-03,-{written}\n", mapping)
    assert (report.findings, records(store, "costs", "cost_id", "amount")) == ((), [("K1", 11305), ("K2", -11305)])


@pytest.mark.parametrize(("moment", "count"), [("opened", 2), ("rated", 0)])
def test_ratings_that_are_dated_by_the_opening_of_their_case_are_named(store: Store, moment: str, count: int) -> None:
    mapping = f'''
shape = "case"
[cases.columns]
case_id = "id"
opened_at = "opened"
[surveys]
when = {{stars = {{present = true}}}}
[surveys.columns]
case_id = "id"
answered_at = "{moment}"
csat = "stars"
'''
    text = "id,opened,rated,stars\n1,2026-08-03,2026-08-04,5\n2,2026-08-03,2026-08-05,\n3,2026-08-03,2026-08-05,2\n"
    report = bring(store, text, mapping)
    assert (report.accepted["surveys"], report.quality.count("dated_by_opening", "opened")) == (2, count)
