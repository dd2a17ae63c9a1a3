"""What would raise the score while the period runs: in cases and days at the own pace, never more than is possible."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from fuxiao.core.indicator import Standing
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.build.rising import make_needs, make_rises
from report_sample import sample


def rises(days_left: int, person: str = "E05", lang: str = "zh"):
    source = sample()
    ends = source.made_at.replace(year=source.period.end.year, month=source.period.end.month, day=source.period.end.day)
    running = replace(source, made_at=ends - timedelta(days=days_left))
    return {each.name: each for each in make_rises(Reporter.of(running, lang), running.scores.card(person))}


def test_while_days_are_left_the_way_is_told_in_the_next_cases_and_in_days():
    shown = rises(20)["一次修复率"]
    assert "接下来" in shown.gap
    assert "按您的节奏约" in shown.gap


def test_with_a_day_left_only_what_is_still_possible_is_promised():
    early, late = rises(20)["一次修复率"], rises(1)["一次修复率"]
    assert "按您的节奏本期还有约" in late.gap
    assert Decimal(late.points) < Decimal(early.points)


def test_once_the_period_is_over_it_says_what_was_missing():
    assert rises(0)["一次修复率"].gap.startswith("约再多")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_figure_of_speed_or_volume_comes_with_what_has_to_hold_beside_it(lang):
    source = sample()
    shown = rises(10, lang=lang)
    for code, definition in source.indicators.items():
        name = Reporter.of(source, lang).indicator_name(code)
        if name in shown:
            assert bool(shown[name].guard) == (definition.kind in ("speed", "volume") and bool(definition.counter))


def test_the_unrated_are_told_how_many_more_facts_make_an_item_count():
    source = sample()
    card = source.scores.card("E05")
    line = next(each for each in card.items if each.indicator == "FTF")
    few = replace(line, value=replace(line.value, n=10, standing=Standing.SMALL), percent=None, used=None,
                  missing="small_sample")  # fmt: skip
    unrated = replace(card, items=(few,), result=None, grade=None)
    ends = source.made_at.replace(month=source.period.end.month, day=source.period.end.day)
    running = Reporter.of(replace(source, made_at=ends - timedelta(days=20)), "zh")
    minimum = running.indicator("FTF").minimum
    (told,) = make_needs(running, unrated)
    assert told.startswith(f"一次修复率：再有 {minimum - 10} 单就够计分，按您的节奏约")
    assert make_needs(running, card) == ()
