"""Runs ``tests/cases/warranty.yaml``: what a customer may ask for, day by day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases_reader import Case, read_cases
from fuxiao.core.warranty import TERMS, Basis, Repair, claims, warranty

CN = TERMS[0]
SOLD = date(2026, 1, 10)


def stays(given: dict[str, Any]) -> list[Repair]:
    return [Repair(**row) for row in given.get("repairs", [])]


def rights(given: dict[str, Any]) -> list[dict[str, str]]:
    repairs, made = stays(given), []
    for day in given["days"]:
        found = warranty(Basis(sold_on=SOLD, months=12), repairs, on=day, terms=CN)
        asked = claims(CN, sold_on=SOLD, repairs=repairs, found=found, on=day)
        made.append({str(each.right): str(each.standing) for each in asked})
    return made


def end(given: dict[str, Any]) -> date:
    found = warranty(Basis(sold_on=SOLD, months=12), stays(given), on=date(2026, 12, 1), terms=CN)
    assert found is not None
    return found.end


RULES = {"rights": rights, "end": end}


@pytest.mark.parametrize("case", read_cases("warranty.yaml"), ids=lambda case: case.name)
def test_a_right_stands_as_the_example_says(case: Case) -> None:
    assert RULES[case.rule](case.given) == case.expect
