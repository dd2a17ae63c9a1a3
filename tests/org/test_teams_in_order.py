"""Teams stand as their names are spoken, those that are numbered in the order of their numbers."""

from __future__ import annotations

import random

import pytest

from fuxiao.org.pinyin import team_key

SPOKEN = [
    "2组",
    "10组",
    "A组",
    "调度组",
    "客服一组",
    "客服二组",
    "客服三组",
    "客服十组",
    "客服十二组",
    "客服二十组",
    "天越组",
]


@pytest.mark.parametrize("seed", range(5))
def test_teams_are_ordered_as_they_are_spoken_and_numbered(seed):
    mixed = random.Random(seed).sample(SPOKEN, len(SPOKEN))
    assert sorted(mixed, key=team_key) == SPOKEN
