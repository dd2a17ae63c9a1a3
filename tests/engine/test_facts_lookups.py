"""The set-based look-ups of local days, business time and teams against the plain ones, moment by moment."""

from __future__ import annotations

import random
from datetime import date

import ibis
import pyarrow as pa
import pytest

from fuxiao.core.calendar import parse_calendar
from fuxiao.core.errors import UnknownName
from fuxiao.core.period import PeriodKind, day_number, index_of, local_day
from fuxiao.core.worktime import WorkTime
from fuxiao.engine.asof import membership_spans, with_teams
from fuxiao.engine.business_time import WorkTables, calendar_tables, width_of, with_moment_of, with_worked
from fuxiao.engine.local_time import local_day_table, with_anchors, with_month

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

NIGHT = {"key": "night", "zone": "Europe/Berlin", "week": {"mon-sat": ["22:00-06:00"], "sun": ["10:00-12:00"]}}
DESK = {"key": "desk", "zone": "Asia/Shanghai", "week": {"mon-fri": ["09:00-12:00", "13:00-18:00"]}}
# Clocks went back over midnight at 00:01 in St. John's; Samoa left out 30 December 2011 whole.
ZONES = {
    "Asia/Shanghai": date(2026, 1, 1), "America/St_Johns": date(2010, 11, 1), "Pacific/Apia": date(2011, 12, 25),
    "Europe/Berlin": date(2026, 3, 20), "Asia/Kathmandu": date(2026, 1, 1),
}  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_local_days_and_months_are_those_of_the_zone(zone: str) -> None:
    first = day_number(ZONES[zone])
    dice = random.Random(zone)
    moments = sorted({first * 86_400 + dice.randrange(15 * 86_400) for _ in range(3000)})
    rows = ibis.memtable(pa.table({"at": pa.array([*moments, None], pa.int64())}))
    days = ibis.memtable(local_day_table(zone, first_day=first, last_day=first + 15))
    found = with_anchors(rows, days, {"event": "at"}).order_by("at").to_pyarrow().to_pylist()
    assert found.pop() == {"at": None, "event_day": None, "event_month": None}
    for row in found:
        day = local_day(row["at"], zone)
        assert (row["event_day"], row["event_month"]) == (day_number(day), index_of(PeriodKind.MONTH, day))


def test_local_days_that_are_known_get_their_month() -> None:
    first = day_number(date(2026, 1, 25))
    rows = ibis.memtable(pa.table({"date": pa.array([first, first + 7], pa.int32())}))
    days = ibis.memtable(local_day_table("Asia/Shanghai", first_day=first, last_day=first + 9))
    found = with_month(rows, days, day="date", name="event").order_by("date").to_pyarrow().to_pylist()
    assert [(row["event_day"], row["event_month"]) for row in found] == [
        (first, 2026 * 12), (first + 7, 2026 * 12 + 1),
    ]  # fmt: skip


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(UnknownName):
        local_day_table("Asia/Shangha", first_day=0, last_day=1)


def test_business_time_and_its_inverse_are_those_of_core() -> None:
    calendars = {calendar.key: calendar for calendar in map(parse_calendar, (NIGHT, DESK))}
    first = day_number(date(2026, 3, 20))
    numbers, days, spans = calendar_tables(calendars.values(), first_day=first, last_day=first + 40)
    work = WorkTables(numbers=numbers, days=ibis.memtable(days), spans=ibis.memtable(spans), width=width_of(days))
    dice = random.Random(5)
    asked = [
        (dice.choice(["night", "desk"]), first * 86_400 + dice.randrange(20 * 86_400), dice.randrange(1, 200_000))
        for _ in range(2000)
    ]
    rows = ibis.memtable(pa.table({
        "key": [key for key, _, _ in asked], "a": [a for _, a, _ in asked], "seconds": [s for _, _, s in asked],
        "calendar_no": [numbers[key] for key, _, _ in asked],
    }))  # fmt: skip
    worked = with_worked(rows, work, {"a": "w"})
    due = with_moment_of(worked.mutate(goal=ibis._.w + ibis._.seconds), work, worked="goal", name="due")
    back = with_worked(due, work, {"due": "w_due"}).to_pyarrow().to_pylist()
    plain = {key: WorkTime(calendar) for key, calendar in calendars.items()}
    assert len(back) == len(asked)
    for row in back:
        assert row["due"] == plain[row["key"]].add_business_seconds(row["a"], row["seconds"])
        assert row["w_due"] - row["w"] == plain[row["key"]].business_seconds(row["a"], row["due"]) == row["seconds"]


def test_moments_outside_the_tables_have_no_business_time() -> None:
    numbers, days, spans = calendar_tables([parse_calendar(DESK)], first_day=20_000, last_day=20_002)
    work = WorkTables(numbers=numbers, days=ibis.memtable(days), spans=ibis.memtable(spans), width=width_of(days))
    rows = ibis.memtable(pa.table({"a": pa.array([0, None], pa.int64()), "calendar_no": [1, 1]}))
    assert [row["w"] for row in with_worked(rows, work, {"a": "w"}).to_pyarrow().to_pylist()] == [None, None]


def test_of_two_memberships_on_a_day_the_later_start_wins() -> None:
    start = day_number(date(2026, 10, 1))
    memberships = ibis.memtable(pa.table({
        "person": ["li"] * 3, "team": ["a", "b", "c"],
        "valid_from": pa.array([start, start + 10, start + 20], pa.int32()),
        "valid_to": pa.array([None, start + 12, None], pa.int32()),
    }))  # fmt: skip
    days = [start - 1, start, start + 9, start + 10, start + 11, start + 12, start + 20]
    rows = ibis.memtable(pa.table({"who": ["li"] * 7, "day": pa.array(days, pa.int32()), "unit": ["u"] * 7}))
    found = with_teams(rows, membership_spans(memberships), {"who": "day"}, fallback="unit").order_by("day")
    assert found.to_pyarrow().column("who_team").to_pylist() == ["u", "a", "a", "b", "b", "u", "c"]
