"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fuxiao.core.numbers import written_number


@pytest.mark.parametrize(
    ("text", "number"), [("20000", "20000"), (" 1.50", "1.50"), ("-3", "-3"), ("+.5", "0.5"), ("7.", "7")]
)
def test_digits_and_a_point_are_a_number(text: str, number: str) -> None:
    assert str(written_number(text)) == number


@pytest.mark.parametrize("text", ["1e9", "1E9", "1_000", "NaN", "inf", "", "-", ".", "1,000", "--1", "0x1f"])
def test_what_only_programs_take_for_a_number_is_none(text: str) -> None:
    assert written_number(text) is None


def test_nought_has_no_sign() -> None:
    assert str(written_number("-0")) == "0"
    assert str(written_number("-0.00")) == "0.00"
    assert written_number("0") == Decimal(0)
