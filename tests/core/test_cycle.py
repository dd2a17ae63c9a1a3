"""The steps of a review cycle: what comes next, and what stands in the way."""

from __future__ import annotations

from datetime import date

import pytest

from fuxiao.core.cycle import Done, Place, Standing, Step, advanced, hindrances, next_step, place
from fuxiao.core.errors import CalculationError

ALL = (Step.SELF_REVIEW, Step.LEAD_REVIEW, Step.CALIBRATION)
OVER = Standing(today=date(2026, 11, 9), period_ends=date(2026, 11, 1), cut_off_on=date(2026, 11, 8))


def standing(**other):
    return Standing(**{"today": OVER.today, "period_ends": OVER.period_ends, "cut_off_on": OVER.cut_off_on} | other)


def test_a_cycle_goes_from_running_to_sealed_through_every_step_it_takes():
    way, step = [Step.RUNNING], Step.RUNNING
    while (step := next_step(step, ALL)) is not None:
        way.append(step)
    assert way == list(Step)


def test_optional_steps_are_passed_over_where_a_cycle_does_without_them():
    assert next_step(Step.COMPUTED, ()) is Step.SHARED
    assert next_step(Step.COMPUTED, (Step.CALIBRATION,)) is Step.CALIBRATION
    assert next_step(Step.LEAD_REVIEW, ()) is Step.SHARED


@pytest.mark.parametrize(
    ("step", "facts", "found"),
    [
        (Step.RUNNING, {"today": date(2026, 10, 31)}, ["cycle.period_runs"]),
        (Step.RUNNING, {"today": date(2026, 11, 7)}, ["cycle.before_cut_off"]),
        (Step.RUNNING, {"today": date(2026, 11, 8)}, []),
        (Step.LEAD_REVIEW, {"reviews_missing": 2}, ["cycle.reviews_missing"]),
        (Step.LEAD_REVIEW, {}, []),
        (Step.SHARED, {"appeals_open": 1, "window_ends": OVER.today}, ["cycle.appeals_open", "cycle.window_open"]),
        (Step.SHARED, {"window_ends": date(2026, 11, 8)}, []),
        (Step.SHARED, {}, []),
        (Step.SHARED, {"pools_missing": 1}, ["cycle.pools_missing"]),
        (Step.COMPUTED, {"pools_missing": 1}, []),
        (Step.SHARED, {"undecided": 1}, ["cycle.undecided"]),
        (Step.CALIBRATION, {"undecided": 1}, []),
        (Step.CALIBRATION, {"recomputing": True}, ["cycle.recomputing"]),
        (Step.CALIBRATION, {"reviews_missing": 2, "appeals_open": 1}, []),
    ],
)  # fmt: skip
def test_what_keeps_a_cycle_in_its_step(step, facts, found):
    assert list(hindrances(step, standing(**facts))) == found


def test_a_step_is_refused_with_the_facts_of_what_stands_in_the_way():
    with pytest.raises(CalculationError) as refused:
        advanced(Step.SHARED, ALL, standing(appeals_open=3, window_ends=date(2026, 11, 18)))
    assert refused.value.code == "cycle.appeals_open"
    assert (refused.value.params["appeals"], refused.value.params["window"]) == (3, "2026-11-18")


def test_a_sealed_cycle_goes_nowhere():
    with pytest.raises(CalculationError) as refused:
        advanced(Step.SEALED, ALL, OVER)
    assert refused.value.code == "cycle.at_end"
    assert advanced(Step.FINAL, ALL, OVER) is Step.SEALED


@pytest.mark.parametrize(
    ("step", "done", "where"),
    [
        (Step.RUNNING, Done(), Place.RUNNING),
        (Step.COMPUTED, Done(), Place.WAITING),
        (Step.SELF_REVIEW, Done(), Place.SELF_DUE),
        (Step.SELF_REVIEW, Done(self_review=True), Place.WAITING),
        (Step.LEAD_REVIEW, Done(), Place.REVIEW_DUE),
        (Step.LEAD_REVIEW, Done(lead_review=True), Place.WAITING),
        (Step.SHARED, Done(), Place.TALK_DUE),
        (Step.SHARED, Done(talk=True), Place.ANSWER_DUE),
        (Step.SHARED, Done(talk=True, answered=True), Place.ACKNOWLEDGED),
        (Step.SHARED, Done(talk=True, answered=True, appeal_open=True), Place.APPEALED),
        (Step.FINAL, Done(), Place.FINAL),
        (Step.SEALED, Done(), Place.FINAL),
    ],
)  # fmt: skip
def test_where_a_person_stands(step, done, where):
    assert place(step, done) is where
