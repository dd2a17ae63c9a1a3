"""A person's own norm, and rates of people with few cases."""

from __future__ import annotations

from decimal import Decimal

from fuxiao.core.indicator import Standing, Value
from fuxiao.core.period import parse_period
from fuxiao.performance.figures import months_before, own_norms
from fuxiao.performance.scoring import shrink_group


def value(subject: str, numerator: int, denominator: int, *, period: str = "2026-10", minimum: int = 20) -> Value:
    rate = Decimal(numerator) / Decimal(denominator) if denominator else None
    standing = Standing.OK if denominator >= minimum else Standing.SMALL
    return Value(
        "VPD", subject, period, rate, denominator, Decimal(numerator), Decimal(denominator), standing=standing
    )  # fmt: skip


def test_a_norm_is_a_sum_over_a_sum_and_never_a_mean_of_means() -> None:
    months = [value("li", 40, 10), value("li", 90, 30), value("wang", 30, 10)]
    assert own_norms(months) == {("li", "VPD"): Decimal("3.2500"), ("wang", "VPD"): Decimal("3.0000")}


def test_months_in_which_nothing_counted_make_no_norm() -> None:
    assert own_norms([value("li", 0, 0)]) == {}


def test_the_months_before_a_quarter_end_where_it_starts() -> None:
    assert [month.key for month in months_before(parse_period("2026-Q1"), 3)] == ["2025-10", "2025-11", "2025-12"]


def test_only_small_samples_are_pulled_towards_the_group() -> None:
    group = [value("a", 9, 10), value("b", 46, 50), value("c", 88, 100), value("d", 170, 200), value("e", 27, 36),
             value("f", 60, 80)]  # fmt: skip
    shrunk = shrink_group(group)
    assert set(shrunk) == {("a", "VPD")}
    assert round(shrunk["a", "VPD"], 2) == Decimal("84.93")


def test_four_people_are_too_few_to_know_what_is_usual() -> None:
    assert shrink_group([value(who, 9, 10) for who in "abcd"]) == {}
