"""What is written as YAML reads back as the same values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib import resources

import pytest

from fuxiao.base.exact_yaml import load_exact
from fuxiao.base.plain_yaml import plain_yaml

ROOT = resources.files("fuxiao")
PACKS = [
    path for folder in ("performance", "incentives") for path in ROOT.joinpath(folder, "templates").iterdir()
    if path.name.endswith(".yaml")
]  # fmt: skip


@pytest.mark.parametrize("path", PACKS, ids=lambda path: f"{path.parent.parent.name}-{path.name}")
def test_every_scheme_and_plan_that_ships_is_written_without_loss(path):
    values = load_exact(path.read_text(encoding="utf-8"))
    assert load_exact(plain_yaml(values)) == values


@pytest.mark.parametrize(
    "value",
    ["yes", "1", "1.50", "null", "~", "", " a", "a: b", "a #b", "- a", "两行\n字", "是", "a, b", "{x}", "2026-01-01"],
)
def test_a_text_stays_a_text(value):
    assert load_exact(plain_yaml({"text": value, "list": [value]})) == {"text": value, "list": [value]}


def test_numbers_days_and_nested_tables_stay_what_they_are():
    values = {
        "exact": Decimal("1.50"), "whole": 3, "day": date(2026, 1, 1), "flag": True, "nothing": None, "empty": {},
        "tiers": {Decimal("97.5"): 100, 90: Decimal("75.0")}, "rows": [{"a": [1, 2]}, {"b": {"c": [{"d": 1}]}}],
    }  # fmt: skip
    assert load_exact(plain_yaml(values)) == values


def test_a_table_of_items_is_a_line_an_item():
    text = plain_yaml({"items": [{"indicator": "FTF", "weight": Decimal(20)}, {"indicator": "RPR", "weight": 80}]})
    assert text == "items:\n  - {indicator: FTF, weight: 20}\n  - {indicator: RPR, weight: 80}\n"
