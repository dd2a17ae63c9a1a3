"""Each fact table on a small world whose answers can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from facts_world import add, at, built, fact, facts, make_home
from fuxiao.datasets.store import Store
from fuxiao.engine.fact_tables import FACT_TABLES
from fuxiao.engine.facts.inputs import wanted_schema
from small_world import CASES, CUT_OFF, DAY, EVENTS, OTHERS, SERVICE_LEVELS, day


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = make_home(tmp_path_factory.mktemp("world"), service_levels=SERVICE_LEVELS)
    with Store.open(home, threads=1) as store:
        add(store, cases=CASES, case_events=EVENTS, **OTHERS)
        built(store, cut_off=CUT_OFF)
        yield store


def values(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def test_business_time_over_a_weekend_is_fifty_minutes(world: Store) -> None:
    row = fact(world, case_id="weekend")
    assert row["first_response_business"] == 50 * 60
    assert row["first_response_calendar"] == 63 * 3600 + 50 * 60


def test_a_customer_pause_takes_ten_minutes_off_and_a_template_is_no_answer(world: Store) -> None:
    row = fact(world, case_id="paused")
    assert values(row, "a1", "first_response_at") == ("li", at("2026-10-12 09:20"))
    assert row["first_response_business"] == 40 * 60
    assert values(row, "pause_customer", "pause_parts", "lead_business") == (600, 0, 30 * 60 + 7 * 3600 + 20 * 60)
    assert row["resolution_business"] == row["lead_business"] - 600


def test_anchors_are_local_days_and_months(world: Store) -> None:
    row = fact(world, case_id="weekend")
    assert values(row, "opened_day", "opened_month") == (day("2026-10-09"), 2026 * 12 + 9)
    assert values(row, "closed_day", "judged_day", "due_day") == (
        day("2026-10-13"), day("2026-10-12"), day("2026-10-12"),
    )  # fmt: skip


def test_teams_are_those_of_the_anchors_day_and_the_unit_where_nobody_is_known(world: Store) -> None:
    assert values(fact(world, case_id="weekend"), "a1_team", "ao_team", "unit") == ("desk1", "field1", "north")
    assert values(fact(world, case_id="paused"), "a1_team", "ao_team", "unit") == ("desk1", "desk2", "desk2")
    assert values(fact(world, case_id="late"), "ao_first_team", "a1", "a1_team") == ("desk2", None, "south")


def test_limits_come_from_the_contract_then_the_general_service_level_then_the_case(world: Store) -> None:
    assert values(fact(world, case_id="weekend"), "first_response_limit", "resolution_limit") == (None, 7200)
    assert values(fact(world, case_id="paused"), "first_response_limit", "resolution_limit") == (3600, 32_400)
    assert values(fact(world, case_id="late"), "first_response_limit", "resolution_limit") == (30, 3600)


def test_an_open_case_past_its_limit_is_judged_where_it_fell_due(world: Store) -> None:
    row = fact(world, case_id="late")
    assert values(row, "resolution_met", "first_response_met", "resolved") == (False, True, False)
    assert values(row, "due_at", "judged_day") == (at("2026-10-28 10:00"), day("2026-10-28"))
    assert values(row, "resolution_business", "closing") == (None, None)


def test_what_happens_after_the_cut_off_is_not_known_yet(world: Store) -> None:
    assert [row for row in facts(world, "cases") if row["case_id"] == "later"] == []
    row = fact(world, case_id="future")
    assert values(row, "resolved", "resolution_met", "judged_day", "first_response_met", "followed_up") == (
        False, False, day("2026-10-29"), False, None,
    )  # fmt: skip


def test_a_limit_used_up_to_the_second_is_not_missed_yet(world: Store) -> None:
    row = fact(world, case_id="exact")
    assert values(row, "resolution_met", "due_at", "judged_day") == (None, at("2026-10-30 18:00"), None)


def test_a_reopened_case_without_events_follows_its_columns(world: Store) -> None:
    done, undone = fact(world, case_id="columns"), fact(world, case_id="undone")
    assert values(done, "resolved", "reopens", "reopen_gap", "first_contact_solved") == (True, 1, 0, True)
    assert done["first_resolved_at"] == at("2026-10-19 12:00")
    assert values(undone, "resolved", "closed", "reopens", "reopen_gap") == (False, False, 1, 2 * 3600)


def test_exclusions_are_flags_and_never_null(world: Store) -> None:
    flags = ("x1", "x2", "x3", "x7", "x9", "x10")
    assert values(fact(world, case_id="weekend"), *flags) == (False,) * 6
    assert values(fact(world, case_id="spam"), *flags) == (True, *(False,) * 5)
    assert values(fact(world, case_id="double"), *flags) == (False, True, *(False,) * 4)
    assert values(fact(world, case_id="gone"), *flags) == (False, False, True, True, True, True)


def test_the_next_case_of_the_device_and_customer_counts_from_the_resolution(world: Store) -> None:
    row = fact(world, case_id="weekend")
    gap = at("2026-10-14 09:00") - at("2026-10-12 10:00")
    assert values(row, "same_fault_gap", "device_gap", "customer_gap") == (gap, gap, gap)
    # Opened at the same time as the other one, which is before this one's resolution: the later case is searched.
    gap = at("2026-10-14 09:00") - at("2026-10-12 16:20")
    assert values(fact(world, case_id="paused"), "same_fault_gap", "device_gap", "customer_gap") == (gap, gap, None)


def test_counts_of_a_case(world: Store) -> None:
    row = fact(world, case_id="paused")
    names = ("transfers", "handoffs", "holders", "ping_pong", "escalated", "actors", "contacts")
    assert values(row, *names) == (2, 2, 2, True, True, 4, 3)
    assert values(fact(world, case_id="weekend"), "holders", "actors", "cost", "filled", "mandatory") == (
        1,
        0,
        9100,
        1,
        4,
    )


def test_a_first_reply_is_followed_up_by_the_next_act_in_time(world: Store) -> None:
    assert fact(world, case_id="paused")["followed_up"] is True
    assert fact(world, case_id="weekend")["followed_up"] is True
    assert fact(world, case_id="again")["followed_up"] is False
    assert fact(world, case_id="gone")["followed_up"] is None


def test_visits_decide_the_first_fix(world: Store) -> None:
    assert values(fact(world, case_id="weekend"), "visits", "av", "first_visit_fixed") == (1, "wang", True)
    assert values(fact(world, case_id="again"), "visits", "first_visit_fixed") == (2, None)
    assert values(fact(world, case_id="columns"), "first_visit_fixed") == (False,)
    assert values(fact(world, case_id="late"), "visits", "first_visit_fixed") == (0, None)


def test_shares_follow_the_working_time_held(world: Store) -> None:
    rows = [row for row in facts(world, "shares", "person") if row["case_id"] == "paused"]
    # li: Friday 29 min, Monday 09:00-10:20 less 10 and 14:50-16:20; after the transfer to nobody it is held by
    # nobody for half an hour.
    assert [values(row, "person", "held", "total", "share") for row in rows] == [
        ("li", (29 + 70 + 90) * 60, (29 + 70 + 90 + 240) * 60, Decimal("0.440559440")),
        ("wang", 240 * 60, (29 + 70 + 90 + 240) * 60, Decimal("0.559440560")),
    ]
    assert [row["person_team"] for row in rows] == ["desk2", "field1"]
    alone = fact(world, "shares", case_id="weekend")
    assert values(alone, "person", "held", "share", "standard_minutes") == ("wang", 0, Decimal(1), Decimal(30))


def test_transfers_wait_for_the_receivers_first_act(world: Store) -> None:
    first, second = [row for row in facts(world, "transfers", "seq") if row["case_id"] == "paused"]
    assert values(first, "ax", "ax_team", "from_unit", "to_unit", "to_person", "wrong", "wait_business") == (
        "li", "desk2", "desk", "field", "wang", True, 3 * 3600,
    )  # fmt: skip
    assert values(second, "seq", "from_unit", "to_person", "wait_business", "wait_calendar") == (
        2, "field", None, 1800, 1800,
    )  # fmt: skip
    lost = fact(world, "transfers", case_id="late", seq=1)
    assert values(lost, "from_unit", "wait_business") == ("store", None)


def test_holds_log_who_worked_when_and_the_wait_before(world: Store) -> None:
    rows = [row for row in facts(world, "holds", "step") if row["case_id"] == "paused"]
    shown = [values(row, "step", "person", "unit", "start", "end", "wait_business") for row in rows]
    assert shown == [
        (1, "li", "desk", at("2026-10-12 09:05"), at("2026-10-12 10:20"), 29 * 60 + 5 * 60),
        (2, "wang", "field", at("2026-10-12 13:20"), at("2026-10-12 14:20"), 3 * 3600),
        (3, None, "desk", None, None, 30 * 60),
        (4, "li", "desk", at("2026-10-12 14:50"), at("2026-10-13 16:20"), 0),
    ]


def test_visit_facts(world: Store) -> None:
    on_time = fact(world, "visits", case_id="weekend")
    assert values(on_time, "av_team", "on_time", "first", "effective", "points") == ("field1", True, True, True, 2)
    closed = fact(world, "visits", case_id="again", visit_no=1)
    assert values(closed, "on_time", "first", "effective", "points") == (False, True, False, Decimal("0.3"))
    again = fact(world, "visits", case_id="again", visit_no=2)
    assert values(again, "av_team", "on_time", "first", "effective") == ("desk2", None, False, True)
    planned = fact(world, "visits", case_id="columns")
    assert values(planned, "on_time", "event_day") == (None, day("2026-10-19"))


def test_survey_facts(world: Store) -> None:
    row = fact(world, "surveys", survey_id="s1")
    names = ("ag", "ag_team", "delivered", "answered", "answer_delay", "good", "case_type", "unit")
    assert values(row, *names) == ("wang", "field1", True, True, 1800, True, None, "north")
    row = fact(world, "surveys", survey_id="s2")
    assert values(row, "ag", "delivered", "answered", "event_day", "invited_day") == (
        "zhao", False, False, None, day("2026-10-30"),
    )  # fmt: skip
    assert len(facts(world, "surveys")) == 2


def test_complaint_facts(world: Store) -> None:
    names = ("ac", "ac_team", "acknowledged_in_time", "closed_in_time", "escalated", "validity")
    assert values(fact(world, "complaints", complaint_id="k1"), *names) == ("li", "desk2", True, False, True, "valid")
    assert values(fact(world, "complaints", complaint_id="k2"), *names) == (None, None, None, None, False, "invalid")
    assert values(fact(world, "complaints", complaint_id="k3"), *names) == (None, None, False, False, True, "pending")
    assert values(fact(world, "complaints", complaint_id="k2"), "unit", "x1") == ("desk", False)


def test_limits_of_complaints_count_working_hours_where_the_settings_say_so(tmp_path: Path) -> None:
    settings = """name = "Test"
