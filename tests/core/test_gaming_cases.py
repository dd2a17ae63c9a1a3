"""The worked examples of the gaming signals, number by number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cases_reader import Case, read_cases
from fuxiao.core.gaming.asking import non_response_bounds
from fuxiao.core.gaming.registry import DETECTORS
from printed import check


def run(rule: str, given: dict[str, Any]) -> Any:
    if rule == "non_response_bounds":
        return non_response_bounds(**given)
    subject = ("desk", "field") if rule == "ping_pong" else "王芳"
    numbers = {name: float(n) if isinstance(n, Decimal) else n for name, n in given.items()}
    return DETECTORS[rule].find(subject, **numbers)


@pytest.mark.parametrize("case", read_cases("gaming.yaml"), ids=lambda case: case.name)
def test_gaming_example(case: Case) -> None:
    check(run(case.rule, case.given), case.expect)
