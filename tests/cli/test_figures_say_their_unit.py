"""What a figure is made of says what it is counted in: for people behind the number, for programs in a column."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from command_line import Answer

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("code", "lang", "unit", "side"),
    [
        ("FRT", "en", "min", "s"),  # seconds, shown as minutes
        ("FRT", "zh", "分钟", "秒"),
        ("CPC", "en", "CNY", "0.01 CNY"),  # cents, shown as yuan
        ("MTR", "en", "min", "min"),  # recorded in minutes
        ("FTF", "en", "%", ""),  # only counted
    ],
)
def test_a_numerator_says_its_unit(ask: Ask, code: str, lang: str, unit: str, side: str) -> None:
    row = ask(f"values -p 2026-10 -i {code} -f csv", lang).rows[0]
    assert (row["unit"], row["numerator_unit"], row["denominator_unit"]) == (unit, side, "")
    assert row["numerator"].isdigit()
    in_words = f"{row['numerator']} {'× ' if side[:1] == '0' else ''}{side}".rstrip()
    assert in_words in ask(f"values -p 2026-10 -i {code}", lang).out
    assert in_words in ask(f"rows {code} -p 2026-10 --limit 2", lang).out
    assert ask(f"rows {code} -p 2026-10 --limit 1 -f json", lang).data[0]["numerator_unit"] == side


def test_the_rows_of_a_percentile_add_up_to_nothing(ask: Ask) -> None:
    n = ask("values -p 2026-10 -i FRT_P90 -f csv").rows[0]["n"]
    said = ask("rows FRT_P90 -p 2026-10 --limit 2").out
    assert "add up" not in said
    assert f"{n} of them have a value. The figure is the 90th percentile of these values ÷ 60, in min." in said
    said = ask("rows FRT_P90 -p 2026-10 --limit 2", "zh").out
    assert f"其中 {n} 个值参与计算。指标值是这些值的第 90 百分位 ÷ 60，单位：分钟。" in said


def test_the_rows_of_a_count_have_no_denominator(ask: Ask) -> None:
    opened = ask("values -p 2026-10 -i VOL -f csv").rows[0]["numerator"]
    said = ask("rows VOL -p 2026-10 --limit 2").out
    assert said.rstrip().endswith(f"2 shown; all of them add up to {opened}.")


def test_the_rows_of_somebody_add_up_to_their_figure(ask: Ask) -> None:
    mine = max(ask("values -p 2026-10 -i VOL -b person -f csv").rows, key=lambda row: int(row["numerator"]))
    said = ask(f"rows VOL -p 2026-10 --subject {mine['person']} --limit 2").out
    assert said.rstrip().endswith(f"2 shown; all of them add up to {mine['numerator']}.")
