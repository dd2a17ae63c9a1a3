"""Work calendars: reading them, everything that can be wrong with them, and which hours a day has."""

from datetime import UTC, date, datetime

import pytest

from fuxiao.core.calendar import ALWAYS, DaySpan, parse_calendar
from fuxiao.core.errors import CalculationError, DefinitionError

OFFICE = {
    "key": "office",
    "zone": "Asia/Shanghai",
    "week": {"mon-fri": ["13:00-18:00", "09:00-12:00"], "sat": ["09:00-12:00"]},
    "holidays": [date(2026, 10, 1), "2026-10-02"],
    "workdays": {"2026-10-10": "fri", "2026-10-11": ["10:00-16:00"]},
    "special": {"2026-12-31": ["09:00-12:00"], "2026-12-30": []},
}
MORNING, AFTERNOON = DaySpan(540, 720), DaySpan(780, 1080)


def issues(**changes):
    with pytest.raises(DefinitionError) as refusal:
        parse_calendar({**OFFICE, **changes})
    return [(issue.where, issue.code) for issue in refusal.value.issues]


@pytest.mark.parametrize(
    ("day", "spans"),
    [
        (date(2026, 9, 30), (MORNING, AFTERNOON)),
        (date(2026, 10, 1), ()),
        (date(2026, 10, 2), ()),
        (date(2026, 10, 3), (MORNING,)),
        (date(2026, 10, 4), ()),
        (date(2026, 10, 10), (MORNING, AFTERNOON)),
        (date(2026, 10, 11), (DaySpan(600, 960),)),
        (date(2026, 12, 31), (MORNING,)),
        (date(2026, 12, 30), ()),
    ],
)
def test_special_days_come_before_make_up_days_holidays_and_the_week(day, spans):
    calendar = parse_calendar(OFFICE)
    assert calendar.spans_on(day) == spans
    assert calendar.is_workday(day) == bool(spans)


def test_make_up_days_given_as_a_list_take_mondays_hours():
    assert parse_calendar({**OFFICE, "workdays": ["2026-10-10"]}).spans_on(date(2026, 10, 10)) == (MORNING, AFTERNOON)


def test_a_calendar_survives_its_plain_form():
    calendar = parse_calendar({**OFFICE, "week": {"mon-sun": ["22:00-06:00", "06:00-14:30"]}})
    assert parse_calendar(calendar.as_dict()) == calendar


def test_the_plain_form_of_the_open_calendar_is_read_back():
    assert parse_calendar(ALWAYS.as_dict()) == ALWAYS


def test_a_shift_may_pass_midnight_and_a_day_may_be_whole():
    calendar = parse_calendar(
        {**OFFICE, "week": {"mon": ["00:00-24:00"], "tue": ["22:00-06:00"], "thu": ["23:00-00:00"]}}
    )
    assert calendar.week[:4] == ((DaySpan(0, 1440),), (DaySpan(1320, 1800),), (), (DaySpan(1380, 1440),))


@pytest.mark.parametrize("name", ["key", "zone"])
def test_a_calendar_needs_a_key_and_a_zone(name):
    assert issues(**{name: " "}) == [(name, "field.missing")]


def test_an_unknown_field_and_an_unknown_zone_are_named():
    assert issues(zone="Asia/Shanghia", holyday=[]) == [
        ("holyday", "field.unknown"),
        ("zone", "calendar.zone_unknown"),
    ]


@pytest.mark.parametrize(
    "text", ["9-18", "25:00-26:00", "24:00-25:00", "09:60-10:00", "09:00-10:75", "09:00-24:01", "noon"]
)
def test_a_bad_time_is_named(text):
    assert issues(special={"2026-12-31": [text]}) == [("special.2026-12-31[0]", "calendar.time_bad")]


def test_a_span_of_no_length_is_named():
    assert issues(week={"mon": ["09:00-18:00", "18:00-18:00"]}) == [("week.mon[1]", "calendar.span_empty")]


@pytest.mark.parametrize("name", ["monday", "fri-mon", "mon-", "feb"])
def test_an_unknown_weekday_is_named(name):
    week = {name: ["09:00-12:00"], "sun": ["09:00-12:00"]}
    assert issues(week=week) == [(f"week.{name}", "calendar.weekday_unknown")]


