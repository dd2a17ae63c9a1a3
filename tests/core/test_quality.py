"""Quality checks: what marks add up to, which cases a seed draws, and how far checkers agree."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from fuxiao.core.errors import InputError
from fuxiao.core.quality import Agreement, Criterion, Judged, agreement, drawn, judged

CRITERIA = (Criterion("greet", 10), Criterion("solve", 30, "customer"), Criterion("law", 20, "compliance"))
PASS = Decimal(85)


def marks(greet: bool | None, solve: bool | None, law: bool | None) -> dict[str, bool | None]:
    return {"greet": greet, "solve": solve, "law": law}


@pytest.mark.parametrize(("given", "expected"), [
    (marks(True, True, True), Judged(Decimal("100.00"), "", True)),
    (marks(False, True, True), Judged(Decimal("83.33"), "", False)),
    (marks(None, True, True), Judged(Decimal("100.00"), "", True)),
    (marks(True, True, False), Judged(Decimal("66.67"), "compliance", False)),
    (marks(True, False, False), Judged(Decimal("16.67"), "compliance", False)),
    (marks(True, False, None), Judged(Decimal("25.00"), "customer", False)),
])  # fmt: skip
def test_the_score_is_the_weight_met_of_the_weight_that_applies(given, expected):
    assert judged(CRITERIA, given, pass_mark=PASS) == expected


def test_a_critical_error_does_not_pass_however_good_the_score():
    light = (Criterion("a", 99), Criterion("b", 1, "business"))
    assert judged(light, {"a": True, "b": False}, pass_mark=PASS) == Judged(Decimal("99.00"), "business", False)


def test_every_criterion_has_to_be_marked_and_one_to_apply():
    with pytest.raises(InputError) as missing:
        judged(CRITERIA, {"greet": True}, pass_mark=PASS)
    assert (missing.value.code, missing.value.params["criteria"]) == ("check.not_marked", "solve, law")
    with pytest.raises(InputError) as nothing:
        judged(CRITERIA, marks(None, None, None), pass_mark=PASS)
    assert nothing.value.code == "check.nothing_applies"


def test_a_seed_draws_the_same_cases_for_everybody_in_whatever_order_they_come():
    numbers = [f"2611-{n:05d}" for n in range(40)]
    first = drawn(numbers, seed="a1b2", count=3)
    assert first == drawn(reversed(numbers), seed="a1b2", count=3)
    assert first == ["2611-00022", "2611-00008", "2611-00031"]
    assert first != drawn(numbers, seed="a1b3", count=3)
    assert drawn(numbers[:2], seed="x", count=5) == drawn(numbers[:2], seed="x", count=2)


def test_agreement_counts_criteria_marked_alike():
    pairs = [(marks(True, True, None), marks(True, False, None)), (marks(False, True, True), {"greet": False})]
    found = agreement(pairs)
    assert found == Agreement(alike=3, marked=4, checks=2)
    assert found.share == Fraction(3, 4)
    assert agreement([]).share is None
