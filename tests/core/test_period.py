"""Periods: keys, numbers, neighbours and bounds in a time zone."""

import doctest
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuxiao.core import period
from fuxiao.core.errors import CalculationError, InputError, UnknownName
from fuxiao.core.period import PeriodKind, from_index, local_day, parse_period, period_of, zone_named

KINDS = st.sampled_from(PeriodKind)
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("2026", PeriodKind.YEAR, date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-H2", PeriodKind.HALF, date(2026, 7, 1), date(2027, 1, 1)),
        ("2026-Q3", PeriodKind.QUARTER, date(2026, 7, 1), date(2026, 10, 1)),
        ("2026-10", PeriodKind.MONTH, date(2026, 10, 1), date(2026, 11, 1)),
        ("2026-W40", PeriodKind.WEEK, date(2026, 9, 28), date(2026, 10, 5)),
        ("2020-W53", PeriodKind.WEEK, date(2020, 12, 28), date(2021, 1, 4)),
        ("2026-10-05", PeriodKind.DAY, date(2026, 10, 5), date(2026, 10, 6)),
    ],
)
def test_a_key_is_read_and_written_back(text, kind, start, end):
    found = parse_period(text)
    assert (found.kind, found.start, found.end, found.key, str(found)) == (kind, start, end, text, text)


def test_small_letters_and_spaces_around_a_key_are_forgiven():
    assert parse_period(" 2026-q3 ").key == "2026-Q3"


@pytest.mark.parametrize(
    "text", ["", "26", "2026-13", "2026-Q5", "2026-H3", "2026-W54", "2026-02-30", "10.2026", "0000"]
)
def test_a_key_that_names_no_period_is_refused(text):
    with pytest.raises(InputError) as refusal:
        parse_period(text)
    assert (refusal.value.code, refusal.value.params) == ("period.unreadable", {"text": text})


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("2026", 2026),
        ("2026-H2", 4053),
        ("2026-Q3", 8106),
        ("2026-10", 24321),
        ("1970-01-01", 0),
        ("1970-W01", 0),
        ("2026-10-05", 20731),
        ("2026-W41", 2962),
    ],
)
def test_the_number_of_a_period_is_fixed(text, index):
    assert parse_period(text).index == index


@given(kind=KINDS, day=DAYS)
def test_numbers_keys_and_neighbours_agree(kind, day):
    found = period_of(kind, day)
    assert found.contains(day)
    assert from_index(kind, found.index) == found == parse_period(found.key)
    assert found.next().start == found.end
    assert found.previous().end == found.start
    assert found.next().previous() == found
    assert found.next().index == found.index + 1


@given(day=DAYS)
def test_months_quarters_and_halves_nest_by_whole_division(day):
    month = period_of(PeriodKind.MONTH, day).index
    assert period_of(PeriodKind.QUARTER, day).index == month // 3
    assert period_of(PeriodKind.HALF, day).index == month // 6
    assert period_of(PeriodKind.YEAR, day).index == month // 12


def test_the_end_of_a_period_is_not_in_it():
    october = parse_period("2026-10")
    assert [october.contains(date(2026, 10, day)) for day in (1, 31)] == [True, True]
    assert not october.contains(october.end)
    assert october.days == 31


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2026-Q3", ["2026-07", "2026-08", "2026-09"]),
        ("2026-W40", ["2026-09", "2026-10"]),
        ("2026-10-05", ["2026-10"]),
    ],
)
def test_a_period_knows_the_months_it_touches(text, months):
    assert [month.key for month in parse_period(text).months()] == months


@pytest.mark.parametrize(
    ("text", "zone", "start", "end"),
    [
        ("2026-10", "Asia/Shanghai", datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC)),
        ("2026-10", "Europe/Rome", datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)),
        # Beirut skips midnight: the day begins at the change, at 01:00 by the wall clock.
        ("2026-03-29", "Asia/Beirut", datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 21, tzinfo=UTC)),
    ],
)
def test_bounds_are_midnights_of_the_zone_in_utc(text, zone, start, end):
    assert parse_period(text).bounds(zone) == (start, end)


@pytest.mark.parametrize("name", ["Asia/Shanghia", "Asia", "../etc", ""])
def test_an_unknown_zone_is_named(name):
    with pytest.raises(UnknownName) as refusal:
        zone_named(name)
    assert refusal.value.params["name"] == name


def test_a_misspelt_zone_is_met_with_the_nearest():
    with pytest.raises(UnknownName) as refusal:
        zone_named("Asia/Shanghia")
    assert refusal.value.near[0] == "Asia/Shanghai"


def test_a_local_day_is_the_day_of_the_zone():
    moment = int(datetime(2026, 10, 31, 16, tzinfo=UTC).timestamp())
    assert local_day(moment, "Asia/Shanghai") == date(2026, 11, 1)
    assert local_day(moment, "Europe/Rome") == date(2026, 10, 31)


@pytest.mark.parametrize("kind", PeriodKind)
def test_a_number_beyond_the_calendar_is_refused(kind):
    with pytest.raises(CalculationError, match=r"period\.out_of_range"):
        from_index(kind, 10**12)


def test_the_examples_in_the_text_hold():
    assert doctest.testmod(period).failed == 0
