"""Process measures on one log: order of rows, overlaps, business time, ping-pong, privacy, money."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuxiao.core.errors import CalculationError
from fuxiao.core.process.flow import flow, variants
from fuxiao.core.process.journey import Hold, journeys
from fuxiao.core.process.network import minutes, network, percentile, returns
from fuxiao.core.process.waste import Category, CostItem, Payments, cost_of_poor_quality, over_compensation

ZERO = datetime(2026, 10, 1, 9, tzinfo=UTC)


def at(minute: int) -> datetime:
    return ZERO + timedelta(minutes=minute)


def hold(case: str, unit: str, start: int, end: int, *, progress: bool = False) -> Hold:
    return Hold(case, unit, at(start), at(end), progress)


def half_time(start: datetime, end: datetime) -> timedelta:
    """A clock that counts every second minute: enough to see that it is asked."""
    return (end - start) / 2


rows = st.tuples(st.sampled_from(["C1", "C2", "C3"]), st.sampled_from("abcd"), st.integers(0, 500), st.integers(0, 90))


@given(st.lists(rows, min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_the_rows_may_come_in_any_order(log: list[tuple[str, str, int, int]], random) -> None:
    holds = [hold(case, unit, start, start + length) for case, unit, start, length in log]
    mixed = random.sample(holds, len(holds))
    assert flow(journeys(holds)) == flow(journeys(mixed))
    assert network(journeys(holds)) == network(journeys(mixed))
    assert variants(journeys(holds)) == variants(journeys(mixed))


@given(st.lists(rows, min_size=1, max_size=25))
def test_nobody_works_longer_than_the_case_took(log: list[tuple[str, str, int, int]]) -> None:
    for journey in journeys(hold(case, unit, start, start + length) for case, unit, start, length in log):
        assert timedelta(0) <= journey.work <= journey.lead
        assert journey.waiting == journey.lead - journey.work
        assert journey.hand_offs == len(journey.units) - 1


def test_overlapping_acts_count_once_and_wait_for_nobody() -> None:
    (journey,) = journeys([hold("C", "a", 0, 30), hold("C", "b", 20, 50)])
    assert minutes(journey.work) == 50
    assert network([journey]).edges[0].total == timedelta(0)


def test_neighbouring_holds_of_one_unit_are_one_without_a_hand_off() -> None:
    (journey,) = journeys([hold("C", "a", 0, 10), hold("C", "a", 40, 50), hold("C", "b", 70, 80)])
    assert journey.units == ("a", "b")
    assert minutes(journey.work) == 30
    assert minutes(network([journey]).edges[0].total) == 20


def test_business_time_is_asked_of_the_clock() -> None:
    cases = journeys([hold("C", "a", 0, 10), hold("C", "b", 30, 50)], clock=half_time)
    assert (minutes(cases[0].work), minutes(cases[0].lead)) == (15, 25)
    assert minutes(network(cases, clock=half_time).edges[0].total) == 10


def test_a_case_passed_back_after_a_visit_is_no_ping_pong() -> None:
    there, back = hold("C", "a", 0, 5), hold("C", "a", 60, 70)
    assert journeys([there, hold("C", "b", 10, 20), back])[0].ping_pong
    visited = journeys([there, hold("C", "b", 10, 20, progress=True), back])[0]
    assert not visited.ping_pong
    assert visited.loops == 1


def test_returns_are_counted_for_each_pair_and_only_within_the_time() -> None:
    cases = journeys(
        [
            *(hold("C1", unit, start, start + 5) for unit, start in [("a", 0), ("b", 10), ("a", 20), ("b", 30)]),
            *(hold("C2", unit, start, start + 5) for unit, start in [("a", 0), ("b", 500), ("a", 900)]),
        ]
    )
    assert returns(cases) == {("a", "b"): 2, ("b", "a"): 1}
    assert returns(cases, within=timedelta(minutes=60)) == {("a", "b"): 1, ("b", "a"): 1}
    assert returns(cases, within=timedelta(minutes=450), clock=half_time) == {("a", "b"): 2, ("b", "a"): 1}


def test_strength_and_reciprocity_of_units() -> None:
    found = network(journeys(hold("C1", unit, at, at + 1) for at, unit in enumerate("ababc")))
    assert (found.sent("a"), found.received("a"), found.count("b", "a")) == (2, 1, 1)
    assert found.reciprocity("a", "b") == found.reciprocity("b", "a") == Decimal("0.5")
    assert found.reciprocity("a", "c") == 0
    assert found.hand_offs == 4


def test_a_network_of_persons_shows_only_edges_with_cases_enough() -> None:
    often = [hold(f"C{case}", unit, start, start + 1) for case in range(20) for start, unit in enumerate("ab")]
    found = network(journeys([*often, hold("X", "a", 0, 1), hold("X", "c", 2, 3)]))
    assert [edge.pair for edge in found.with_cases().edges] == [("a", "b")]
    assert len(found.edges) == 2


def test_a_log_without_hand_offs_has_no_bottleneck() -> None:
    assert network(journeys([hold("C", "a", 0, 5)])).bottleneck is None


def test_the_bottleneck_is_where_most_waiting_happens_not_where_a_case_waits_longest() -> None:
    log = [
        *(hold(f"C{case}", unit, start, start + 1) for case in range(5) for unit, start in [("a", 0), ("b", 30)]),
        *(hold("X", unit, start, start + 1) for unit, start in [("a", 0), ("c", 100)]),
    ]
    bottleneck = network(journeys(log)).bottleneck
    assert bottleneck.pair == ("a", "b")
    assert bottleneck.trace.as_dict() == {
        "code": "process.edge",
        "value": "145",
        "params": {"sender": "a", "receiver": "b", "count": 5, "cases": 5, "p50": "29", "p90": "29"},
    }


def test_a_percentile_of_waits_lies_between_two_of_them() -> None:
    waits = [timedelta(minutes=wait) for wait in (10, 20, 40)]
    assert percentile(waits, Decimal("0.5")) == timedelta(minutes=20)
    assert percentile(waits, Decimal("0.9")) == timedelta(minutes=36)
    assert percentile(waits, Decimal(1)) == timedelta(minutes=40)


def test_cases_that_take_no_time_have_no_efficiency() -> None:
    found = flow(journeys([hold("C", "a", 0, 0)]))
    assert found.efficiency is None
    assert found.trace.value is None
    assert found.rework_share == 0


def test_flow_efficiency_explains_itself() -> None:
    trace = flow(journeys([hold("C", "a", 0, 10), hold("C", "b", 30, 40)])).trace
    assert (trace.value, trace.formula) == (Decimal("0.5"), "20 ÷ 40")


def test_all_cases_on_one_way_have_no_entropy() -> None:
    found = variants(journeys(hold(case, unit, at, at + 1) for case in "XYZ" for at, unit in enumerate("ab")))
    assert (found.entropy, found.share_of_top(1)) == (0.0, 1)
    assert found.ranked[0].units == ("a", "b")


def test_the_most_used_way_comes_first() -> None:
    log = [
        hold(case, unit, at, at + 1)
        for case, way in [("X", "ab"), ("Y", "b"), ("Z", "b")]
        for at, unit in enumerate(way)
    ]
    assert [(variant.units, variant.cases) for variant in variants(journeys(log)).ranked] == [
        (("b",), 2),
        (("a", "b"), 1),
    ]


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("process.ends_before_start", lambda: hold("C", "a", 5, 4)),
        ("process.no_cases", lambda: flow([])),
        ("process.no_cases", lambda: variants([])),
        ("process.no_service_cost", lambda: cost_of_poor_quality([], service_cost=Decimal(0))),
        ("process.fewest_below_one", lambda: over_compensation({}, {}, fewest=0)),
    ],
)
def test_a_log_that_makes_no_sense_is_refused(code: str, call) -> None:
    with pytest.raises(CalculationError) as refused:
        call()
    assert refused.value.code == code


def test_the_cost_of_poor_quality_explains_itself_dearest_kind_first() -> None:
    items = [
        CostItem("wrong parts", Category.INTERNAL_FAILURE, Decimal(14), Decimal(45)),
        CostItem("repeat visits", Category.EXTERNAL_FAILURE, Decimal(38), Decimal(85)),
        CostItem("training", Category.PREVENTION, Decimal(1), Decimal(500)),
    ]
    found = cost_of_poor_quality(items, service_cost=Decimal(10000))
    assert found.by_kind[0] == ("repeat visits", Decimal(3230))
    assert found.by_category[Category.PREVENTION] == 500
    assert found.by_category[Category.APPRAISAL] == 0
    assert found.trace.formula == "630 + 3230"
    assert [below.formula for below in found.trace.inputs] == ["14 × 45", "38 × 85"]


def test_without_a_cell_of_enough_past_cases_nothing_is_expected() -> None:
    cell = ("screen", "under 500")
    found = over_compensation({cell: Payments(3, Decimal(90))}, {cell: Payments(19, Decimal(100))})
    assert (found.excess, found.expected, found.cases_left_out) == (None, 0, 3)
    assert found.trace.formula == ""


def test_over_compensation_explains_itself_by_cell() -> None:
    cell = ("screen", "under 500")
    found = over_compensation({cell: Payments(3, Decimal(90))}, {cell: Payments(20, Decimal(400))})
    assert found.excess == 50
    assert found.trace.formula == "(90 − 60) ÷ 60"
    assert found.trace.inputs[0].formula == "3 × 400 ÷ 20"
