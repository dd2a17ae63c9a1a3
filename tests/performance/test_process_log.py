"""Where cases wait, go back and take odd ways, from a real event log in a store."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import hand_facts
from facts_world import add, at, built, make_home
from fuxiao.core.period import parse_period
from fuxiao.core.process import flow, journey, network
from fuxiao.datasets.store import Store
from fuxiao.engine.fact_tables import FACT_TABLES
from fuxiao.performance.process import ProcessReport, UnitCosts, analyse

MARCH = parse_period("2026-03")
PEOPLE = {"desk": "ann", "field": "bo", "tech": "cy", "parts": "di"}
EXAMPLE: dict[str, Sequence[tuple[str, int, int]]] = {
    "C1": (("desk", 0, 10), ("field", 70, 130)),
    "C2": (("desk", 0, 5), ("tech", 25, 45), ("desk", 60, 65), ("tech", 120, 180)),
    "C3": (("desk", 0, 8), ("parts", 38, 48), ("field", 1488, 1548)),
    "C4": (("desk", 0, 12),),
    "C5": (("desk", 0, 6), ("tech", 36, 66), ("field", 246, 306), ("tech", 366, 396), ("field", 576, 606)),
}
"""Who worked on each case from which minute to which."""
START = at("2026-03-02 09:00")


def log_home(folder: Path, log: dict[str, Sequence[tuple[str, int, int]]], *, act: str = "other") -> Store:
    """A store with this log: the first and the last act of every hold. The facts are put as they would be built."""
    store = Store.open(make_home(folder, settings='calendar = "always"\n', calendars=()), threads=1)
    cases, events = [], []
    for case, holds in log.items():
        steps = [(minute, PEOPLE[unit]) for unit, first, last in holds for minute in (first, last)]
        seen = [
            {"case_id": case, "seq": seq, "at": START + minute * 60, "type": act, "actor": actor}
            for seq, (minute, actor) in enumerate(steps)
        ]
        end = {**seen[-1], "seq": len(seen), "type": "resolved"}
        events += [*seen, end]
        day = {"resolved_day": START // 86_400, "resolved_month": 2026 * 12 + 2}
        cases.append({"case_id": case, "resolved": True, "resolved_at": end["at"], "unit": "desk", **day})
    members = [{"person": p, "team": unit, "role": "any", "valid_from": 0} for unit, p in PEOPLE.items()]
    add(store, case_events=events, memberships=members)
    with store.change() as change:
        for name in FACT_TABLES:
            change.put_facts(name, hand_facts.table_of(name, cases if name == "cases" else []))
    return store


@pytest.fixture
def example(tmp_path: Path) -> Iterator[ProcessReport]:
    with log_home(tmp_path / "home", EXAMPLE, act="transferred") as store:
        yield analyse(store, MARCH)


def test_the_bottleneck_is_the_hand_off_with_the_longest_total_wait(example: ProcessReport) -> None:
    edge = example.bottleneck
    assert edge is not None
    assert edge.pair == ("parts", "field")
    assert edge.total == timedelta(minutes=1440)


def test_every_hand_off_is_counted_with_its_waits(example: ProcessReport) -> None:
    found = {edge.pair: (edge.count, edge.total, edge.p50) for edge in example.networks["calendar"].edges}
    minutes = {pair: (count, total // timedelta(minutes=1), p50 // timedelta(minutes=1))
               for pair, (count, total, p50) in found.items()}  # fmt: skip
    assert minutes == {
        ("desk", "field"): (1, 60, 60), ("desk", "tech"): (3, 105, 30), ("tech", "desk"): (1, 15, 15),
        ("desk", "parts"): (1, 30, 30), ("parts", "field"): (1, 1440, 1440), ("tech", "field"): (2, 360, 180),
        ("field", "tech"): (1, 60, 60),
    }  # fmt: skip


def test_work_is_a_sixth_of_the_time_that_passes(example: ProcessReport) -> None:
    whole = example.flows["calendar"]
    assert (whole.cases, whole.hand_offs, whole.loops) == (5, 10, 4)
    assert (whole.work, whole.lead) == (timedelta(minutes=406), timedelta(minutes=2476))
    assert whole.efficiency is not None
    assert round(whole.efficiency, 4) == Decimal("0.1640")


def test_two_of_five_cases_go_straight_back(example: ProcessReport) -> None:
    assert (example.flows["calendar"].ping_pong, example.flows["calendar"].rework) == (2, 2)
    assert {(p.sender, p.receiver): (p.returns, p.hand_offs) for p in example.ping_pong} == {
        ("desk", "tech"): (1, 3), ("field", "tech"): (1, 1), ("tech", "desk"): (1, 1), ("tech", "field"): (1, 2),
    }  # fmt: skip


def test_the_report_can_be_read_as_one_trace(example: ProcessReport) -> None:
    trace = example.trace
    flow_trace, worst = trace.find("process.flow_efficiency"), trace.find("process.edge")
    assert flow_trace is not None
    assert worst is not None
    assert flow_trace.formula == "406 ÷ 2476"
    assert (worst.value, worst.params["sender"], worst.params["receiver"]) == (1440, "parts", "field")
    back = trace.find("process.ping_pong")
    assert back is not None
    assert (back.params["sender"], back.formula) == ("desk", "1 ÷ 3")
    assert example.slowest is None  # no pair of units has twenty cases


def test_each_case_takes_a_way_of_its_own(example: ProcessReport) -> None:
    assert example.variants is not None
    assert round(example.variants.entropy, 4) == 2.3219
    assert [variant.units for variant in example.variants.ranked][:2] == [("desk",), ("desk", "field")]


def test_work_done_in_between_is_no_ping_pong(tmp_path: Path) -> None:
    with log_home(tmp_path / "home", EXAMPLE, act="other") as store:
        assert analyse(store, MARCH).ping_pong == ()


def test_without_an_event_log_the_report_names_what_is_missing(tmp_path: Path) -> None:
    with Store.open(make_home(tmp_path / "home"), threads=1) as store:
        add(store, cases=[{"case_id": "C1", "opened_at": START, "resolved_at": START + 60}])
        built(store, cut_off=START + 86_400)
        report = analyse(store, MARCH)
    assert (report.missing, report.bottleneck, report.slowest, report.quality) == (("case_events",), None, None, None)


def test_nights_do_not_count_as_waiting_in_business_time(tmp_path: Path) -> None:
    store = Store.open(make_home(tmp_path / "home"), threads=1)
    members = [{"person": p, "team": unit, "role": "any", "valid_from": 0} for unit, p in PEOPLE.items()]
    acts = [("ann", "2026-03-02 17:00"), ("bo", "2026-03-03 10:00"), ("bo", "2026-03-03 11:00")]
    events = [
        {"case_id": "C1", "seq": n, "at": at(when), "type": "resolved" if n == 2 else "other", "actor": who}
        for n, (who, when) in enumerate(acts)
    ]
    case = {"case_id": "C1", "opened_at": at("2026-03-02 17:00"), "resolved_at": at("2026-03-03 11:00")}
    add(store, cases=[case], case_events=events, memberships=members)
    built(store, cut_off=START + 90 * 86_400)
    report = analyse(store, MARCH)
    store.close()
    waits = {clock: each.edges[0].total for clock, each in report.networks.items()}
    assert waits == {"calendar": timedelta(hours=17), "business": timedelta(hours=2)}


def test_nobody_waits_while_a_case_is_at_rest_before_it_is_reopened(tmp_path: Path) -> None:
    store = Store.open(make_home(tmp_path / "home", settings='calendar = "always"\n', calendars=()), threads=1)
    steps = [(0, "ann", "responded"), (60, "ann", "resolved"), (9000, "bo", "reopened"), (9060, "bo", "resolved"),
             (20_000, "di", "closed")]  # fmt: skip
    events = [
        {"case_id": "C1", "seq": n, "at": START + minute * 60, "type": kind, "actor": who}
        for n, (minute, who, kind) in enumerate(steps)
    ]
    members = [{"person": p, "team": unit, "role": "any", "valid_from": 0} for unit, p in PEOPLE.items()]
    case = {"case_id": "C1", "opened_at": START, "resolved_at": START + 9060 * 60}
    add(store, cases=[case], case_events=events, memberships=members)
    built(store, cut_off=START + 90 * 86_400)
    report = analyse(store, MARCH)
    store.close()
    assert report.networks["calendar"].edges == ()
    assert (report.flows["calendar"].cases, report.flows["calendar"].lead) == (1, timedelta(minutes=120))


def test_waiting_for_a_customer_is_not_blamed_on_the_next_unit(tmp_path: Path) -> None:
    store = Store.open(make_home(tmp_path / "home", settings='calendar = "always"\n', calendars=()), threads=1)
    steps: list[tuple[int, str, str, str | None]] = [
        (0, "ann", "responded", None), (10, "ann", "pend_start", "customer"), (70, "", "pend_end", "customer"),
        (100, "bo", "visit_start", None), (160, "bo", "resolved", None),
    ]  # fmt: skip
    events = [
        {"case_id": "C1", "seq": n, "at": START + m * 60, "type": kind, "actor": who or None, "kind": pause}
        for n, (m, who, kind, pause) in enumerate(steps)
    ]
    members = [{"person": p, "team": unit, "role": "any", "valid_from": 0} for unit, p in PEOPLE.items()]
    case = {"case_id": "C1", "opened_at": START, "resolved_at": START + 160 * 60}
    add(store, cases=[case], case_events=events, memberships=members)
    built(store, cut_off=START + 90 * 86_400)
    waits = analyse(store, MARCH).waiting
    store.close()
    assert [(w.cause, w.owner, w.total // timedelta(minutes=1), w.share) for w in waits] == [
        ("pause", "customer", 60, Decimal("0.375")),
        ("hand_off", "field", 30, Decimal("0.1875")),
    ]


def test_poor_quality_is_priced_at_the_companys_own_rates(tmp_path: Path) -> None:
    store = Store.open(make_home(tmp_path / "home"), threads=1)
    case = {"case_id": "C1", "opened_at": START, "resolved_at": START + 7200, "contacts": 3}
    visits = [
        {"case_id": "C1", "visit_no": n, "engineer": "bo", "arrived_at": START + n * 600, "outcome": outcome}
        for n, outcome in ((1, "parts_needed"), (2, "no_fault_found"))
    ]
    parts = [{"line_id": "P1", "case_id": "C1", "part_no": "X", "requested_at": START, "correct": False}]
    spent = {"case_id": "C1", "spent_at": START + 60}
    costs = [
        {"cost_id": "K1", "kind": "labour", "amount": 40_000, **spent},
        {"cost_id": "K2", "kind": "compensation", "amount": 10_000, "policy_limit": 7_000, **spent},
    ]
    complaints = [{"complaint_id": "B1", "case_id": "C1", "received_at": START + 90, "validity": "valid"}]
    add(store, cases=[case], visits=visits, part_lines=parts, costs=costs, complaints=complaints)
    built(store, cut_off=START + 90 * 86_400)
    report = analyse(store, MARCH, unit_costs=UnitCosts(repeat_visit=Decimal(100)))
    store.close()
    assert report.quality is not None
    assert dict(report.quality.by_kind) == {
        "repeat_visits": 100, "repeat_contacts": 12, "wrong_parts": 45, "needless_parts": 160,
        "over_policy_goodwill": 30, "complaints": 120, "checks": 0, "training": 0,
    }  # fmt: skip
    assert report.quality.total == 467
    assert report.quality.share == Decimal("93.4")


HOLD = st.tuples(st.sampled_from(sorted(PEOPLE)), st.integers(0, 300), st.integers(0, 90))
LOGS = st.lists(st.lists(HOLD, min_size=1, max_size=7), min_size=1, max_size=8)


def spaced(steps: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Holds one after the other: so long a wait, so long a hold. A log of acts cannot tell two neighbouring holds of
    one unit apart."""
    made: list[tuple[str, int, int]] = []
    clock = 0
    for unit, wait, length in steps:
        if made and made[-1][0] == unit:
            continue
        made.append((unit, clock + wait, clock + wait + length))
        clock += wait + length
    return made


