"""The worked examples of choosing targets, number by number."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from cases_reader import Case, read_cases
from fuxiao.core.fairness import xmr
from fuxiao.core.indicator import Direction
from fuxiao.core.proposal.history import Month, Rules
from fuxiao.core.proposal.season import seasonal_index
from fuxiao.core.proposal.targets import Proposal, propose
from printed import check


def months(given: dict[str, Any]) -> list[Month]:
    year, first = given["first"]
    places = [divmod(year * 12 + first - 1 + at, 12) for at in range(len(given["values"]))]
    return [Month(y, m + 1, Decimal(v), 100) for (y, m), v in zip(places, given["values"], strict=True)]


def rules(given: dict[str, Any]) -> Rules:
    direction = Direction(given.get("direction", "higher"))
    return Rules(direction=direction, benchmark=Decimal(given["benchmark"]))


def proposed(given: dict[str, Any]) -> Proposal:
    ahead = [tuple(month) for month in given["target_months"]]
    return propose(months(given), target_months=ahead, rules=rules(given["rules"]))


RULES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "propose": proposed,
    "xmr": lambda given: xmr.limits(given["values"]),
    "seasonal_index": lambda given: seasonal_index(given["values"], per_year=given["per_year"]),
}


@pytest.mark.parametrize("case", read_cases("proposal.yaml"), ids=lambda case: case.name)
def test_proposal_example(case: Case) -> None:
    check(RULES[case.rule](case.given), case.expect)
