"""Facts of logs that tell little: nothing, cases without events, endings of one kind. What is not told is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from facts_world import add, at, built, fact, facts, make_home
from fuxiao.datasets.store import Store
from fuxiao.engine.fact_tables import FACT_TABLES
from fuxiao.engine.facts.inputs import wanted_schema
from small_world import CASES, CUT_OFF, SERVICE_LEVELS, day, event


def values(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def test_a_part_line_that_was_withdrawn_is_none(tmp_path: Path) -> None:
    lines = [
        {"line_id": "p1", "part_no": "b", "requested_at": at("2026-10-12 10:00"), "filled_from": "backorder"},
        {"line_id": "p2", "part_no": "b", "requested_at": at("2026-10-12 10:00"), "filled_from": "backorder",
         "cancelled_at": at("2026-10-13 10:00")},
        {"line_id": "p3", "part_no": "b", "requested_at": at("2026-10-12 10:00"), "cancelled_at": CUT_OFF + 1},
    ]  # fmt: skip
    with Store.open(make_home(tmp_path), threads=1) as store:
        add(store, part_lines=lines)
        built(store, cut_off=CUT_OFF)
        assert [row["line_id"] for row in facts(store, "parts", "line_id")] == ["p1", "p3"]


def test_a_home_without_records_has_every_table_without_rows(tmp_path: Path) -> None:
    with Store.open(make_home(tmp_path), threads=1) as store:
        assert set(built(store, cut_off=CUT_OFF).rows.values()) == {0}
        for name, table in FACT_TABLES.items():
            found = {column: str(kind) for column, kind in store.facts(name).schema().items()}
            assert found == {column: str(kind) for column, kind in wanted_schema(table).items()}


def test_what_only_events_or_costs_tell_is_unknown_without_them_and_not_nought(tmp_path: Path) -> None:
    told = ("transfers", "handoffs", "ping_pong", "escalated", "followed_up", "pause_customer", "cost", "reopens")
    rows = [{**CASES[0], "case_id": "a"}, {**CASES[0], "case_id": "b"}]
    with Store.open(make_home(tmp_path), threads=1) as store:
        add(store, cases=rows)
        built(store, cut_off=CUT_OFF)
        assert values(fact(store, case_id="a"), *told) == (None,) * len(told)
        add(store, cases=[{**rows[1], "reopened_at": at("2026-10-12 11:00")}], costs=[{
            "cost_id": "k", "case_id": "b", "kind": "labour", "amount": 500, "spent_at": at("2026-10-12 11:00"),
        }])  # fmt: skip
        built(store, cut_off=CUT_OFF)
        assert values(fact(store, case_id="a"), "reopens", "cost", "transfers") == (0, 0, None)
        assert values(fact(store, case_id="b"), "reopens", "cost", "transfers") == (1, 500, None)
        add(store, case_events=[event("b", 1, "2026-10-09 17:31", "assigned", actor="boss", to_person="li")])
        built(store, cut_off=CUT_OFF)
        assert values(fact(store, case_id="a"), "transfers", "escalated", "pause_customer") == (0, False, 0)


def test_a_case_is_over_once_resolved_closed_merged_or_cancelled(tmp_path: Path) -> None:
    ends = ("resolved", "closed", "merged", "cancelled")
    moments = {"opened_at": at("2026-10-12 09:00")}
    with Store.open(make_home(tmp_path / "home", service_levels=SERVICE_LEVELS), threads=1) as store:
        add(
            store,
            cases=[
                *({"case_id": end, **moments} for end in (*ends, "open", "again")),
                *({"case_id": f"{end} in the list", **moments, f"{end}_at": at("2026-10-12 11:00")}
                  for end in ("resolved", "closed", "cancelled")),
            ],
            case_events=[
                *(event(case, 1, "2026-10-12 09:00", "created") for case in (*ends, "open", "again")),
                *(event(case, 2, "2026-10-12 10:00", "responded", actor="li") for case in (*ends, "open", "again")),
                *(event(end, 3, "2026-10-12 11:00", end, actor="li") for end in ends),
                event("again", 3, "2026-10-12 11:00", "cancelled"), event("again", 4, "2026-10-12 12:00", "reopened"),
            ],
        )  # fmt: skip
        built(store, cut_off=CUT_OFF)
        over = {row["case_id"]: row["ended_day"] for row in facts(store, "cases")}
    assert {case for case, ended in over.items() if ended is None} == {"open", "again"}
    assert set(over.values()) == {None, day("2026-10-12")}


def test_what_a_log_never_tells_is_not_known_instead_of_missed(tmp_path: Path) -> None:
    def met(name: str, **told: int) -> set[tuple[Any, ...]]:
        log = [{"case_id": str(n), "opened_at": at("2026-10-12 09:00")} for n in range(3)]
        with Store.open(make_home(tmp_path / name, service_levels=GENERAL), threads=1) as store:
            add(store, cases=[{**log[0], **told}, *log[1:]])
            built(store, cut_off=CUT_OFF)
            return {values(row, "answered", "first_response_met", "resolution_met") for row in facts(store, "cases")}

    assert met("nothing") == {(None, None, None)}
    assert met("answers", first_response_at=at("2026-10-12 09:05")) == {(True, True, None), (False, False, None)}
    assert met("ends", resolved_at=at("2026-10-12 09:05")) == {(None, None, True), (None, None, False)}


GENERAL = "policies: [{key: all, calendar: desk, first_response_minutes: 60, resolution_minutes: 600}]"
