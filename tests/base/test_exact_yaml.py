"""YAML as a business person writes it: exact numbers, words that stay words, no key twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import yaml

from fuxiao.base.exact_yaml import load_exact
from fuxiao.base.fast_yaml import load_plain


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


def test_a_whole_number_is_read_as_a_person_reads_it() -> None:
    text = "ten: 010\nclock: 1:40\nhex: 0x1F\nthousand: 1_000\nminus: -5\n"
    assert load_exact(text) == {"ten": 10, "clock": "1:40", "hex": "0x1F", "thousand": 1000, "minus": -5}
    assert load_exact(f"a: {'9' * 5000}") == {"a": "9" * 5000}


def test_a_day_that_does_not_exist_stays_a_word_for_the_reader_to_refuse() -> None:
    assert load_exact("a: 2025-02-30\nb: 2025-02-28\n") == {"a": "2025-02-30", "b": date(2025, 2, 28)}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[a, " * 100_000,
        "- " * 100_000,
        "[" * 5_000 + "]" * 5_000,
        "{a: " * 5_000 + "1" + "}" * 5_000,
        "".join("\n" + " " * depth + "a:" for depth in range(3_000)),
        "&a [*a]",
        "a: &a {b: *a}",
        "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
        + "".join(f"b{n}: &b{n} [{', '.join(['*a' if n == 0 else f'*b{n - 1}'] * 9)}]\n" for n in range(9)),
    ],
    ids=["open", "open lists", "dashes", "lists", "tables", "indented", "itself", "itself in a table", "bomb"],
)
def test_what_nobody_writes_by_hand_is_refused_and_not_unfolded(text: str) -> None:
    for load in (load_exact, load_plain):
        with pytest.raises(yaml.YAMLError):
            load(text)
