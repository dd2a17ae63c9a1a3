"""Figures at the places of their unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fuxiao.base.shown import rounded


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("12.000000", "count", "12"),
        ("0.880597", "count", "0.88"),
        ("85.0438", "percent", "85.04"),
        ("33.25", "minutes", "33.3"),
        ("168.445", "money", "168.45"),
    ],
)
def test_a_whole_count_has_no_places_and_a_mean_of_counts_has(value: str, unit: str, text: str) -> None:
    assert f"{rounded(Decimal(value), unit):f}" == text
