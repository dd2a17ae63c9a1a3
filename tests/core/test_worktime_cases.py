"""Runs ``cases/time.yaml``: business time, ledgers, ping-pong, service levels and proration as a manager reads them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from cases_reader import read_cases
from fuxiao.core import span
from fuxiao.core.calendar import parse_calendar
from fuxiao.core.clock import CLOCKS, FIRST_RESPONSE, Event, EventType, case_history, run_clock
from fuxiao.core.period import parse_period
from fuxiao.core.service_level import outcome
from fuxiao.core.worktime import Pause, WorkTime

OFFICE_WEEK = {"mon-fri": ["09:00-18:00"]}
FACTORY_WEEK = {"mon-fri": ["09:00-12:00", "13:00-18:00"]}
NIGHT_WEEK = {"mon-sun": ["22:00-06:00"]}
CALENDARS = {
    "office": parse_calendar({"key": "office", "zone": "Asia/Shanghai", "week": OFFICE_WEEK}),
    "factory": parse_calendar(
        {
            "key": "factory",
            "zone": "Asia/Shanghai",
            "week": FACTORY_WEEK,
            "holidays": [f"2026-10-0{day}" for day in range(1, 8)],
            "workdays": {"2026-10-10": "mon"},
        }
    ),
    "night": parse_calendar({"key": "night", "zone": "Asia/Shanghai", "week": NIGHT_WEEK}),
    "rome_night": parse_calendar({"key": "rome_night", "zone": "Europe/Rome", "week": NIGHT_WEEK}),
}


@dataclass
class Place:
    """A calendar by name, which reads and writes the wall clock of its zone."""

    name: str

    @property
    def work(self):
        return WorkTime(CALENDARS[self.name])

    @property
    def zone(self):
        return ZoneInfo(CALENDARS[self.name].zone)

    def moment(self, text):
        return int(datetime.fromisoformat(text).replace(tzinfo=self.zone).timestamp())

    def text(self, moment):
        return datetime.fromtimestamp(moment, self.zone).strftime("%Y-%m-%d %H:%M")


def net(given):
    place = Place(given["calendar"])
    start, end = place.moment(given["from"]), place.moment(given["to"])
    rows = given.get("pauses", [])
    pauses = [Pause(row["kind"], place.moment(row["from"]), place.moment(row["to"])) for row in rows]
    business = place.work.business_seconds(start, end)
    return {"business": business / 60, "net": place.work.net_seconds(start, end, pauses, {"customer"}) / 60}


def due(given):
    place = Place(given["calendar"])
    return place.text(place.work.add_business_seconds(place.moment(given["from"]), given["minutes"] * 60))


def workday(given):
    return CALENDARS[given["calendar"]].workday_after(given["after"], given["count"])


def ledger(given):
    place = Place(given["calendar"])
    events = [
        Event(
            at=place.moment(row["at"]),
            seq=seq,
            type=EventType(row["type"]),
            actor=row.get("actor"),
            kind=row.get("kind"),
        )
        for seq, row in enumerate(given["events"])
    ]
    found = run_clock(case_history(events), CLOCKS[given["clock"]], place.work)
    return [[place.text(e.start), place.text(e.end), e.seconds / 60, str(e.reason)] for e in found.entries]


def ping_pong(units):
    events = [Event(at=seq, seq=seq, type=EventType.TRANSFERRED, to_unit=unit) for seq, unit in enumerate(units)]
    return [list(pair) for pair in case_history(events).unit_ping_pong]


def on_clock(given):
    place = Place(given["calendar"])
    events = [Event(at=place.moment(given["from"]), seq=0, type=EventType.CREATED)]
    if "to" in given:
        events.append(Event(at=place.moment(given["to"]), seq=1, type=EventType.RESPONDED))
    as_of = place.moment(given["as_of"]) if "as_of" in given else None
    found = run_clock(case_history(events), FIRST_RESPONSE, place.work, as_of=as_of)
    stands = outcome(found, target_minutes=given["target"], warning_share=Decimal("0.8"), work=place.work)
    return {"status": str(stands.status), "due": place.text(stands.due_at), "warned": stands.warned}


@dataclass
class Membership:
    valid_from: date | None = None
    valid_to: date | None = None


def prorated(given):
    month = parse_period(given["month"])
    shares = [span.prorated(Membership(**row), month.start, month.end) for row in given["memberships"]]
    return [f"{share * month.days}/{month.days}" for share in shares if isinstance(share, Fraction)]


RULES = {
    "net": net,
    "due": due,
    "workday": workday,
    "ledger": ledger,
    "ping_pong": ping_pong,
    "outcome": on_clock,
    "prorated": prorated,
}


@pytest.mark.parametrize("case", read_cases("time.yaml"), ids=lambda case: case.name)
def test_time_is_measured_as_the_example_says(case):
    assert RULES[case.rule](case.given) == case.expect
