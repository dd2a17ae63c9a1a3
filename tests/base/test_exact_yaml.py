"""YAML as a business person writes it: exact numbers, words that stay words, no key twice."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from fuxiao.base.exact_yaml import load_exact


def test_a_number_with_a_point_keeps_every_digit() -> None:
    assert load_exact("rate: 0.10\nbig: 123456789012345678.90") == {
        "rate": Decimal("0.10"),
        "big": Decimal("123456789012345678.90"),
    }


def test_on_and_yes_are_words_and_only_true_is_true() -> None:
    assert load_exact("on: yes\noff: true") == {"on": "yes", "off": True}


def test_a_key_written_twice_is_refused_with_its_place() -> None:
    with pytest.raises(yaml.YAMLError) as refused:
        load_exact("a: 1\nb: 2\na: 3\n")
    assert refused.value.problem_mark.line == 2


def test_objects_cannot_be_made_from_a_file() -> None:
    with pytest.raises(yaml.YAMLError):
        load_exact("!!python/object/apply:os.system ['true']")