def test_a_weekday_given_twice_is_named():
    assert issues(week={"mon-fri": ["09:00-12:00"], "wed": ["09:00-11:00"]}) == [("week.wed", "calendar.weekday_twice")]


def test_a_make_up_day_with_an_unknown_weekday_is_named():
    assert issues(workdays={"2026-10-10": "fryday"}) == [("workdays.2026-10-10", "calendar.weekday_unknown")]


def test_bad_and_repeated_dates_are_named():
    assert issues(holidays=["2026-02-30", datetime(2026, 1, 1, tzinfo=UTC), "2026-10-01", "2026-10-01"]) == [
        ("holidays[0]", "calendar.date_bad"),
        ("holidays[1]", "calendar.date_bad"),
        ("holidays[3]", "calendar.day_repeated"),
    ]
    assert issues(special={"soon": []}) == [("special.soon", "calendar.date_bad")]


def test_a_day_that_is_both_holiday_and_make_up_or_special_is_named():
    assert issues(holidays=["2026-10-10", "2026-12-31"], special={"2026-12-31": [], "2026-10-11": []}) == [
        ("workdays.2026-10-10", "calendar.day_twice"),
        ("special.2026-12-31", "calendar.day_twice"),
        ("special.2026-10-11", "calendar.day_twice"),
    ]


def test_spans_that_overlap_on_a_day_are_named():
    assert issues(week={"mon": ["09:00-12:00", "11:00-13:00"]}) == [("week.mon", "calendar.overlap")]


def test_a_night_that_runs_into_the_next_morning_shift_is_named():
    assert issues(week={"sun": ["22:00-06:00"], "mon": ["05:30-12:00"]}) == [("week.sun", "calendar.overlap")]


def test_a_special_day_is_checked_against_the_nights_around_it():
    nights = {"mon-sun": ["22:00-06:00"]}
    assert issues(week=nights, special={"2026-12-31": ["05:00-12:00"]}) == [("days.2026-12-30", "calendar.overlap")]
    assert issues(week={"fri": ["08:00-12:00"]}, special={"2026-12-31": ["20:00-09:00"]}) == [
        ("days.2026-12-31", "calendar.overlap")
    ]


def test_one_clash_between_two_special_days_is_named_once():
    found = issues(
        week={"mon": ["09:00-12:00"]}, special={"2026-12-30": ["20:00-09:00"], "2026-12-31": ["08:00-12:00"]}
    )
    assert found == [("days.2026-12-30", "calendar.overlap")]


def test_an_overlap_tells_the_two_spans_as_the_wall_clock_shows_them():
    with pytest.raises(DefinitionError) as refusal:
        parse_calendar({**OFFICE, "week": {"mon-sun": ["22:00-06:00", "05:00-12:00"]}})
    assert refusal.value.issues[0].params == {"first": "22:00-06:00", "second": "05:00-12:00"}


def test_lists_and_mappings_of_the_wrong_shape_are_named():
    assert issues(week=[], holidays={}, workdays="2026-10-10", special={"2026-12-31": "09:00-12:00"}) == [
        ("week", "field.not_a_mapping"),
        ("holidays", "field.not_a_list"),
        ("workdays", "field.not_a_mapping"),
        ("special.2026-12-31", "field.not_a_list"),
        ("week", "calendar.never_open"),
    ]


def test_all_issues_come_at_once():
    assert len(issues(key=None, zone="Mars", week={"mon": ["9"], "x": []}, holidays=["?"])) == 5


def test_a_calendar_may_have_special_days_only():
    fair = parse_calendar({"key": "fair", "zone": "UTC", "special": {"2026-12-31": ["09:00-12:00"]}})
    assert fair.workday_after(date(2026, 1, 1), 1) == date(2026, 12, 31)


def test_working_days_are_counted_after_the_day_given():
    calendar = parse_calendar(OFFICE)
    assert calendar.workday_after(date(2026, 9, 30), 0) == date(2026, 9, 30)
    assert calendar.workday_after(date(2026, 9, 30), 1) == date(2026, 10, 3)


def test_a_search_for_a_working_day_that_never_comes_is_refused():
    fair = parse_calendar({"key": "fair", "zone": "UTC", "special": {"2026-12-31": ["09:00-12:00"]}})
    with pytest.raises(CalculationError, match=r"calendar\.never_open"):
        fair.workday_after(date(2026, 12, 31), 1)
