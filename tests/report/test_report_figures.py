"""How figures, money, durations and periods are written."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from fuxiao.core.period import parse_period
from fuxiao.report.figures import Figures, Quantity, number, short, signed
from fuxiao.report.wording import Words


def figures(lang: str = "zh", currency: str = "CNY") -> Figures:
    return Figures(Words(lang), currency=currency, zone="Asia/Shanghai")


def test_numbers_are_rounded_half_up_with_thousands_apart_and_a_true_minus():
    assert number(Decimal("1234567.125"), 2) == "1,234,567.13"
    assert number(Decimal("-0.5")) == "−0.5"
    assert (signed(Decimal("2.1"), 2), signed(Decimal("-2.1"), 1), signed(Decimal(0), 1)) == ("+2.10", "−2.1", "0.0")
    assert short(Decimal("85.00")) == "85"


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        ("88.449", "percent", "88.4%", "88.4%"),
        ("24.04", "minutes", "24.0 分钟", "24.0 min"),
        ("312.6", "minutes", "313 分钟", "313 min"),
        ("4.71", "score", "4.71 分", "4.71 points"),
        ("12", "count", "12", "12"),
        ("12.5", "count", "12.50", "12.50"),
        ("1234.5", "money", "¥1,234.50", "¥1,234.50"),
    ],
)
def test_a_figure_is_written_in_its_unit(value, unit, zh, en):
    assert str(figures("zh").quantity(Decimal(value), unit)) == zh
    assert str(figures("en").quantity(Decimal(value), unit)) == en


def test_no_figure_is_a_dash_and_a_target_keeps_its_digits():
    assert figures().quantity(None, "percent") == Quantity("—")
    assert str(figures().quantity(Decimal("99.50"), "percent", exact=True)) == "99.5%"
    assert str(figures().quantity(Decimal("99.95"), "percent", exact=True)) == "99.95%"


@pytest.mark.parametrize(
    ("computed", "unit", "told"),
    [("78.8004", "percent", "78.8%"), ("4.0417", "hours", "4.0 小时"), ("312.6250", "minutes", "313 分钟"),
     ("18.3333", "money", "¥18.33")],
)  # fmt: skip
def test_a_target_that_was_computed_is_written_like_the_figure(computed, unit, told):
    assert str(figures().quantity(Decimal(computed), unit, exact=True)) == told


def test_money_has_the_digits_of_its_currency():
    assert figures().money(Decimal("-12.5")) == "−¥12.50"
    assert figures(currency="JPY").money(Decimal(1200)) == "JP¥1,200"
    assert figures(currency="SEK").money(Decimal(5)) == "SEK\N{NO-BREAK SPACE}5.00"


def test_moments_are_local_and_durations_are_hours_and_minutes():
    assert figures().moment(datetime(2026, 11, 5, 18, tzinfo=UTC)) == "2026-11-06 02:00"
    assert figures().moment(0) == "1970-01-01 08:00"
    assert [figures().duration(s) for s in (45, 600, 7200, 8040)] == ["45 秒", "10 分", "2 小时", "2 小时 14 分"]
    assert figures("en").duration(8040) == "2 h 14 min"


@pytest.mark.parametrize(
    ("key", "zh", "en", "tick"),
    [
        ("2026-10", "2026 年 10 月", "October 2026", "26-10"),
        ("2026-Q3", "2026 年第三季度", "Q3 2026", "26Q3"),
        ("2026-H2", "2026 年下半年", "Second half of 2026", "26H2"),
        ("2026", "2026 年", "2026", "2026"),
        ("2026-W40", "2026-W40", "2026-W40", "26-W40"),
    ],
)
def test_a_period_is_said_in_words_and_shortened_on_an_axis(key, zh, en, tick):
    period = parse_period(key)
    assert (figures("zh").period(period), figures("en").period(period)) == (zh, en)
    assert figures().tick(period) == tick