calendar = "desk"
[windows]
complaint_clock = "business"
complaint_acknowledge_hours = 9
complaint_closing_hours = 18
"""
    made = [
        {"complaint_id": "k1", "received_at": at("2026-10-16 12:00"), "acknowledged_at": at("2026-10-19 12:00"),
         "resolved_at": at("2026-10-20 12:01")},
        {"complaint_id": "k2", "received_at": at("2026-10-30 09:00")},
    ]  # fmt: skip
    with Store.open(make_home(tmp_path, settings=settings), threads=1) as store:
        add(store, complaints=made)
        built(store, cut_off=CUT_OFF)
        names = ("acknowledged_in_time", "closed_in_time", "acknowledge")
        # Friday noon to Monday noon are nine working hours; so are Friday nine to Saturday evening: not over yet.
        assert values(fact(store, "complaints", complaint_id="k1"), *names) == (True, False, 3 * 86_400)
        assert values(fact(store, "complaints", complaint_id="k2"), *names) == (None, None, None)


def test_check_and_cost_facts(world: Store) -> None:
    assert values(fact(world, "checks", check_id="q1"), "person_team", "random", "score") == (
        "desk1",
        True,
        Decimal("91.5"),
    )
    assert values(fact(world, "checks", check_id="q2"), "person_team", "random") == ("north", False)
    names = ("person", "excess", "in_time", "in_warranty")
    assert values(fact(world, "costs", cost_id="m1"), *names) == ("li", 4000, True, True)
    assert values(fact(world, "costs", cost_id="m2"), *names) == (None, 0, False, None)
    assert values(fact(world, "costs", cost_id="m3"), *names) == (None, 0, None, None)


def test_part_facts(world: Store) -> None:
    names = (
        "person",
        "person_team",
        "requester_team",
        "unit",
        "at_once",
        "wait_business",
        "return_due",
        "return_in_time",
    )
    assert values(fact(world, "parts", line_id="p1"), *names) == (
        "wang", "field1", "desk1", "north", True, 90 * 60, True, False,
    )  # fmt: skip
    assert values(fact(world, "parts", line_id="p2"), *names) == (
        None,
        "store",
        "store",
        "store",
        False,
        None,
        True,
        False,
    )
    assert values(fact(world, "parts", line_id="p3"), "return_due", "return_in_time") == (False, None)


def test_attendance_and_counter_facts(world: Store) -> None:
    assert values(fact(world, "attendance", person="wang"), "days", "field", "person_team") == (1, True, "field1")
    assert values(fact(world, "attendance", person="li"), "days", "field", "event_month") == (0, False, 2026 * 12 + 9)
    assert values(fact(world, "counters", subject="li"), "person", "person_team", "numerator") == ("li", "desk2", 9)
    assert values(fact(world, "counters", subject="hotline"), "person", "person_team") == (None, "hotline")


def test_team_paths_name_every_team_above_and_survive_circles(world: Store) -> None:
    rows = facts(world, "team_paths", "team", "level")
    paths = [values(row, "ancestor", "level") for row in rows if row["team"] == "desk1"]
    assert paths == [("all", 0), ("desk", 1), ("desk1", 2)]
    assert sorted(row["ancestor"] for row in rows if row["team"] == "x") == ["x", "y"]


def test_dimensions_follow_the_case_to_every_table(world: Store) -> None:
    for name in ("shares", "visits", "surveys", "complaints", "checks", "costs", "parts"):
        assert "contract" in facts(world, name)[0]


@pytest.mark.parametrize("name", FACT_TABLES)
def test_every_table_has_exactly_the_declared_columns(world: Store, name: str, tmp_path: Path) -> None:
    wanted = {column: str(kind) for column, kind in wanted_schema(FACT_TABLES[name]).items()}
    found = {column: str(kind) for column, kind in world.facts(name).schema().items()}
    assert {column: found[column] for column in wanted} == wanted
    assert set(found) - set(wanted) <= {"contract"}


def test_without_a_fault_group_the_fault_code_says_what_is_the_same_fault(tmp_path: Path) -> None:
    def case(number: str, day: int, code: str) -> dict[str, Any]:
        return {
            "case_id": number, "opened_at": at(f"2026-10-{day:02} 09:00"), "resolved_at": at(f"2026-10-{day:02} 10:00"),
            "device_id": "D1", "category": "fridge", "fault_code": code,
        }  # fmt: skip

    with Store.open(make_home(tmp_path), threads=1) as store:
        add(store, cases=[case("a", 8, "E1"), case("b", 9, "E2"), case("c", 12, "E1")])
        built(store, cut_off=CUT_OFF)
        four, one = 4 * DAY - 3600, DAY - 3600
        assert values(fact(store, case_id="a"), "same_fault_gap", "device_gap") == (four, one)
        assert values(fact(store, case_id="b"), "same_fault_gap", "device_gap") == (None, 3 * DAY - 3600)
