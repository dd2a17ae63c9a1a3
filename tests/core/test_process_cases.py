"""The worked examples of process insight, number by number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cases_reader import Case, read_cases
from fuxiao.core.process.flow import flow, variants
from fuxiao.core.process.journey import Hold, Journey, journeys
from fuxiao.core.process.network import minutes, network
from fuxiao.core.process.waste import Category, CostItem, Payments, cost_of_poor_quality, over_compensation
from printed import check

ZERO = datetime(2026, 10, 1, tzinfo=UTC)


def at(minute: int) -> datetime:
    return ZERO + timedelta(minutes=minute)


def log(given: dict[str, list[Any]]) -> tuple[Journey, ...]:
    return journeys(Hold(case, unit, at(start), at(end)) for case, rows in given.items() for unit, start, end in rows)


def each_case(given: dict[str, Any]) -> dict[str, list[Any]]:
    cases = log(given)
    return {
        "work": [minutes(case.work) for case in cases],
        "lead": [minutes(case.lead) for case in cases],
        "hand_offs": [case.hand_offs for case in cases],
        "loops": [case.loops for case in cases],
    }


def whole_log(given: dict[str, Any]) -> dict[str, Any]:
    found = flow(log(given))
    return {
        "work": minutes(found.work),
        "lead": minutes(found.lead),
        "efficiency": found.efficiency,
        "hand_offs": found.hand_offs,
        "ping_pong": list(found.ping_pong),
        "ping_pong_share": found.ping_pong_share,
        "rework": list(found.rework),
    }


def edges(given: dict[str, Any]) -> list[list[Any]]:
    found = network(log(given)).edges
    return [[e.sender, e.receiver, e.count, minutes(e.total), minutes(e.p50)] for e in found]


def ways(given: dict[str, Any]) -> dict[str, Any]:
    found = variants(log(given))
    return {"ways": len(found.ranked), "entropy": found.entropy, "top": found.share_of_top(1)}


def poor_quality(given: dict[str, Any]) -> dict[str, Any]:
    items = [CostItem(kind, Category(cat), Decimal(n), Decimal(each)) for kind, cat, n, each in given["items"]]
    found = cost_of_poor_quality(items, service_cost=Decimal(given["service_cost"]))
    return {"amounts": [item.amount for item in items], "total": found.total, "share": found.share}


def compensation(given: dict[str, Any]) -> Any:
    rows = given["cells"]
    paid = {(row[0], row[1]): Payments(row[2], Decimal(row[3])) for row in rows}
    past = {(row[0], row[1]): Payments(row[4], Decimal(row[5])) for row in rows}
    return over_compensation(paid, past)


RULES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "journeys": each_case,
    "flow": whole_log,
    "network": edges,
    "variants": ways,
    "poor_quality": poor_quality,
    "over_compensation": compensation,
}


@pytest.mark.parametrize("case", read_cases("process.yaml"), ids=lambda case: case.name)
def test_process_example(case: Case) -> None:
    check(RULES[case.rule](case.given), case.expect)