@given(LOGS, st.randoms(use_true_random=False))
@settings(max_examples=8, phases=[Phase.generate])
def test_the_engine_says_what_the_plain_calculation_says(
    tmp_path_factory: pytest.TempPathFactory, logs: list[Any], dice: random.Random
) -> None:
    log = {f"C{number}": spaced(steps) for number, steps in enumerate(logs)}
    with log_home(tmp_path_factory.mktemp("same") / "home", log, act="transferred") as store:
        report = analyse(store, MARCH, top=100)
    rows = [journey.Hold(case, unit, _moment(a), _moment(b), _last(log, case, i))
            for case, holds in log.items() for i, (unit, a, b) in enumerate(holds)]  # fmt: skip
    dice.shuffle(rows)
    plain = journey.journeys(rows)
    for clock in ("calendar", "business"):
        assert report.networks[clock] == network.network(plain)
        made, summed = report.flows[clock], flow.flow(plain)
        assert (made.cases, made.work, made.lead, made.hand_offs, made.loops, made.ping_pong, made.rework) == (
            summed.cases, summed.work, summed.lead, summed.hand_offs, summed.loops, len(summed.ping_pong),
            len(summed.rework),
        )  # fmt: skip
    assert {(p.sender, p.receiver): p.returns for p in report.ping_pong} == network.returns(plain)
    ways = flow.variants(plain)
    assert report.variants is not None
    assert report.variants.ranked == ways.ranked
    assert round(report.variants.entropy, 9) == round(ways.entropy, 9)


def _moment(minute: int) -> datetime:
    return datetime.fromtimestamp(START + minute * 60, UTC)


def _last(log: dict[str, Any], case: str, place: int) -> bool:
    """The hold that resolves the case made progress; all others only passed it on."""
    return place == len(log[case]) - 1
