"""Runs ``tests/cases/values.yaml``: periods, samples and figures of a few rows, as a manager reads them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases_reader import Case, read_cases
from fuxiao.core.indicator import standing
from fuxiao.core.period import PeriodKind, day_number, index_of, parse_period
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, compute_values
from hand_facts import HandStore, case, event

LATER = date(2027, 6, 1)
DAYS_OF = {"opened": ("opened",), "resolved": ("resolved", "first_resolved", "judged", "ended"), "answered": ("event",)}
"""The anchors that a day in a row stands for."""


def rows(given: list[dict[str, Any]], make: Any) -> list[dict[str, Any]]:
    """Rows of a fact table, each ``times`` over."""
    copies = [row for row in given for _ in range(row.get("times", 1))]
    return [make(number, **placed(row)) for number, row in enumerate(copies)]


def placed(row: dict[str, Any]) -> dict[str, Any]:
    """The columns of a row: its days as the numbers of day and month at each anchor."""
    made = {name: value for name, value in row.items() if name not in DAYS_OF and name != "times"}
    if (minutes := made.pop("first_response_minutes", None)) is not None:
        made["first_response_business"] = minutes * 60
    for day, anchors in DAYS_OF.items():
        if day in row:
            for anchor in anchors:
                made |= {f"{anchor}_day": day_number(row[day]), f"{anchor}_month": index_of(PeriodKind.MONTH, row[day])}
    return made


def store(given: dict[str, Any]) -> HandStore:
    tables = {
        "cases": rows(given.get("cases", []), case),
        "surveys": rows(given.get("surveys", []), lambda number, **columns: event(survey_id=str(number), **columns)),
    }
    return HandStore(**{name: made for name, made in tables.items() if made})


def values(given: dict[str, Any], periods: list[str], as_of: date = LATER) -> Any:
    first, last = parse_period(periods[0]), parse_period(periods[-1])
    asked = Request(indicators=built_in().select([given["indicator"]]), first=first, last=last, by=("company",))
    return compute_values(store(given), asked, as_of=as_of)


def figures(given: dict[str, Any]) -> dict[str, Any]:
    found = {value.period: value.value for value in values(given, given["periods"])}
    return {period: found.get(period) for period in given["periods"]}


def provisional(given: dict[str, Any]) -> list[bool]:
    found = [values(given, [given["period"]], day) for day in given["as_of"]]
    return [next(iter(each)).provisional for each in found]


RULES = {
    "standing": lambda given: [standing(n, minimum=given["minimum"]) for n in given["n"]],
    "figures": figures,
    "provisional": provisional,
}


@pytest.mark.parametrize("case", read_cases("values.yaml"), ids=lambda case: case.name)
def test_a_value_comes_out_as_the_example_says(case: Case) -> None:
    assert RULES[case.rule](case.given) == case.expect
