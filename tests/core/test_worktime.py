"""Business time: due moments, pauses, time zones, the day table, and the limits."""

from datetime import UTC, date, datetime

import pytest

from fuxiao.core.calendar import ALWAYS, parse_calendar
from fuxiao.core.errors import CalculationError
from fuxiao.core.worktime import (
    DAY_SECONDS,
    Pause,
    WorkTime,
    day_table,
    intersect,
    subtract,
    total,
    union,
    working_spans,
)

OFFICE = parse_calendar({"key": "office", "zone": "Asia/Shanghai", "week": {"mon-fri": ["09:00-12:00", "13:00-18:00"]}})
HOUR = 3600


def utc(*parts):
    return int(datetime(*parts, tzinfo=UTC).timestamp())


def rome(spans):
    return parse_calendar({"key": "rome", "zone": "Europe/Rome", "week": {"mon-sun": spans}})


MONDAY = utc(2026, 11, 9)  # 08:00 in Shanghai


def test_backward_time_is_negative():
    work = WorkTime(OFFICE)
    assert work.business_seconds(MONDAY + 5 * HOUR, MONDAY) == -3 * HOUR
    assert work.net_seconds(MONDAY + 5 * HOUR, MONDAY, [Pause("customer", MONDAY, None)], {"customer"}) == -3 * HOUR


def test_time_outside_the_calendar_is_nothing():
    assert WorkTime(OFFICE).business_seconds(utc(2026, 11, 7), utc(2026, 11, 8)) == 0


def test_the_open_calendar_counts_every_second():
    assert WorkTime(ALWAYS).business_seconds(-5, 3 * DAY_SECONDS + 2) == 3 * DAY_SECONDS + 7


def test_a_pause_without_an_end_lasts_and_other_kinds_do_not_count():
    work, end = WorkTime(OFFICE), MONDAY + 3 * HOUR
    pauses = [Pause("customer", MONDAY + 2 * HOUR, None), Pause("parts", MONDAY, None)]
    assert work.net_seconds(MONDAY, end, pauses, {"customer"}) == HOUR
    assert work.net_seconds(MONDAY, end, pauses, {"customer", "parts"}) == 0
    assert work.net_seconds(MONDAY, end, pauses, frozenset()) == 2 * HOUR


def test_no_seconds_added_is_the_same_moment_even_at_night():
    assert WorkTime(OFFICE).add_business_seconds(MONDAY - HOUR, 0) == MONDAY - HOUR


def test_the_due_moment_skips_lunch_nights_and_weekends():
    work = WorkTime(OFFICE)
    assert work.add_business_seconds(MONDAY, 3 * HOUR + 1) == MONDAY + 5 * HOUR + 1
    assert work.add_business_seconds(MONDAY, 5 * 8 * HOUR) == utc(2026, 11, 13, 10)
    assert work.add_business_seconds(MONDAY, 5 * 8 * HOUR + 1) == utc(2026, 11, 16, 1, 0, 1)


def test_adding_negative_time_is_refused():
    with pytest.raises(CalculationError, match=r"worktime\.negative"):
        WorkTime(OFFICE).add_business_seconds(MONDAY, -1)


def test_a_due_moment_that_never_comes_is_refused():
    fair = parse_calendar({"key": "fair", "zone": "UTC", "special": {"2026-12-31": ["09:00-12:00"]}})
    assert WorkTime(fair).add_business_seconds(MONDAY, 3 * HOUR) == utc(2026, 12, 31, 12)
    with pytest.raises(CalculationError, match=r"calendar\.never_open"):
        WorkTime(fair).add_business_seconds(MONDAY, 3 * HOUR + 1)


@pytest.mark.parametrize("moment", [utc(1899, 12, 31), utc(2200, 1, 1)])
def test_moments_that_no_calendar_reaches_are_refused(moment):
    with pytest.raises(CalculationError, match=r"worktime\.out_of_range"):
        WorkTime(OFFICE).business_seconds(MONDAY, moment)


def test_what_was_asked_before_does_not_change_an_answer():
    moments = [MONDAY, utc(2024, 1, 1), utc(2028, 1, 1), utc(2022, 11, 10), MONDAY + DAY_SECONDS]
    used = WorkTime(OFFICE)
    for start in moments:
        for end in moments:
            assert used.business_seconds(start, end) == WorkTime(OFFICE).business_seconds(start, end)


def test_an_hour_that_a_clock_change_skips_is_not_worked():
    assert working_spans(rome(["01:30-02:30"]), utc(2026, 3, 29), utc(2026, 3, 29, 12)) == [
        (utc(2026, 3, 29, 0, 30), utc(2026, 3, 29, 1))
    ]


def test_an_hour_that_a_clock_change_repeats_is_worked_twice():
    assert working_spans(rome(["01:30-02:30"]), utc(2026, 10, 24, 12), utc(2026, 10, 25, 12)) == [
        (utc(2026, 10, 24, 23, 30), utc(2026, 10, 25, 0, 30)),
        (utc(2026, 10, 25, 1), utc(2026, 10, 25, 1, 30)),
    ]


def test_a_holiday_takes_away_the_night_that_begins_on_it_and_not_the_one_before():
    nights = parse_calendar(
        {"key": "n", "zone": "UTC", "week": {"mon-sun": ["22:00-06:00"]}, "holidays": ["2026-10-01"]}
    )
    assert working_spans(nights, utc(2026, 9, 30, 12), utc(2026, 10, 2, 23)) == [
        (utc(2026, 9, 30, 22), utc(2026, 10, 1, 6)),
        (utc(2026, 10, 2, 22), utc(2026, 10, 2, 23)),
    ]


def test_the_day_table_is_by_utc_day_with_sums_before_each():
    rows = day_table(OFFICE, date(2026, 11, 6), date(2026, 11, 9))
    spans = ((HOUR, 3 * HOUR), (5 * HOUR, 5 * HOUR))
    first = utc(2026, 11, 6) // DAY_SECONDS
    assert rows == [
        (first, 0, spans),
        (first + 1, 8 * HOUR, ()),
        (first + 2, 8 * HOUR, ()),
        (first + 3, 8 * HOUR, spans),
    ]


def test_a_shift_over_midnight_utc_is_cut_into_two_rows():
    rows = day_table(rome(["22:00-06:00"]), date(2026, 11, 9), date(2026, 11, 9))
    assert rows[0].spans == ((0, 5 * HOUR), (21 * HOUR, 3 * HOUR))


def test_working_spans_join_over_midnight():
    assert WorkTime(ALWAYS).spans(10, 3 * DAY_SECONDS) == [(10, 3 * DAY_SECONDS)]
    assert WorkTime(ALWAYS).spans(10, 10) == []
    assert WorkTime(OFFICE).spans(MONDAY + 2 * HOUR, MONDAY + 6 * HOUR) == [
        (MONDAY + 2 * HOUR, MONDAY + 4 * HOUR),
        (MONDAY + 5 * HOUR, MONDAY + 6 * HOUR),
    ]


def test_sets_of_moments_are_joined_cut_and_taken_away():
    assert union([(5, 7), (1, 3), (2, 4), (4, 5), (9, 9), (8, 6)]) == [(1, 7)]
    assert intersect([(1, 7), (9, 12)], [(3, 10)]) == [(3, 7), (9, 10)]
    assert subtract([(1, 7), (9, 12)], [(0, 2), (3, 10)]) == [(2, 3), (10, 12)]
    assert subtract([(1, 7)], [(1, 7)]) == []
    assert total([(1, 7), (9, 12)]) == 9
