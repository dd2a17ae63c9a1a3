"""Business time against a slow reference that looks at every minute, over 10,000 random spans."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuxiao.core.calendar import DaySpan, WorkCalendar
from fuxiao.core.worktime import DAY_SECONDS, Pause, WorkTime, day_table

CALENDARS_TRIED, SPANS_EACH = 50, 200
WINDOW = timedelta(days=28)
# Around the clock changes of Rome, the National Day holidays of Shanghai, and a new year.
STARTS = st.sampled_from([date(2026, 3, 15), date(2026, 9, 20), date(2026, 10, 11), date(2026, 12, 20)])
QUARTER_HOUR = 900


def spans_of(cuts):
    """Hours from 06:00 to 06:00 on the next day, so that no shift meets the next day's."""
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return tuple(DaySpan(start, end) for start, end in pairs if start < 1440)


HOURS = st.lists(st.integers(360, 1800), max_size=6, unique=True).map(lambda cuts: spans_of(sorted(cuts)))
OFFICE_HOURS = st.just((DaySpan(540, 720), DaySpan(780, 1080)))
NIGHT_SHIFT = st.just((DaySpan(1320, 1800),))
WEEKS = st.tuples(*[OFFICE_HOURS | NIGHT_SHIFT | HOURS] * 7)


@st.composite
def calendars(draw):
    start = draw(STARTS)
    days = st.integers(0, WINDOW.days).map(lambda n: start + timedelta(days=n))
    calendar = WorkCalendar(
        key="random",
        zone=draw(st.sampled_from(["Asia/Shanghai", "Europe/Rome"])),
        week=draw(WEEKS),
        holidays=draw(st.frozensets(days, max_size=8)),
        workdays=draw(st.dictionaries(days, HOURS, max_size=3)),
        special=draw(st.dictionaries(days, HOURS, max_size=3)),
    )
    return start, calendar


def minute_mask(calendar, start):
    """For each UTC minute of the window: is the wall clock then inside a span of its day or of the day before?"""
    begin = int(datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp())
    moments = np.arange(begin, begin + int(WINDOW.total_seconds()), 60)
    zone = ZoneInfo(calendar.zone)
    quarters = [int(datetime.fromtimestamp(t, zone).utcoffset().total_seconds()) for t in moments[::15].tolist()]
    local = moments + np.repeat(quarters, 15)
    day, minute = local // DAY_SECONDS, local % DAY_SECONDS // 60
    first = int(day.min()) - 1
    open_at = np.zeros((int(day.max()) - first + 1, 2880), dtype=bool)
    for row in range(len(open_at)):
        for span in calendar.spans_on(date(1970, 1, 1) + timedelta(days=first + row)):
            open_at[row, span.start : span.end] = True
    return begin, open_at[day - first, minute] | open_at[day - first - 1, minute + 1440]


def worked(mask):
    """Working seconds from the start of the window to any second in it, minute by minute."""
    sums = np.concatenate([[0], np.cumsum(mask) * 60])
    padded = np.append(mask, [False])
    return lambda second: sums[second // 60] + padded[second // 60] * (second % 60)


SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(
    max_examples=CALENDARS_TRIED,
    deadline=None,
    derandomize=True,
    database=None,
)


@FEW
@given(drawn=calendars(), seed=SEEDS)
def check_a_calendar(tally, drawn, seed):
    start, calendar = drawn
    begin, mask = minute_mask(calendar, start)
    slow, work = worked(mask), WorkTime(calendar)
    moments = np.random.default_rng(seed).integers(0, len(mask) * 60 + 1, size=(SPANS_EACH, 2))
    moments.sort(axis=1)
    slowly = slow(moments[:, 1]) - slow(moments[:, 0])
    fast = [work.business_seconds(begin + a, begin + b) for a, b in moments.tolist()]
    assert fast == slowly.tolist()
    tally.append(len(fast))


def test_business_time_equals_the_minute_by_minute_count_of_10_000_random_spans():
    tally = []
    check_a_calendar(tally)
    assert sum(tally) >= 10_000


@FEW
@given(drawn=calendars(), second=st.integers(0, 20 * DAY_SECONDS), seconds=st.integers(1, 10 * DAY_SECONDS))
def test_the_due_moment_is_the_earliest_by_which_the_time_has_passed(drawn, second, seconds):
    start, calendar = drawn
    if not any(calendar.week):
        return
    begin, _ = minute_mask(calendar, start)
    work, at = WorkTime(calendar), begin + second
    due = work.add_business_seconds(at, seconds)
    assert due > at
    assert work.business_seconds(at, due) == seconds
    assert work.business_seconds(at, due - 1) == seconds - 1


@FEW
@given(drawn=calendars(), seed=SEEDS)
def test_the_day_table_gives_the_same_time_by_its_own_formula(drawn, seed):
    start, calendar = drawn
    rows = {row.day: row for row in day_table(calendar, start, start + WINDOW)}

    def w(at):
        row = rows[at // DAY_SECONDS]
        second = at % DAY_SECONDS
        return row.pref + sum(min(max(second - first, 0), length) for first, length in row.spans)

    begin = min(rows) * DAY_SECONDS
    work = WorkTime(calendar)
    for a, b in np.random.default_rng(seed).integers(begin, begin + 28 * DAY_SECONDS, size=(50, 2)).tolist():
        assert w(b) - w(a) == work.business_seconds(a, b)


PAUSES = st.lists(
    st.builds(
        Pause, st.sampled_from(["customer", "parts"]), st.integers(0, 30_000), st.none() | st.integers(0, 30_000)
    ),
    max_size=5,
)


@FEW
@given(drawn=calendars(), pauses=PAUSES, day=st.integers(1, 20), kinds=st.sets(st.sampled_from(["customer", "parts"])))
def test_net_time_is_the_working_minutes_not_painted_over_by_a_pause(drawn, pauses, day, kinds):
    start, calendar = drawn
    begin, mask = minute_mask(calendar, start)
    shift = day * 1440
    painted = np.zeros(len(mask), dtype=bool)
    for pause in pauses:
        if pause.kind in kinds:
            low, high = pause.start // 60, len(mask) if pause.end is None else pause.end // 60
            painted[shift + low : shift + high if pause.end is not None else None] = True
    at = begin + shift * 60
    moved = [Pause(p.kind, at + p.start // 60 * 60, None if p.end is None else at + p.end // 60 * 60) for p in pauses]
    expected = int((mask & ~painted)[shift : shift + 400].sum()) * 60
    assert WorkTime(calendar).net_seconds(at, at + 400 * 60, moved, kinds) == expected


def test_the_reference_itself_knows_an_office_week():
    week = (((DaySpan(540, 720), DaySpan(780, 1080)),) * 5) + ((), ())
    _, mask = minute_mask(WorkCalendar(key="o", zone="Asia/Shanghai", week=week), date(2026, 12, 20))
    assert int(mask.sum()) == 20 * 8 * 60


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Rome", "America/St_Johns", "Australia/Lord_Howe"])
def test_a_calendar_open_all_day_is_always_open_in_every_zone(zone):
    whole = WorkCalendar(key="whole", zone=zone, week=((DaySpan(0, 1440),),) * 7)
    start, end = 1_767_225_600, 1_798_761_600  # the year 2026 in UTC
    assert WorkTime(whole).business_seconds(start, end) == end - start
