"""What decided reviews teach a threshold."""

from __future__ import annotations

import pytest

from fuxiao.core.gaming.asking import BurstLimits
from fuxiao.core.gaming.choosing import DifficultyLimits, PickingLimits
from fuxiao.core.gaming.learning import Decided, at_present, main_numbers, propose, stricter


def decided(**strengths: list[float]) -> list[Decided]:
    return [Decided(each, name == "confirmed") for name, found in strengths.items() for each in found]


def test_a_stricter_threshold_is_proposed_between_the_false_alarms_and_what_was_confirmed():
    found = propose(decided(false=[1.0, 1.1, 1.2], confirmed=[2.4, 3.0]))

    assert 1.2 < found.factor < 2.4
    assert (found.kept_confirmed, found.lost_confirmed, found.kept_false, found.dropped_false) == (2, 0, 0, 3)


def test_of_equals_the_smallest_step_is_proposed():
    found = propose(decided(false=[1.1, 2.0], confirmed=[1.5, 3.0, 4.0]))

    assert 1.1 < found.factor < 1.5
    assert (found.dropped_false, found.kept_false) == (1, 1)


def test_where_everything_was_a_false_alarm_none_would_be_found():
    found = propose(decided(false=[1.0, 1.2, 1.3, 1.4, 2.0]))

    assert found.factor > 2.0
    assert found.dropped_false == 5


@pytest.mark.parametrize("given", [
    {"false": [1.0, 1.1], "confirmed": [2.0, 3.0]}, {"confirmed": [1.0, 1.1, 1.2, 2.0, 3.0]},
])  # fmt: skip
def test_few_reviews_or_no_false_alarm_propose_nothing(given):
    assert propose(decided(**given)) is None


def test_thresholds_become_stricter_in_their_own_direction():
    assert stricter(PickingLimits(), 1.5) == {"odds_ratio": 3.0}
    assert stricter(DifficultyLimits(), 2.0) == {"ratio_below": 0.7}
    assert stricter(BurstLimits(), 1.1) == {"same_source": 4, "quick": 4}


def test_only_what_says_how_much_is_too_much_is_moved():
    assert main_numbers(DifficultyLimits()) == {"ratio_below": 0.85}


def test_a_strength_measured_by_an_older_threshold_is_read_by_the_present_one():
    assert at_present(3.0, {"odds_ratio": 2.0}, PickingLimits(odds_ratio=3.0)) == 2.0
    assert at_present(2.0, {"ratio_below": 0.85}, DifficultyLimits(ratio_below=0.7)) == pytest.approx(1.0)
